"""The store in one SQLite file, by sqlite-utils.

A write first takes a file lock (so that waiting writers queue instead of polling) and then BEGIN IMMEDIATE
(a deferred transaction that reads before it writes fails at once with "database is locked"). synchronous is
FULL.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # pysqlite3 where it is installed: one alias for both

from andu.store import binding, sqlite_words, verbs
from andu.store.connection import Column, Params, Row
from andu.store.faults import FULL, READ_ONLY, Damaged, Unreadable, Unwritable
from andu.store.migrations import GUARDS, migrations

AT_A_TIME = 1000
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


class Sqlite(Database):
    """``Connection`` to the file at ``path``: a database of sqlite-utils, with the verbs of the store."""

    no_limit: int | None = -1

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.is_dir():  # SQLite says of it what it says of a file that may not be read
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        with saying_unwritable():
            super().__init__(
                sqlite3.connect(str(path), timeout=30, isolation_level=None, check_same_thread=False)
            )
            self.conn.execute("PRAGMA foreign_keys = ON")
            self.conn.execute("PRAGMA synchronous = FULL")
        self._gate = _Gate(path.with_suffix(".lock"))

    # --- statements --------------------------------------------------------------------------

    def _run(self, sql: str, params: Params) -> Any:
        # Among no values there is nothing to be found; an empty list would have the whole table read.
        said = verbs.spoken(sqlite_words, sql).replace(" IN ()", " IN (NULL)")
        return self.conn.execute(said, [_bound(one) for one in params])

    def select(self, sql: str, params: Params = ()) -> list[Row]:
        cursor = self._run(sql, params)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def stream(self, sql: str, params: Params = ()) -> Iterator[Row]:
        cursor = self._run(sql, params)
        names = [column[0] for column in cursor.description]
        while rows := cursor.fetchmany(AT_A_TIME):
            yield from (dict(zip(names, row, strict=True)) for row in rows)

    def change(self, sql: str, params: Params = ()) -> int:
        return int(self._run(sql, params).rowcount)

    def put_words(self, table: str, row: int, words: dict[str, str]) -> None:
        names, marks = ", ".join(["rowid", *words]), ", ".join("?" * (len(words) + 1))
        self.change(f"INSERT INTO {table} ({names}) VALUES ({marks})", [row, *words.values()])

    # --- transactions ------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        with saying_unwritable(), self._gate:
            self.conn.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.conn.commit()
            except BaseException:
                self.conn.rollback()
                raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        self.conn.execute("BEGIN")
        try:
            yield
        finally:
            self.conn.rollback()

    @contextmanager
    def leasing(self) -> Iterator[str]:
        with self.writing():
            yield ""

    # --- migrations --------------------------------------------------------------------------

    def make(self, statement: str) -> None:
        self.conn.execute(statement)

    def upgrade(self) -> None:
        with saying_unwritable():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._keep_private()
        with saying_unwritable(), self._gate:
            self.conn.execute(f"PRAGMA journal_mode = {journal_mode(sqlite3.sqlite_version_info)}").fetchall()
            if migrations.pending(self):
                self._apply()
            self._assert_guards()

    def _keep_private(self) -> None:
        """Whoever starts it, under whatever umask: nobody else reads the database or what belongs to it."""
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        for path in self.path.parent.glob(f"{self.path.name}*"):
            state = path.stat()
            if state.st_mode & 0o077 and state.st_uid == os.geteuid():
                path.chmod(0o600)

    def _apply(self) -> None:
        """All steps, and the binding of what they changed, in one transaction."""
        watched = binding.watch(self) if binding.exists(self) else None
        self.conn.execute("BEGIN IMMEDIATE")
        try:
            migrations.apply(self)
            binding.after_upgrade(self, watched)
            self.conn.commit()
        except BaseException:
            self.conn.rollback()
            raise

    def _assert_guards(self) -> None:
        # sqlite-utils' transform() drops triggers without a word: a migration that used it must not pass.
        missing = set(GUARDS) - {trigger.name for trigger in self.triggers}
        if missing:
            raise Damaged(f"triggers are missing: {sorted(missing)}")

    def table_list(self) -> list[str]:
        rows = self.conn.execute("PRAGMA table_list").fetchall()
        mine = [
            name for schema, name, kind, *_more in rows if schema == "main" and kind in ("table", "virtual")
        ]
        return sorted(one for one in mine if not one.startswith(("_", "sqlite_")))

    def references(self, table: str) -> set[str]:
        return {row[2] for row in self.conn.execute(f"PRAGMA foreign_key_list([{table}])").fetchall()}

    def applied(self) -> set[str]:
        return {one.name for one in migrations.applied(self)}

    @contextmanager
    def resting(self, tables: list[str]) -> Iterator[None]:
        triggers = [one for one in self.triggers if one.table in tables]
        for one in triggers:
            self.conn.execute(f"DROP TRIGGER {one.name}")
        yield
        for one in triggers:
            self.conn.execute(one.sql)

    def columns_of(self, table: str) -> list[Column]:
        rows = self.conn.execute(f"PRAGMA table_info([{table}])").fetchall()
        return [Column(name, self._evaluated(default), place) for _cid, name, _t, _n, default, place in rows]

    def _evaluated(self, default: str | None) -> Any:
        return None if default is None else self.conn.execute(f"SELECT {default}").fetchone()[0]

    # --- what is touched ---------------------------------------------------------------------

    def watch(self, keys: dict[str, tuple[str, ...]]) -> None:
        """Temporary triggers, which only this program's connections have."""
        self.conn.execute("CREATE TEMP TABLE IF NOT EXISTS touched_rows (tbl TEXT, key TEXT, act TEXT)")
        for table, key in keys.items():
            for act, sides in (("INSERT", ["NEW"]), ("UPDATE", ["OLD", "NEW"]), ("DELETE", ["OLD"])):
                row = [f"'{table}', {_in_sql(side, key)}, '{act}'" for side in sides]
                notes = "".join(f"INSERT INTO touched_rows VALUES ({one});" for one in row)
                self.conn.execute(
                    f"CREATE TEMP TRIGGER IF NOT EXISTS touched_{table}_{act}"
                    f" AFTER {act} ON main.[{table}] BEGIN {notes} END"
                )

    def is_watched(self, table: str) -> bool:
        asked = "SELECT 1 FROM sqlite_temp_master WHERE name = ?"
        return self.conn.execute(asked, [f"touched_{table}_INSERT"]).fetchone() is not None

    def touched(self) -> list[tuple[str, str, str]]:
        found = self.conn.execute("SELECT DISTINCT tbl, key, act FROM touched_rows").fetchall()
        if found:
            self.conn.execute("DELETE FROM touched_rows")
        return list(found)

    # --- the whole ---------------------------------------------------------------------------

    def copy_to(self, path: Path) -> None:
        with saying_unwritable():
            self.conn.execute("VACUUM INTO ?", [str(path)])

    def integrity(self) -> list[str]:
        found = [row[0] for row in self.conn.execute("PRAGMA integrity_check").fetchall()]
        return [] if found == ["ok"] else found

    def described(self) -> str:
        mode = self.conn.execute("PRAGMA journal_mode").fetchone()[0]
        return f"SQLite {sqlite3.sqlite_version}, journal_mode={mode}, synchronous=FULL"

    def leave(self) -> None:
        """Nothing to do: whoever forgets the connection closes it."""


def _bound(value: Any) -> Any:
    return verbs.asked(sqlite_words, value) if isinstance(value, verbs.Query) else value


def _in_sql(side: str, key: tuple[str, ...]) -> str:
    names = ", ".join(f"{side}.[{name}]" for name in key)
    return names if len(key) == 1 else f"json_array({names})"
