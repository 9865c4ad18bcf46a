"""Spans of time that figures are counted for: months, quarters, years, campaigns, or any two days.

Called by ``figures``. A span that is still running ends today, and is then held against as much of the one
before it.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask_babel import gettext as _

from andu.clock import chinese_date
from andu.office.config import Config

DAYS, CAMPAIGN = "days", "campaign-"
BEFORE, YEAR_BEFORE = "before", "year"
MONTHS, QUARTERS, YEARS = 13, 5, 2
_MONTHS_OF = re.compile(r"(20[0-9]{2})(?:-(0[1-9]|1[0-2])|-Q([1-4]))?")


@dataclass(frozen=True)
class Span:
    """From the first to the last day, both counted. ``months`` is its length where it is of whole months;
    ``key`` names it in links.
    """

    key: str
    label: str
    since: date
    until: date
    months: int = 0

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days + 1


def offered(config: Config, today: date) -> list[tuple[str, list[Span]]]:
    """What can be chosen, by heading: campaigns, the latest months, quarters and years."""
    campaigns = [_campaign(config, key) for key in config.campaigns]
    groups = [
        (_("专项行动"), sorted(campaigns, key=lambda one: one.since, reverse=True)),
        (_("月"), list(_latest(today, 1, MONTHS))),
        (_("季度"), list(_latest(today, 3, QUARTERS))),
        (_("年"), list(_latest(today, 12, YEARS))),
    ]
    return [(heading, spans) for heading, spans in groups if spans]


def usual(config: Config, today: date) -> Span:
    """What is shown first: the campaign that runs now, else this month."""
    campaigns = [_campaign(config, key) for key in config.campaigns]
    running = [one for one in campaigns if one.since <= today <= one.until]
    return running[0] if running else next(_latest(today, 1, 1))


def chosen(config: Config, key: str) -> Span | None:
    """The span of this key; None for what is none."""
    if key.removeprefix(CAMPAIGN) in config.campaigns and key.startswith(CAMPAIGN):
        return _campaign(config, key.removeprefix(CAMPAIGN))
    found = _MONTHS_OF.fullmatch(key)
    if not found:
        return None
    if found[2]:
        return _whole(int(found[1]), int(found[2]), 1)
    if found[3]:
        return _whole(int(found[1]), int(found[3]) * 3 - 2, 3)
    return _whole(int(found[1]), 1, 12)


def of_days(since: date, until: date) -> Span:
    """Any two days, the first not after the last."""
    label = _("%(since)s至%(until)s", since=chinese_date(since), until=chinese_date(until))
    return Span(DAYS, label, since, until)


def until_today(span: Span, today: date) -> Span:
    """The span as far as it has come."""
    return replace(span, until=today) if span.since <= today < span.until else span


def before(span: Span, whole: Span, against: str) -> Span:
    """What a span is held against: as many days before it, or the same days a year before.

    ``whole`` is the span with the days still to come. Of whole months the ones before are taken.
    """
    if against == YEAR_BEFORE:
        since, until = _year_before(span.since), _year_before(span.until)
    elif whole.months:
        since = _first_of(whole.since.year, whole.since.month - whole.months)
        last = whole.since - timedelta(days=1)
        until = last if span == whole else min(last, since + timedelta(days=span.days - 1))
    else:
        since, until = span.since - timedelta(days=span.days), span.since - timedelta(days=1)
    return of_days(since, until)


def _campaign(config: Config, key: str) -> Span:
    one = config.campaigns[key]
    return Span(CAMPAIGN + key, one.label, one.since, one.until)


def _latest(today: date, months: int, how_many: int) -> Iterator[Span]:
    first = (today.month - 1) // months * months + 1
    for n in range(how_many):
        day = _first_of(today.year, first - n * months)
        yield _whole(day.year, day.month, months)


def _whole(year: int, month: int, months: int) -> Span:
    since = _first_of(year, month)
    end = _first_of(year, month + months - 1)
    until = end.replace(day=calendar.monthrange(end.year, end.month)[1])
    if months == 1:
        return Span(f"{year}-{month:02}", _("%(year)s年%(month)s月", year=year, month=month), since, until, 1)
    if months == 3:
        n = (month + 2) // 3
        return Span(f"{year}-Q{n}", _("%(year)s年第%(n)s季度", year=year, n=n), since, until, 3)
    return Span(str(year), _("%(year)s年", year=year), since, until, 12)


def _first_of(year: int, month: int) -> date:
    """The first day of a month, which may lie outside its year: month 0 is December before."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _year_before(day: date) -> date:
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))
