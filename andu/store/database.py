"""The database: sqlite-utils tables behind a small set of verbs, and one way to write.

Every owner module of a table calls these verbs; none of them sees a connection. A write happens only
inside ``with store.write()``, which first takes a file lock (so that waiting writers queue instead of
polling) and then BEGIN IMMEDIATE (a deferred transaction that reads before it writes fails at once
with "database is locked"). synchronous is FULL: what was committed survives a power cut.
"""

from __future__ import annotations

import errno
import fcntl
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database, Migrations
from sqlite_utils.utils import sqlite3  # pysqlite3 where it is installed: one alias for both

from andu.store import binding

Row = dict[str, Any]
Params = Sequence[Any]


class NotInTransaction(RuntimeError):
    """A write outside ``with store.write()``."""


class WriteOpen(RuntimeError):
    """Another program was to be started inside ``with store.write()``."""


class Unwritable(RuntimeError):
    """Nothing can be stored now: ``why`` is ``FULL`` (or the disk fails) or ``READ_ONLY``."""

    def __init__(self, why: str) -> None:
        super().__init__(_TOLD[why])
        self.why = why


class Unreadable(RuntimeError):
    """The file is no database, or is damaged; the Chinese message says so."""


FULL, READ_ONLY = "full", "read-only"
_TOLD = {
    FULL: "数据目录所在的磁盘满了或写不进去，什么都存不下来：请清理磁盘后再试。",
    READ_ONLY: "数据目录只读或不属于本账号，什么都存不下来：请检查磁盘和文件夹的权限。",
}
_SAID = {
    "database or disk is full": FULL,
    "disk I/O error": FULL,
    "attempt to write a readonly database": READ_ONLY,
    "unable to open database file": READ_ONLY,
}
_SPOILT = ("file is not a database", "database disk image is malformed")
_NUMBERS = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO), FULL),
    **dict.fromkeys((errno.EROFS, errno.EACCES, errno.EPERM), READ_ONLY),
}


@contextmanager
def saying_unwritable() -> Iterator[None]:
    """A disk that is full or read-only raises ``Unwritable``; other faults stay as they are."""
    try:
        yield
    except sqlite3.OperationalError as fault:
        why = _SAID.get(str(fault))
        if why is None:
            raise
        raise Unwritable(why) from fault
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as fault:
        if str(fault) not in _SPOILT:
            raise
        said = f"数据库 andu.db 读不了（{fault}）：文件已损坏或不是数据库，请从备份恢复。"
        raise Unreadable(said) from fault
    except OSError as fault:
        why = _NUMBERS.get(fault.errno or 0)
        if why is None:
            raise
        raise Unwritable(why) from fault


class Damaged(RuntimeError):
    """A guard of the database is gone: somebody changed it from outside."""


def journal_mode(version: tuple[int, ...]) -> str:
    """WAL for a SQLite that has the fix of the WAL-reset bug, TRUNCATE for any other.

    Fixed in 3.51.3 and, carried back, in 3.50.7 and 3.44.6 (sqlite.org/wal.html#the_wal_reset_bug).
    """
    fixed = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    return "wal" if fixed else "truncate"


