"""Whoever changes, removes or adds a row from outside is found out, whatever the row and the column."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from andu.clock import office_day
from andu.office.desk import reconcile
from andu.office.office import Office
from andu.office.records import Record
from andu.office.turns import deputies
from andu.office.writing import drafts
from andu.security import accounts, audit, bindings
from andu.store import Store, binding
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit
from tests.store.outside import migrations_of, outside, without_checks

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@contextmanager
def intruder(office: Office) -> Iterator[Any]:
    """Somebody at the database file, past its triggers and its foreign keys."""
    with outside(office.store) as connection:
        if office.store.address:
            without_checks(connection)
            yield connection
            return
        connection.execute("PRAGMA ignore_check_constraints = ON")
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in guards:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        tables = {
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        for name, sql in guards:
            if "binding" in tables or not name.startswith("binding"):
                connection.execute(sql)


@pytest.fixture
def life(office: Office, people: People, submit: Submit, sign: Sign) -> Office:
    """An office with at least one row in every bound table."""
    holder = drafts.start(office, people.zhangsan, "completion_report")
    file = drafts.attach(office, people.zhangsan, holder.id, "files", "照片.png", PNG)
    report = submit(people.zhangsan, "completion_report", files=[file.id])
    sign(people.zhaoliu, sign(people.lisi, report))
    clue = submit(people.zhangsan, "clue_registration", reporter_name="李某（示例）")
    sign(people.lisi, sign(people.zhangsan, clue))
    submit(people.zhangsan, "clue_registration", reporter_name="王某（示例）")
    slip = submit(people.zhangsan, "clue_handover", clue=clue.id)
    sign(people.zhangsan, slip)
    today = office_day(office.clock.now())
    by = (today, today, "外出", PASSWORD, "10.0.0.1")
    deputies.appoint(office, people.lisi, people.lisi.id, people.zhangsan.id, *by)
    _fill_the_rest(office, report)
    return office


def _fill_the_rest(office: Office, record: Record) -> None:
    """One row in each table that the acts above did not come to."""
    deadline = office.store.rows_where("deadline")[0]
    rows = {
        "gap": {"id": "g", "series": "completion", "year": 2025, "first": 1, "last": 2, "reason": "r",
                "confirmed_by": record.author_id, "at": "2026-11-22T01:00:00Z"},
        "extension": {"id": "e", "deadline_id": deadline["id"], "state": "waiting", "was": deadline["due"],
                      "until": deadline["due"], "reason": "r", "asked_by": record.author_id,
                      "asked_at": "2026-11-22T01:00:00Z"},
        "scan": {"id": "s", "record_id": record.id, "version": 1, "kind": "sealed", "code": "c",
                 "read_by": "machine", "sha": "0" * 64, "media_type": "image/png", "size": 1, "pages": 1,
                 "uploaded_by": record.author_id, "uploaded_at": "2026-11-22T01:00:00Z"},
        "case_closing": {"case_id": record.id, "record_id": record.id, "at": "2026-11-22T01:00:00Z"},
        "case_record": {"case_id": "another", "record_id": record.id},
        "closed_month": {"record_id": record.id, "ledger": "l", "month": "2026-10", "unit_id": "cun1",
                         "replaces": None},
        "paper_proof": {"id": "p", "by": "b", "at": "2026-11-22T01:00:00Z"},
        "chase": {"id": "c", "deadline_id": deadline["id"]},
        "vault_right": {"account_id": record.author_id, "state": "asked", "at": "2026-11-22T01:00:00Z"},
        "pair_box": {"id": "p", "sealed_id": "s", "asker": "a", "other": "b", "fingerprint": "f",
                     "box": b"x"},
        "second_look": {"id": "l", "record_id": record.id, "sealed_id": "s", "asked_by": record.author_id,
                        "reason": "r", "asked_at": "2026-11-22T01:00:00Z"},
        "office_half": {"id": "1:x", "generation": 1, "holder": record.author_id, "sealed": b"x"},
        "second_factor": {"account_id": record.author_id, "secret": "A", "last_step": 1, "drift": 0,
                          "codes": "[]", "is_on": 1},
        "token": {"id": "t", "hash": "0" * 64, "account_id": record.author_id, "purpose": "p", "uses": "[]",
                  "forms": "[]", "made_at": "2026-11-22T01:00:00Z", "until": "2026-12-22T01:00:00Z"},
        "publication": {"id": 1, "name": "office.yaml", "act": "publish", "edition": None,
                        "text": "name: 示例镇", "actor_id": record.author_id, "note": "n",
                        "at": "2026-11-22T01:00:00Z"},
    }  # fmt: skip
    with office.store.write():
        office.store.bind()
        for table, row in rows.items():
            office.store.insert(table, row)


def shapes(store: Store) -> dict[str, binding.RowShape]:
    with store.snapshot() as db:
        return binding.shapes(db)


def columns(store: Store) -> list[tuple[str, str]]:
    return [(table, column) for table, shape in shapes(store).items() for column in shape.defaults]


def other(value: Any) -> Any:
    """Another value of the same type."""
    if value is None:
        return "x"
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1]) if value else b"x"
    if isinstance(value, int | float):
        return value + 1000
    return value + (" " if value.startswith("{") else "x")  # JSON stays JSON: an index reads it


def test_every_column_of_every_bound_table_is_bound(life: Office) -> None:
    """Altered one by one, past every guard, each names its table and row, and nothing else."""
    assert bindings.problems(life.store) == []
    told = {}
    for table, column in columns(life.store):
        row = life.store.query(f"SELECT * FROM {table} LIMIT 1")
        assert row, f"no row in {table}: this test would see nothing"
        key = shapes(life.store)[table].key
        with intruder(life) as connection:
            where = " AND ".join(f"{name} = ?" for name in key)
            values = [row[0][name] for name in key]
            changed = connection.execute(
                f"UPDATE {table} SET {column} = ? WHERE {where}", [other(row[0][column]), *values]
            ).rowcount
            told[table, column] = [(one.table, one.message) for one in bindings.problems(life.store)]
            back = [other(one) if name == column else one for name, one in zip(key, values, strict=True)]
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", [row[0][column], *back])
        assert changed == 1
    assert bindings.problems(life.store) == []
    unseen = [place for place, found in told.items() if {table for table, _said in found} != {place[0]}]
    assert unseen == []
    assert all(f"表 {table}" in said for (table, _c), found in told.items() for _t, said in found)


def test_a_row_removed_is_named_in_every_table(life: Office) -> None:
    for table in binding.BOUND:
        key = ", ".join(shapes(life.store)[table].key)
        with intruder(life) as connection:
            connection.execute(f"DELETE FROM {table} WHERE ({key}) = (SELECT {key} FROM {table} LIMIT 1)")
        found = bindings.problems(life.store)
        assert any(one.table == table and "删除" in one.message for one in found), table


INSERTS = {
    "材料的共享（表 record_share）": "INSERT INTO record_share SELECT id, 'cun2', id FROM record LIMIT 1",
    "签署和办理经过（表 record_event）的行 new": (
        "INSERT INTO record_event SELECT 'new', record_id, 99, at, actor_id, event, data"
        " FROM record_event WHERE event = 'record_signed' LIMIT 1"
    ),
    "样张已打印核对的记录（表 paper_proof）的行 new": "INSERT INTO paper_proof VALUES ('new', 'x', 'x')",
    "催办和督办的期限（表 chase）的行 new": "INSERT INTO chase SELECT 'new', id FROM deadline LIMIT 1",
    "账号（表 account）的行 new（x）": (
        "INSERT INTO account SELECT 'new', 'x', name, unit_id, post, '[\"admin\"]', phone, password_hash,"
        " state, must_change, created_at, changed_at FROM account LIMIT 1"
    ),
}


@pytest.mark.parametrize("words", INSERTS)
def test_a_row_put_in_from_outside_is_named(life: Office, words: str) -> None:
    with intruder(life) as connection:
        connection.execute(INSERTS[words])
    (told,) = [fault.message for fault in reconcile.check(life) if "加进来" in fault.message]
    assert words in told
    assert told in audit.verify(life.store)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("DELETE FROM builds_on", "引用了哪些材料"),
        ("INSERT INTO builds_on SELECT on_id, record_id FROM builds_on LIMIT 1", "引用了哪些材料"),
        (
            "INSERT INTO work SELECT 'paper', record_id, '', 0, 0, '', 0 FROM register LIMIT 1",
            "待归档文书的清单",
        ),
    ],
)
def test_lists_made_of_the_records_are_held_against_them(life: Office, words: str, said: str) -> None:
    assert not any(said in fault.message for fault in reconcile.check(life))
    with intruder(life) as connection:
        assert connection.execute(words).rowcount
    assert any(said in fault.message for fault in reconcile.check(life))


def test_rows_that_are_bound_from_an_upgrade_on_are_taken_over(life: Office) -> None:
    """As a database of before has them: rows that no binding knows."""
    with intruder(life) as connection:
        connection.execute("INSERT INTO chase SELECT 'old', id FROM deadline LIMIT 1")
        connection.execute(f"DELETE FROM {migrations_of(life.store)} WHERE name = 'proofs_and_chases_bound'")
    again = Store(life.store.path)
    again.migrate()
    assert bindings.problems(again) == []
    again.close()


def test_signatures_turned_round_are_named_one_by_one(life: Office) -> None:
    signed = life.store.rows_where("record_event", "event = 'record_signed'")
    with intruder(life) as connection:
        connection.execute("UPDATE record_event SET data = replace(data, '同意', '不同意')")
    told = [one.key for one in bindings.problems(life.store) if one.table == "record_event"]
    assert sorted(told) == sorted(row["id"] for row in signed)
    assert len(told) >= 4
    said = " ".join(fault.message for fault in reconcile.check(life))
    assert all(row["id"] in said for row in signed)


def test_a_swapped_paper_is_named_by_its_number(life: Office, people: People) -> None:
    one, other_, *_rest = life.store.rows_where("register", order_by="number")
    with intruder(life) as connection:
        connection.execute(
            "UPDATE register SET pdf_sha = ? WHERE id = ?", [other_["pdf_sha"] + "", one["id"]]
        )
        connection.execute("UPDATE register SET snapshot = replace(snapshot, '示例', '伪造')")
    told = {fault.number for fault in reconcile.check(life) if "登记簿（表 register）" in fault.message}
    assert {one["number"], other_["number"]} <= told


def test_a_change_through_the_store_that_no_event_tells_of_is_named(life: Office) -> None:
    with life.store.write():
        life.store.execute("UPDATE account SET roles = '[\"admin\"]' WHERE username = 'zhangsan'")
    (found,) = bindings.problems(life.store)
    assert (found.table, found.subject) == ("account", "zhangsan")


def test_the_bindings_themselves_are_a_chain(life: Office) -> None:
    audit.publish_heads(life.store, life.clock, life.heads)
    assert audit.verify(life.store, life.heads) == []
    newest = life.store.query("SELECT MAX(seq) AS seq FROM binding")[0]["seq"]
    with intruder(life) as connection:
        connection.execute("UPDATE binding SET data = replace(data, 'account', 'acount') WHERE seq = 1")
        connection.execute("DELETE FROM binding WHERE seq = ?", [newest])
    told = "".join(audit.verify(life.store, life.heads))
    assert f"数据行校验记录：缺第 {newest} 至 {newest} 条" in told
    assert "数据行校验记录：第 1 条被改动" in told or "第 1 条被改动" in told


def test_an_audit_event_cut_off_with_its_tail_is_missed_by_the_binding(life: Office) -> None:
    """Without the heads file: the rows written with it still say that it was there."""
    with intruder(life) as connection:
        connection.execute(
            "DELETE FROM audit WHERE id = (SELECT MAX(id) FROM audit WHERE event = 'deputy_appointed')"
        )
    assert any("所属的审计事件不见了" in one for one in audit.verify(life.store))


def test_what_was_there_before_rows_were_bound_is_bound_at_the_upgrade_and_said(
    life: Office,
) -> None:
    with intruder(life) as connection:
        connection.execute("DROP TABLE binding")
        connection.execute(f"DELETE FROM {migrations_of(life.store)} WHERE name = 'bindings'")
    again = Store(life.store.path)
    again.migrate()
    assert bindings.problems(again) == []
    assert "升级时登记的" in (bindings.taken_over(again) or "")
    with intruder(life) as connection:
        connection.execute("UPDATE account SET roles = '[\"admin\"]' WHERE username = 'zhangsan'")
    assert [one.subject for one in bindings.problems(again)] == ["zhangsan"]
    again.close()


def test_an_account_changed_by_its_own_act_stays_whole(life: Office, people: People) -> None:
    accounts.disable(life.store, life.clock, None, people.qianyi.id)
    assert bindings.problems(life.store) == []
    assert bindings.taken_over(life.store) is None


def test_a_confidential_draft_saved_again_and_again_stays_whole(
    office: Office, people: People, submit: Submit
) -> None:
    """Not every save is told in the audit log."""
    raw = {"f_reporter_name": ["李某（示例）"]}
    draft = drafts.start(office, people.zhangsan, "clue_registration", raw)
    for _time in range(3):
        raw = {"f_reporter_name": [raw["f_reporter_name"][0] + "某"]}
        draft = drafts.save(office, people.zhangsan, draft.id, raw, draft.revision).draft
        assert bindings.problems(office.store) == []
    drafts.discard(office, people.zhangsan, draft.id)
    assert bindings.problems(office.store) == []
    assert office.store.count("sealed") == 0
