"""Signing in with what one has besides the password: codes of a telephone (TOTP, RFC 6238), or off paper.

Owns table ``second_factor``. A code is good once: the step it belongs to is kept, and the next one must be
later, decided in one statement, so that of two workers one lets it in. A telephone whose clock is wrong is
taken as it is at enrolment; how far it is off is remembered. Ten codes on paper, each good once, stand in.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import Any

import pyotp

from andu.clock import Clock
from andu.security import audit, vault_rights
from andu.security.accounts import Account
from andu.security.events import Events
from andu.security.permissions import may, require
from andu.store import Store

STEP = 30  # seconds
AROUND = 1  # steps before and after, at every sign-in
AT_ENROLMENT = 10
PAPER_CODES = 10
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def is_on(store: Store, account_id: str) -> bool:
    """Whether this account signs in with a code."""
    return bool(store.count("second_factor", "account_id = ? AND is_on = 1", [account_id]))


def is_asked_of(account: Account, whom: str) -> bool:
    """Whether the office asks a code of this person: of everybody (``all``), or of whoever opens reporters
    or keeps the accounts (``handlers``)."""
    handles = may(account, vault_rights.ACT) or may(account, "manage_accounts")
    return whom == "all" or (whom == "handlers" and handles)


def codes_left(store: Store, account_id: str) -> int:
    """How many codes on paper are still good."""
    row = _row(store, account_id)
    return len(json.loads(row["codes"])) if row else 0


def begin(store: Store, account: Account) -> str:
    """A new secret for a telephone, in base32; it counts only when a code of it was typed (``turn_on``)."""
    secret = pyotp.random_base32()
    with store.write():
        store.bind()
        if not is_on(store, account.id):
            store.execute("DELETE FROM second_factor WHERE account_id = ?", [account.id])
            row = {"account_id": account.id, "secret": secret, "last_step": 0, "drift": 0}
            store.insert("second_factor", {**row, "codes": "[]", "is_on": 0})
    return secret


def address(secret: str, account: Account, issuer: str) -> str:
    """What a telephone reads off the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name=issuer)


def begun(store: Store, account_id: str) -> str | None:
    """The secret that waits for its first code."""
    row = _row(store, account_id)
    return None if row is None or row["is_on"] else str(row["secret"])


def turn_on(store: Store, clock: Clock, account: Account, code: str) -> list[str]:
    """Ask for codes from now on; the ten codes for paper, shown this once. Empty where the code is wrong."""
    row = _row(store, account.id)
    step = _step_of(row["secret"], code, _now(clock), AT_ENROLMENT) if row and not row["is_on"] else None
    if step is None:
        return []
    paper = ["".join(secrets.choice(_LETTERS) for _n in range(12)) for _c in range(PAPER_CODES)]
    kept = json.dumps([_hashed(account.id, one) for one in paper])
    with store.write():
        said = [step, step - _now(clock), kept, account.id]
        store.execute(
            "UPDATE second_factor SET is_on = 1, last_step = ?, drift = ?, codes = ? WHERE account_id = ?",
            said,
        )
        audit.append(store, clock, account.unit_id, account.id, Events.second_factor_on, account=account.id)
    return ["-".join(one[at : at + 4] for at in (0, 4, 8)) for one in paper]


def turn_off(store: Store, clock: Clock, by: Account, account: Account) -> None:
    """Ask for no code any more: of oneself, after the password, or by the admin; ``NotAllowed``.

    Where the admin does it, what is sealed waits as after a password of theirs.
    """
    if by.id != account.id:
        require(by, "manage_accounts")
    with store.write():
        if by.id != account.id:
            vault_rights.suspend(store, clock, by.id, account.id, account.roles)
        store.execute("DELETE FROM second_factor WHERE account_id = ?", [account.id])
        audit.append(store, clock, account.unit_id, by.id, Events.second_factor_off, account=account.id)


def accepts(store: Store, clock: Clock, account_id: str, code: str) -> bool:
    """Whether this code lets the account in, now and never again; never inside ``store.write()``."""
    row = _row(store, account_id)
    if row is None or not row["is_on"]:
        return True
    now = _now(clock)
    step = _step_of(row["secret"], code, now + row["drift"], AROUND)
    if step is None:
        return _takes_paper(store, row, code)
    with store.write():
        store.bind()
        said = [step, step - now, account_id, step]
        return bool(
            store.execute(
                "UPDATE second_factor SET last_step = ?, drift = ? WHERE account_id = ? AND last_step < ?",
                said,
            )
        )


def _takes_paper(store: Store, row: dict[str, Any], code: str) -> bool:
    plain = "".join(char for char in code.upper() if char in _LETTERS)
    kept = json.loads(row["codes"])
    left = [one for one in kept if not hmac.compare_digest(one, _hashed(row["account_id"], plain))]
    if len(left) == len(kept):
        return False
    with store.write():
        store.bind()
        said = [json.dumps(left), row["account_id"], row["codes"]]
        return bool(
            store.execute("UPDATE second_factor SET codes = ? WHERE account_id = ? AND codes = ?", said)
        )


def _step_of(secret: str, code: str, around: int, window: int) -> int | None:
    """The step whose code this is, the nearest first."""
    typed = "".join(char for char in code if char.isdigit())
    totp = pyotp.TOTP(secret)
    for step in sorted(range(around - window, around + window + 1), key=lambda one: abs(one - around)):
        if hmac.compare_digest(totp.generate_otp(step), typed):
            return step
    return None


def _now(clock: Clock) -> int:
    return int(clock.now().timestamp()) // STEP


def _hashed(account_id: str, code: str) -> str:
    return hashlib.sha256(f"{account_id}:{code}".encode()).hexdigest()


def _row(store: Store, account_id: str) -> dict[str, Any] | None:
    rows = store.rows_where("second_factor", "account_id = ?", [account_id])
    return rows[0] if rows else None
