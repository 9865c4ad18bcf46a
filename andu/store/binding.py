"""Which rows are as the application left them: the SHA-256 of each row that a paper, a right or a signature
stands on, in a chain of its own. Owns table ``binding``.

Called by ``Store.write`` at each commit. Temporary triggers, which only this program's connections have,
note the rows that a transaction touched; if it also wrote to the audit log (or said ``store.bind()``), one
row goes into ``binding`` with their new hashes, the hash of the row before, and the audit rows it belongs to.
A change made any other way is in no binding: ``comparing`` names its row. Binding costs the same however many
rows there are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlite_utils import Database

BOUND = (
    "unit",
    "account",
    "deputy",
    "form_version",
    "record",
    "record_version",
    "record_event",
    "record_share",
    "sealed",
    "attachment",
    "scan",
    "series",
    "gap",
    "register",
    "deadline",
    "extension",
    "case_record",
    "case_closing",
    "case_branch",
    "closed_month",
    "in_force",
    "paper_proof",
    "chase",
    "token",
    "publication",
    "vault_right",
    "second_factor",
    "key_pair",
    "case_key",
    "case_envelope",
    "sealed_box",
    "office_half",
)
"""The tables whose rows are bound, with all their columns."""

UNTOLD = ("unit", "record_version")
"""Rows that are bound whenever they come in: the hash of a version stands in the event of its submission."""

START = "0" * 64
AT_A_TIME = 1000
_said = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

TABLE = """
    CREATE TABLE IF NOT EXISTS binding (
      seq INTEGER PRIMARY KEY, data TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL) STRICT ;;
    CREATE TRIGGER IF NOT EXISTS binding_is_append_only_update BEFORE UPDATE ON binding
      BEGIN SELECT RAISE(ABORT, 'binding is append-only'); END ;;
    CREATE TRIGGER IF NOT EXISTS binding_is_append_only_delete BEFORE DELETE ON binding
      BEGIN SELECT RAISE(ABORT, 'binding is append-only'); END
"""


@dataclass(frozen=True)
class RowShape:
    """What the hash of a row is made of: its key, and what each column is when nothing was entered."""

    table: str
    key: tuple[str, ...]
    defaults: dict[str, Any]

    def where(self) -> str:
        return " AND ".join(f"[{name}] = ?" for name in self.key)

    def key_of(self, row: dict[str, Any]) -> str:
        return _joined([row[name] for name in self.key])

    def hash_of(self, row: dict[str, Any]) -> str:
        """Columns that hold their default are left out, so that a column added later changes no hash."""
        told = {
            name: hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value
            for name, value in row.items()
            if name in self.key or value != self.defaults[name]
        }
        return hashlib.sha256(_said([self.table, told]).encode("utf-8", "surrogatepass")).hexdigest()


def _joined(values: list[Any]) -> str:
    return str(values[0]) if len(values) == 1 else _said(values)


def values_of(key: str, shape: RowShape) -> list[Any]:
    return [key] if len(shape.key) == 1 else json.loads(key)


def shapes(db: Database) -> dict[str, RowShape]:
    """The shapes of the bound tables that there are."""
    found = {}
    for table in BOUND:
        columns = db.execute(f"PRAGMA table_info([{table}])").fetchall()
        if not columns:
            continue
        keys = sorted((place, name) for _cid, name, _type, _null, _default, place in columns if place)
        defaults = {name: _evaluated(db, default) for _cid, name, _t, _n, default, _p in columns}
        found[table] = RowShape(table, tuple(name for _place, name in keys), defaults)
    return found


def _evaluated(db: Database, default: str | None) -> Any:
    return None if default is None else db.execute(f"SELECT {default}").fetchone()[0]


# --- noting what a transaction touches ------------------------------------------------------------


def watch(db: Database) -> dict[str, RowShape]:
    """Note every touched row of this connection from now on; the shapes of what is watched."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS touched_rows (tbl TEXT, key TEXT, act TEXT)")
    found = shapes(db)
    for table, key in (*((one.table, one.key) for one in found.values()), ("audit", ("id",))):
        for act, sides in (("INSERT", ["NEW"]), ("UPDATE", ["OLD", "NEW"]), ("DELETE", ["OLD"])):
            row = [f"'{table}', {_in_sql(side, key)}, '{act}'" for side in sides]
            notes = "".join(f"INSERT INTO touched_rows VALUES ({one});" for one in row)
            db.execute(
                f"CREATE TEMP TRIGGER IF NOT EXISTS touched_{table}_{act}"
                f" AFTER {act} ON main.[{table}] BEGIN {notes} END"
            )
    return found


