"""The register on the screen: found, opened, downloaded, printed, voided; and the numbers in order."""

from __future__ import annotations

import io
from urllib.parse import unquote

import pytest
from pypdf import PdfReader

from andu.office.books import register
from andu.office.errors import NotAllowed, Refused
from andu.office.issue import voiding
from andu.office.office import Office
from andu.office.records import Record
from andu.security import audit
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit
from tests.views.conftest import SignedIn


@pytest.fixture
def three(people: People, submit: Submit, sign: Sign) -> list[Record]:
    """Three filed completion reports of two villages: two, then one."""
    clerks = (people.zhangsan, people.zhangsan, people.zhengshier)
    heads = (people.lisi, people.lisi, people.chenshisan)
    return [
        sign(people.zhaoliu, sign(head, submit(clerk, "completion_report")))
        for clerk, head in zip(clerks, heads, strict=True)
    ]


def row_of(office: Office, number: str) -> str:
    """The id of the line with this number."""
    return str(office.store.rows_where("register", "number = ?", [number])[0]["id"])


def numbers(page: object) -> list[str]:
    """The numbers in the list on the page."""
    return [cell.text_content().strip() for cell in page.xpath("//td[@class='number']")]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["BJ-2026-0003", "BJ-2026-0002", "BJ-2026-0001"]),
        ("text=0002", ["BJ-2026-0002"]),
        ("unit=cun2", ["BJ-2026-0003"]),
        ("person=陈十三", ["BJ-2026-0003"]),
        ("form=clue_handover", []),
        ("state=voided", []),
        ("since=2026-11-22&until=2026-11-22", ["BJ-2026-0003", "BJ-2026-0002", "BJ-2026-0001"]),
        ("until=2026-11-21", []),
        ("since=never&page=none", ["BJ-2026-0003", "BJ-2026-0002", "BJ-2026-0001"]),
    ],
)
def test_the_register_finds(signed_in: SignedIn, three: list[Record], query: str, found: list[str]) -> None:
    visitor = signed_in("zhaoliu")
    visitor.get(f"/register?{query}")
    assert numbers(visitor.page) == found


def test_a_clerk_finds_only_what_her_unit_may_see(signed_in: SignedIn, three: list[Record]) -> None:
    visitor = signed_in("zhengshier")
    visitor.get("/register")
    assert numbers(visitor.page) == ["BJ-2026-0003"]


def test_a_download_is_the_filed_file_under_its_chinese_name(
    signed_in: SignedIn, office: Office, filed: Record
) -> None:
    visitor = signed_in("zhangsan")
    line = row_of(office, "BJ-2026-0001")
    response = visitor.get(f"/register/{line}/download/docx")
    assert response.data == office.files.get(office.store.get("register", line)["docx_sha"])  # type: ignore[index]
    header = response.headers["Content-Disposition"]
    assert header.startswith("attachment;")
    assert unquote(header.split("filename*=UTF-8''")[1]) == "BJ-2026-0001 办结报告 第1份 张三 20261122.docx"
    assert header.isascii()
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_reading_shows_the_filed_pdf_and_is_noted(signed_in: SignedIn, office: Office, filed: Record) -> None:
    visitor = signed_in("zhangsan")
    line = row_of(office, "BJ-2026-0001")
    response = visitor.get(f"/register/{line}/open")
    assert response.data == office.files.get(office.store.get("register", line)["pdf_sha"])  # type: ignore[index]
    assert response.headers["Content-Disposition"].startswith("inline;")
    assert audit.recent(office.store, "cun1", 1)[0].event == "paper_viewed"


def test_an_altered_file_is_not_served(signed_in: SignedIn, office: Office, filed: Record) -> None:
    line = row_of(office, "BJ-2026-0001")
    sha = office.store.get("register", line)["docx_sha"]  # type: ignore[index]
    path = next(office.settings.instance.rglob(f"*{sha[4:]}*"))
    path.chmod(0o600)
    path.write_bytes(b"altered")
    visitor = signed_in("zhangsan")
    assert visitor.get(f"/register/{line}/download/docx").status_code == 409
    assert "被改动过" in visitor.text()


