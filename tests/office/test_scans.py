"""Signing on paper: the sheet, the scan that must be of this very version, and the signatures read off it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from andu.clock import FixedClock
from andu.office import records
from andu.office.books import register
from andu.office.desk import reconcile, showing, standing
from andu.office.errors import NotAllowed, NotFound, Refused
from andu.office.issue import filling, issuing, snapshot, voiding
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import ink, queues, scans, signature_sheet, signatures
from andu.office.signing.check_codes import CODE, FILE, ScanRefused
from andu.office.signing.ink import Ink, InkFaults
from andu.office.signing.scans import Scan
from andu.office.turns import deputies
from andu.office.writing import revising, submitting
from andu.papers import codes
from andu.security import accounts
from andu.security.accounts import Account
from andu.security.signin import SignInRefused
from tests import scanning
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit
from tests.papers.making import text_of
from tests.scanning import page_with

TODAY = date(2026, 11, 22)
AT = "10.0.0.1"


@pytest.fixture(autouse=True)
def look_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at scans in this process: that it is done in a child is told in ``tests/papers/test_codes.py``."""
    monkeypatch.setattr(codes.confined, "run", scanning.look_here(codes.confined.run))


@pytest.fixture
def report(people: People, submit: Submit) -> Record:
    """A completion report of 示例一村 that waits for 李四, then 赵六."""
    return submit(people.zhangsan, "completion_report")


def code_of(office: Office, record: Record) -> str:
    return filling.matter_of(office, record).check_code


def photograph(office: Office, record: Record) -> bytes:
    return scanning.jpeg(page_with(code_of(office, record)), scanning.turned(5))


@pytest.fixture
def scan(office: Office, people: People, report: Record) -> Scan:
    """The sheet of the report, filed by 张三."""
    return scans.file(office, people.zhangsan, report.id, photograph(office, report))


def by(person: Account, slot: str, day: date = TODAY, opinion: str = "同意", **answers: Any) -> Ink:
    return Ink(slot, f"{person.id}:", opinion, day, {f"f_{key}": [said] for key, said in answers.items()})


def enter(office: Office, actor: Account, scan: Scan, *inks: Ink, password: str = PASSWORD) -> Record:
    return ink.enter(office, actor, scan.record_id, scan.id, inks, password, AT)


def revised(office: Office, people: People, record: Record) -> Record:
    draft = revising.revise(office, people.zhangsan, record.id)
    raw = draft.raw | {"f_outcome": ["改过的处理结果"]}
    return submitting.submit(office, people.zhangsan, draft.id, raw, draft.revision)


def noted(office: Office, event: str) -> list[dict[str, Any]]:
    return [json.loads(row["data"]) for row in office.store.rows_where("audit", "event = ?", [event])]


# --- the sheet ------------------------------------------------------------------------------------


@pytest.fixture
def printed(office: Office) -> Callable[[Account, Record], bytes]:
    """``printed(actor, record)``: the docx of the sheet that was made into a PDF."""

    def act(actor: Account, record: Record) -> bytes:
        made: list[bytes] = []
        watched = replace(office, to_pdf=lambda docx, asked_by: made.append(docx) or b"%PDF")  # type: ignore[func-returns-value]
        signature_sheet.make(watched, actor, record.id)
        return made[0]

    return act


def test_the_sheet_names_form_version_code_and_slots_and_what_is_signed_already(
    office: Office, people: People, report: Record, sign: Sign, printed: Callable[..., bytes]
) -> None:
    record = sign(people.lisi, report)
    docx = printed(people.zhangsan, record)
    text = text_of(docx)
    for words in (
        "办结报告",
        "第 1 稿",
        code_of(office, record),
        "承办单位主要负责人",
        "镇扫黑办主任",
        "李四",
    ):
        assert words in text
    assert "系统内签字" in text
    assert "（未编号）" in text
    page = scanning.page_with(scanning.qr_of(docx))
    assert scans.file(office, people.zhangsan, record.id, scanning.png(page)).code == code_of(office, record)
    assert noted(office, "signature_sheet_printed") == [{"record": record.id, "version": 1}]


