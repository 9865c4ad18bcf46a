"""A code besides the password: good once, with every worker; paper instead; never looked at in vain."""

from __future__ import annotations

import threading

import pyotp
import pytest

from andu.clock import FixedClock
from andu.security import audit, second_factor, signin
from andu.security.accounts import Account
from andu.security.signin import SignInRefused
from andu.store import Store
from tests.security.conftest import PASSWORD, Make

HERE = "10.0.0.1"


@pytest.fixture
def person(store: Store, clock: FixedClock, make: Make) -> Account:
    """Who signs in with a code of a telephone whose clock is right."""
    account = make()
    paper.clear()
    paper.extend(
        second_factor.turn_on(
            store, clock, account, pyotp.TOTP(second_factor.begin(store, account)).at(clock.now())
        )
    )
    clock.advance(60)
    return account


paper: list[str] = []


def shown(store: Store, clock: FixedClock, account: Account, off: int = 0) -> str:
    """What the telephone shows, its clock being ``off`` seconds."""
    secret = store.rows_where("second_factor", "account_id = ?", [account.id])[0]["secret"]
    return pyotp.TOTP(secret).at(int(clock.now().timestamp()) + off)


def enter(store: Store, clock: FixedClock, code: str, password: str = PASSWORD) -> Account:
    return signin.sign_in(store, clock, "zhangsan", password, HERE, code)


def test_the_password_alone_lets_nobody_in(store: Store, clock: FixedClock, person: Account) -> None:
    for code in ("", "000000"):
        with pytest.raises(SignInRefused, match="不正确"):
            enter(store, clock, code)
    assert enter(store, clock, shown(store, clock, person)).id == person.id
    reasons = [one.data["reason"] for one in audit.recent(store) if one.event == "sign_in_refused"]
    assert reasons == ["wrong_code", "wrong_code"]


def test_a_code_is_good_once_and_an_older_one_never_after(
    store: Store, clock: FixedClock, person: Account
) -> None:
    before, now = shown(store, clock, person, -30), shown(store, clock, person)
    assert enter(store, clock, now)
    for used in (now, before):
        with pytest.raises(SignInRefused):
            enter(store, clock, used)
    clock.advance(30)
    assert enter(store, clock, shown(store, clock, person))


def test_of_two_workers_one_lets_a_code_in(store: Store, clock: FixedClock, person: Account) -> None:
    code, both, said = shown(store, clock, person), threading.Barrier(8), []

    def worker() -> None:
        own = Store(store.path)
        both.wait()
        said.append(second_factor.accepts(own, clock, person.id, code))
        own.close()

    threads = [threading.Thread(target=worker) for _n in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(said) == [False] * 7 + [True]


def test_a_telephone_whose_clock_is_wrong_is_taken_as_it_is(
    store: Store, clock: FixedClock, make: Make
) -> None:
    account = make()
    secret = second_factor.begin(store, account)
    assert not second_factor.turn_on(
        store, clock, account, pyotp.TOTP(secret).at(clock.now(), counter_offset=40)
    )
    assert not second_factor.is_on(store, account.id)
    assert second_factor.turn_on(store, clock, account, pyotp.TOTP(secret).at(clock.now(), counter_offset=8))
    clock.advance(120)
    with pytest.raises(SignInRefused):
        enter(store, clock, shown(store, clock, account))
    assert enter(store, clock, shown(store, clock, account, 240))
    clock.advance(120)
    assert enter(store, clock, shown(store, clock, account, 270))  # drifts on, and is followed


def test_each_code_on_paper_stands_in_once(store: Store, clock: FixedClock, person: Account) -> None:
    assert len(paper) == 10
    assert enter(store, clock, paper[3].lower())
    with pytest.raises(SignInRefused):
        enter(store, clock, paper[3])
    assert second_factor.codes_left(store, person.id) == 9
    assert paper[4] not in str(store.rows_where("second_factor"))


def test_a_wrong_password_spends_no_code(store: Store, clock: FixedClock, person: Account) -> None:
    code = shown(store, clock, person)
    with pytest.raises(SignInRefused):
        enter(store, clock, code, "another-password")
    assert enter(store, clock, code)


def test_guessed_codes_lock_the_door(store: Store, clock: FixedClock, person: Account) -> None:
    for guess in range(5):
        with pytest.raises(SignInRefused):
            enter(store, clock, f"{guess:06d}")
    with pytest.raises(SignInRefused, match="次数过多"):
        enter(store, clock, shown(store, clock, person))
