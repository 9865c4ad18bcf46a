"""An upgrade that changes bound rows, or builds their table anew, binds them again and says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from andu.store import Store, comparing
from andu.store.connection import Connection
from andu.store.migrations import migrations

GAP = (
    "CREATE TABLE gap_now (added TEXT, id TEXT PRIMARY KEY, series TEXT NOT NULL, year INTEGER NOT NULL,"
    " first INTEGER NOT NULL, last INTEGER NOT NULL, reason TEXT NOT NULL, confirmed_by TEXT NOT NULL,"
    " at TEXT NOT NULL) STRICT"
)


@pytest.fixture
def upgraded(tmp_path: Path) -> Iterator[Store]:
    """A database with two units and a gap, then an upgrade of both tables."""
    store = Store(tmp_path / "andu.db")
    store.migrate()
    with store.write():
        store.bind()
        for key in ("a", "b"):
            store.insert("unit", {"id": key, "name": key, "full_name": key, "position": 1})
        gap = {"id": "g", "series": "s", "year": 2026, "first": 1, "last": 2, "reason": "r"}
        store.insert("gap", {**gap, "confirmed_by": "x", "at": "2026-11-22T01:00:00Z"})
    assert comparing.differences(store) == []
    store.close()

    @migrations(name="an upgrade of a test")
    def upgrade(db: Connection) -> None:
        for statement in (
            "UPDATE unit SET position = 9 WHERE id = 'a'",
            GAP,
            "INSERT INTO gap_now SELECT 'more', * FROM gap",
            "DROP TABLE gap",
            "ALTER TABLE gap_now RENAME TO gap",
            "ALTER TABLE account ADD COLUMN later TEXT NOT NULL DEFAULT 'as before'",
        ):
            db.make(statement)

    again = Store(store.path)
    yield again
    again.close()
    migrations._migrations[:] = [one for one in migrations._migrations if one.fn is not upgrade]


def test_what_an_upgrade_changes_is_bound_and_said(upgraded: Store) -> None:
    upgraded.migrate()
    assert comparing.differences(upgraded) == []
    assert comparing.taken_over(upgraded) == 2
    with upgraded.write():
        upgraded.execute("UPDATE unit SET position = 8 WHERE id = 'a'")
    assert [(one.table, one.key) for one in comparing.differences(upgraded)] == [("unit", "a")]