def test_the_sheet_says_nothing_of_what_the_record_says(
    office: Office, people: People, report: Record, printed: Callable[..., bytes]
) -> None:
    docx = printed(people.zhangsan, report)
    text = "".join(text_of(docx, part) for part in ("word/document.xml", "word/header_default.xml"))
    said = [report.title, *(one for one in report.values.values() if isinstance(one, str) and len(one) > 3)]
    assert [one for one in said if one in text] == []


def test_a_record_without_slots_and_a_returned_one_have_no_sheet(
    office: Office, people: People, report: Record
) -> None:
    record = signatures.decline(office, people.lisi, report.id, 1, "缺群众反馈", PASSWORD, AT)
    with pytest.raises(Refused, match="已退回修改"):
        signature_sheet.make(office, people.zhangsan, record.id)
    with pytest.raises(NotFound):
        signature_sheet.make(office, people.zhengshier, record.id)


# --- which scan is taken --------------------------------------------------------------------------


def test_a_scan_of_this_version_is_filed_with_its_hash(
    office: Office, people: People, report: Record, scan: Scan
) -> None:
    assert (scan.version, scan.kind, scan.read_by) == (1, "signatures", "machine")
    assert office.files.get(scan.sha) == photograph(office, report)
    assert scans.of_record(office, report.id) == [scan]
    assert [one["sha"] for one in noted(office, "scan_filed")] == [scan.sha]
    assert "签字页" in showing.history(office, report)[0].sentence


def test_the_same_scan_twice_is_filed_once(
    office: Office, people: People, report: Record, scan: Scan
) -> None:
    assert scans.file(office, people.zhangsan, report.id, photograph(office, report)) == scan
    assert len(scans.of_record(office, report.id)) == 1


def test_a_scan_of_an_earlier_version_is_refused_and_says_of_which(
    office: Office, people: People, report: Record
) -> None:
    old = photograph(office, report)
    record = revised(office, people, report)
    with pytest.raises(ScanRefused, match="不一致.*第 1 稿.*现在是第 2 稿"):
        scans.file(office, people.zhangsan, record.id, old)
    assert scans.of_record(office, record.id) == []
    assert [one["reason"] for one in noted(office, "scan_refused")] == ["other_version"]


def test_a_scan_of_another_record_is_refused_without_saying_of_which(
    office: Office, people: People, submit: Submit, report: Record
) -> None:
    other = submit(people.zhangsan, "completion_report")
    with pytest.raises(ScanRefused, match="不是这份材料的") as refused:
        scans.file(office, people.zhangsan, report.id, photograph(office, other))
    assert other.title not in str(refused.value)
    assert scans.of_record(office, report.id) == []


def test_a_scan_with_pages_of_two_versions_is_refused(office: Office, people: People, report: Record) -> None:
    old = code_of(office, report)
    record = revised(office, people, report)
    both = scanning.pdf(page_with(code_of(office, record)), page_with(old))
    with pytest.raises(ScanRefused, match="第 1 稿"):
        scans.file(office, people.zhangsan, record.id, both)


def test_qr_codes_of_somebody_else_do_not_count(office: Office, people: People, report: Record) -> None:
    page = page_with("https://example.com/", code_of(office, report))
    assert scans.file(office, people.zhangsan, report.id, scanning.png(page)).read_by == "machine"


def test_an_unreadable_code_may_be_typed_as_people_type(
    office: Office, people: People, report: Record
) -> None:
    blank = scanning.jpeg(page_with())
    with pytest.raises(ScanRefused, match="没有读出二维码") as refused:
        scans.file(office, people.zhangsan, report.id, blank)
    assert refused.value.part == CODE
    typed = code_of(office, report).lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert scans.file(office, people.zhangsan, report.id, blank, typed).read_by == "person"


@pytest.mark.parametrize(
    ("typed", "words"), [("K7Q2-9FJM-3X0T", "不是这份材料的"), ("K7Q2", "12 位"), ("BJ-2026-0001", "12 位")]
)
def test_a_wrong_code_that_is_typed_files_nothing(
    office: Office, people: People, report: Record, typed: str, words: str
) -> None:
    with pytest.raises(ScanRefused, match=words):
        scans.file(office, people.zhangsan, report.id, scanning.jpeg(page_with()), typed)
    assert scans.of_record(office, report.id) == []


