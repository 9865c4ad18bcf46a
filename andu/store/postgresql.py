"""The store in one database of a PostgreSQL server: the same rows, under the same promises.

One writer at a time, as on SQLite: a write first takes a lock of the server's (``pg_advisory_xact_lock``),
which dies with the connection that holds it. So numbers and chains have no gap, and no transaction has to be
done twice because another came between. A connection that broke while nothing was open is made again.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

from andu.store import binding, copying, postgresql_shape, postgresql_words, reaching, verbs
from andu.store.connection import Column, Params, Row
from andu.store.faults import AWAY, FULL, READ_ONLY, Damaged, Unreadable, Unwritable
from andu.store.migrations import GUARDS, migrations
from andu.store.postgresql_shape import ROW_NO

PATIENCE = 20.0
"""Seconds in which a server that is restarted may come back before it counts as away."""
_away: set[str] = set()
"""Servers that this process waited for in vain: until one answers, nobody waits that long for it again."""
AT_A_TIME = 1000
MIGRATIONS = "migration"
"""The table that says which steps were applied."""
AGAIN = ("40001", "40P01")
_WHY = {"53100": FULL, "25006": READ_ONLY}
_BOOL, _BYTES, _NUMERIC = 16, 17, 1700


class Postgresql:
    """``Connection`` to the database at an address, through a DB-API module like psycopg."""

    no_limit: int | None = None

    def __init__(self, address: str, module: str = "psycopg") -> None:
        self._address = address
        self._module: Any = reaching.imported(module)
        self._cursors, self._pid = count(), os.getpid()
        self._skips: bool | None = None
        self._is_open = self._is_before_rows = False
        self._raw: Any = None
        self._connect()

    # --- connecting --------------------------------------------------------------------------

    def _connect(self) -> None:
        was_away = self._address in _away
        until = time.monotonic() + (0 if was_away else PATIENCE)
        while True:
            try:
                self._raw = reaching.connected(self._module, self._address, in_haste=was_away)
                _away.discard(self._address)
                return
            except self._module.OperationalError as fault:
                if not reaching.comes_back(str(fault)):
                    why = " ".join(str(fault).split())
                    raise Unreadable(f"数据库服务器不让连接（{why}）：请检查 ANDU_STORE。") from fault
                if time.monotonic() > until:
                    _away.add(self._address)
                    raise Unwritable(AWAY) from fault
                time.sleep(0.2)

    def leave(self) -> None:
        self._raw.close()

    def __del__(self) -> None:
        if getattr(self, "_raw", None) is not None and self._pid == os.getpid():
            self._raw.close()

    # --- statements --------------------------------------------------------------------------

    def _run(self, sql: str, params: Params = ()) -> Any:
        """A cursor that ran the statement; made again on a new connection where nothing was open."""
        said, bound = _spoken(sql), [_bound(one) for one in params]
        for trial in count():
            try:
                return self._once(said, bound)
            except self._module.Error as fault:
                if self._is_open or trial > 2 or not (self._raw.closed or _code(fault) in AGAIN):
                    self._tell(fault)
                    raise
                if self._raw.closed:
                    self._connect()

    def _once(self, said: tuple[str, str], bound: list[Any]) -> Any:
        cursor = self._raw.cursor()
        if bound:
            cursor.execute(said[1], bound)
        else:
            cursor.execute(said[0])
        return cursor

    def _tell(self, fault: Exception) -> None:
        """Raise ``Unwritable`` for what is nobody's mistake."""
        if self._raw.closed:
            raise Unwritable(AWAY) from fault
        why = _WHY.get(_code(fault))
        if why:
            raise Unwritable(why) from fault

    def select(self, sql: str, params: Params = ()) -> list[Row]:
        return _rows(cursor := self._run(sql, params), cursor.fetchall())

    def stream(self, sql: str, params: Params = ()) -> Iterator[Row]:
        if not self._is_open:
            yield from self.select(sql, params)
            return
        name = f"rows_{next(self._cursors)}"
        self._run(f"DECLARE {name} NO SCROLL CURSOR FOR {sql}", params)
        while rows := self.select(f"FETCH {AT_A_TIME} FROM {name}"):
            yield from rows
        self._run(f"CLOSE {name}")

    def change(self, sql: str, params: Params = ()) -> int:
        return int(self._run(sql, params).rowcount)

    def put_words(self, table: str, row: int, words: dict[str, str]) -> None:
        vector = postgresql_words.word_vector(words)
        self.change(f"INSERT INTO {table} (id, words) VALUES (?, CAST(? AS tsvector))", [row, vector])

    # --- transactions ------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._transaction("BEGIN ISOLATION LEVEL READ COMMITTED"):
            self._run("SELECT pg_advisory_xact_lock(?)", [_key("andu writes")])
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        with suppress(_Undone), self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ"):
            yield
            raise _Undone

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        self._run(begin)
        self._is_open = True
        try:
            yield
            # a statement that failed, and whose fault was swallowed, would turn this into a rollback
            if (said := self._run("COMMIT").statusmessage) != "COMMIT":
                raise RuntimeError(f"not committed: {said}")
        except BaseException:
            with suppress(self._module.Error, Unwritable):
                self._run("ROLLBACK")
            raise
        finally:
            self._is_open = False

    @contextmanager
    def leasing(self) -> Iterator[str]:
        """Beside the one who writes: rows are locked singly, and those of others are passed over."""
        if not self._skips_locked():
            with self.writing():
                yield ""
            return
        with self._transaction("BEGIN ISOLATION LEVEL READ COMMITTED"):
            yield " FOR UPDATE SKIP LOCKED"

    def _skips_locked(self) -> bool:
        """Whether this server knows the words, asked once of each connection."""
        if self._skips is None:
            try:
                self._run(f"SELECT name FROM {MIGRATIONS} LIMIT 1 FOR UPDATE SKIP LOCKED")
                self._skips = True
            except self._module.Error:
                self._skips = False
        return self._skips

    def _value(self, sql: str, params: Params = ()) -> Any:
        return self._run(sql, params).fetchone()[0]

    # --- migrations --------------------------------------------------------------------------

    def make(self, statement: str) -> None:
        if self._is_before_rows and postgresql_shape.changes_rows(statement):
            return
        for said in postgresql_shape.statements(statement, self._key_of):
            self._raw.cursor().execute(said)

    def _key_of(self, table: str) -> list[str]:
        placed = sorted((one.place, one.name) for one in self.columns_of(table) if one.place)
        return [name for _place, name in placed]

    def upgrade(self) -> None:
        self._run("SELECT pg_advisory_lock(?)", [_key("andu upgrades")])
        try:
            with self._transaction("BEGIN"):
                self._apply()
        finally:
            self._run("SELECT pg_advisory_unlock(?)", [_key("andu upgrades")])
        self._assert_guards()

    def _apply(self) -> None:
        """All steps that are not applied yet, and the binding of what they changed."""
        applied = self.applied()
        if not applied:
            self._refuse_wrong_order()
            self._run(f"CREATE TABLE {MIGRATIONS} (name text PRIMARY KEY, applied_at text NOT NULL)")
        steps = migrations.all()
        pending = [one for one in steps if one[0] not in applied]
        if not pending:
            return
        known = binding.shapes(self) if binding.exists(self) else None
        last_without = [name for name, _step in steps].index(postgresql_shape.ROWS_SINCE)
        for name, step in pending:
            self._is_before_rows = [one for one, _step in steps].index(name) <= last_without
            step(self)
            row = [name, datetime.now(UTC).isoformat()]
            self._run(f"INSERT INTO {MIGRATIONS} (name, applied_at) VALUES (?, ?)", row)
        binding.after_upgrade(self, known)
        for table, key in binding.keys_of(binding.shapes(self)).items():
            for said in postgresql_shape.noting(table, key):
                self._raw.cursor().execute(said)

    def _refuse_wrong_order(self) -> None:
        """Texts are UTF-8 and sorted by their code, as SQLite sorts them: pages have one order everywhere."""
        is_utf8 = self._value("SHOW server_encoding") == "UTF8"
        if not is_utf8 or self._value("SELECT 'a' > 'B' AND '_' < 'a' AND '丙' > '丁'") is not True:
            raise Unreadable(
                "这个 PostgreSQL 数据库的排序规则或编码不合用：请用"
                " createdb --template=template0 --encoding=UTF8 --locale=C 另建一个空库。"
            )

    def _assert_guards(self) -> None:
        rows = self.select("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        wanted = {*GUARDS, *(f"touched_{table}" for table in binding.keys_of(binding.shapes(self)))}
        missing = wanted - {row["tgname"] for row in rows}
        if missing:
            raise Damaged(f"triggers are missing: {sorted(missing)}")

    def table_list(self) -> list[str]:
        rows = self.select("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        return sorted(row["tablename"] for row in rows if row["tablename"] != MIGRATIONS)

    def applied(self) -> set[str]:
        is_there = self.columns_of(MIGRATIONS)
        return {row["name"] for row in self.select(f"SELECT name FROM {MIGRATIONS}")} if is_there else set()

    def references(self, table: str) -> set[str]:
        rows = self.select(
            "SELECT CAST(confrelid AS regclass)::text AS other FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid = to_regclass(?)",
            [table],
        )
        return {row["other"] for row in rows}

    @contextmanager
    def resting(self, tables: list[str]) -> Iterator[None]:
        for table in tables:
            self._run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            if table in verbs.IN_ORDER:
                self._run(f"ALTER TABLE {table} ENABLE TRIGGER {table}_is_numbered")
        yield
        for table in tables:
            self._run(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    def columns_of(self, table: str) -> list[Column]:
        key = self.select(
            "SELECT CAST(indkey AS text) AS places FROM pg_index"
            " WHERE indrelid = to_regclass(?) AND indisprimary",
            [table],
        )
        places = key[0]["places"].split() if key else []
        rows = self.select(
            "SELECT attname, attnum, pg_get_expr(adbin, adrelid) AS said FROM pg_attribute"
            " LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
            " WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            [table],
        )
        return [
            Column(
                row["attname"],
                None if row["said"] is None else self._value(f"SELECT {row['said']}"),
                places.index(str(row["attnum"])) + 1 if str(row["attnum"]) in places else 0,
            )
            for row in rows
            if row["attname"] != ROW_NO
        ]

    # --- what is touched ---------------------------------------------------------------------

    def watch(self, keys: dict[str, tuple[str, ...]]) -> None:
        """Nothing to do: triggers note the rows for whoever has a table for it, as each connection has."""

    def is_watched(self, table: str) -> bool:
        asked = "SELECT 1 FROM pg_trigger WHERE tgname = ? AND tgrelid = to_regclass(?)"
        return bool(self.select(asked, [f"touched_{table}", table]))

    def touched(self) -> list[tuple[str, str, str]]:
        rows = self.select("SELECT DISTINCT tbl, key, act FROM touched_rows")
        if rows:
            self.change("DELETE FROM touched_rows")
        return [(row["tbl"], binding.key_again(row["key"]), row["act"]) for row in rows]

    # --- the whole ---------------------------------------------------------------------------

    def copy_to(self, path: Path) -> None:
        with self.snapshot():
            copying.into_sqlite(self, path)

    def integrity(self) -> list[str]:
        rows = self.select(
            "SELECT CAST(indexrelid AS regclass)::text AS name FROM pg_index WHERE NOT indisvalid"
        )
        return [f"index {row['name']} is not valid" for row in rows]

    def described(self) -> str:
        said = {
            name: self._value(f"SHOW {name}") for name in ("server_version", "fsync", "synchronous_commit")
        }
        return "PostgreSQL {server_version}, fsync={fsync}, synchronous_commit={synchronous_commit}".format(
            **said
        )


class _Undone(Exception):
    """A transaction that was never meant to be kept."""


@lru_cache(maxsize=4096)
def _spoken(sql: str) -> tuple[str, str]:
    """A statement as it is sent without values, and with them."""
    said = verbs.spoken(postgresql_words, sql).replace(" IN ()", " IN (NULL)")
    return said, said.replace("%", "%%").replace("?", "%s")


def _bound(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, verbs.Query):
        return verbs.asked(postgresql_words, value)
    return value


def _rows(cursor: Any, rows: list[Any]) -> list[Row]:
    """Rows as SQLite gives them: truth as 0 and 1, sums as whole numbers, no column of the engine's own."""
    names = [column[0] for column in cursor.description]
    plain = {
        name: _PLAIN[column[1]]
        for name, column in zip(names, cursor.description, strict=True)
        if column[1] in _PLAIN
    }
    found = [dict(zip(names, row, strict=True)) for row in rows]
    for row in found if plain or ROW_NO in names else ():
        row.pop(ROW_NO, None)
        for name, made in plain.items():
            if row[name] is not None:
                row[name] = made(row[name])
    return found


def _whole(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


_PLAIN: dict[int, Any] = {_BOOL: int, _BYTES: bytes, _NUMERIC: _whole}


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def _code(fault: Exception) -> str:
    return getattr(fault, "sqlstate", None) or getattr(fault, "pgcode", None) or ""
