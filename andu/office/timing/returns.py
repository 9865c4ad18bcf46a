"""Returns: what every unit of a category owes for each period, and who has not handed it in.

A form type with ``expected`` is a return. Which records there are decides everything; nothing is stored here.
Called by the screens of returns, by the desk, by ``submitting`` (one return for each unit and period) and by
whoever reminds. A return is handed in when it has its number; the period's last day ends at midnight.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from andu.clock import midnight, office_day, parse_stamp
from andu.formtypes.acts import Expected
from andu.formtypes.definition import FormType
from andu.formtypes.kinds.period import bounds, earlier, in_words, period_of
from andu.office import access, offering
from andu.office.errors import NotFound, Refused
from andu.office.office import Office
from andu.office.scope import records_for
from andu.office.timing import deadlines
from andu.office.timing.due import end_of
from andu.security import units
from andu.security.accounts import Account
from andu.security.permissions import may
from andu.security.units import Unit
from andu.store import verbs

LOOK_BACK = 12
"""So many periods before the present one are still asked for on the desk and in reminders."""
EARLY = timedelta(days=400)
"""No return is handed in so long before its period begins: what is older is not looked at."""
REPORTED, SIGNING, RETURNED, MISSING = "reported", "signing", "returned", "missing"


@dataclass(frozen=True)
class UnitsReturn:
    """How one unit stands with one return. ``at`` is when it was numbered.

    ``state``: reported (numbered), signing, returned (to be mended), missing. ``is_overdue``: numbered after
    ``due``, or not yet numbered though ``due`` is past, by a unit that owes it.
    """

    form_type: FormType
    period: str
    unit: Unit
    due: datetime
    state: str
    is_overdue: bool
    record_id: str | None = None
    title: str = ""
    number: str = ""
    at: datetime | None = None

    @property
    def words(self) -> str:
        """The period as people say it."""
        return in_words(self.period)


@dataclass(frozen=True)
class ReturnsOfPeriod:
    """One return for one period: a line for each unit; the periods beside it, where there are any."""

    form_type: FormType
    period: str
    due: datetime
    is_over: bool
    lines: list[UnitsReturn]
    earlier: str | None
    later: str | None

    @property
    def reported(self) -> int:
        """How many units have handed it in."""
        return sum(line.state == REPORTED for line in self.lines)

    @property
    def owing(self) -> list[UnitsReturn]:
        """The lines of the units that have not."""
        return [line for line in self.lines if line.state != REPORTED]


def forms(office: Office) -> list[FormType]:
    """The form types that are returns, in the order of the catalogue."""
    there = (one for one in office.catalogue.all() if one.slug not in office.catalogue.retired)
    return [form_type for form_type in there if form_type.expected]


def expected(form_type: FormType) -> Expected:
    """What a return expects; ``NotFound`` for a form that is none."""
    if form_type.expected is None:
        raise NotFound(form_type.slug)
    return form_type.expected


def find(office: Office, slug: str) -> FormType:
    """The return of this slug; raises ``NotFound``."""
    form_type = office.catalogue.get(slug)
    if form_type is None:
        raise NotFound(slug)
    expected(form_type)
    return form_type


def present(office: Office, form_type: FormType) -> str:
    """The period that is running now."""
    return period_of(office_day(office.clock.now()), _every(form_type))


def watches(office: Office, actor: Account) -> bool:
    """Whether this person looks after the returns of every unit: whoever sees all, and the office itself."""
    return may(actor, "see_all") or deadlines.is_of_the_office(office, actor)


def page(office: Office, actor: Account, form_type: FormType, period: str) -> ReturnsOfPeriod:
    """Who has handed in a return for a period: all units for whoever ``watches``, else the own.

    A line leads to its record only for whoever may see that. What is no period of this return, or has not
    begun, counts as the present one.
    """
    now = present(office, form_type)
    if not fits(form_type, period) or period > now:
        period = now
    since = _in_force_since(office, form_type)
    every = watches(office, actor)
    known = [unit for unit in units.all(office.store) if every or actor.is_of(unit.id)]
    lines = _as_seen(office, actor, _lines(office, form_type, [period], known, since))
    due = end_of(bounds(period)[1])
    before = earlier(period, _every(form_type))
    return ReturnsOfPeriod(
        form_type=form_type,
        period=period,
        due=due,
        is_over=office.clock.now() > due,
        lines=lines,
        earlier=before if bounds(before)[1] >= since else None,
        later=_later(period, form_type) if period < now else None,
    )


def debts(office: Office, actor: Account) -> list[UnitsReturn]:
    """What this person's unit owes now and can be filled by this person, the oldest first."""
    mine = [one for one in forms(office) if offering.may_fill(actor, one)]
    own = [unit for unit in units.all(office.store) if actor.is_of(unit.id)]
    return [line for form_type in mine for line in _owed(office, form_type, own)]