def test_what_is_no_scan_is_told_beside_the_file(office: Office, people: People, report: Record) -> None:
    with pytest.raises(ScanRefused, match="只收照片或者扫描件") as refused:
        scans.file(office, people.zhangsan, report.id, b"#!/bin/sh\n")
    assert refused.value.part == FILE


def test_a_returned_record_takes_no_scan(office: Office, people: People, report: Record) -> None:
    sheet = photograph(office, report)
    signatures.decline(office, people.lisi, report.id, 1, "缺群众反馈", PASSWORD, AT)
    with pytest.raises(Refused, match="已退回修改"):
        scans.file(office, people.zhangsan, report.id, sheet)


def test_only_the_unit_and_who_sees_all_may_file(
    office: Office, people: People, submit: Submit, report: Record
) -> None:
    with pytest.raises(NotFound):
        scans.file(office, people.zhengshier, report.id, b"")
    shared = submit(people.zhangsan, "clue_handover", receiver_unit="shb")
    with pytest.raises(NotAllowed, match="填报单位"):
        scans.file(office, people.wangwu, shared.id, photograph(office, shared))
    assert scans.file(office, people.sunqi, shared.id, photograph(office, shared))


def test_an_altered_scan_is_not_handed_out(
    office: Office, people: People, report: Record, scan: Scan
) -> None:
    data, _scan = scans.download(office, people.zhangsan, report.id, scan.id)
    assert data == photograph(office, report)
    assert noted(office, "scan_downloaded") == [{"record": report.id, "scan": scan.id}]
    path = office.files.path(scan.sha)
    path.chmod(0o600)
    path.write_bytes(photograph(office, report) + b"!")
    with pytest.raises(Refused, match="可能被改动过"):
        scans.download(office, people.zhangsan, report.id, scan.id)
    assert "扫描件" in "".join(fault.message for fault in reconcile.check(office))


def test_a_scan_belongs_to_one_record(
    office: Office, people: People, submit: Submit, report: Record, scan: Scan
) -> None:
    other = submit(people.zhengshier, "completion_report", handling_unit="cun2")
    with pytest.raises(NotFound):
        scans.download(office, people.zhengshier, other.id, scan.id)
    with pytest.raises(NotFound):
        scans.picture(office, people.zhengshier, other.id, scan.id, 1)


def test_pictures_of_a_scan_are_drawn_again_when_the_cache_is_lost(
    office: Office, people: People, report: Record, scan: Scan
) -> None:
    first = scans.picture(office, people.zhangsan, report.id, scan.id, 1)
    for file in (office.settings.instance / "cache").iterdir():
        file.unlink()
    assert scans.picture(office, people.zhangsan, report.id, scan.id, 1) == first
    with pytest.raises(NotFound):
        scans.picture(office, people.zhangsan, report.id, scan.id, 2)


# --- what is read off it --------------------------------------------------------------------------


def test_ink_and_screen_together_lead_to_the_number(
    office: Office, people: People, sign: Sign, scan: Scan
) -> None:
    record = enter(office, people.zhangsan, scan, by(people.lisi, "first", opinion="属实，同意上报"))
    (signature,) = signatures.given(office, record)
    assert (signature.name, signature.opinion, signature.how) == ("李四", "属实，同意上报", "paper")
    assert (signature.account_id, signature.confirmed_by, signature.scan) == (people.lisi.id, "张三", scan.id)
    record = sign(people.zhaoliu, record)
    assert record.state == "filed"
    kept = json.loads(office.store.rows_where("register")[0]["snapshot"])["sign"]
    assert (kept["first"]["name"], kept["first"]["date"]) == ("李四", "2026年11月22日")
    assert kept["first"]["how"] == "纸面签署，由张三核对录入"
    assert (kept["first"]["time"], kept["second"]["how"]) == ("2026年11月22日", "")


def test_the_last_signature_in_ink_gives_the_number(
    office: Office, people: People, sign: Sign, report: Record, scan: Scan
) -> None:
    record = sign(people.lisi, report)
    assert enter(office, people.zhangsan, scan, by(people.zhaoliu, "second")).state == "filed"
    assert register.of_record(office, people.zhangsan, record.id) is not None