def _in_sql(side: str, key: tuple[str, ...]) -> str:
    names = ", ".join(f"{side}.[{name}]" for name in key)
    return names if len(key) == 1 else f"json_array({names})"


def bind(db: Database, known: dict[str, RowShape], is_told: bool, taken_over: bool = False) -> None:
    """Bind what the transaction under way touched; nothing of it when no audit event tells of it."""
    touched = db.execute("SELECT DISTINCT tbl, key, act FROM touched_rows").fetchall()
    if not touched:
        return
    db.execute("DELETE FROM touched_rows")
    told = [key for table, key, _act in touched if table == "audit"]
    rows: dict[str, dict[str, str | None]] = {}
    for table, key, act in touched:
        if table != "audit" and (told or is_told or (table in UNTOLD and act == "INSERT")):
            rows.setdefault(table, {})[key] = _hash_now(db, known[table], key)
    if rows:
        append(db, {"rows": rows} | ({"taken_over": True} if taken_over else {"audit": events(db, told)}))


def events(db: Database, ids: list[str]) -> dict[str, str]:
    marks = ", ".join("?" * len(ids))
    return dict(db.execute(f"SELECT id, hash FROM audit WHERE id IN ({marks})", ids).fetchall())


def _hash_now(db: Database, shape: RowShape, key: str) -> str | None:
    values = values_of(key, shape)
    rows = list(dicts(db, f"SELECT * FROM [{shape.table}] WHERE {shape.where()}", values))
    return shape.hash_of(rows[0]) if rows else None


def dicts(db: Database, sql: str, params: list[Any] | None = None) -> Iterator[dict[str, Any]]:
    cursor = db.conn.execute(sql, params or [])
    names = [column[0] for column in cursor.description]
    while rows := cursor.fetchmany(AT_A_TIME):
        yield from (dict(zip(names, row, strict=True)) for row in rows)


def append(db: Database, data: dict[str, Any]) -> None:
    """Append one row to the chain."""
    seq, prev = newest(db) or (0, START)
    text = _said(data)
    row = [seq + 1, text, prev, chained(prev, seq + 1, text)]
    db.conn.execute("INSERT INTO binding VALUES (?, ?, ?, ?)", row)


def newest(db: Database) -> tuple[int, str] | None:
    """Seq and hash of the newest row of the chain."""
    row = db.execute("SELECT seq, hash FROM binding ORDER BY seq DESC LIMIT 1").fetchone()
    return (row[0], row[1]) if row else None


def chained(prev: str, seq: int, text: str) -> str:
    return hashlib.sha256(f"{prev}{seq}{text}".encode("utf-8", "surrogatepass")).hexdigest()


# --- upgrades -------------------------------------------------------------------------------------


def exists(db: Database) -> bool:
    """Whether this database binds its rows yet."""
    return bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = 'binding'").fetchone())


def take_over(db: Database, *tables: str) -> None:
    """Bind the rows of tables that were not bound before; a step of an upgrade names them."""
    for table, shape in shapes(db).items() if newest(db) else ():
        if table in tables:
            _take_over(db, shape)


def after_upgrade(db: Database, known: dict[str, RowShape] | None) -> None:
    """Bind what an upgrade changed, said as such; all there is when nothing was bound before.

    ``known`` is None then. A table that the upgrade built anew has lost its watch: it is taken over whole.
    """
    now = shapes(db)
    if known is None:
        rebuilt = list(now)
    else:
        watched = "SELECT name FROM sqlite_temp_master WHERE name = ?"
        rebuilt = [one for one in now if not db.execute(watched, [f"touched_{one}_INSERT"]).fetchone()]
        bind(db, now, is_told=True, taken_over=True)
    for table in rebuilt:
        _take_over(db, now[table])


def _take_over(db: Database, shape: RowShape) -> None:
    rows = dicts(db, f"SELECT * FROM [{shape.table}]")
    while some := {shape.key_of(row): shape.hash_of(row) for row in islice(rows, AT_A_TIME)}:
        append(db, {"rows": {shape.table: some}, "taken_over": True})
