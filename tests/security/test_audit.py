from __future__ import annotations

import hashlib
import json
import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from andu.clock import FixedClock
from andu.security import audit, heads
from andu.security.audit import Events, WrongEvent
from andu.store import Store
from tests.store.outside import REFUSAL, outside

Say = Callable[..., None]


@pytest.fixture
def heads_file(tmp_path: Path) -> Path:
    return tmp_path / "elsewhere" / "heads.log"


@pytest.fixture
def say(store: Store, clock: FixedClock) -> Say:
    """Appends so many views of a record to a chain."""

    def say(chain: str = "cun1", times: int = 1) -> None:
        for _ in range(times):
            audit.append(store, clock, chain, "zhangsan", Events.record_viewed, record="r1")

    return say


@contextmanager
def intruder(store: Store) -> Iterator[Any]:
    """Somebody with the database file in hand, past the append-only triggers."""
    with outside(store) as connection:
        for guard in ("audit_is_append_only_update", "audit_is_append_only_delete"):
            connection.execute(f"DROP TRIGGER {guard}")
        yield connection


def rewrite(connection: Any, chain: str, first: int) -> None:
    """Compute the chain anew from a row on, as a careful intruder would."""
    columns = ("chain", "seq", "at", "actor_id", "event", "data", "prev", "hash")
    query = f"SELECT {', '.join(columns)} FROM audit WHERE chain = ? AND seq >= ? ORDER BY seq"
    prev = None
    for values in connection.execute(query, [chain, first]).fetchall():
        row = dict(zip(columns, values, strict=True))
        row["prev"] = prev or row["prev"]
        prev = audit._hash(row)
        connection.execute(
            "UPDATE audit SET prev = ?, hash = ? WHERE chain = ? AND seq = ?",
            [row["prev"], prev, chain, row["seq"]],
        )


# --- appending -------------------------------------------------------------------------------------


def test_events_are_read_back_newest_first(store: Store, clock: FixedClock) -> None:
    audit.append(store, clock, "cun1", "zhangsan", Events.draft_started, draft="d1", form="clue_registration")
    clock.advance(1)
    audit.append(store, clock, "shb", None, "signed_out")
    newest, oldest = audit.recent(store)
    assert newest == audit.Entry("shb", 1, "2026-11-22T01:02:04Z", None, "signed_out", {})
    assert oldest.data == {"draft": "d1", "form": "clue_registration"}
    assert audit.recent(store, "cun1") == [oldest]
    assert audit.recent(store, limit=1) == [newest]


def test_each_chain_counts_for_itself(store: Store, say: Say) -> None:
    say("cun1", 2)
    say("shb")
    say("cun1")
    assert [row["id"] for row in store.rows_where("audit", order_by="id")] == [
        "cun1:1",
        "cun1:2",
        "cun1:3",
        "shb:1",
    ]


@pytest.mark.parametrize("data", [{}, {"record": "r1", "version": 1}, {"draft": "d1"}])
def test_event_with_other_keys_than_it_requires_is_refused(
    store: Store, clock: FixedClock, data: dict[str, Any]
) -> None:
    with pytest.raises(WrongEvent, match=r"record_viewed takes \['record'\]"):
        audit.append(store, clock, "cun1", None, Events.record_viewed, **data)
    assert store.count("audit") == 0


def test_event_outside_the_vocabulary_is_refused(store: Store, clock: FixedClock) -> None:
    with pytest.raises(WrongEvent, match="no such event"):
        audit.append(store, clock, "cun1", None, "record_eaten", record="r1")


def test_a_text_from_outside_is_cut(store: Store, clock: FixedClock, heads_file: Path) -> None:
    audit.append(store, clock, "cun1", None, Events.access_denied, act="a" * 500, target="案" * 8190, tries=1)
    (entry,) = audit.recent(store)
    assert entry.data == {"act": "a" * 500, "target": "案" * 500 + "…(8190)", "tries": 1}
    audit.append(
        store, clock, "cun1", None, Events.ledger_exported, ledger="x", rows=1, filter={"text": ["y" * 501]}
    )
    assert audit.recent(store)[0].data["filter"] == {"text": ["y" * 500 + "…(501)"]}
    audit.publish_heads(store, clock, heads_file)
    assert audit.verify(store, heads_file) == []


