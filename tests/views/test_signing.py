"""The queue, and the page where the paper lies beside the act."""

from __future__ import annotations

from typing import Any

import pytest

from andu.clock import FixedClock
from andu.office import records
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import signatures
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit
from tests.views.conftest import SignedIn
from tests.views.page import Visitor


@pytest.fixture
def report(people: People, submit: Submit) -> Record:
    """A completion report of 示例一村 that waits for its first signature."""
    return submit(people.zhangsan, "completion_report")


def give(visitor: Visitor, record: Record, act: str = "sign", **typed: Any) -> int:
    """Open the page, type, sign (or ``decline``); the status of the answer."""
    visitor.get(f"/records/{record.id}/sign")
    path = f"/records/{record.id}/{act}"
    return visitor.post(path, {**visitor.filled(path), **typed}).status_code


def test_what_waits_stands_in_the_queue_on_the_desk_and_in_the_menu(
    signed_in: SignedIn, report: Record
) -> None:
    visitor = signed_in("lisi")
    assert visitor.page.xpath("//nav//*[@class='count']")[0].text == "1"
    assert visitor.page.xpath(f"//a[@href='/records/{report.id}/sign']")
    visitor.get("/queue")
    assert visitor.page.xpath(f"//a[@href='/records/{report.id}/sign']")
    assert not signed_in("chenshisan").page.xpath(f"//a[@href='/records/{report.id}/sign']")


def test_the_page_shows_the_paper_and_says_what_the_signature_is_not(
    signed_in: SignedIn, report: Record
) -> None:
    visitor = signed_in("lisi")
    visitor.get(f"/records/{report.id}/sign")
    text = visitor.text()
    assert "不是《电子签名法》所说的可靠电子签名" in text
    assert "李四（示例一村 · 村党总支书记）" in text
    assert "2026年11月22日" in text
    (paper,) = visitor.page.xpath("//main//a[text() = '看全部纸面']/@href")
    visitor.get(paper)
    (picture,) = visitor.page.xpath("//main//img/@src")
    assert visitor.get(picture).data.startswith(b"\x89PNG")
    visitor.get(f"/records/{report.id}/sign")
    assert visitor.page.xpath("//main//img/@src") == [picture]


def test_a_signature_needs_the_password_and_keeps_the_opinion(
    signed_in: SignedIn, office: Office, report: Record
) -> None:
    visitor = signed_in("lisi")
    for password in ("", "not-the-password"):
        assert give(visitor, report, opinion="属实，同意上报", password=password) == 422
        assert visitor.filled(f"/records/{report.id}/sign")["opinion"] == ["属实，同意上报"]
    assert signatures.given(office, report) == []
    assert give(visitor, report, opinion="属实，同意上报", password=PASSWORD) == 200
    assert visitor.path == f"/records/{report.id}"
    (signature,) = signatures.given(office, report)
    assert (signature.name, signature.opinion) == ("李四", "属实，同意上报")


def test_the_opinion_begins_with_agreement(signed_in: SignedIn, report: Record) -> None:
    visitor = signed_in("lisi")
    visitor.get(f"/records/{report.id}/sign")
    assert visitor.filled(f"/records/{report.id}/sign")["opinion"] != [""]


def test_a_second_click_signs_once(signed_in: SignedIn, office: Office, report: Record) -> None:
    visitor = signed_in("lisi")
    path = f"/records/{report.id}/sign"
    visitor.get(path)
    sent = {**visitor.filled(path), "password": PASSWORD}
    visitor.post(path, sent)
    assert visitor.post(path, sent).status_code == 200
    assert len(signatures.given(office, report)) == 1


def test_the_last_signature_gives_the_number(
    signed_in: SignedIn, people: People, report: Record, sign: Sign
) -> None:
    sign(people.lisi, report)
    visitor = signed_in("zhaoliu")
    give(visitor, report, password=PASSWORD)
    assert "BJ-2026-0001" in visitor.text()


def test_the_same_person_is_refused_as_second_and_told_why(
    signed_in: SignedIn, people: People, submit: Submit, sign: Sign
) -> None:
    record = submit(people.wangwu, "completion_report")
    sign(people.zhaoliu, record)
    visitor = signed_in("zhaoliu")
    visitor.get(f"/records/{record.id}/sign")
    assert visitor.path == f"/records/{record.id}"
    assert "由不同的人" in visitor.text()
    sent = {"version": "1", "slot": "second", "opinion": "同意", "password": PASSWORD}
    assert visitor.post(f"/records/{record.id}/sign", sent).status_code == 403
    assert "由不同的人" in visitor.text()


def test_somebody_whose_turn_it_is_not_is_told_why(signed_in: SignedIn, report: Record) -> None:
    visitor = signed_in("zhaoliu")
    visitor.get(f"/records/{report.id}/sign")
    assert visitor.path == f"/records/{report.id}"
    assert visitor.page.xpath("//*[@role='status']")


def test_declining_needs_a_reason_and_the_author_reads_it(
    signed_in: SignedIn, office: Office, report: Record
) -> None:
    visitor = signed_in("lisi")
    declined = {"decline-password": PASSWORD}
    assert give(visitor, report, "decline", **declined) == 422
    declined["decline-reason"] = "处理结果没有写文号"
    assert give(visitor, report, "decline", **declined) == 200
    assert records.find(office, report.id).state == "returned"
    author = signed_in("zhangsan")
    assert author.page.xpath(f"//section[.//h2[@id='returned']]//a[@href='/records/{report.id}']")
    author.get(f"/records/{report.id}")
    assert "处理结果没有写文号" in author.text()


