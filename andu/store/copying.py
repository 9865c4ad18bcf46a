"""A whole database into another that is empty: row by row, then compared row by row.

Every table as it is, those that triggers keep among them: the triggers of the new database rest meanwhile, so
that nothing is counted twice. Words to be searched are cut again on PostgreSQL. A copy into SQLite leaves
them out and says so in it: they are filled at the next start, like those of an office that never had any.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from andu.store import verbs
from andu.store.connection import Connection, Row
from andu.store.faults import Unreadable

AT_A_TIME = 200
WORDS = ("record_text", "ledger_text", "likeness_text")
FILLED_AGAIN = ("record_word", "likeness", "made")
"""What belongs to the words: whoever has no such row fills them at the next start."""

FILES = "stored_file"
"""Filed bytes are no rows of a copy: whoever copies an office puts them where they belong, one by one."""


@dataclass(frozen=True)
class Copied:
    """What a table held on both sides: how many rows, and the hash of all of them in their order."""

    table: str
    rows: int
    digest: str


def into_empty(source: Connection, target: Connection) -> list[Copied]:
    """Copy everything, within transactions that are open on both; ``Unreadable`` if they then differ."""
    tables = [one for one in in_order(target) if one not in (*WORDS, FILES)]
    _refuse_unlike(source, target, tables)
    with target.resting(tables):
        for table in tables:
            _copy(source, target, table)
        for table in WORDS:
            for row in source.stream(f"SELECT {verbs.word_row(table)} AS id, {table}.* FROM {table}"):
                target.put_words(table, row.pop("id"), row)
    return compared(source, target, tables)


def into_sqlite(source: Connection, path: Path) -> list[Copied]:
    """Write the database behind a connection, within its transaction, into a new SQLite file."""
    from andu.store.sqlite import Sqlite

    target = Sqlite(path)
    target.upgrade()
    tables = [one for one in in_order(target) if one not in (*WORDS, *FILLED_AGAIN, FILES)]
    with target.writing():
        with target.resting(tables):
            for table in tables:
                _copy(source, target, table)
        copied = compared(source, target, tables)
        target.change("UPDATE ledger SET hash = ''")  # its rows and words are made anew
    target.conn.execute("PRAGMA journal_mode = DELETE")  # nothing lies beside the file
    target.close()
    return copied


def in_order(db: Connection) -> list[str]:
    """Every table, and before it those it refers to."""
    found: list[str] = []

    def take(table: str) -> None:
        if table not in found:
            for other in sorted(db.references(table) - {table}):
                take(other)
            found.append(table)

    for table in db.table_list():
        take(table)
    return found


def _refuse_unlike(source: Connection, target: Connection, tables: list[str]) -> None:
    """The same steps on both sides, and nobody's rows in the way."""
    if source.applied() != target.applied():
        raise Unreadable("两边的数据库不是同一个版本：请先用同一版程序把两边都打开一次。")
    refuse_full(target, tables)


def refuse_full(target: Connection, tables: list[str]) -> None:
    """``Unreadable`` where somebody's rows are in the way."""
    full = [one for one in tables if target.select(f"SELECT 1 AS one FROM {one} LIMIT 1")]
    if full:
        raise Unreadable(f"目标数据库不是空的（{'、'.join(full[:5])}）：请另建一个空库。")


def _copy(source: Connection, target: Connection, table: str) -> None:
    names = [one.name for one in target.columns_of(table)]
    rows = source.stream(f"SELECT {', '.join(names)} FROM {table} ORDER BY {_order(source, table)}")
    one = f"({', '.join('?' * len(names))})"
    while some := list(islice(rows, AT_A_TIME)):
        target.change(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join([one] * len(some))}",
            [row[name] for row in some for name in names],
        )


def _order(db: Connection, table: str) -> str:
    return verbs.row_order(table) if table in verbs.IN_ORDER else _key(db, table)


def _key(db: Connection, table: str) -> str:
    placed = sorted((one.place, one.name) for one in db.columns_of(table) if one.place)
    return ", ".join(name for _place, name in placed)


def compared(source: Connection, target: Connection, tables: list[str]) -> list[Copied]:
    """What both sides hold, table by table; raises ``Unreadable`` where it is not the same."""
    found, differing = [], []
    for table in tables:
        theirs, ours = (_digest(db, table) for db in (source, target))
        found.append(ours)
        if theirs != ours:
            differing.append(f"{table}（{theirs.rows} / {ours.rows}）")
    if differing:
        raise Unreadable(f"复制后两边不一样：{'、'.join(differing)}。")
    return found


def _digest(db: Connection, table: str) -> Copied:
    digest, count = hashlib.sha256(), 0
    for row in _sorted(db, table):
        count += 1
        digest.update(
            json.dumps(_plain(row), ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
        )
    return Copied(table, count, digest.hexdigest())


def _sorted(db: Connection, table: str) -> Iterator[Row]:
    return db.stream(f"SELECT * FROM {table} ORDER BY {_key(db, table)}")


def _plain(row: Row) -> Mapping[str, object]:
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in row.items()}
