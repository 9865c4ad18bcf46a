"""Every branch of the way of a clue, from registration to closing, through the screens, by its people.

At the end of each, everything that is left is searched for what the reporter said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from andu.office import records
from andu.office.office import Office
from andu.settings import Settings
from tests.conftest import People, nothing_wrong
from tests.views import canaries
from tests.views.canaries import Leavings
from tests.views.conftest import SignedIn
from tests.views.walking import Walk

PRESENT = "24小时内呈领导小组审阅"
NOW, TODAY = "2026-11-22T09:02", "2026-11-22"


@pytest.fixture
def leavings(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Leavings:
    """What people leave behind as they work."""
    return Leavings(monkeypatch, caplog)


@pytest.fixture
def office(settings: Settings, leavings: Leavings) -> Iterator[Office]:
    """The sample office; its papers are listened to."""
    office = Office.open(settings, leavings.to_pdf, nothing_wrong)
    yield office
    office.store.close()


@pytest.fixture
def walk(office: Office, signed_in: SignedIn, leavings: Leavings) -> Iterator[Walk]:
    """The people of 示例镇 at their desks; afterwards nothing confidential may be found anywhere."""
    yield Walk(office, signed_in)
    leavings.check(office)


def carried(walk: Walk, who: str, slug: str, source: str) -> dict[str, str]:
    """What a form begun from a record says before anybody has typed anything."""
    walk.begin(who, slug, source)
    visitor = walk.as_(who)
    inputs = visitor.filled(visitor.path)
    return {name.removeprefix("f_"): texts[0] for name, texts in inputs.items() if any(texts)}


def rows(inputs: dict[str, str], table: str) -> list[str]:
    """What stands in the cells of a table, row by row."""
    return [text for name, text in inputs.items() if name.startswith(f"{table}-")]


def registered(walk: Walk, **answers: Any) -> str:
    """A clue of 示例一村, numbered."""
    clue = walk.fill("zhangsan", "clue_registration", **canaries.REPORTER, **answers)
    walk.sign("zhangsan", clue)
    assert walk.sign("lisi", clue) == "DJ-XS-2026-0001"
    return clue


def presented(walk: Walk, people: People, clue: str, suggestion: str = "上报") -> str:
    """Handed over the same day, and presented to the three reviewers within 24 hours; the review slip."""
    known = carried(walk, "zhangsan", "clue_handover", clue)
    assert rows(known, "items") == ["车辆受损照片（示例）", "1", "2", "复制件"]
    slip = walk.fill("zhangsan", "clue_handover", clue, receiver_unit="shb", feedback_by="2026-12-22")
    walk.sign("zhangsan", slip)
    assert walk.sign("wangwu", slip, received_at=NOW) == "YJ-2026-0001"
    assert PRESENT in walk.text("wangwu", "/"), "the desk says that it is to be presented within 24 hours"
    assert carried(walk, "wangwu", "clue_review", slip)["received_at"] == NOW
    reviewers = {"deputy_one": people.zhouba.id, "deputy_two": people.chushisi.id}
    review = walk.fill(
        "wangwu", "clue_review", slip, **reviewers, group_leader=people.sunqi.id, suggestion=suggestion
    )
    assert PRESENT not in walk.text("wangwu", "/"), "presented is presented, signed or not"
    for who in ("zhaoliu", "zhouba", "chushisi"):
        assert walk.sign(who, review) == ""
    assert walk.sign("sunqi", review, "同意上报") == "CY-2026-0001"
    return review


def studied(walk: Walk, people: People, review: str, conclusion: str, unit: str) -> str:
    """Studied together, with reasons; the record."""
    study = walk.fill(
        "wangwu",
        "study_record",
        review,
        held_at=NOW,
        chair=people.sunqi.id,
        recorder=people.wangwu.id,
        conclusion=conclusion,
        responsible_unit=unit,
        due_on="2026-12-20",
    )
    walk.sign("wangwu", study)
    assert walk.sign("sunqi", study) == "YP-2026-0001"
    return study


def told(walk: Walk, people: People, report: str, conclusion: str) -> None:
    """The reporter is told what came of it, by two."""
    notice = walk.fill(
        "qianyi",
        "feedback_notice",
        report,
        teller_one=people.qianyi.id,
        teller_two=people.yangshijiu.id,
        told_at=NOW,
        conclusion=conclusion,
    )
    walk.sign("qianyi", notice)
    walk.sign("yangshijiu", notice)
    assert walk.sign("zhaoliu", notice) == "FK-2026-0001"


def reported_up(walk: Walk, study: str) -> str:
    """Sent up: the form and the 报告 with it; the report."""
    known = carried(walk, "wangwu", "clue_submission", study)
    assert rows(known, "persons") == ["李某某（示例）", "无"], "the rest of the person is not reported up"
    assert rows(known, "materials") == ["车辆受损照片（示例）", "1", "2"]
    form = walk.fill("wangwu", "clue_submission", study, reported_on=TODAY)
    walk.sign("wangwu", form)
    walk.sign("zhaoliu", form)
    assert walk.sign("chushisi", form) == "BS-2026-0001"
    report = walk.fill("wangwu", "upward_report", study)
    walk.sign("zhaoliu", report)
    assert walk.sign("sunqi", report) == "示发〔2026〕1号"
    return form


def answered(walk: Walk, form: str, decision: str) -> str:
    """The county's answer, entered."""
    reply = walk.fill("wangwu", "county_reply", form, replied_on=TODAY, received_at=NOW, decision=decision)
    assert walk.sign("zhaoliu", reply) == "SW-2026-0001"
    return reply


