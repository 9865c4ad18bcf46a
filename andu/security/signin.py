"""Signing in, and proving once more that it is you before a signature. Called by views and office.

Every way to be wrong gets one answer after one delay: unknown name, wrong password, disabled account.
Too many wrong tries lock the name typed and the address for a while, on all processes at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from flask_babel import gettext as _

from andu.clock import Clock, chinese_time
from andu.security import accounts, audit, case_keys, key_pairs, second_factor, throttle
from andu.security.accounts import Account
from andu.security.envelopes import OwnKey
from andu.security.events import Events
from andu.store import Store


class SignInRefused(Exception):
    """Not let in; ``message`` is the Chinese sentence to show, ``locked`` whether waiting is needed."""

    def __init__(self, message: str, locked: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.locked = locked


def sign_in(
    store: Store, clock: Clock, username: str, password: str, address: str, code: str = ""
) -> Account:
    """The account that user name and password belong to, and ``code`` where it asks for one; with its key.

    Raises ``SignInRefused``; a code is looked at only after the right password: none is spent in vain.

    Never call it inside ``store.write()``: a rolled back try would not count.
    """
    account = accounts.by_username(store, username)
    tries = throttle.signing_in(accounts.plain_username(username), address)
    _prove(store, clock, account, tries, password, address, "sign_in", code)
    if account is None:
        raise AssertionError("nobody has no password")
    audit.append(store, clock, account.unit_id, account.id, Events.signed_in, address=address)
    return replace(account, key=_key(store, clock, account, password))


def _key(store: Store, clock: Clock, account: Account, password: str) -> OwnKey | None:
    """What the password opens; what came meanwhile is sealed to those who may open it, and have a key now.

    Whoever has to change a password that somebody else knows gets a pair with their own.
    """
    if account.must_change:
        return key_pairs.unlock(store, account.id, password)
    own = key_pairs.ensure(store, clock, account.id, password)
    if own is not None and not account.is_waiting:
        with store.write():
            case_keys.catch_up(store, account.id, own)
    return own


def set_own_password(
    store: Store, clock: Clock, me: Account, was: str, password: str, keep: str | None
) -> OwnKey:
    """One's own new password; raises ``PasswordRefused``. It opens what the one before has opened.

    Returns the key it opens: made now where the person has none, or where the one they have waits.
    """
    own = key_pairs.unlock(store, me.id, was)
    with store.write():
        accounts.set_password(store, clock, me, me.id, password, keep)
        return key_pairs.follow_password(store, clock, me.id, own, password)


def confirm_password(store: Store, clock: Clock, account: Account, password: str, address: str) -> None:
    """Ask a signed-in person for the password again; raises ``SignInRefused``.

    Counted apart from the sign-ins: whoever tries the name at the door, and locks it, keeps nobody at work
    from signing. Never call it inside ``store.write()``: a rolled back try would not count.
    """
    _prove(store, clock, account, throttle.confirming(account.id), password, address, "confirm")


def confirm_code(
    store: Store, clock: Clock, account: Account, fits: Callable[[], bool], address: str
) -> None:
    """As ``confirm_password``, for a code that a signed-in person has on paper or on a telephone."""
    tries = throttle.confirming(account.id)
    locked_until = throttle.charge(store, clock, tries)
    if locked_until:
        raise SignInRefused(_locked(locked_until), locked=True)
    if fits():
        throttle.refund(store, tries)
        return
    said = {"account": account.id, "address": address, "purpose": "code", "reason": "wrong_code"}
    audit.append(store, clock, account.unit_id, None, Events.sign_in_refused, **said)
    raise SignInRefused(_("这个码不正确，请对照着再输一次。"))


def _prove(
    store: Store,
    clock: Clock,
    account: Account | None,
    tries: throttle.Limits,
    password: str,
    address: str,
    purpose: str,
    code: str = "",
) -> None:
    if store.is_writing:
        raise RuntimeError("a password is never checked inside store.write()")
    locked_until = throttle.charge(store, clock, tries)
    if locked_until:
        raise SignInRefused(_locked(locked_until), locked=True)
    right = accounts.knows_password(store, account, password)
    now_known = accounts.get(store, account.id) if account else None
    is_let_in = not (right and account and purpose == "sign_in") or second_factor.accepts(
        store, clock, account.id, code
    )
    if right and is_let_in and now_known and now_known.is_active:
        throttle.refund(store, tries)
        return
    reason = _reason(account, right, is_let_in)
    audit.append(
        store,
        clock,
        account.unit_id if account else audit.OFFICE,
        None,
        Events.sign_in_refused,
        # What was typed is not kept: people type their password into the wrong box.
        account=account.id if account else "",
        address=address,
        purpose=purpose,
        reason=reason,
    )
    if purpose == "confirm" and account:
        throttle.charge(store, clock, throttle.confirmed_wrongly(account.username))
        raise SignInRefused(_("密码不正确，请重新输入。"))
    raise SignInRefused(_("用户名或密码不正确，或账号已停用。"))


def _reason(account: Account | None, right: bool, is_let_in: bool) -> str:
    if account is None:
        return "unknown_account"
    if not right:
        return "wrong_password"
    return "disabled" if is_let_in else "wrong_code"


def _locked(until: datetime) -> str:
    # The screen shows minutes: one rounded down would send people back too early.
    shown = until + timedelta(seconds=-until.second % 60)
    return _("密码输错次数过多，请在 %(time)s 之后再试。", time=chinese_time(shown))


def purge(store: Store, clock: Clock) -> int:
    """Remove counters of wrong tries that no longer count; returns how many."""
    return throttle.purge(store, clock)
