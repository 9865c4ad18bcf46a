"""The screens of ledgers: finding, sorting and paging without JavaScript, and closing a month."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from andu.clock import FixedClock
from andu.office import records
from andu.office.books import register
from andu.office.issue import voiding
from andu.office.ledger import ledgers
from andu.office.office import Office
from andu.office.records import Record
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit
from tests.views.conftest import SignedIn, Visitor

CLUES = "/ledgers/clue_registration"


@pytest.fixture
def clue(people: People, submit: Submit, sign: Sign) -> Record:
    """A registered clue of 示例一村."""
    record = submit(people.zhangsan, "clue_registration", registered_at="2026-11-22T08:30")
    return sign(people.lisi, sign(people.zhangsan, record))


def test_every_ledger_is_found_from_the_menu(signed_in: SignedIn, office: Office) -> None:
    visitor = signed_in("zhangsan")
    visitor.get("/ledgers")
    links = visitor.page.xpath("//main//h3/a/@href")
    assert links == [f"/ledgers/{ledger.slug}" for ledger in office.ledgers]
    for link in links:
        visitor.get(link)
        assert "没有符合条件的记录" in visitor.text()


def test_a_row_leads_to_its_record_and_its_case(signed_in: SignedIn, clue: Record) -> None:
    visitor = signed_in("zhangsan")
    visitor.get(CLUES)
    assert visitor.page.xpath("//tbody//a/@href") == [f"/records/{clue.id}", f"/cases/{clue.id}"]
    assert "李**" in visitor.text() and "某某（示例举报人）" not in visitor.text()


def test_what_was_asked_is_kept_when_sorting_and_taking_away(signed_in: SignedIn, clue: Record) -> None:
    visitor = signed_in("zhangsan")
    visitor.get(f"{CLUES}?text=示例&c_sector=建筑工程&month=2026-11")
    assert "共 1 条" in visitor.text()
    assert visitor.page.xpath("//input[@name='q']/@value") == [""]  # the search of every page was not asked
    heads = visitor.page.xpath("//thead//a/@href")
    assert all("c_sector=" in head and "month=2026-11" in head and "text=" in head for head in heads)
    export = next(href for href in visitor.page.xpath("//main//a/@href") if "export.xlsx" in href)
    assert load_workbook(io.BytesIO(visitor.client.get(export).data)).active.max_row == 3
    visitor.get(heads[0])
    assert visitor.page.xpath("//th[@aria-sort]/@aria-sort") == ["ascending"]
    visitor.get(f"{CLUES}?c_sector=煤矿资源")
    assert "没有符合条件的记录" in visitor.text()


def test_a_month_that_is_none_is_told_beside_its_field(signed_in: SignedIn, clue: Record) -> None:
    visitor = signed_in("zhangsan")
    visitor.get(f"{CLUES}?month=2026-13")
    assert "月份写成 2026-11 这样" in visitor.text()
    assert visitor.page.xpath("//input[@id='month']/@value") == ["2026-13"]


@pytest.mark.parametrize(
    "query", ["sort=nothing", "page=0", "page=99999", "page=-1", "c_nothing=1", "way=x&sort=unit"]
)
def test_odd_addresses_still_show_a_page(query: str, signed_in: SignedIn, clue: Record) -> None:
    assert signed_in("zhangsan").get(f"{CLUES}?{query}").status_code == 200


def test_a_page_holds_fifty_rows_and_the_next_goes_on_counting(
    signed_in: SignedIn,
    clue: Record,
    monkeypatch: pytest.MonkeyPatch,
    people: People,
    submit: Submit,
    sign: Sign,
) -> None:
    monkeypatch.setattr(ledgers, "PAGE", 1)
    other = submit(people.zhangsan, "clue_registration", registered_at="2026-11-22T08:40")
    sign(people.lisi, sign(people.zhangsan, other))
    visitor = signed_in("zhangsan")
    visitor.get(CLUES)
    assert "第 1 页，共 2 页" in visitor.text()
    visitor.get(visitor.page.xpath("//nav[@class='pages']//a/@href")[0])
    assert visitor.page.xpath("normalize-space(//tbody/tr[1]/td[1])") == "2"
    assert "DJ-XS-2026-0001" in visitor.text()


def test_a_working_list_can_be_printed_from_the_browser(signed_in: SignedIn, clue: Record) -> None:
    visitor = signed_in("zhangsan")
    visitor.get(f"{CLUES}/list.pdf?view=browser")
    assert "工作清单，不作为归档的台账" in visitor.text() and "DJ-XS-2026-0001" in visitor.text()
    heads = visitor.page.xpath("//thead//th")
    assert [head.text for head in heads[:2]] == ["序号", "线索编号\n登记时间"]
    assert sum(float(head.get("width").rstrip("%")) for head in heads) == pytest.approx(100)
    assert "across" in visitor.page.xpath("//body/@class")[0]


def test_a_month_is_closed_from_its_ledger_and_filed_like_any_paper(
    signed_in: SignedIn, clue: Record, clock: FixedClock, office: Office
) -> None:
    visitor = signed_in("zhaoliu")
    visitor.get(f"{CLUES}?month=2026-11")
    visitor.post(f"{CLUES}/close", {"month": "2026-11"})
    path = visitor.path
    draft = visitor.filled(path)
    assert draft["f_extract"] == ["clue_registration", "2026-11"]
    visitor.post(path, {**draft, "act": "submit"})
    assert "2026年11月还没有过完，月结请在次月办理" in visitor.text()
    assert visitor.filled(path)["f_extract"] == ["clue_registration", "2026-11"]
    clock.advance(10 * 24 * 3600)
    visitor = signed_in("zhaoliu")
    visitor.get(path)
    visitor.post(path, {**visitor.filled(path), "act": "submit"})
    assert "线索登记台账（2026年11月，示例镇，1 条）" in visitor.text()
    assert office.clock.now().date() == date(2026, 12, 2)


ONE_CLOSING = "SELECT count(*) AS n FROM record WHERE form = 'ledger_closing'"


def handed_in(visitor: Visitor, month: str = "2026-11", replaces: str = "") -> str:
    """The path where a closing of the clues' ledger ends: its record, or its draft with what is wrong."""
    visitor.get(f"{CLUES}?month={month}")
    visitor.post(f"{CLUES}/close", {"month": month})
    path = visitor.path
    visitor.post(path, {**visitor.filled(path), "f_replaces": replaces, "act": "submit"})
    return visitor.path


