"""The form types that come with the product: complete, sparing with people's data, and true to the seeds."""

import hashlib
import json
from pathlib import Path

import pytest
import yaml

from andu.formtypes.definition import FormType
from andu.formtypes.directory import NoDirectory
from andu.formtypes.filling.paper_values import paper_values
from andu.formtypes.filling.samples import sample
from andu.formtypes.filling.webform import build, raw_from_values, read_loosely
from andu.formtypes.language.catalogue import Catalogue, check_folder

FORMS = Path(__file__).parents[2] / "forms"
CATALOGUE = Catalogue.load(FORMS)
SERIES = list(yaml.safe_load((FORMS.parent / "offices" / "series.yaml").read_text("utf-8")))
HERE = NoDirectory()


def form(slug: str) -> FormType:
    found = CATALOGUE.get(slug)
    assert found is not None
    return found


def test_types_are_there_without_fault() -> None:
    assert [one.slug for one in CATALOGUE] == [
        "clue_registration",
        "clue_handover",
        "clue_acceptance",
        "clue_review",
        "completion_report",
        "study_record",
        "consultation_record",
        "clue_submission",
        "upward_report",
        "transfer_letter",
        "county_reply",
        "petition_transfer",
        "assignment",
        "verification_group",
        "responsibility_sheet",
        "verification_report",
        "denial_report",
        "denial_recheck",
        "legal_process",
        "feedback_notice",
        "petition_reply",
        "halfmonthly_return",
        "meeting_notice",
        "meeting_signin",
        "meeting_minutes",
        "urging",
        "supervision",
        "rectification_reply",
        "talk_notice",
        "talk_record",
        "supervision_circular",
        "inspection_record",
        "accountability_referral",
        "accountability_decision",
        "official_notice",
        "official_circular",
        "official_report",
        "official_request",
        "official_letter",
        "official_minutes",
        "official_joint",
        "drafting_sheet",
        "incoming_document",
        "pledge",
        "custody_register",
        "seal_register",
        "archive_list",
        "ledger_closing",
    ]
    assert check_folder(FORMS, SERIES) == []


@pytest.mark.parametrize("worst", [False, True])
@pytest.mark.parametrize("form_type", CATALOGUE.all(), ids=lambda one: one.slug)
def test_web_form_accepts_its_own_sample(form_type: FormType, worst: bool) -> None:
    values = sample(form_type, HERE, worst)
    raw = raw_from_values(form_type, values)
    whole = build(form_type, HERE, [field.key for field in form_type.fields])(raw)
    assert whole.validate(), whole.problems
    assert whole.values == values == read_loosely(form_type, raw, HERE) == json.loads(json.dumps(values))
    clerk = build(form_type, HERE)(raw)
    assert clerk.validate(), clerk.problems
    for slot in form_type.signatures.slots:
        signer = build(form_type, HERE, slot.fields, known=clerk.values)(raw)
        assert signer.validate(), signer.problems


@pytest.mark.parametrize("form_type", CATALOGUE.all(), ids=lambda one: one.slug)
def test_empty_form_asks_for_what_is_required_and_nothing_breaks(form_type: FormType) -> None:
    empty = build(form_type, HERE)({})
    assert not empty.validate()
    assert {one.key for one in empty.problems} <= {field.key for field in form_type.clerk_fields}
    assert all(one.anchor_id and one.label and one.message for one in empty.problems)


@pytest.mark.parametrize("form_type", CATALOGUE.all(), ids=lambda one: one.slug)
def test_no_required_field_waits_for_something_the_office_may_not_have(form_type: FormType) -> None:
    assert not [
        one.key for one in form_type.fields if one.required and one.kind in ("reference", "attachments")
    ]


@pytest.mark.parametrize("form_type", CATALOGUE.all(), ids=lambda one: one.slug)
def test_a_unit_that_has_to_act_can_open_what_says_so(form_type: FormType) -> None:
    slots = form_type.signatures.slots
    signers = [form_type.field(slot.person) for slot in slots if slot.person]
    signing = {slot.unit for slot in slots} | {f"field:{one.settings['of_unit']}" for one in signers}
    for deadline in form_type.deadlines:
        word, _colon, key = deadline.unit.partition(":")
        place = f"{deadline.each}.{key}" if deadline.each else key
        shared = {share.place or share.unit for share in form_type.share_with}
        assert word == "own" or {place, deadline.unit} & shared or deadline.unit in signing, deadline.key


@pytest.mark.parametrize("form_type", CATALOGUE.all(), ids=lambda one: one.slug)
def test_nothing_confidential_reaches_paper_titles_or_other_forms(form_type: FormType) -> None:
    values = sample(form_type, HERE)
    printed = json.dumps(paper_values(form_type, values, HERE), ensure_ascii=False)
    for key in form_type.confidential_keys:
        assert not form_type.field(key).printed
        assert f'"{key}"' not in printed and key not in form_type.record_title
        assert not isinstance(values.get(key), str) or len(values[key]) < 2 or values[key] not in printed


