"""Deadlines: what is due because of a record, until when, and what met it. Owns table ``deadline``.

``submitting``, ``issuing`` and ``register`` tell it what happened, inside their own transactions;
``extensions`` puts one off, ``duties`` adds what each person can do. A deadline keeps the terms it was
counted by, so that a later edition of the form changes nothing that runs already.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from andu.clock import parse_stamp, stamp
from andu.formtypes.acts import NUMBERED as NUMBERED
from andu.formtypes.acts import SIGNED as SIGNED
from andu.formtypes.acts import SUBMITTED as SUBMITTED
from andu.formtypes.acts import Extension as Limit
from andu.office import access, cases, records
from andu.office.errors import NotFound
from andu.office.office import Office
from andu.office.records import Record
from andu.office.scope import records_for
from andu.office.timing import counting, meeting, named
from andu.office.timing.counting import CountedDeadline
from andu.office.timing.due import in_words
from andu.security import accounts
from andu.security.accounts import Account
from andu.security.permissions import may
from andu.store import new_id

MOST = 100
_OF_RECORD = "record.id = deadline.record_id"
_RUNNING = f"FROM deadline JOIN record ON {_OF_RECORD} WHERE record.state <> 'voided'"
OPEN = "deadline.met_at IS NULL AND deadline.lapsed_at IS NULL"
"""An SQL condition: still to be met."""


@dataclass(frozen=True)
class Running:
    """A deadline as people see it. ``at`` is the moment (aware) it ends, ``first_at`` when it would have
    ended without extensions; ``met_at`` when it was met, if so, ``met_words`` and ``met_hand`` by whose word;
    ``lapsed_at`` when its case was closed, if nothing can meet it since.

    ``about`` is what is due in a row of its table, ``ground`` why it would be chased.

    ``rule`` says how it is counted; ``words`` and ``source`` quote what it comes from, and without a source
    it is the office's own custom. ``unknown_years`` are those whose holidays were not known. ``limit`` says
    how it may be put off. ``is_open``: this person may look at the record as well; else its ``title`` is ''.
    """

    id: str
    record_id: str
    title: str
    form: str
    record_state: str
    case_id: str | None
    unit_id: str
    label: str
    at: datetime
    first_at: datetime
    is_overdue: bool
    rule: str
    words: str
    source: str
    unknown_years: Sequence[int]
    met_at: datetime | None
    lapsed_at: datetime | None
    met_hand: str | None
    met_words: str
    met_by: Sequence[str]
    about: str
    ground: str
    by_hand: bool
    limit: Limit | None
    is_open: bool

    @property
    def is_due(self) -> bool:
        """Whether it is still to be met."""
        return self.met_at is None and self.lapsed_at is None


# --- beginning ------------------------------------------------------------------------------------


def begin(office: Office, record: Record, happened: str) -> None:
    """Begin the deadlines that start with this (``submitted`` or ``numbered``) or with an answer now given.

    A new version of the record begins anew what has not been met; what starts when it did and is about the
    same keeps its extensions. Within the caller's transaction.
    """
    standing = {
        (row["key"], row["row"]): row
        for row in office.store.rows_where("deadline", "record_id = ?", [record.id])
    }
    counted = {(one.deadline.key, one.row): one for one in counting.counted(office, record, happened)}
    if happened == SUBMITTED:
        for place, row in list(standing.items()):
            if row["met_at"] is None and not _count_again(office, row, counted.get(place)):
                office.store.delete("deadline", row["id"])
                del standing[place]
    for place, one in counted.items():
        if place not in standing:
            row = {"id": new_id(), "record_id": record.id, "key": one.deadline.key, "row": one.row}
            office.store.insert("deadline", row | _columns(one, one.end.at))
    named.note(office, record)


def _columns(counted: CountedDeadline, ends: datetime) -> dict[str, Any]:
    deadline = counted.deadline
    terms = {
        "label": counted.label,
        "about": counted.about,
        "ground": deadline.ground,
        "rule": in_words(deadline),
        "words": deadline.words,
        "source": deadline.source,
        "met_by": [one.form for one in deadline.met_by],
        "met_when": deadline.met_when,
        "by_hand": deadline.by_hand,
        "before_closing": deadline.before_closing,
        "remind": deadline.remind,
        "limit": deadline.extend.__dict__ if deadline.extend else None,
        "unknown_years": counted.end.unknown_years,
    }
    return {
        "unit_id": counted.unit_id,
        "start": stamp(counted.start),
        "first_due": stamp(counted.end.at),
        "terms": json.dumps(terms, ensure_ascii=False),
        **_ending(ends, deadline.remind),
    }


def _ending(ends: datetime, remind: int) -> dict[str, str | None]:
    """When it ends, and from when it is reminded of; of that end nobody has been told yet."""
    soon = stamp(ends - timedelta(hours=remind)) if remind else None
    return {"due": stamp(ends), "remind_at": soon, "told": ""}


def _count_again(office: Office, row: Mapping[str, Any], counted: CountedDeadline | None) -> bool:
    """Bring a running deadline up to its new terms, its extensions kept; False for one that is another."""
    if counted is None or row["start"] != stamp(counted.start):
        return False
    if row["row"] and json.loads(row["terms"])["label"] != counted.label:
        return False
    put_off_to = parse_stamp(row["due"]) if row["due"] > row["first_due"] else counted.end.at
    columns = _columns(counted, max(put_off_to, counted.end.at))
    told = {"told": row["told"]} if columns["due"] == row["due"] else {}
    office.store.update("deadline", row["id"], columns | told)
    return True


# --- meeting, reopening, putting off ---------------------------------------------------------------


def meet(office: Office, record: Record, happened: str, at: str = "") -> None:
    """A record was ``submitted``, ``signed`` or ``numbered``: what this meets in its cases is met now.

    Or ``at`` an earlier moment (stored), where they had begun by then. Within the caller's transaction.
    """
    together = {
        one.id for case_id in cases.cases_of(office, record) for one in cases.members(office, case_id)
    }
    beside = sorted(together | {record.id})
    rows = office.store.query(
        "SELECT id, record_id, key, row, unit_id, terms FROM deadline"
        f" WHERE {OPEN} AND start <= ? AND record_id IN ({_marks(beside)})",
        [at or "9999", *beside],
    )
    for row in rows:
        terms = json.loads(row["terms"])
        is_time = happened in (NUMBERED, terms.get("met_when"))
        by_number = not terms["met_by"] and not terms.get("by_hand")
        moment = at or stamp(office.clock.now())
        if record.form in terms["met_by"]:
            done = meeting.done(office, record, row, is_time, moment)
        else:
            done = moment if is_time and by_number and row["record_id"] == record.id else None
        if done:
            office.store.update("deadline", row["id"], {"met_at": done, "met_by": record.id})


def unsign(office: Office, record: Record) -> None:
    """A new version came in: what the signatures on the old one had met is to be met again.

    Within the caller's transaction.
    """
    for row in office.store.rows_where("deadline", "met_by = ?", [record.id]):
        if meeting.goes_by_signature(office, record, row):
            office.store.update("deadline", row["id"], {"met_at": None, "met_by": None})


def reopen(office: Office, record_id: str) -> None:
    """What a record met, or closed with its case, is open again: it was sent back, or its number was voided.

    Unless another record of the case met it since, or closed the case as well. Within the caller's
    transaction, after ``cases.reopen``.
    """
    changed = [
        office.store.execute(
            f"UPDATE deadline SET {what}_at = NULL, {what}_by = NULL WHERE {what}_by = ?", [record_id]
        )
        for what in ("met", "lapsed")
    ]
    if not any(changed):
        return
    record = records.find(office, record_id)
    for case_id in cases.cases_of(office, record):
        for other in cases.members(office, case_id):
            if other.id != record_id and other.state in cases.HAS_NUMBER:
                meet(office, other, NUMBERED, _numbered_at(office, other))
        closed = cases.closing(office, case_id)
        if closed:
            lapse(office, records.find(office, closed.record_id), closed.at)


def _numbered_at(office: Office, record: Record) -> str:
    return str(office.store.rows_where("register", "record_id = ?", [record.id])[0]["numbered_at"])


def unmet_before_closing(office: Office, case_id: str) -> list[str]:
    """What must be met before the case is closed, and is not: the labels, each once."""
    rows = office.store.query(
        f"SELECT terms FROM deadline JOIN record ON {_OF_RECORD}"
        f" WHERE {OPEN} AND record.case_id = ? AND record.state <> 'voided' ORDER BY due",
        [case_id],
    )
    terms = [json.loads(row["terms"]) for row in rows]
    return list(dict.fromkeys(str(one["label"]) for one in terms if one.get("before_closing")))


def lapse(office: Office, record: Record, at: str = "") -> None:
    """A record closed its case, now or ``at`` (stored): what no form can meet any more is due no longer.

    Within the caller's transaction.
    """
    closed = [case_id for case_id in cases.cases_of(office, record) if _closes(office, case_id, record)]
    rows = office.store.query(
        f"SELECT deadline.id, terms FROM deadline JOIN record ON {_OF_RECORD}"
        f" WHERE {OPEN} AND record.case_id IN ({_marks(closed)})",
        closed,
    )
    still = {form_type.slug for form_type in office.catalogue.all() if form_type.case.after_closing}
    for row in rows:
        terms = json.loads(row["terms"])
        if not terms.get("by_hand") and not still & set(terms["met_by"]):
            lapsed = {"lapsed_at": at or stamp(office.clock.now()), "lapsed_by": record.id}
            office.store.update("deadline", row["id"], lapsed)


def withdraw(office: Office, record: Record) -> None:
    """The number of a record was voided: what was due because of it is due no longer.

    Within the caller's transaction, after ``reopen``.
    """
    office.store.execute(
        f"UPDATE deadline SET lapsed_at = ?, lapsed_by = ? WHERE record_id = ? AND {OPEN}",
        [stamp(office.clock.now()), record.id, record.id],
    )


def note_told(office: Office, deadline_id: str, stage: str) -> None:
    """It was reminded of its present end at this stage. Within the transaction of ``reminders``."""
    office.store.update("deadline", deadline_id, {"told": stage})


def _closes(office: Office, case_id: str, record: Record) -> bool:
    closing = cases.closing(office, case_id)
    return closing is not None and closing.record_id == record.id


def label_of(row: Mapping[str, Any]) -> str:
    """What the deadline of a row is called."""
    return str(json.loads(row["terms"])["label"])


def meet_by_word(office: Office, deadline_id: str, actor: Account, words: str) -> None:
    """A person said that it is done. Within the transaction of ``finishing``."""
    met = {"met_at": stamp(office.clock.now()), "met_hand": actor.id, "met_words": words}
    office.store.update("deadline", deadline_id, met)


def put_off(office: Office, deadline_id: str, until: datetime) -> None:
    """A deadline ends at another moment (aware) from now on. Within the transaction of ``extensions``."""
    row = office.store.rows_where("deadline", "id = ?", [deadline_id])[0]
    ending = _ending(until, json.loads(row["terms"]).get("remind", 0))
    office.store.update("deadline", deadline_id, ending)


# --- reading --------------------------------------------------------------------------------------


def latest(office: Office, record_ids: Sequence[str]) -> dict[str, tuple[str, str | None, str]]:
    """Key → stored moments due and met, and the record, of these records' deadlines, the one due last.

    For ledgers, whoever may see the records; those of voided records do not count.
    """
    marks = ", ".join("?" * len(record_ids))
    rows = office.store.query(
        f"SELECT deadline.key, due, met_at, record.id FROM deadline JOIN record ON {_OF_RECORD}"
        f" WHERE record.state <> 'voided' AND record.id IN ({marks}) ORDER BY due, deadline.id",
        record_ids,
    )
    return {row["key"]: (row["due"], row["met_at"], row["id"]) for row in rows}


def get(office: Office, actor: Account, deadline_id: str) -> Running:
    """A deadline this person may see; raises ``NotFound`` for any other."""
    found = _running(office, actor, "deadline.id = ?", [deadline_id])
    if not found:
        raise NotFound(deadline_id)
    return found[0]


def some(office: Office, actor: Account, deadline_ids: Sequence[str]) -> list[Running]:
    """Those of these deadlines that this person may see, the soonest first."""
    return _running(office, actor, f"deadline.id IN ({_marks(deadline_ids)})", list(deadline_ids))


def waiting(office: Office, actor: Account, after: tuple[str, str] = ("", "")) -> list[Running]:
    """What is still due for this person's desk, the soonest first, at most 100; see ``_for_desk``.

    ``after`` is where the last page ended: the moment (stored text) and the id of its last deadline.
    """
    where, params = _for_desk(office, actor)
    behind = "(due > ? OR due = ? AND deadline.id > ?)"
    place = [after[0], *after]
    return _running(office, actor, f"{OPEN} AND ({where}) AND {behind}", [*params, *place], MOST)


def count_overdue(office: Office, actor: Account, most: int = MOST) -> int:
    """How many of those are overdue now; counted up to so many."""
    where, params = _for_desk(office, actor)
    visible, visible_params = _visible(office, actor)
    rows = office.store.query(
        f"SELECT COUNT(*) AS n FROM (SELECT 1 {_RUNNING} AND {OPEN} AND due < ? AND ({where}) AND {visible}"
        " LIMIT ?) AS late",
        [stamp(office.clock.now()), *params, *visible_params, most],
    )
    return int(rows[0]["n"])


def _for_desk(office: Office, actor: Account) -> tuple[str, list[str]]:
    """Of the own unit, or of all for whoever sees all; the office also sees what others let pass."""
    if may(actor, "see_all"):
        return "1=1", []
    if not is_of_the_office(office, actor):
        return "deadline.unit_id = ?", [actor.unit_id]
    return "deadline.unit_id = ? OR due < ?", [actor.unit_id, stamp(office.clock.now())]


def is_of_the_office(office: Office, actor: Account) -> bool:
    """Whether somebody of this person's unit keeps an eye on all units and fills forms: the office itself."""
    return any(
        one.unit_id == actor.unit_id and may(one, "see_all") and may(one, "fill")
        for one in accounts.all(office.store)
    )


