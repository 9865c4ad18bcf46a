"""Studying together, what follows from it, and denying with grounds: what is refused, offered and due."""

from __future__ import annotations

import pytest

from andu.office.office import Office
from tests.conftest import People
from tests.views.conftest import SignedIn
from tests.views.walking import Walk

NOW, TODAY = "2026-11-22T09:02", "2026-11-22"
UP, ON = "上报", "转综治办按信访事项办理"


@pytest.fixture
def walk(office: Office, signed_in: SignedIn) -> Walk:
    """The people of 示例镇 at their desks."""
    return Walk(office, signed_in)


def registered(walk: Walk) -> str:
    """A clue of the office itself, numbered."""
    clue = walk.fill("wangwu", "clue_registration")
    walk.sign("wangwu", clue)
    assert walk.sign("zhaoliu", clue)
    return clue


def reviewed(walk: Walk, people: People, clue: str) -> str:
    """Seen by the leading group; the review slip."""
    group = {
        "deputy_one": people.zhouba.id,
        "deputy_two": people.chushisi.id,
        "group_leader": people.sunqi.id,
    }
    review = walk.fill("wangwu", "clue_review", clue, received_at=NOW, **group)
    for who in ("zhaoliu", "zhouba", "chushisi", "sunqi"):
        walk.sign(who, review)
    return review


def study_answers(people: People, conclusion: str, **more: object) -> dict[str, object]:
    """What is answered in a study."""
    chaired = {"held_at": NOW, "chair": people.sunqi.id, "recorder": people.wangwu.id}
    return {**chaired, "conclusion": conclusion, "due_on": None, **more}


def studied(walk: Walk, people: People, clue: str, conclusion: str, **more: object) -> str:
    """Studied together after the review; the record."""
    study = walk.fill(
        "wangwu", "study_record", reviewed(walk, people, clue), **study_answers(people, conclusion, **more)
    )
    walk.sign("wangwu", study)
    assert walk.sign("sunqi", study)
    return study


def of(clue: str) -> dict[str, str]:
    """What a form says that is begun by itself, about the clue."""
    return {"clue": clue, "clue_number": "DJ-XS-2026-0001"}


def verified(walk: Walk, people: People, clue: str, conclusion: str) -> str:
    """Assigned to the police station and verified; the report."""
    days = {"assigned_on": TODAY, "due_on": "2026-12-12"}
    assignment = walk.fill("wangwu", "assignment", **of(clue), handling_unit="pcs", **days)
    walk.sign("zhaoliu", assignment)
    report = walk.fill(
        "qianyi", "verification_report", assignment, **verifying(people), conclusion=conclusion
    )
    for who in ("qianyi", "yangshijiu", "wangwu", "sunqi", "fenger"):
        walk.sign(who, report)
    return report


def verifying(people: People) -> dict[str, object]:
    """Who verifies, and when."""
    who = {
        "group_head": people.wangwu.id,
        "verifier_one": people.qianyi.id,
        "verifier_two": people.yangshijiu.id,
    }
    return {**who, "began_on": TODAY, "ended_on": TODAY}


def denied(walk: Walk, people: People, report: str, kind: str, feedback: str) -> str:
    """Denied with grounds, checked again and endorsed; the report."""
    denial = walk.fill(
        "qianyi",
        "denial_report",
        report,
        denial_kind=kind,
        handling_unit="pcs",
        rechecker=people.jiangshiliu.id,
        rechecked_on=TODAY,
        feedback_state=feedback,
    )
    for who in ("qianyi", "yangshijiu", "jiangshiliu", "fenger"):
        walk.sign(who, denial)
    assert walk.sign("chushisi", denial)
    return denial


def offered(walk: Walk, who: str, record_id: str) -> list[str]:
    """The forms that may follow a record, for this person."""
    visitor = walk.as_(who)
    visitor.get(f"/records/{record_id}")
    actions = visitor.page.xpath("//main//form[starts-with(@action, '/new/')]/@action")
    return [action.removeprefix("/new/") for action in actions]


def test_nobody_studies_before_the_leading_group_has_seen_it(walk: Walk, people: People) -> None:
    clue = registered(walk)
    said = walk.refused(
        "wangwu", "study_record", typed={"clue": clue}, clue=clue, **study_answers(people, UP)
    )
    assert "还没有“线索呈阅单”" in said


