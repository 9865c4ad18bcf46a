"""Deadlines: what is due because of a record, until when, and what met it. Owns table ``deadline``.

``submitting``, ``issuing`` and ``register`` tell it what happened, inside their own transactions. A deadline
keeps the terms it was counted by, so that a later edition of the form changes nothing that runs already.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from andu.clock import parse_stamp, stamp
from andu.formtypes.conditions import holds
from andu.formtypes.definition import STARTS, Deadline
from andu.office import events, records
from andu.office.due import due, in_words, moment
from andu.office.office import Office
from andu.office.records import Record
from andu.office.scope import records_for
from andu.security.accounts import Account
from andu.security.permissions import may
from andu.store import new_id

SUBMITTED, NUMBERED = STARTS
_OF_RECORD = "record.id = deadline.record_id"


@dataclass(frozen=True)
class Running:
    """A deadline as people see it. ``at`` is the moment (aware) it ends; ``met_at`` when it was met, if so.

    ``rule`` says how it is counted; ``words`` and ``source`` quote what it comes from, and without a source
    it is the office's own custom. ``unknown_years`` are those whose holidays were not known.
    """

    record_id: str
    title: str
    form: str
    unit_id: str
    label: str
    at: datetime
    is_overdue: bool
    rule: str
    words: str
    source: str
    unknown_years: Sequence[int]
    met_at: datetime | None


def begin(office: Office, record: Record, happened: str) -> None:
    """Begin the deadlines that start with this (``submitted`` or ``numbered``) or with an answer now given.

    A new version of the record begins anew what has not been met. Within the caller's transaction.
    """
    if happened == SUBMITTED:
        office.store.execute("DELETE FROM deadline WHERE record_id = ? AND met_at IS NULL", [record.id])
    answers = events.answers(office, record.id, record.values)
    running = {row["key"] for row in office.store.rows_where("deadline", "record_id = ?", [record.id])}
    for deadline in records.form_type_of(office, record).deadlines:
        start = _start(office, deadline, answers, happened)
        applies = deadline.when is None or holds(deadline.when, answers)
        if start is not None and applies and deadline.key not in running:
            _begin(office, record, deadline, start, answers)


def _start(office: Office, deadline: Deadline, answers: Mapping[str, Any], happened: str) -> datetime | None:
    if deadline.start in STARTS:
        return office.clock.now() if deadline.start == happened else None
    given = answers.get(deadline.start)
    return moment(str(given)) if given else None


def _begin(
    office: Office, record: Record, deadline: Deadline, start: datetime, answers: Mapping[str, Any]
) -> None:
    end = due(deadline, start, answers, office.workdays)
    if end is None:
        return
    terms = {
        "label": deadline.label,
        "rule": in_words(deadline),
        "words": deadline.words,
        "source": deadline.source,
        "met_by": deadline.met_by,
        "unknown_years": end.unknown_years,
    }
    row = {"id": new_id(), "record_id": record.id, "key": deadline.key, "unit_id": _unit(deadline, record)}
    row |= {"start": stamp(start), "due": stamp(end.at), "terms": json.dumps(terms, ensure_ascii=False)}
    office.store.insert("deadline", row)


def _unit(deadline: Deadline, record: Record) -> str:
    if deadline.unit.startswith("field:"):
        return str(record.values.get(deadline.unit.removeprefix("field:")) or record.unit_id)
    return record.unit_id if deadline.unit == "own" else deadline.unit


def meet(office: Office, record: Record) -> None:
    """A record has its number: the deadlines it meets in its case, and its own, are met now.

    Within the caller's transaction.
    """
    rows = office.store.query(
        f"SELECT deadline.id, deadline.record_id, terms FROM deadline JOIN record ON {_OF_RECORD}"
        " WHERE met_at IS NULL AND (record.id = ? OR record.case_id = ?)",
        [record.id, record.case_id],
    )
    for row in rows:
        met_by = json.loads(row["terms"])["met_by"]
        if record.form in met_by or (not met_by and row["record_id"] == record.id):
            met = {"met_at": stamp(office.clock.now()), "met_by": record.id}
            office.store.update("deadline", row["id"], met)


def reopen(office: Office, record_id: str) -> None:
    """What a record met is open again, since its number was voided. Within the caller's transaction."""
    office.store.execute("UPDATE deadline SET met_at = NULL, met_by = NULL WHERE met_by = ?", [record_id])


def waiting(office: Office, actor: Account) -> list[Running]:
    """What is still due, the soonest first: of this person's unit, or of all for whoever sees all."""
    mine, params = ("1=1", []) if may(actor, "see_all") else ("deadline.unit_id = ?", [actor.unit_id])
    return _running(office, actor, f"met_at IS NULL AND {mine}", params)


def of_case(office: Office, actor: Account, case_id: str) -> list[Running]:
    """All deadlines of a case that this person may see, met ones too."""
    return _running(office, actor, "record.case_id = ?", [case_id])


def of_record(office: Office, actor: Account, record: Record) -> list[Running]:
    """The deadlines of one record, met ones too."""
    return _running(office, actor, "record.id = ?", [record.id])


def _running(office: Office, actor: Account, where: str, params: list[str]) -> list[Running]:
    scope, scope_params = records_for(actor)
    rows = office.store.query(
        f"SELECT deadline.*, record.title, record.form FROM deadline JOIN record ON {_OF_RECORD}"
        f" WHERE record.state <> 'voided' AND ({where}) AND {scope} ORDER BY due, deadline.id",
        [*params, *scope_params],
    )
    now = office.clock.now()
    return [_of_row(row, now) for row in rows]


def _of_row(row: Mapping[str, Any], now: datetime) -> Running:
    terms, at = json.loads(row["terms"]), parse_stamp(row["due"])
    met_at = parse_stamp(row["met_at"]) if row["met_at"] else None
    return Running(
        record_id=row["record_id"],
        title=row["title"],
        form=row["form"],
        unit_id=row["unit_id"],
        label=terms["label"],
        at=at,
        is_overdue=(met_at or now) > at,
        rule=terms["rule"],
        words=terms["words"],
        source=terms["source"],
        unknown_years=terms["unknown_years"],
        met_at=met_at,
    )
