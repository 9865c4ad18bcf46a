"""Branches of a case, and whether it is closed. Owns ``case_branch`` and ``case_closing``.

A numbered record opens branches of its cases and ends them, as ``case`` of its form type says; what closes a
case ends the branch without a name. A case is closed from the record on with which it has been closed and no
branch of it is open; whatever opens a branch later opens it again. ``case_branch`` keeps what each record
did, in order; ``case_closing`` follows from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from andu.clock import stamp
from andu.formtypes.acts import Branch
from andu.formtypes.conditions import holds
from andu.formtypes.definition import FormType
from andu.office import events, records
from andu.office.office import Office
from andu.office.records import Record

WHOLE = ""
"""The name under which the case itself is ended."""


@dataclass(frozen=True)
class Closing:
    """What closed a case: the record, its number, its form type, and when (stored UTC text)."""

    record_id: str
    number: str
    form: str
    at: str


@dataclass(frozen=True)
class BranchState:
    """A branch of a case: its name, the record that opened it last, and when it ended (stored), if it has."""

    name: str
    opened_by: str
    ended_at: str


def enter(office: Office, case_id: str, record: Record) -> None:
    """Keep what a record that has its number opens and ends in a case. Within the caller's transaction."""
    form_type = records.form_type_of(office, record)
    answers = events.answers(office, record.id, record.values)
    opened, ended = (
        _names(some, answers) for some in (form_type.case.opens_branch, form_type.case.ends_branch)
    )
    ended += [WHOLE] if closes(form_type, answers) else []
    for name, ends in [*((name, 0) for name in opened), *((name, 1) for name in ended)]:
        row = {"case_id": case_id, "record_id": record.id, "branch": name, "ends": ends}
        office.store.insert("case_branch", row | {"at": stamp(office.clock.now())})
    if opened or ended:
        _settle(office, case_id)


def leave(office: Office, record_id: str) -> None:
    """The number of a record was voided: it opened and ended nothing. Within the caller's transaction."""
    rows = office.store.rows_where("case_branch", "record_id = ?", [record_id])
    office.store.execute("DELETE FROM case_branch WHERE record_id = ?", [record_id])
    for case_id in dict.fromkeys(row["case_id"] for row in rows):
        _settle(office, case_id)


def closing(office: Office, case_id: str) -> Closing | None:
    """What closed a case; None while it is open."""
    rows = office.store.query(
        "SELECT case_closing.record_id, case_closing.at, register.number, register.form FROM case_closing"
        " JOIN register ON register.record_id = case_closing.record_id WHERE case_closing.case_id = ?",
        [case_id],
    )
    return Closing(**rows[0]) if rows else None


def of_case(office: Office, case_id: str) -> list[BranchState]:
    """The branches of a case, in the order in which they were opened."""
    found: dict[str, BranchState] = {}
    for row in _rows(office, case_id):
        name = row["branch"]
        if not row["ends"]:
            found[name] = BranchState(name, row["record_id"], "")
        elif name in found and not found[name].ended_at:
            found[name] = BranchState(name, found[name].opened_by, row["at"])
    return list(found.values())


def _names(branches: Sequence[Branch], answers: Mapping[str, Any]) -> list[str]:
    names = []
    for one in branches:
        if holds(one.when, answers):
            _word, colon, key = one.name.partition("field:")
            names.append(str(answers.get(key) or "") if colon else one.name)
    return [name for name in names if name]


def closes(form_type: FormType, answers: Mapping[str, Any]) -> bool:
    """Whether a record of this form type with these answers closes its case, once no branch is open."""
    when = form_type.case.closes_when
    return form_type.case.closes or (when is not None and holds(when, answers))


def _rows(office: Office, case_id: str) -> list[dict[str, Any]]:
    return office.store.rows_where("case_branch", "case_id = ?", [case_id], order_by="seq")


def _settle(office: Office, case_id: str) -> None:
    """Go through what happened in a case, and keep the row with which it is closed now, if it is."""
    still_open: set[str] = set()
    is_ended, closed = False, None
    for row in _rows(office, case_id):
        if row["ends"]:
            still_open.discard(row["branch"])
            is_ended = is_ended or row["branch"] == WHOLE
        else:
            still_open.add(row["branch"])
            closed = None
        if is_ended and not still_open and closed is None:
            closed = row
    office.store.execute("DELETE FROM case_closing WHERE case_id = ?", [case_id])
    if closed is not None:
        kept = {key: closed[key] for key in ("case_id", "record_id", "at")}
        office.store.insert("case_closing", kept)
