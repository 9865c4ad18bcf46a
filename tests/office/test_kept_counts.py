"""What figures are read from is kept counted: whatever happens to a record, counts say what its rows do."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from andu.clock import FixedClock
from andu.office.books import ledger_keeping, register
from andu.office.desk import figures, kept_counts, reconcile, spans, statistics, timeliness
from andu.office.desk.spans import BEFORE
from andu.office.issue import voiding
from andu.office.ledger import ledgers
from andu.office.office import Office
from andu.settings import Settings
from tests.conftest import PASSWORD, People, nothing_wrong, stand_in_pdf
from tests.office.conftest import Sign, Submit
from tests.office.figuring import with_figures

DAY = 24 * 3600
SPAN = spans.of_days(date(2026, 11, 20), date(2026, 12, 20))
READERS = ("zhaoliu", "zhengshier", "zhangsan")
READING = ("andu.office.ledger.ledger_counts", "andu.office.desk.timeliness", "andu.office.desk.statistics")


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return with_figures(settings, tmp_path)


@pytest.fixture
def worked(office: Office, people: People, clock: FixedClock, submit: Submit, sign: Sign) -> Office:
    """In time, late, not signed, voided after it was in time and after it was late; one seen by two units."""
    ledger_keeping.keep_up(office)
    shared = submit(people.zhangsan, "task")
    with office.store.write():
        because = {"record_id": shared.id, "unit_id": "cun2", "because": shared.id}
        office.store.insert("record_share", because)
    for sort in ("甲类", "乙类", None):
        late = submit(people.zhengshier, "task", sort=sort)
        sign(people.lisi, submit(people.zhangsan, "task", sort=sort))
        clock.advance(3 * DAY)
        sign(people.chenshisan, late)
    submit(people.zhangsan, "task")
    for record in (sign(people.lisi, submit(people.zhangsan, "task")), late):
        entry = register.of_record(office, people.zhaoliu, record.id)
        assert entry is not None
        voiding.void(office, people.zhaoliu, entry.id, "填错", PASSWORD, "10.0.0.1")
    with office.store.write():
        office.store.execute(
            "UPDATE deadline SET due = '2026-12-01T08:00:00Z' WHERE record_id = ?", [shared.id]
        )
    clock.advance(DAY)
    return office


def read(office: Office, people: People, who: str) -> list[Any]:
    """All that is counted for a person."""
    sheet = office.figures.get("tasks")
    assert sheet is not None
    asked = office, people[who], SPAN.since, SPAN.until
    return [
        figures.count(office, people[who], sheet, SPAN, BEFORE),
        timeliness.by_unit(*asked),
        statistics.count(*asked),
    ]


@pytest.mark.parametrize("who", READERS)
def test_counts_kept_are_the_counts_of_the_rows(
    worked: Office, people: People, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = read(worked, people, who)
    assert kept[0].numbers[0].now and kept[1] and kept[2].whole.total
    for module in READING:
        monkeypatch.setattr(f"{module}.counts_for", lambda _office, _actor: None)
    assert read(worked, people, who) == kept
    assert not list(kept_counts.wrong(worked))


def test_they_are_read_and_not_the_rows(
    worked: Office, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def counted(*_asked: object) -> Any:
        pytest.fail("row by row")

    monkeypatch.setattr(ledgers, "_counted", counted)
    for who in READERS:
        assert read(worked, people, who)[0].charts[1].rows


def test_a_count_that_was_changed_is_told(worked: Office) -> None:
    def told() -> list[str]:
        return [one.number for one in reconcile.check(worked) if "统计数与材料不一致" in one.message]

    assert not told()
    for table, subject in (
        ("record_count", "材料统计"),
        ("deadline_count", "期限统计"),
        ("ledger_count", "tasks"),
    ):
        for change in ("UPDATE {} SET n = n + 1", "DELETE FROM {}"):
            with worked.store.write():
                worked.store.execute(change.format(table))
            assert subject in told()


def test_another_sheet_is_counted_from_the_next_start(worked: Office, people: People) -> None:
    path = worked.settings.figures / "tasks.yaml"
    path.write_text(path.read_text("utf-8").replace("filled: number", "filled: subject"), "utf-8")
    again = Office.open(worked.settings, stand_in_pdf, nothing_wrong)
    before = read(again, people, "zhengshier")  # row by row: the counts are of the former sheet
    ledger_keeping.keep_up(again)
    assert read(again, people, "zhengshier") == before
    told = before[0].numbers
    assert told[1].now == told[0].now, "each says what it is about"
    assert not list(kept_counts.wrong(again))
    again.store.close()