def test_hash_covers_the_hash_before_and_the_row_as_json(store: Store, clock: FixedClock) -> None:
    audit.append(store, clock, "cun1", '喆"\n', Events.record_viewed, record="r1")
    audit.append(store, clock, "cun1", None, Events.record_viewed, record="&<\\")
    first, second = store.rows_where("audit", order_by="seq")
    for row, before in ((first, "0" * 64), (second, first["hash"])):
        said = [row[key] for key in ("chain", "seq", "at", "actor_id", "event", "data")]
        text = before + json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        assert row["hash"] == hashlib.sha256(text.encode()).hexdigest()


def test_event_is_rolled_back_with_the_act_it_tells_of(store: Store, say: Say) -> None:
    say()
    with pytest.raises(ZeroDivisionError), store.write():
        say()
        raise ZeroDivisionError
    say()
    assert [entry.seq for entry in audit.recent(store)] == [2, 1]
    assert audit.verify(store) == []


def test_database_itself_refuses_to_change_or_delete_an_event(store: Store, say: Say) -> None:
    say()
    with pytest.raises(REFUSAL, match="append-only"), store.write():
        store.update("audit", "cun1:1", {"actor_id": "lisi"})
    with pytest.raises(REFUSAL, match="append-only"), store.write():
        store.delete("audit", "cun1:1")


def append_many(path: Path, moment: Any) -> None:
    store = Store(path)
    for _ in range(20):
        audit.append(store, FixedClock(moment), "cun1", None, Events.record_viewed, record="r1")


def test_processes_that_append_at_once_make_one_unbroken_chain(store: Store, clock: FixedClock) -> None:
    fork = multiprocessing.get_context("fork")
    crowd = [fork.Process(target=append_many, args=(store.path, clock.now())) for _ in range(3)]
    for process in crowd:
        process.start()
    for process in crowd:
        process.join(30)
    assert store.count("audit") == 60
    assert audit.verify(store) == []


# --- verifying -------------------------------------------------------------------------------------


def test_untouched_log_is_whole(store: Store, say: Say) -> None:
    assert audit.verify(store) == []
    say("cun1", 5)
    say("shb", 5)
    assert audit.verify(store) == []


@pytest.mark.parametrize(
    "flip",
    [
        "actor_id = 'lisi'",
        "actor_id = NULL",
        "at = '2026-11-22T01:02:04Z'",
        "event = 'signed_out'",
        'data = \'{"record":"r2"}\'',
        'data = \'{"record": "r1"}\'',
        f"hash = '{'0' * 64}'",
        "id = 'cun1:33'",
    ],
)
def test_changed_row_is_named(store: Store, say: Say, flip: str) -> None:
    say("cun1", 5)
    say("shb", 5)
    with intruder(store) as connection:
        connection.execute(f"UPDATE audit SET {flip} WHERE id = 'cun1:3'")
    assert "审计日志“cun1”：第 3 条被改动。" in audit.verify(store)
    assert not any("shb" in problem for problem in audit.verify(store))


def test_row_changed_with_its_own_hash_breaks_the_chain_at_the_next(store: Store, say: Say) -> None:
    say("cun1", 5)
    with intruder(store) as connection:
        connection.execute("UPDATE audit SET actor_id = 'lisi' WHERE id = 'cun1:3'")
        row = dict(store.rows_where("audit", "id = 'cun1:3'")[0])
        connection.execute("UPDATE audit SET hash = ? WHERE id = 'cun1:3'", [audit._hash(row)])
    assert audit.verify(store) == ["审计日志“cun1”：第 4 条与前一条接不上，其中一条被替换。"]


def test_deleted_rows_are_named(store: Store, say: Say) -> None:
    say("cun1", 9)
    with intruder(store) as connection:
        connection.execute("DELETE FROM audit WHERE seq IN (1, 4, 5)")
    assert audit.verify(store) == ["审计日志“cun1”：缺第 1 条。", "审计日志“cun1”：缺第 4 至 5 条。"]


def test_rows_that_changed_places_are_named(store: Store, say: Say) -> None:
    say("cun1", 5)
    with intruder(store) as connection:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            connection.execute(f"UPDATE audit SET seq = {new}, id = 'cun1:{new}' WHERE seq = {old}")
    problems = audit.verify(store)
    assert "审计日志“cun1”：第 2 条被改动。" in problems
    assert "审计日志“cun1”：第 3 条被改动。" in problems


def test_row_moved_into_another_chain_is_named(store: Store, say: Say) -> None:
    say("cun1", 2)
    say("shb", 1)
    with intruder(store) as connection:
        connection.execute("UPDATE audit SET chain = 'shb', id = 'shb:2' WHERE id = 'cun1:2'")
    assert "审计日志“shb”：第 2 条被改动。" in audit.verify(store)


