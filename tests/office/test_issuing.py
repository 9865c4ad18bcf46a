"""Numbers and papers: the order of writes, what a crash leaves behind, and what is served."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from andu.clock import FixedClock
from andu.office import events, records
from andu.office.books import register
from andu.office.desk import reconcile, series, showing, standing
from andu.office.errors import NotAllowed, NotFound, Refused
from andu.office.issue import filling, issuing, numbering, snapshot, soon, voiding
from andu.office.office import Judge, Office, ToPdf
from andu.office.records import Record
from andu.office.signing import signatures
from andu.office.writing import drafts, revising, submitting
from andu.papers.checks.layout import ERROR, WARNING, Finding
from andu.papers.checks.layout.findings import Rule
from andu.papers.pdf import PdfFault
from andu.papers.template.package import read_package
from andu.security.signin import SignInRefused
from andu.settings import Settings
from andu.store import Store, work
from tests.conftest import PASSWORD, People, nothing_wrong, stand_in_pdf
from tests.office.conftest import Sign, Submit, raw_sample
from tests.store.leases import pass_time
from tests.store.outside import at_rest, migrations_of

LATER = FixedClock(datetime(2026, 12, 1, tzinfo=UTC))


def reopened(office: Office, **changes: object) -> Office:
    """The same office in another process: another clock, another LibreOffice."""
    return dataclasses.replace(office, **changes)  # type: ignore[arg-type]


def broken_pdf(_docx: bytes) -> bytes:
    raise PdfFault("LibreOffice 不在")


def entry_of(office: Office, people: People, record: Record) -> register.Entry:
    entry = register.of_record(office, people.zhaoliu, record.id)
    assert entry is not None
    return entry


def breaking_after(papers: int) -> ToPdf:
    """LibreOffice that makes so many papers and then is gone."""
    made = iter(range(papers))

    def to_pdf(docx: bytes, asked_by: str | None = None) -> bytes:
        return broken_pdf(docx) if next(made, None) is None else stand_in_pdf(docx)

    return to_pdf


def finding(severity: str) -> Judge:
    """A layout checker that finds one fault in every paper."""
    one = Finding("H5", "", severity, 1, "示发〔2026〕13号", "", "", "发文字号写错了")
    return lambda docx, pdf, kind: [one]


def sign_last(office: Office, people: People, record: Record) -> Record:
    """The director's signature, in an office that the fixtures do not know."""
    return signatures.sign(office, people.zhaoliu, record.id, "second", 1, "同意", PASSWORD, {}, "10.0.0.1")


