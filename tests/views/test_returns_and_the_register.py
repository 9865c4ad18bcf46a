"""What a village reports twice a month, held against what the office has."""

from __future__ import annotations

import pytest

from andu.office.office import Office
from tests.views.conftest import SignedIn
from tests.views.walking import Walk

NOW, BEFORE = "2026-11-2", "2026-11-1"
NUMBERS = {"new_clues": 1, "total_clues": 1, "handed_over": 0, "completed": 0}
NO_REASON = {"difference": None}


@pytest.fixture
def walk(office: Office, signed_in: SignedIn) -> Walk:
    """The people of 示例镇 at their desks."""
    return Walk(office, signed_in)


def registered(walk: Walk, sign: bool = True) -> None:
    """A clue of 示例一村 of this half of the month."""
    clue = walk.fill("zhangsan", "clue_registration")
    for who in ("zhangsan", "lisi") if sign else ():
        walk.sign(who, clue)


def refused(walk: Walk, who: str = "zhangsan", **typed: object) -> str:
    """Why a return with these answers is refused."""
    return walk.refused(
        who, "halfmonthly_return", typed=typed, **{"is_nil": False, **NO_REASON, **NUMBERS, **typed}
    )


@pytest.mark.parametrize("sign", [True, False])
def test_nothing_to_report_is_refused_while_the_office_has_a_clue_of_that_time(
    walk: Walk, sign: bool
) -> None:
    registered(walk, sign)
    nil = {
        "is_nil": True,
        "nil_confirmed": True,
        **dict.fromkeys(("total_clues", "handed_over", "completed"), 0),
    }
    assert "登记有 1 件“线索登记表”，不能零报告" in refused(walk, period=NOW, new_clues=None, **nil)


def test_nothing_to_report_is_accepted_where_there_is_nothing(walk: Walk) -> None:
    registered(walk)
    nil = {"is_nil": True, "nil_confirmed": True, "handed_over": 0, "completed": 0, **NO_REASON}
    report = walk.fill("zhengshier", "halfmonthly_return", **nil, total_clues=0, period=NOW)
    walk.sign("zhengshier", report)
    assert walk.sign("chenshisan", report) == "LB-2026-0001"


def test_numbers_agree_with_the_register_or_say_why_not(walk: Walk) -> None:
    registered(walk)
    assert "按登记簿是 1" in refused(walk, period=NOW, new_clues=4)
    assert "按登记簿是 1" in refused(walk, period=NOW, new_clues=4, difference="无")
    assert "按登记簿是 0" in refused(walk, period=NOW, handed_over=1)
    why = "另有三件是口头反映，还没有登记"
    assert walk.fill(
        "zhangsan", "halfmonthly_return", period=NOW, **{**NUMBERS, "new_clues": 4}, difference=why
    )


def test_numbers_that_agree_ask_for_no_reason(walk: Walk) -> None:
    registered(walk)
    assert walk.fill("zhangsan", "halfmonthly_return", period=NOW, is_nil=False, **NUMBERS, **NO_REASON)


def test_a_time_that_has_not_begun_cannot_be_reported(walk: Walk) -> None:
    assert "还没有开始" in refused(walk, period="2026-12-1")


def test_a_return_goes_to_the_office_and_to_nobody_else(walk: Walk) -> None:
    walk.begin("zhangsan", "halfmonthly_return")
    visitor = walk.as_("zhangsan")
    visitor.get(visitor.path)
    offered = visitor.page.xpath("//select[@name = 'f_receiver_unit']/option/text()")
    assert [one.strip() for one in offered if one.strip() and "请选择" not in one] == ["镇扫黑办"]
    assert "只能选择“镇扫黑办”" in refused(walk, period=NOW, receiver_unit="pcs")


def test_a_unit_that_need_not_report_is_never_late(walk: Walk) -> None:
    nil = {"is_nil": True, "nil_confirmed": True, "handed_over": 0, "completed": 0, "total_clues": 0}
    report = walk.fill("qianyi", "halfmonthly_return", **nil, period=BEFORE)
    walk.sign("qianyi", report)
    walk.sign("fenger", report)
    page = walk.as_("zhaoliu")
    page.get(f"/returns?form=halfmonthly_return&period={BEFORE}")
    (row,) = [row for row in page.page.xpath("//main//table/tbody/tr") if "派出所" in row.text_content()]
    assert (
        "过期" not in row.text_content()
        and "超期" not in row.text_content()
        and "迟" not in row.text_content()
    )
