"""Working days: the official calendar with its make-up days, the office's own table before it.

Called by ``deadlines``. A day is looked up in the office's table (``instance/holidays.yaml``, which the
office edits from the State Council's notice of the year), else in the calendar that comes with
``chinesecalendar``, else by the weekday alone; in that last case the answer is marked as not known, so that
a deadline can say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
from flask_babel import gettext as _

from andu.formtypes.faults import nearest
from andu.formtypes.language.text import plain

FILE = "holidays.yaml"
SATURDAY = 5


class HolidaysFault(Exception):
    """The office's table of holidays cannot be read; the Chinese message says where."""


@dataclass(frozen=True)
class Year:
    """The days of one year that differ from their weekday: free ones, and weekends that are worked."""

    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Workdays:
    """Which days are worked. ``tables`` holds the office's own years."""

    tables: Mapping[int, Year] = field(default_factory=dict)

    def source(self, year: int) -> str:
        """Where the days of a year come from: ``office``, ``package``, or empty when nobody knows them."""
        if year in self.tables:
            return "office"
        try:
            chinese_calendar.is_workday(date(year, 1, 1))
        except NotImplementedError:
            return ""
        return "package"

    def is_workday(self, day: date) -> bool:
        """Whether people work on this day."""
        source = self.source(day.year)
        if source == "office":
            table = self.tables[day.year]
            return day in table.work or (day.weekday() < SATURDAY and day not in table.off)
        return bool(chinese_calendar.is_workday(day)) if source else day.weekday() < SATURDAY

    def after(self, start: date, days: int) -> date:
        """The ``days``-th working day after ``start``; the day of the start does not count."""
        day = start
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_workday(day)
        return day

    def unknown_years(self, first: date, last: date) -> list[int]:
        """The years between two days for which no calendar of holidays is there."""
        return [year for year in range(first.year, last.year + 1) if not self.source(year)]


def read_workdays(folder: Path) -> Workdays:
    """The calendar with the office's own table, if ``folder`` has one; raises ``HolidaysFault``.

    The file maps a year to ``holidays`` and ``workdays`` (weekends that are worked), each a list of days
    (``2027-02-06``).
    """
    path = folder / FILE
    if not path.exists():
        return Workdays()
    try:
        return parse_workdays(plain.text_of(path))
    except plain.PlainFault as error:
        raise HolidaysFault(_("%(file)s 读不出来：%(why)s", file=FILE, why=error)) from error


def parse_workdays(text: str) -> Workdays:
    """The same from the text of the table, such as the last good one; raises ``HolidaysFault``."""
    try:
        data, lines = plain.read(text, FILE)
    except plain.PlainFault as error:
        raise HolidaysFault(_("%(file)s 读不出来：%(why)s", file=FILE, why=error)) from error
    try:
        if not isinstance(data, dict):
            raise HolidaysFault(_("%(file)s:1：应当按年份列出节假日。", file=FILE))
        return Workdays({year: _year(year, table, lines) for year, table in data.items()})
    except HolidaysFault as fault:
        raise HolidaysFault(plain.with_slip(str(fault), text, FILE)) from fault


def _year(year: Any, table: Any, lines: Mapping[str, int]) -> Year:
    known = ("holidays", "workdays")
    words = {"file": FILE, "year": year, "line": lines.get(str(year), 1)}
    if not isinstance(year, int) or not isinstance(table, dict):
        raise HolidaysFault(
            _("%(file)s:%(line)s：“%(year)s”应当是年份，下面只有 holidays 和 workdays 两栏。", **words)
        )
    for key in table:
        if key not in known:
            words |= {"line": lines.get(f"{year}.{key}", 1), "key": key, "near": nearest(str(key), known)}
            raise HolidaysFault(
                _("%(file)s:%(line)s：“%(key)s”不是 holidays 和 workdays 中的一栏%(near)s", **words)
            )
    off, work = (_days(year, key, table.get(key) or [], lines) for key in known)
    return Year(off, work)


def _days(year: int, key: str, days: Any, lines: Mapping[str, int]) -> frozenset[date]:
    words = {"file": FILE, "year": year, "line": lines.get(f"{year}.{key}", 1), "key": key}
    if not isinstance(days, list):
        raise HolidaysFault(_("%(file)s:%(line)s：%(key)s 应当是一串日期，如 [2027-02-06]。", **words))
    for index, day in enumerate(days):
        if not isinstance(day, date) or day.year != year:
            words |= {"line": lines.get(f"{year}.{key}[{index}]", 1), "day": day}
            raise HolidaysFault(
                _("%(file)s:%(line)s：“%(day)s”不是 %(year)s 年的日期，要写成 2027-02-06 这样。", **words)
            )
    return frozenset(days)
