"""Leases on rows of work: nobody holds what another holds, the dead are relieved, the late end nothing."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from andu.store import Store, work
from tests.store.leases import pass_time

FORK = multiprocessing.get_context("fork")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store on the engine of this run, with three things to do."""
    store = Store(tmp_path / "andu.db")
    store.migrate()
    with store.write():
        for key in "abc":
            work.add(store, "paper", key)
    yield store
    store.close()


def ended(store: Store, held: work.Held) -> bool:
    with store.write():
        return work.finish(store, held)


def test_what_one_holds_no_other_gets_and_what_is_done_is_gone(store: Store) -> None:
    held = [work.take(store, "paper") for _each in range(4)]
    assert [one and one.key for one in held] == ["a", "b", "c", None]
    assert len({one.owner for one in held if one}) == 3 and work.take(store, "other") is None
    with store.write():
        assert work.begin(store, "paper", "a") is None
    assert all(ended(store, one) for one in held if one) and store.count("work") == 0


def test_many_at_once_hold_each_thing_once(store: Store, tmp_path: Path) -> None:
    with store.write():
        for n in range(60):
            work.add(store, "paper", f"n{n:02d}")
    at_once = threading.Barrier(4)
    taken: list[str] = []

    def take_all() -> None:
        own = Store(store.path, store.address, store.driver)
        at_once.wait()
        while held := work.take(own, "paper"):
            taken.append(held.key)
        own.close()

    threads = [threading.Thread(target=take_all) for _each in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    for _left in range(3):  # where others were passed over, somebody may have left too early
        while held := work.take(store, "paper"):
            taken.append(held.key)
    assert sorted(taken) == sorted({"a", "b", "c", *(f"n{n:02d}" for n in range(60))})


def test_whoever_dies_is_relieved_when_the_lease_is_over_and_not_before(store: Store) -> None:
    def take_and_die() -> None:
        assert work.take(store, "paper")
        os._exit(0)

    dies = FORK.Process(target=take_and_die)
    dies.start()
    dies.join(60)
    (row,) = store.rows_where("work", "owner <> ''")
    assert row["key"] == "a"
    assert [one.key for one in iter(lambda: work.take(store, "paper"), None) if one] == ["b", "c"]
    pass_time(store, work.LEASE + 1)
    again = work.take(store, "paper")
    assert again and again.key == "a" and again.owner.split("-")[0] != row["owner"].split("-")[0]


def test_whose_lease_is_over_ends_nothing(store: Store) -> None:
    late = work.take(store, "paper")
    assert late
    pass_time(store, work.LEASE + 1)
    assert not ended(store, late), "nobody has it now, but somebody may take it at any moment"
    with store.write():
        now = work.begin(store, "paper", late.key)
    assert now and not ended(store, late)
    work.fail(store, late, "too late to say so")
    assert ended(store, now)


def test_what_fails_waits_longer_each_time_and_then_for_a_person(store: Store) -> None:
    pauses = []
    for n in range(work.TRIES):
        held = work.take(store, "paper")
        assert held and held.key == "a" or n == 0
        with store.write():
            for key in "bc":
                work.drop(store, "paper", key)
        assert held
        work.fail(store, held, f"fault {n}")
        moment = store.query(f"SELECT {work._NOW} AS now")[0]["now"]
        pauses.append(store.rows_where("work")[0]["until"] - moment)
        assert work.take(store, "paper") is None and work.stuck(store) == []
        pass_time(store, work.LONGEST + 1)
    assert [round(one, -1) for one in pauses[:4]] == [60, 120, 240, 480] and max(pauses) <= work.LONGEST
    assert work.take(store, "paper") is None
    assert work.stuck(store) == [work.Stuck("paper", "a", f"fault {work.TRIES - 1}")]
    with store.write():
        assert work.begin(store, "paper", "a") is None
        assert work.try_again(store) == 1
    held = work.take(store, "paper")
    assert held and ended(store, held) and work.stuck(store) == []


def test_owners_that_die_each_time_leave_it_to_a_person(store: Store) -> None:
    for _each in range(work.TRIES):
        assert work.take(store, "paper")
        pass_time(store, work.LEASE + 1)
        with store.write():
            for key in "bc":
                work.drop(store, "paper", key)
    assert work.take(store, "paper") is None
    assert [(one.key, one.fault) for one in work.stuck(store)] == [("a", "")]


def test_what_was_mended_is_due_at_once(store: Store) -> None:
    with store.write():
        for key in "bc":
            work.drop(store, "paper", key)
    work.postpone(store, "paper", "a", None, "the series is locked")
    assert work.take(store, "paper") is None
    with store.write():
        work.hasten(store, "paper")
    held = work.take(store, "paper")
    assert held
    with store.write():
        work.hasten(store, "paper")
    assert work.take(store, "paper") is None, "what somebody holds is not due"


def test_one_alone_is_at_work_under_a_name_and_keeps_it_as_long_as_it_takes(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "KEPT_UP", 2)
    with work.alone(store, "copy") as is_mine:
        assert is_mine
        threading.Event().wait(3)
        with work.alone(store, "copy") as is_another:
            assert not is_another
        with work.alone(store, "other") as is_another:
            assert is_another
    assert store.count("work", "kind = 'alone'") == 0
    with suppress(RuntimeError), work.alone(store, "copy"):
        raise RuntimeError
    with work.alone(store, "copy") as is_mine:
        assert is_mine


def test_a_chore_that_fails_is_kept_and_tried_less_often(store: Store) -> None:
    with pytest.raises(RuntimeError), work.chore(store, "ledgers"):
        raise RuntimeError("no such column")
    (row,) = store.rows_where("work", "kind = 'chore'")
    assert (row["owner"], row["attempts"], row["fault"]) == ("", 1, "no such column")
    with work.chore(store, "ledgers") as is_mine:
        assert not is_mine
    pass_time(store)
    with work.chore(store, "ledgers") as is_mine:
        assert is_mine
    assert store.count("work", "kind = 'chore'") == 0


def test_in_a_copy_nobody_holds_anything(store: Store) -> None:
    assert work.take(store, "paper")
    with work.alone(store, "backup"), store.write():
        work.forget_owners(store)
    assert work.take(store, "paper")


def test_open_work_is_found_by_its_index(store: Store) -> None:
    """However much waits for a person, or for its time: who asks reads what is due."""
    waiting = f"SELECT key FROM work WHERE kind = ? AND {work._OPEN} ORDER BY until LIMIT 1"
    if store.address or store.engine().startswith("PostgreSQL"):
        with store.write():
            store.execute("SET LOCAL enable_seqscan = off")
            plan = store.query(f"EXPLAIN {waiting}", ["paper"])
    else:
        plan = store.query(f"EXPLAIN QUERY PLAN {waiting}", ["paper"])
    assert "work_open" in str(plan)
