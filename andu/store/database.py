"""The database: tables behind a small set of verbs, and one way to write.

Every owner module of a table calls these verbs; none of them sees a connection. A write happens only
inside ``with store.write()``, where nobody else writes. What was committed survives a power cut.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from andu.store import binding, verbs
from andu.store.connection import Connection, Params, Row
from andu.store.faults import NotInTransaction, WriteOpen
from andu.store.sqlite import Sqlite


class Store:
    """One SQLite file, or one database of a PostgreSQL server where ``address`` names it.

    ``driver`` is the DB-API module that speaks to the server. Connections are opened per thread and per
    process, when first needed: none is carried through a fork.
    """

    def __init__(self, path: Path, address: str = "", driver: str = "psycopg") -> None:
        self.path, self.address, self.driver = path, address, driver
        self._local = threading.local()
        self._shapes: dict[str, binding.RowShape] | None = None

    # --- connections -------------------------------------------------------------------------

    @property
    def _db(self) -> Connection:
        if getattr(self._local, "pid", None) != os.getpid():
            self._connect()
        connection: Connection = self._local.db
        return connection

    def _connect(self) -> None:
        # A connection that came through a fork is kept but never used nor closed: no engine allows either.
        self._local.inherited = dict(self._local.__dict__)
        self._local.db = _opened(self.path, self.address, self.driver)
        self._local.depth = 0
        self._local.shapes = None
        self._local.pid = os.getpid()

    def close(self) -> None:
        """Close this thread's connection."""
        if getattr(self._local, "pid", None) == os.getpid():
            self._local.db.leave()
            self._local.__dict__.clear()

    def migrate(self) -> None:
        """Create the database or bring it up to date; safe when several processes start at once."""
        self._db.upgrade()
        self._shapes = None

    def engine(self) -> str:
        """What the database is in, for the start-up message."""
        return self._db.described()

    # --- writing -----------------------------------------------------------------------------

    @contextmanager
    def write(self) -> Iterator[None]:
        """One write transaction; an inner ``write()`` joins the outer one.

        Commits at the end of the outermost block, rolls everything back on any exception. Never hold
        it while rendering a paper or calling another program.
        """
        if self._db and self._local.depth:
            self._local.depth += 1
            try:
                yield
            finally:
                self._local.depth -= 1
            return
        if self._local.shapes is None:
            self._shapes = self._local.shapes = binding.watch(self._db, self._shapes)
        with self._db.writing():
            self._local.depth, self._local.is_told = 1, False
            try:
                yield
                binding.bind(self._db, self._local.shapes, self._local.is_told)
            finally:
                self._local.depth = 0

    @contextmanager
    def leasing(self) -> Iterator[str]:
        """A short transaction about leases alone (``work``); joins a ``write()`` that is open.

        Where an engine locks rows one by one it waits for no writer. Yields what then stands behind the
        SELECT of what is to be had.
        """
        if self.is_writing:
            yield ""
            return
        with self._db.leasing() as unlocked:
            self._local.depth, self._local.is_told = 1, False
            try:
                yield unlocked
            finally:
                self._local.depth = 0

    def bind(self) -> None:
        """This transaction is the application's own though no audit event tells of it: bind its rows too."""
        self._for_writing()
        self._local.is_told = True

    def newest_binding(self) -> tuple[int, str] | None:
        """Seq and hash of the newest binding of rows (andu.store.binding)."""
        return binding.newest(self._db)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """The database at one moment, for the store's own readers; whoever writes meanwhile is not seen."""
        with self._db.snapshot():
            yield self._db

    @contextmanager
    def filling(self) -> Iterator[Connection]:
        """One transaction in which a copy of another store comes in, with the bindings its rows have."""
        with self._db.writing():
            yield self._db

    def copy_to(self, path: Path) -> None:
        """Write the database, as it stands at one moment, into a new SQLite file; keeps nobody waiting."""
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        self._db.copy_to(path)

    @property
    def is_writing(self) -> bool:
        """True inside ``write()`` on this thread."""
        return bool(self._db) and self._local.depth > 0

    def require_no_write(self, what: str) -> None:
        """Raise ``WriteOpen`` when this thread holds a write: nobody waits for another program meanwhile."""
        if self.is_writing:
            raise WriteOpen(f"{what} inside `with store.write():`")

    def _for_writing(self) -> Connection:
        if not self.is_writing:
            raise NotInTransaction("writes belong inside `with store.write():`")
        return self._db

    def insert(self, table: str, row: Mapping[str, Any]) -> None:
        """Insert one row; never creates a table or a column, never replaces a row."""
        # Only names from code reach this text; values are always bound.
        self.execute(insertion(table, list(row)), list(row.values()))

    def update(self, table: str, key: str, changes: Mapping[str, Any]) -> None:
        """Change one row by its key; ``KeyError`` when there is none."""
        settings = ", ".join(f'"{name}" = ?' for name in changes)
        if not self.execute(f"UPDATE {table} SET {settings} WHERE id = ?", [*changes.values(), key]):
            raise KeyError(f"{table}: {key}")

    def delete(self, table: str, key: str) -> None:
        """Delete one row by its key, if it is there."""
        self.execute(f"DELETE FROM {table} WHERE id = ?", [key])

    def put_words(self, table: str, row: int, words: Mapping[str, str]) -> None:
        """Keep these words under a number in a table of words (``verbs``), in place of any it had."""
        self.drop_words(table, row, row)
        self._for_writing().put_words(table, row, dict(words))

    def drop_words(self, table: str, first: int, last: int) -> None:
        """Remove the words of these numbers, both ends included."""
        self.execute(f"DELETE FROM {table} WHERE {verbs.word_row(table)} BETWEEN ? AND ?", [first, last])

    def execute(self, sql: str, params: Params = ()) -> int:
        """Run one writing statement inside ``write()``; returns the number of rows it touched."""
        return self._for_writing().change(sql, params)

    def keep_bytes(self, sha: str, data: bytes) -> None:
        """Keep the bytes of a file by their hash: with what is being written, or else at once."""
        said = "INSERT INTO stored_file (sha, data) VALUES (?, ?)"
        self._db.change(f"{said} ON CONFLICT (sha) DO UPDATE SET data = excluded.data", [sha, data])

    def hold_lines(self) -> None:
        """Be a place for lines and nothing else (``lines``)."""
        with self._db.writing():
            self._db.change(
                "CREATE TABLE IF NOT EXISTS line"
                " (name text NOT NULL, n bigint NOT NULL, said text NOT NULL, PRIMARY KEY (name, n))"
            )

    def add_line(self, name: str, said: str) -> None:
        """Add a line behind those of its name."""
        with self._db.writing():
            self._db.change(
                "INSERT INTO line (name, n, said)"
                " SELECT ?, coalesce(max(n), 0) + 1, ? FROM line WHERE name = ?",
                [name, said, name],
            )

    # --- reading -----------------------------------------------------------------------------

    def get(self, table: str, key: str) -> Row | None:
        """The row with this id, or ``None``."""
        rows = self.rows_where(table, "id = ?", [key])
        return rows[0] if rows else None

    def rows_where(
        self,
        table: str,
        where: str = "1=1",
        params: Params = (),
        order_by: str | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> list[Row]:
        """All rows of ``table`` that fit. Always a list: a half-read cursor would pin the snapshot."""
        sql = f"SELECT * FROM {table} WHERE {where}"  # noqa: S608 - names and conditions from code alone
        sql += f" ORDER BY {order_by}" if order_by else ""
        if limit is not None or offset is not None:
            sql += " LIMIT ? OFFSET ?"
            params = [*params, self._db.no_limit if limit is None else limit, offset or 0]
        return self.query(sql, params)

    def query(self, sql: str, params: Params = ()) -> list[Row]:
        """The rows of a SELECT with ``?`` parameters."""
        return self._db.select(sql, params)

    def count(self, table: str, where: str = "1=1", params: Params = (), most: int | None = None) -> int:
        """How many rows of ``table`` fit; looked for up to ``most`` of them, if that is said."""
        sql = f"SELECT count(*) AS n FROM {table} WHERE {where}"  # noqa: S608 - from code alone
        if most is not None:
            sql = f"SELECT count(*) AS n FROM (SELECT 1 FROM {table} WHERE {where} LIMIT ?) AS found"  # noqa: S608
            params = [*params, most]
        return int(self.query(sql, params)[0]["n"])

    def tables(self) -> list[str]:
        """The names of all tables, those of words among them."""
        return self._db.table_list()

    def integrity(self) -> list[str]:
        """What the engine's own integrity check finds wrong; empty when all is well."""
        return self._db.integrity()


def insertion(table: str, columns: list[str]) -> str:
    """The statement that puts in one row."""
    names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({names}) VALUES ({marks})"


def _opened(path: Path, address: str, driver: str) -> Connection:
    if address:
        from andu.store.postgresql import Postgresql  # its module is wanted by nobody else

        return Postgresql(address, driver)
    return Sqlite(path)