def assigned(walk: Walk, people: People, study: str) -> str:
    """Assigned to the police station, with 四定一包; the assignment."""
    days = {"assigned_on": TODAY, "due_on": "2026-12-12"}
    assignment = walk.fill("wangwu", "assignment", study, handling_unit="pcs", **days)
    assert walk.sign("zhaoliu", assignment) == "JB-2026-0001"
    assert "等待“承办单位签收”签收" in walk.text("wangwu", f"/records/{assignment}")
    walk.sign("fenger", assignment)
    sheet = walk.fill(
        "wangwu",
        "responsibility_sheet",
        assignment,
        lead=people.zhouba.id,
        handler_one=people.qianyi.id,
        handler_two=people.yangshijiu.id,
        backcheck_person=people.chushisi.id,
        start_on=TODAY,
        end_on="2026-12-10",
    )
    for who in ("qianyi", "yangshijiu", "zhouba"):
        walk.sign(who, sheet)
    assert walk.sign("zhaoliu", sheet) == "ZR-2026-0001"
    return assignment


def verified(walk: Walk, people: People, assignment: str, conclusion: str) -> str:
    """Verified by two and their head, and endorsed as the stricter rule asks; the report."""
    report = walk.fill(
        "qianyi",
        "verification_report",
        assignment,
        group_head=people.wangwu.id,
        verifier_one=people.qianyi.id,
        verifier_two=people.yangshijiu.id,
        began_on=TODAY,
        ended_on=TODAY,
        conclusion=conclusion,
    )
    for who in ("qianyi", "yangshijiu", "wangwu", "sunqi"):
        assert walk.sign(who, report) == "", "someone responsible in the member unit has to sign as well"
    assert walk.sign("fenger", report) == "HC-2026-0001"
    return report


def closed(walk: Walk, clue: str, number: str) -> None:
    """The page of the case says what closed it, and nothing but what may follow is offered."""
    page = walk.text("wangwu", f"/cases/{clue}")
    assert "已办结" in page
    assert number in page
    assert "已超期" not in page


def test_what_the_county_takes_goes_to_the_police_and_into_law(walk: Walk, people: People) -> None:
    clue = registered(walk)
    study = studied(walk, people, presented(walk, people, clue), "上报", "shb")
    reply = answered(walk, reported_up(walk, study), "纳入公安侦办")
    letter = walk.fill("wangwu", "transfer_letter", reply, receiver_unit="pcs", purpose="公安机关依法办理")
    walk.sign("zhaoliu", letter)
    assert walk.sign("sunqi", letter) == "示函〔2026〕1号"
    law = walk.fill("qianyi", "legal_process", letter, filed_on=TODAY, informed_on=TODAY, step="立案侦查")
    walk.sign("qianyi", law)
    assert walk.sign("zhaoliu", law)
    assert "已办结" not in walk.text("wangwu", f"/cases/{clue}"), "begun is not ended"
    end = walk.fill("qianyi", "legal_process", law, informed_on=TODAY, stage="办理结果")
    walk.sign("qianyi", end)
    number = walk.sign("zhaoliu", end)
    assert number
    closed(walk, clue, number)
    ledger = walk.text("zhaoliu", "/ledgers/clue_registration")
    for word in ("DJ-XS-2026-0001", "YJ-2026-0001", "CY-2026-0001", "纳入公安侦办"):
        assert word in ledger


def test_what_the_county_does_not_take_is_handled_as_a_petition(walk: Walk, people: People) -> None:
    clue = registered(walk)
    study = studied(walk, people, presented(walk, people, clue), "上报", "shb")
    reply = answered(walk, reported_up(walk, study), "未纳入公安侦办")
    petition_to_its_end(walk, clue, reply, "未纳入公安侦办")


def test_what_is_not_reported_up_is_handled_as_a_petition(walk: Walk, people: People) -> None:
    clue = registered(walk)
    study = studied(walk, people, presented(walk, people, clue), "不上报，转信访事项办理", "zzb")
    petition_to_its_end(walk, clue, study, "未上报")