def test_gap_at_the_border_of_two_readings_is_named_and_none_invented(
    store: Store, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_AT_A_TIME", 3)
    say("cun1", 10)
    assert audit.verify(store) == []
    with intruder(store) as connection:
        connection.execute("DELETE FROM audit WHERE seq = 4")
    assert audit.verify(store) == ["审计日志“cun1”：缺第 4 条。"]


# --- the heads file --------------------------------------------------------------------------------


def test_cut_tail_goes_unseen_inside_the_database_and_is_caught_by_the_heads(
    store: Store, clock: FixedClock, say: Say, heads_file: Path
) -> None:
    say("cun1", 5)
    say("shb", 2)
    assert audit.publish_heads(store, clock, heads_file)
    assert audit.verify(store, heads_file) == []
    with intruder(store) as connection:
        connection.execute("DELETE FROM audit WHERE chain = 'cun1' AND seq > 3")
        connection.execute("DELETE FROM audit WHERE chain = 'shb'")
    assert audit.verify(store) == []
    assert audit.verify(store, heads_file) == [
        "审计日志“cun1”：尾部缺第 4 至 5 条。",
        "审计日志“shb”：尾部缺第 1 至 2 条。",
    ]


def test_chain_computed_anew_is_caught_by_the_heads(
    store: Store, clock: FixedClock, say: Say, heads_file: Path
) -> None:
    say("cun1", 5)
    audit.publish_heads(store, clock, heads_file)
    say("cun1", 5)
    with intruder(store) as connection:
        connection.execute("UPDATE audit SET actor_id = 'lisi' WHERE seq = 3")
        rewrite(connection, "cun1", 3)
    assert audit.verify(store) == []
    assert audit.verify(store, heads_file) == [
        "审计日志“cun1”：第 5 条与链头文件不符：到这一条为止被整体改写过。"
    ]


def test_tail_cut_and_grown_again_is_caught_by_an_older_line(
    store: Store, clock: FixedClock, say: Say, heads_file: Path
) -> None:
    say("cun1", 5)
    audit.publish_heads(store, clock, heads_file)
    with intruder(store) as connection:
        connection.execute("DELETE FROM audit WHERE seq > 3")
    clock.advance(3600)
    say("cun1", 4)
    audit.publish_heads(store, clock, heads_file)
    assert any("第 5 条与链头文件不符" in problem for problem in audit.verify(store, heads_file))


def test_missing_heads_file_is_a_problem_as_soon_as_there_are_events(
    store: Store, clock: FixedClock, say: Say, heads_file: Path
) -> None:
    assert not audit.publish_heads(store, clock, heads_file)
    assert audit.verify(store, heads_file) == []
    say()
    assert audit.verify(store, heads_file) == ["没有链头文件 heads.log，无法查明日志尾部是否被删。"]


def test_heads_are_published_when_something_happened_and_not_too_often(
    store: Store, clock: FixedClock, say: Say, heads_file: Path
) -> None:
    say()
    assert audit.publish_heads(store, clock, heads_file)
    say()
    clock.advance(599)
    assert not audit.publish_heads(store, clock, heads_file)
    clock.advance(1)
    assert audit.publish_heads(store, clock, heads_file)
    clock.advance(6000)
    assert not audit.publish_heads(store, clock, heads_file)
    lines = [json.loads(line) for line in heads_file.read_text().splitlines()]
    assert [line["heads"]["cun1"][0] for line in lines] == [1, 2]
    assert heads_file.stat().st_mode & 0o077 == 0


def test_line_torn_by_a_power_cut_is_left_and_passed_over(
    store: Store, clock: FixedClock, say: Say, heads_file: Path
) -> None:
    say()
    audit.publish_heads(store, clock, heads_file)
    whole = heads_file.read_bytes()
    heads_file.write_bytes(whole + whole[:40])
    assert audit.publish_heads(store, clock, heads_file)
    assert heads_file.read_bytes() == whole + whole[:40] + b"\n" + whole
    assert audit.verify(store, heads_file) == []


def test_mangled_or_contradicting_line_is_named(
    store: Store, clock: FixedClock, say: Say, heads_file: Path
) -> None:
    say()
    audit.publish_heads(store, clock, heads_file)
    line = heads_file.read_text()
    other = line.replace(heads.read(heads_file)[0]["cun1"][1], "0" * 64)
    heads_file.write_text(line + '{"at": 1}\n' + other)
    assert audit.verify(store, heads_file) == ["链头文件第 2 行读不懂。", "链头文件第 3 行与前面的行矛盾。"]
