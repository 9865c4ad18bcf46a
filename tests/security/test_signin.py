from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from andu.clock import FixedClock
from andu.security import accounts, audit, passwords, signin, throttle
from andu.security.accounts import Account
from andu.security.signin import SignInRefused
from andu.store import Store

PASSWORD = "示例密码2026年!"  # what `make` gives everybody
Make = Callable[..., Account]

HERE = "10.0.0.8"
WRONG = "不是这个密码"
MINUTE = 60


def refusal(
    store: Store, clock: FixedClock, username: str, password: str = WRONG, address: str = HERE
) -> str:
    """The message that a sign-in is refused with; empty when it is let in."""
    try:
        signin.sign_in(store, clock, username, password, address)
    except SignInRefused as refused:
        return refused.message
    return ""


def test_right_password_signs_in_and_is_audited(store: Store, clock: FixedClock, make: Make) -> None:
    account = make()
    assert signin.sign_in(store, clock, " ZHANGSAN ", PASSWORD, HERE) == account
    event = audit.recent(store, "cun1", limit=1)[0]
    assert (event.event, event.actor_id, event.data) == ("signed_in", account.id, {"address": HERE})


def test_unknown_name_wrong_password_and_disabled_account_get_one_answer(
    store: Store, clock: FixedClock, make: Make
) -> None:
    make("zhangsan")
    accounts.disable(store, clock, None, make("lisi").id)
    answers = {
        refusal(store, clock, "nobody", PASSWORD),
        refusal(store, clock, "zhangsan", WRONG),
        refusal(store, clock, "lisi", PASSWORD),
    }
    assert answers == {"用户名或密码不正确，或账号已停用。"}


