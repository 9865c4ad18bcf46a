"""Which days are worked: the official calendar, the office's own table, and what is unknown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from andu.office.workdays import HolidaysFault, Workdays, read_workdays

OFFICIAL = Workdays()


@pytest.mark.parametrize(
    "day", [date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 10, 10)]
)
def test_make_up_days_on_weekends_are_worked(day: date) -> None:
    assert day.weekday() >= 5
    assert OFFICIAL.is_workday(day)


@pytest.mark.parametrize("day", [date(2026, 10, 1), date(2026, 2, 17), date(2026, 11, 22)])
def test_holidays_and_plain_weekends_are_free(day: date) -> None:
    assert not OFFICIAL.is_workday(day)


def test_fifteen_working_days_over_the_spring_festival() -> None:
    assert OFFICIAL.after(date(2026, 2, 6), 15) == date(2026, 3, 5)


def test_the_day_of_the_start_does_not_count() -> None:
    assert OFFICIAL.after(date(2026, 11, 23), 1) == date(2026, 11, 24)


def test_a_year_without_a_calendar_goes_by_the_weekday_and_says_so() -> None:
    assert OFFICIAL.is_workday(date(2031, 10, 1)) and not OFFICIAL.is_workday(date(2031, 10, 4))
    assert OFFICIAL.unknown_years(date(2026, 12, 30), date(2027, 1, 5)) == [2027]


def test_the_offices_own_table_comes_first(tmp_path: Path) -> None:
    (tmp_path / "holidays.yaml").write_text(
        "2027:\n  holidays: [2027-02-08]\n  workdays: [2027-02-06]\n", "utf-8"
    )
    own = read_workdays(tmp_path)
    assert own.is_workday(date(2027, 2, 6)) and not own.is_workday(date(2027, 2, 8))
    assert own.unknown_years(date(2027, 1, 1), date(2027, 12, 31)) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- 2027", "按年份"),
        ("2027: [2027-02-08]", "holidays 和 workdays"),
        ("2027: {free: [2027-02-08]}", "holidays 和 workdays"),
        ("2027: {holidays: [2026-02-08]}", "不是 2027 年的日期"),
        ("2027: {holidays: [春节]}", "不是 2027 年的日期"),
        ("2027: {holidays: [", "读不出来"),
    ],
)
def test_a_wrong_table_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "holidays.yaml").write_text(text, "utf-8")
    with pytest.raises(HolidaysFault, match=message):
        read_workdays(tmp_path)
