"""Counting tries at a password, per name and per address. Owns table ``throttle``; called by sign-in, and
by ``denials``, which counts what was denied (``counted``).

A try is charged before the password is looked at and paid back when it was right: a hundred tries at
the same moment, in any number of processes, are still counted one by one. Names that belong to nobody
are counted like all others. Somebody at work who is asked for the password again has a counter of their own
(``confirming``), which no stranger at the sign-in page can reach.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from andu.clock import Clock, parse_stamp, stamp
from andu.store import Store

WINDOW = timedelta(minutes=15)
LOCK = timedelta(minutes=15)
ACCOUNT_FAILS = 5
# A whole office often shares one address: five typing errors there must not lock out everybody.
ADDRESS_FAILS = 20


Limits = Mapping[str, int]
"""Counters by key, the first being that of the person, each with the number of fails that locks it."""


def signing_in(username: str, address: str) -> Limits:
    """The counters of a try at the sign-in page: of the name that was typed, and of the address."""
    return {f"account:{username[:64]}": ACCOUNT_FAILS, f"address:{address[:64]}": ADDRESS_FAILS}


def confirming(account_id: str) -> Limits:
    """The counter of somebody signed in: who else sits behind the address or types the name is no matter."""
    return {f"confirm:{account_id}": ACCOUNT_FAILS}


def confirmed_wrongly(username: str) -> Limits:
    """What a wrong confirmation counts against besides: a thief at the desk gets no new tries at the door."""
    return {f"account:{username[:64]}": ACCOUNT_FAILS}


def charge(store: Store, clock: Clock, limits: Limits) -> datetime | None:
    """Count a try; ``None`` when it may go ahead, else the moment until which none may."""
    now = clock.now()
    with store.write():
        counters = {key: store.get("throttle", key) for key in limits}
        locks = [parse_stamp(row["locked_until"]) for row in counters.values() if row and row["locked_until"]]
        if locks and max(locks) > now:
            return max(locks)
        for key, limit in limits.items():
            row = counters[key]
            spent = row is None or parse_stamp(row["first_at"]) + WINDOW <= now
            fails = 1 if row is None or spent else row["fails"] + 1
            first = stamp(now) if row is None or spent else row["first_at"]
            _keep(store, key, fails, first, stamp(now + LOCK) if fails >= limit else None)
    return None


def _keep(store: Store, key: str, fails: int, first_at: str, locked_until: str | None) -> None:
    store.delete("throttle", key)
    store.insert("throttle", {"id": key, "fails": fails, "first_at": first_at, "locked_until": locked_until})


def refund(store: Store, limits: Limits) -> None:
    """The password was right: forget the person's fails, and take this one try off the address.

    The address keeps its other fails, or one good account would buy endless guesses at the others.
    """
    person, *addresses = limits
    with store.write():
        store.delete("throttle", person)
        for key in addresses:
            row = store.get("throttle", key)
            if row and row["fails"] > 1:
                _keep(store, key, row["fails"] - 1, row["first_at"], None)
            else:
                store.delete("throttle", key)


def purge(store: Store, clock: Clock) -> int:
    """Remove counters that no longer count; returns how many."""
    over, since = "first_at <= ? AND substr(id, 1, 6) <> 'denied'", [stamp(clock.now() - WINDOW - LOCK)]
    if not store.rows_where("throttle", over, since, limit=1):
        return 0
    with store.write():
        return store.execute(f"DELETE FROM throttle WHERE {over}", since)


def counted(store: Store, clock: Clock, key: str, window: timedelta) -> int:
    """Count once more under a key of its own; the count since it began, anew after ``window``."""
    with store.write():
        row = store.get("throttle", key) if is_counting(store, clock, key, window) else None
        count, first = (row["fails"] + 1, row["first_at"]) if row else (1, stamp(clock.now()))
        _keep(store, key, count, first, None)
    return count


def is_counting(store: Store, clock: Clock, key: str, window: timedelta) -> bool:
    """Whether a count under this key has begun, and not longer ago than ``window``."""
    row = store.get("throttle", key)
    return row is not None and parse_stamp(row["first_at"]) + window > clock.now()


def ended(store: Store, clock: Clock, prefix: str, window: timedelta) -> dict[str, int]:
    """The counts whose keys begin so, and which began longer ago than ``window``."""
    where = "id >= ? AND id < ? AND first_at <= ?"
    span = [prefix, prefix + "\U0010ffff", stamp(clock.now() - window)]
    return {row["id"]: row["fails"] for row in store.rows_where("throttle", where, span)}


def drop(store: Store, key: str) -> None:
    """End a count."""
    store.delete("throttle", key)