def test_the_day_on_the_paper_is_the_day_of_the_signature(
    office: Office, clock: FixedClock, people: People, scan: Scan
) -> None:
    clock.advance(5 * 86_400)
    record = enter(office, people.zhangsan, scan, by(people.lisi, "first", date(2026, 11, 24)))
    (signature,) = signatures.given(office, record)
    assert snapshot.signed_on(signature) == "2026年11月24日"


@pytest.mark.parametrize(
    ("day", "words"), [(date(2026, 11, 23), "不能晚于今天"), (date(2026, 11, 21), "不能早于这一稿的提交日期")]
)
def test_a_day_that_cannot_be_is_refused(
    office: Office, people: People, scan: Scan, day: date, words: str
) -> None:
    with pytest.raises(InkFaults, match=words) as refused:
        enter(office, people.zhangsan, scan, by(people.lisi, "first", day))
    assert [(one.slot, one.part) for one in refused.value.faults] == [("first", "day")]


def test_nobody_enters_their_own_signature(office: Office, people: People, scan: Scan) -> None:
    with pytest.raises(InkFaults, match="不能由您核对自己的签字"):
        enter(office, people.lisi, scan, by(people.lisi, "first"))


def test_the_same_person_in_ink_and_on_the_screen_is_refused(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = sign(people.zhaoliu, submit(people.wangwu, "completion_report"))
    page = scans.file(office, people.wangwu, record.id, photograph(office, record))
    with pytest.raises(InkFaults, match="赵六已在“承办单位主要负责人”处签字"):
        enter(office, people.wangwu, page, by(people.zhaoliu, "second"))


def test_who_does_not_fit_the_slot_is_refused(office: Office, people: People, scan: Scan) -> None:
    for person in (people.zhangsan, people.chenshisan, people.zhaoliu):
        with pytest.raises(InkFaults, match="从名单里选"):
            enter(office, people.zhangsan, scan, by(person, "first"))


def test_a_later_slot_waits_for_the_earlier_one(office: Office, people: People, scan: Scan) -> None:
    with pytest.raises(InkFaults, match="现在不签字"):
        enter(office, people.zhangsan, scan, by(people.zhaoliu, "second"))
    with pytest.raises(InkFaults):
        enter(office, people.zhangsan, scan, by(people.lisi, "first"), by(people.zhaoliu, "second"))
    assert signatures.given(office, records.find(office, scan.record_id)) == []


def test_entering_twice_changes_nothing(office: Office, people: People, scan: Scan) -> None:
    enter(office, people.zhangsan, scan, by(people.lisi, "first"))
    record = enter(office, people.zhangsan, scan, by(people.lisi, "first"))
    assert len(signatures.given(office, record)) == 1


def test_a_wrong_password_enters_nothing(office: Office, people: People, scan: Scan) -> None:
    with pytest.raises(SignInRefused):
        enter(office, people.zhangsan, scan, by(people.lisi, "first"), password="wrong" + PASSWORD)
    assert signatures.given(office, records.find(office, scan.record_id)) == []


def test_an_edit_voids_ink_too_and_the_scan_stays_with_its_version(
    office: Office, people: People, report: Record, scan: Scan
) -> None:
    enter(office, people.zhangsan, scan, by(people.lisi, "first"))
    record = revised(office, people, report)
    (signature,) = signatures.given(office, record)
    assert signature.voided
    assert [one.version for one in scans.of_record(office, record.id)] == [1]
    assert ink.open_on(office, record, scan) == []
    with pytest.raises(Refused, match="第 1 稿"):
        enter(office, people.zhangsan, scan, by(people.lisi, "first"))


def test_a_record_sent_back_after_the_scan_takes_no_signature_from_it(
    office: Office, people: People, report: Record, scan: Scan
) -> None:
    signatures.decline(office, people.lisi, report.id, 1, "缺群众反馈", PASSWORD, AT)
    with pytest.raises(InkFaults, match="现在不签字"):
        enter(office, people.zhangsan, scan, by(people.lisi, "first"))


def test_the_signers_own_fields_are_read_off_the_paper_too(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = sign(people.zhangsan, submit(people.zhangsan, "clue_handover", receiver_unit="shb"))
    page = scans.file(office, people.zhangsan, record.id, photograph(office, record))
    wrong = by(people.wangwu, "receive", check_result="齐全", received_at="2026-11-22T09:00")
    slot = signatures.open_slots(office, record)[0].key
    with pytest.raises(Exception, match="请填写"):
        enter(office, people.zhangsan, page, replace(wrong, slot=slot))
    assert len(signatures.given(office, record)) == 1


def test_the_record_says_who_entered_it_and_the_audit_log_from_what(
    office: Office, people: People, scan: Scan
) -> None:
    record = enter(office, people.zhangsan, scan, by(people.lisi, "first"))
    assert "李四 在“承办单位主要负责人”处手签，意见：同意（张三 核对录入）" in [
        one.sentence for one in showing.history(office, record)
    ]
    (told,) = noted(office, "ink_signature_entered")
    assert (told["signer"], told["scan"], told["slot"]) == (people.lisi.id, scan.id, "first")
    assert noted(office, "record_signed") == []
    assert "镇扫黑办主任" in standing.of(office, record).sentence


def test_people_who_left_sign_nothing_new(office: Office, people: People, scan: Scan) -> None:
    accounts.disable(office.store, office.clock, None, people.lisi.id)
    with pytest.raises(InkFaults, match="从名单里选"):
        enter(office, people.zhangsan, scan, by(people.lisi, "first"))


def stand_in(office: Office, people: People, since: date, until: date) -> None:
    """张三 signs for 李四."""
    head, deputy = people.lisi, people.zhangsan
    deputies.appoint(office, head, head.id, deputy.id, since, until, "外出学习", PASSWORD, "10.0.0.1")


def test_ink_of_a_deputy_is_looked_at_on_the_day_that_is_written_there(
    office: Office, people: People, report: Record, clock: FixedClock
) -> None:
    stand_in(office, people, TODAY, TODAY)
    clock.advance(2 * 24 * 3600)
    scan = scans.file(office, people.zhangsan, report.id, photograph(office, report))
    stood_in = replace(by(people.zhangsan, "first"), who=f"{people.zhangsan.id}:{people.lisi.id}")
    with pytest.raises(InkFaults, match="张三在2026年11月24日没有代李四签字的授权"):
        enter(office, people.chushisi, scan, replace(stood_in, day=date(2026, 11, 24)))
    record = enter(office, people.chushisi, scan, stood_in)
    assert [one.signer for one in signatures.given(office, record)] == ["张三（代李四）"]


def test_a_deputy_appointed_later_signed_nothing_before(
    office: Office, people: People, report: Record, clock: FixedClock
) -> None:
    clock.advance(24 * 3600)
    until = date(2026, 11, 30)
    stand_in(office, people, TODAY.replace(day=23), until)
    scan = scans.file(office, people.zhangsan, report.id, photograph(office, report))
    stood_in = replace(by(people.zhangsan, "first"), who=f"{people.zhangsan.id}:{people.lisi.id}")
    with pytest.raises(InkFaults, match="张三在2026年11月22日没有代李四签字的授权"):
        enter(office, people.chushisi, scan, stood_in)


def test_an_authorisation_ended_early_holds_no_longer_than_that_day(
    office: Office, people: People, report: Record, clock: FixedClock
) -> None:
    until = date(2026, 11, 30)
    stand_in(office, people, TODAY, until)
    (one,) = deputies.running(office)
    deputies.end(office, people.lisi, one.id)
    clock.advance(24 * 3600)
    scan = scans.file(office, people.zhangsan, report.id, photograph(office, report))
    stood_in = replace(by(people.zhangsan, "first"), who=f"{people.zhangsan.id}:{people.lisi.id}")
    with pytest.raises(InkFaults, match="没有代李四签字的授权"):
        enter(office, people.chushisi, scan, replace(stood_in, day=TODAY.replace(day=23)))
    assert len(signatures.given(office, enter(office, people.chushisi, scan, stood_in))) == 1


# --- receipts -------------------------------------------------------------------------------------


def test_a_receipt_in_ink_is_entered_once_the_paper_has_its_number(
    office: Office,
    people: People,
    submit: Submit,
    sign: Sign,
    printed: Callable[..., bytes],
    clock: FixedClock,
) -> None:
    slip = submit(people.wangwu, "supervision", handling_unit="cun1")
    assert "承办单位签收人" not in text_of(printed(people.wangwu, slip))
    early = scans.file(office, people.wangwu, slip.id, photograph(office, slip))
    with pytest.raises(InkFaults, match="现在不签字"):
        enter(office, people.wangwu, early, by(people.lisi, "receiver"))
    clock.advance(24 * 3600)
    slip = sign(people.zhaoliu, slip)
    assert "承办单位签收人" in text_of(printed(people.wangwu, slip))
    scan = scans.file(office, people.wangwu, slip.id, scanning.jpeg(page_with()), "DB-2026-0001")
    assert [slot.key for slot in ink.open_on(office, slip, scan)] == ["receiver"]
    assert ink.open_on(office, slip, early) == []
    with pytest.raises(InkFaults, match="现在不签字"):
        enter(office, people.wangwu, early, by(people.lisi, "receiver", TODAY.replace(day=23)))
    with pytest.raises(InkFaults, match="签收日期不能早于取号日期（2026年11月23日）"):
        enter(office, people.wangwu, scan, by(people.lisi, "receiver"))
    with pytest.raises(InkFaults, match="从名单里选"):
        enter(office, people.wangwu, scan, by(people.chenshisan, "receiver", TODAY.replace(day=23)))
    slip = enter(office, people.wangwu, scan, by(people.lisi, "receiver", TODAY.replace(day=23)))
    assert (slip.state, slip.awaits_receipt) == ("filed", False)
    assert "手签签收" in showing.history(office, slip)[0].sentence
    assert reconcile.check(office) == []


# --- the numbered paper ---------------------------------------------------------------------------


def test_the_sealed_paper_is_filed_beside_by_its_number(
    office: Office, people: People, filed: Record
) -> None:
    scan = scans.file(office, people.zhangsan, filed.id, scanning.jpeg(page_with()), "bj 2026 0001")
    assert (scan.kind, scan.code, scan.read_by) == ("sealed", "BJ-2026-0001", "person")
    assert ink.open_on(office, filed, scan) == []
    with pytest.raises(InkFaults, match="现在不签字"):
        enter(office, people.zhangsan, scan, by(people.lisi, "first"))


def test_the_number_of_another_paper_is_refused(office: Office, people: People, filed: Record) -> None:
    with pytest.raises(ScanRefused):
        scans.file(office, people.zhangsan, filed.id, scanning.jpeg(page_with()), "BJ-2026-0002")


def test_a_voided_paper_takes_no_scan(office: Office, people: People, filed: Record) -> None:
    entry = register.of_record(office, people.zhaoliu, filed.id)
    assert entry
    voiding.void(office, people.zhaoliu, entry.id, "重复", PASSWORD, AT)
    with pytest.raises(Refused, match="已经作废"):
        scans.file(office, people.zhangsan, filed.id, photograph(office, filed))
    issuing.recover(office)


# --- whose name it is in ----------------------------------------------------------------------------


def test_whoever_ink_was_copied_for_is_told_and_so_is_whom_a_deputy_signed_for(
    office: Office, people: People, report: Record, scan: Scan, sign: Sign, submit: Submit
) -> None:
    assert queues.signed_for(office, people.lisi) == []
    enter(office, people.chushisi, scan, by(people.lisi, "first"))
    [(record, told)] = queues.signed_for(office, people.lisi)
    assert (record.id, told.confirmed_by, told.in_ink) == (report.id, "褚十四", "纸面签署，由褚十四核对录入")
    stand_in(office, people, TODAY, TODAY)
    other = sign(people.zhangsan, submit(people.zhangsan, "completion_report"))
    assert {one.id for one, _signature in queues.signed_for(office, people.lisi)} == {report.id, other.id}
    sign(people.zhaoliu, other)
    assert queues.signed_for(office, people.zhaoliu) == [], "what one signs oneself is no news"
