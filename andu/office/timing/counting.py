"""Counting: which deadlines a record has by its form type, each from its start to its end.

Called by ``deadlines``, which keeps them; reads answers, writes nothing. How each rule counts is in ``due``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from andu.formtypes.acts import STARTS, Deadline
from andu.formtypes.conditions import holds
from andu.formtypes.kinds import KINDS
from andu.office import events, records
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from andu.office.timing.due import Due, due, moment
from andu.security import units

LONGEST_MATTER = 60


@dataclass(frozen=True)
class CountedDeadline:
    """A deadline as counted for a record, or for a row of its table (``row`` from 1).

    ``about`` is what is due in that row, as it stands there; '' for the record's own.
    """

    deadline: Deadline
    row: int
    label: str
    about: str
    unit_id: str
    start: datetime
    end: Due


def counted(office: Office, record: Record, happened: str) -> Iterator[CountedDeadline]:
    """The deadlines of a record that start with this (``submitted`` or ``numbered``) or with an answer."""
    answers = events.answers(office, record.id, record.values)
    for deadline in records.form_type_of(office, record).deadlines:
        start = _start(office, deadline, answers, happened)
        if start is None or not holds(deadline.when, answers) or not _concerns(office, deadline, record):
            continue
        for row, place in _rows(deadline, answers):
            end = due(deadline, start, place, office.workdays)
            if end is not None:
                about = _about(office, record, deadline, place) if row else ""
                unit_id = units.now(office.store, _unit(deadline, record, place))
                yield CountedDeadline(deadline, row, _label(deadline, about), about, unit_id, start, end)


def _concerns(office: Office, deadline: Deadline, record: Record) -> bool:
    """Whether it runs for records of this unit."""
    unit_id = units.now(office.store, record.unit_id)
    only, never = (
        {units.now(office.store, one) for one in some} for some in (deadline.only_of, deadline.not_of)
    )
    return (not only or unit_id in only) and unit_id not in never


def _start(office: Office, deadline: Deadline, answers: Mapping[str, Any], happened: str) -> datetime | None:
    if deadline.start in STARTS:
        return office.clock.now() if deadline.start == happened else None
    given = answers.get(deadline.start)
    return moment(str(given)) if given else None


def _rows(deadline: Deadline, answers: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    """The answers a deadline is counted by: the record's own, those of each row of its table before them."""
    if not deadline.each:
        return [(0, answers)]
    rows = answers.get(deadline.each) or []
    return [(number, {**answers, **row}) for number, row in enumerate(rows, start=1)]


def _about(office: Office, record: Record, deadline: Deadline, row: Mapping[str, Any]) -> str:
    table = records.form_type_of(office, record).field(deadline.each)
    column = next(column for column in table.columns if column.key == deadline.about)
    directory = OfficeDirectory(office, records.author(office, record.author_id))
    return KINDS[column.kind].ledger(column, row.get(deadline.about), directory)


def _label(deadline: Deadline, matter: str) -> str:
    cut = matter if len(matter) <= LONGEST_MATTER else matter[: LONGEST_MATTER - 1] + "…"
    return f"{deadline.label}：{cut}" if cut else deadline.label


def _unit(deadline: Deadline, record: Record, answers: Mapping[str, Any]) -> str:
    if deadline.unit.startswith("field:"):
        return str(answers.get(deadline.unit.removeprefix("field:")) or record.unit_id)
    return record.unit_id if deadline.unit == "own" else deadline.unit