def test_each_of_them_computes_exactly_one_hash(
    store: Store, clock: FixedClock, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make("zhangsan")
    accounts.disable(store, clock, None, make("lisi").id)
    checks: list[str] = []
    fits = passwords.fits

    def counted(password: str, stored: str | None) -> bool:
        checks.append(password)
        return fits(password, stored)

    monkeypatch.setattr(passwords, "fits", counted)
    for username in ("nobody", "zhangsan", "lisi"):
        checks.clear()
        refusal(store, clock, username)
        assert len(checks) == 1, username


def test_refusals_are_audited_with_their_reason_but_never_with_what_was_typed(
    store: Store, clock: FixedClock, make: Make
) -> None:
    account = make("zhangsan")
    refusal(store, clock, "zhangsan", "秘密的错误密码")
    refusal(store, clock, "误把密码输在这里", "x")
    accounts.disable(store, clock, None, account.id)
    refusal(store, clock, "zhangsan", PASSWORD)
    refused = [entry for entry in audit.recent(store) if entry.event == "sign_in_refused"]
    assert {(entry.chain, entry.data["account"], entry.data["reason"]) for entry in refused} == {
        ("cun1", account.id, "wrong_password"),
        ("office", "", "unknown_account"),
        ("cun1", account.id, "disabled"),
    }
    assert "密码" not in str(refused)


@pytest.mark.parametrize("username", ["zhangsan", "nobody"])
def test_after_five_fails_the_sixth_try_waits_even_with_the_right_password(
    store: Store, clock: FixedClock, make: Make, username: str
) -> None:
    make("zhangsan")
    for _ in range(5):
        assert "不正确" in refusal(store, clock, username)
    # 09:02:03 + 15 minutes in the office, rounded up to the minute that the screen shows.
    assert (
        refusal(store, clock, username, PASSWORD) == "密码输错次数过多，请在 2026年11月22日 09:18 之后再试。"
    )


def test_locked_account_is_told_by_its_exception_and_costs_no_hash(
    store: Store, clock: FixedClock, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make()
    for _ in range(5):
        refusal(store, clock, "zhangsan")
    monkeypatch.setattr(passwords, "fits", lambda *_: pytest.fail("a locked account was checked"))
    with pytest.raises(SignInRefused) as refused:
        signin.sign_in(store, clock, "zhangsan", PASSWORD, HERE)
    assert refused.value.locked


def test_lock_opens_by_itself_after_fifteen_minutes(store: Store, clock: FixedClock, make: Make) -> None:
    make()
    for _ in range(5):
        refusal(store, clock, "zhangsan")
    clock.advance(15 * MINUTE - 1)
    assert refusal(store, clock, "zhangsan", PASSWORD)
    clock.advance(1)
    assert not refusal(store, clock, "zhangsan", PASSWORD)


def test_fails_further_apart_than_fifteen_minutes_do_not_add_up(
    store: Store, clock: FixedClock, make: Make
) -> None:
    make()
    for _ in range(3):
        for _ in range(4):
            assert "不正确" in refusal(store, clock, "zhangsan")
        clock.advance(15 * MINUTE)
    assert not refusal(store, clock, "zhangsan", PASSWORD)


def test_right_password_forgets_the_fails_of_the_account(store: Store, clock: FixedClock, make: Make) -> None:
    make()
    for _ in range(3):
        for _ in range(4):
            refusal(store, clock, "zhangsan")
        assert not refusal(store, clock, "zhangsan", PASSWORD)


def test_address_that_tries_many_names_is_locked_and_other_addresses_are_not(
    store: Store, clock: FixedClock, make: Make
) -> None:
    make()
    for n in range(throttle.ADDRESS_FAILS):
        assert "不正确" in refusal(store, clock, f"nobody{n}")
    assert "次数过多" in refusal(store, clock, "zhangsan", PASSWORD)
    assert not refusal(store, clock, "zhangsan", PASSWORD, address="10.0.0.9")


def test_one_good_account_does_not_buy_endless_guesses_at_the_others(
    store: Store, clock: FixedClock, make: Make
) -> None:
    make("zhangsan")
    for n in range(throttle.ADDRESS_FAILS - 1):
        assert "不正确" in refusal(store, clock, f"nobody{n}")
        assert not refusal(store, clock, "zhangsan", PASSWORD)
    assert "不正确" in refusal(store, clock, "one_more")
    assert "次数过多" in refusal(store, clock, "and_another")


def test_thirty_good_sign_ins_from_one_address_lock_nobody_out(
    store: Store, clock: FixedClock, make: Make
) -> None:
    make()
    assert [refusal(store, clock, "zhangsan", PASSWORD) for _ in range(30)] == [""] * 30
    assert store.count("throttle") == 0


def test_password_confirmed_wrongly_counts_with_the_sign_ins(
    store: Store, clock: FixedClock, make: Make
) -> None:
    account = make()
    signin.confirm_password(store, clock, account, PASSWORD, HERE)
    for _ in range(5):
        with pytest.raises(SignInRefused, match="密码不正确，请重新输入"):
            signin.confirm_password(store, clock, account, WRONG, HERE)
    with pytest.raises(SignInRefused, match="次数过多"):
        signin.confirm_password(store, clock, account, PASSWORD, HERE)
    assert "次数过多" in refusal(store, clock, "zhangsan", PASSWORD)
    assert audit.recent(store, "cun1", limit=1)[0].data["purpose"] == "confirm"


def test_a_locked_address_keeps_nobody_from_confirming(store: Store, clock: FixedClock, make: Make) -> None:
    account = make()
    for n in range(20):
        refusal(store, clock, f"nobody{n}", WRONG)
    assert "次数过多" in refusal(store, clock, "zhangsan", PASSWORD)
    signin.confirm_password(store, clock, account, PASSWORD, HERE)


def test_a_strangers_wrong_tries_at_the_door_keep_nobody_at_work_from_confirming(
    store: Store, clock: FixedClock, make: Make
) -> None:
    account = make()
    for _ in range(5):
        refusal(store, clock, "zhangsan", WRONG, address="10.9.9.9")
    assert "次数过多" in refusal(store, clock, "zhangsan", PASSWORD)
    for _ in range(4):
        with pytest.raises(SignInRefused, match="密码不正确"):
            signin.confirm_password(store, clock, account, WRONG, HERE)
    signin.confirm_password(store, clock, account, PASSWORD, HERE)
    assert "次数过多" in refusal(store, clock, "zhangsan", PASSWORD)  # the door stays shut all the same
    for _ in range(5):
        with pytest.raises(SignInRefused, match="密码不正确"):
            signin.confirm_password(store, clock, account, WRONG, HERE)
    with pytest.raises(SignInRefused, match="次数过多"):
        signin.confirm_password(store, clock, account, PASSWORD, HERE)


def test_account_disabled_while_signed_in_confirms_nothing(
    store: Store, clock: FixedClock, make: Make
) -> None:
    account = make()
    accounts.disable(store, clock, None, account.id)
    with pytest.raises(SignInRefused):
        signin.confirm_password(store, clock, account, PASSWORD, HERE)


def test_a_password_changed_while_it_is_compared_opens_nothing(
    store: Store, clock: FixedClock, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = make("zhangsan")
    fits, new = passwords.fits, "andu-shili-2027"

    def slowly(password: str, kept: str | None) -> bool:
        right = fits(password, kept)
        monkeypatch.setattr(passwords, "fits", fits)
        accounts.set_password(store, clock, None, account.id, new)
        return right

    monkeypatch.setattr(passwords, "fits", slowly)
    assert "密码不正确" in refusal(store, clock, "zhangsan", PASSWORD)
    assert signin.sign_in(store, clock, "zhangsan", new, HERE).id == account.id


def test_password_is_never_checked_where_a_rollback_would_forget_the_try(
    store: Store, clock: FixedClock, make: Make
) -> None:
    account = make()
    with store.write(), pytest.raises(RuntimeError, match="never checked inside"):
        signin.confirm_password(store, clock, account, WRONG, HERE)


def guess(path: Path, moment: Any, started: Any, answers: Any) -> None:
    """One process of an attacker: five wrong passwords for one name, from an address of its own."""
    store = Store(path)
    started.wait()
    address = f"10.0.1.{multiprocessing.current_process().pid}"
    for _ in range(5):
        answers.put(refusal(store, FixedClock(moment), "zhangsan", WRONG, address))


def test_two_processes_together_get_five_tries_and_not_ten(
    store: Store, clock: FixedClock, make: Make
) -> None:
    make()
    fork = multiprocessing.get_context("fork")
    started, answers = fork.Barrier(2), fork.Queue()
    crowd = [fork.Process(target=guess, args=(store.path, clock.now(), started, answers)) for _ in range(2)]
    for process in crowd:
        process.start()
    heard = [answers.get(timeout=20) for _ in range(10)]
    for process in crowd:
        process.join(20)
    assert sum("不正确" in answer for answer in heard) == 5
    assert sum("次数过多" in answer for answer in heard) == 5


def test_tries_at_the_same_moment_are_counted_before_the_password_is_looked_at(
    store: Store, clock: FixedClock, make: Make
) -> None:
    make()
    with ThreadPoolExecutor(12) as crowd:
        heard = list(crowd.map(lambda _: refusal(Store(store.path), clock, "zhangsan"), range(12)))
    assert sum("不正确" in answer for answer in heard) == 5


def test_purge_removes_counters_that_no_longer_count(store: Store, clock: FixedClock) -> None:
    refusal(store, clock, "nobody")
    clock.advance(30 * MINUTE - 1)
    assert signin.purge(store, clock) == 0
    clock.advance(1)
    assert signin.purge(store, clock) == 2