class _Gate:
    """A lock between processes and threads: whoever waits is queued by the kernel, whoever dies lets go."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def __enter__(self) -> None:
        if self._file is None:  # opened by the first write: reading needs no lock, nor a writable folder
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_error: object) -> None:
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def __del__(self) -> None:
        if self._file is not None:
            os.close(self._file)


class Store:
    """One SQLite file. Connections are opened per thread and per process, when first needed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()

    # --- connections -------------------------------------------------------------------------

    @property
    def _gate(self) -> _Gate:
        gate: _Gate = (self._db, self._local.gate)[1]
        return gate

    @property
    def _db(self) -> Database:
        if getattr(self._local, "pid", None) != os.getpid():
            self._connect()
        return self._local.db

    def _connect(self) -> None:
        # A connection that came through a fork is kept but never used nor closed: SQLite allows neither.
        self._local.inherited = dict(self._local.__dict__)
        connection = sqlite3.connect(
            str(self.path), timeout=30, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        self._local.db = Database(connection)
        self._local.gate = _Gate(self.path.with_suffix(".lock"))
        self._local.depth = 0
        self._local.watched = None
        self._local.pid = os.getpid()

    def close(self) -> None:
        """Close this thread's connection."""
        if getattr(self._local, "pid", None) == os.getpid():
            self._local.__dict__.clear()

    def migrate(self) -> None:
        """Create the database or bring it up to date; safe when several processes start at once."""
        from andu.store.migrations import migrations

        with saying_unwritable():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._keep_private()
        with saying_unwritable(), self._gate:
            self._db.execute(f"PRAGMA journal_mode = {journal_mode(sqlite3.sqlite_version_info)}").fetchall()
            if migrations.pending(self._db):
                self._upgrade(migrations)
            _assert_guards(self._db)

    def _keep_private(self) -> None:
        """Whoever starts it, under whatever umask: nobody else reads the database or what belongs to it."""
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        for path in self.path.parent.glob(f"{self.path.name}*"):
            state = path.stat()
            if state.st_mode & 0o077 and state.st_uid == os.geteuid():
                path.chmod(0o600)

    def _upgrade(self, migrations: Migrations) -> None:
        """All steps, and the binding of what they changed, in one transaction."""
        watched = binding.watch(self._db) if binding.exists(self._db) else None
        self._db.execute("BEGIN IMMEDIATE")
        try:
            migrations.apply(self._db)
            binding.after_upgrade(self._db, watched)
            self._db.conn.commit()
        except BaseException:
            self._db.conn.rollback()
            raise

    def engine(self) -> str:
        """The SQLite version and journal mode in use, for the start-up message."""
        mode = self._db.execute("PRAGMA journal_mode").fetchone()[0]
        return f"SQLite {sqlite3.sqlite_version}, journal_mode={mode}, synchronous=FULL"

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
        with saying_unwritable(), self._gate:
            if self._local.watched is None:
                self._local.watched = binding.watch(self._db)
            self._db.execute("BEGIN IMMEDIATE")
            self._local.depth, self._local.is_told = 1, False
            try:
                yield
                binding.bind(self._db, self._local.watched, self._local.is_told)
                self._db.conn.commit()
            except BaseException:
                self._db.conn.rollback()
                raise
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
    def snapshot(self) -> Iterator[Database]:
        """The database at one moment, for ``andu.store.comparing``; whoever writes meanwhile is not seen."""
        self._db.execute("BEGIN")
        try:
            yield self._db
        finally:
            self._db.conn.rollback()

    def copy_to(self, path: Path) -> None:
        """Write the database, as it stands at one moment, into a new file; keeps nobody waiting."""
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with saying_unwritable():
            self._db.conn.execute("VACUUM INTO ?", [str(path)])

    @property
    def is_writing(self) -> bool:
        """True inside ``write()`` on this thread."""
        return bool(self._db) and self._local.depth > 0

    def require_no_write(self, what: str) -> None:
        """Raise ``WriteOpen`` when this thread holds a write: nobody waits for another program meanwhile."""
        if self.is_writing:
            raise WriteOpen(f"{what} inside `with store.write():`")

    def _for_writing(self) -> Database:
        if not self.is_writing:
            raise NotInTransaction("writes belong inside `with store.write():`")
        return self._db

    def insert(self, table: str, row: Mapping[str, Any]) -> None:
        """Insert one row; never creates a table or a column, never replaces a row."""
        columns = ", ".join(f"[{name}]" for name in row)
        marks = ", ".join("?" * len(row))
        # Only names from code reach this text; values are always bound.
        self._for_writing().conn.execute(
            f"INSERT INTO [{table}] ({columns}) VALUES ({marks})", list(row.values())
        )

    def update(self, table: str, key: str, changes: Mapping[str, Any]) -> None:
        """Change one row by its key; ``KeyError`` when there is none."""
        settings = ", ".join(f"[{name}] = ?" for name in changes)
        if not self.execute(f"UPDATE [{table}] SET {settings} WHERE id = ?", [*changes.values(), key]):
            raise KeyError(f"{table}: {key}")

    def delete(self, table: str, key: str) -> None:
        """Delete one row by its key, if it is there."""
        self.execute(f"DELETE FROM [{table}] WHERE id = ?", [key])

    def put_words(self, table: str, row: int, words: Mapping[str, str]) -> None:
        """Keep these words under a number in a table of words (``verbs``), in place of any it had."""
        self.drop_words(table, row, row)
        self.insert(table, {"rowid": row, **words})

    def drop_words(self, table: str, first: int, last: int) -> None:
        """Remove the words of these numbers, both ends included."""
        self.execute(f"DELETE FROM [{table}] WHERE rowid BETWEEN ? AND ?", [first, last])

    def execute(self, sql: str, params: Params = ()) -> int:
        """Run one writing statement inside ``write()``; returns the number of rows it touched."""
        return int(self._for_writing().conn.execute(sql, list(params)).rowcount)

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
        """All rows of ``table`` that fit. Always a list: a half-read cursor would pin the WAL."""
        sql = f"SELECT * FROM [{table}] WHERE {where}"  # noqa: S608 - names and conditions from code alone
        sql += f" ORDER BY {order_by}" if order_by else ""
        if limit is not None or offset is not None:
            sql += " LIMIT ? OFFSET ?"
            params = [*params, -1 if limit is None else limit, offset or 0]
        return self.query(sql, params)

    def query(self, sql: str, params: Params = ()) -> list[Row]:
        """The rows of a SELECT with ``?`` parameters."""
        # Among no values there is nothing to be found; an empty list would have the whole table read.
        cursor = self._db.conn.execute(sql.replace(" IN ()", " IN (NULL)"), list(params))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def count(self, table: str, where: str = "1=1", params: Params = ()) -> int:
        """How many rows of ``table`` fit."""
        sql = f"SELECT count(*) AS n FROM [{table}] WHERE {where}"  # noqa: S608 - from code alone
        return int(self.query(sql, params)[0]["n"])

    @contextmanager
    def alone(self, name: str) -> Iterator[bool]:
        """Whether this process is the only one at work under this name; never waits, frees it at the end."""
        with open(self.path.with_name(f"{name}.lock"), "w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def integrity(self) -> list[str]:
        """What SQLite's own integrity check finds wrong; empty when all is well."""
        found = [row[0] for row in self._db.execute("PRAGMA integrity_check").fetchall()]
        return [] if found == ["ok"] else found


GUARDS = (
    "audit_is_append_only_update",
    "audit_is_append_only_delete",
    "register_is_never_deleted",
    "binding_is_append_only_update",
    "binding_is_append_only_delete",
)


def _assert_guards(db: Database) -> None:
    # sqlite-utils' transform() drops triggers without a word: a migration that used it must not pass.
    missing = set(GUARDS) - {trigger.name for trigger in db.triggers}
    if missing:
        raise Damaged(f"triggers are missing: {sorted(missing)}")
