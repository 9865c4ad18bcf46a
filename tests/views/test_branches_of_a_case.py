"""A clue of a protecting official: 镇纪委 knows at once, and each organ has its own way to its own end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from andu.clock import FixedClock
from andu.office.office import Office
from tests.views.conftest import SignedIn
from tests.views.walking import Walk

TODAY = "2026-11-22"
MARK = "【优先】"
OF_THE_COMMISSION = "优先处置“保护伞”线索"


@pytest.fixture
def walk(office: Office, signed_in: SignedIn) -> Iterator[Walk]:
    """The people of 示例镇 at their desks."""
    yield Walk(office, signed_in)


def registered(walk: Walk, **answers: object) -> str:
    """A clue of 示例一村 that points to a protecting official, numbered."""
    clue = walk.fill("zhangsan", "clue_registration", involves_umbrella=True, **answers)
    walk.sign("zhangsan", clue)
    walk.sign("lisi", clue)
    return clue


def sent(walk: Walk, clue: str, unit: str, purpose: str) -> str:
    """Sent on by letter to another organ; the letter."""
    letter = walk.fill("wangwu", "transfer_letter", clue, receiver_unit=unit, purpose=purpose)
    walk.sign("zhaoliu", letter)
    assert walk.sign("sunqi", letter)
    return letter


def entered(walk: Walk, who: str, source: str, kind: str, stage: str) -> str:
    """A step of an organ, entered by its own people; the record."""
    days = {"filed_on": TODAY, "informed_on": TODAY}
    step = walk.fill(who, "legal_process", source, organ_kind=kind, stage=stage, **days)
    walk.sign(who, step)
    assert walk.sign("zhaoliu", step)
    return step


def handed_over(walk: Walk, clue: str) -> None:
    """The office has it."""
    slip = walk.fill("zhangsan", "clue_handover", clue, receiver_unit="shb", feedback_by="2026-12-22")
    walk.sign("zhangsan", slip)
    walk.sign("wangwu", slip, received_at="2026-11-22T09:02")


def test_the_commission_knows_at_once_and_has_a_clock_of_its_own(walk: Walk) -> None:
    assert OF_THE_COMMISSION not in walk.text("shenshiqi", "/")
    clue = registered(walk)
    desk = walk.text("shenshiqi", "/")
    assert OF_THE_COMMISSION in desk and MARK in desk
    assert "DJ-XS-2026-0001" in walk.text("shenshiqi", f"/records/{clue}")
    entered(walk, "shenshiqi", clue, "镇纪委监委", "已经立案（受理）")
    assert OF_THE_COMMISSION not in walk.text("shenshiqi", "/"), "its own step meets its clock"


def test_what_the_police_enter_does_not_meet_the_clock_of_the_commission(walk: Walk) -> None:
    clue = registered(walk)
    handed_over(walk, clue)
    letter = sent(walk, clue, "pcs", "公安机关依法办理")
    entered(walk, "qianyi", letter, "公安机关", "已经立案（受理）")
    assert OF_THE_COMMISSION in walk.text("shenshiqi", "/")


def test_every_paper_of_such_a_case_says_that_it_goes_first(walk: Walk) -> None:
    clue = registered(walk)
    slip = walk.fill("zhangsan", "clue_handover", clue, receiver_unit="shb", feedback_by="2026-12-22")
    walk.sign("zhangsan", slip)
    assert MARK in walk.text("wangwu", "/"), "under what waits for the office's signature too"
    other = walk.fill("zhangsan", "clue_registration", summary="另一件示例线索", place="别处")
    assert f"{MARK}涉恶 另一件" not in walk.text("zhangsan", f"/records/{other}")


def test_a_clue_that_is_none_is_told_to_nobody_else(walk: Walk) -> None:
    clue = walk.fill("zhangsan", "clue_registration", involves_umbrella=False)
    walk.sign("zhangsan", clue)
    walk.sign("lisi", clue)
    visitor = walk.as_("shenshiqi")
    visitor.get(f"/records/{clue}")
    assert "DJ-XS-2026-0001" not in visitor.text()
    assert OF_THE_COMMISSION not in walk.text("shenshiqi", "/")


def test_a_protecting_official_that_is_none_is_refused(walk: Walk) -> None:
    said = walk.refused(
        "zhangsan", "clue_registration", typed={"involves_umbrella": False}, clue_type="保护伞"
    )
    assert "这里应当选“是”" in said


def test_a_case_is_closed_when_the_police_and_the_commission_both_have_ended(
    walk: Walk, clock: FixedClock
) -> None:
    clue = registered(walk)
    handed_over(walk, clue)
    police = sent(walk, clue, "pcs", "公安机关依法办理")
    sent(walk, clue, "jiwei", "纪检监察机关处置")
    filed = entered(walk, "qianyi", police, "公安机关", "已经立案（受理）")
    begun = entered(walk, "shenshiqi", clue, "镇纪委监委", "已经立案（受理）")
    page = walk.text("zhaoliu", f"/cases/{clue}")
    assert "办理中" in page and "公安机关：办理中" in page and "镇纪委监委：办理中" in page
    clock.advance(1200)
    entered(walk, "qianyi", filed, "公安机关", "办理结果")
    page = walk.text("zhaoliu", f"/cases/{clue}")
    assert "公安机关：2026年11月22日 09:22 结束" in page and "镇纪委监委：办理中" in page
    assert "已办结" not in page, "the end of one is not the end of the other"
    middle = entered(walk, "shenshiqi", begun, "镇纪委监委", "侦查（调查）中")
    last = entered(walk, "shenshiqi", middle, "镇纪委监委", "办理结果")
    page = walk.text("zhaoliu", f"/cases/{clue}")
    assert "已办结" in page and walk.number(last) in page


def test_a_closing_report_waits_for_the_commission(walk: Walk) -> None:
    clue = registered(walk)
    handed_over(walk, clue)
    done = walk.fill(
        "wangwu", "completion_report", clue, handling_unit="shb", may_close=True, feedback_on=TODAY
    )
    walk.sign("zhaoliu", done)
    assert walk.sign("chushisi", done)
    assert "已办结" not in walk.text("zhaoliu", f"/cases/{clue}")
    entered(walk, "shenshiqi", clue, "镇纪委监委", "办理结果")
    assert "已办结" in walk.text("zhaoliu", f"/cases/{clue}")


def test_the_police_do_not_hear_of_the_commission(walk: Walk) -> None:
    clue = registered(walk)
    handed_over(walk, clue)
    letter = sent(walk, clue, "pcs", "公安机关依法办理")
    entered(walk, "shenshiqi", clue, "镇纪委监委", "已经立案（受理）")
    assert "公安机关：办理中" in walk.text("qianyi", f"/cases/{clue}")
    assert "镇纪委监委：办理中" not in walk.text("qianyi", f"/cases/{clue}")
    assert walk.number(letter)
