"""搜索: whatever a person may open is found from any page, by what stands in it; nothing else is."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from andu.clock import FixedClock
from andu.office import days_asked, record_words, timer
from andu.office.desk import finding
from andu.office.office import Office
from andu.office.records import Record
from andu.office.writing import drafts
from andu.security import units
from tests.conftest import MORNING, People
from tests.office.conftest import Sign, Submit
from tests.views.conftest import SignedIn
from tests.views.page import Visitor


def found(visitor: Visitor, asked: str) -> set[str]:
    """The addresses of what the page of this search lists."""
    visitor.get("/find", query_string={"q": asked})
    return set(visitor.page.xpath("//main//ul[@class='papers']/li/div/a[1]/@href"))


@pytest.fixture
def clue(people: People, submit: Submit) -> Record:
    """A clue of 示例一村 that waits for its first signature."""
    return submit(people.zhangsan, "clue_registration", place="村东老砖窑", summary="反映某砂场强买强卖")


def test_every_page_has_the_box_but_for_whoever_reads_no_papers(signed_in: SignedIn) -> None:
    for who, boxes in (("zhangsan", 1), ("heshi", 1), ("wujiu", 0)):
        visitor = signed_in(who)
        assert len(visitor.page.xpath("//header//form[@role='search'][@action='/find']//input")) == boxes


@pytest.mark.parametrize(
    "asked",
    [
        "强买强卖",
        "老砖窑",
        "张三",
        "示例一村",
        "线索登记表",
        "2026-11-22",
        "11月22日",
        "2026年11月",
        "砂场 张三 ２０２６.11",
    ],
)
def test_a_paper_under_way_is_found_by_what_it_says_who_where_what_and_when(
    signed_in: SignedIn, clue: Record, asked: str
) -> None:
    assert f"/records/{clue.id}" in found(signed_in("zhangsan"), asked)


@pytest.mark.parametrize("asked", ["强买 不在", "11月21日", "示例二村", "13月40日", "·", "2026-11-222"])
def test_what_it_does_not_say_does_not_find_it(signed_in: SignedIn, clue: Record, asked: str) -> None:
    assert found(signed_in("zhangsan"), asked) == set()


def test_a_number_finds_its_paper_first_and_the_way_to_its_case(
    signed_in: SignedIn, people: People, submit: Submit, sign: Sign, clue: Record
) -> None:
    sign(people.lisi, sign(people.zhangsan, clue))
    later = submit(people.zhangsan, "clue_handover", clue=clue.id)
    visitor = signed_in("zhangsan")
    assert found(visitor, "ＤＪ－ＸＳ－２０２６－０００１") >= {f"/records/{clue.id}"}
    assert visitor.page.xpath(f"//main//a[@href='/cases/{clue.id}']")
    found(visitor, "示例一村")
    called = [one.text_content() for one in visitor.page.xpath("//main//ul[@class='papers']/li/div/a[1]")]
    assert {one.split("：")[0] for one in called} == {"线索登记表", "线索移交单"}
    assert f"/records/{later.id}" in found(visitor, "移交单")


def test_nothing_is_found_that_may_not_be_opened(signed_in: SignedIn, people: People, clue: Record) -> None:
    assert found(signed_in("zhengshier"), "强买强卖") == set()
    assert found(signed_in("sunqi"), "强买强卖") == {f"/records/{clue.id}"}


def test_what_is_confidential_is_no_word_of_a_paper_nor_of_a_draft(
    signed_in: SignedIn, office: Office, people: People, submit: Submit
) -> None:
    submit(people.zhangsan, "clue_registration", reporter_name="隐名人")
    drafts.start(office, people.zhangsan, "clue_registration", {"f_reporter_name": ["隐名人"]})
    assert found(signed_in("zhangsan"), "隐名人") == set()


def test_what_waits_for_me_says_so_and_leads_to_the_signature(
    signed_in: SignedIn, people: People, clue: Record
) -> None:
    visitor = signed_in("zhangsan")
    found(visitor, "砂场")
    assert visitor.page.xpath(f"//main//a[@href='/records/{clue.id}/sign']")
    said = json.loads(visitor.client.get("/find/suggest", query_string={"q": "砂场"}).text)["found"]
    assert [one["to"] for one in said] == [f"/records/{clue.id}/sign"]
    assert said[0]["form"] == "线索登记表" and "等我签字" in said[0]["about"]


def test_a_draft_says_what_it_is_about_on_the_desk_and_is_found_by_it(
    signed_in: SignedIn, office: Office, people: People
) -> None:
    draft = drafts.start(office, people.zhangsan, "clue_registration", {"f_summary": ["反映河边洗砂"]})
    other = drafts.start(office, people.zhangsan, "clue_registration", {"f_place": ["桥头"]})
    visitor = signed_in("zhangsan")
    for one, words in ((draft, "反映河边洗砂"), (other, "桥头")):
        (link,) = visitor.page.xpath(f"//section[.//h2[@id='drafts']]//a[@href='/drafts/{one.id}']")
        assert words in link.text_content()
        assert found(visitor, f"登记表 {words}") == {f"/drafts/{one.id}"}
        visitor.get("/")
    assert found(signed_in("zhengshier"), "桥头") == set()


def test_a_draft_nobody_typed_in_is_not_on_the_desk_and_gone_after_a_day(
    signed_in: SignedIn, office: Office, people: People, clock: FixedClock
) -> None:
    visitor = signed_in("zhangsan")
    visitor.get("/new")
    visitor.post("/new/clue_registration")
    path, filled = visitor.path, visitor.filled(visitor.path)
    visitor.get("/")
    assert not visitor.page.xpath(f"//main//a[@href='{path}']")
    visitor.get(path)
    visitor.post(path, filled | {"act": "save", "f_place": "桥头"})
    visitor.get("/new")
    visitor.post("/new/clue_registration")
    empty = visitor.path
    clock.advance(timedelta(days=1, seconds=1).total_seconds())
    timer.once(office)
    kept = {row["id"] for row in office.store.rows_where("draft")}
    assert path.removeprefix("/drafts/") in kept
    assert empty.removeprefix("/drafts/") not in kept
    late = drafts.start(office, people.zhangsan, "clue_registration")
    assert late.id in {row["id"] for row in office.store.rows_where("draft")}


def test_what_is_typed_into_an_empty_draft_after_it_was_dropped_is_kept(
    signed_in: SignedIn, office: Office, clock: FixedClock
) -> None:
    visitor = signed_in("zhangsan")
    visitor.get("/new")
    visitor.post("/new/clue_registration")
    path, filled = visitor.path, visitor.filled(visitor.path)
    clock.advance(timedelta(days=1, seconds=1).total_seconds())
    timer.once(office)
    visitor = signed_in("zhangsan")
    typed = {name: text for name, text in filled.items() if name not in ("csrf_token", "whose")}
    visitor.post(path, typed | {"act": "save", "f_place": "桥头"})
    assert visitor.path.startswith("/drafts/") and visitor.path != path
    assert "桥头" in visitor.filled(visitor.path)["f_place"]


def test_found_papers_go_on_page_by_page(
    signed_in: SignedIn, people: People, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "PAGE", 2)
    ids = [submit(people.zhangsan, "completion_report").id for _n in range(5)][::-1]
    visitor = signed_in("zhangsan")
    visitor.get("/find", query_string={"q": "办结报告"})
    seen = []
    while True:
        seen += visitor.page.xpath("//main//ul[@class='papers']/li/div/a[1]/@href")
        links = visitor.page.xpath("//nav[@class='pages']//a[contains(., '更早的')]/@href")
        if not links:
            break
        visitor.get(links[0])
    assert seen == [f"/records/{one}" for one in ids]


def test_a_renamed_unit_is_found_by_its_name_of_today(
    signed_in: SignedIn, office: Office, people: People, clue: Record
) -> None:
    unit = units.get(office.store, "cun1")
    assert unit is not None
    units.change(office.store, office.clock, people.wujiu, "cun1", "示例新村", "", unit.category)
    assert found(signed_in("zhangsan"), "示例新村") == {f"/records/{clue.id}"}


@pytest.mark.sqlite
def test_records_from_before_are_found_by_their_words_once_the_service_has_started(
    signed_in: SignedIn, office: Office, clue: Record
) -> None:
    with office.store.write():
        office.store.execute("UPDATE record_text SET answers = '', about = ''")
        office.store.execute("UPDATE record_word SET folding = '1'")
        office.store.execute("DELETE FROM made WHERE id = 'record_words'")
    visitor = signed_in("zhangsan")
    assert found(visitor, "老砖窑") == set()
    record_words.keep_up(office)
    assert found(visitor, "老砖窑") == {f"/records/{clue.id}"}


def test_the_register_names_the_form_of_each_paper(signed_in: SignedIn, filed: Record) -> None:
    visitor = signed_in("zhangsan")
    visitor.get("/register")
    assert [one.text_content() for one in visitor.page.xpath("//td[@data-label='表单']")] == ["办结报告"]


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("2026-11-02", "20261102"), ("2026.11.2", "20261102"), ("2026年11月2日", "20261102"),
        ("２０２６/11/2", "20261102"), ("20261102", "20261102"), ("11月2日", "20261102"),
        ("11月2号", "20261102"), ("2026-11", "202611"), ("2026年1月", "202601"), ("2026", ""),
        ("2月30日", ""), ("11-2", ""), ("0001", ""),
    ],
)  # fmt: skip
def test_a_day_is_understood_as_it_is_typed(typed: str, digits: str) -> None:
    assert days_asked.digits(typed, MORNING.date()) == digits
