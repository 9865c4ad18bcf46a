"""Signing on paper through the pages: print, photograph, hand in, read off, and the number at the end."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest

from andu.office import records
from andu.office.issue import filling
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import scans, signatures
from andu.papers import codes
from andu.settings import Settings
from tests import scanning
from tests.conftest import PASSWORD, People, nothing_wrong
from tests.office.conftest import Submit
from tests.scanning import page_with
from tests.views.conftest import SignedIn, blank_pdf
from tests.views.page import Visitor

SHEETS: list[bytes] = []
"""What was made into a PDF: the sheet's docx, whose QR code is on the paper."""


def watched_pdf(docx: bytes, asked_by: str | None = None) -> bytes:
    SHEETS.append(docx)
    return blank_pdf(docx)


@pytest.fixture
def office(settings: Settings) -> Iterator[Office]:
    office = Office.open(settings, watched_pdf, nothing_wrong)
    yield office
    office.store.close()


@pytest.fixture(autouse=True)
def look_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at scans in this process: that it is done in a child is told in ``tests/papers/test_codes.py``."""
    monkeypatch.setattr(codes.confined, "run", scanning.look_here(codes.confined.run))


@pytest.fixture
def report(people: People, submit: Submit) -> Record:
    """A completion report of 示例一村 that waits for 李四, then 赵六."""
    return submit(people.zhangsan, "completion_report")


def photograph_of_the_sheet(visitor: Visitor, record: Record) -> bytes:
    """Print the sheet from the record's page, and photograph it."""
    visitor.get(f"/records/{record.id}")
    (link,) = visitor.page.xpath("//main//a[text() = '打印签字页']/@href")
    assert visitor.get(link).mimetype == "application/pdf"
    page = page_with(scanning.qr_of(SHEETS[-1]))
    return scanning.jpeg(page, scanning.turned(-7), scanning.at_an_angle)


def hand_in(visitor: Visitor, record: Record, data: bytes = b"", **typed: str) -> int:
    path = f"/records/{record.id}/scans"
    if visitor.path != path:
        visitor.get(path)
    file = {"scan": (io.BytesIO(data), "照片.jpg")} if data else {}
    return visitor.post(path, {**visitor.filled(path), **typed, **file}).status_code


def read_off(visitor: Visitor, **typed: Any) -> int:
    """Fill in the form beside the scan and send it: ``first_who="李四"``."""
    (form,) = visitor.page.xpath("//main//form")
    sent = {name: value for name, value in form.form_values() if value is not None}
    for name, value in typed.items():
        slot, _line, part = name.rpartition("_")
        key = f"f_ink_{slot}-{part}" if part in ("who", "day", "opinion") else name
        if part == "who":
            value = visitor.page.xpath(f"//select[@name = '{key}']/option[contains(., '{value}')]/@value")[0]
        sent[key] = value
    return visitor.post(visitor.path, sent).status_code


GOOD = {"first_who": "李四", "first_day": "2026-11-22", "compared": "y", "password": PASSWORD}


def handed_in(visitor: Visitor, record: Record) -> None:
    assert hand_in(visitor, record, photograph_of_the_sheet(visitor, record)) == 200
    assert "已核对归档" in visitor.page.text_content()


def test_a_sheet_is_printed_signed_photographed_read_off_and_then_signed_on_the_screen(
    signed_in: SignedIn, office: Office, report: Record
) -> None:
    clerk = signed_in("zhangsan")
    handed_in(clerk, report)
    assert "它不是电子签名，也不证明是谁执的笔" in clerk.text()
    assert clerk.get(clerk.page.xpath("//main//img/@src")[0]).mimetype == "image/jpeg"
    assert read_off(clerk, **GOOD, first_opinion="属实，同意上报") == 200
    clerk.get(f"/records/{report.id}")
    assert "纸面签署，由张三核对录入" in clerk.text()
    assert "属实，同意上报" in clerk.text()
    head = signed_in("zhaoliu")
    head.get(f"/records/{report.id}/sign")
    path = f"/records/{report.id}/sign"
    head.post(path, {**head.filled(path), "password": PASSWORD})
    assert records.find(office, report.id).state == "filed"
    assert "BJ-2026-0001" in head.text()
    assert "签字页扫描件" in head.text()


def test_both_signatures_are_read_off_one_sheet_one_after_another(
    signed_in: SignedIn, office: Office, report: Record
) -> None:
    clerk = signed_in("zhangsan")
    handed_in(clerk, report)
    read_off(clerk, **GOOD)
    assert clerk.page.xpath("//legend/text()") == ["镇扫黑办主任"]
    again = {"second_who": "赵六", "second_day": "2026年11月22日", "compared": "y", "password": PASSWORD}
    assert read_off(clerk, **again) == 200
    assert records.find(office, report.id).state == "filed"


