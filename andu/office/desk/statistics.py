"""How many records there are, by form type and by unit, in each state; counts only, of what one may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter

from flask_babel import gettext as _

from andu.clock import midnight
from andu.office.errors import NotAllowed
from andu.office.office import Office
from andu.office.scope import counts_for, not_counted, records_for
from andu.security import units
from andu.security.accounts import Account
from andu.security.permissions import may

STATES = ("signing", "returned", "complete", "numbered", "filed", "voided")


@dataclass(frozen=True)
class StateCounts:
    """One line of counts, by state."""

    label: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All states together."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Statistics:
    """The records submitted from ``since`` to ``until``, both days included."""

    since: date
    until: date
    by_form: list[StateCounts]
    by_unit: list[StateCounts]
    whole: StateCounts


def count(office: Office, actor: Account, since: date, until: date) -> Statistics:
    """The counts for a period, in days of the office. Raises ``NotAllowed``."""
    if not may(actor, "see_register"):
        raise NotAllowed(_("您的岗位不能查看统计。"))
    rows = _counted(office, actor, since, until)
    forms = {one.slug: one.title for one in office.catalogue.all()}
    names, today = {one.id: one.name for one in units.all(office.store)}, units.today(office.store)
    rows = [row | {"unit": today[str(row["unit"])]} for row in rows]
    return Statistics(
        since, until, _lines(rows, "form", forms), _lines(rows, "unit", names), StateCounts("", _sum(rows))
    )


def _counted(office: Office, actor: Account, since: date, until: date) -> list[dict[str, object]]:
    """By the counts that are kept (``store.counts``), or where none are for this person, one by one."""
    seen_by = counts_for(office, actor)
    if seen_by is None:
        return _read(office, records_for(office, actor), since, until)
    kept = office.store.query(
        "SELECT form, unit_id AS unit, state, sum(n) AS n FROM record_count"
        " WHERE seen_by = ? AND day BETWEEN ? AND ? GROUP BY form, unit_id, state HAVING sum(n) <> 0",
        [seen_by, since.isoformat(), until.isoformat()],
    )
    shut = not_counted(office, actor)
    return _without(kept, _read(office, shut, since, until)) if shut else kept


def _read(office: Office, which: tuple[str, list[str]], since: date, until: date) -> list[dict[str, object]]:
    condition, params = which
    return office.store.query(
        "SELECT form, unit_id AS unit, state, count(*) AS n FROM record"
        f" WHERE {condition} AND created_at >= ? AND created_at < ? GROUP BY form, unit_id, state",
        [*params, midnight(since), midnight(until + timedelta(days=1))],
    )


def _without(kept: list[dict[str, object]], shut: list[dict[str, object]]) -> list[dict[str, object]]:
    """The counts less those of what is shut; nothing is left of a line of which all is."""
    what = itemgetter("form", "unit", "state")
    off = {what(row): int(str(row["n"])) for row in shut}
    counted = [{**row, "n": int(str(row["n"])) - off.get(what(row), 0)} for row in kept]
    return [row for row in counted if row["n"]]


def _lines(rows: list[dict[str, object]], key: str, labels: Mapping[str, str]) -> list[StateCounts]:
    """A line for each value of ``key``, in the order of the labels; what has no label any more comes last."""
    there = {str(row[key]) for row in rows}
    order = [one for one in labels if one in there] + sorted(there - labels.keys())
    return [
        StateCounts(labels.get(one, one), _sum([row for row in rows if row[key] == one])) for one in order
    ]


def _sum(rows: list[dict[str, object]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[str(row["state"])] += int(str(row["n"]))
    return counts
