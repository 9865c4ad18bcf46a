"""A whole database in another: the same rows and hashes, nothing counted twice, and back again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from andu.office.desk import reconcile
from andu.office.office import Office
from andu.office.records import Record
from andu.security import audit
from andu.store import Store, Unreadable, copying
from andu.store.postgresql import Postgresql
from andu.store.sqlite import Sqlite
from tests.conftest import nothing_wrong, stand_in_pdf
from tests.office.conftest import filed, sign, submit  # noqa: F401 - fixtures
from tests.store.postgresql import scratch


@pytest.fixture
def server() -> Iterator[Postgresql]:
    with scratch("fsync=off") as address:
        connection = Postgresql(address)
        connection.upgrade()
        yield connection
        connection.leave()


@pytest.mark.sqlite
def test_an_office_goes_to_postgresql_and_back(
    office: Office,
    filed: Record,  # noqa: F811
    server: Postgresql,
    tmp_path: Path,
) -> None:
    audit.publish_heads(office.store, office.clock, office.heads)
    file = Sqlite(office.store.path)
    with file.snapshot(), server.writing():
        copied = copying.into_empty(file, server)
    assert {one.table: one.rows for one in copied}["record"] == 1
    assert sum(one.rows for one in copied) > 100
    with file.snapshot(), server.writing(), pytest.raises(Unreadable, match="不是空的"):
        copying.into_empty(file, server)

    # what stands there is a whole office: counts, sight, numbers, chains and every file
    moved = Office.open(replace(office.settings, store=server._address), stand_in_pdf, nothing_wrong)
    there = moved.store
    assert reconcile.check(moved) == reconcile.check(office) == []
    assert audit.verify(moved.store, moved.heads) == []
    with moved.store.write():
        moved.note("cun1", None, "signed_out")

    back = tmp_path / "back.db"
    there.copy_to(back)
    assert not list(tmp_path.glob("back.db-*"))
    again = replace(moved, store=Store(back))
    again.store.migrate()
    assert again.store.rows_where("register") == office.store.rows_where("register")
    assert again.store.count("audit") == office.store.count("audit") + 1
    assert audit.verify(again.store, office.heads) == []
    assert not again.store.count("record_text")
    there.close()
    again.store.close()
    file.close()


@pytest.mark.sqlite
def test_a_row_that_differs_afterwards_is_named(office: Office, server: Postgresql) -> None:
    file = Sqlite(office.store.path)
    with file.snapshot(), server.writing():
        copying.into_empty(file, server)
    with psycopg.connect(server._address, autocommit=True) as connection:
        connection.execute("UPDATE unit SET position = 99 WHERE id = 'cun1'")
    with file.snapshot(), server.snapshot(), pytest.raises(Unreadable, match="unit"):
        copying.compared(file, server, ["account", "unit"])
    file.close()
