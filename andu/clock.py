"""Time as the office knows it: an injected clock, UTC for storage, Asia/Shanghai for people.

Every module that needs the time takes a ``Clock``; nothing else asks the operating system. Stored
moments are ISO text in UTC that sorts as text (``2026-11-22T01:02:03Z``).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

OFFICE_ZONE = ZoneInfo("Asia/Shanghai")
_STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


class Clock(Protocol):
    """Anything that can say what time it is."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock for tests: stands still until it is advanced."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """The moment it was set to, in UTC."""
        return self.moment

    def advance(self, seconds: float) -> None:
        """Move the clock forward by ``seconds``."""
        self.moment += timedelta(seconds=seconds)


def stamp(moment: datetime) -> str:
    """A moment as stored text: UTC, whole seconds, ``2026-11-22T01:02:03Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_stamp(text: str) -> datetime:
    """The moment behind a stored text; ``ValueError`` for anything else."""
    if not _STAMP.fullmatch(text):
        raise ValueError(f"not a stored moment: {text!r}")
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def midnight(day: date) -> str:
    """The stored moment at which a day of the office begins."""
    return stamp(datetime(day.year, day.month, day.day, tzinfo=OFFICE_ZONE))


def office_day(moment: datetime) -> date:
    """The calendar day in the office at this moment."""
    return moment.astimezone(OFFICE_ZONE).date()


def chinese_date(day: date) -> str:
    """``2026年11月22日``: Arabic digits, no zero padding (GB/T 9704—2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_time(moment: datetime) -> str:
    """``2026年11月22日 14:05``, office time."""
    local = moment.astimezone(OFFICE_ZONE)
    return f"{chinese_date(local.date())} {local:%H:%M}"