def gaps(office: Office, actor: Account) -> list[ReturnsOfPeriod]:
    """For whoever ``watches``: of each return the last period that is over, where units still owe it."""
    if not watches(office, actor):
        return []
    last = [(one, earlier(present(office, one), _every(one))) for one in forms(office)]
    found = [page(office, actor, form_type, period) for form_type, period in last]
    return [one for one in found if one.owing]


def owed(office: Office) -> list[UnitsReturn]:
    """Everything that any unit owes now, for the office's own reminders; the oldest first."""
    known = units.all(office.store)
    return [line for form_type in forms(office) for line in _owed(office, form_type, known)]


def ended(office: Office, actor: Account, since: date, until: date) -> list[UnitsReturn]:
    """Every line of the periods that end from ``since`` to ``until`` (days, both counted), whoever's turn.

    All units for whoever ``watches``, else the own; no return that is shut to this person.
    """
    shut = access.shut(office, actor)
    every = watches(office, actor)
    known = [unit for unit in units.all(office.store) if every or actor.is_of(unit.id)]
    found: list[UnitsReturn] = []
    for form_type in (one for one in forms(office) if one.slug not in shut):
        began = _in_force_since(office, form_type)
        period, periods = period_of(until, _every(form_type)), list[str]()
        while bounds(period)[1] >= max(since, began):
            periods += [period] if bounds(period)[1] <= until else []
            period = earlier(period, _every(form_type))
        found += _lines(office, form_type, periods, known, began) if periods else []
    return found


def faults(
    office: Office, form_type: FormType, values: Mapping[str, Any], unit_id: str, record_id: str | None
) -> dict[str, str]:
    """Key of the field → why this return may not be submitted: the unit's return for the period is there.

    ``record_id`` is the record that is being revised, if any.
    """
    if form_type.expected is None or form_type.expected.every or not values.get(form_type.expected.period):
        return {}
    key = form_type.expected.period
    first = _handed_in(office, form_type, [str(values[key])]).get((str(values[key]), unit_id))
    if first is None or first["id"] == record_id:
        return {}
    period = in_words(str(values[key]))
    if first["number"]:
        said = _(
            "本单位%(period)s的已经报过，编号 %(number)s。一期只报一份；要更正，先作废那一份。",
            period=period,
            number=first["number"],
        )
    else:
        said = _(
            "本单位%(period)s的已经提交（%(title)s），还没有编号。一期只报一份；要更正，请改那一份。",
            period=period,
            title=first["title"],
        )
    return {key: said}


def refuse_second(
    office: Office, form_type: FormType, values: Mapping[str, Any], unit_id: str, record_id: str | None
) -> None:
    """Raise ``Refused`` where ``faults`` finds one: for the last look, within the caller's transaction."""
    for message in faults(office, form_type, values, unit_id, record_id).values():
        raise Refused(message)


def _as_seen(office: Office, actor: Account, lines: list[UnitsReturn]) -> list[UnitsReturn]:
    scope, params = records_for(office, actor)
    ids = [line.record_id for line in lines if line.record_id]
    if not ids:
        return lines
    marks = ", ".join("?" * len(ids))
    rows = office.store.query(f"SELECT id FROM record WHERE id IN ({marks}) AND {scope}", [*ids, *params])
    seen = {row["id"] for row in rows}
    return [line if line.record_id in seen else replace(line, record_id=None, title="") for line in lines]


def _every(form_type: FormType) -> str:
    return expected(form_type).every or str(form_type.field(expected(form_type).period).settings["every"])


def fits(form_type: FormType, period: str) -> bool:
    """Whether this names a period of the return."""
    try:
        return period_of(bounds(period)[0], _every(form_type)) == period
    except ValueError:
        return False


