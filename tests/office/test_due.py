"""When a deadline is due, by each way of counting; days and hours are those of the office."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from andu.clock import OFFICE_ZONE
from andu.formtypes.acts import DEADLINE_RULES, Deadline
from andu.office.timing.due import due, in_words
from andu.office.workdays import Workdays


def deadline(rule: str, n: int = 0, field: str = "") -> Deadline:
    return Deadline("k", "示例", rule, n, "submitted", field, "own", (), None, "", "")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE_ZONE)


@pytest.mark.parametrize(
    ("rule", "n", "start", "end"),
    [
        ("same_day", 0, "2026-11-22 23:58", "2026-11-22 23:59:59"),
        ("same_day", 0, "2026-10-01 00:01", "2026-10-01 23:59:59"),
        ("hours", 24, "2026-09-30 16:30", "2026-10-01 16:30"),
        ("days", 15, "2026-02-06 09:00", "2026-02-21 23:59:59"),
        ("days", 60, "2026-12-31 23:59", "2027-03-01 23:59:59"),
        ("workdays", 15, "2026-02-06 09:00", "2026-03-05 23:59:59"),
        ("half_month", 0, "2026-02-15 23:00", "2026-02-15 23:59:59"),
        ("half_month", 0, "2026-02-16 00:00", "2026-02-28 23:59:59"),
        ("month_end", 0, "2028-02-01 08:00", "2028-02-29 23:59:59"),
    ],
)
def test_each_way_of_counting(rule: str, n: int, start: str, end: str) -> None:
    found = due(deadline(rule, n), at(start), {}, Workdays())
    assert found is not None
    assert found.at == at(end)


@pytest.mark.parametrize(
    ("answers", "end"),
    [
        ({"due_on": "2026-12-01"}, at("2026-12-01 23:59:59")),
        ({"due_on": "2026-12-01T10:30"}, at("2026-12-01 10:30")),
        ({}, None),
    ],
)
def test_a_day_that_was_answered_is_the_deadline(answers: dict[str, Any], end: datetime | None) -> None:
    found = due(deadline("field", field="due_on"), at("2026-11-22 09:00"), answers, Workdays())
    assert (found and found.at) == end


def test_working_days_into_a_year_without_a_calendar_say_so() -> None:
    found = due(deadline("workdays", 10), at("2026-12-28 09:00"), {}, Workdays())
    assert found is not None and found.unknown_years == (2027,)


def test_every_way_of_counting_can_be_told_in_words() -> None:
    assert all(in_words(deadline(rule, 3)) for rule in DEADLINE_RULES)
