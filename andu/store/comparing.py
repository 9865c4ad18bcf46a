"""Whether every bound row is still as the application left it, and whether the chain of bindings is whole.

Called by ``andu.security.bindings`` for commands and tests, never for a page: it reads everything, in one
snapshot, keeping what it must remember in a temporary table on disk. Changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from andu.store.binding import START, RowShape, chained, dicts, events, shapes, values_of
from andu.store.database import Store

ALTERED, DELETED, FOREIGN = "altered", "deleted", "foreign"
MISSING, REWRITTEN, UNTOLD = "missing", "rewritten", "untold"


@dataclass(frozen=True)
class Difference:
    """A row that is not as it was bound: altered, deleted or foreign; ``row`` is what is there now."""

    table: str
    key: str
    how: str
    row: dict[str, Any] | None = None


@dataclass(frozen=True)
class Break:
    """A break of the chain from row ``first`` to ``last``: missing, altered, rewritten, told by no event."""

    what: str
    first: int
    last: int


def breaks(store: Store, published: Mapping[int, str]) -> list[Break]:
    """Where the chain of bindings is broken; ``published`` says which hashes the heads file knows."""
    with store.snapshot() as db:
        return list(_breaks(db, published))


def differences(store: Store) -> list[Difference]:
    """Every row that is not as it was last bound, table by table."""
    with store.snapshot() as db:
        return list(_differences(db))


def taken_over(store: Store) -> int:
    """How many rows were bound at an upgrade, not when written: nobody knows what befell them before."""
    with store.snapshot() as db:
        return sum(_count(row["data"]) for row in dicts(db, "SELECT data FROM binding"))


def _count(data: str) -> int:
    told = json.loads(data)
    return sum(len(some) for some in told["rows"].values()) if told.get("taken_over") else 0


def _breaks(db: Database, published: Mapping[int, str]) -> Iterator[Break]:
    seq, prev = 0, START
    for row in dicts(db, "SELECT * FROM binding ORDER BY seq"):
        if row["seq"] != seq + 1:
            yield Break(MISSING, seq + 1, row["seq"] - 1)
        elif row["prev"] != prev:
            yield Break(ALTERED, row["seq"], row["seq"])
        if row["hash"] != chained(row["prev"], row["seq"], row["data"]):
            yield Break(ALTERED, row["seq"], row["seq"])
        elif not _is_in_audit(db, row["data"]):
            yield Break(UNTOLD, row["seq"], row["seq"])
        if published.get(row["seq"], row["hash"]) != row["hash"]:
            yield Break(REWRITTEN, row["seq"], row["seq"])
        seq, prev = row["seq"], row["hash"]
    if max(published, default=0) > seq:
        yield Break(MISSING, seq + 1, max(published))


def _is_in_audit(db: Database, data: str) -> bool:
    """Whether the events this binding belongs to are still in the audit log, as they were."""
    told = json.loads(data).get("audit") or {}
    return events(db, list(told)) == told


def _differences(db: Database) -> Iterator[Difference]:
    db.execute(
        "CREATE TEMP TABLE IF NOT EXISTS bound_rows (tbl TEXT, key TEXT, hash TEXT, PRIMARY KEY (tbl, key))"
        " WITHOUT ROWID"
    )
    db.execute("DELETE FROM bound_rows")
    for row in dicts(db, "SELECT data FROM binding ORDER BY seq"):
        told = _rows_of(row["data"])
        db.conn.executemany("INSERT OR REPLACE INTO bound_rows VALUES (?, ?, ?)", told)
    for shape in shapes(db).values():
        yield from _compare(db, shape)
    db.execute("DELETE FROM bound_rows")


def _rows_of(data: str) -> list[tuple[str, str, str | None]]:
    try:
        rows = json.loads(data)["rows"]
        return [(table, key, sha) for table, some in rows.items() for key, sha in some.items()]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []  # ``breaks`` names this row


def _compare(db: Database, shape: RowShape) -> Iterator[Difference]:
    there = dicts(db, f"SELECT * FROM [{shape.table}] ORDER BY {', '.join(shape.key)}")
    one = "SELECT hash FROM bound_rows WHERE tbl = ? AND key = ?"
    for row in there:
        key = shape.key_of(row)
        bound = db.conn.execute(one, [shape.table, key]).fetchone()
        if bound is None or bound[0] is None:
            yield Difference(shape.table, key, FOREIGN, row)
        elif bound[0] != shape.hash_of(row):
            yield Difference(shape.table, key, ALTERED, row)
    is_there = f"SELECT 1 FROM [{shape.table}] WHERE {shape.where()}"
    bound = db.execute(
        "SELECT key FROM bound_rows WHERE tbl = ? AND hash IS NOT NULL ORDER BY key", [shape.table]
    )
    for (key,) in bound.fetchall():
        if db.conn.execute(is_there, values_of(key, shape)).fetchone() is None:
            yield Difference(shape.table, key, DELETED)