def test_a_page_of_an_earlier_version_signs_nothing(
    signed_in: SignedIn, office: Office, people: People, report: Record, submit: Submit
) -> None:
    visitor = signed_in("lisi")
    visitor.get(f"/records/{report.id}/sign")
    path = f"/records/{report.id}/sign"
    sent = {**visitor.filled(path), "version": "7", "password": PASSWORD}
    assert visitor.post(path, sent).status_code == 409
    assert signatures.given(office, report) == []


@pytest.mark.parametrize("version", ["", "x", "１", "-1", "1.0"])
def test_a_version_that_is_no_number_is_refused(signed_in: SignedIn, report: Record, version: str) -> None:
    assert give(signed_in("lisi"), report, version=version, password=PASSWORD) == 409


def test_the_receiver_fills_in_the_count_while_signing(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = sign(people.zhangsan, submit(people.zhangsan, "clue_handover", receiver_unit="shb"))
    visitor = signed_in("wangwu")
    typed = {"f_received_at": "2026-11-22 09:00", "f_check_result": "齐全", "password": PASSWORD}
    assert give(visitor, record, f_received_copies="999", **typed) == 422
    assert visitor.filled(f"/records/{record.id}/sign")["f_received_copies"] == ["999"]
    assert visitor.page.xpath("//*[@data-summary]//a[starts-with(@href, '#f_')]")
    copies = sum(row["copies"] for row in record.values["items"])
    assert give(visitor, record, f_received_copies=str(copies), **typed) == 200
    assert records.find(office, record.id).state == "filed"
    assert "实收份数" in visitor.text()


# --- one paper after another ----------------------------------------------------------------------


@pytest.fixture
def reports(people: People, submit: Submit, clock: FixedClock) -> list[Record]:
    """Three completion reports that wait for 李四, the longest waiting first."""
    found = []
    for _each in range(3):
        found.append(submit(people.zhangsan, "completion_report"))
        clock.advance(60)
    return found


def sign_on(visitor: Visitor, record: Record) -> None:
    """Sign and ask for the next."""
    path = f"/records/{record.id}/sign"
    visitor.post(path, {**visitor.filled(path), "password": PASSWORD, "then": "next"})


def test_after_a_signature_the_next_paper_opens_and_the_rest_is_counted(
    signed_in: SignedIn, office: Office, reports: list[Record]
) -> None:
    first, second, third = reports
    visitor = signed_in("lisi")
    visitor.get(f"/records/{second.id}/sign")
    assert "还有 2 件待签" in visitor.text()
    sign_on(visitor, second)
    assert visitor.path == f"/records/{third.id}/sign"
    assert f"已签《{second.title}》，还有 2 件。" in visitor.text()
    sign_on(visitor, third)
    assert visitor.path == f"/records/{first.id}/sign"
    sign_on(visitor, first)
    assert visitor.path == "/queue"
    assert "待签的都签完了" in visitor.text()
    assert all(len(signatures.given(office, one)) == 1 for one in reports)


def test_the_next_paper_is_the_first_thing_to_do_and_not_offered_when_there_is_none(
    signed_in: SignedIn, reports: list[Record]
) -> None:
    visitor = signed_in("lisi")
    for place, record in enumerate(reports):
        visitor.get(path := f"/records/{record.id}/sign")
        buttons = visitor.page.xpath(f"//form[@action='{path}']//button/text()")
        assert buttons == (["签字并看下一件", "签字"] if place < 2 else ["签字"])
        visitor.post(path, {**visitor.filled(path), "password": PASSWORD})


def test_a_wrong_password_does_not_go_on(signed_in: SignedIn, office: Office, reports: list[Record]) -> None:
    visitor = signed_in("lisi")
    assert give(visitor, reports[0], password="not-the-password", then="next") == 422
    assert not any(signatures.given(office, one) for one in reports)


def test_each_paper_asks_for_the_password_again(
    signed_in: SignedIn, office: Office, reports: list[Record]
) -> None:
    visitor = signed_in("lisi")
    visitor.get(f"/records/{reports[0].id}/sign")
    sign_on(visitor, reports[0])
    path = f"/records/{reports[1].id}/sign"
    assert visitor.page.xpath("//input[@id='password']/@value") in ([], [""])
    assert visitor.post(path, {**visitor.filled(path), "then": "next"}).status_code == 422
    assert signatures.given(office, reports[1]) == []


def test_a_paper_sent_back_meanwhile_is_not_signed_and_says_why(
    signed_in: SignedIn, office: Office, report: Record
) -> None:
    visitor = signed_in("lisi")
    path = f"/records/{report.id}/sign"
    visitor.get(path)
    sent = {**visitor.filled(path), "password": PASSWORD}
    give(visitor, report, "decline", **{"decline-reason": "缺附件", "decline-password": PASSWORD})
    assert visitor.post(path, sent).status_code == 403
    assert "已经退回修改，现在不能签" in visitor.text()
    visitor.get(path)
    assert "已经退回修改，现在不能签" in visitor.text()
    assert signatures.given(office, report) == []
