"""What follows when work is not done: 督办, 约谈, 通报 and mending, through the screens, by its people."""

from __future__ import annotations

from datetime import datetime

import pytest

from andu.clock import OFFICE_ZONE, stamp
from andu.office import records
from andu.office.office import Office
from tests.conftest import People
from tests.views.conftest import SignedIn
from tests.views.walking import Walk

DAY = "2026-11-22"


@pytest.fixture
def walk(office: Office, signed_in: SignedIn) -> Walk:
    """The people of 示例镇 at their desks."""
    return Walk(office, signed_in)


def day(n: int) -> str:
    """So many days after the first, which is 2026-11-22."""
    return f"2026-11-{22 + n}" if n < 9 else f"2026-12-{n - 8:02}"


def due_of(office: Office, record_id: str) -> list[tuple[str | None, bool]]:
    """When each deadline of a record was met (stored), and whether that was in time."""
    rows = office.store.rows_where("deadline", "record_id = ?", [record_id], order_by="row")
    return [(row["met_at"], bool(row["met_at"]) and row["met_at"] <= row["due"]) for row in rows]


def minutes(walk: Walk, people: People) -> str:
    """Minutes with a decision of the police station, numbered."""
    decisions = [{"matter": "开展一次夜间联合巡查", "unit": "pcs", "due": day(2)}]
    paper = walk.fill(
        "wangwu", "meeting_minutes", held_at=f"{DAY}T08:00", decisions=decisions, printed_on=None
    )
    walk.sign("zhaoliu", paper)
    assert walk.sign("sunqi", paper) == "示纪要〔2026〕1号"
    return paper


def test_supervision_of_a_decision_names_the_matter_and_its_ground(walk: Walk, people: People) -> None:
    minutes(walk, people)
    walk.wait(days=4)
    draft = walk.chase("wangwu", "开展一次夜间联合巡查", "supervision")
    visitor = walk.as_("wangwu")
    there = visitor.filled(f"/drafts/{draft}")
    assert there["f_matter"] == ["开展一次夜间联合巡查"]
    assert there["f_basis"] == ["会议议定事项"]
    assert there["f_basis_note"] == ["示纪要〔2026〕1号 办理议定事项：开展一次夜间联合巡查"]
    assert there["f_original_due"] == [day(2)]
    paper = walk.hand_in("wangwu", "supervision", draft, supervised_on=day(4), new_due=day(9))
    assert walk.sign("sunqi", paper) == "DB-2026-0001"


def replied(walk: Walk, source: str, conclusion: str) -> str:
    """The police station replies; the office judges."""
    reply = walk.fill("qianyi", "rectification_reply", source, is_done="正在整改", planned_on=day(20))
    walk.sign("qianyi", reply)
    walk.sign("fenger", reply)
    note = {"conclusion_note": "没有附会议记录。"} if conclusion == "退回重办" else {}
    assert walk.sign("zhaoliu", reply, conclusion=conclusion, **note)
    return reply


def test_a_reply_that_is_sent_back_meets_nothing(walk: Walk, office: Office, people: People) -> None:
    paper = walk.fill(
        "wangwu",
        "supervision",
        handling_unit="pcs",
        basis="督查发现问题",
        supervised_on=DAY,
        original_due=None,
        new_due=day(9),
    )
    assert walk.sign("sunqi", paper) == "DB-2026-0001"
    replied(walk, paper, "退回重办")
    assert due_of(office, paper) == [(None, False)]
    assert "督办回复" in walk.text("qianyi", "/"), "the unit still owes its reply"
    replied(walk, paper, "办结")
    assert due_of(office, paper) == [(stamp(office.clock.now()), True)]
    assert "督办回复" not in walk.text("qianyi", "/")


def test_a_talk_is_kept_when_it_is_held_and_its_reason_is_written_anew(
    walk: Walk, office: Office, people: People
) -> None:
    supervised = walk.fill("wangwu", "supervision", handling_unit="pcs", supervised_on=DAY, new_due=day(1))
    walk.sign("sunqi", supervised)
    draft = walk.begin("wangwu", "talk_notice", supervised)
    there = walk.as_("wangwu").filled(f"/drafts/{draft}")
    assert there["f_supervision_number"] == ["DB-2026-0001"] and there["f_talked_unit"]
    assert there["f_reason"] == [""], "the matter of a clue is no reason that the person talked to may read"
    three = {"talked_person": people.fenger.id, "talker1": people.sunqi.id, "talker2": people.wangwu.id}
    notice = walk.hand_in("wangwu", "talk_notice", draft, talk_at=f"{day(2)}T09:00", **three)
    assert walk.sign("zhaoliu", notice)
    walk.wait(days=4)  # the talk was held on its day; its record is written two days later
    record = walk.fill("wangwu", "talk_record", notice, held_at=f"{day(2)}T09:20", rectify_by=day(12))
    held = stamp(datetime(2026, 11, 24, 9, 20, tzinfo=OFFICE_ZONE))
    assert due_of(office, notice) == [(held, True)], "met by the talk, on its day"
    assert records.find(office, record).state == "signing"


