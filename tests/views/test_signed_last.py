"""Whoever signs last is answered at once; the number follows, or those who can mend it are told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from andu.clock import FixedClock
from andu.office import records
from andu.office.errors import Refused
from andu.office.issue import filling, issuing, soon
from andu.office.office import Office
from andu.office.records import Record
from andu.settings import Settings
from tests.conftest import PASSWORD, People, nothing_wrong
from tests.office.conftest import Sign, Submit
from tests.store.leases import pass_time
from tests.views.conftest import SignedIn, blank_pdf
from tests.views.page import Visitor


class Press:
    """A LibreOffice that prints nothing until it is let."""

    def __init__(self) -> None:
        self.may_print = threading.Event()
        self.may_print.set()

    def __call__(self, docx: bytes, asked_by: str | None = None) -> bytes:
        assert self.may_print.wait(20)
        return blank_pdf(docx)


@pytest.fixture
def press() -> Press:
    return Press()


@pytest.fixture
def office(settings: Settings, press: Press) -> Iterator[Office]:
    office = Office.open(settings, press, nothing_wrong)
    yield office
    office.store.close()


@pytest.fixture
def at_work(office: Office, press: Press) -> Iterator[threading.Thread]:
    """The thread of a service."""
    stop = threading.Event()

    def work() -> None:
        soon.work(lambda: office, stop)
        office.store.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert soon._is_at_work.wait(5)
    yield thread
    press.may_print.set()
    stop.set()
    thread.join(20)


def _sign(visitor: Visitor, record: Record, **more: str) -> None:
    visitor.get(f"/records/{record.id}/sign")
    posted = {"slot": "head", "version": "1", "opinion": "同意", "password": PASSWORD, **more}
    visitor.post(f"/records/{record.id}/sign", posted)


def _until_filed(office: Office, record: Record) -> None:
    for _try in range(200):
        if records.find(office, record.id).state == "filed":
            return
        threading.Event().wait(0.05)
    raise AssertionError(records.find(office, record.id).state)


def test_the_last_signature_does_not_wait_for_its_paper(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign, press: Press,
    at_work: threading.Thread, clock: FixedClock,
) -> None:  # fmt: skip
    two = [sign(people.zhangsan, submit(people.zhangsan, "clue_registration")) for _one in range(2)]
    visitor = signed_in("lisi")
    press.may_print.clear()
    for record in two:
        _sign(visitor, record)
        answer = visitor.get(f"/records/{record.id}")
        assert "正在取号、生成文书" in visitor.text() and "为什么还没有编号" not in visitor.text()
        assert answer.headers["Refresh"] == "3"
    visitor.get("/")
    assert "签齐了没有取上号" not in visitor.text()
    press.may_print.set()
    for record in two:
        _until_filed(office, record)
    answer = visitor.get(f"/records/{two[1].id}")
    assert "已归档，编号 DJ-XS-2026-0002" in visitor.text() and "Refresh" not in answer.headers
    # a thread that never comes to it loses nothing: whoever recovers gives the number
    press.may_print.clear()
    third = sign(people.zhangsan, submit_ready(press, submit, people))
    press.may_print.clear()
    _sign(signed_in("lisi"), third)
    clock.advance(timedelta(minutes=3).total_seconds())
    visitor = signed_in("zhangsan")
    assert "Refresh" not in visitor.get(f"/records/{third.id}").headers
    visitor.get("/")
    assert "签齐了没有取上号" in visitor.text() and "系统会自动重试" in visitor.text()
    press.may_print.set()
    pass_time(office.store)
    issuing.recover(office)
    _until_filed(office, third)


def submit_ready(press: Press, submit: Submit, people: People) -> Record:
    """Handed in while the press works."""
    press.may_print.set()
    return submit(people.zhangsan, "clue_registration")


def test_what_refuses_a_number_reaches_those_who_can_mend_it(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    record = sign(people.zhangsan, submit(people.zhangsan, "clue_registration"))

    def refuse(*_what: object) -> None:
        raise Refused("“主要问题”印不全。")

    monkeypatch.setattr(filling, "try_out", refuse)
    visitor = signed_in("lisi")
    _sign(visitor, record)
    answer = visitor.get(f"/records/{record.id}")
    assert "“主要问题”印不全" in visitor.text() and "Refresh" not in answer.headers
    assert office.store.count("register", "1=1") == 0
    for who, is_told in (("zhangsan", True), ("zhaoliu", True), ("zhengshier", False), ("heshi", False)):
        visitor = signed_in(who)
        assert ("签齐了没有取上号" in visitor.text() and "印不全" in visitor.text()) is is_told, who
