"""Issuing: from the last signature to the filed paper, in the order of writes that survives a crash.

1. try out     the whole paper with a placeholder number: a fault shows before a number is spent
2. T1          counter, register row with the frozen snapshot, outbox, record state, audit: one commit
3. fill, put   from the snapshot alone; files by hash, safe to do twice
4. T2          register row filed with both hashes, outbox row gone, audit: one commit

Whoever dies between 2 and 4 leaves an outbox row; ``recover`` finishes it when its lease has passed.
Owns table ``outbox``; writes ``register`` rows that ``andu.office.books.register`` reads.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import asdict
from datetime import datetime, timedelta
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
from andu.store import Altered, FilesAway, Missing, new_id

LEASE = timedelta(seconds=120)
MOST_LEASES = 30  # a paper that fails again and again is tried less and less often, but every hour
STALE_FILE = 3600
log = logging.getLogger(__name__)


def issue_when_complete(office: Office, record_id: str) -> None:
    """Number and file a record whose signatures are all there; does nothing for any other.

    When it cannot be numbered now, the record stays complete and ``recover`` tries again.
    """
    if records.find(office, record_id).state != "complete":
        return
    with in_chinese():
        try:
            issue(office, record_id)
        except Refused as refusal:
            log.warning("record %s waits for its number: %s", record_id, refusal.message)
            _note_refused(office, record_id, refusal)


def _note_refused(office: Office, record_id: str, refusal: Refused) -> None:
    """Keep why a complete record has no number, once for each reason: its page says so."""
    found = [one.as_data() for one in refusal.findings] if isinstance(refusal, WrongLayout) else []
    why: dict[str, Any] = {"findings": found} if found else {"reason": refusal.message}
    with office.store.write():
        last = events.of(office, record_id)[-1]
        if last.event != "number_refused" or any(last.data.get(key) != why[key] for key in why):
            office.store.bind()
            events.append(office, record_id, None, "number_refused", **why)


def issue(office: Office, record_id: str) -> None:
    """Give a complete record its number, then make and file its paper.

    Idempotent: a record has at most one number. Raises ``Refused`` when the paper cannot be made as it
    must be, the series is locked, or the case was closed meanwhile; no number is spent then.
    """
    record = records.find(office, record_id)
    if record.state != "complete":
        return
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
    register_id = _number(office, record, edition.template_sha, context)
    if register_id:
        file_paper(office, register_id)


def _number(office: Office, record: Record, template_sha: str, context: dict[str, object]) -> str | None:
    """T1. The id of the new register row, or ``None`` when somebody else was first."""
    series = editions.get(office, record.form_version).form_type.series
    register_id = new_id()
    with office.store.write():
        if records.find(office, record.id) != record:
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
        lease = {"id": register_id, "lease_until": stamp(now + LEASE), "attempts": 1}
        office.store.insert("outbox", lease)
        office.store.update("record", record.id, {"state": "numbered"})
        events.append(office, record.id, None, "number_allotted", number=number)
        given = {"record": record.id, "register": register_id, "number": number}
        office.note(record.unit_id, None, "number_allotted", **given)
        consequences.follow(office, record.id, "number_allotted")
    numbering.journal(office, series, year, n)
    return register_id


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


def file_paper(office: Office, register_id: str) -> bool:
    """Steps 3 and 4 for one register row: whether its paper is now filed. Safe to repeat."""
    row = office.store.get("register", register_id)
    if row is None or row["docx_sha"]:
        return row is not None
    if why := drawn_alike.why_not(office):
        log.error("the paper of %s is left to another machine: %s", register_id, why)
        return False
    try:
        docx = filling.fill(office, row["template_sha"], json.loads(row["snapshot"]))
        docx_sha = office.files.put(docx)
        pdf_sha = office.files.put(office.to_pdf(docx))
    except (PaperFault, PdfFault, FilesAway, Missing, Altered, OSError) as fault:
        log.exception("the paper of %s is not filed yet", register_id)
        with office.store.write():
            office.store.execute("UPDATE outbox SET last_error = ? WHERE id = ?", [str(fault), register_id])
        return False
    _file(office, row["id"], docx_sha, pdf_sha)
    return True


def _file(office: Office, register_id: str, docx_sha: str, pdf_sha: str) -> None:
    """T2. A second writer finds the hashes set and changes nothing: the first PDF stays the PDF."""
    with office.store.write():
        row = office.store.get("register", register_id)
        if row is None or row["docx_sha"]:
            return
        state = "filed" if row["state"] == "numbered" else row["state"]
        filed = {
            "state": state,
            "docx_sha": docx_sha,
            "pdf_sha": pdf_sha,
            "filed_at": stamp(office.clock.now()),
        }
        office.store.update("register", register_id, filed)
        awaits = state == "filed" and _awaits_receipt(office, row["record_id"])
        office.store.update("record", row["record_id"], {"state": state, "awaits_receipt": awaits})
        office.store.delete("outbox", register_id)
        events.append(office, row["record_id"], None, "paper_filed", docx=docx_sha, pdf=pdf_sha)
        office.note(
            row["unit_id"],
            None,
            "paper_filed",
            register=register_id,
            number=row["number"],
            docx_sha=docx_sha,
            pdf_sha=pdf_sha,
        )
        consequences.follow(office, row["record_id"], "paper_filed")


def _awaits_receipt(office: Office, record_id: str) -> bool:
    form_type = records.form_type_of(office, records.find(office, record_id))
    return bool(slots.receipts(form_type).slots)


_again: dict[tuple[str, int], tuple[datetime, int]] = {}
"""Record without a number, and its version → when this process tries it again, and how often it has."""


def _number_the_complete(office: Office) -> None:
    """Try again to number what is complete: one process at a time, each record less and less often."""
    now = office.clock.now()
    with office.store.alone("numbering-again") as is_mine:
        for waiting in office.store.rows_where("record", "state = 'complete'") if is_mine else ():
            record_id, this = waiting["id"], (waiting["id"], waiting["version"])
            at, tries = _again.get(this, (now, 0))
            if at > now:
                continue
            _again[this] = now + LEASE * min(2**tries, MOST_LEASES), tries + 1
            try:
                issue_when_complete(office, record_id)
            except Exception:  # one record that cannot be numbered must not keep the others waiting
                log.exception("record %s cannot be numbered", record_id)
            if records.find(office, record_id).state != "complete":
                del _again[this]


def recover(office: Office) -> int:
    """Finish what a crash left behind; returns how many papers were filed. Never touches a number.

    Takes over outbox rows whose lease has passed (one worker each, by compare-and-set), numbers
    complete records that have none, brings the journals up to the counters (but makes none anew that is
    gone: ``numbering.why_locked``), sweeps temporary files.
    """
    now = office.clock.now()
    filed = 0
    _bring_up_journals(office)  # before any paper is filed: a filed number stands in its journal
    late = office.store.rows_where("outbox", "lease_until < ?", [stamp(now)], order_by="lease_until")
    for row in () if late and drawn_alike.why_not(office) else late:
        with office.store.write():
            mine = office.store.execute(
                "UPDATE outbox SET lease_until = ?, attempts = attempts + 1 WHERE id = ? AND lease_until = ?",
                [stamp(now + LEASE * min(row["attempts"], MOST_LEASES)), row["id"], row["lease_until"]],
            )
        filed += bool(mine and file_paper(office, row["id"]))
    _number_the_complete(office)
    office.files.sweep(time.time() - STALE_FILE)
    return filed


def abandoned(office: Office) -> list[str]:
    """The records whose number waits for a paper that nobody is to make, or whose made paper still waits."""
    rows = office.store.query(
        "SELECT register.record_id FROM register LEFT JOIN outbox ON outbox.id = register.id"
        " WHERE (outbox.id IS NULL) = (register.pdf_sha IS NULL) ORDER BY register.record_id"
    )
    return [row["record_id"] for row in rows]


def _bring_up_journals(office: Office) -> None:
    for key, year in numbering.opened(office):
        last = numbering.counter(office, key, year)
        is_behind = numbering.journalled(office, key, year) < last
        if is_behind and not numbering.journal_is_lost(office, key, year):
            numbering.journal(office, key, year, last)
