"""Timeliness: how many deadlines each unit met in time, met late, or let pass, for a period.

Read-only: they are kept counted by day (``store.counts``), and only those that end today are read. Called by
figures and by the list for supervision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from andu.clock import midnight, office_day, stamp
from andu.office.office import Office
from andu.office.scope import counts_for, not_counted, records_for
from andu.office.timing import returns
from andu.office.timing.returns import REPORTED, UnitsReturn
from andu.security import units
from andu.security.accounts import Account


@dataclass(frozen=True)
class Timeliness:
    """Of the deadlines that ended within a period: how many were kept, and how many were not."""

    in_time: int
    late: int
    open_late: int
    running: int

    @property
    def ended(self) -> int:
        """All but those that are still running."""
        return self.in_time + self.late + self.open_late

    def __sub__(self, other: Timeliness) -> Timeliness:
        """What is left without the other."""
        return Timeliness(
            self.in_time - other.in_time,
            self.late - other.late,
            self.open_late - other.open_late,
            self.running - other.running,
        )

    def __add__(self, other: Timeliness) -> Timeliness:
        """Both together."""
        return Timeliness(
            self.in_time + other.in_time,
            self.late + other.late,
            self.open_late + other.open_late,
            self.running + other.running,
        )


NONE = Timeliness(0, 0, 0, 0)
Kept = Mapping[tuple[str, str], Timeliness]
"""The id of a unit and the key of a deadline (or ``key_of_return``) → how such were kept."""


def kept(office: Office, actor: Account, since: date, until: date) -> Kept:
    """How the deadlines that end from ``since`` to ``until`` (days, both counted) were kept, in one reading.

    An extension counts: the end is the present one. Only of records this person may see, none of voided
    ones; what a closed case left undone counts where it was late by then. Returns count as well, at the end
    of their period: one that is missing then is open and late.
    """
    found = dict(_kept(office, actor, since, until))
    for line in returns.ended(office, actor, since, until):
        about = line.unit.id, key_of_return(line.form_type.slug)
        found[about] = found.get(about, NONE) + _of_return(line)
    return found


def key_of_return(slug: str) -> str:
    """Under which key a return is counted beside deadlines."""
    return f"return:{slug}"


def _of_return(line: UnitsReturn) -> Timeliness:
    if line.state == REPORTED:
        return replace(NONE, late=1) if line.is_overdue else replace(NONE, in_time=1)
    return replace(NONE, open_late=1) if line.is_overdue else replace(NONE, running=1)


def _kept(office: Office, actor: Account, since: date, until: date) -> Kept:
    seen_by = counts_for(office, actor)
    seen = records_for(office, actor)
    if seen_by is None:
        return _read(office, seen, since, until, "1=1")
    today = office_day(office.clock.now())
    found = _without_shut(office, actor, _counted(office, seen_by, since, until, today), since, until)
    if since <= today <= until:  # of these it depends on the hour
        for about, one in _read(office, seen, today, today, "met_at IS NULL AND lapsed_at IS NULL").items():
            found[about] = found.get(about, NONE) + one
    return found


def _without_shut(
    office: Office, actor: Account, found: dict[tuple[str, str], Timeliness], since: date, until: date
) -> dict[tuple[str, str], Timeliness]:
    """The counts less those of what is shut to this person; what is open and ends today was not counted."""
    shut = not_counted(office, actor)
    if shut is None:
        return found
    today = office_day(office.clock.now())
    counted = "(met_at IS NOT NULL OR lapsed_at IS NOT NULL OR due < ? OR due >= ?)"
    ends = [midnight(today), midnight(today + timedelta(days=1))]
    off = _read(office, shut, since, until, counted, ends)
    left = {about: one - off.get(about, NONE) for about, one in found.items()}
    return {about: one for about, one in left.items() if one != NONE}


def _counted(
    office: Office, seen_by: str, since: date, until: date, today: date
) -> dict[tuple[str, str], Timeliness]:
    """From the counts of each day; what is open is late before today, and runs on after it."""
    rows = office.store.query(
        "SELECT unit_id, key, sum(n) AS n,"
        " CASE WHEN kind <> 'open' THEN kind WHEN day < ? THEN 'open_late' ELSE 'running' END AS kind"
        " FROM deadline_count"
        " WHERE seen_by = ? AND day BETWEEN ? AND ? AND (kind <> 'open' OR day <> ?) GROUP BY 1, 2, 4",
        [today.isoformat(), seen_by, since.isoformat(), until.isoformat(), today.isoformat()],
    )
    units_now, found = units.today(office.store), dict[tuple[str, str], Timeliness]()
    for row in rows:
        about = units_now[row["unit_id"]], row["key"]
        found[about] = found.get(about, NONE) + replace(NONE, **{row["kind"]: row["n"]})
    return found


def _read(
    office: Office,
    seen: tuple[str, list[str]],
    since: date,
    until: date,
    which: str,
    asked: Sequence[str] = (),
) -> dict[tuple[str, str], Timeliness]:
    """Read one by one, of the records that are ``seen`` those deadlines that are ``which``."""
    scope, params = seen
    now = stamp(office.clock.now())
    rows = office.store.query(
        "SELECT deadline.unit_id, deadline.key, count(CASE WHEN met_at <= due THEN 1 END) AS in_time,"
        " count(CASE WHEN met_at > due THEN 1 END) AS late,"
        " count(CASE WHEN met_at IS NULL AND due < COALESCE(lapsed_at, ?) THEN 1 END) AS open_late,"
        " count(CASE WHEN met_at IS NULL AND lapsed_at IS NULL AND due >= ? THEN 1 END) AS running"
        " FROM deadline JOIN record ON record.id = deadline.record_id"
        f" WHERE {which} AND record.state <> 'voided' AND due >= ? AND due < ? AND {scope} GROUP BY 1, 2",
        [now, now, *asked, midnight(since), midnight(until + timedelta(days=1)), *params],
    )
    today, found = units.today(office.store), dict[tuple[str, str], Timeliness]()
    for row in rows:
        one = Timeliness(row["in_time"], row["late"], row["open_late"], row["running"])
        place = (today[row["unit_id"]], row["key"])
        found[place] = found.get(place, NONE) + one
    return found


def by_unit(office: Office, actor: Account, since: date, until: date) -> dict[str, Timeliness]:
    """Unit id → how its deadlines of this time were kept; see ``kept``."""
    return of_units(kept(office, actor, since, until))


def of_units(found: Kept) -> dict[str, Timeliness]:
    """The same, unit by unit."""
    counted: dict[str, Timeliness] = {}
    for (unit_id, _key), one in found.items():
        counted[unit_id] = counted.get(unit_id, NONE) + one
    return counted


def whole(found: Kept, key: str = "") -> Timeliness:
    """All units together; with a key, of the deadlines of that key."""
    return sum((one for (_unit, of), one in found.items() if key in ("", of)), NONE)