def test_a_second_click_enters_once(signed_in: SignedIn, office: Office, report: Record) -> None:
    clerk = signed_in("zhangsan")
    handed_in(clerk, report)
    (form,) = clerk.page.xpath("//main//form")
    names = dict(form.form_values())
    who = clerk.page.xpath("//option[contains(., '李四')]/@value")[0]
    sent = {**names, "f_ink_first-who": who, "f_ink_first-day": "2026-11-22", "compared": "y"}
    path = clerk.path
    for _click in range(2):
        assert clerk.post(path, {**sent, "password": PASSWORD}).status_code == 200
    assert len(signatures.given(office, report)) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"first_day": ""}, "请填写纸上的签字日期"),
        ({"first_day": "2026-02-30"}, "请填写纸上的签字日期"),
        ({"first_day": "2026-11-23"}, "不能晚于今天"),
        ({"first_day": "2026-11-01"}, "不能早于这一稿的提交日期"),
        ({"compared": ""}, "请先对照，再勾选"),
        ({"password": "not-the-password"}, "密码不正确"),
        ({"first_who": "纸上这一处没有签"}, "请至少选一处的签字人"),
        ({"first_opinion": "同" * 501}, "意见最多 500 字"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    signed_in: SignedIn, office: Office, report: Record, changes: dict[str, str], words: str
) -> None:
    clerk = signed_in("zhangsan")
    handed_in(clerk, report)
    typed = {**GOOD, "first_opinion": "属实", **changes}
    typed = {key: value for key, value in typed.items() if key != "compared" or value}
    assert read_off(clerk, **typed) == 422
    assert words in "".join(one.text_content() for one in clerk.page.xpath("//*[@class = 'wrong']"))
    assert clerk.page.xpath("string(//textarea)").strip() == typed["first_opinion"]
    assert clerk.page.xpath("//input[@name = 'f_ink_first-day']/@value") == [typed["first_day"]]
    assert signatures.given(office, report) == []


def test_the_signers_own_signature_is_entered_by_somebody_else(
    signed_in: SignedIn, office: Office, report: Record
) -> None:
    head = signed_in("lisi")
    handed_in(head, report)
    assert read_off(head, **GOOD) == 422
    assert "不能由您核对自己的签字" in head.text()


def test_an_unreadable_page_asks_for_the_code_and_keeps_the_file(
    signed_in: SignedIn, office: Office, report: Record
) -> None:
    clerk = signed_in("zhangsan")
    assert hand_in(clerk, report, scanning.jpeg(page_with())) == 422
    assert "没有读出二维码" in clerk.text()
    assert hand_in(clerk, report, code="12345") == 422
    assert clerk.page.xpath("//input[@name = 'code']/@value") == ["12345"]
    assert hand_in(clerk, report, code=filling.matter_of(office, report).check_code) == 200
    (scan,) = scans.of_record(office, report.id)
    assert scan.read_by == "person"
    assert "人工照纸输入" in clerk.text()


def test_what_was_held_is_for_who_uploaded_it_alone(
    signed_in: SignedIn, office: Office, report: Record
) -> None:
    clerk, head = signed_in("zhangsan"), signed_in("lisi")
    hand_in(clerk, report, scanning.jpeg(page_with()))
    held = clerk.page.xpath("//input[@name = 'held']/@value")[0]
    code = filling.matter_of(office, report).check_code
    for word in (held, "../andu.db", ""):
        assert hand_in(head, report, held=word, code=code) == 422
        assert "请选择签字页的照片" in head.text()
    assert scans.of_record(office, report.id) == []


def test_the_wrong_page_is_refused_beside_the_file(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, report: Record
) -> None:
    other = submit(people.zhangsan, "completion_report")
    clerk = signed_in("zhangsan")
    sheet = photograph_of_the_sheet(clerk, other)
    assert hand_in(clerk, report, sheet) == 422
    assert "签字页与定稿不一致" in clerk.page.xpath("string(//*[@id = 'scan-wrong'])")
    assert hand_in(clerk, report, b"<html>") == 422
    assert scans.of_record(office, report.id) == []


def test_a_returned_record_says_why_it_takes_no_scan(
    signed_in: SignedIn, office: Office, people: People, report: Record
) -> None:
    signatures.decline(office, people.lisi, report.id, 1, "缺群众反馈", PASSWORD, "10.0.0.1")
    clerk = signed_in("zhangsan")
    clerk.get(f"/records/{report.id}")
    assert "打印签字页" not in clerk.text()
    clerk.get(f"/records/{report.id}/scans")
    assert "原来的签字页不再有效" in clerk.text()
    assert not clerk.page.xpath("//main//input[@type = 'file']")


def test_the_sealed_paper_is_filed_beside_the_numbered_one(
    signed_in: SignedIn, office: Office, filed: Record
) -> None:
    clerk = signed_in("zhangsan")
    clerk.get(f"/records/{filed.id}")
    (link,) = clerk.page.xpath("//main//a[text() = '上传已签章扫描件']/@href")
    clerk.get(link)
    data = scanning.pdf(page_with(), page_with())
    assert hand_in(clerk, filed, data, code="BJ-2026-0001") == 200
    assert "已签章文书的扫描件" in clerk.page.findtext(".//h1")
    assert not clerk.page.xpath("//main//form")
    (file,) = clerk.page.xpath("//main//a[text() = '下载原件']/@href")
    answer = clerk.get(file)
    assert (answer.data, answer.mimetype) == (data, "application/pdf")
    assert "attachment" in answer.headers["Content-Disposition"]
