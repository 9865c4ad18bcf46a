"""From registration to the leading group: who is late, who sees what, and what cannot be left out."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest

from andu.office import records
from andu.office.office import Office
from tests.conftest import PASSWORD
from tests.views.conftest import SignedIn
from tests.views.walking import Walk

HAND_OVER, RECEIVE, NUMBER = "当日移交镇扫黑办", "清点接收", "逐件编号登记"
PRESENT = "24小时内呈领导小组审阅"
TODAY = "2026-11-22"
SUMMARY = "反映示例砂场强买强卖、威胁过往司机"


@pytest.fixture
def walk(office: Office, signed_in: SignedIn) -> Walk:
    """The people of 示例镇 at their desks."""
    return Walk(office, signed_in)


def registered(walk: Walk) -> str:
    """A clue of 示例一村, numbered."""
    clue = walk.fill("zhangsan", "clue_registration")
    walk.sign("zhangsan", clue)
    assert walk.sign("lisi", clue) == "DJ-XS-2026-0001"
    return clue


def given(walk: Walk, clue: str, unit: str = "shb") -> str:
    """Handed over, signed by the giver alone; the slip."""
    slip = walk.fill("zhangsan", "clue_handover", clue, receiver_unit=unit, feedback_by="2026-12-22")
    walk.sign("zhangsan", slip)
    return slip


def test_what_goes_elsewhere_has_not_reached_the_office(walk: Walk) -> None:
    clue = registered(walk)
    slip = given(walk, clue, "pcs")
    assert walk.sign("qianyi", slip) == "YJ-2026-0001"
    assert HAND_OVER in walk.text("zhangsan", "/"), "the police are not the office"
    given(walk, clue)
    assert HAND_OVER not in walk.text("zhangsan", "/")


def test_the_giver_is_done_when_the_giver_has_given(walk: Walk) -> None:
    walk.wait(hours=14, minutes=40)  # 23:42
    clue = registered(walk)
    slip = given(walk, clue)
    assert HAND_OVER not in walk.text("zhangsan", "/")
    assert RECEIVE in walk.text("wangwu", "/"), "the receiver has a clock of their own"
    walk.wait(minutes=30)
    assert walk.sign("wangwu", slip, received_at="2026-11-23T00:12")
    assert "超期" not in walk.text("zhangsan", f"/records/{clue}")
    desk = walk.text("wangwu", "/")
    assert RECEIVE not in desk and NUMBER in desk and PRESENT in desk


def test_a_slip_that_is_sent_back_was_not_given(walk: Walk) -> None:
    slip = given(walk, registered(walk))
    walk.decline("wangwu", slip, "材料不齐，请补齐以后再移交")
    assert HAND_OVER in walk.text("zhangsan", "/")


def test_the_office_numbers_each_clue_itself(walk: Walk) -> None:
    clue = registered(walk)
    slip = given(walk, clue)
    walk.sign("wangwu", slip, received_at="2026-11-22T09:02")
    own = walk.fill("wangwu", "clue_acceptance", slip)
    assert walk.sign("wangwu", own) == "SHB-XS-2026-0001"
    assert NUMBER not in walk.text("wangwu", "/")
    book = walk.text("wangwu", "/ledgers/town_clues")
    assert "DJ-XS-2026-0001" in book and "SHB-XS-2026-0001" in book, "which is which stands in its head"
    assert "本表上方的编号是镇扫黑办自己编的号" in walk.text(
        "wangwu", f"/drafts/{walk.begin('wangwu', 'clue_acceptance', slip)}"
    )


def test_no_question_lets_a_village_keep_a_clue(walk: Walk) -> None:
    registered(walk)
    assert HAND_OVER in walk.text("zhangsan", "/")
    assert "是否移交镇扫黑办" not in walk.text(
        "zhangsan", f"/drafts/{walk.begin('zhangsan', 'clue_registration')}"
    )
    own = walk.fill("wangwu", "clue_registration", place="别处", summary="另一件示例线索")
    walk.sign("wangwu", own)
    walk.sign("zhaoliu", own)
    desk = walk.text("wangwu", "/")
    assert PRESENT in desk and HAND_OVER not in desk, "the office presents what it registers itself"


def test_a_village_cannot_close_its_clue_without_handing_it_over(walk: Walk) -> None:
    clue = registered(walk)
    answers = {"handling_unit": "cun1", "feedback_on": TODAY}
    said = walk.refused("zhangsan", "completion_report", clue, may_close=True, **answers)
    assert f"“{HAND_OVER}”还没有办" in said
    assert walk.fill("zhangsan", "completion_report", clue, may_close=False, **answers)


def test_the_office_sees_every_clue_of_the_town_but_no_more_than_its_outline(walk: Walk) -> None:
    clue = walk.fill("zhangsan", "clue_registration", main_issue="只有本村知道的经过，示例。")
    walk.sign("zhangsan", clue)
    book = walk.text("wangwu", "/ledgers/town_clues")
    assert SUMMARY in book and "示例一村" in book and "待签字" in book, "before it has its number"
    walk.sign("lisi", clue)
    book = walk.text("wangwu", "/ledgers/town_clues")
    assert "DJ-XS-2026-0001" in book and "2026-11-22" in book
    for hidden in ("李某某", "只有本村知道的经过"):
        assert hidden not in book
    assert SUMMARY not in walk.text("wangwu", "/ledgers/clue_registration"), "other ledgers stay as they are"
    for page in (f"/records/{clue}", f"/cases/{clue}"):
        assert SUMMARY not in walk.text("wangwu", page)
    assert SUMMARY not in walk.text("zhengshier", "/ledgers/town_clues"), "another village sees nothing of it"
    found = walk.text("wangwu", "/ledgers/town_clues?text=砂场")
    assert SUMMARY in found


def test_who_coordinates_sees_what_is_under_way_and_nothing_of_what_it_is_about(walk: Walk) -> None:
    clue = walk.fill("zhangsan", "clue_registration", main_issue="只有本村知道的经过，示例。")
    book = "/ledgers/coordination"
    assert "待签字" in walk.text("weishiwu", book)
    walk.sign("zhangsan", clue)
    walk.sign("lisi", clue)
    umbrella = walk.fill(
        "zhangsan",
        "clue_registration",
        place="别处",
        summary="另一件",
        clue_type="保护伞",
        involves_umbrella=True,
    )
    walk.sign("zhangsan", umbrella)
    walk.sign("lisi", umbrella)
    walk.wait(days=2)
    slip = given(walk, clue)
    walk.sign("wangwu", slip, received_at="2026-11-24T09:02")
    for who in ("weishiwu", "jiangshiliu", "qianyi"):
        read = walk.text(who, book)
        for shown in ("DJ-XS-2026-0001", "示例一村", "办理中", "2026-11-22", "2026-11-24"):
            assert shown in read, shown
        for hidden in (SUMMARY, "李某某", "只有本村知道的经过", "砂场", "DJ-XS-2026-0002"):
            assert hidden not in read, hidden
        assert SUMMARY not in walk.text(who, f"/records/{clue}")
        assert "DJ-XS" not in walk.text(who, f"{book}?text=砂场"), "nor is it found by what it is about"
        with ZipFile(BytesIO(walk.as_(who).client.get(f"{book}/export.xlsx").data)) as sheet:
            written = "".join(sheet.read(name).decode() for name in sheet.namelist())
        assert "DJ-XS-2026-0001" in written and SUMMARY not in written and "李某某" not in written
    assert "DJ-XS" not in walk.text("zhengshier", book), "a village sees its own"


def test_the_office_closes_the_month_of_the_whole_town_and_voided_clues_stand_in_it(
    walk: Walk, office: Office
) -> None:
    for unit in (("zhangsan", "lisi"), ("zhengshier", "chenshisan")):
        clue = walk.fill(unit[0], "clue_registration", place=unit[0], summary=f"{unit[0]}登记的示例线索")
        walk.sign(unit[0], clue)
        walk.sign(unit[1], clue)
    (line,) = office.store.query("SELECT id FROM register WHERE number = 'DJ-XS-2026-0002'")
    director = walk.as_("zhaoliu")
    director.get(f"/register/{line['id']}/void")
    director.post(f"/register/{line['id']}/void", {"reason": "与另一件重复登记", "password": PASSWORD})
    walk.wait(days=20)
    draft = walk.begin("wangwu", "ledger_closing")
    typed = {"f_extract": ["town_clues", "2026-11"], "f_remark": "无", "act": "submit"}
    page = walk.as_("wangwu")
    page.get(f"/drafts/{draft}")
    page.post(f"/drafts/{draft}", {**page.filled(f"/drafts/{draft}"), **typed})
    assert page.path == f"/records/{draft}", page.text()[:400]
    extract = records.find(office, draft).values["extract"]
    assert extract["scope"] == "示例镇" and len(extract["rows"]) == 2
    numbers = [row[0] for row in extract["rows"]]
    (voided,) = extract["voided"]
    assert numbers[voided] == "DJ-XS-2026-0002（已作废）" and "DJ-XS-2026-0001" in numbers
