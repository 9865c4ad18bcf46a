"""When a deadline is due: the closed list of ways to count, each a small function from its start.

Called by ``deadlines``. Days are days of the office (Asia/Shanghai) and end at midnight; hours run by the
clock, through nights and holidays. 《信访工作条例》 counts natural days; words that say nothing of working
days mean natural days too.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from andu.clock import OFFICE_ZONE, office_day
from andu.formtypes.acts import FIELD_RULES, Deadline
from andu.office.workdays import Workdays

LAST_MINUTE = time(23, 59, 59)
HALF = 15


@dataclass(frozen=True)
class Due:
    """The moment (aware) a deadline ends, and the years whose holidays were not known when it was counted."""

    at: datetime
    unknown_years: tuple[int, ...] = ()


def end_of(day: date) -> datetime:
    """The last minute of a day in the office."""
    return datetime.combine(day, LAST_MINUTE, OFFICE_ZONE)


def due(deadline: Deadline, start: datetime, values: Mapping[str, Any], workdays: Workdays) -> Due | None:
    """When a deadline that began at ``start`` ends; None where the answer it goes by is not given."""
    if deadline.rule == "workdays":
        first, last = office_day(start), workdays.after(office_day(start), deadline.n)
        return Due(end_of(last), tuple(workdays.unknown_years(first, last)))
    if deadline.rule in FIELD_RULES:
        given = values.get(deadline.field)
        at = moment(str(given)) if given else None
        if at is None:
            return None
        return Due(at if deadline.rule == "field" else end_of(office_day(at)))
    return Due(_COUNTED[deadline.rule](start, deadline.n))


def moment(answer: str) -> datetime:
    """The moment an answer of kind date or datetime names; of a date, its last minute."""
    if "T" not in answer:
        return end_of(date.fromisoformat(answer))
    return datetime.fromisoformat(answer).replace(tzinfo=OFFICE_ZONE)


def _half_month(start: datetime, _n: int) -> datetime:
    day = office_day(start)
    return end_of(day.replace(day=HALF)) if day.day <= HALF else _month_end(start, _n)


def _month_end(start: datetime, _n: int) -> datetime:
    day = office_day(start)
    return end_of(day.replace(day=calendar.monthrange(day.year, day.month)[1]))


_COUNTED: dict[str, Callable[[datetime, int], datetime]] = {
    "same_day": lambda start, _n: end_of(office_day(start)),
    "hours": lambda start, n: start + timedelta(hours=n),
    "days": lambda start, n: end_of(office_day(start) + timedelta(days=n)),
    "half_month": _half_month,
    "month_end": _month_end,
}


def in_words(deadline: Deadline) -> str:
    """The rule as a person would say it."""
    return {
        "same_day": "当日（自然日，24 时止）",
        "hours": f"{deadline.n} 小时内（按钟点，节假日照算）",
        "days": f"{deadline.n} 日内（自然日，起算当天不计）",
        "workdays": f"{deadline.n} 个工作日内（起算当天不计）",
        "half_month": "本半月内（15 日或月末止）",
        "month_end": "本月内",
        "field": "按填写的期限",
        "day_of_field": "按填写的日期（当日 24 时止）",
    }[deadline.rule]