def test_everything_about_the_reporter_is_confidential() -> None:
    registration = form("clue_registration")
    assert registration.confidential_keys == {
        one.key for one in registration.fields if one.key.startswith("reporter_")
    }
    assert not [one.key for one in registration.fields if one.confidential and one.default]
    # A named reporter is asked for a name and two wishes; the identity number only after a tick.
    answers = sample(registration, HERE)
    raw = raw_from_values(
        registration, {key: value for key, value in answers.items() if not key.startswith("reporter_")}
    )
    asked = build(registration, HERE)(raw)
    asked.validate()
    assert {one.key for one in asked.problems} == {
        "reporter_name",
        "reporter_wants_secrecy",
        "reporter_wants_feedback",
    }
    assert "reporter_id" not in answers


def test_anonymous_report_stores_no_name() -> None:
    registration = form("clue_registration")
    answers = {**sample(registration, HERE), "source": "群众匿名举报", "reporter_code": "123456"}
    found = build(registration, HERE)(raw_from_values(registration, answers))
    assert found.validate(), found.problems
    kept = {key for key in found.values if key.startswith("reporter_")}
    assert kept == {"reporter_code", "reporter_wants_secrecy", "reporter_wants_feedback"}
    nothing = {key: value for key, value in answers.items() if not key.startswith("reporter_")}
    assert build(registration, HERE)(raw_from_values(registration, nothing)).validate(), "asks nothing more"


def test_reporter_of_a_clue_from_elsewhere_is_asked_for_only_after_a_tick() -> None:
    registration = form("clue_registration")
    answers = {**sample(registration, HERE), "source": "上级交办"}

    def kept(**said: object) -> set[str]:
        found = build(registration, HERE)(raw_from_values(registration, {**answers, **said}))
        found.validate()
        assert found.problems == []
        return {key for key in found.values if "reporter" in key}

    assert kept() == set()
    assert kept(has_reporter=False) == {"has_reporter"}
    assert {"reporter_name", "reporter_phone", "reporter_wants_secrecy"} <= kept(has_reporter=True)
    # The tick of a source that is hidden again counts for nothing.
    assert "has_reporter" not in kept(source="群众匿名举报", has_reporter=True)
    assert "reporter_name" not in kept(source="群众匿名举报", has_reporter=True)


@pytest.mark.parametrize(
    ("slug", "key", "other"),
    [
        ("clue_registration", "registered_unit", "shb"),
        ("clue_registration", "registrar", "wangwu"),
        ("clue_handover", "giving_unit", "zzb"),
        ("clue_handover", "giver", "wangwu"),
        ("clue_handover", "giving_head", "zhaoliu"),
    ],
)
def test_who_registers_and_hands_over_is_of_the_own_unit(slug: str, key: str, other: str) -> None:
    form_type = form(slug)
    found = build(form_type, HERE)(raw_from_values(form_type, {**sample(form_type, HERE), key: other}))
    found.validate()
    assert [one.key for one in found.problems] == [key]


def test_report_names_the_own_unit_at_first_and_may_name_another() -> None:
    report = form("completion_report")
    answers = sample(report, HERE)
    assert answers["handling_unit"] == HERE.own_unit == "cun1"
    found = build(report, HERE)(raw_from_values(report, {**answers, "handling_unit": "shb"}))
    assert found.validate() and found.values["handling_unit"] == "shb"


def test_of_the_reported_nothing_is_asked_that_is_not_the_offices_business() -> None:
    labels = json.dumps(
        [
            one.label
            for form_type in CATALOGUE
            for field in form_type.fields
            for one in (field, *field.columns)
        ],
        ensure_ascii=False,
    )
    for word in ("民族", "籍贯", "宗教", "信仰", "健康", "前科", "处罚", "学历", "婚姻"):
        assert word not in labels


def test_registration_must_be_confirmed_as_deidentified() -> None:
    registration = form("clue_registration")
    for confirmed in (False, None):
        answers = {**sample(registration, HERE), "deidentified": confirmed}
        found = build(registration, HERE)(raw_from_values(registration, answers))
        found.validate()
        assert [one.key for one in found.problems] == ["deidentified"]