def test_a_download_of_another_kind_is_not_found(signed_in: SignedIn, office: Office, filed: Record) -> None:
    line = row_of(office, "BJ-2026-0001")
    assert signed_in("zhangsan").get(f"/register/{line}/download/exe").status_code == 404


def test_voiding_needs_a_reason_the_password_and_the_permission(
    signed_in: SignedIn, office: Office, three: list[Record]
) -> None:
    path = f"/register/{row_of(office, 'BJ-2026-0002')}/void"
    clerk = signed_in("zhangsan")
    assert clerk.get(path).status_code == 403
    assert clerk.post(path, {"reason": "重复", "password": PASSWORD}).status_code == 403
    director = signed_in("zhaoliu")
    director.get(path)
    for reason, password in (("", PASSWORD), ("重复", ""), ("重复", "not-the-password")):
        assert director.post(path, {"reason": reason, "password": password}).status_code == 422
    assert director.post(path, {"reason": "重复登记。", "password": PASSWORD}).status_code == 200
    assert "BJ-2026-0002 已作废" in director.text()
    director.get("/register?state=voided")
    assert "重复登记" in director.text()
    director.get(f"/records/{three[1].id}")
    assert "作废，理由：重复登记。" in director.text()


def voided(office: Office, people: People, number: str) -> str:
    """Void this number; the id of its line."""
    line = row_of(office, number)
    voiding.void(office, people.chushisi, line, "登记重复，作废重办", PASSWORD, "192.0.2.1")
    return line


def words_of(pdf: bytes) -> list[str]:
    """The text of each page, without blanks."""
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_a_voided_paper_says_so_wherever_it_is_shown_and_what_was_filed_stays(
    signed_in: SignedIn, office: Office, people: People, filed: Record
) -> None:
    line = row_of(office, "BJ-2026-0001")
    visitor = signed_in("zhangsan")
    before = visitor.get(f"/register/{line}/open").data
    picture = visitor.get(f"/records/{filed.id}/paper/1.png").data
    voided(office, people, "BJ-2026-0001")
    visitor = signed_in("zhangsan")
    for way in ("open", "print", "download/pdf"):
        shown = visitor.get(f"/register/{line}/{way}?reason=装订案卷").data
        pages = words_of(shown)
        assert len(pages) == len(words_of(before))
        assert all("作废" in page and "不得使用" in page for page in pages), way
    name = unquote(
        visitor.get(f"/register/{line}/download/docx?reason=装订案卷").headers["Content-Disposition"]
    )
    assert "作废 BJ-2026-0001" in name
    assert visitor.get(f"/records/{filed.id}/paper/1.png").data != picture
    kept = office.store.get("register", line)
    assert kept is not None and office.files.get(kept["pdf_sha"]) == before
    visitor.get("/register")
    assert "已作废" in visitor.text()


