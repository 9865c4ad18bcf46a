"""Timeliness: how many deadlines each unit met in time, met late, or let pass, for a period.

Read-only, over the table of ``deadlines``. Called by figures and by the list for supervision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from andu.clock import midnight, stamp
from andu.office.office import Office
from andu.office.scope import records_for
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


def by_unit(office: Office, actor: Account, since: date, until: date) -> dict[str, Timeliness]:
    """Unit id → timeliness of the deadlines that end from ``since`` to ``until`` (days, both counted).

    An extension counts: the end is the present one. Only of records this person may see, none of voided
    ones; what a closed case left undone counts where it was late by then.
    """
    return _kept(office, actor, since, until, "deadline.unit_id", "1=1", [])


def whole(office: Office, actor: Account, since: date, until: date, key: str = "") -> Timeliness:
    """The timeliness of all units together, as in ``by_unit``; with a key, of the deadlines of that key."""
    where, params = ("deadline.key = ?", [key]) if key else ("1=1", [])
    return _kept(office, actor, since, until, "''", where, params).get("", Timeliness(0, 0, 0, 0))


def _kept(
    office: Office, actor: Account, since: date, until: date, group: str, where: str, more: list[str]
) -> dict[str, Timeliness]:
    scope, params = records_for(office, actor)
    now = stamp(office.clock.now())
    rows = office.store.query(
        f"SELECT {group} AS whose, SUM(met_at <= due) AS in_time, SUM(met_at > due) AS late,"
        " SUM(met_at IS NULL AND due < COALESCE(lapsed_at, ?)) AS open_late,"
        " SUM(met_at IS NULL AND lapsed_at IS NULL AND due >= ?) AS running"
        " FROM deadline JOIN record ON record.id = deadline.record_id"
        f" WHERE record.state <> 'voided' AND due >= ? AND due < ? AND {where} AND {scope} GROUP BY 1",
        [now, now, midnight(since), midnight(until + timedelta(days=1)), *more, *params],
    )
    return {
        row["whose"]: Timeliness(row["in_time"] or 0, row["late"] or 0, row["open_late"], row["running"])
        for row in rows
    }
