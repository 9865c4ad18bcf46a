"""Lists on their way to the printer: what stands in them, who is told, and the way without wkhtmltopdf."""

from __future__ import annotations

import io
import json

import pytest
from pypdf import PdfReader

from andu.office.office import Office
from andu.office.records import Record
from andu.office.writing import drafts
from andu.security import audit
from andu.settings import ROOT
from tests.conftest import People
from tests.office.conftest import Submit, raw_sample
from tests.views.conftest import SignedIn


def text_of(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that were given to the printer, which is not asked."""
    given: list[str] = []

    def stand_in(html: str) -> bytes:
        given.append(html)
        return b"%PDF-list"

    monkeypatch.setattr("andu.office.desk.lists.print_list", stand_in)
    return given


def printed(office: Office) -> list[tuple[str, int]]:
    """Which lists of how many rows are noted as printed, in order."""
    rows = office.store.rows_where("audit", "event = 'list_printed'", order_by="seq")
    return [(data["list"], data["rows"]) for data in (json.loads(row["data"]) for row in rows)]


@pytest.fixture
def clue(people: People, submit: Submit) -> Record:
    """A clue with confidential answers, which waits for its first signature."""
    return submit(people.zhangsan, "clue_registration")


def secrets_of(office: Office, people: People, form: str) -> list[str]:
    """The confidential texts of the sample of a form."""
    raw = raw_sample(office, people.zhangsan, form)
    form_type = office.catalogue.get(form)
    assert form_type is not None
    found = [
        text
        for name, typed in raw.items()
        for text in typed
        if drafts.is_confidential(form_type, name) and len(text) > 2
    ]
    assert found
    return found


def test_the_desk_is_printed_with_what_waits_and_what_is_recent(
    signed_in: SignedIn, office: Office, people: People, clue: Record, filed: Record, pages: list[str]
) -> None:
    drafts.start(office, people.zhangsan, "completion_report", {"f_reported_issue": ["强买强卖"]})
    visitor = signed_in("zhangsan")
    (link,) = visitor.page.xpath("//a[text() = '打印清单']/@href")
    assert visitor.get(link).data == b"%PDF-list"
    for word in ("等我签字", clue.title, "本单位的草稿", "张三", "最近的材料", filed.title, "共 5 条"):
        assert word in pages[0]
    assert "当日移交镇扫黑办" in pages[0], "what is due stands there too"
    assert printed(office) == [("desk", 5)]


def test_statistics_count_what_one_may_see_by_form_unit_and_state(
    signed_in: SignedIn, people: People, submit: Submit, clue: Record, filed: Record
) -> None:
    submit(people.zhengshier, "completion_report")

    def lines(username: str, query: str = "") -> list[list[str]]:
        visitor = signed_in(username)
        visitor.get("/register")
        assert visitor.page.xpath("//a[text() = '文书统计表'][@href = '/statistics']")
        visitor.get(f"/statistics{query}")
        return [
            [cell.text_content() for cell in row.xpath("th | td")] for row in visitor.page.xpath("//tbody/tr")
        ]

    assert lines("zhangsan") == [
        ["线索登记表", "1", "0", "0", "0", "0", "0", "1"],
        ["办结报告", "0", "0", "0", "0", "1", "0", "1"],
        ["合计", "1", "0", "0", "0", "1", "0", "2"],
        ["示例一村", "1", "0", "0", "0", "1", "0", "2"],
        ["合计", "1", "0", "0", "0", "1", "0", "2"],
    ]
    units = [line[0] for line in lines("zhaoliu")]
    assert {"示例一村", "示例二村"} <= set(units)
    assert lines("zhangsan", "?since=2026-11-23&until=2026-12-31") == []
    assert lines("zhangsan", "?since=2026-11-22&until=2026-11-22")[-1][-1] == "2"


def test_a_period_that_ends_before_it_begins_is_said(signed_in: SignedIn, filed: Record) -> None:
    visitor = signed_in("zhangsan")
    visitor.get("/statistics?since=2026-11-22&until=2026-11-01")
    assert "起始日期晚于截止日期" in visitor.text()
    assert visitor.get("/statistics?since=nonsense&until=9999-12-31").status_code == 200


def test_the_printed_statistics_are_those_of_the_page(
    signed_in: SignedIn, office: Office, filed: Record, pages: list[str]
) -> None:
    visitor = signed_in("zhangsan")
    visitor.get("/statistics?since=2026-11-01&until=2026-11-30")
    (link,) = visitor.page.xpath("//a[text() = '打印统计']/@href")
    visitor.get(link)
    assert "2026-11-01 至 2026-11-30" in pages[0]
    assert printed(office) == [("statistics", 1)]


def test_a_proof_shows_all_open_answers_and_no_confidential_one(
    signed_in: SignedIn, office: Office, people: People, clue: Record
) -> None:
    visitor = signed_in("zhangsan")
    visitor.get(f"/records/{clue.id}")
    (link,) = visitor.page.xpath("//a[text() = '校对单']/@href")
    text = text_of(visitor.get(link).data)
    for word in (
        "校对用，不作正式文件",
        "线索登记表校对单",
        "（未填）",
        "保密的各项不打印",
        clue.values["summary"],
    ):
        assert "".join(word.split()) in text
    for secret in secrets_of(office, people, "clue_registration"):
        assert "".join(secret.split()) not in text
    assert [name for name, _rows in printed(office)] == ["proof"]
    seen = [event.event for event in audit.recent(office.store, "cun1", 9)]
    assert seen.count("record_viewed") == 2, "the page, and the proof"


def test_the_proof_of_a_draft_shows_what_was_typed_and_says_what_cannot_stand(
    signed_in: SignedIn, office: Office, people: People, pages: list[str]
) -> None:
    raw = raw_sample(office, people.zhangsan, "clue_registration")
    raw["f_registered_at"] = ["大概上周"]
    draft = drafts.start(office, people.zhangsan, "clue_registration", raw)
    visitor = signed_in("zhangsan")
    visitor.get(f"/drafts/{draft.id}")
    (link,) = visitor.page.xpath("//a[text() = '打印校对单']/@href")
    visitor.get(link)
    assert "大概上周（还不合要求，提交前要改）" in pages[0]
    assert "草稿" in pages[0]
    for secret in secrets_of(office, people, "clue_registration"):
        assert secret not in pages[0]


def test_without_wkhtmltopdf_the_browser_prints(
    signed_in: SignedIn, office: Office, filed: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    visitor = signed_in("zhangsan")
    assert visitor.get("/register/list.pdf?text=BJ&unit=cun1").status_code == 409
    assert "没有安装打印组件 wkhtmltopdf" in visitor.text()
    assert printed(office) == []
    (link,) = visitor.page.xpath("//a[@role = 'button'][contains(text(), '浏览器')]/@href")
    assert visitor.get(link).status_code == 200
    assert "BJ-2026-0001" in visitor.text()
    assert visitor.page.xpath("//link[contains(@href, 'css/sheet.css')]")
    (back,) = visitor.page.xpath("//nav/a/@href")
    assert back == "/register?text=BJ&unit=cun1"
    assert printed(office) == [("register", 1)]


@pytest.mark.parametrize("path", ["/desk.pdf", "/statistics.pdf", "/register/list.pdf"])
def test_every_list_has_a_page_for_the_browsers_own_printing(
    path: str, signed_in: SignedIn, filed: Record
) -> None:
    visitor = signed_in("zhangsan")
    assert visitor.get(f"{path}?view=browser").mimetype == "text/html"
    assert "张三 打印于 2026年11月22日" in visitor.text()


def test_the_style_sheet_passes_into_the_page_as_it_stands(
    signed_in: SignedIn, filed: Record, pages: list[str]
) -> None:
    signed_in("zhangsan").get("/desk.pdf")
    assert (ROOT / "static" / "css" / "sheet.css").read_text(encoding="utf-8") in pages[0]


def test_what_people_write_is_text_on_a_list(
    signed_in: SignedIn, people: People, submit: Submit, pages: list[str]
) -> None:
    hostile = '<img src="http://127.0.0.1/x"><script>1</script>'
    submit(people.zhangsan, "completion_report", clue_summary=hostile)
    signed_in("zhangsan").get("/desk.pdf")
    assert "&lt;img" in pages[0]
    assert "<img" not in pages[0]
    assert "<script" not in pages[0]
