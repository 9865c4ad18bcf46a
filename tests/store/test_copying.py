"""A whole database in another: the same rows and hashes. ``office/test_moving.py`` moves an office."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from andu.office.office import Office
from andu.store import Unreadable, copying
from andu.store.postgresql import Postgresql
from andu.store.sqlite import Sqlite
from tests.store.postgresql import scratch


@pytest.fixture
def server() -> Iterator[Postgresql]:
    with scratch("fsync=off") as address:
        connection = Postgresql(address)
        connection.upgrade()
        yield connection
        connection.leave()


@pytest.mark.sqlite
def test_a_row_that_differs_afterwards_is_named(office: Office, server: Postgresql) -> None:
    file = Sqlite(office.store.path)
    with file.snapshot(), server.writing():
        copied = copying.into_empty(file, server)
    assert sum(one.rows for one in copied) > 100
    with psycopg.connect(server._address, autocommit=True) as connection:
        connection.execute("UPDATE unit SET position = 99 WHERE id = 'cun1'")
    with file.snapshot(), server.snapshot(), pytest.raises(Unreadable, match="unit"):
        copying.compared(file, server, ["account", "unit"])
    file.close()
