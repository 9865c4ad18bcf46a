"""The figures: what a sheet of figures names, counted for a span of time and for the one before it.

Counts only, of what the person may see: ledgers and ``timeliness`` are asked, nothing is read here. Called by
the screens of figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _

from andu.clock import office_day
from andu.formtypes.beside.figures import LINE, TIMELINESS, UNITS, Chart, FigureSheet, Number, UnitColumn
from andu.office.desk import spans, timeliness
from andu.office.desk.spans import Span
from andu.office.desk.timeliness import Kept, Timeliness
from andu.office.errors import NotAllowed
from andu.office.ledger import ledgers
from andu.office.office import Office
from andu.security import units
from andu.security.accounts import Account
from andu.security.permissions import may

MOST_ROWS = 10
WEEK = 7


@dataclass(frozen=True)
class Told:
    """A number at the top, and the one before; ``out_of`` says of how many it is a part, if it is one."""

    label: str
    now: int
    before: int
    out_of: int | None = None
    out_of_before: int | None = None


@dataclass(frozen=True)
class FigureRow:
    """One line of a chart: its counts, and those before. Of timeliness: in time, late, open and late."""

    label: str
    now: Sequence[int]
    before: Sequence[int]


@dataclass(frozen=True)
class Drawn:
    """A chart with its numbers: the rows from the largest, or week by week.

    Of a table of units ``heads`` are its columns; ``now`` of its rows has for each of them how many there
    were, and of how many that is a part: two numbers a column, the second -1 where it is of none.
    """

    label: str
    kind: str
    rows: list[FigureRow]
    heads: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted at all."""
        return not any(n > 0 for row in self.rows for n in (*row.now, *row.before))


@dataclass(frozen=True)
class CountedSheet:
    """A sheet, counted for ``now`` and ``before``."""

    sheet: FigureSheet
    now: Span
    before: Span
    numbers: list[Told]
    charts: list[Drawn]


def count(office: Office, actor: Account, sheet: FigureSheet, span: Span, against: str) -> CountedSheet:
    """Count a sheet for a span, and for what it is held ``against`` (``spans``). Raises ``NotAllowed``."""
    if not may(actor, "see_register"):
        raise NotAllowed(_("您的岗位不能查看统计。"))
    now = spans.until_today(span, office_day(office.clock.now()))
    counting = _Counting(office, actor, now, spans.before(now, span, against))
    return CountedSheet(
        sheet,
        counting.now,
        counting.before,
        [counting.number(one) for one in sheet.numbers],
        [counting.chart(one) for one in sheet.charts],
    )


