"""Work that waits: a row for each thing still to be done, with a lease on the row itself. Owns ``work``.

Whoever takes a row holds it under a name of its own, made of a random value for each start of a process,
until its lease ends by the clock of the store; only then may somebody else take it, and only who still holds
it ends it. What is ended has no row. Every step must be safe to do twice: an owner that was merely slow goes
on without knowing. What was taken ``TRIES`` times and never ended needs a person, who has it tried again.

``add``, ``begin`` and ``finish`` belong into the transaction of what they are about. ``alone`` and ``chore``
are leases for a stretch of work that is no row of another table: kept up by a thread as long as it takes.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

from andu.store import verbs
from andu.store.database import Store
from andu.store.faults import Unwritable

LEASE = 120
"""Seconds that whoever took something has."""
KEPT_UP = 60
"""As long stands what is kept up, after its owner died."""
TRIES = 10
SHORTEST, LONGEST = 60, 3600
"""Seconds until something that failed is tried again: twice as many each time, within these bounds."""
MOST = 100
PAPER, ALONE, CHORE = "paper", "alone", "chore"
"""The kinds of work: a record until its paper is filed; a lease for a while; what is done every so often."""
_NOW = verbs.moment()
_OPEN = f"attempts < {TRIES} AND until <= {_NOW}"
"""As the index of open work has it (``migrations.work_that_waits``)."""
_LATER = f"attempts < {TRIES} AND until > {_NOW}"
_STUCK = f"attempts >= {TRIES} AND until <= {_NOW}"
_taken = count(1)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Held:
    """A row that is held: what it is about, and by which name it is held."""

    kind: str
    key: str
    owner: str


@dataclass(frozen=True)
class Stuck:
    """What needs a person: what it is about, and what went wrong last ('' where its owners died)."""

    kind: str
    key: str
    fault: str


def _name() -> str:
    """A name nobody else ever had: not another process, nor this one for what it took before."""
    return f"{_start(os.getpid())}-{next(_taken)}"


@lru_cache(maxsize=8)
def _start(_pid: int) -> str:
    return secrets.token_hex(8)


# --- rows of work --------------------------------------------------------------------------------


def add(store: Store, kind: str, key: str, after: int = 0) -> None:
    """Something is to be done, by whoever comes for it; from so many seconds on by anybody."""
    store.execute(
        "INSERT INTO work (kind, key, owner, until, attempts, fault, made)"
        f" VALUES (?, ?, '', {_NOW} + ?, 0, '', {_NOW}) ON CONFLICT (kind, key) DO NOTHING",
        [kind, key, after],
    )


def drop(store: Store, kind: str, key: str) -> None:
    """It is not to be done any more, whoever holds it."""
    store.execute("DELETE FROM work WHERE kind = ? AND key = ?", [kind, key])


def hasten(store: Store, kind: str) -> None:
    """What kept all of this kind waiting is mended: it is due now. Within the caller's transaction."""
    store.execute(f"UPDATE work SET until = {_NOW} WHERE kind = ? AND owner = '' AND {_LATER}", [kind])


def begin(
    store: Store, kind: str, key: str, held: Held | None = None, at_once: bool = True, seconds: int = 0
) -> Held | None:
    """Hold the row of this, made where there is none, for ``LEASE``; ``None`` when it is not to be had.

    ``held``: as who has it already. ``at_once``: also before it is due again, if nobody holds it.
    """
    mine = Held(kind, key, held.owner if held else _name())
    first, lease = int(kind != ALONE), seconds or LEASE
    made = store.execute(
        "INSERT INTO work (kind, key, owner, until, attempts, fault, made)"
        f" VALUES (?, ?, ?, {_NOW} + ?, ?, '', {_NOW}) ON CONFLICT (kind, key) DO NOTHING",
        [kind, key, mine.owner, lease, first],
    )
    free = f"owner = '' OR until <= {_NOW}" if at_once else f"until <= {_NOW}"
    return mine if made or store.execute(
        f"UPDATE work SET attempts = attempts + CASE WHEN owner = ? THEN 0 ELSE ? END,"
        f" until = {_NOW} + ?, owner = ?"
        f" WHERE kind = ? AND key = ? AND (owner = ? OR attempts < {TRIES} AND ({free}))",
        [mine.owner, first, lease, mine.owner, kind, key, mine.owner],
    ) else None  # fmt: skip


def take(store: Store, kind: str) -> Held | None:
    """Hold what of this kind has waited longest and nobody holds; ``None`` when there is nothing.

    Writes nothing then. Where rows are locked one by one, nobody waits for another who takes.
    """
    waiting = f"SELECT key FROM work WHERE kind = ? AND {_OPEN} ORDER BY until LIMIT 1"
    if not store.query(waiting, [kind]):
        return None
    with store.leasing() as unlocked:
        for row in store.query(f"{waiting}{unlocked}", [kind]):
            mine = Held(kind, row["key"], _name())
            taken = store.execute(
                f"UPDATE work SET owner = ?, until = {_NOW} + ?, attempts = attempts + 1"
                f" WHERE kind = ? AND key = ? AND {_OPEN}",
                [mine.owner, LEASE, kind, mine.key],
            )
            return mine if taken else None
    return None