def test_a_month_is_not_closed_a_second_time_whether_the_first_is_filed_or_still_being_signed(
    signed_in: SignedIn, clue: Record, clock: FixedClock, office: Office, people: People, sign: Sign
) -> None:
    clock.advance(10 * 24 * 3600)
    visitor = signed_in("zhaoliu")
    first = handed_in(visitor).rsplit("/", 1)[1]
    assert "/drafts/" in handed_in(visitor) and "已经提交，还没有编号" in visitor.text()
    assert office.store.query(ONE_CLOSING)[0]["n"] == 1
    record = sign(people.chushisi, sign(people.zhaoliu, records.find(office, first)))
    assert record.state == "filed"
    visitor = signed_in("zhaoliu")
    visitor.get(f"{CLUES}?month=2026-11")
    visitor.post(f"{CLUES}/close", {"month": "2026-11"})
    assert "这个月已经月结过：TZ-2026-0001" in visitor.text()
    assert "/drafts/" in handed_in(visitor)
    assert "已经月结，编号 TZ-2026-0001，不能再结一次" in visitor.text()
    assert "/records/" in handed_in(visitor, "2026-10")


def test_a_closed_month_is_corrected_on_purpose_and_only_by_naming_what_stands(
    signed_in: SignedIn, clue: Record, clock: FixedClock, office: Office, people: People, sign: Sign
) -> None:
    clock.advance(10 * 24 * 3600)
    visitor = signed_in("zhaoliu")
    path = handed_in(visitor)
    first = sign(people.chushisi, sign(people.zhaoliu, records.find(office, path.rsplit("/", 1)[1])))
    visitor = signed_in("zhaoliu")
    assert "/drafts/" in handed_in(visitor, "2026-10", first.id)
    assert "选的不是“线索登记台账”2026年10月现行的月结" in visitor.text()
    path = handed_in(visitor, replaces=first.id)
    assert "/records/" in path and "TZ-2026-0001" in visitor.text()
    second = sign(people.chushisi, sign(people.zhaoliu, records.find(office, path.rsplit("/", 1)[1])))
    visitor = signed_in("zhaoliu")
    assert "/drafts/" in handed_in(visitor, replaces=first.id)
    entry = register.of_record(office, people.chushisi, second.id)
    assert entry is not None
    voiding.void(office, people.chushisi, entry.id, "月结有误，作废重办", PASSWORD, "192.0.2.1")
    assert "/records/" in handed_in(signed_in("zhaoliu"), replaces=first.id)


def test_a_voided_closing_frees_its_month(
    signed_in: SignedIn, clue: Record, clock: FixedClock, office: Office, people: People, sign: Sign
) -> None:
    clock.advance(10 * 24 * 3600)
    path = handed_in(signed_in("zhaoliu"))
    record = sign(people.chushisi, sign(people.zhaoliu, records.find(office, path.rsplit("/", 1)[1])))
    entry = register.of_record(office, people.chushisi, record.id)
    assert entry is not None
    voiding.void(office, people.chushisi, entry.id, "月结有误，作废重办", PASSWORD, "192.0.2.1")
    assert "/records/" in handed_in(signed_in("zhaoliu"))


def test_a_closing_without_ledger_or_month_is_told(signed_in: SignedIn) -> None:
    visitor = signed_in("zhaoliu")
    visitor.get(CLUES)
    visitor.post(f"{CLUES}/close", {"month": ""})
    path = visitor.path
    visitor.post(path, {**visitor.filled(path), "act": "submit"})
    assert "请选择台账，并写明月份" in visitor.text()


def test_nobody_without_the_register_reads_a_ledger(signed_in: SignedIn) -> None:
    visitor = signed_in("wujiu")
    assert visitor.get(CLUES).status_code == 403
    assert PASSWORD not in visitor.text()