def petition_to_its_end(walk: Walk, clue: str, source: str, basis: str) -> None:
    """Turned to 综治办, accepted, concluded."""
    known = carried(walk, "wangwu", "petition_transfer", source)
    assert known["clue_number"] == "DJ-XS-2026-0001" and known["study_number"] == "YP-2026-0001"
    assert known.get("basis", "未上报") == basis
    assert known["handling_unit"] == "zzb", "whoever else was made responsible"
    more = {} if basis == "未纳入公安侦办" else {"study_number": "YP-2026-0001"}
    petition = walk.fill(
        "wangwu", "petition_transfer", source, handling_unit="zzb", basis=basis, transferred_on=TODAY, **more
    )
    walk.sign("zhaoliu", petition)
    assert walk.sign("jiangshiliu", petition, received_at=NOW, accepted_on=TODAY) == "ZB-2026-0001"
    assert "60 日内" in walk.text("weishiwu", "/"), "the desk of 综治办 says until when"
    known = carried(walk, "weishiwu", "petition_reply", petition)
    assert (known["transfer_number"], known["handling_unit"]) == ("ZB-2026-0001", "zzb")
    assert known["accepted_on"] == TODAY, "whoever received it has said so"
    reply = walk.fill("weishiwu", "petition_reply", petition, acceptance_told_on=TODAY, concluded_on=TODAY)
    walk.sign("weishiwu", reply)
    number = walk.sign("jiangshiliu", reply)
    assert number
    closed(walk, clue, number)


def test_what_is_true_is_completed_with_two_signatures_told_and_archived(walk: Walk, people: People) -> None:
    clue = registered(walk)
    study = studied(walk, people, presented(walk, people, clue, "镇级核查"), "补充核查", "pcs")
    report = verified(walk, people, assigned(walk, people, study), "属实")
    said = {"handling_unit": "pcs", "may_close": True, "feedback_on": TODAY}
    done = walk.fill("qianyi", "completion_report", report, **said)
    walk.sign("fenger", done)
    assert walk.sign("zhaoliu", done) == "BJ-2026-0001"
    closed(walk, clue, "BJ-2026-0001")
    told(walk, people, done, "已处理完毕")
    assert "查否线索复查表" not in walk.text("wangwu", f"/cases/{clue}"), "there was no denial to check again"
    archive = walk.fill("wangwu", "archive_list", clue, filed_on=TODAY)
    listed = walk.text("wangwu", f"/records/{archive}")
    for number in ("DJ-XS-2026-0001", "YJ-2026-0001", "HC-2026-0001", "BJ-2026-0001"):
        assert number in listed, "the list of the file begins with every paper of the case"
    assert "BJ-2026-0001" in walk.text("zhaoliu", "/ledgers/completion_report")


def test_what_is_not_true_is_checked_again_by_another_and_the_reporter_is_told(
    walk: Walk, people: People
) -> None:
    clue = registered(walk)
    study = studied(walk, people, presented(walk, people, clue, "镇级核查"), "补充核查", "pcs")
    report = verified(walk, people, assigned(walk, people, study), "不属实")
    known = carried(walk, "qianyi", "denial_report", report)
    (finding,) = records.find(walk.office, report).values["findings"]
    assert rows(known, "allegations") == [finding[key] for key in ("issue", "facts", "evidence")]
    assert known["denial_kind"] == "不属实"
    denial = walk.fill(
        "qianyi",
        "denial_report",
        report,
        denial_kind="不属实",
        handling_unit="pcs",
        rechecker=people.jiangshiliu.id,
        rechecked_on=TODAY,
        feedback_state="需要反馈",
        feedback_plan="由派出所当面反馈。",
    )
    for who in ("qianyi", "yangshijiu", "jiangshiliu", "fenger"):
        assert walk.sign(who, denial) == ""
    assert walk.sign("chushisi", denial) == "CF-2026-0001"
    assert "向举报人反馈" in walk.text("qianyi", "/")
    told(walk, people, denial, "不属实")
    closed(walk, clue, "FK-2026-0001")


def test_an_umbrella_goes_to_the_discipline_commission_beside_everything_else(
    walk: Walk, people: People
) -> None:
    clue = registered(walk, involves_umbrella=True)
    review = presented(walk, people, clue, "移镇纪委")
    letter = walk.fill("wangwu", "transfer_letter", review, receiver_unit="jiwei", purpose="纪检监察机关处置")
    walk.sign("zhaoliu", letter)
    walk.sign("sunqi", letter)
    study = studied(walk, people, review, "补充核查", "pcs")
    assigned(walk, people, study)
    assert "DJ-XS-2026-0001" in walk.text("shenshiqi", f"/records/{letter}")
    page = walk.text("wangwu", f"/cases/{clue}")
    assert "移送函" in page
    assert "线索交办通知单" in page


def test_a_slip_that_is_sent_back_was_not_presented(walk: Walk, people: People) -> None:
    clue = registered(walk)
    slip = walk.fill("zhangsan", "clue_handover", clue, receiver_unit="shb", feedback_by="2026-12-22")
    walk.sign("zhangsan", slip)
    walk.sign("wangwu", slip, received_at=NOW)
    reviewers = {"deputy_one": people.zhouba.id, "deputy_two": people.chushisi.id}
    review = walk.fill("wangwu", "clue_review", slip, **reviewers, group_leader=people.sunqi.id)
    assert PRESENT not in walk.text("wangwu", "/")
    walk.decline("zhaoliu", review, "摘要太简单")
    assert PRESENT in walk.text("wangwu", "/")