def test_one_opinion_is_no_joint_study(walk: Walk, people: People) -> None:
    review = reviewed(walk, people, registered(walk))
    one = {"unit": "shb", "member": "赵六", "opinion": "建议上报。"}
    answers = study_answers(people, UP)
    assert "至少" in walk.refused("wangwu", "study_record", review, typed={"opinions": [one]}, **answers)
    same = [one, {**one, "member": "王五"}]
    said = walk.refused("wangwu", "study_record", review, typed={"opinions": same}, **answers)
    assert "有两行是同一个单位" in said


@pytest.mark.parametrize("due_on", [None, "2026-11-25"])
def test_after_the_decision_to_report_up_a_clock_runs(walk: Walk, people: People, due_on: str | None) -> None:
    study = studied(walk, people, registered(walk), UP, due_on=due_on)
    assert UP in walk.text("wangwu", "/")
    report = walk.fill("wangwu", "upward_report", study)
    walk.sign("zhaoliu", report)
    walk.sign("sunqi", report)
    assert f"{UP}：" not in walk.text("wangwu", "/")


def test_what_the_county_does_not_take_has_a_clock_at_once_and_goes_to_one_office(
    walk: Walk, people: People
) -> None:
    study = studied(walk, people, registered(walk), UP)
    form = walk.fill("wangwu", "clue_submission", study, reported_on=TODAY)
    for who in ("wangwu", "zhaoliu", "chushisi"):
        walk.sign(who, form)
    days = {"replied_on": TODAY, "received_at": NOW}
    reply = walk.fill("wangwu", "county_reply", form, decision="未纳入公安侦办", **days)
    walk.sign("zhaoliu", reply)
    assert ON in walk.text("wangwu", "/")
    answers = {"basis": "未纳入公安侦办", "transferred_on": TODAY}
    said = walk.refused("wangwu", "petition_transfer", reply, typed={"handling_unit": "pcs"}, **answers)
    assert "只能选择“综治办”" in said
    petition = walk.fill("wangwu", "petition_transfer", reply, **answers)
    walk.sign("zhaoliu", petition)
    walk.sign("jiangshiliu", petition, received_at=NOW, accepted_on=TODAY)
    assert f"{ON}：" not in walk.text("wangwu", "/")


def test_a_handover_that_asks_for_an_answer_is_watched(walk: Walk) -> None:
    clue = walk.fill("zhangsan", "clue_registration")
    walk.sign("zhangsan", clue)
    walk.sign("lisi", clue)
    asked = {"wants_feedback": True, "feedback_by": "2026-11-30"}
    slip = walk.fill("zhangsan", "clue_handover", clue, receiver_unit="shb", **asked)
    walk.sign("zhangsan", slip)
    walk.sign("wangwu", slip, received_at=NOW)
    assert "反馈移交事项的办理情况" in walk.text("wangwu", "/")


def test_a_conclusion_says_what_its_findings_say(walk: Walk, people: People) -> None:
    clue = registered(walk)
    days = {"assigned_on": TODAY, "due_on": "2026-12-12"}
    assignment = walk.fill("wangwu", "assignment", **of(clue), handling_unit="pcs", **days)
    walk.sign("zhaoliu", assignment)

    def said(whole: str, each: str) -> str:
        row = {"issue": "示例问题", "facts": "示例事实", "evidence": "示例证据", "conclusion": each}
        typed = {"conclusion": whole, "findings": [row]}
        return walk.refused("qianyi", "verification_report", assignment, typed=typed, **verifying(people))

    assert "总的结论不能是“不属实”" in said("不属实", "属实")
    assert "总的结论应当选“部分属实”" in said("属实", "不属实")
    assert "至少要有一项不属实" in said("不属实", "无法查证")


@pytest.mark.parametrize(
    ("conclusion", "next_forms"),
    [("属实", {"transfer_letter", "legal_process", "completion_report"}), ("无法查证", {"denial_report"})],
)
def test_what_is_offered_next_follows_from_the_conclusion(
    walk: Walk, people: People, conclusion: str, next_forms: set[str]
) -> None:
    clue = registered(walk)
    report = verified(walk, people, clue, conclusion)
    assert set(offered(walk, "qianyi", report)) == next_forms
    assert set(offered(walk, "wangwu", report)) == next_forms | {"upward_report"}, "the office reports it up"


