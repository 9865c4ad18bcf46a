"""What happened to the records that a person may see, from a place in the order on: for programs that follow.

The order is that of the ids of events, which are made inside the one write transaction there is at a time.
What happened within the last moments is left for the next question, so that two events of one millisecond
are never passed over. A page looks at so many events and no more, whoever may see them. Reads only.
"""

from __future__ import annotations

from dataclasses import dataclass

from andu.office.office import Office
from andu.office.scope import records_for
from andu.security.accounts import Account
from andu.security.permissions import require
from andu.store import id_ago

WALKED = 500
"""So many events are looked at for one page."""
SETTLED = 1.0
"""Seconds after which nothing more comes in before an event."""


@dataclass(frozen=True)
class Happened:
    """One event of a record; ``id`` is its place in the order, ``at`` stored UTC text."""

    id: str
    record_id: str
    form: str
    event: str
    at: str


@dataclass(frozen=True)
class Changes:
    """One page, oldest first; ``next`` is where to go on, also when nothing on it was for this person."""

    changes: list[Happened]
    next: str
    is_more: bool


def after(office: Office, actor: Account, place: str) -> Changes:
    """What happened behind this place; '' is the beginning. Raises ``NotAllowed``."""
    require(actor, "see_unit")
    newest = id_ago(SETTLED)
    walked = office.store.query(
        "SELECT id FROM record_event WHERE id > ? AND id < ? ORDER BY id LIMIT ?", [place, newest, WALKED]
    )
    if not walked:
        return Changes([], place, False)
    last = str(walked[-1]["id"])
    scope, params = records_for(office, actor)
    rows = office.store.query(
        "SELECT record_event.id, record_event.record_id, record.form, record_event.event, record_event.at"
        " FROM record_event JOIN record ON record.id = record_event.record_id"
        f" WHERE record_event.id > ? AND record_event.id <= ? AND {scope} ORDER BY record_event.id",
        [place, last, *params],
    )
    return Changes([Happened(**row) for row in rows], last, len(walked) == WALKED)
