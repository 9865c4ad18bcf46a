"""Who may open what is sealed: a role asks for it, a second person gives it. Owns table ``vault_right``.

An admin makes accounts, gives roles and sets passwords; none of that opens a reporter's name. Whoever gets
a role that handles reporters is ``ASKED`` until somebody who holds the right confirms it. Whoever gets a
password from somebody else, or comes back after being shut out, is ``WAITING``: not even what they sealed
themselves opens until a holder confirms it, or the code on paper is typed. The first of an office, and those
of its first set-up, hold it at once. Called by ``accounts`` within its writes, and by
``office.handover.confirming``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from andu.clock import Clock, stamp
from andu.security import audit, marks
from andu.security.events import Events
from andu.security.permissions import acts_of
from andu.store import Store

ASKED, HELD, WAITING = "asked", "held", "waiting"
ACT = "see_confidential"


@dataclass(frozen=True)
class Right:
    """How it stands with one account, since when (stored moment), and by whom it was given."""

    account_id: str
    state: str
    at: str
    by_id: str | None


def of(store: Store, account_id: str) -> Right | None:
    """The right of this account, if its roles ask for one."""
    row = store.rows_where("vault_right", "account_id = ?", [account_id])
    return _right(row[0]) if row else None


def all_of(store: Store) -> list[Right]:
    """Every right, the oldest first."""
    return [_right(row) for row in store.rows_where("vault_right", order_by="at, account_id")]


def holding(store: Store) -> list[str]:
    """The accounts that may open what is sealed, and are not shut."""
    rows = store.query(
        "SELECT account.id FROM vault_right JOIN account ON account.id = vault_right.account_id"
        " WHERE vault_right.state = ? AND account.state = 'active' ORDER BY account.id",
        [HELD],
    )
    return [str(row["id"]) for row in rows]


def _right(row: dict[str, object]) -> Right:
    by = row["by_id"]
    return Right(
        account_id=str(row["account_id"]),
        state=str(row["state"]),
        at=str(row["at"]),
        by_id=None if by is None else str(by),
    )


def is_last(store: Store, account_id: str) -> bool:
    """Whether this account holds the right, or waits for it, and nobody else holds it."""
    right = of(store, account_id)
    others = store.query(
        "SELECT account.id FROM vault_right JOIN account ON account.id = vault_right.account_id"
        " WHERE vault_right.state = ? AND account.state = 'active' AND account.id <> ?",
        [HELD, account_id],
    )
    return right is not None and right.state != ASKED and not others


# --- what follows from changes of an account, inside its ``store.write()`` --------------------------


def follow_roles(
    store: Store, clock: Clock, by_id: str | None, account_id: str, roles: Collection[str]
) -> None:
    """The roles of an account are these now: its right is asked for, or ends."""
    right, wants = of(store, account_id), ACT in acts_of(roles)
    if right is not None and not wants and right.state != WAITING:
        _end(store, clock, by_id, account_id)
    elif right is None and wants:
        is_first = marks.get(store, _ONCE_HELD) is None
        state = HELD if by_id is None or is_first else ASKED
        row = {"account_id": account_id, "state": state, "by_id": by_id, "at": stamp(clock.now())}
        store.insert("vault_right", row)
        _tell(store, clock, by_id, account_id, state)


def suspend(store: Store, clock: Clock, by_id: str | None, account_id: str, roles: Collection[str]) -> None:
    """Somebody else gave the password, or shut the account: what was sealed to it, or by it, waits."""
    right = of(store, account_id)
    if right is None and "fill" in acts_of(roles):
        row = {"account_id": account_id, "state": WAITING, "by_id": by_id, "at": stamp(clock.now())}
        store.insert("vault_right", row)
        _tell(store, clock, by_id, account_id, WAITING)
    elif right is not None and right.state == HELD:
        _put(store, clock, by_id, account_id, WAITING)


def give(store: Store, clock: Clock, by_id: str | None, account_id: str, roles: Collection[str]) -> None:
    """It waits no longer: held where the roles handle reporters, else the own answers open again."""
    if ACT in acts_of(roles):
        _put(store, clock, by_id, account_id, HELD)
    else:
        _end(store, clock, by_id, account_id)


def _end(store: Store, clock: Clock, by_id: str | None, account_id: str) -> None:
    store.execute("DELETE FROM vault_right WHERE account_id = ?", [account_id])
    _tell(store, clock, by_id, account_id, "ended")


def _put(store: Store, clock: Clock, by_id: str | None, account_id: str, state: str) -> None:
    said = [state, by_id, stamp(clock.now()), account_id]
    store.execute("UPDATE vault_right SET state = ?, by_id = ?, at = ? WHERE account_id = ?", said)
    _tell(store, clock, by_id, account_id, state)


_ONCE_HELD = "vault right once held"
"""Noted for good: later nobody is the first, however many were shut or wait."""


def _tell(store: Store, clock: Clock, by_id: str | None, account_id: str, state: str) -> None:
    if state == HELD:
        marks.put(store, _ONCE_HELD, stamp(clock.now()))
    said = {"account": account_id, "state": state}
    audit.append(store, clock, audit.OFFICE, by_id, Events.vault_right_changed, **said)
