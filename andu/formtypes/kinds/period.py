"""A reporting period: half a month or a month.

The value is `2026-11-1` (first half), `2026-11-2` (second half) or `2026-11` (the month); it sorts as text.
"""

import calendar
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from wtforms.widgets import TextInput

from andu.clock import office_day
from andu.formtypes.definition import Field
from andu.formtypes.directory import Directory
from andu.formtypes.kinds.base import Kind, Start
from andu.formtypes.kinds.cleaning import half_width, trimmed
from andu.formtypes.kinds.inputs import Option, OptionSelect
from andu.formtypes.language.readers import Key, OneOf

EVERY = ("half_month", "month")
MIDDLE = 15
SHOWN = 13
YEARS = range(1900, 2201)
SAMPLE_DAY = date(2025, 3, 5)
WIDEST_DAY = date(2024, 12, 30)
VALUE = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])(?:-([12]))?")
WRITTEN = re.compile(r"([0-9]{4})年([0-9]{1,2})月(上半月|下半月)?")
HALVES = {"上半月": "1", "下半月": "2"}


def period_of(day: date, every: str) -> str:
    """The period of this length that a day belongs to."""
    month = f"{day:%Y-%m}"
    return month if every == "month" else f"{month}-{1 if day.day <= MIDDLE else 2}"


def bounds(period: str) -> tuple[date, date]:
    """The first and the last day of a period; raises ValueError for what is none."""
    found = VALUE.fullmatch(period)
    if not found:
        raise ValueError(period)
    first = date(int(found[1]), int(found[2]), 1)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    if found[3] == "1":
        last = first.replace(day=MIDDLE)
    if found[3] == "2":
        first = first.replace(day=MIDDLE + 1)
    return first, last


def earlier(period: str, every: str) -> str:
    """The period before this one."""
    return period_of(bounds(period)[0] - timedelta(days=1), every)


def in_words(period: str) -> str:
    """The period as papers and screens say it: 2026年11月上半月."""
    first, _last = bounds(period)
    half = {"1": "上半月", "2": "下半月"}.get(period[8:], "")
    return f"{first.year}年{first.month}月{half}"


class PeriodInput:
    """A select of the periods around the one that is typed; a line to type in where none is."""

    def __call__(self, field: Any, **attributes: Any) -> Any:
        return (OptionSelect() if field.options else TextInput())(field, **attributes)


class PeriodKind(Kind):
    """A reporting period."""

    name = "period"
    names_period = True
    is_for_once = True
    title = "报告期"
    doc = (
        "Half a month (1 to 15, 16 to the end) or a month, that has begun. 2026年11月上半月 and 2026-11-1 "
        "are understood. On paper 2026年11月上半月."
    )
    json = "text 2026-11-1 (first half), 2026-11-2 (second half) or 2026-11"
    in_table = False
    starts = {"current": "the period in which the draft begins"}
    settings = {
        "every": Key(
            OneOf(lambda: EVERY, "`half_month` or `month`"),
            "How long it is.",
            "half_month",
            default="half_month",
        )
    }
    widget = PeriodInput()

    def options(self, field: Field, typed: list[str], directory: Directory) -> list[Option]:
        """The period that is typed, the one after it and those before it, the latest first."""
        try:
            chosen = self.value(field, self.clean(typed[0]), directory) if typed else ""
        except ValueError:
            chosen = ""
        if not chosen:
            return []
        every = field.settings["every"]
        one = period_of(bounds(chosen)[1] + timedelta(days=1), every)
        known = []
        for _n in range(SHOWN):
            known.append(Option(one, in_words(one), one == chosen))
            one = earlier(one, every)
        today = directory.today
        return [one for one in known if not today or bounds(one.value)[0] <= today]

    def clean(self, raw: str) -> str:
        return re.sub(r"\s+", "", half_width(trimmed(raw)))

    def value(self, field: Field, text: str, directory: Directory) -> str:
        written = WRITTEN.fullmatch(text)
        if written:
            text = f"{written[1]}-{int(written[2]):02}" + (f"-{HALVES[written[3]]}" if written[3] else "")
        found = VALUE.fullmatch(text)
        if not found or int(found[1]) not in YEARS or bool(found[3]) == (field.settings["every"] == "month"):
            raise ValueError(self.missing(field))
        today = directory.today if directory else None  # a default is judged without
        if today and bounds(text)[0] > today:
            raise ValueError(_("%(period)s还没有开始，请核对报告期", period=in_words(text)))
        return text

    def schema(self, field: Field) -> dict[str, Any]:
        half = "" if field.settings["every"] == "month" else "-[12]"
        return {"type": "string", "pattern": f"^[0-9]{{4}}-[0-9]{{2}}{half}$"}

    def missing(self, field: Field) -> str:
        month = field.settings["every"] == "month"
        return _("请填写报告期，例如 %(example)s", example="2026年11月" if month else "2026年11月上半月")

    def start_word(self, field: Field, start: Start, directory: Directory) -> str:
        return period_of(office_day(start.now), field.settings["every"])

    def paper(self, field: Field, value: Any, directory: Directory) -> str:
        return in_words(value)

    def sample(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> str:
        return period_of(SAMPLE_DAY, field.settings["every"])

    def worst(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> str:
        return period_of(WIDEST_DAY, field.settings["every"])
