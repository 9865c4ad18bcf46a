"""Reminders of returns: written once for each unit, return and period, before its end and when it has passed.
Owns table ``return_reminder``.

``timer`` writes them, in one worker of all machines at a time; a unique row makes each one all the same.
After the machine was off only the latest stage is written. The desk shows what is owed as long as it is owed
(``returns.debts``); the row and the audit log say that it was reminded of.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from andu.clock import OFFICE_ZONE, office_day, stamp
from andu.office.office import Office
from andu.office.timing import returns
from andu.office.timing.returns import UnitsReturn
from andu.store import new_id, work

SOON, OVERDUE = "soon", "overdue"


def write_due(office: Office) -> int:
    """Write what is to be reminded of now and was not yet; returns how many."""
    if not _missing(office):
        return 0
    with work.chore(office.store, "return reminders") as is_mine:
        return sum(_write(office, *one) for one in _missing(office)) if is_mine else 0


def _missing(office: Office) -> list[tuple[UnitsReturn, str]]:
    waiting = [(line, _stage(office, line)) for line in returns.owed(office)]
    known = {
        (row["form"], row["unit_id"], row["period"], row["stage"])
        for row in office.store.rows_where("return_reminder")
    }
    return [(line, stage) for line, stage in waiting if stage and (*_what(line), stage) not in known]


def soon_from(office: Office, due: datetime) -> datetime:
    """From when a return is reminded of: the morning of the last working day before the day it is due."""
    day = office_day(due) - timedelta(days=1)
    while not office.workdays.is_workday(day):
        day -= timedelta(days=1)
    return datetime.combine(day, time(), OFFICE_ZONE)


def _stage(office: Office, line: UnitsReturn) -> str:
    if line.is_overdue:
        return OVERDUE
    return SOON if office.clock.now() >= soon_from(office, line.due) else ""


def _what(line: UnitsReturn) -> tuple[str, str, str]:
    return line.form_type.slug, line.unit.id, line.period


def _write(office: Office, line: UnitsReturn, stage: str) -> int:
    with office.store.write():
        new = office.store.execute(
            "INSERT INTO return_reminder (id, form, unit_id, period, stage, at) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (form, unit_id, period, stage) DO NOTHING",
            [new_id(), *_what(line), stage, stamp(office.clock.now())],
        )
        if new:
            said = dict(zip(("form", "unit", "period"), _what(line), strict=True))
            office.note(line.unit.id, None, "return_reminded", **said, stage=stage)
    return new
