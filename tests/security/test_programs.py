"""Tokens: a program gets less than its person, for a while, and nothing once it is taken back."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from andu.clock import FixedClock
from andu.security import accounts, programs, tokens
from andu.security.accounts import Account
from andu.security.permissions import ACTS, may
from andu.security.programs import TokenRefused
from andu.security.refusals import NotAllowed
from andu.security.signin import SignInRefused
from andu.store import Store

Make = Callable[..., Account]
DAY = 24 * 3600


OWN = "只有自己知道的新密码"


Hired = Callable[..., Account]


@pytest.fixture
def hired(store: Store, clock: FixedClock, make: Make) -> Hired:
    """An account whose person has a password of their own."""

    def hired(username: str, role: str) -> Account:
        account = make(username=username, roles=[role])
        accounts.set_password(store, clock, account, account.id, OWN)
        return account

    return hired


@pytest.fixture
def clerk(hired: Hired) -> Account:
    return hired("zhangsan", "clerk")


def given(store: Store, clock: FixedClock, who: Account, *uses: str, days: int = 30, **more: str) -> str:
    proof = (more.get("password", OWN), "10.0.0.1")
    return programs.make(store, clock, who, "月报取数", uses or ("see",), [], days, *proof)[1]


def test_a_token_opens_what_it_is_for_and_nothing_else(
    store: Store, clock: FixedClock, clerk: Account
) -> None:
    held = programs.holder(store, clock, given(store, clock, clerk, "see"))
    assert held is not None and held.id == clerk.id
    assert {act for act in ACTS if may(held, act)} == {"see_unit", "see_register"}
    assert may(clerk, "fill")


def test_no_token_signs_voids_or_sees_what_is_confidential(
    store: Store, clock: FixedClock, hired: Hired
) -> None:
    director = hired("zhaoliu", "director")
    held = programs.holder(store, clock, given(store, clock, director, "see", "fill", "fetch"))
    assert held is not None
    never = {"sign", "sign_named", "void_number", "see_confidential", "manage_accounts", "appoint_deputy"}
    assert {act for act in never if may(held, act)} == set()


def test_nobody_gets_a_token_for_more_than_their_own(store: Store, clock: FixedClock, hired: Hired) -> None:
    admin = hired("wujiu", "admin")
    with pytest.raises(NotAllowed):
        given(store, clock, admin, "see")
    assert programs.usable(admin) == []


def test_a_token_cannot_make_or_revoke_one(store: Store, clock: FixedClock, clerk: Account) -> None:
    held = programs.holder(store, clock, given(store, clock, clerk, "see", "fill"))
    assert held is not None
    with pytest.raises(NotAllowed):
        given(store, clock, held, "see")
    with pytest.raises(NotAllowed):
        programs.revoke(store, clock, held, tokens.of_account(store, clerk.id)[0].id)


@pytest.mark.parametrize("uses", [(), ("calendar", "see")])
def test_a_token_is_for_something(
    uses: tuple[str, ...], store: Store, clock: FixedClock, clerk: Account
) -> None:
    with pytest.raises(TokenRefused):
        programs.make(store, clock, clerk, "月报取数", uses, [], 30, OWN, "10.0.0.1")


def test_a_token_takes_the_password(store: Store, clock: FixedClock, clerk: Account) -> None:
    with pytest.raises(SignInRefused):
        given(store, clock, clerk, password="wrong")
    assert tokens.of_account(store, clerk.id) == []


def test_the_secret_is_nowhere_in_the_database(store: Store, clock: FixedClock, clerk: Account) -> None:
    secret = given(store, clock, clerk)
    everything = b"".join(path.read_bytes() for path in store.path.parent.iterdir() if path.is_file())
    assert secret.encode() not in everything


def test_a_token_ends_with_its_time(store: Store, clock: FixedClock, clerk: Account) -> None:
    secret = given(store, clock, clerk, days=30)
    clock.advance(30 * DAY - 1)
    assert programs.holder(store, clock, secret)
    clock.advance(1)
    assert programs.holder(store, clock, secret) is None


def test_a_token_taken_back_is_worth_nothing(store: Store, clock: FixedClock, clerk: Account) -> None:
    secret = given(store, clock, clerk)
    token = tokens.of_account(store, clerk.id)[0]
    assert programs.revoke(store, clock, clerk, token.id)
    assert programs.holder(store, clock, secret) is None
    assert not programs.revoke(store, clock, clerk, token.id)
    events = store.rows_where("audit", "event LIKE 'token_%'", order_by="chain, seq")
    assert [row["event"] for row in events] == ["token_made", "token_revoked"]
    assert json.loads(events[0]["data"])["token"] == token.id


def test_nobody_takes_back_the_token_of_another(
    store: Store, clock: FixedClock, clerk: Account, hired: Hired
) -> None:
    secret = given(store, clock, clerk)
    other = hired("lisi", "head")
    assert not programs.revoke(store, clock, other, tokens.of_account(store, clerk.id)[0].id)
    assert programs.holder(store, clock, secret)


@pytest.mark.parametrize("shut", ["disabled", "moved", "password"])
def test_whoever_loses_rights_loses_their_tokens_for_good(
    shut: str, store: Store, clock: FixedClock, clerk: Account
) -> None:
    secret = given(store, clock, clerk)
    if shut == "disabled":
        accounts.disable(store, clock, None, clerk.id)
        accounts.enable(store, clock, None, clerk.id)
    elif shut == "moved":
        accounts.change_roles(store, clock, None, clerk.id, ["head"])
    else:
        accounts.set_password(store, clock, None, clerk.id, "another-password-2026")
        accounts.set_password(store, clock, clerk, clerk.id, "one-more-password-2026")
    assert programs.holder(store, clock, secret) is None


def test_a_token_of_a_calendar_opens_no_interface(store: Store, clock: FixedClock, clerk: Account) -> None:
    secret = given(store, clock, clerk, "calendar")
    assert programs.holder(store, clock, secret) is None
    assert programs.holder(store, clock, secret, for_calendar=True)
    assert programs.holder(store, clock, given(store, clock, clerk), for_calendar=True) is None


@pytest.mark.parametrize(
    "secret", ["", "andu_", "andu_" + "a" * 43, "andu_" + "喆" * 43, "\ud800", "x" * 10000]
)
def test_what_is_no_token_opens_nothing(secret: str, store: Store, clock: FixedClock) -> None:
    assert programs.holder(store, clock, secret) is None
