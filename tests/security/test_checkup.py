"""The audit log looked through bit by bit: what a page verifies, and what the timer has verified before."""

from __future__ import annotations

from pathlib import Path

import pytest

from andu.clock import FixedClock
from andu.security import audit, checkup
from andu.store import Store
from tests.security.test_audit import intruder

KEPT, HEADS = "audit-checked.json", "heads.log"


@pytest.fixture
def store(tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A log of two chains, 30 and 12 events long, its heads published, and a page that is never short."""
    monkeypatch.setattr(checkup, "SHORT", 0)
    monkeypatch.setattr(checkup, "STRETCH", 20)
    store = Store(tmp_path / "andu.db")
    store.migrate()
    for chain, many in (("cun1", 30), ("shb", 12)):
        for _n in range(many):
            audit.append(store, clock, chain, "lisi", "record_viewed", record="r1")
    audit.publish_heads(store, clock, tmp_path / HEADS)
    return store


def look(store: Store) -> checkup.Look:
    folder = store.path.parent
    return checkup.look(store, folder / HEADS, folder / KEPT, audit.recent(store, "cun1", limit=5))


def go_round(store: Store, clock: FixedClock) -> int:
    """Let the timer come by until the whole log is looked through; how often it came."""
    for times in range(1, 9):
        if checkup.go_on(store, clock, store.path.parent / KEPT):
            return times
    raise AssertionError("never done")


def test_a_page_of_a_whole_log_says_so_and_when_all_was_verified(store: Store, clock: FixedClock) -> None:
    assert look(store) == checkup.Look([], False, None)
    assert go_round(store, clock) == 3
    assert look(store) == checkup.Look([], False, "2026-11-22T01:02:03Z")


def test_a_changed_row_that_is_shown_is_named_at_once(store: Store) -> None:
    with intruder(store) as connection:
        connection.execute("UPDATE audit SET actor_id = 'zhangsan' WHERE id = 'cun1:30'")
    assert look(store).problems == ["审计日志“cun1”：第 30 条被改动。"]


def test_a_row_taken_out_between_those_shown_is_named_at_once(store: Store) -> None:
    with intruder(store) as connection:
        connection.execute("DELETE FROM audit WHERE id = 'cun1:28'")
    assert look(store).problems == ["审计日志“cun1”：缺第 28 条。"]


def test_a_cut_tail_and_a_chain_written_anew_are_named_at_once(store: Store) -> None:
    with intruder(store) as connection:
        connection.execute("DELETE FROM audit WHERE chain = 'shb' AND seq > 10")
        connection.execute("UPDATE audit SET hash = 'f' WHERE id = 'cun1:30'")
    problems = look(store).problems
    assert "审计日志“shb”：尾部比链头文件短。" in problems
    assert "审计日志“cun1”：第 30 条与链头文件不符：到这一条为止被整体改写过。" in problems


def test_a_changed_row_far_back_is_named_when_the_timer_has_come_by(store: Store, clock: FixedClock) -> None:
    with intruder(store) as connection:
        connection.execute("UPDATE audit SET data = '{}' WHERE id = 'cun1:3'")
        connection.execute("DELETE FROM audit WHERE id = 'cun1:21'")  # at the border of two stretches
    assert look(store).problems == []
    go_round(store, clock)
    assert look(store).problems == ["审计日志“cun1”：第 3 条被改动。", "审计日志“cun1”：缺第 21 条。"]


def test_the_whole_is_verified_once_a_day(store: Store, clock: FixedClock) -> None:
    go_round(store, clock)
    clock.advance(3600)
    assert not any(checkup.go_on(store, clock, store.path.parent / KEPT) for _n in range(5))
    clock.advance(24 * 3600)
    assert go_round(store, clock) == 3
    assert look(store).at == "2026-11-23T02:02:03Z"


def test_a_short_log_is_verified_whole_each_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "SHORT", 42)
    assert look(store).is_whole
    with intruder(store) as connection:
        connection.execute("UPDATE audit SET data = '{}' WHERE id = 'cun1:3'")
    assert look(store).problems == ["审计日志“cun1”：第 3 条被改动。"]


def test_what_lies_beside_the_database_may_be_gone_or_mangled(store: Store, clock: FixedClock) -> None:
    go_round(store, clock)
    (store.path.parent / KEPT).write_text("{")
    assert look(store) == checkup.Look([], False, None)
    assert go_round(store, clock) == 3
