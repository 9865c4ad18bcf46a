"""The store keeps its promises: one way to write, nothing made by mistake, nothing lost between writers."""

from __future__ import annotations

import multiprocessing
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from andu.store import Damaged, NotInTransaction, Store, work
from andu.store.migrations import GUARDS
from andu.store.sqlite import journal_mode
from tests.store.leases import pass_time
from tests.store.outside import REFUSAL, outside


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "andu.db")
    store.migrate()
    return store


def unit(key: str) -> dict[str, object]:
    return {"id": key, "name": f"单位{key}", "full_name": f"单位{key}", "position": 1}


def test_a_write_outside_a_transaction_is_refused(store: Store) -> None:
    with pytest.raises(NotInTransaction):
        store.insert("unit", unit("a"))


def test_a_failed_transaction_leaves_nothing_behind_not_even_from_the_inner_one(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.write():
        with store.write():
            store.insert("unit", unit("a"))
        raise ZeroDivisionError
    assert store.rows_where("unit") == []
    with store.write():
        store.insert("unit", unit("b"))
    assert store.count("unit") == 1


def test_an_unknown_table_or_column_is_an_error_and_never_made(store: Store) -> None:
    for table, row in (("unti", unit("a")), ("unit", {**unit("a"), "is_admin": 1})):
        with pytest.raises(REFUSAL), store.write():
            store.insert(table, row)
    assert "unti" not in store.tables()


def test_a_value_of_the_wrong_type_is_refused(store: Store) -> None:
    with pytest.raises(REFUSAL), store.write():
        store.insert("unit", {**unit("a"), "position": "十三"})


def test_foreign_keys_hold(store: Store) -> None:
    with pytest.raises(REFUSAL), store.write():
        store.insert("record_share", {"record_id": "nothing", "unit_id": "nobody"})


def test_updating_a_row_that_is_not_there_says_so(store: Store) -> None:
    with pytest.raises(KeyError), store.write():
        store.update("unit", "nobody", {"name": "x"})


@pytest.mark.sqlite
def test_commits_are_synced_in_full(store: Store) -> None:
    assert store.query("PRAGMA synchronous") == [{"synchronous": 2}]


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "truncate"),
        ((3, 44, 5), "truncate"),
        ((3, 44, 6), "wal"),
        ((3, 50, 6), "truncate"),
        ((3, 50, 7), "wal"),
        ((3, 51, 2), "truncate"),
        ((3, 51, 3), "wal"),
        ((3, 53, 4), "wal"),
    ],
)
def test_wal_is_used_only_by_a_sqlite_without_the_wal_reset_bug(version: tuple[int, ...], mode: str) -> None:
    assert journal_mode(version) == mode


def test_a_missing_guard_stops_the_start(store: Store) -> None:
    with outside(store) as connection:
        connection.execute(f"DROP TRIGGER {GUARDS[0]}")
    with pytest.raises(Damaged, match=GUARDS[0]):
        Store(store.path).migrate()


def test_only_one_is_at_work_under_a_name_and_whoever_dies_makes_room(store: Store) -> None:
    other = Store(store.path)
    with (
        work.alone(store, "ledgers") as is_mine,
        work.alone(other, "ledgers") as is_theirs,
        work.alone(store, "x") as is_other,
    ):
        assert (is_mine, is_theirs, is_other) == (True, False, True)
        with work.alone(store, "ledgers") as again:
            assert not again
    held, let_go = multiprocessing.Pipe()
    dying = multiprocessing.get_context("fork").Process(target=_hold, args=(store.path, let_go))
    dying.start()
    assert held.recv() is True
    with work.alone(other, "ledgers") as is_theirs:
        assert not is_theirs
    dying.kill()
    dying.join(30)
    pass_time(store, work.LEASE)
    with work.alone(other, "ledgers") as is_theirs:
        assert is_theirs
    other.close()


def _hold(path: Path, told: Any) -> None:
    with work.alone(Store(path), "ledgers") as is_mine:
        told.send(is_mine)
        time.sleep(60)


def test_what_failed_within_a_write_is_never_half_kept(store: Store) -> None:
    """Even by somebody who goes on as if nothing had happened."""
    with suppress(Exception), store.write():
        store.insert("unit", unit("a"))
        with suppress(*REFUSAL):
            store.insert("unit", unit("a"))
        store.insert("unit", unit("b"))
    assert len(store.rows_where("unit")) in (0, 2)


def _increment(path: Path, times: int) -> None:
    store = Store(path)
    for _round in range(times):
        with store.write():
            position = store.query("SELECT position FROM unit WHERE id = 'a'")[0]["position"]
            store.update("unit", "a", {"position": position + 1})


def test_read_then_write_by_several_processes_loses_no_update(store: Store) -> None:
    with store.write():
        store.insert("unit", {**unit("a"), "position": 0})
    store.close()
    workers = [multiprocessing.Process(target=_increment, args=(store.path, 50)) for _n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    assert store.query("SELECT position FROM unit") == [{"position": 200}]


def _migrate(path: Path) -> None:
    Store(path).migrate()


def test_several_processes_may_create_the_database_at_once(tmp_path: Path) -> None:
    workers = [multiprocessing.Process(target=_migrate, args=(tmp_path / "new.db",)) for _n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0


def test_a_forked_child_opens_its_own_connection(store: Store) -> None:
    with store.write():
        store.insert("unit", {**unit("a"), "position": 0})
    child = multiprocessing.get_context("fork").Process(target=_use, args=(store,))
    child.start()
    child.join(30)
    assert child.exitcode == 0
    assert store.query("SELECT position FROM unit") == [{"position": 7}]


def _use(store: Store) -> None:
    with store.write():
        store.update("unit", "a", {"position": 7})
