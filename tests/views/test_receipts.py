"""签收: what is signed once a paper has its number, as the people of the office meet it on their screens."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from andu.clock import FixedClock
from andu.office import records
from andu.office.books import register
from andu.office.desk import reconcile
from andu.office.issue import voiding
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import signatures
from andu.office.turns import deputies
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit
from tests.views.conftest import SignedIn
from tests.views.page import Visitor

WAITING = "等待“承办单位签收人”签收"


@pytest.fixture
def slip(people: People, submit: Submit) -> Record:
    """A 督办单 of 镇扫黑办 for 示例一村, not issued yet."""
    return submit(people.wangwu, "supervision", handling_unit="cun1")


@pytest.fixture
def issued(people: People, slip: Record, sign: Sign) -> Record:
    """The same, issued by its director alone."""
    return sign(people.zhaoliu, slip)


def receive(visitor: Visitor, record: Record, **typed: Any) -> int:
    """Open the page and press 签收; the status of the answer."""
    path = f"/records/{record.id}/sign"
    visitor.get(path)
    return visitor.post(path, {**visitor.filled(path), "password": PASSWORD, **typed}).status_code


def test_the_number_does_not_wait_for_the_receipt(
    signed_in: SignedIn, office: Office, people: People, slip: Record, sign: Sign
) -> None:
    visitor = signed_in("lisi")
    assert not visitor.page.xpath(f"//a[@href='/records/{slip.id}/sign']"), "nothing to receive yet"
    assert visitor.get(f"/records/{slip.id}/sign").status_code == 404, "it is not issued yet"
    record = sign(people.zhaoliu, slip)
    assert record.state == "filed"
    visitor = signed_in("wangwu")
    visitor.get(f"/records/{slip.id}")
    assert "编号 DB-2026-0001。" + WAITING in visitor.text()
    assert "下一步：李四（示例一村）" in visitor.text()
    assert not visitor.page.xpath(f"//form[@action='/records/{slip.id}/revise']")


def test_the_head_of_the_receiving_unit_finds_it_and_receives_it(
    signed_in: SignedIn, office: Office, issued: Record, clock: FixedClock
) -> None:
    before = register.of_record(office, records.author(office, issued.author_id), issued.id)
    visitor = signed_in("lisi")
    (line,) = visitor.page.xpath(
        f"//section[.//h2[@id='waiting']]//li[.//a[@href='/records/{issued.id}/sign']]"
    )
    assert "去签收" in line.text_content()
    visitor.get("/queue")
    assert WAITING in visitor.text()
    visitor.get(f"/records/{issued.id}/sign")
    assert "DB-2026-0001" in visitor.text()
    assert not visitor.page.xpath("//form[contains(@action, 'decline')]")
    (opened,) = visitor.page.xpath("//a[text() = '打开 PDF']/@href")
    assert visitor.get(opened).mimetype == "application/pdf"
    clock.advance(600)
    assert receive(visitor, issued) == 200
    assert "您已签收。已归档，编号 DB-2026-0001。" in visitor.text()
    assert WAITING not in visitor.text()
    assert "李四 在“承办单位签收人”处签收，意见：收到，按时限办理" in visitor.text()
    visitor.get("/")
    assert not visitor.page.xpath(f"//a[@href='/records/{issued.id}/sign']")
    done = records.find(office, issued.id)
    assert (done.state, [one.slot for one in signatures.given(office, done)]) == (
        "filed",
        ["issue", "receiver"],
    )
    assert register.of_record(office, records.author(office, issued.author_id), issued.id) == before
    assert office.store.count("audit", "event = 'record_signed'") == 2
    assert reconcile.check(office) == []


def test_nobody_but_the_receiving_unit_receives_it_and_once_is_enough(
    signed_in: SignedIn, office: Office, people: People, issued: Record
) -> None:
    sent = {"version": "1", "slot": "receiver", "opinion": "收到", "password": PASSWORD}
    assert signed_in("chenshisan").post(f"/records/{issued.id}/sign", sent).status_code == 404
    visitor = signed_in("fenger")
    assert visitor.get(f"/records/{issued.id}/sign").status_code == 404
    for somebody in ("zhangsan", "chushisi"):
        visitor = signed_in(somebody)
        assert visitor.post(f"/records/{issued.id}/sign", sent).status_code == 403
        assert "现在等待“承办单位签收人”签收，须由单位负责人办理，您不在其中" in visitor.text()
    visitor = signed_in("lisi")
    assert receive(visitor, issued) == 200
    visitor.post(f"/records/{issued.id}/sign", sent)
    assert len(signatures.given(office, records.find(office, issued.id))) == 2
    visitor.get(f"/records/{issued.id}/sign")
    assert visitor.path == f"/records/{issued.id}"
    assert "这份材料已经签收，不用再签" in visitor.text()
    assert signed_in("zhangsan").post(f"/records/{issued.id}/sign", sent).status_code == 403


def test_who_issued_it_does_not_receive_it(
    signed_in: SignedIn, people: People, submit: Submit, sign: Sign
) -> None:
    record = sign(people.zhaoliu, submit(people.wangwu, "supervision", handling_unit="shb"))
    visitor = signed_in("zhaoliu")
    assert not visitor.page.xpath(f"//a[@href='/records/{record.id}/sign']")
    visitor.get(f"/records/{record.id}/sign")
    assert "您已在“签发人”处签字；这些签字须由不同的人完成" in visitor.text()


def test_what_has_its_number_is_not_sent_back(
    signed_in: SignedIn, office: Office, people: People, issued: Record
) -> None:
    sent = {"decline-version": "1", "decline-reason": "不归我们", "decline-password": PASSWORD}
    visitor = signed_in("lisi")
    assert visitor.post(f"/records/{issued.id}/decline", sent).status_code == 409
    assert "签收时不能退回" in visitor.text()
    assert records.find(office, issued.id).state == "filed"


def test_a_voided_paper_takes_no_receipt(
    signed_in: SignedIn, office: Office, people: People, issued: Record
) -> None:
    entry = register.of_record(office, people.zhaoliu, issued.id)
    assert entry is not None
    voiding.void(office, people.zhaoliu, entry.id, "开错了", PASSWORD, "10.0.0.1")
    visitor = signed_in("lisi")
    assert not visitor.page.xpath(f"//a[@href='/records/{issued.id}/sign']")
    sent = {"version": "1", "slot": "receiver", "opinion": "收到", "password": PASSWORD}
    assert visitor.post(f"/records/{issued.id}/sign", sent).status_code == 403
    assert "编号已经作废，不能再签字或者签收" in visitor.text()
    assert not records.find(office, issued.id).awaits_receipt
    assert len(signatures.given(office, records.find(office, issued.id))) == 1


def test_a_deputy_receives_for_the_head(
    signed_in: SignedIn, office: Office, people: People, issued: Record
) -> None:
    day = date(2026, 11, 22)
    deputies.appoint(
        office, people.lisi, people.lisi.id, people.zhangsan.id, day, day, "外出学习", PASSWORD, "10.0.0.1"
    )
    visitor = signed_in("zhangsan")
    assert receive(visitor, issued) == 200
    assert "张三（代李四） 在“承办单位签收人”处签收" in visitor.text()


def test_a_talk_notice_is_received_by_whoever_is_talked_to(
    signed_in: SignedIn, people: People, submit: Submit, sign: Sign
) -> None:
    chosen = {"talked_unit": "cun1", "talked_person": people.lisi.id}
    talkers = {"talker1": people.zhouba.id, "talker2": people.wangwu.id}
    record = sign(people.zhaoliu, submit(people.wangwu, "talk_notice", **chosen, **talkers))
    assert record.state == "filed"
    assert receive(signed_in("lisi"), record) == 200


def test_the_case_says_beside_the_number_who_has_not_received_it(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = submit(people.wangwu, "clue_registration")
    clue = sign(people.zhaoliu, sign(people.wangwu, clue))
    record = submit(people.wangwu, "assignment", clue=clue.id, handling_unit="cun1", contact=people.wangwu.id)
    sign(people.zhaoliu, record)
    visitor = signed_in("wangwu")
    visitor.get(f"/cases/{clue.id}")
    (cell,) = visitor.page.xpath("//td[contains(., 'JB-2026-0001')]")
    assert "等待“承办单位签收”签收" in cell.text_content()
    receive(signed_in("lisi"), record)
    visitor.get(f"/cases/{clue.id}")
    assert "等待“承办单位签收”签收" not in visitor.text()
    assert "李四 在“承办单位签收”处签收" in visitor.text()


def test_each_unit_is_offered_the_next_steps_that_are_its_own(signed_in: SignedIn, issued: Record) -> None:
    receiver, office_clerk = signed_in("zhangsan"), signed_in("wangwu")
    receiver.get(f"/records/{issued.id}")
    office_clerk.get(f"/records/{issued.id}")
    assert "接着办：整改（督办）回复" in receiver.text()
    assert "接着办：催办单" not in receiver.text()
    assert "接着办：催办单" in office_clerk.text()
    assert "接着办：整改（督办）回复" not in office_clerk.text()