def test_voiding_names_what_builds_on_the_number_before_it_is_confirmed_and_after(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = sign(people.lisi, sign(people.zhangsan, submit(people.zhangsan, "clue_registration")))
    later = submit(people.zhangsan, "clue_handover", clue=clue.id)
    path = f"/register/{row_of(office, 'DJ-XS-2026-0001')}/void"
    director = signed_in("chushisi")
    director.get(path)
    assert director.page.xpath(f"//a[@href='/records/{later.id}']")
    assert "引用了这个编号" in director.text() and "由它起算" in director.text()
    director.post(path, {"reason": "登记重复", "password": PASSWORD})
    assert "DJ-XS-2026-0001 已作废" in director.text()
    assert director.page.xpath(f"//main//a[@href='/records/{later.id}']")
    clerk = signed_in("zhangsan")
    clerk.get(f"/records/{later.id}")
    assert "这份材料引用的编号已经作废" in clerk.text()


def test_voiding_what_met_a_deadline_says_that_it_runs_again(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = sign(people.lisi, sign(people.zhangsan, submit(people.zhangsan, "clue_registration")))
    handover = sign(people.zhangsan, submit(people.zhangsan, "clue_handover", clue=clue.id))
    received = {"received_at": "2026-11-22T09:02", "received_copies": 1, "check_result": "齐全"}
    sign(people.wangwu, handover, **received)
    entry = register.of_record(office, people.chushisi, handover.id)
    assert entry is not None
    director = signed_in("chushisi")
    director.get(f"/register/{entry.id}/void")
    assert "由它了结，作废后重新计算" in director.text()
    director.post(f"/register/{entry.id}/void", {"reason": "移交有误", "password": PASSWORD})
    assert "由它了结，作废后重新计算" in director.text()


@pytest.mark.parametrize("reason", [".", "。。。", "123", "2026年", "aa", "啊啊啊啊", "　 ", "①②③", "ok"])
def test_a_reason_that_says_nothing_is_refused(
    signed_in: SignedIn, office: Office, people: People, filed: Record, reason: str
) -> None:
    line = row_of(office, "BJ-2026-0001")
    director = signed_in("chushisi")
    director.get(f"/register/{line}/void")
    answer = director.post(f"/register/{line}/void", {"reason": reason, "password": PASSWORD})
    assert answer.status_code == 422
    assert director.page.xpath("//*[@aria-describedby and @name='reason' and @aria-invalid]")
    with pytest.raises(Refused):
        voiding.void(office, people.chushisi, line, reason, PASSWORD, "192.0.2.1")


def test_voiding_is_not_for_whoever_finds_the_act_without_its_page(
    office: Office, people: People, filed: Record
) -> None:
    line = row_of(office, "BJ-2026-0001")
    for person in (people.zhangsan, people.lisi):
        with pytest.raises(NotAllowed):
            voiding.void(office, person, line, "登记重复", PASSWORD, "192.0.2.1")


def test_a_series_page_shows_every_number_with_voids_and_says_none_is_missing(
    signed_in: SignedIn, office: Office, three: list[Record]
) -> None:
    visitor = signed_in("zhaoliu")
    visitor.get("/series")
    (link,) = visitor.page.xpath("//main//a[starts-with(@href, '/series/')]/@href")
    visitor.get(link)
    assert numbers(visitor.page) == ["BJ-2026-0001", "BJ-2026-0002", "BJ-2026-0003"]
    assert "第 1 号到第 3 号连续，一个不缺" in visitor.text()
    with office.store.write():
        office.store.execute("UPDATE series SET counter = 5")
    visitor.get(link)
    assert "缺第 4、5 号" in visitor.text()


def test_a_clerk_sees_no_whole_series(signed_in: SignedIn, filed: Record) -> None:
    assert signed_in("zhangsan").get("/series/completion/2026").status_code == 403


def test_the_list_is_printed_through_our_own_sheet(
    signed_in: SignedIn, office: Office, filed: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheets: list[str] = []

    def stand_in(html: str) -> bytes:
        sheets.append(html)
        return b"%PDF-list"

    monkeypatch.setattr("andu.office.desk.lists.print_list", stand_in)
    response = signed_in("zhangsan").get("/register/list.pdf?text=BJ")
    assert response.data == b"%PDF-list"
    assert "BJ-2026-0001" in sheets[0]
    newest = audit.recent(office.store, "cun1", 1)[0]
    assert (newest.event, newest.data["rows"]) == ("list_printed", 1)


def test_a_list_that_cannot_be_printed_is_said_in_words(
    signed_in: SignedIn, filed: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    visitor = signed_in("zhangsan")
    assert visitor.get("/register/list.pdf").status_code == 409
    assert "浏览器的打印" in visitor.text()