def test_grounds_that_say_nothing_are_refused(walk: Walk, people: People) -> None:
    report = verified(walk, people, registered(walk), "不属实")
    row = {"issue": "示例问题", "grounds": "无", "evidence": "笔录6份（示例）"}
    who = {"rechecker": people.jiangshiliu.id, "rechecked_on": TODAY, "handling_unit": "pcs"}
    said = walk.refused("qianyi", "denial_report", report, typed={"allegations": [row]}, **who)
    assert "请用文字写清楚" in said


def test_nobody_is_told_that_a_clue_is_false_before_the_report_that_says_so(
    walk: Walk, people: People
) -> None:
    clue = registered(walk)
    report = verified(walk, people, clue, "不属实")
    who = {"teller_one": people.qianyi.id, "teller_two": people.yangshijiu.id, "told_at": NOW}
    typed = {"verification": report, "conclusion": "不属实"}
    said = walk.refused("qianyi", "feedback_notice", typed=typed, **of(clue), verification=report, **who)
    assert "还没有“线索查否报告”" in said


def test_what_the_reporter_takes_home_may_not_say_that_there_was_a_report(walk: Walk) -> None:
    clue = registered(walk)
    for field, typed in (("explanation", "您举 报的情况已经查过。"), ("policy", "任何人不得打击报复。")):
        said = walk.refused("qianyi", "feedback_notice", typed={field: typed}, **of(clue), told_at=NOW)
        assert "这一联由对方带走，旁人看了不能知道举报过什么" in said, field


def test_a_false_clue_of_nobody_ends_with_its_report(walk: Walk, people: People) -> None:
    clue = registered(walk)
    denial = denied(walk, people, verified(walk, people, clue, "不属实"), "不属实", "匿名举报无法反馈")
    page = walk.text("wangwu", f"/cases/{clue}")
    assert "已办结" in page and walk.number(denial) in page
    assert "feedback_notice" not in offered(walk, "qianyi", denial)


def test_what_is_no_such_crime_goes_on_as_a_petition(walk: Walk, people: People) -> None:
    clue = registered(walk)
    report = verified(walk, people, clue, "不属实")
    denial = denied(walk, people, report, "非涉黑涉恶（转其他渠道）", "匿名举报无法反馈")
    assert "已办结" not in walk.text("wangwu", f"/cases/{clue}")
    assert "petition_transfer" in offered(walk, "wangwu", denial)
    answers = {"basis": "核查后不属于涉黑涉恶", "denial_number": "CF-2026-0001", "transferred_on": TODAY}
    petition = walk.fill("wangwu", "petition_transfer", denial, **answers)
    walk.sign("zhaoliu", petition)
    walk.sign("jiangshiliu", petition, received_at=NOW, accepted_on=TODAY)
    days = {"acceptance_told_on": TODAY, "concluded_on": TODAY}
    reply = walk.fill("weishiwu", "petition_reply", petition, **days)
    walk.sign("weishiwu", reply)
    walk.sign("jiangshiliu", reply)
    assert "已办结" in walk.text("wangwu", f"/cases/{clue}")


