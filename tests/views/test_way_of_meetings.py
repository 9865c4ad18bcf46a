"""Meetings and the assessment: a month without a meeting is seen, whoever is invited reads the notice, every
village and unit has its line of what it kept and what it missed."""

from __future__ import annotations

import pytest

from andu.office.followup import return_reminders
from andu.office.office import Office
from tests.conftest import People
from tests.views.conftest import SignedIn
from tests.views.walking import Walk

NOVEMBER = "/figures?sheet=assessment&span=days&since=2026-11-01&until=2026-11-30"


@pytest.fixture
def walk(office: Office, signed_in: SignedIn) -> Walk:
    """The people of 示例镇 at their desks."""
    return Walk(office, signed_in)


def solid(text: str) -> str:
    """A text without its spaces."""
    return "".join(text.split())


def lines(walk: Walk, who: str, path: str) -> dict[str, list[str]]:
    """The table of units on a page: the cells of each by its name."""
    visitor = walk.as_(who)
    visitor.get(path)
    rows = visitor.page.xpath("//table[@class = 'units']/tbody/tr")
    return {row.findtext("th"): [cell.text_content() for cell in row.findall("td")] for row in rows}


def test_units_invited_to_a_meeting_see_its_notice(walk: Walk, people: People) -> None:
    invited = [{"unit": "cun1"}, {"unit": "pcs"}]
    notice = walk.fill(
        "wangwu", "meeting_notice", meeting_at="2026-11-25T14:30", printed_on="2026-11-22", invited=invited
    )
    walk.sign("zhaoliu", notice)
    assert walk.sign("sunqi", notice) == "示发〔2026〕1号"
    for who in ("zhangsan", "qianyi"):
        assert "2026年11月25日" in walk.text(who, f"/records/{notice}"), "the clerk of a unit that is invited"
    assert "会议通知" in walk.text("zhangsan", "/"), "and it lies on their desk"
    assert walk.as_("fenger").get(f"/records/{notice}").status_code == 200
    assert walk.as_("zhengshier").get(f"/records/{notice}").status_code == 404, "nobody else is told"


def test_a_month_without_a_meeting_is_reminded_of_and_counted(
    walk: Walk, office: Office, people: People
) -> None:
    assert "联席会议纪要：2026年11月" in walk.text("wangwu", "/"), "owed from the first day of the month"
    assert "联席会议纪要" not in walk.text("zhangsan", "/"), "by the office, not by a village"
    walk.wait(days=9)
    return_reminders.write_due(office)
    reminded = office.store.rows_where("return_reminder", "form = ?", ["meeting_minutes"])
    assert [(row["unit_id"], row["period"], row["stage"]) for row in reminded] == [
        ("shb", "2026-11", "overdue")
    ]
    page = solid(walk.text("sunqi", NOVEMBER))
    assert "每月联席会议0%应办1，按期0" in page, page[page.index("每月联席会议") :][:40]
    decisions = [{"matter": "逐条对账", "unit": "pcs", "due": "2026-12-20"}]
    minutes = walk.fill(
        "wangwu", "meeting_minutes", held_at="2026-11-25T14:30", decisions=decisions, printed_on=None
    )
    walk.sign("zhaoliu", minutes)
    assert walk.sign("sunqi", minutes)
    assert "每月联席会议100%应办1，按期1" in solid(walk.text("sunqi", NOVEMBER)), "it was held in November"
    assert "联席会议纪要：2026年11月" not in walk.text("wangwu", "/")
    assert "联席会议纪要：2026年12月" in walk.text("wangwu", "/")


def test_each_village_and_unit_has_a_line_for_its_assessment(
    walk: Walk, office: Office, people: People
) -> None:
    clue = walk.fill("zhangsan", "clue_registration", registered_at="2026-11-22T09:00")
    walk.sign("zhangsan", clue)
    walk.sign("lisi", clue)
    report = walk.fill("zhangsan", "halfmonthly_return", reported_on="2026-11-22", period="2026-11-2")
    walk.sign("zhangsan", report)
    walk.sign("lisi", report)
    decisions = [{"matter": "逐条对账", "unit": "pcs", "due": "2026-11-24"}]
    minutes = walk.fill(
        "wangwu", "meeting_minutes", held_at="2026-11-22T08:00", decisions=decisions, printed_on=None
    )
    walk.sign("zhaoliu", minutes)
    walk.sign("sunqi", minutes)
    walk.wait(days=10)
    found = lines(walk, "sunqi", NOVEMBER)
    heads = ["登记线索", "当日移交", "按期报结", "每月两报", "议定事项"]
    assert found["示例一村"][: len(heads)] == ["1", "0/1", "—", "1/1", "—"], "not handed over, but reported"
    assert found["示例二村"][: len(heads)] == ["0", "—", "—", "0/1", "—"], "a missed return counts"
    assert found["派出所"][: len(heads)] == ["0", "—", "—", "—", "0/1"], "a decision that was not kept"
    assert list(lines(walk, "lisi", NOVEMBER)) == ["示例一村"], "a village sees its own line"
    campaign = "/figures?sheet=campaign&span=days&since=2026-11-01&until=2026-11-30"
    page = walk.text("sunqi", campaign)
    assert "示例二村" in page[page.index("各单位按期情况") :], "and in 按期情况 as well"