class _Counting:
    """The counting of one sheet for one person."""

    def __init__(self, office: Office, actor: Account, now: Span, before: Span) -> None:
        self.office, self.actor, self.now, self.before = office, actor, now, before
        self._read: dict[Span, Kept] = {}

    def number(self, number: Number) -> Told:
        """One number at the top."""
        if number.ledger:
            now, before = (self._rows(number, span) for span in (self.now, self.before))
            return Told(number.label, now, before)
        key = timeliness.key_of_return(number.returns) if number.returns else number.deadline
        now_kept, then_kept = (self._kept(key, span) for span in (self.now, self.before))
        if number.overdue:
            return Told(number.label, now_kept.open_late, then_kept.open_late)
        return Told(number.label, now_kept.in_time, then_kept.in_time, now_kept.ended, then_kept.ended)

    def _rows(self, number: Number, span: Span) -> int:
        if not number.filled:
            days = ledgers.counts_by_day(self.office, self.actor, number.ledger, span.since, span.until)
            return sum(days.values())
        what = number.ledger, number.filled
        return ledgers.filled(self.office, self.actor, *what, span.since, span.until)

    def _tally(self, ledger: str, column: str, span: Span) -> dict[str, int]:
        return ledgers.tally(self.office, self.actor, ledger, column, span.since, span.until)

    def _kept(self, key: str, span: Span) -> Timeliness:
        """How the deadlines of this key were kept, or all of them."""
        return timeliness.whole(self._deadlines(span), key)

    def _deadlines(self, span: Span) -> Kept:
        """How all deadlines of a span were kept, read once."""
        if span not in self._read:
            self._read[span] = timeliness.kept(self.office, self.actor, span.since, span.until)
        return self._read[span]

    def chart(self, chart: Chart) -> Drawn:
        """One chart."""
        if chart.kind == UNITS:
            heads = [column.label for column in chart.columns]
            return Drawn(chart.label, chart.kind, self._units(chart.columns), heads)
        if chart.kind == TIMELINESS:
            rows = self._by_unit()
        elif chart.kind == LINE:
            rows = self._by_week(chart.ledger)
        else:
            rows = self._by_text(chart)
        return Drawn(chart.label, chart.kind, rows)

    def _by_text(self, chart: Chart) -> list[FigureRow]:
        now, before = (self._tally(chart.ledger, chart.by, span) for span in (self.now, self.before))
        counts = {text: ((now.get(text, 0),), (before.get(text, 0),)) for text in {**now, **before}}
        return _largest({text or chart.empty or _("未填"): both for text, both in counts.items()})

    def _by_unit(self) -> list[FigureRow]:
        now, before = (timeliness.of_units(self._deadlines(span)) for span in (self.now, self.before))
        names = {unit.id: unit.name for unit in units.all(self.office.store)}
        both = {unit: (_parts(now.get(unit)), _parts(before.get(unit))) for unit in {**now, **before}}
        counts = {names.get(unit, unit): parts for unit, parts in both.items()}
        return _largest({name: parts for name, parts in counts.items() if any(parts[0] + parts[1])})

    def _units(self, columns: Sequence[UnitColumn]) -> list[FigureRow]:
        """A line for each unit that is open, or of which there is something to say, in the order of units."""
        known = units.all(self.office.store)
        counted = [self._of_units(column) for column in columns]
        shown = [unit for unit in known if may(self.actor, "see_all") or self.actor.is_of(unit.id)]
        rows = [
            FigureRow(unit.name, [n for parts in counted for n in parts.get(unit.name, (0, 0))], ())
            for unit in shown
            if unit.state == "active" or any(unit.name in parts for parts in counted)
        ]
        return rows

    def _of_units(self, column: UnitColumn) -> dict[str, tuple[int, int]]:
        """By the name of a unit: how many, and of how many."""
        if column.ledger:
            counts = self._tally(column.ledger, column.by, self.now)
            names = [unit.name for unit in units.all(self.office.store)]
            return {name: (counts.get(name, 0), -1) for name in names}
        key = timeliness.key_of_return(column.returns) if column.returns else column.deadline
        found = timeliness.of_units(
            {at: one for at, one in self._deadlines(self.now).items() if at[1] == key}
        )
        names_of = {unit.id: unit.name for unit in units.all(self.office.store)}
        return {names_of.get(unit, unit): (one.in_time, one.ended) for unit, one in found.items()}

    def _by_week(self, ledger: str) -> list[FigureRow]:
        """Weeks from the first day; the last may have up to three days more or less, and says how many."""
        weeks: list[tuple[list[int], list[int]]] = [
            ([0], [0]) for _n in range(max(1, round(self.now.days / WEEK)))
        ]
        for span, which in ((self.now, 0), (self.before, 1)):
            counts = ledgers.counts_by_day(self.office, self.actor, ledger, span.since, span.until)
            for day, n in counts.items():
                week = min((day - span.since).days // WEEK, len(weeks) - 1)
                weeks[week][which][0] += n
        firsts = [self.now.since + timedelta(days=WEEK * n) for n in range(len(weeks))]
        labels = [f"{day.month}.{day.day}" for day in firsts]
        last = (self.now.until - firsts[-1]).days + 1
        if last != WEEK:
            labels[-1] += _("（%(n)s 天）", n=last)
        return [FigureRow(label, *both) for label, both in zip(labels, weeks, strict=True)]


def _parts(kept: Timeliness | None) -> tuple[int, ...]:
    return (kept.in_time, kept.late, kept.open_late) if kept else (0, 0, 0)


def _largest(counts: Mapping[str, tuple[Sequence[int], Sequence[int]]]) -> list[FigureRow]:
    """The rows, the largest first; beyond ten the smallest are one row together."""
    rows = [FigureRow(label, *both) for label, both in counts.items()]
    rows.sort(key=lambda row: (-sum(row.now), -sum(row.before), row.label))
    if len(rows) <= MOST_ROWS:
        return rows
    rest = rows[MOST_ROWS - 1 :]
    now, before = ([sum(part) for part in zip(*(getattr(row, name) for row in rest), strict=True)]
                   for name in ("now", "before"))  # fmt: skip
    return [*rows[: MOST_ROWS - 1], FigureRow(_("其他 %(n)s 项", n=len(rest)), now, before)]