def finish(store: Store, held: Held) -> bool:
    """It is done, within the transaction that does it; False, and the row stays, when it is held no more."""
    return bool(store.execute(f"DELETE FROM work WHERE {_MINE} AND until > {_NOW}", _mine(held)))


_MINE = "kind = ? AND key = ? AND owner = ?"


def _mine(held: Held) -> list[str]:
    return [held.kind, held.key, held.owner]


def fail(store: Store, held: Held, fault: str) -> None:
    """It went wrong: let go, for a while that doubles with each try."""
    with store.leasing():
        for row in store.rows_where("work", _MINE, _mine(held)):
            pause = min(SHORTEST * 2 ** (row["attempts"] - 1), LONGEST)
            _let_go(store, held, pause, row["attempts"], fault)


def postpone(store: Store, kind: str, key: str, held: Held | None, why: str) -> None:
    """It cannot be done now, and who mends that is told elsewhere: in as long again as it has waited."""
    with store.leasing():
        asked = f"SELECT {_NOW} - made AS waited FROM work WHERE kind = ? AND key = ?"
        for row in store.query(asked, [kind, key]):
            pause = min(max(2 * SHORTEST, row["waited"]), LONGEST)
            _let_go(store, held or Held(kind, key, ""), pause, 0, why)


def release(store: Store, held: Held) -> None:
    """Leave it to whoever comes next, as if it had not been taken."""
    with store.leasing():
        store.execute(
            f"UPDATE work SET owner = '', until = {_NOW}, attempts = attempts - 1 WHERE {_MINE}", _mine(held)
        )


def _let_go(store: Store, held: Held, pause: int, attempts: int, fault: str) -> None:
    store.execute(
        f"UPDATE work SET owner = '', until = {_NOW} + ?, attempts = ?, fault = ? WHERE {_MINE}",
        [pause, attempts, fault, *_mine(held)],
    )


# --- what needs a person -------------------------------------------------------------------------


def stuck(store: Store) -> list[Stuck]:
    """What was tried ``TRIES`` times and is not tried any more, the oldest first."""
    rows = store.rows_where("work", _STUCK, order_by="made, kind, key", limit=MOST)
    return [Stuck(row["kind"], row["key"], row["fault"]) for row in rows]


def try_again(store: Store) -> int:
    """Let all of that be tried again, as if for the first time; how many. Within ``store.write()``."""
    return store.execute(f"UPDATE work SET owner = '', until = {_NOW}, attempts = 0 WHERE {_STUCK}")


def forget_owners(store: Store) -> None:
    """In a copy of a store nobody holds anything. Within ``store.write()``."""
    store.execute("DELETE FROM work WHERE kind = ?", [ALONE])
    store.execute(f"UPDATE work SET owner = '', until = {_NOW} WHERE owner <> ''")


# --- leases that are kept up ---------------------------------------------------------------------


@contextmanager
def alone(store: Store, name: str) -> Iterator[bool]:
    """Whether nobody else is at work under this name, on whatever machine; never waits, freed at the end."""
    with _kept_up(store, ALONE, name) as held:
        yield held is not None


@contextmanager
def chore(store: Store, name: str) -> Iterator[bool]:
    """As ``alone``, for what must come to its end: what went wrong is kept, and tried less and less often."""
    with _kept_up(store, CHORE, name) as held:
        try:
            yield held is not None
        except Exception as fault:
            if held:
                with suppress(Unwritable):
                    fail(store, held, str(fault) or type(fault).__name__)
            raise


@contextmanager
def _kept_up(store: Store, kind: str, name: str) -> Iterator[Held | None]:
    with store.leasing():
        held = begin(store, kind, name, at_once=False, seconds=KEPT_UP)
    if held is None:
        yield None
        return
    over = threading.Event()
    keeping = threading.Thread(target=_keep_up, args=(store, held, over), name="andu-lease", daemon=True)
    keeping.start()
    try:
        yield held
    finally:
        over.set()
        keeping.join()
        with suppress(Unwritable), store.leasing():  # else it ends by itself
            store.execute(f"DELETE FROM work WHERE {_MINE}", _mine(held))


def _keep_up(store: Store, held: Held, over: threading.Event) -> None:
    is_asked = False
    while not over.wait(KEPT_UP / 4):
        is_asked = True
        try:
            with store.leasing():
                store.execute(f"UPDATE work SET until = {_NOW} + ? WHERE {_MINE}", [KEPT_UP, *_mine(held)])
        except Exception:  # until the store is back; somebody else may hold it by then
            log.exception("the lease of %s was not kept up", held.key)
    if is_asked:
        store.close()  # the connection of this thread
