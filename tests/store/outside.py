"""Somebody who gets at the database past the application, on whichever engine the run is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import psycopg
from sqlite_utils.utils import sqlite3

from andu.store import Store
from andu.store.postgresql import MIGRATIONS

REFUSAL = (sqlite3.DatabaseError, psycopg.Error)
"""What an engine raises when it refuses a statement."""


class _ToServer:
    """A connection to a server that takes what is written for SQLite, as far as these tests write it."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def execute(self, sql: str, params: Sequence[Any] = ()) -> Any:
        sql = re.sub(r"^DROP TRIGGER (\w+?)(_is_\w+)$", r"DROP TRIGGER \1\2 ON \1", sql)
        cursor = psycopg.ClientCursor(self.connection)
        cursor.execute(sql.replace("%", "%%").replace("?", "%s").encode(), list(params))
        return cursor


@contextmanager
def outside(store: Store) -> Iterator[Any]:
    """A connection that no row is noted for; ``execute(sql, params)`` commits at once."""
    if store.address:
        with psycopg.connect(store.address, autocommit=True) as connection:
            yield _ToServer(connection)
        return
    with closing(sqlite3.connect(str(store.path), isolation_level=None)) as connection:
        yield connection


def at_rest(store: Store) -> None:
    """Have everything in the file of the database, so that its folder can be copied."""
    if not store.address:
        store.query("PRAGMA wal_checkpoint(TRUNCATE)")


def without_checks(connection: Any) -> None:
    """Past every trigger and every condition of a server."""
    connection.execute("SET session_replication_role = replica")
    found = connection.execute(
        "SELECT CAST(conrelid AS regclass)::text, conname FROM pg_constraint"
        " WHERE contype = 'c' AND conrelid <> 0"
    )
    for table, name in found.fetchall():
        connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


def migrations_of(store: Store) -> str:
    """The table that says which steps were applied."""
    return MIGRATIONS if store.address else "_sqlite_migrations"