def test_a_paper_that_cannot_be_filled_spends_no_number(
    office: Office, people: People, submit: Submit, sign: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = sign(people.lisi, submit(people.zhangsan, "completion_report"))
    with monkeypatch.context() as patch:
        context = snapshot.context
        patch.setattr(
            snapshot, "context", lambda *args: {k: v for k, v in context(*args).items() if k != "clue_number"}
        )
        record = sign(people.zhaoliu, record)
    assert record.state == "complete"
    assert numbering.counter(office, "completion", 2026) == 0
    assert "等待取号" in standing.of(office, record).sentence
    pass_time(office.store)
    issuing.recover(office)
    assert records.find(office, record.id).state == "filed"


def test_a_number_whose_pdf_failed_is_filed_later_under_the_same_number(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = sign(people.lisi, submit(people.zhangsan, "completion_report"))
    without = reopened(office, to_pdf=breaking_after(1))
    record = sign_last(without, people, record)
    assert record.state == "numbered"
    assert [fault.message for fault in reconcile.check(office)] == ["已取号，文书还没有归档"]
    with pytest.raises(Refused, match="正在生成"):
        register.serve(office, people.zhaoliu, entry_of(office, people, record).id, "pdf", "download")
    assert issuing.recover(office) == 0, "the lease of whoever is at it must pass first"
    pass_time(office.store)
    assert issuing.recover(office) == 1
    assert entry_of(office, people, record).number == "BJ-2026-0001"
    assert reconcile.check(office) == []


def test_without_a_pdf_no_number_is_spent_and_the_page_says_why(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = sign(people.lisi, submit(people.zhangsan, "completion_report"))
    record = sign_last(reopened(office, to_pdf=broken_pdf), people, record)
    assert (record.state, numbering.counter(office, "completion", 2026)) == ("complete", 0)
    assert "LibreOffice 不在" in standing.of(office, record).why_no_number
    pass_time(office.store)
    issuing.recover(reopened(office, to_pdf=broken_pdf))
    told = [one.sentence for one in showing.history(office, record) if "没有取号" in one.sentence]
    assert len(told) == 1, "the same reason is not told every time it is tried"
    issuing.recover(office)
    assert records.find(office, record.id).state == "complete", "it is not tried again and again"
    pass_time(office.store)
    issuing.recover(office)
    assert records.find(office, record.id).state == "filed"


def test_what_refused_a_number_is_no_more_said_of_a_version_that_mended_it(
    office: Office, people: People, submit: Submit, sign: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = sign(people.lisi, submit(people.zhangsan, "completion_report"))
    record = sign_last(reopened(office, to_pdf=broken_pdf), people, record)
    draft = revising.revise(office, people.zhangsan, record.id)
    record = submitting.submit(office, people.zhangsan, draft.id, draft.raw, draft.revision)
    monkeypatch.setattr(soon, "number", lambda *_asked: None)  # the service is busy with another paper
    record = sign(people.zhaoliu, sign(people.lisi, record))
    assert record.state == "complete"
    later = reopened(office, clock=LATER)
    ((_record, why),) = standing.not_numbered(later, people.zhaoliu)
    assert "LibreOffice 不在" not in why and "自动重试" in why
    assert standing.of(later, record).why_no_number == why
    pass_time(office.store, issuing.HEAD_START)
    issuing.recover(office)
    assert records.find(office, record.id).state == "filed", "it need not wait as long as the version before"


def test_a_paper_against_the_standard_is_not_even_handed_in(office: Office, people: People) -> None:
    strict = reopened(office, judge=finding(ERROR))
    raw = raw_sample(strict, people.wangwu, "official_notice")
    draft = drafts.start(strict, people.wangwu, "official_notice", raw)
    with pytest.raises(Refused, match="(?s)公文格式不合规定.*发文字号写错了"):
        submitting.submit(strict, people.wangwu, draft.id, raw, draft.revision)
    assert drafts.get(strict, people.wangwu, draft.id).raw == raw
    lenient = reopened(office, judge=finding(WARNING))
    record = submitting.submit(lenient, people.wangwu, draft.id, raw, draft.revision)
    assert "发文字号写错了" in showing.remarks(lenient, record)[0], "advice is shown to who signs"
    assert any("版式提醒" in one.sentence for one in showing.history(lenient, record))
    (kept,) = [one.data["remarks"] for one in events.of(office, record.id) if one.event == "paper_remarked"]
    assert all(isinstance(one, dict) and one["severity"] == WARNING for one in kept), "no sentence is kept"


def test_a_paper_against_the_standard_gets_no_number(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = sign(people.zhaoliu, submit(people.wangwu, "official_notice"))
    strict = reopened(office, judge=finding(ERROR))
    record = signatures.sign(strict, people.sunqi, record.id, "approve", 1, "同意", PASSWORD, {}, "10.0.0.1")
    assert (record.state, numbering.counter(office, "doc", 2026)) == ("complete", 0)
    assert "公文格式不合规定" in standing.of(office, record).why_no_number
    assert "发文字号写错了" in standing.of(office, record).why_no_number
    pass_time(office.store)
    issuing.recover(reopened(strict, judge=finding(ERROR)))
    (kept,) = [one.data for one in events.of(office, record.id) if one.event == "number_refused"]
    assert set(kept) == {"findings"} and kept["findings"][0]["severity"] == ERROR, "no sentence is kept"


def test_what_was_kept_as_sentences_before_is_still_read(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = sign(people.zhaoliu, submit(people.wangwu, "official_notice"))
    with office.store.write():
        office.store.bind()
        events.append(office, record.id, None, "paper_remarked", version=1, remarks=["从前的提醒"])
        events.append(office, record.id, None, "number_refused", reason="从前的理由")
    assert showing.remarks(office, record) == ["从前的提醒"]
    said = " ".join(one.sentence for one in showing.history(office, record))
    assert "版式提醒：从前的提醒" in said and "没有取号：从前的理由" in said


def test_a_form_of_the_offices_own_is_not_judged_by_the_standard(office: Office, people: People) -> None:
    strict = reopened(office, judge=finding(ERROR))
    raw = raw_sample(strict, people.zhangsan, "completion_report")
    draft = drafts.start(strict, people.zhangsan, "completion_report", raw)
    assert submitting.submit(strict, people.zhangsan, draft.id, raw, draft.revision).state == "signing"


def test_the_paper_is_made_from_the_frozen_snapshot_and_gives_the_same_bytes(
    office: Office, people: People, filed: Record
) -> None:
    row = office.store.rows_where("register")[0]
    frozen = json.loads(row["snapshot"])
    assert frozen["number"] == "BJ-2026-0001"
    assert frozen["sign"]["first"]["name"] == "李四"
    assert office.files.put(filling.fill(office, row["template_sha"], frozen)) == row["docx_sha"]


def test_issuing_twice_gives_one_number(office: Office, people: People, filed: Record) -> None:
    issuing.issue(office, filed.id)
    issuing.issue_when_complete(office, filed.id)
    assert numbering.counter(office, "completion", 2026) == 1


def test_a_second_filing_keeps_the_first_pdf(office: Office, filed: Record) -> None:
    row = office.store.rows_where("register")[0]
    with office.store.write():
        held = work.begin(office.store, work.PAPER, filed.id)
    assert held and issuing._file(office, held, "0" * 64, "1" * 64)
    assert office.store.rows_where("register")[0] == row


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), "BJ-2026-0001"),
        (datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), "BJ-2027-0001"),
    ],
)
def test_the_year_turns_at_midnight_in_the_office(
    office: Office,
    people: People,
    clock: FixedClock,
    submit: Submit,
    sign: Sign,
    moment: datetime,
    number: str,
) -> None:
    clock.moment = moment
    record = sign(people.zhaoliu, sign(people.lisi, submit(people.zhangsan, "completion_report")))
    assert entry_of(office, people, record).number == number


def test_every_year_begins_at_one(
    office: Office, people: People, clock: FixedClock, submit: Submit, sign: Sign
) -> None:
    given = []
    for moment in (
        datetime(2026, 6, 1, tzinfo=UTC),
        datetime(2026, 6, 2, tzinfo=UTC),
        datetime(2027, 6, 1, tzinfo=UTC),
    ):
        clock.moment = moment
        record = sign(people.zhaoliu, sign(people.lisi, submit(people.zhangsan, "completion_report")))
        given.append(entry_of(office, people, record).number)
    assert given == ["BJ-2026-0001", "BJ-2026-0002", "BJ-2027-0001"]


# --- voiding --------------------------------------------------------------------------------------


def test_a_voided_number_stays_with_its_reason_and_is_never_given_again(
    office: Office, people: People, filed: Record, submit: Submit, sign: Sign
) -> None:
    found = entry_of(office, people, filed)
    voiding.void(office, people.zhaoliu, found.id, "承办单位写错", PASSWORD, "10.0.0.1")
    after = sign(people.zhaoliu, sign(people.lisi, submit(people.zhangsan, "completion_report")))
    assert entry_of(office, people, after).number == "BJ-2026-0002"
    page = series.series_page(office, people.zhaoliu, "completion", 2026)
    assert [(one.number, one.state, one.void_reason) for one in page.entries] == [
        ("BJ-2026-0001", "voided", "承办单位写错"),
        ("BJ-2026-0002", "filed", None),
    ]
    assert page.missing == []
    assert "承办单位写错" in standing.of(office, records.find(office, filed.id)).sentence
    assert reconcile.check(office) == []


def test_voiding_needs_permission_reason_and_password(office: Office, people: People, filed: Record) -> None:
    found = entry_of(office, people, filed)
    with pytest.raises(NotAllowed):
        voiding.void(office, people.lisi, found.id, "理由", PASSWORD, "10.0.0.1")
    with pytest.raises(Refused, match="理由"):
        voiding.void(office, people.zhaoliu, found.id, " 　", PASSWORD, "10.0.0.1")
    with pytest.raises(SignInRefused):
        voiding.void(office, people.zhaoliu, found.id, "理由", "wrong" + PASSWORD, "10.0.0.1")
    assert entry_of(office, people, filed).state == "filed"
    voiding.void(office, people.zhaoliu, found.id, "理由", PASSWORD, "10.0.0.1")
    with pytest.raises(Refused, match="已经作废"):
        voiding.void(office, people.zhaoliu, found.id, "理由", PASSWORD, "10.0.0.1")


# --- what is served -------------------------------------------------------------------------------


def test_whoever_reads_or_takes_it_is_served_the_filed_bytes_every_time(
    office: Office, people: People, filed: Record
) -> None:
    found = entry_of(office, people, filed)
    first, name = register.serve(office, people.lisi, found.id, "docx", "download")
    assert name == "BJ-2026-0001 办结报告 第1份 李四 20261122.docx"
    assert first == office.files.get(found.docx_sha or "")
    assert register.serve(office, people.lisi, found.id, "docx", "download", "交阅读件一份")[0] == first
    for act in ("view", "send"):
        pdf, _name = register.serve(office, people.lisi, found.id, "pdf", act)
        assert pdf == office.files.get(found.pdf_sha or "")


@pytest.mark.parametrize(("damage", "words"), [("altered", "摘要不符"), ("missing", "不见了")])
def test_a_file_that_is_not_what_was_filed_is_refused_and_reported(
    office: Office, people: People, filed: Record, damage: str, words: str
) -> None:
    found = entry_of(office, people, filed)
    path = office.files.path(found.docx_sha or "")
    path.write_bytes(b"forged") if damage == "altered" else path.unlink()
    with pytest.raises(Refused, match=words):
        register.serve(office, people.zhaoliu, found.id, "docx", "download")
    assert [fault.number for fault in reconcile.check(office)] == ["BJ-2026-0001"]


def test_the_check_names_a_gap_and_a_counter_that_runs_behind(office: Office, filed: Record) -> None:
    with office.store.write():
        office.store.update("series", "completion:2026", {"counter": 3})
    assert [fault.message for fault in reconcile.check(office)] == [
        "缺第 2 号，没有说明",
        "缺第 3 号，没有说明",
    ]
    with office.store.write():
        office.store.update("series", "completion:2026", {"counter": 0})
    assert any("登记簿已到 1" in fault.message for fault in reconcile.check(office))


# --- scope and search -----------------------------------------------------------------------------


def test_another_units_record_does_not_exist(office: Office, people: People, filed: Record) -> None:
    found = entry_of(office, people, filed)
    for stranger in (people.zhengshier, people.qianyi, people.wujiu):
        with pytest.raises(NotFound):
            records.get(office, stranger, filed.id)
        with pytest.raises(NotFound):
            register.serve(office, stranger, found.id, "pdf", "download")
    assert register.search(office, people.zhengshier, register.RegisterFilter()).total == 0


@pytest.mark.parametrize(
    ("what", "hits"),
    [
        (register.RegisterFilter(text="BJ-2026"), 1),
        (register.RegisterFilter(text="示例砂场"), 1),
        (register.RegisterFilter(text="%"), 0),
        (register.RegisterFilter(person="李四"), 1),
        (register.RegisterFilter(person="张三"), 1),
        (register.RegisterFilter(person="王五"), 0),
        (register.RegisterFilter(unit="cun1"), 1),
        (register.RegisterFilter(unit="cun2"), 0),
        (register.RegisterFilter(form="completion_report", state="filed"), 1),
        (register.RegisterFilter(state="voided"), 0),
        (
            register.RegisterFilter(since=datetime(2026, 11, 22).date(), until=datetime(2026, 11, 22).date()),
            1,
        ),
        (register.RegisterFilter(until=datetime(2026, 11, 21).date()), 0),
    ],
)
def test_the_register_is_searched_by_number_title_unit_person_and_date(
    office: Office, people: People, filed: Record, what: register.RegisterFilter, hits: int
) -> None:
    assert register.search(office, people.zhaoliu, what).total == hits


# --- an older database comes back (threat S22) ----------------------------------------------------


@pytest.mark.sqlite
def test_a_restored_backup_gives_no_number_until_the_paper_has_been_looked_at(
    settings: Settings, office: Office, people: People, submit: Submit, sign: Sign, tmp_path: Path
) -> None:
    one = sign(people.lisi, submit(people.zhangsan, "completion_report"))
    two = sign(people.lisi, submit(people.zhangsan, "completion_report"))
    at_rest(office.store)
    shutil.copy(settings.instance / "andu.db", tmp_path / "backup.db")
    sign(people.zhaoliu, one)
    office.store.close()
    for leftover in settings.instance.glob("andu.db-*"):
        leftover.unlink()
    shutil.copy(tmp_path / "backup.db", settings.instance / "andu.db")

    restored = Office.open(settings, stand_in_pdf, nothing_wrong)
    record = sign(people.zhaoliu, two)
    assert record.state == "complete"
    assert numbering.counter(restored, "completion", 2026) == 0
    assert "暂停取号" in standing.of(restored, record).why_no_number
    assert any("暂停取号" in fault.message for fault in reconcile.check(restored))
    with pytest.raises(Refused, match="不能比它小"):
        numbering.confirm(restored, people.zhaoliu, "completion", 2026, 0, "恢复备份")
    numbering.confirm(restored, people.zhaoliu, "completion", 2026, 1, "恢复昨日备份，1 号已发出")
    issuing.recover(restored)
    assert entry_of(restored, people, two).number == "BJ-2026-0002"
    assert reconcile.check(restored) == []
    page = series.series_page(restored, people.zhaoliu, "completion", 2026)
    assert [(gap["first"], gap["last"]) for gap in page.gaps] == [(1, 1)]
    restored.store.close()


def test_what_waited_in_the_outbox_of_before_waits_still(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = sign(people.lisi, submit(people.zhangsan, "completion_report"))
    record = sign_last(reopened(office, to_pdf=breaking_after(1)), people, record)
    entry = entry_of(office, people, record)
    with office.store.write():
        office.store.execute("DROP TABLE work")
        office.store.execute(
            "CREATE TABLE outbox (id TEXT PRIMARY KEY, lease_until TEXT, attempts INTEGER, last_error TEXT)"
        )
        office.store.execute("INSERT INTO outbox VALUES (?, '2026', 3, 'LibreOffice')", [entry.id])
        office.store.execute(f"DELETE FROM {migrations_of(office.store)} WHERE name = 'work_that_waits'")
    again = Store(office.store.path)
    again.migrate()
    assert "outbox" not in again.tables()
    assert [(row["key"], row["fault"]) for row in again.rows_where("work")] == [(record.id, "LibreOffice")]
    again.close()
    assert issuing.recover(office) == 1 and reconcile.check(office) == []


# --- one thing that is broken does not stop the rest -----------------------------------------------


def test_a_record_that_cannot_be_numbered_does_not_keep_others_waiting(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    records_ = [sign(people.lisi, submit(people.zhangsan, "completion_report")) for _n in range(2)]
    with office.store.write():
        for record in records_:
            office.store.update("record", record.id, {"state": "complete"})
            issuing.waits(office, record.id)
        row = office.store.get("form_version", records_[0].form_version) or {}
        office.store.insert("form_version", {**row, "id": "e" * 64, "template_sha": "0" * 64})
        office.store.update("record", records_[0].id, {"form_version": "e" * 64})
    pass_time(office.store)
    issuing.recover(office)
    assert [records.find(office, one.id).state for one in records_] == ["complete", "filed"]
    assert any("模板" in fault.message for fault in reconcile.check(office))


def test_the_check_sees_an_altered_attachment(office: Office, people: People, submit: Submit) -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
    holder = drafts.start(office, people.zhangsan, "completion_report")
    file = drafts.attach(office, people.zhangsan, holder.id, "files", "照片.png", png)
    submit(people.zhangsan, "completion_report", files=[file.id])
    assert reconcile.check(office) == []
    office.files.path(file.sha).write_bytes(b"forged")
    assert [fault.number for fault in reconcile.check(office)] == ["照片.png"]
    with pytest.raises(Refused, match="已停止提供"):
        showing.attachment(office, people.zhangsan, file.id)


def test_the_check_sees_answers_altered_after_they_were_handed_in(office: Office, filed: Record) -> None:
    forged = office.store.get("record", filed.id)["data"].replace("示例", "伪造")
    with office.store.write():
        office.store.update("record", filed.id, {"data": forged})
    told = [fault.number for fault in reconcile.check(office)]
    assert filed.id in told
    assert set(told) - {filed.id} == {one.slug for one in office.ledgers.over("completion_report")}
    with office.store.write():
        office.store.execute(
            "UPDATE record_version SET data = ?, data_hash = ? WHERE record_id = ?",
            [forged, hashlib.sha256(forged.encode()).hexdigest(), filed.id],
        )
    found = [fault.message for fault in reconcile.check(office) if fault.number == filed.id]
    assert found == [f"第 1 稿的内容与提交时不一致（材料 {filed.id}）"]


def test_confirming_a_series_needs_the_permission_to_void(office: Office, people: People) -> None:
    with pytest.raises(NotAllowed):
        numbering.confirm(office, people.zhangsan, "completion", 2026, 5, "理由")


@pytest.mark.parametrize("typed", ["ＢＪ－２０２６", "bj-2026", "ＢＪ"])
def test_a_number_is_found_however_it_is_typed(
    office: Office, people: People, filed: Record, typed: str
) -> None:
    assert register.search(office, people.zhaoliu, register.RegisterFilter(text=typed)).total == 1


def test_rows_may_break_where_a_row_would_be_lost_otherwise(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    def loses_a_row(docx: bytes, pdf: bytes, kind: str) -> list[Finding]:
        is_lost = kind == "internal" and b"cantSplit" in read_package(docx)["word/document.xml"]
        return [Rule("N5", "", ERROR).broken("文字没有印全")] if is_lost else []

    object.__setattr__(office, "judge", loses_a_row)
    record = sign(people.zhaoliu, sign(people.lisi, submit(people.zhangsan, "completion_report")))
    (entry,) = office.store.rows_where("register", "record_id = ?", [record.id])
    assert b"cantSplit" not in read_package(office.files.get(entry["docx_sha"]))["word/document.xml"]
    again = filling.fill(office, entry["template_sha"], json.loads(entry["snapshot"]))
    assert hashlib.sha256(again).hexdigest() == entry["docx_sha"], "and it is made again byte for byte"
