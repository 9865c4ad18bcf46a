"""Meetings, supervision, confidentiality, returns: what their forms refuse, in which words, what they owe."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from andu.formtypes.definition import FormType
from andu.formtypes.directory import NoDirectory
from andu.formtypes.filling.samples import sample
from andu.formtypes.filling.webform import build, raw_from_values
from andu.formtypes.language.catalogue import Catalogue

ROOT = Path(__file__).parents[2]
CATALOGUE = Catalogue.load(ROOT / "forms")
HERE = NoDirectory()
OURS = (
    *("meeting_notice", "meeting_signin", "meeting_minutes", "halfmonthly_return"),
    *("urging", "supervision", "rectification_reply", "talk_notice", "talk_record", "supervision_circular"),
    *("accountability_referral", "accountability_decision", "inspection_record"),
    *("verification_group", "consultation_record"),
    *("pledge", "custody_register", "seal_register", "archive_list", "drafting_sheet", "incoming_document"),
)
PEOPLE_APART = "约谈由两人进行，约谈人、参加约谈人和被约谈人应当是三个人，请重新选择。"


def form(slug: str) -> FormType:
    found = CATALOGUE.get(slug)
    assert found is not None
    return found


def refusals(slug: str, **changes: Any) -> dict[str, str]:
    """Field → message, of the form's own sample with these answers changed."""
    form_type = form(slug)
    raw = raw_from_values(form_type, {**sample(form_type, HERE), **changes})
    found = build(form_type, HERE, [field.key for field in form_type.fields])(raw)
    found.validate()
    return {one.key: one.message.removeprefix(f"{one.label}：") for one in found.problems}


@pytest.mark.parametrize(
    ("slug", "changes", "key", "message"),
    [
        (
            "meeting_notice",
            {"printed_on": "2025-03-11"},
            "printed_on",
            "印发日期不能晚于会议时间，请核对会议是哪一天开。",
        ),
        (
            "meeting_minutes",
            {"held_at": "2190-01-01T09:00"},
            "held_at",
            "会议时间不能晚于现在，会议开过以后再写纪要。",
        ),
        ("meeting_minutes", {"printed_on": "2025-03-09"}, "printed_on", "印发日期不能早于会议时间。"),
        ("supervision", {"new_due": "2025-03-20"}, "new_due", "现时限不能早于督办日期，请留出办理的时间。"),
        (
            "supervision",
            {"original_due": "2025-04-01", "basis": "督查发现问题"},
            "new_due",
            "现时限不能早于原时限。",
        ),
        (
            "supervision",
            {"original_due": "2025-03-25"},
            "original_due",
            "督办依据是“办理超期”，原时限还没有到，请核对原时限，或者改选督办依据。",
        ),
        ("supervision", {"supervised_on": "2190-01-01"}, "supervised_on", "督办日期不能晚于今天。"),
        ("urging", {"urged_at": "2190-01-01T09:00"}, "urged_at", "催办时间不能晚于现在。"),
        (
            "rectification_reply",
            {"completed_on": "2190-01-01"},
            "completed_on",
            "整改完成日期不能晚于今天；还没有做完的，整改结果请选“正在整改”。",
        ),
        ("talk_notice", {"talker2": "zhaoliu"}, "talker2", PEOPLE_APART),
        ("talk_notice", {"talker2": "lisi"}, "talker2", PEOPLE_APART),
        ("talk_record", {"rectify_by": "2025-04-01"}, "rectify_by", "整改时限不能早于约谈时间。"),
        (
            "talk_record",
            {"held_at": "2190-01-01T09:00"},
            "held_at",
            "约谈时间不能晚于现在，约谈以后再作记录。",
        ),
        ("pledge", {"person": "lisi"}, "reviewer", "审核人不能是承诺人自己。"),
        ("pledge", {"pledged_on": "2190-01-01"}, "pledged_on", "承诺日期不能晚于今天。"),
        ("halfmonthly_return", {"reported_on": "2190-01-01"}, "reported_on", "填报日期不能晚于今天。"),
        ("custody_register", {"give_back_on": "2025-03-04"}, "give_back_on", "归还期限不能早于取用时间。"),
        (
            "custody_register",
            {"keeper": "zhaoliu"},
            "approver",
            "申请人、批准人和保管人应当是三个人，请重新选择。",
        ),
        (
            "seal_register",
            {"supervisor": "zhangsan"},
            "supervisor",
            "用印人、批准人和监印人应当是三个人，请重新选择。",
        ),
        ("archive_list", {"total_pages": 9}, "total_pages", "总页数与各件页数的合计不一致，请重新清点。"),
        (
            "incoming_document",
            {"received_at": "2025-03-02T08:40"},
            "received_at",
            "签收时间不能早于成文日期，请核对来文。",
        ),
        ("incoming_document", {"registered_on": "2025-03-04"}, "registered_on", "登记日期不能早于签收时间。"),
        ("incoming_document", {"due_on": "2025-03-04"}, "due_on", "办理时限不能早于签收时间。"),
        ("drafting_sheet", {"drafted_on": "2190-01-01"}, "drafted_on", "拟稿日期不能晚于今天。"),
    ],
)
def test_what_cannot_be_has_a_message_of_its_own(
    slug: str, changes: dict[str, Any], key: str, message: str
) -> None:
    assert refusals(slug, **changes)[key] == message


