"""Which rows are as the application left them: the SHA-256 of each row that a paper, a right or a signature
stands on, in a chain of its own. Owns table ``binding``.

Called by ``Store.write`` at each commit. A connection of this program, and no other, notes the rows that its
transaction touches; if it also wrote to the audit log (or said ``store.bind()``), one
row goes into ``binding`` with their new hashes, the hash of the row before, and the audit rows it belongs to.
A change made any other way is in no binding: ``comparing`` names its row. Binding costs the same however many
rows there are.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from itertools import islice
from typing import Any

from andu.store.connection import Connection, Row

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
    "pair_box",
    "second_look",
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
        return " AND ".join(f"{name} = ?" for name in self.key)

    def key_of(self, row: Row) -> str:
        return _joined([row[name] for name in self.key])

    def hash_of(self, row: Row) -> str:
        """Columns that hold their default are left out, so that a column added later changes no hash."""
        told = {
            name: hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value
            for name, value in row.items()
            if name in self.key or value != self.defaults[name]
        }
        return hashlib.sha256(_said([self.table, told]).encode("utf-8", "surrogatepass")).hexdigest()


def _joined(values: list[Any]) -> str:
    return str(values[0]) if len(values) == 1 else _said(values)


def key_again(key: str) -> str:
    """A key of several columns as it is written here, whatever blanks an engine puts between them."""
    return _said(json.loads(key)) if key.startswith("[") else key


def values_of(key: str, shape: RowShape) -> list[Any]:
    return [key] if len(shape.key) == 1 else json.loads(key)


def shapes(db: Connection) -> dict[str, RowShape]:
    """The shapes of the bound tables that there are."""
    found = {}
    for table in BOUND:
        columns = db.columns_of(table)
        if not columns:
            continue
        keys = sorted((one.place, one.name) for one in columns if one.place)
        defaults = {one.name: one.default for one in columns}
        found[table] = RowShape(table, tuple(name for _place, name in keys), defaults)
    return found


# --- noting what a transaction touches ------------------------------------------------------------


def watch(db: Connection, known: dict[str, RowShape] | None = None) -> dict[str, RowShape]:
    """Note every touched row of this connection from now on; the shapes of what is watched.

    ``known``: those shapes, where another connection of this process has asked for them.
    """
    found = known or shapes(db)
    db.watch(keys_of(found))
    return found


def keys_of(known: dict[str, RowShape]) -> dict[str, tuple[str, ...]]:
    """The keys of the tables that are watched: those that are bound, and the audit log."""
    return {one.table: one.key for one in known.values()} | {"audit": ("id",)}


def bind(db: Connection, known: dict[str, RowShape], is_told: bool, taken_over: bool = False) -> None:
    """Bind what the transaction under way touched; nothing of it when no audit event tells of it."""
    touched = db.touched()
    told = [key for table, key, _act in touched if table == "audit"]
    rows: dict[str, dict[str, str | None]] = {}
    for table, key, act in touched:
        if table != "audit" and (told or is_told or (table in UNTOLD and act == "INSERT")):
            rows.setdefault(table, {})[key] = _hash_now(db, known[table], key)
    if rows:
        append(db, {"rows": rows} | ({"taken_over": True} if taken_over else {"audit": events(db, told)}))


def events(db: Connection, ids: list[str]) -> dict[str, str]:
    marks = ", ".join("?" * len(ids))
    return {
        row["id"]: row["hash"] for row in db.select(f"SELECT id, hash FROM audit WHERE id IN ({marks})", ids)
    }


def _hash_now(db: Connection, shape: RowShape, key: str) -> str | None:
    rows = db.select(f"SELECT * FROM {shape.table} WHERE {shape.where()}", values_of(key, shape))
    return shape.hash_of(rows[0]) if rows else None


def append(db: Connection, data: dict[str, Any]) -> None:
    """Append one row to the chain."""
    seq, prev = newest(db) or (0, START)
    text = _said(data)
    row = [seq + 1, text, prev, chained(prev, seq + 1, text)]
    db.change("INSERT INTO binding (seq, data, prev, hash) VALUES (?, ?, ?, ?)", row)


def newest(db: Connection) -> tuple[int, str] | None:
    """Seq and hash of the newest row of the chain."""
    rows = db.select("SELECT seq, hash FROM binding ORDER BY seq DESC LIMIT 1")
    return (rows[0]["seq"], rows[0]["hash"]) if rows else None


def chained(prev: str, seq: int, text: str) -> str:
    return hashlib.sha256(f"{prev}{seq}{text}".encode("utf-8", "surrogatepass")).hexdigest()


# --- upgrades -------------------------------------------------------------------------------------


def exists(db: Connection) -> bool:
    """Whether this database binds its rows yet."""
    return bool(db.columns_of("binding"))


def take_over(db: Connection, *tables: str) -> None:
    """Bind the rows of tables that were not bound before; a step of an upgrade names them."""
    for table, shape in shapes(db).items() if newest(db) else ():
        if table in tables:
            _take_over(db, shape)


def after_upgrade(db: Connection, known: dict[str, RowShape] | None) -> None:
    """Bind what an upgrade changed, said as such; all there is when nothing was bound before.

    ``known`` is None then. A table that the upgrade built anew has lost its watch: it is taken over whole.
    """
    now = shapes(db)
    if known is None:
        rebuilt = list(now)
    else:
        rebuilt = [one for one in now if not db.is_watched(one)]
        bind(db, now, is_told=True, taken_over=True)
    for table in rebuilt:
        _take_over(db, now[table])


def _take_over(db: Connection, shape: RowShape) -> None:
    rows = db.stream(f"SELECT * FROM {shape.table}")
    while some := {shape.key_of(row): shape.hash_of(row) for row in islice(rows, AT_A_TIME)}:
        append(db, {"rows": {shape.table: some}, "taken_over": True})