def test_every_unit_named_in_a_circular_says_how_it_mended(
    walk: Walk, office: Office, people: People
) -> None:
    named = [
        {"unit": "pcs", "situation": "一件督办事项超期三天回复"},
        {"unit": "cun1", "situation": "上半月报表迟报两天"},
    ]
    circular = walk.fill("wangwu", "supervision_circular", units=named, rectify_by=day(10), printed_on=None)
    walk.sign("zhaoliu", circular)
    assert walk.sign("sunqi", circular) == "示发〔2026〕1号"
    assert "报送整改情况：一件督办事项超期三天回复" in walk.text("qianyi", "/")
    assert "报送整改情况：上半月报表迟报两天" in walk.text("zhangsan", "/")
    reply = replied(walk, circular, "办结")
    known = records.find(office, reply).values
    assert known["related_number"] == "示发〔2026〕1号" and known["required_by"] == day(10)
    assert due_of(office, circular) == [(stamp(office.clock.now()), True), (None, False)]
    assert "报送整改情况" in walk.text("zhangsan", "/"), "the reply of another unit is not its own"
    walk.wait(days=12)
    assert "报送整改情况：上半月报表迟报两天" in walk.text("wangwu", "/"), "the office sees who has not"


def inspected(walk: Walk, people: People) -> str:
    """The office visited 示例一村 and found something, on paper."""
    visit = {
        "mode": "集中督导",
        "inspected_unit": "cun1",
        "inspected_at": f"{DAY}T08:00",
        "lead": people.sunqi.id,
    }
    record = walk.fill("wangwu", "inspection_record", **visit, has_problems=True, mend_by=day(10))
    walk.sign("wangwu", record)
    assert walk.sign("sunqi", record) == "DD-2026-0001"
    return record


def test_who_visited_whom_found_what_and_by_when_it_is_mended(
    walk: Walk, office: Office, people: People
) -> None:
    record = inspected(walk, people)
    assert "报送督导整改情况" in walk.text("zhangsan", "/")
    walk.sign("lisi", record)  # received
    reply = walk.fill("zhangsan", "rectification_reply", record, is_done="已经整改到位", completed_on=DAY)
    assert records.find(office, reply).values["related_number"] == "DD-2026-0001"
    walk.sign("zhangsan", reply)
    walk.sign("lisi", reply)
    assert walk.sign("zhaoliu", reply, conclusion="办结") == "ZG-2026-0001"
    assert due_of(office, record) == [(stamp(office.clock.now()), True)]
    line = walk.text("zhaoliu", "/ledgers/inspections")
    for word in ("DD-2026-0001", "集中督导", "示例一村", "孙七", "上半月报表迟报2天", "ZG-2026-0001", "办结"):
        assert word in line


def test_responsibility_goes_from_the_finding_to_the_decision(
    walk: Walk, office: Office, people: People
) -> None:
    record = inspected(walk, people)
    answers = {"deciding_unit": "jiwei", "found_on": DAY, "decide_by": day(15)}
    referral = walk.fill("wangwu", "accountability_referral", record, **answers)
    known = records.find(office, referral).values
    assert known["source_number"] == "DD-2026-0001" and known["concerned_unit"] == "cun1"
    walk.sign("zhaoliu", referral)
    assert walk.sign("sunqi", referral) == "ZJ-2026-0001"
    assert "责任追究" not in walk.text("zhangsan", "/mine"), "the unit concerned is not told"
    assert walk.as_("zhangsan").get(f"/records/{referral}").status_code == 404
    assert "作出责任追究决定" in walk.text("shenshiqi", "/")
    walk.sign("shenshiqi", referral)  # received
    decided = {
        "decision": "移送司法机关",
        "decided_on": DAY,
        "organ": "县公安局（示例）",
        "transferred_on": DAY,
    }
    decision = walk.fill("shenshiqi", "accountability_decision", referral, penalty="党内严重警告", **decided)
    walk.sign("shenshiqi", decision)
    assert walk.sign("hanshiba", decision) == "ZJ-2026-0002"
    assert due_of(office, referral) == [(stamp(office.clock.now()), True)]
    assert "移送司法机关" in walk.text("wangwu", f"/records/{decision}"), "whoever asked sees what came of it"
    line = walk.text("zhaoliu", "/ledgers/accountability")
    for word in (
        "ZJ-2026-0001",
        "移交不及时致使线索漏报",
        "移送司法机关",
        "党内严重警告",
        "县公安局（示例）",
    ):
        assert word in line