@pytest.mark.parametrize("slug", OURS)
def test_sample_is_refused_nothing_and_every_question_has_its_help(slug: str) -> None:
    assert refusals(slug) == {}
    shared = {field.key for field in form("official_minutes").fields} | {
        field.key for field in form("official_circular").fields
    }
    asked = [field for field in form(slug).fields if field.key not in shared]
    assert not [one.key for one in asked if not one.help and one.kind not in ("reference", "table")]


def test_nil_return_is_confirmed_and_counts_no_new_clues() -> None:
    nil = {"is_nil": True, "new_clues": None, "nil_confirmed": None}
    assert list(refusals("halfmonthly_return", **nil)) == ["nil_confirmed"]
    assert refusals("halfmonthly_return", **{**nil, "nil_confirmed": True}) == {}
    assert list(refusals("halfmonthly_return", new_clues=None)) == ["new_clues"]
    assert list(refusals("halfmonthly_return", new_clues=0)) == ["new_clues"]


def test_villages_owe_the_return_twice_a_month_in_the_words_of_the_plan() -> None:
    expected = form("halfmonthly_return").expected
    assert expected is not None
    assert (expected.period, expected.category) == ("period", "村")
    assert "各村每月两报" in expected.words and expected.source.startswith("墩发〔2022〕13号")


def test_each_decision_of_a_meeting_is_due_from_its_unit() -> None:
    (decision,) = form("meeting_minutes").deadlines
    assert (decision.each, decision.about, decision.unit, decision.field) == (
        *("decisions", "matter"),
        *("field:unit", "due"),
    )
    assert decision.by_hand
    undated = [{"matter": "逐条对账", "unit": "shb"}]
    assert list(refusals("meeting_minutes", decisions=undated)) == ["decisions"]


ASKING = ("supervision", "talk_notice", "talk_record", "supervision_circular")


def test_what_supervision_asks_is_met_by_a_reply() -> None:
    met_by = {slug: [one.form for one in form(slug).deadlines[0].met_by] for slug in ASKING}
    assert met_by["supervision"] == ["rectification_reply"]
    assert met_by["talk_notice"] == ["talk_record"]
    assert met_by["talk_record"] == ["rectification_reply"]
    assert met_by["supervision_circular"] == ["rectification_reply"]
    assert {slug for slug in OURS if form(slug).chases} == {"urging", "supervision"}


def test_no_deadline_of_ours_calls_itself_a_rule_that_the_plans_do_not_name() -> None:
    for slug in OURS:
        assert not [one.key for one in form(slug).deadlines if one.source or one.words]


def test_rejected_reply_must_say_why() -> None:
    assert list(refusals("rectification_reply", conclusion="退回重办")) == ["conclusion_note"]


def test_borrowed_material_is_due_back_and_copies_say_where_they_go() -> None:
    assert list(refusals("custody_register", give_back_on=None)) == ["give_back_on"]
    assert list(refusals("custody_register", action="复制", give_back_on=None)) == ["destination"]
    assert form("custody_register").case.after_closing and form("archive_list").case.after_closing


def test_identity_number_of_a_pledge_is_off_unless_the_unit_asks() -> None:
    assert "id_number" not in sample(form("pledge"), HERE)
    assert list(refusals("pledge", needs_id=True)) == ["id_number"]


def test_each_series_is_one_of_the_office() -> None:
    known = yaml.safe_load((ROOT / "offices" / "series.yaml").read_text("utf-8"))
    assert {form(slug).series for slug in OURS} <= set(known)


def test_talk_and_registers_are_signed_by_the_people_they_name() -> None:
    named = {
        slug: " ".join(one.person or "" for one in form(slug).signatures.slots)
        for slug in ("talk_record", "custody_register", "seal_register")
    }
    assert named == {
        "talk_record": "talker1 talker2 talked_person",
        "custody_register": "applicant approver keeper",
        "seal_register": "user approver supervisor",
    }
