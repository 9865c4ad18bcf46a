"""What is decided of a clue stands wherever it is read: ledger, desk, record, calendar and figures."""

from __future__ import annotations

import pytest
from lxml import html

from andu.office.office import Office
from tests.conftest import PASSWORD, People
from tests.views.conftest import SignedIn
from tests.views.test_deadlines import ask, link
from tests.views.test_study_and_denial import UP, of, registered, studied
from tests.views.walking import Walk

TODAY, DUE, LATER = "2026-11-22", "2026-11-25", "2026-12-02"
DECEMBER = "/figures?sheet=assessment&span=days&since=2026-11-01&until=2026-12-31"


@pytest.fixture
def walk(office: Office, signed_in: SignedIn) -> Walk:
    """The people of 示例镇 at their desks."""
    return Walk(office, signed_in)


def assigned(walk: Walk, clue: str) -> str:
    """Handed to the police station, to be reported on by ``DUE``; the slip."""
    slip = walk.fill("wangwu", "assignment", **of(clue), handling_unit="pcs", assigned_on=TODAY, due_on=DUE)
    assert walk.sign("zhaoliu", slip) == "JB-2026-0001"
    return slip


def reported_in_time(walk: Walk) -> str:
    """按期报结 of the police station, as its line of the assessment says."""
    visitor = walk.as_("sunqi")
    visitor.get(DECEMBER)
    rows = visitor.page.xpath("//table[@class = 'units']/tbody/tr")
    (row,) = [row for row in rows if row.findtext("th") == "派出所"]
    return str(row.findall("td")[2].text_content())


def line_of(walk: Walk, who: str, clue: str) -> str:
    """The line of a clue in the ledger."""
    visitor = walk.as_(who)
    visitor.get("/ledgers/clue_registration")
    rows: list[html.HtmlElement] = visitor.page.xpath(f"//tr[.//a[contains(@href, '{clue}')]]")
    assert rows, visitor.text()[:300]
    return " ".join(row.text_content() for row in rows)


def completed(walk: Walk, clue: str) -> None:
    """The police station reports; the case is closed."""
    more = {"handling_unit": "pcs", "may_close": True, "feedback_on": TODAY}
    report = walk.fill("qianyi", "completion_report", **of(clue), **more)
    walk.sign("fenger", report)
    assert walk.sign("zhaoliu", report)


def test_who_leads_and_who_handles_stand_in_the_ledger(walk: Walk, people: People) -> None:
    clue = registered(walk)
    slip = assigned(walk, clue)
    people_of_it = {
        "lead": people.sunqi.id,
        "handler_one": people.qianyi.id,
        "handler_two": people.yangshijiu.id,
        "backcheck_person": people.zhouba.id,
    }
    sheet = walk.fill("qianyi", "responsibility_sheet", slip, **people_of_it, start_on=TODAY, end_on=DUE)
    for who in ("qianyi", "yangshijiu", "sunqi", "zhaoliu"):
        walk.sign(who, sheet)
    line = line_of(walk, "zhaoliu", clue)
    assert "孙七" in line and "钱一" in line


def test_after_an_extension_the_new_day_counts_everywhere(walk: Walk) -> None:
    clue = registered(walk)
    slip = assigned(walk, clue)
    assert DUE in line_of(walk, "zhaoliu", clue)
    ask(walk.as_("qianyi"), LATER, "账目还没有调齐")
    director = walk.as_("zhaoliu")
    director.get("/")
    path = link(director, "批延期")
    director.get(path)
    (extension,) = director.page.xpath("//input[@name = 'decide-extension']/@value")
    given = {"decide-extension": extension, "decide-decision": "grant", "decide-answer": ""}
    director.post(f"{path}/decision", {**given, "decide-password": PASSWORD})
    line = line_of(walk, "zhaoliu", clue)
    assert LATER in line and DUE not in line
    walk.wait(days=6)  # past the first day, before the second
    assert "超期" not in walk.text("qianyi", f"/records/{slip}")
    desk = walk.text("zhaoliu", "/")
    assert "未到期 2026年12月2日 23:59 前办" in desk, "the office is not told that it is late"
    completed(walk, clue)
    walk.wait(days=6)
    assert reported_in_time(walk) == "1/1", "late by the first day, in time by the second"


def test_a_clock_that_lapsed_with_its_case_stays_in_the_figures_of_its_unit(walk: Walk) -> None:
    clue = registered(walk)
    assigned(walk, clue)
    walk.wait(days=6)
    assert reported_in_time(walk) == "0/1"
    # the county takes it up and ends it: what the police station owed is asked for no more
    step = walk.fill(
        "wangwu",
        "legal_process",
        **of(clue),
        organ_kind="公安机关",
        stage="办理结果",
        filed_on=TODAY,
        informed_on=TODAY,
    )
    walk.sign("wangwu", step)
    assert walk.sign("zhaoliu", step)
    assert "已办结" in walk.text("zhaoliu", f"/cases/{clue}")
    assert "按期报结" not in walk.text("qianyi", "/")
    assert reported_in_time(walk) == "0/1", "it was late, and that stays"


def test_the_term_of_a_study_is_watched_by_its_day(walk: Walk, people: People) -> None:
    studied(walk, people, registered(walk), UP, due_on=DUE)
    desk = walk.text("wangwu", "/")
    assert UP in desk and "11月25日" in desk
    walk.wait(days=5)
    assert "超期" in walk.text("wangwu", "/")
