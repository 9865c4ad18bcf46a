"""Copies of internal papers: each print and download has a number and a person; the second, a reason."""

from __future__ import annotations

import io
import json

import pytest
from pypdf import PdfReader

from andu.clock import FixedClock
from andu.office import records
from andu.office.books import register
from andu.office.office import Office
from andu.office.records import Record
from tests.conftest import People
from tests.office.conftest import Sign, Submit
from tests.views.conftest import SignedIn


def line(office: Office, people: People, filed: Record) -> str:
    """The line of this paper in the register."""
    entry = register.of_record(office, people.zhangsan, filed.id)
    assert entry is not None
    return entry.id


def words(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_each_copy_says_which_it_is_whose_and_when_and_the_second_needs_a_reason(
    signed_in: SignedIn, office: Office, people: People, filed: Record
) -> None:
    one = line(office, people, filed)
    clerk, head = signed_in("zhangsan"), signed_in("lisi")
    first = clerk.get(f"/register/{one}/print")
    assert first.mimetype == "application/pdf"
    assert "第1份·打印·张三（示例一村）·2026年11月22日" in words(first.data)
    asked = head.get(f"/register/{one}/download/pdf")
    assert asked.status_code == 422 and "已经印出或下载过" in head.text()
    for poor in ("。", "同上"):
        assert head.get(f"/register/{one}/download/pdf?reason={poor}").status_code == 422
        assert head.page.xpath("//input[@id='reason'][@aria-invalid='true']/@value") == [poor]
    second = head.get(f"/register/{one}/download/pdf?reason=领导小组会上要用")
    assert "第2份·下载·李四（示例一村）" in words(second.data)
    third = head.get(f"/register/{one}/download/docx?reason=改错字核对")
    entry = register.entry(office, people.lisi, one)
    assert entry.docx_sha and third.data == office.files.get(entry.docx_sha), "a docx stays as it was filed"
    clerk.get(f"/records/{entry.record_id}")
    assert "第3份 · 下载 · 李四" in clerk.text() and "：领导小组会上要用" in clerk.text()
    told = [json.loads(row["data"]) for row in office.store.rows_where("audit", "event LIKE 'paper_%ed'")]
    assert [(one["copy"], one["reason"]) for one in told if "copy" in one] == [
        (1, ""), (2, "领导小组会上要用"), (3, "改错字核对"),
    ]  # fmt: skip


def test_looking_is_no_copy_and_what_is_filed_stays_as_it_is(
    signed_in: SignedIn, office: Office, people: People, filed: Record
) -> None:
    one = line(office, people, filed)
    clerk = signed_in("zhangsan")
    looks = [clerk.get(f"/register/{one}/open").data for _n in range(2)]
    entry = register.entry(office, people.zhangsan, one)
    assert entry.pdf_sha and looks == [office.files.get(entry.pdf_sha)] * 2
    assert "第1份" in words(clerk.get(f"/register/{one}/print").data)


def test_a_whole_case_counts_each_of_its_papers_once_and_its_files_stay_as_they_were_filed(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = sign(people.lisi, sign(people.zhangsan, submit(people.zhangsan, "clue_registration")))
    one, case = line(office, people, clue), clue.id
    clerk = signed_in("zhangsan")
    assert clerk.get(f"/cases/{case}/bundle.zip").mimetype == "application/zip"
    again = clerk.get(f"/register/print?paper={one}&both=1")
    assert again.status_code == 422
    (form,) = clerk.page.xpath("//form[@action='/register/print']")
    assert ("paper", one) in form.form_values() and ("both", "1") in form.form_values()
    printed = clerk.get(f"/register/print?paper={one}&both=1&reason=装订案卷")
    assert "第2份·打印·张三" in words(printed.data)


def test_an_official_document_is_made_to_be_given_out_and_is_not_counted(
    signed_in: SignedIn, office: Office, people: People, monkeypatch: pytest.MonkeyPatch, filed: Record
) -> None:
    one = line(office, people, filed)
    monkeypatch.setattr("andu.office.books.copies.INTERNAL", "notice")
    clerk = signed_in("zhangsan")
    for _n in range(2):
        assert "份" not in words(clerk.get(f"/register/{one}/print").data)


def test_a_month_says_who_looked_at_what_and_who_was_denied(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = sign(people.lisi, sign(people.zhangsan, submit(people.zhangsan, "clue_registration")))
    clerk, stranger = signed_in("zhangsan"), signed_in("zhengshier")
    for _n in range(2):
        clerk.get(f"/records/{clue.id}")
    clerk.get(f"/register/{line(office, people, clue)}/print")
    stranger.get(f"/records/{clue.id}")
    director = signed_in("zhaoliu")
    director.get("/audit")
    director.get(director.page.xpath("//a[text()='谁看过什么']/@href")[0])
    rows = [
        " ".join("".join(cell.itertext()).strip() for cell in row)
        for row in director.page.xpath("//tbody/tr")
    ]
    told = {" ".join(row.split()) for row in rows}
    assert {"DJ-XS-2026-0001 张三 2 1", "张三 2 1"} <= told
    (denied,) = [row for row in told if row.startswith("郑十二")]
    assert denied == "郑十二 1" and not any("郑十二" in row for row in told if row.startswith("DJ"))
    assert clue.title not in director.text(), "a case is named by its number alone"
    sheet = director.get("/audit/month.pdf?month=2026-11&view=browser")
    assert "2026-11 查阅情况" in sheet.text and "主任签字" in sheet.text
    director.get("/audit/month?month=2026-10")
    assert "没有人查看" in director.text()


def test_the_page_of_loans_says_which_is_out_and_late(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign, clock: FixedClock
) -> None:
    clue = sign(people.lisi, sign(people.zhangsan, submit(people.zhangsan, "clue_registration")))
    by = {"applicant": people.zhangsan.id, "approver": people.lisi.id, "keeper": people.zhaoliu.id}
    lent = submit(
        people.zhangsan, "custody_register", clue=clue.id, action="借阅", give_back_on="2026-11-24", **by
    )
    for name in ("zhangsan", "lisi", "zhaoliu"):
        lent = sign(people[name], records.find(office, lent.id))

    def told() -> str:
        director = signed_in("zhaoliu")
        director.get("/ledgers/custody")
        (row,) = director.page.xpath("//tbody/tr")
        return " ".join(row.text_content().split())

    assert "2026-11-24" in told() and "超期" not in told(), "out, and not late"
    clock.advance(3 * 24 * 3600)
    assert "是否超期" in told()
    (due,) = office.store.rows_where("deadline", "record_id = ?", [lent.id])
    clerk = signed_in("zhangsan")
    clerk.get(f"/deadlines/{due['id']}/done")
    clerk.post(f"/deadlines/{due['id']}/done", {"words": "原样归还，当面点清"})
    assert "2026-11-25" in told()
