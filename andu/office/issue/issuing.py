"""Issuing: from the last signature to the filed paper, in the order of writes that survives a crash.

0. waits       a row of ``work`` from the last signature on, in its transaction: it is gone with step 4
1. try out     the whole paper with a placeholder number: a fault shows before a number is spent
2. T1          the row held; counter, register row with the frozen snapshot, record state, audit: one commit
3. fill, put   from the snapshot alone; files by hash, safe to do twice
4. T2          register row filed with both hashes, audit, the row gone: one commit, if it is still held

Whoever dies on the way leaves the row; ``recover``, on any machine, goes on when its lease has passed.
Writes ``register`` rows that ``andu.office.books.register`` reads.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import asdict
from typing import Any

from flask_babel import gettext as _

from andu.clock import stamp
from andu.office import cases, editions, events, records
from andu.office.books import consequences
from andu.office.errors import Refused, WrongLayout
from andu.office.in_chinese import in_chinese
from andu.office.issue import drawn_alike, filling, numbering, snapshot
from andu.office.office import Office
from andu.office.records import Record
from andu.office.turns import slots
from andu.papers.pdf import PdfFault
from andu.papers.template import PaperFault
from andu.store import Altered, FilesAway, Missing, new_id, work
from andu.store.work import PAPER, Held

HEAD_START = 10
"""Seconds that whoever made it complete has before others come for it."""
STALE_FILE = 3600
log = logging.getLogger(__name__)


def waits(office: Office, record_id: str) -> None:
    """A record is complete: its number and paper wait from now on. Within the caller's transaction."""
    work.add(office.store, PAPER, record_id, HEAD_START)


def waits_no_more(office: Office, record_id: str) -> None:
    """It has no number, and is to have none for now. Within the caller's transaction."""
    work.drop(office.store, PAPER, record_id)


def issue_when_complete(office: Office, record_id: str, held: Held | None = None) -> bool:
    """Number and file a record whose signatures are all there; whether its paper is filed now.

    When it cannot be numbered, the record stays complete and ``recover`` tries again. Does nothing for any
    other record.
    """
    if records.find(office, record_id).state != "complete":
        return False
    with in_chinese():
        try:
            return issue(office, record_id, held)
        except Refused as refusal:
            log.warning("record %s waits for its number: %s", record_id, refusal.message)
            _note_refused(office, record_id, refusal)
            work.postpone(office.store, PAPER, record_id, held, refusal.message)
            return False


def _note_refused(office: Office, record_id: str, refusal: Refused) -> None:
    """Keep why a complete record has no number, once for each reason: its page says so."""
    found = [one.as_data() for one in refusal.findings] if isinstance(refusal, WrongLayout) else []
    why: dict[str, Any] = {"findings": found} if found else {"reason": refusal.message}
    with office.store.write():
        last = events.of(office, record_id)[-1]
        if last.event != "number_refused" or any(last.data.get(key) != why[key] for key in why):
            office.store.bind()
            events.append(office, record_id, None, "number_refused", **why)


def issue(office: Office, record_id: str, held: Held | None = None) -> bool:
    """Give a complete record its number, then make and file its paper; whether that is filed.

    Idempotent: a record has at most one number. Raises ``Refused`` when the paper cannot be made as it
    must be, the series is locked, or the case was closed meanwhile; no number is spent then.
    """
    record = records.find(office, record_id)
    if record.state != "complete":
        return False
    edition = editions.get(office, record.form_version)
    matter = filling.matter_of(office, record)
    try:
        office.files.require_ready()
        way = filling.try_out(office, matter, edition.template_sha).way
    except (Missing, Altered) as fault:
        raise Refused(_("公文模板填不出来：%(why)s", why=str(fault))) from fault
    except FilesAway as fault:
        log.error("no number while its paper cannot be kept: %s", fault)
        raise Refused(_("存放文书的存储桶现在连不上，没有取号，稍后自动再试。")) from fault
    except PdfFault as fault:
        raise Refused(_("现在生成不了 PDF，稍后自动再试：%(why)s", why=str(fault))) from fault
    context = snapshot.context(office, matter, snapshot.placeholder_number(office, matter.form_type))
    context[filling.FIT] = asdict(way)
    held = _number(office, record, edition.template_sha, context, held)
    return held is not None and file_paper(office, held)


def _number(
    office: Office, record: Record, template_sha: str, context: dict[str, object], held: Held | None
) -> Held | None:
    """T1. What is held of the work until the paper is filed, or ``None`` when somebody else was first."""
    series = editions.get(office, record.form_version).form_type.series
    register_id = new_id()
    with office.store.write():
        if records.find(office, record.id) != record:
            return None
        held = work.begin(office.store, PAPER, record.id, held)
        if held is None:
            return None
        cases.refuse_late(office, None, record)
        # one moment for the year of the number and the date on its paper
        now = office.clock.now()
        year, n, number = numbering.allot(office, series, now)
        context = snapshot.of_year(context, now)
        row = {
            "id": register_id,
            "series": series,
            "year": year,
            "seq": n,
            "number": number,
            "snapshot": json.dumps({**context, "number": number}, ensure_ascii=False, sort_keys=True),
            "template_sha": template_sha,
            "numbered_at": stamp(now),
        }
        office.store.insert("register", row | _about(office, record))
        office.store.update("record", record.id, {"state": "numbered"})
        events.append(office, record.id, None, "number_allotted", number=number)
        given = {"record": record.id, "register": register_id, "number": number}
        office.note(record.unit_id, None, "number_allotted", **given)
        consequences.follow(office, record.id, "number_allotted")
    numbering.journal(office, series, year, n)
    return held


