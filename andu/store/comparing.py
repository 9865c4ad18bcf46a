"""Whether every bound row is still as the application left it, and whether the chain of bindings is whole.

Called by ``andu.security.bindings`` for commands and tests, never for a page: it reads everything, in one
snapshot, keeping what it must remember in a temporary table on disk. Changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from andu.store.binding import START, RowShape, chained, events, shapes
from andu.store.connection import Connection
from andu.store.database import Store

AT_A_TIME = 500
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
        return sum(_count(row["data"]) for row in db.stream("SELECT data FROM binding"))


def _count(data: str) -> int:
    told = json.loads(data)
    return sum(len(some) for some in told["rows"].values()) if told.get("taken_over") else 0


def _breaks(db: Connection, published: Mapping[int, str]) -> Iterator[Break]:
    seq, prev = 0, START
    for row in db.stream("SELECT * FROM binding ORDER BY seq"):
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


def _is_in_audit(db: Connection, data: str) -> bool:
    """Whether the events this binding belongs to are still in the audit log, as they were."""
    told = json.loads(data).get("audit") or {}
    return events(db, list(told)) == told


def _differences(db: Connection) -> Iterator[Difference]:
    db.change(
        "CREATE TEMP TABLE IF NOT EXISTS bound_rows (tbl TEXT, key TEXT, hash TEXT, PRIMARY KEY (tbl, key))"
    )
    db.change("DELETE FROM bound_rows")
    told = (
        one for row in db.stream("SELECT data FROM binding ORDER BY seq") for one in _rows_of(row["data"])
    )
    while some := list(islice(told, AT_A_TIME)):
        newest = {(table, key): sha for table, key, sha in some}
        marks = ", ".join(["(?, ?, ?)"] * len(newest))
        db.change(
            f"INSERT INTO bound_rows (tbl, key, hash) VALUES {marks}"
            " ON CONFLICT (tbl, key) DO UPDATE SET hash = excluded.hash",
            [part for (table, key), sha in newest.items() for part in (table, key, sha)],
        )
    for shape in shapes(db).values():
        yield from _compare(db, shape)


def _rows_of(data: str) -> list[tuple[str, str, str | None]]:
    try:
        rows = json.loads(data)["rows"]
        return [(table, key, sha) for table, some in rows.items() for key, sha in some.items()]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []  # ``breaks`` names this row


def _compare(db: Connection, shape: RowShape) -> Iterator[Difference]:
    """The rows there are against those bound; what is bound and was not there is left over at the end."""
    there = db.stream(f"SELECT * FROM {shape.table} ORDER BY {', '.join(shape.key)}")
    while some := {shape.key_of(row): row for row in islice(there, AT_A_TIME)}:
        of_these = f"bound_rows WHERE tbl = ? AND key IN ({', '.join('?' * len(some))})"
        found = db.select(f"SELECT key, hash FROM {of_these}", [shape.table, *some])
        bound = {row["key"]: row["hash"] for row in found}
        db.change(f"DELETE FROM {of_these}", [shape.table, *some])
        for key, row in some.items():
            if bound.get(key) is None:
                yield Difference(shape.table, key, FOREIGN, row)
            elif bound[key] != shape.hash_of(row):
                yield Difference(shape.table, key, ALTERED, row)
    kept = "SELECT key FROM bound_rows WHERE tbl = ? AND hash IS NOT NULL ORDER BY key"
    for row in db.select(kept, [shape.table]):
        yield Difference(shape.table, row["key"], DELETED)
