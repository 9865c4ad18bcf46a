"""An upgrade that changes bound rows, or builds their table anew, binds them again and says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from andu.store import Store, comparing
from andu.store.migrations import migrations


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
    def upgrade(db: Database) -> None:
        db.execute("UPDATE unit SET position = 9 WHERE id = 'a'")
        (was,) = db.execute("SELECT sql FROM sqlite_master WHERE name = 'gap'").fetchone()
        now = was.replace("TABLE gap", "TABLE gap_now").replace("(", "(added TEXT, ", 1)
        db.execute(now)
        db.execute("INSERT INTO gap_now SELECT 'more', * FROM gap")
        db.execute("DROP TABLE gap")
        db.execute("ALTER TABLE gap_now RENAME TO gap")
        db.execute("ALTER TABLE account ADD COLUMN later TEXT NOT NULL DEFAULT 'as before'")

    yield Store(store.path)
    migrations._migrations[:] = [one for one in migrations._migrations if one.fn is not upgrade]


def test_what_an_upgrade_changes_is_bound_and_said(upgraded: Store) -> None:
    upgraded.migrate()
    assert comparing.differences(upgraded) == []
    assert comparing.taken_over(upgraded) == 2
    with upgraded.write():
        upgraded.execute("UPDATE unit SET position = 8 WHERE id = 'a'")
    assert [(one.table, one.key) for one in comparing.differences(upgraded)] == [("unit", "a")]