def test_receiver_must_count_what_the_list_says_or_write_what_is_missing() -> None:
    handover = form("clue_handover")
    answers = sample(handover, HERE)
    answers["items"] = [
        {"name": "甲", "copies": 2, "original": "原件"},
        {"name": "乙", "copies": 3, "original": "复制件"},
    ]

    def receives(**said: object) -> list[str]:
        answers_now = {**answers, **said}
        found = build(handover, HERE, handover.slot("receiver").fields, known=answers)(
            raw_from_values(handover, answers_now)
        )
        found.validate()
        return [one.key for one in found.problems]

    assert receives(received_copies=5) == []
    assert receives(received_copies=4) == ["received_copies"]
    assert receives(received_copies=4, check_result="有缺失") == ["check_note"]
    assert receives(received_copies=4, check_result="有缺失", check_note="缺“乙”1份") == []
    missing = {"check_result": "有缺失", "check_note": "缺“乙”1份"}
    assert receives(received_copies=5, **missing) == ["received_copies"]
    assert receives(received_copies=6, **missing) == ["received_copies"]
    assert receives(received_copies=5, received_at="2025-03-05T09:29") == ["received_at"]


def test_handover_goes_to_another_unit_which_then_sees_it_and_signs() -> None:
    handover = form("clue_handover")
    answers = sample(handover, HERE)
    found = build(handover, HERE)(
        raw_from_values(handover, {**answers, "receiver_unit": answers["giving_unit"]})
    )
    found.validate()
    assert [one.key for one in found.problems] == ["receiver_unit"]
    assert [share.place for share in handover.share_with] == ["receiver_unit"]
    assert handover.slot("receiver").unit == "field:receiver_unit"


def test_completion_report_asks_for_two_different_people() -> None:
    signatures = form("completion_report").signatures
    assert signatures.distinct
    assert [(one.roles, one.unit, one.order) for one in signatures.slots] == [
        (("head",), "field:handling_unit", 1),
        (("director",), "any", 2),
    ]


def broken(slug: str, **said: object) -> list[tuple[str, str]]:
    """What the clerk reads of these answers, beside which field."""
    form_type = form(slug)
    every = [field.key for field in form_type.fields]
    found = build(form_type, HERE, every)(raw_from_values(form_type, {**sample(form_type, HERE), **said}))
    found.validate()
    return [(one.key, one.message) for one in found.problems]


@pytest.mark.parametrize(
    ("slug", "said", "key", "word"),
    [
        ("clue_review", {"presented_at": "2025-03-05T16:29"}, "presented_at", "不能早于接收时间"),
        ("clue_review", {"deputy_two": "lisi"}, "deputy_one", "三个人"),
        ("study_record", {"due_on": "2025-03-06"}, "due_on", "不能早于会商时间"),
        ("study_record", {"chair": "lisi", "recorder": "lisi"}, "chair", "主持人和记录人"),
        ("clue_submission", {"reported_on": "2199-01-01"}, "reported_on", "不能晚于现在"),
        ("county_reply", {"received_at": "2025-03-19T09:00"}, "received_at", "不能早于回复日期"),
        ("assignment", {"due_on": "2025-03-04"}, "due_on", "不能早于交办日期"),
        ("responsibility_sheet", {"handler_two": "zhangsan"}, "lead", "三个人"),
        ("responsibility_sheet", {"start_on": "2025-03-04"}, "start_on", "不能早于交办日期"),
        ("responsibility_sheet", {"end_on": "2025-03-05"}, "end_on", "不能早于开始日期"),
        ("responsibility_sheet", {"end_on": "2025-04-06"}, "end_on", "先办理延期"),
        ("verification_report", {"verifier_two": "zhangsan"}, "group_head", "三个人"),
        ("verification_report", {"ended_on": "2025-03-05"}, "ended_on", "不能早于核查开始"),
        ("legal_process", {"informed_on": "2025-04-07"}, "informed_on", "不能早于立案"),
        ("denial_report", {"rechecker": "wangwu"}, "rechecker", "不能是初核人员"),
        ("denial_report", {"first_verifier_two": "zhangsan"}, "first_verifier_one", "不能是同一人"),
        ("feedback_notice", {"teller_two": "zhangsan"}, "teller_one", "不能是同一人"),
        ("petition_transfer", {"received_at": "2025-03-23T10:00"}, "received_at", "不能早于转办日期"),
        ("petition_transfer", {"accepted_on": "2025-03-23"}, "accepted_on", "不能早于签收时间"),
        ("petition_reply", {"acceptance_told_on": "2025-03-23"}, "acceptance_told_on", "不能早于受理日期"),
        ("petition_reply", {"concluded_on": "2025-03-27"}, "concluded_on", "不能早于受理告知日期"),
    ],
)
def test_impossible_days_and_one_person_twice_are_told_beside_the_field(
    slug: str, said: dict[str, str], key: str, word: str
) -> None:
    told = broken(slug, **said)
    assert key in [one for one, _message in told]
    assert word in " ".join(message for one, message in told if one == key)


def test_every_denied_allegation_needs_grounds_and_evidence() -> None:
    for empty in ("grounds", "evidence"):
        row = {"issue": "甲", "grounds": "乙", "evidence": "丙"} | {empty: ""}
        assert [key.partition("-")[0] for key, _message in broken("denial_report", allegations=[row])]


