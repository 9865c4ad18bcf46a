"""The figures: what is counted for a span and the one before, and only of what one may see."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from andu.clock import FixedClock
from andu.office.books import ledger_keeping, register
from andu.office.desk import figures, spans
from andu.office.desk.figures import CountedSheet, FigureRow
from andu.office.desk.spans import BEFORE
from andu.office.errors import NotAllowed
from andu.office.issue import voiding
from andu.office.office import Office
from andu.settings import Settings
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit
from tests.office.figuring import with_figures

DAY = 24 * 3600
# Two weeks; the office is founded on the day before.
THIS = spans.of_days(date(2026, 11, 23), date(2026, 12, 6))
BEFORE_IT = ("2026-11-09", "2026-11-22")


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return with_figures(settings, tmp_path)


@pytest.fixture
def office(office: Office) -> Office:
    ledger_keeping.keep_up(office)
    return office


@pytest.fixture
def worked(office: Office, people: People, clock: FixedClock, submit: Submit, sign: Sign) -> Office:
    """One task in the weeks before; then three, of which one late, one never done, and one voided."""
    sign(people.lisi, submit(people.zhangsan, "task"))
    clock.advance(2 * DAY)  # 24 November
    sign(people.chenshisan, submit(people.zhengshier, "task", sort="乙类"))
    late = submit(people.zhangsan, "task")
    clock.advance(8 * DAY)  # 2 December
    sign(people.lisi, late)
    submit(people.zhangsan, "task", sort=None)
    gone = sign(people.lisi, submit(people.zhangsan, "task"))
    entry = register.of_record(office, people.zhaoliu, gone.id)
    assert entry is not None
    voiding.void(office, people.zhaoliu, entry.id, "填错", PASSWORD, "10.0.0.1")
    clock.advance(10 * DAY)
    return office


def counted(office: Office, people: People, who: str) -> CountedSheet:
    sheet = office.figures.get("tasks")
    assert sheet is not None
    return figures.count(office, people[who], sheet, THIS, BEFORE)


def test_numbers_are_of_the_span_and_of_the_one_before(worked: Office, people: People) -> None:
    found = counted(worked, people, "zhaoliu")
    assert (found.before.since.isoformat(), found.before.until.isoformat()) == BEFORE_IT
    assert [(one.label, one.now, one.before, one.out_of, one.out_of_before) for one in found.numbers] == [
        ("登记", 3, 1, None, None),
        ("编号", 2, 1, None, None),
        ("当日办", 1, 1, 3, 1),
        ("超期未办", 1, 0, None, None),
    ]


def test_a_last_week_of_more_or_less_than_seven_days_says_how_many(worked: Office, people: People) -> None:
    sheet = worked.figures.get("tasks")
    assert sheet is not None
    for last, label in ((5, "11.30（6 天）"), (6, "11.30"), (9, "11.30（10 天）")):
        span = spans.of_days(date(2026, 11, 23), date(2026, 12, last))
        weeks = figures.count(worked, people.zhaoliu, sheet, span, BEFORE).charts[0]
        assert [row.label for row in weeks.rows] == ["11.23", label]


def test_charts_are_counted_by_week_by_text_and_by_unit(worked: Office, people: People) -> None:
    weeks, sorts, kept = counted(worked, people, "zhaoliu").charts
    assert weeks.rows == [FigureRow("11.23", [2], [0]), FigureRow("11.30", [1], [1])]
    assert sorts.rows == [
        FigureRow("甲类", (1,), (1,)),
        FigureRow("乙类", (1,), (0,)),
        FigureRow("没有分类", (1,), (0,)),
    ]
    assert kept.rows == [
        FigureRow("示例一村", (0, 1, 1), (1, 0, 0)),
        FigureRow("示例二村", (1, 0, 0), (0, 0, 0)),
    ]


def test_a_village_counts_only_what_is_its_own(worked: Office, people: People) -> None:
    found = counted(worked, people, "zhengshier")
    assert [(one.now, one.before) for one in found.numbers] == [(1, 0), (1, 0), (1, 0), (0, 0)]
    assert [row.label for row in found.charts[1].rows] == ["乙类"]
    assert [row.label for row in found.charts[2].rows] == ["示例二村"]


def test_the_admin_counts_nothing(office: Office, people: People) -> None:
    with pytest.raises(NotAllowed):
        counted(office, people, "wujiu")


def test_what_is_not_due_yet_is_neither_in_time_nor_late(
    office: Office, people: People, clock: FixedClock, submit: Submit
) -> None:
    clock.advance(2 * DAY)
    submit(people.zhangsan, "task")
    told = {one.label: (one.now, one.out_of) for one in counted(office, people, "zhaoliu").numbers}
    assert told["当日办"] == (0, 0) and told["超期未办"] == (0, None)
    clock.advance(DAY)
    told = {one.label: (one.now, one.out_of) for one in counted(office, people, "zhaoliu").numbers}
    assert told["当日办"] == (0, 1) and told["超期未办"] == (1, None)


def test_nothing_at_all_is_said_to_be_empty(office: Office, people: People) -> None:
    assert all(chart.is_empty for chart in counted(office, people, "zhaoliu").charts)


def test_beyond_ten_texts_the_smallest_are_one_row(
    worked: Office, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {f"第{n:02}类": 20 - n for n in range(15)}
    monkeypatch.setattr("andu.office.ledger.ledgers.tally", lambda *_asked: texts)
    rows = counted(worked, people, "zhaoliu").charts[1].rows
    assert len(rows) == figures.MOST_ROWS
    assert rows[0] == FigureRow("第00类", (20,), (20,))
    assert rows[-1] == FigureRow("其他 6 项", [sum(range(6, 12))], [sum(range(6, 12))])