def of_case(office: Office, actor: Account, case_id: str) -> list[Running]:
    """All deadlines of a case that this person may see, met ones too."""
    ids = [record.id for record in cases.members(office, case_id)]
    return _running(office, actor, f"record.id IN ({_marks(ids)})", ids)


def of_record(office: Office, actor: Account, record: Record) -> list[Running]:
    """The deadlines of one record, met ones too."""
    return _running(office, actor, "record.id = ?", [record.id])


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _visible(office: Office, actor: Account) -> tuple[str, list[str]]:
    """A deadline is seen with its record, and by the unit that is to keep it, unless that is shut to them.

    As ``sharing`` says, such a unit hears of it once the record is issued.
    """
    scope, params = records_for(office, actor)
    if not may(actor, "see_unit"):
        return scope, params
    is_open, forms = access.condition(office, actor)
    issued = "deadline.unit_id = ? AND record.state IN ('numbered', 'filed')"
    return f"({scope} OR {issued} AND {is_open})", [*params, actor.unit_id, *forms]


def _running(
    office: Office, actor: Account, where: str, params: Sequence[str], most: int | None = None
) -> list[Running]:
    scope, scope_params = records_for(office, actor)
    visible, visible_params = _visible(office, actor)
    cut = "" if most is None else f" LIMIT {most}"
    rows = office.store.query(
        f"SELECT deadline.*, record.title, record.form, record.state, record.case_id, ({scope}) AS is_open"
        f" {_RUNNING} AND ({where}) AND {visible} ORDER BY due, deadline.id{cut}",
        [*scope_params, *params, *visible_params],
    )
    now = office.clock.now()
    return [_of_row(row, now) for row in rows]