def test_a_closed_denial_is_checked_again_by_another_and_nothing_is_voided(
    walk: Walk, people: People
) -> None:
    clue = registered(walk)
    denial = denied(walk, people, verified(walk, people, clue, "不属实"), "不属实", "需要反馈")
    tellers = {"teller_one": people.qianyi.id, "teller_two": people.yangshijiu.id, "told_at": NOW}
    notice = walk.fill("qianyi", "feedback_notice", denial, conclusion="不属实", **tellers)
    for who in ("qianyi", "yangshijiu", "zhaoliu"):
        walk.sign(who, notice)
    assert "已办结" in walk.text("wangwu", f"/cases/{clue}")
    again = {"asked_on": TODAY, "rechecked_on": TODAY, "conclusion": "重新核查"}
    said = walk.refused("wangwu", "denial_recheck", denial, typed={"rechecker": people.qianyi.id}, **again)
    assert "不能是参加过初核和复核的人" in said
    recheck = walk.fill("wangwu", "denial_recheck", denial, rechecker=people.chushisi.id, **again)
    walk.sign("chushisi", recheck)
    assert walk.sign("zhaoliu", recheck) == "FC-2026-0001"
    assert "现在 办理中" in walk.text("wangwu", f"/cases/{clue}"), "it is handled again"
    assert "已作废" not in walk.text("qianyi", f"/records/{notice}"), "what was delivered stands"
    assert "assignment" in offered(walk, "wangwu", recheck)
    again = {"handling_unit": "pcs", "assigned_on": TODAY, "due_on": "2026-12-12"}
    slip = walk.fill("wangwu", "assignment", recheck, **again)
    assert walk.sign("zhaoliu", slip) == "JB-2026-0002"
    ends = {"handling_unit": "pcs", "may_close": True, "feedback_on": TODAY}
    done = walk.fill("qianyi", "completion_report", slip, **ends)
    walk.sign("fenger", done)
    assert walk.sign("zhaoliu", done)
    page = walk.text("wangwu", f"/cases/{clue}")
    assert "现在 已办结" in page and walk.number(done) in page, "and comes to its right end"


def test_reports_that_contradict_each_other_are_told(walk: Walk, people: People) -> None:
    clue = registered(walk)
    report = verified(walk, people, clue, "属实")
    assert "相互矛盾" not in walk.text("wangwu", f"/cases/{clue}")
    who = {"rechecker": people.jiangshiliu.id, "rechecked_on": TODAY, "handling_unit": "pcs"}
    firsts = {"first_verifier_one": people.qianyi.id, "first_verifier_two": people.yangshijiu.id}
    denial = walk.fill(
        "qianyi",
        "denial_report",
        **of(clue),
        verification=report,
        report_number="HC-2026-0001",
        denial_kind="不属实",
        **who,
        **firsts,
    )
    for one in ("qianyi", "yangshijiu", "jiangshiliu", "fenger", "chushisi"):
        walk.sign(one, denial)
    page = walk.text("zhaoliu", f"/cases/{clue}")
    assert "结论相互矛盾" in page and "线索核查报告“属实”" in page and "线索查否报告“不属实”" in page


def test_what_goes_up_has_a_cover_and_is_endorsed_first(walk: Walk, people: People) -> None:
    clue = registered(walk)
    early = {**of(clue), "reported_what": "核查报告", "enclosed_number": "HC-2026-0001"}
    said = walk.refused("wangwu", "upward_report", typed=early, **early)
    assert "还没有“线索核查报告”" in said
    report = verified(walk, people, clue, "属实")
    assert "upward_report" in offered(walk, "wangwu", report) and "upward_report" not in offered(
        walk, "qianyi", report
    )
    cover = walk.fill(
        "wangwu",
        "upward_report",
        report,
        reported_what="核查报告",
        enclosed_number="HC-2026-0001",
    )
    walk.sign("zhaoliu", cover)
    assert walk.sign("sunqi", cover) == "示发〔2026〕1号"
    page = walk.text("wangwu", f"/records/{cover}")
    assert "HC-2026-0001" in page and "示例县扫黑办" in page, "the office's own word for whom it reports to"


def test_a_closing_report_goes_up_after_its_two_signatures_though_the_case_is_closed(
    walk: Walk, people: People
) -> None:
    clue = registered(walk)
    report = verified(walk, people, clue, "属实")
    done = walk.fill(
        "qianyi", "completion_report", report, handling_unit="pcs", may_close=True, feedback_on=TODAY
    )
    walk.sign("fenger", done)
    walk.sign("zhaoliu", done)
    assert "已办结" in walk.text("wangwu", f"/cases/{clue}")
    cover = walk.fill(
        "wangwu",
        "upward_report",
        done,
        reported_what="办结报告",
        enclosed_number="BJ-2026-0001",
    )
    walk.sign("zhaoliu", cover)
    assert walk.sign("sunqi", cover)
    assert "BJ-2026-0001" in walk.text("wangwu", f"/records/{cover}")
