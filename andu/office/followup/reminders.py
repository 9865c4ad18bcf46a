"""Reminders: written once for each deadline and end, before it and when it has passed. Owns tables
``reminder`` and ``reminder_away``.

``timer`` writes them, in one worker of all machines at a time; a unique row makes each one all the same.
After the machine was off only the latest stage is written. The desk shows them until the deadline is met, put
off, or the reader puts their own away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from andu.clock import stamp
from andu.office.errors import NotFound
from andu.office.office import Office
from andu.office.timing import deadlines
from andu.office.timing.deadlines import Running
from andu.security.accounts import Account
from andu.security.permissions import may
from andu.store import new_id, work

SOON, OVERDUE = "soon", "overdue"
AT_ONCE = 200
MOST = 50


@dataclass(frozen=True)
class Reminder:
    """A reminder on somebody's desk. ``stage``: soon or overdue; ``at`` is stored UTC text."""

    id: str
    stage: str
    at: str
    deadline: Running


# --- writing --------------------------------------------------------------------------------------

_STAGE = "CASE WHEN deadline.due <= ? THEN 'overdue' ELSE 'soon' END"


def write_due(office: Office) -> int:
    """Write what is to be reminded of now and was not yet; returns how many. Safe in many workers at once."""
    if not _missing(office):
        return 0
    with work.chore(office.store, "reminders") as is_mine:
        return _write_all(office) if is_mine else 0


def _write_all(office: Office) -> int:
    written = 0
    while rows := _missing(office):
        with office.store.write():
            written += sum(_write(office, row) for row in rows)
        if len(rows) < AT_ONCE:
            break
    return written


def _missing(office: Office) -> list[dict[str, Any]]:
    """Two stretches of two indexes, which hold only what was not told yet."""
    now = stamp(office.clock.now())
    about = "SELECT deadline.id, deadline.unit_id, deadline.due"
    return office.store.query(
        f"{about}, 'overdue' AS stage FROM deadline"
        f" WHERE {deadlines.OPEN} AND told <> 'overdue' AND deadline.due <= ?"
        f" UNION ALL {about}, 'soon' AS stage FROM deadline"
        f" WHERE {deadlines.OPEN} AND told = '' AND deadline.remind_at <= ? AND deadline.due > ? LIMIT ?",
        [now, now, now, AT_ONCE],
    )


def _write(office: Office, row: Mapping[str, Any]) -> int:
    new = office.store.execute(
        "INSERT INTO reminder (id, deadline_id, due, stage, at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (deadline_id, due, stage) DO NOTHING",
        [new_id(), row["id"], row["due"], row["stage"], stamp(office.clock.now())],
    )
    deadlines.note_told(office, row["id"], row["stage"])
    if new:
        office.note(row["unit_id"], None, "reminder_written", deadline=row["id"], stage=row["stage"])
    else:
        office.store.bind()
    return new


# --- reading, and putting away ---------------------------------------------------------------------


def on_desk(office: Office, actor: Account) -> list[Reminder]:
    """What this person is reminded of, the soonest first, at most 50.

    The unit's people are reminded of all that is theirs; whoever sees all and signs, of what is overdue
    anywhere.
    """
    if not (may(actor, "fill") or may(actor, "sign")):
        return []
    now, all_late = stamp(office.clock.now()), may(actor, "see_all")
    rows = office.store.query(
        "SELECT reminder.id, reminder.stage, reminder.at, reminder.deadline_id"
        " FROM deadline CROSS JOIN reminder"
        " WHERE reminder.deadline_id = deadline.id AND reminder.due = deadline.due"
        f" AND {deadlines.OPEN} AND reminder.stage = {_STAGE}"
        f" AND {'(deadline.unit_id = ? OR deadline.due <= ?)' if all_late else 'deadline.unit_id = ?'}"
        " AND NOT EXISTS (SELECT 1 FROM reminder_away"
        " WHERE reminder_away.reminder_id = reminder.id AND reminder_away.account_id = ?)"
        f" ORDER BY deadline.due, deadline.id LIMIT {MOST}",
        [now, actor.unit_id, *([now] if all_late else []), actor.id],
    )
    running = {one.id: one for one in deadlines.some(office, actor, [row["deadline_id"] for row in rows])}
    return [
        Reminder(row["id"], row["stage"], row["at"], running[row["deadline_id"]])
        for row in rows
        if row["deadline_id"] in running
    ]


def put_away(office: Office, actor: Account, reminder_id: str) -> None:
    """Take a reminder off this person's own desk; raises ``NotFound`` for one that is not on it."""
    with office.store.write():
        if reminder_id not in {one.id for one in on_desk(office, actor)}:
            raise NotFound(reminder_id)
        away = {"reminder_id": reminder_id, "account_id": actor.id, "at": stamp(office.clock.now())}
        office.store.insert("reminder_away", away)
