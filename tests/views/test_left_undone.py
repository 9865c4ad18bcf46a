"""What failed again and again needs a person: the admin is told, and has it tried again by a click."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from click.testing import CliRunner

from andu import cli
from andu.office import records, timer
from andu.office.books import ledger_keeping
from andu.office.issue import issuing
from andu.office.office import Office
from andu.papers.pdf import PdfFault
from andu.settings import Settings
from andu.store import work
from tests.conftest import People, stand_in_pdf
from tests.office.conftest import Sign, Submit
from tests.store.leases import pass_time
from tests.views.conftest import SignedIn


def test_a_paper_that_never_succeeds_is_told_and_tried_again_by_a_click(
    office: Office,
    people: People,
    submit: Submit,
    sign: Sign,
    signed_in: SignedIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries = iter(range(100))

    def breaks(docx: bytes, asked_by: str | None = None) -> bytes:
        if next(tries) == 0:  # the trial before the number
            return stand_in_pdf(docx)
        raise PdfFault("LibreOffice 不在")

    broken = dataclasses.replace(office, to_pdf=breaks)
    record = sign(people.lisi, submit(people.zhangsan, "completion_report"))
    with office.store.write():
        office.store.bind()
        office.store.update("record", record.id, {"state": "complete"})
        issuing.waits(office, record.id)
    issuing.issue(broken, record.id)
    for _each in range(work.TRIES):
        pass_time(office.store)
        issuing.recover(broken)
    assert records.find(office, record.id).state == "numbered"
    tried = next(tries)
    pass_time(office.store)
    issuing.recover(broken)
    assert next(tries) == tried + 1, "nobody tries it any more"

    admin = signed_in("wujiu")
    admin.get("/")
    assert "文书归档 BJ-2026-0001（LibreOffice 不在）" in admin.text()
    monkeypatch.setattr(Settings, "from_environment", lambda: office.settings)
    told = CliRunner().invoke(cli.main, ["doctor"])
    assert told.exit_code == 1 and "停下来等人处理的有 1 件：文书归档 BJ-2026-0001" in told.output
    admin.get("/deployment")
    admin.post("/deployment/again")
    assert "1 件会再试" in admin.text() and "再试一次" not in admin.text()
    assert issuing.recover(office) == 1
    assert office.store.count("audit", "event = 'work_tried_again'") == 1
    admin.post("/deployment/again")
    assert "没有停下来的事" in admin.text()


def test_a_step_that_fails_keeps_no_other_waiting_and_needs_a_person_at_last(
    office: Office, people: People, submit: Submit, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with office.store.write():
        office.store.execute("UPDATE ledger SET hash = 'of before'")

    def fails(*_given: Any) -> None:
        raise RuntimeError("no such column")

    with monkeypatch.context() as patch:
        patch.setattr(ledger_keeping, "_build", fails)
        for _each in range(work.TRIES):
            timer.once(office)
            timer.once(office)  # not before its time
            pass_time(office.store)
        assert office.store.rows_where("work", "kind = 'chore'")[0]["attempts"] == work.TRIES
    timer.once(office)
    admin = signed_in("wujiu")
    admin.get("/deployment")
    assert "重建台账（no such column）" in admin.text()
    admin.post("/deployment/again")
    timer.once(office)
    assert office.store.count("work") == 0 and office.store.count("ledger", "hash = 'of before'") == 0


def test_a_timer_with_nothing_to_do_writes_nothing(
    office: Office, people: People, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(people.zhangsan, "completion_report")
    for _each in range(3):  # until everything is as it is to be
        timer.once(office)
    monkeypatch.setattr(type(office.store), "write", lambda _store: pytest.fail("write"))
    monkeypatch.setattr(type(office.store), "leasing", lambda _store: pytest.fail("lease"))
    timer.once(office)
