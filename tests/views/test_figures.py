"""The figures on the screen, and on exactly two sheets of paper."""

from __future__ import annotations

import dataclasses
import io
import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from andu.formtypes.beside.figures import BAR, LINE, MOST_CHARTS, MOST_NUMBERS, TIMELINESS
from andu.office.books import ledger_keeping
from andu.office.desk import figures
from andu.office.desk.figures import CountedSheet, Drawn, FigureRow, Told
from andu.office.office import Office
from andu.settings import Settings
from tests.conftest import People
from tests.office.conftest import Sign, Submit
from tests.office.figuring import with_figures
from tests.views.conftest import SignedIn

CAMPAIGN = "/figures?span=campaign-baori"


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return with_figures(settings, tmp_path)


@pytest.fixture
def office(office: Office) -> Office:
    ledger_keeping.keep_up(office)
    return office


@pytest.fixture
def fullest(monkeypatch: pytest.MonkeyPatch) -> None:
    """As much as a sheet can hold, instead of what there is."""
    real = figures.count

    def full(*asked: object) -> CountedSheet:
        rows = [
            FigureRow(f"很长的来源名称第{n}种（示例）", (9999,), (8888,)) for n in range(figures.MOST_ROWS)
        ]
        shares = [FigureRow(row.label, (999, 99, 9), (888, 88, 8)) for row in rows]
        weeks = [FigureRow(f"12.{n}", (n,), (n + 1,)) for n in range(1, 54)]
        charts = [Drawn("每周登记", LINE, weeks), *[Drawn("按来源分", BAR, rows)] * (MOST_CHARTS - 2)]
        told = [Told("二十四小时内呈阅情况", 99999, 88888, 99999, 99999)] * MOST_NUMBERS
        found = real(*asked)  # type: ignore[arg-type]
        charts.append(Drawn("各单位按期情况", TIMELINESS, shares))
        return dataclasses.replace(found, numbers=told, charts=charts)

    monkeypatch.setattr(figures, "count", full)


def test_the_page_shows_numbers_charts_and_the_same_as_tables(
    signed_in: SignedIn, people: People, submit: Submit, sign: Sign
) -> None:
    sign(people.lisi, submit(people.zhangsan, "task"))
    visitor = signed_in("zhaoliu")
    (link,) = visitor.page.xpath("//header//a[text() = '统计']/@href")
    visitor.get(link)
    assert "2026年11月（2026年11月1日—2026年11月22日，22 天）" in visitor.text()
    assert "与上期比较：2026年10月1日—2026年10月22日" in visitor.text()
    assert visitor.page.xpath("//ul[@class = 'told']/li[1]//strong/text()") == ["1"]
    drawings = visitor.page.xpath("//main//*[local-name() = 'svg'][@role = 'img']")
    assert [one.findtext(".//title") for one in drawings] == ["每周登记", "按类别", "各单位按期情况"]
    rows = visitor.page.xpath("//section[h2 = '按类别']//tbody/tr")
    assert [[cell.text for cell in row] for row in rows] == [["甲类", "1", "0"]]


def test_a_campaign_and_the_year_before_are_chosen(signed_in: SignedIn) -> None:
    visitor = signed_in("sunqi")
    visitor.get(CAMPAIGN + "&against=year")
    assert "百日会战（2026年4月15日—2026年7月15日，92 天），与上年同期比较：2025年4月15日" in visitor.text()
    assert visitor.page.xpath("//select[@id = 'span']//option[@selected]/text()") == ["百日会战"]
    assert "两期都没有" in visitor.text()


@pytest.mark.parametrize(
    ("since", "until", "message"),
    [
        ("2026-05-05", "2026-01-01", "起始日期晚于截止日期"),
        ("", "2026-01-01", "请把起止两个日期都填上"),
        ("2026-02-30", "2026-03-01", "请把起止两个日期都填上"),
        ("0001-01-01", "2026-03-01", "请把起止两个日期都填上"),
    ],
)
def test_days_that_are_none_are_said_and_kept(
    signed_in: SignedIn, since: str, until: str, message: str
) -> None:
    visitor = signed_in("sunqi")
    visitor.get(f"/figures?span=days&since={since}&until={until}")
    assert message in visitor.text()
    assert visitor.page.xpath("//select[@id = 'span']//option[@selected]/@value") == ["days"]
    assert visitor.page.xpath("//input[@id = 'since' or @id = 'until']/@value") == [since, until]
    assert not visitor.page.xpath("//a[contains(., '打印')]")


def test_an_old_month_stays_chosen(signed_in: SignedIn) -> None:
    visitor = signed_in("sunqi")
    visitor.get("/figures?span=2020-02")
    assert visitor.page.xpath("//select[@id = 'span']//option[@selected]/text()") == ["2020年2月"]


def test_the_leaders_page_is_two_sheets_of_paper_also_with_all_it_can_hold(
    signed_in: SignedIn, office: Office, fullest: None
) -> None:
    visitor = signed_in("sunqi")
    visitor.get(CAMPAIGN)
    (link,) = visitor.page.xpath("//a[contains(., '打印')]/@href")
    response = visitor.client.get(link)
    assert response.mimetype == "application/pdf"
    pages = PdfReader(io.BytesIO(response.data)).pages
    assert len(pages) == 2
    texts = ["".join(page.extract_text().split()) for page in pages]
    assert "二十四小时内呈阅情况" in texts[0] and "每周登记" in texts[0]
    assert "各单位按期情况" in texts[1] and "孙七打印于" in texts[1]
    assert sum(text.count("按来源分") for text in texts) == MOST_CHARTS - 2
    (noted,) = office.store.rows_where("audit", "event = 'list_printed'")
    assert json.loads(noted["data"])["list"] == "figures"


def test_without_figures_the_table_of_papers_is_still_there(signed_in: SignedIn, office: Office) -> None:
    office.figures._sheets.clear()
    visitor = signed_in("zhaoliu")
    visitor.get("/figures")
    assert "没有可用的统计图表" in visitor.text()
    assert visitor.get("/figures.pdf").status_code == 404
    visitor.get("/statistics")
    assert "文书统计表" in visitor.text()