def _of_row(row: Mapping[str, Any], now: datetime) -> Running:
    terms, at = json.loads(row["terms"]), parse_stamp(row["due"])
    met_at = parse_stamp(row["met_at"]) if row["met_at"] else None
    lapsed_at = parse_stamp(row["lapsed_at"]) if row["lapsed_at"] else None
    limit = terms.get("limit")
    return Running(
        id=row["id"],
        record_id=row["record_id"],
        title=row["title"] if row["is_open"] else "",
        form=row["form"],
        record_state=row["state"],
        case_id=row["case_id"],
        unit_id=row["unit_id"],
        label=terms["label"],
        at=at,
        first_at=parse_stamp(row["first_due"]),
        is_overdue=(met_at or lapsed_at or now) > at,
        rule=terms["rule"],
        words=terms["words"],
        source=terms["source"],
        unknown_years=terms["unknown_years"],
        met_at=met_at,
        lapsed_at=lapsed_at,
        met_hand=row["met_hand"],
        met_words=row["met_words"] or "",
        met_by=tuple(terms["met_by"]),
        about=terms.get("about", ""),
        ground=terms.get("ground", ""),
        by_hand=bool(terms.get("by_hand")),
        limit=Limit(**limit) if limit else None,
        is_open=bool(row["is_open"]),
    )