def test_reports_of_a_verification_name_the_words_that_bind_and_our_stricter_rule_claims_none() -> None:
    for slug in ("verification_report", "denial_report"):
        literal, strict = form(slug).signatures.enough
        assert literal.sets == (("township",), ("member",), ("director",))
        assert literal.source.startswith("西发〔2019〕30号")
        assert strict.sets == (("member", "township"), ("member", "director"))
        assert not strict.source


def test_no_form_says_who_stands_above_the_office() -> None:
    for one in CATALOGUE:
        asked = [field for each in one.fields for field in (each, *each.columns)]
        said = [one.title, one.description, *(each.title + each.help for each in one.sections)]
        said += [field.label + field.help + field.example + str(field.default) for field in asked]
        said += [str(field.settings.get("choices")) for field in asked]
        said += [each.label for each in (*one.deadlines, *one.signatures.slots)]
        assert not [text for text in said if "县扫黑" in text or "市扫黑" in text], one.slug


def test_deadlines_without_words_in_a_document_claim_no_source() -> None:
    said = {
        (form_type.slug, one.key): (one.n, one.source)
        for form_type in CATALOGUE
        for one in form_type.deadlines
    }
    assert said["clue_handover", "review"] == (24, "墩发〔2022〕13号 三（二）3")
    assert said["petition_transfer", "conclusion"] == (60, "《信访工作条例》第三十四条")
    assert said["petition_transfer", "acceptance"] == (15, "")
    assert said["denial_report", "feedback"] == (5, "")


def test_what_a_clue_has_said_is_carried_through_every_later_form() -> None:
    later = [one for one in CATALOGUE if "clue_number" in {field.key for field in one.fields}]
    assert len(later) > 12
    for form_type in later:
        references = [field for field in form_type.fields if field.kind == "reference"]
        assert any("clue_number" in field.settings["prefill"] for field in references), form_type.slug
        assert not any(field.printed for field in references), form_type.slug


# SHA-256 of the plan in the seed, from 为深入贯彻落实 to its end, without white space.
SEED_PLAN = "2d09108c530d4ca93a0a0abfcd18b6a47f244b238bd0cc58ff87b39b4303d022"
SEED_PLAN_ENDS = ("为深入贯彻落实习近平总书记", "造成较大影响的，依纪依法问责处理。")


SEEDS = Path(__file__).parents[1] / "papers" / "seeds"


@pytest.mark.parametrize(
    ("seed", "told"),
    [("dunfa_2022_13", "等 7 处"), ("xifa_2019_30", "“【2019】2号”改为“〔2019〕2号”")],
)
def test_the_seeds_as_typed_come_out_with_the_right_brackets_and_say_so(seed: str, told: str) -> None:
    typed, right = (json.loads((SEEDS / f"{seed}{end}.json").read_text("utf-8")) for end in ("_raw", ""))
    official = form(right["form"])
    raw = raw_from_values(official, {**sample(official, HERE), **typed["answers"]})
    found = build(official, HERE)(raw)
    assert told in " ".join(found.notes)
    assert found.validate(), found.problems
    assert {key: found.values[key] for key in right["answers"] if key in found.values} == {
        key: value for key, value in right["answers"].items() if value not in ("", [])
    }


def test_notice_sample_is_the_seed_notice_word_for_word() -> None:
    notice = sample(form("official_notice"), HERE)
    assert notice["title"] == "关于印发《墩集镇扫黑除恶专项斗争联动机制工作方案》的通知"
    assert notice["addressees"] == "各村党总支、村委会，镇直各单位"
    assert notice["body"].endswith("印发给你们，请结合工作实际，认真贯彻落实。")
    left_out = {"note", "cc", "print_organ", "printed_on"}
    assert not left_out & set(notice) and left_out <= set(sample(form("official_notice"), HERE, worst=True))
    assert "attachments" not in notice, "what a 通知 issues is none"
    (plan,) = notice["issued"]
    assert plan["title"] == "墩集镇扫黑除恶专项斗争联动机制工作方案"
    paragraphs = plan["text"].split("\n")
    assert plan["text"].startswith(SEED_PLAN_ENDS[0]) and plan["text"].endswith(SEED_PLAN_ENDS[1])
    assert len(paragraphs) == 47 and all(paragraphs)
    (given,) = form("official_notice").field("issued").sample
    words = "".join(given["text"].split())
    assert hashlib.sha256(words.encode()).hexdigest() == SEED_PLAN, (
        "the plan differs from the seed in its words"
    )
    half_width = {"(": "（", ")": "）"}
    assert "".join(plan["text"].split()) == words.translate(str.maketrans(half_width))
    for mended in ("综治办和派出所负责", "了解情况。", "逐件编号登记、建立管理台账", "及其办公室的各种会议"):
        assert mended in plan["text"]
