"""Days, and days with a time.

Values are ISO text in the office's own time, as the browser's inputs give it; samples lie well in the past.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from andu.clock import OFFICE_ZONE, chinese_date, office_day
from andu.formtypes.definition import Field
from andu.formtypes.directory import Directory
from andu.formtypes.kinds.base import Kind, Start
from andu.formtypes.kinds.cleaning import half_width, trimmed
from andu.formtypes.language.readers import Key, Text

DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
TIME = re.compile(
    r"(上午|下午)?([0-9]{1,2})"
    r"(?:[时点]整?|[:时点]([0-9]{1,2})(?::[0-9]{2}(?:\.[0-9]+)?|分(?:[0-9]{1,2}秒)?)?)"
)
YEARS = range(1900, 2201)
SAMPLE_DAY = "2025-03-05"
WIDEST_DAY = "2024-12-30"


def _day(text: str) -> date | None:
    found = DAY.fullmatch(text) or DIGITS.fullmatch(text)
    if not found or int(found[1]) not in YEARS:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def _time(text: str) -> str | None:
    found = TIME.fullmatch(text)
    if not found:
        return None
    hour, minute = int(found[2]), int(found[3] or 0)
    if found[1] == "下午" and hour < 12:
        hour += 12
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def _within(field: Field, day: str) -> str:
    return min(max(day, field.settings["earliest"] or day), field.settings["latest"] or day)


class DateKind(Kind):
    """A day."""

    name = "date"
    title = "日期"
    is_dated = True
    is_for_once = True
    doc = (
        "A day. 2026-11-22, 2026/11/22, 2026.11.22, 2026年11月22日 and 20261122 are all understood. "
        "On paper 2026年11月22日."
    )
    json = "text 2026-11-22"
    starts = {"today": "the day the draft begins"}
    settings = {
        "earliest": Key(Text(10), "Earliest day.", "2020-01-01"),
        "latest": Key(Text(10), "Latest day.", "2099-12-31"),
    }
    native = "date"

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "format": "date"}

    def clean(self, raw: str) -> str:
        return re.sub(r"\s+", " ", half_width(trimmed(raw))).strip()

    def attrs(self, field: Field, typed: str) -> dict[str, Any]:
        # The browser's own input shows nothing of a text that is no date; what was typed must stay visible.
        readable = not typed.strip() or self._iso(self.clean(typed)) is not None
        return {"type": self.native if readable else "text", "autocomplete": "off"}

    def shown(self, field: Field, typed: str) -> str:
        return self._iso(self.clean(typed)) or typed

    def value(self, field: Field, text: str, directory: Directory) -> str:
        iso = self._iso(text)
        if iso is None:
            raise ValueError(self.missing(field))
        earliest, latest = field.settings["earliest"], field.settings["latest"]
        if earliest and iso[:10] < earliest:
            raise ValueError(_("不能早于 %(day)s", day=earliest))
        if latest and iso[:10] > latest:
            raise ValueError(_("不能晚于 %(day)s", day=latest))
        return iso

    def missing(self, field: Field) -> str:
        return _("请填写日期，例如 %(example)s", example=field.example or "2026-11-22")

    def _iso(self, text: str) -> str | None:
        day = _day(text.replace(" ", ""))
        return day.isoformat() if day else None

    def start_word(self, field: Field, start: Start, directory: Directory) -> str:
        return office_day(start.now).isoformat()

    def paper(self, field: Field, value: Any, directory: Directory) -> str:
        return chinese_date(date.fromisoformat(value))

    def ledger(self, field: Field, value: Any, directory: Directory) -> str:
        return str(value or "")

    def sample(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> str:
        return _within(field, SAMPLE_DAY)

    def worst(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> str:
        return _within(field, WIDEST_DAY)

    def faults(self, field: Field, fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
        for name in ("earliest", "latest"):
            text = field.settings.get(name)
            day = _day(text or "")
            if text and (day is None or day.isoformat() != text):
                yield name, _("应当是日期，例如 2026-11-22")

    def of_moment(self, moment: datetime) -> Any:
        """Its day."""
        return office_day(moment).isoformat()


class DateTimeKind(DateKind):
    """A day and a time, to the minute."""

    name = "datetime"
    title = "日期和时间"
    doc = (
        "A day and a time of day in the office's zone, to the minute. The days as in `date`, the time 14:30, "
        "14时30分 or 下午2点30分. On paper 2026年11月22日 14:30."
    )
    json = "text 2026-11-22T14:30"
    starts = {"now": "the moment the draft begins"}
    native = "datetime-local"

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$"}

    def missing(self, field: Field) -> str:
        return _("请填写日期和时间，例如 %(example)s", example=field.example or "2026-11-22 14:30")

    def _iso(self, text: str) -> str | None:
        split = re.fullmatch(r"(.*?日|[0-9]{8}|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2})[ T]?(.+)", text)
        if not split:
            return None
        day, time = _day(split[1].replace(" ", "")), _time(split[2].replace(" ", ""))
        return f"{day.isoformat()}T{time}" if day and time else None

    def start_word(self, field: Field, start: Start, directory: Directory) -> str:
        return start.now.astimezone(OFFICE_ZONE).strftime("%Y-%m-%dT%H:%M")

    def paper(self, field: Field, value: Any, directory: Directory) -> str:
        moment = datetime.fromisoformat(value)
        return f"{chinese_date(moment.date())} {moment:%H:%M}"

    def ledger(self, field: Field, value: Any, directory: Directory) -> str:
        return str(value or "").replace("T", " ")

    def sample(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> str:
        return f"{_within(field, SAMPLE_DAY)}T09:30"

    def worst(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> str:
        return f"{_within(field, WIDEST_DAY)}T20:48"

    def of_moment(self, moment: datetime) -> Any:
        """The moment itself, to the minute."""
        return moment.astimezone(OFFICE_ZONE).strftime("%Y-%m-%dT%H:%M")