def _later(period: str, form_type: FormType) -> str:
    last = bounds(period)[1]
    return period_of(date.fromordinal(last.toordinal() + 1), _every(form_type))


def _in_force_since(office: Office, form_type: FormType) -> date:
    """The day since which the office has had the form; today where nobody has used it yet."""
    first = "SELECT min(created_at) AS at FROM form_version WHERE slug = ?"
    at = office.store.query(first, [form_type.slug])[0]["at"]
    return office_day(parse_stamp(at) if at else office.clock.now())


def _owed(office: Office, form_type: FormType, known: Sequence[Unit]) -> list[UnitsReturn]:
    periods = [present(office, form_type)]
    for _n in range(LOOK_BACK):
        periods.append(earlier(periods[-1], _every(form_type)))
    lines = _lines(office, form_type, periods[::-1], known, _in_force_since(office, form_type))
    return [line for line in lines if line.state != REPORTED]


def _lines(
    office: Office, form_type: FormType, periods: Sequence[str], known: Sequence[Unit], since: date
) -> list[UnitsReturn]:
    """A line for each period and each of these units that owes the return for it, or handed one in."""
    there = _handed_in(office, form_type, periods)
    one = expected(form_type).unit
    owing = units.now(office.store, one) if one else ""
    return [
        _line(office, form_type, period, unit, there.get((period, unit.id)), owes)
        for period in periods
        for unit in known
        if (owes := _owes(unit, form_type, period, since, owing)) or (period, unit.id) in there
    ]


def _owes(unit: Unit, form_type: FormType, period: str, since: date, owing: str) -> bool:
    """Whether a unit owes it for a period; ``owing`` is the one unit that does, if one is named."""
    if unit.state != "active":
        return False
    if owing:
        return unit.id == owing and bounds(period)[1] >= since
    if unit.category != expected(form_type).category:
        return False
    return bounds(period)[1].isoformat() >= max(unit.category_since, since.isoformat())


def _line(
    office: Office, form_type: FormType, period: str, unit: Unit, row: Mapping[str, Any] | None, owes: bool
) -> UnitsReturn:
    due = end_of(bounds(period)[1])
    if row is None:
        return UnitsReturn(form_type, period, unit, due, MISSING, office.clock.now() > due)
    at = parse_stamp(row["numbered_at"]) if row["numbered_at"] else None
    state = REPORTED if at else RETURNED if row["state"] == "returned" else SIGNING
    return UnitsReturn(
        form_type=form_type,
        period=period,
        unit=unit,
        due=due,
        state=state,
        # what it is about happened in its period, whenever it was written down
        is_overdue=owes and not (at and expected(form_type).every) and (at or office.clock.now()) > due,
        record_id=row["id"],
        title=row["title"],
        number=row["number"] or "",
        at=at,
    )


def _handed_in(
    office: Office, form_type: FormType, periods: Sequence[str]
) -> dict[tuple[str, str], Mapping[str, Any]]:
    """(period, unit) → its record that is not voided, with its number if it has one; of several the best."""
    period = verbs.member("record.data", expected(form_type).period)
    every, marks = expected(form_type).every, ", ".join("?" * len(periods))
    within, bounding = f"{period} IN ({marks})", [*periods]
    if every and periods:
        ends = [bounds(one) for one in periods]
        within = f"substr({period}, 1, 10) BETWEEN ? AND ?"
        bounding = [min(ends)[0].isoformat(), max(ends)[1].isoformat()]
    first = min((bounds(one)[0] for one in periods), default=date.max)
    rows: Iterator[Mapping[str, Any]] = iter(
        office.store.query(
            f"SELECT record.id, record.unit_id, record.title, record.state, {period} AS period,"
            " register.number, register.numbered_at"
            " FROM record LEFT JOIN register ON register.record_id = record.id"
            " WHERE record.form = ? AND record.created_at >= ? AND record.state <> 'voided'"
            f" AND {within} ORDER BY register.numbered_at IS NOT NULL, register.numbered_at DESC",
            [form_type.slug, midnight(first - EARLY) if periods else "", *bounding],
        )
    )
    return {(period_said(row["period"], every), row["unit_id"]): row for row in rows}


def period_said(answer: str, every: str) -> str:
    """The period an answer names, or in which its day lies."""
    return period_of(date.fromisoformat(answer[:10]), every) if every else answer
