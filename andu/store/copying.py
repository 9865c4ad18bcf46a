"""Stands in until a database is copied into another."""

from __future__ import annotations

from pathlib import Path

from andu.store.connection import Connection


def into_sqlite(db: Connection, path: Path) -> None:
    """Write the database behind a connection into a new SQLite file."""
    raise NotImplementedError