def _about(office: Office, record: Record) -> dict[str, str]:
    """What the register says of the record behind a number."""
    return {
        "record_id": record.id,
        "form": record.form,
        "title": record.title,
        "unit_id": record.unit_id,
        "author_id": record.author_id,
        "signer": "、".join(one.signer for one in filling.matter_of(office, record).signed),
        "state": "numbered",
        "idempotency_key": f"{record.id}:{record.version}",
    }


def file_paper(office: Office, held: Held) -> bool:
    """Steps 3 and 4 for one record with a number: whether its paper is now filed. Safe to repeat."""
    (row,) = office.store.rows_where("register", "record_id = ?", [held.key])
    if why := None if row["docx_sha"] else drawn_alike.why_not(office):
        log.error("the paper of %s is left to another machine: %s", row["id"], why)
        work.release(office.store, held)
        return False
    if row["docx_sha"]:
        return _file(office, held, row["docx_sha"], row["pdf_sha"])
    try:
        docx = filling.fill(office, row["template_sha"], json.loads(row["snapshot"]))
        docx_sha = office.files.put(docx)
        pdf_sha = office.files.put(office.to_pdf(docx))
    except FilesAway as fault:  # no fault of this paper: it is tried as often as that takes
        log.error("the paper of %s waits for its place: %s", row["id"], fault)
        work.postpone(office.store, PAPER, held.key, held, str(fault))
        return False
    except (PaperFault, PdfFault, Missing, Altered, OSError) as fault:
        log.exception("the paper of %s is not filed yet", row["id"])
        work.fail(office.store, held, str(fault))
        return False
    return _file(office, held, docx_sha, pdf_sha)


def _file(office: Office, held: Held, docx_sha: str, pdf_sha: str) -> bool:
    """T2, by whoever still holds the work. Where the hashes are set already, the first PDF stays the PDF."""
    with office.store.write():
        if not work.finish(office.store, held):
            return False
        (row,) = office.store.rows_where("register", "record_id = ?", [held.key])
        if row["docx_sha"]:
            return True
        state = "filed" if row["state"] == "numbered" else row["state"]
        filed = {
            "state": state,
            "docx_sha": docx_sha,
            "pdf_sha": pdf_sha,
            "filed_at": stamp(office.clock.now()),
        }
        office.store.update("register", row["id"], filed)
        awaits = state == "filed" and _awaits_receipt(office, row["record_id"])
        office.store.update("record", row["record_id"], {"state": state, "awaits_receipt": awaits})
        events.append(office, row["record_id"], None, "paper_filed", docx=docx_sha, pdf=pdf_sha)
        said = {"register": row["id"], "number": row["number"]}
        office.note(row["unit_id"], None, "paper_filed", **said, docx_sha=docx_sha, pdf_sha=pdf_sha)
        consequences.follow(office, row["record_id"], "paper_filed")
    return True


def _awaits_receipt(office: Office, record_id: str) -> bool:
    form_type = records.form_type_of(office, records.find(office, record_id))
    return bool(slots.receipts(form_type).slots)


def recover(office: Office) -> int:
    """Go on with every paper that waits and that nobody is at; returns how many were filed.

    Takes one after the other, as any other process of any machine does. Brings the journals up to the
    counters (but makes none anew that is gone: ``numbering.why_locked``), and sweeps temporary files.
    """
    _bring_up_journals(office)  # before any paper is filed: a filed number stands in its journal
    filed = 0
    while not drawn_alike.why_not(office) and (held := work.take(office.store, PAPER)):
        filed += _go_on(office, held)
    office.files.sweep(time.time() - STALE_FILE)
    return filed


def _go_on(office: Office, held: Held) -> bool:
    try:
        state = records.find(office, held.key).state
        if state == "complete":
            return issue_when_complete(office, held.key, held)
        if office.store.count("register", "record_id = ?", [held.key]):
            return file_paper(office, held)
        with office.store.write():  # taken back before it had a number
            work.finish(office.store, held)
    except Exception as fault:  # one paper that cannot be made must not keep the others waiting
        log.exception("the paper of record %s cannot be made", held.key)
        work.fail(office.store, held, str(fault) or type(fault).__name__)
    return False


def abandoned(office: Office) -> list[str]:
    """The records whose paper nobody is to make, or for which something still waits though it is made."""
    rows = office.store.query(
        "SELECT record.id AS id FROM record LEFT JOIN register ON register.record_id = record.id"
        f" LEFT JOIN work ON work.kind = '{PAPER}' AND work.key = record.id"
        " WHERE (work.key IS NULL) = (record.state = 'complete' OR register.id IS NOT NULL"
        " AND register.pdf_sha IS NULL) ORDER BY record.id"
    )
    return [row["id"] for row in rows]


def _bring_up_journals(office: Office) -> None:
    for key, year in numbering.opened(office):
        last = numbering.counter(office, key, year)
        is_behind = numbering.journalled(office, key, year) < last
        if is_behind and not numbering.journal_is_lost(office, key, year):
            numbering.journal(office, key, year, last)
