"""Spans: what can be chosen, how far a running one has come, and what it is held against."""

from __future__ import annotations

from datetime import date

import pytest

from andu.office.config import Campaign, Config
from andu.office.desk import spans
from andu.office.desk.spans import BEFORE, YEAR_BEFORE, Span

D = date.fromisoformat
BAORI = Campaign("百日会战", D("2026-04-15"), D("2026-07-15"))
CONFIG = Config("示例镇", "示例镇", "示例镇", {}, campaigns={"baori": BAORI})


def days(span: Span) -> tuple[str, str]:
    return span.since.isoformat(), span.until.isoformat()


@pytest.mark.parametrize(
    ("key", "label", "first", "last"),
    [
        ("2026-02", "2026年2月", "2026-02-01", "2026-02-28"),
        ("2024-Q1", "2024年第1季度", "2024-01-01", "2024-03-31"),
        ("2026-Q4", "2026年第4季度", "2026-10-01", "2026-12-31"),
        ("2026", "2026年", "2026-01-01", "2026-12-31"),
        ("campaign-baori", "百日会战", "2026-04-15", "2026-07-15"),
    ],
)
def test_a_span_is_chosen_by_its_key(key: str, label: str, first: str, last: str) -> None:
    span = spans.chosen(CONFIG, key)
    assert span is not None
    assert (span.key, span.label, *days(span)) == (key, label, first, last)


@pytest.mark.parametrize("key", ["", "days", "2026-13", "2026-Q5", "20261", "baori", "campaign-x"])
def test_what_is_no_key_is_no_span(key: str) -> None:
    assert spans.chosen(CONFIG, key) is None


def test_every_span_that_is_offered_can_be_chosen() -> None:
    offered = spans.offered(CONFIG, D("2026-11-22"))
    assert [heading for heading, _spans in offered] == ["专项行动", "月", "季度", "年"]
    for _heading, group in offered:
        for span in group:
            assert spans.chosen(CONFIG, span.key) == span
    assert [span.key for span in offered[1][1]][:12:11] == ["2026-11", "2025-12"]


def test_a_running_campaign_is_shown_first_else_this_month() -> None:
    assert spans.usual(CONFIG, D("2026-07-15")).label == "百日会战"
    assert spans.usual(CONFIG, D("2026-07-16")).key == "2026-07"


@pytest.mark.parametrize(
    ("key", "today", "against", "now", "before"),
    [
        ("2026-03", "2026-11-22", BEFORE, ("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        ("2026-11", "2026-11-22", BEFORE, ("2026-11-01", "2026-11-22"), ("2026-10-01", "2026-10-22")),
        ("2026-03", "2026-03-31", BEFORE, ("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        ("2026-03", "2026-03-30", BEFORE, ("2026-03-01", "2026-03-30"), ("2026-02-01", "2026-02-28")),
        ("2026-01", "2026-11-22", BEFORE, ("2026-01-01", "2026-01-31"), ("2025-12-01", "2025-12-31")),
        ("2026-Q1", "2026-11-22", BEFORE, ("2026-01-01", "2026-03-31"), ("2025-10-01", "2025-12-31")),
        ("2026", "2026-11-22", BEFORE, ("2026-01-01", "2026-11-22"), ("2025-01-01", "2025-11-22")),
        ("campaign-baori", "2026-08-01", BEFORE, ("2026-04-15", "2026-07-15"), ("2026-01-13", "2026-04-14")),
        ("campaign-baori", "2026-04-24", BEFORE, ("2026-04-15", "2026-04-24"), ("2026-04-05", "2026-04-14")),
        ("2024-02", "2026-11-22", YEAR_BEFORE, ("2024-02-01", "2024-02-29"), ("2023-02-01", "2023-02-28")),
        ("2027-01", "2026-11-22", BEFORE, ("2027-01-01", "2027-01-31"), ("2026-12-01", "2026-12-31")),
    ],
)
def test_a_span_is_held_against_as_much_of_the_one_before(
    key: str, today: str, against: str, now: tuple[str, str], before: tuple[str, str]
) -> None:
    whole = spans.chosen(CONFIG, key)
    assert whole is not None
    span = spans.until_today(whole, D(today))
    assert days(span) == now
    assert days(spans.before(span, whole, against)) == before


def test_any_two_days_are_held_against_as_many_before_them() -> None:
    span = spans.of_days(D("2026-05-10"), D("2026-05-19"))
    assert span.label == "2026年5月10日至2026年5月19日"
    assert days(spans.before(span, span, BEFORE)) == ("2026-04-30", "2026-05-09")
    assert days(spans.before(span, span, YEAR_BEFORE)) == ("2025-05-10", "2025-05-19")
