"""What is due, and what becomes of it: for each row, done by hand, put off, reminded of, chased, counted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from andu.clock import OFFICE_ZONE, FixedClock
from andu.office import timer
from andu.office.books import register
from andu.office.desk import duties, timeliness
from andu.office.errors import NotAllowed, NotFound, Refused
from andu.office.followup import chasing, extensions, finishing, reminders
from andu.office.issue import voiding
from andu.office.live import Live
from andu.office.office import Office
from andu.office.records import Record
from andu.office.timing import deadlines
from andu.office.timing.deadlines import Running
from andu.office.writing import revising, submitting
from andu.security.accounts import Account
from andu.security.signin import SignInRefused
from andu.settings import Settings
from andu.store.migrations import migrations
from andu.store.sqlite import Sqlite
from tests.conftest import MORNING, PASSWORD, People
from tests.office import small, tasks
from tests.office.conftest import Sign, Submit

DAY = 24 * 3600
TODAY, TOMORROW = "2026-11-22", "2026-11-23"


@pytest.fixture(scope="module")
def founded_here(tmp_path_factory: pytest.TempPathFactory, quick_passwords: None) -> Settings:
    """The office of tasks, to be copied."""
    folder = tmp_path_factory.mktemp("tasks")
    settings = Settings(instance=folder / "instance", clock=FixedClock(MORNING))
    return small.found(settings, folder, tasks.FORMS)


@pytest.fixture
def office(founded_here: Settings, tmp_path: Path, clock: FixedClock) -> Iterator[Office]:
    """The office of tasks."""
    office = small.opened(small.copied(founded_here, tmp_path / "instance", clock))
    yield office
    office.store.close()


Task = Callable[..., Record]


@pytest.fixture
def task(people: People, submit: Submit) -> Task:
    """``task(due_on="…")``: a numbered task of 镇扫黑办 for 示例一村."""

    def act(**changes: Any) -> Record:
        return submit(people.wangwu, "task", **{"handling_unit": "cun1", "due_on": TOMORROW, **changes})

    return act


def only(found: list[Any]) -> Any:
    """The one thing that is there."""
    (one,) = found
    return one


def due_of(office: Office, actor: Account, record: Record) -> Running:
    return only(deadlines.of_record(office, actor, record))


def office_time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE_ZONE)


def events_of(office: Office, event: str) -> int:
    return office.store.count("audit", "event = ?", [event])


# --- rows of a table, done by hand -----------------------------------------------------------------


@pytest.fixture
def minutes(people: People, submit: Submit) -> Record:
    """Minutes with three decisions, one of them without a date."""
    decisions = [
        {"matter": "报送台账", "who": "cun1", "by": TOMORROW},
        {"matter": "以后再议", "who": "cun1"},
        {"matter": "核对数据", "by": TODAY},
    ]
    return submit(people.wangwu, "minutes", decisions=decisions)


def test_each_row_of_a_table_has_a_deadline_of_its_own(
    office: Office, people: People, minutes: Record
) -> None:
    found = deadlines.of_record(office, people.zhaoliu, minutes)
    assert [(one.label, one.unit_id) for one in found] == [
        ("议定：核对数据", "shb"),
        ("议定：报送台账", "cun1"),
    ]
    assert found[1].at == office_time(f"{TOMORROW} 23:59:59")


def test_a_unit_sees_what_is_its_to_do_but_not_the_record_it_comes_from(
    office: Office, people: People, minutes: Record
) -> None:
    one = only(deadlines.waiting(office, people.zhangsan))
    assert (one.label, one.is_open) == ("议定：报送台账", False)
    assert deadlines.waiting(office, people.zhengshier) == []
    with pytest.raises(NotFound):
        deadlines.get(office, people.zhengshier, one.id)


def test_a_unit_hears_of_what_is_its_to_do_once_the_record_is_issued(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = submit(people.zhangsan, "watched", begun=TODAY, helper="cun2")
    (helped,) = (one for one in deadlines.of_record(office, people.zhangsan, record) if one.unit_id == "cun2")
    assert deadlines.waiting(office, people.zhengshier) == []
    assert deadlines.count_overdue(office, people.zhengshier) == 0
    with pytest.raises(NotFound):
        finishing.finish(office, people.zhengshier, helped.id, "已协助")
    sign(people.lisi, record)
    assert only(deadlines.waiting(office, people.zhengshier)).id == helped.id


def test_what_is_done_by_hand_is_met_by_the_word_of_the_unit(
    office: Office, people: People, minutes: Record
) -> None:
    one = only(deadlines.waiting(office, people.zhangsan))
    with pytest.raises(Refused, match="写明办理结果"):
        finishing.finish(office, people.zhangsan, one.id, "　 ")
    finishing.finish(office, people.zhangsan, one.id, "已报送")
    finishing.finish(office, people.zhangsan, one.id, "又点了一次")
    assert deadlines.waiting(office, people.zhangsan) == []
    (done,) = (d for d in duties.of_record(office, people.zhaoliu, minutes) if d.met_at)
    assert (done.id, done.finisher, done.met_words) == (one.id, "张三", "已报送")
    assert events_of(office, "deadline_met") == 1
    with pytest.raises(Refused, match="已经办结"):
        finishing.finish(office, people.lisi, one.id, "也报送了")


def test_only_the_unit_or_whoever_sees_all_and_signs_says_that_it_is_done(
    office: Office, people: People, minutes: Record
) -> None:
    one = only(deadlines.waiting(office, people.zhangsan))
    with pytest.raises(NotFound):
        finishing.finish(office, people.zhengshier, one.id, "冒名")
    for username in (
        "wangwu",
        "heshi",
    ):  # the clerk who wrote the minutes; an auditor sees all but signs nothing
        with pytest.raises(NotAllowed):
            finishing.finish(office, people[username], one.id, "代办")
    finishing.finish(office, people.sunqi, one.id, "会上确认已办")


def test_a_deadline_that_a_paper_meets_cannot_be_done_by_hand(
    office: Office, people: People, task: Task
) -> None:
    one = due_of(office, people.zhangsan, task())
    with pytest.raises(NotAllowed):
        finishing.finish(office, people.zhangsan, one.id, "口头说过了")


# --- extensions -----------------------------------------------------------------------------------


def asked(office: Office, actor: Account, deadline_id: str, until: str) -> str:
    extensions.ask(office, actor, deadline_id, date.fromisoformat(until), "材料未到")
    return extensions.of(office, [deadline_id])[deadline_id][-1].id


def decide(office: Office, actor: Account, deadline_id: str, extension_id: str, grants: bool = True) -> None:
    answer = "" if grants else "理由不足"
    extensions.decide(office, actor, deadline_id, extension_id, grants, answer, PASSWORD, "10.0.0.1")


def test_a_granted_extension_moves_the_end_and_keeps_the_first_one(
    office: Office, people: People, task: Task
) -> None:
    record = task()
    one = due_of(office, people.zhangsan, record)
    extension = asked(office, people.zhangsan, one.id, "2026-12-23")
    assert due_of(office, people.zhangsan, record).at == one.at, "it waits"
    waiting, shown = only(extensions.to_decide(office, people.zhaoliu))
    assert (waiting.id, shown.id) == (extension, one.id)
    decide(office, people.zhaoliu, one.id, extension)
    after = only(duties.of_record(office, people.zhangsan, record))
    assert (after.at, after.first_at) == (office_time("2026-12-23 23:59:59"), one.at)
    granted = only(list(after.extensions))
    assert (granted.state, granted.asked_by, granted.decided_by) == ("granted", "张三", "赵六")
    assert extensions.to_decide(office, people.zhaoliu) == []
    for event in ("extension_asked", "extension_granted"):
        assert events_of(office, event) == 1


@pytest.mark.parametrize(
    ("until", "message"),
    [
        ("2026-11-23", "不能早于原期限"),
        ("2026-11-20", "不能早于原期限"),
        ("2026-12-24", "最多延长 30 日"),
    ],
)
def test_an_end_that_cannot_be_is_refused(
    office: Office, people: People, task: Task, until: str, message: str
) -> None:
    one = due_of(office, people.zhangsan, task())
    with pytest.raises(extensions.InvalidEnd, match=message):
        asked(office, people.zhangsan, one.id, until)


def test_an_end_that_is_past_already_is_refused(
    office: Office, people: People, task: Task, clock: FixedClock
) -> None:
    one = due_of(office, people.zhangsan, task())
    clock.advance(5 * DAY)
    with pytest.raises(extensions.InvalidEnd, match="已经过去"):
        asked(office, people.zhangsan, one.id, "2026-11-26")
    asked(office, people.zhangsan, one.id, "2026-11-27")


def test_it_is_put_off_no_more_often_than_its_form_says(office: Office, people: People, task: Task) -> None:
    one = due_of(office, people.zhangsan, task())
    extension = asked(office, people.zhangsan, one.id, "2026-12-01")
    with pytest.raises(Refused, match="等待批准"):
        asked(office, people.lisi, one.id, "2026-12-02")
    decide(office, people.zhaoliu, one.id, extension)
    with pytest.raises(Refused, match="已延长过 1 次"):
        asked(office, people.zhangsan, one.id, "2026-12-05")


def test_a_refused_extension_changes_nothing_and_may_be_asked_again(
    office: Office, people: People, task: Task
) -> None:
    record = task()
    one = due_of(office, people.zhangsan, record)
    extension = asked(office, people.zhangsan, one.id, "2026-12-01")
    with pytest.raises(Refused, match="写明理由"):
        extensions.decide(office, people.zhaoliu, one.id, extension, False, " ", PASSWORD, "")
    decide(office, people.zhaoliu, one.id, extension, grants=False)
    with pytest.raises(Refused, match="已经由赵六办理"):
        decide(office, people.chushisi, one.id, extension)
    assert due_of(office, people.zhangsan, record).at == one.at
    asked(office, people.zhangsan, one.id, "2026-12-01")


def test_who_may_ask_and_who_may_decide(office: Office, people: People, task: Task, submit: Submit) -> None:
    one = due_of(office, people.zhangsan, task())
    with pytest.raises(Refused, match="承办单位"):
        asked(office, people.wangwu, one.id, "2026-12-01")
    extension = asked(office, people.zhangsan, one.id, "2026-12-01")
    for username in ("zhangsan", "lisi", "sunqi"):  # who asked, his head, a leader: the form says director
        with pytest.raises(NotAllowed):
            decide(office, people[username], one.id, extension)
    with pytest.raises(SignInRefused):
        extensions.decide(office, people.zhaoliu, one.id, extension, True, "", "wrong", "10.0.0.1")
    own = due_of(office, people.zhaoliu, submit(people.zhaoliu, "task", handling_unit="shb", due_on=TOMORROW))
    mine = asked(office, people.zhaoliu, own.id, "2026-12-01")
    with pytest.raises(NotAllowed):
        decide(office, people.zhaoliu, own.id, mine)
    decide(office, people.chushisi, own.id, mine)


def test_an_extension_decided_too_late_is_asked_for_again(
    office: Office, people: People, task: Task, clock: FixedClock
) -> None:
    one = due_of(office, people.zhangsan, task())
    extension = asked(office, people.zhangsan, one.id, "2026-11-25")
    clock.advance(5 * DAY)
    with pytest.raises(Refused, match="已经过去"):
        decide(office, people.zhaoliu, one.id, extension)
    decide(office, people.chushisi, one.id, extension, grants=False)


def test_an_extension_never_brings_the_end_nearer(office: Office, people: People, task: Task) -> None:
    one = due_of(office, people.zhangsan, task())
    extension = asked(office, people.zhangsan, one.id, "2026-11-25")
    with office.store.write():
        deadlines.put_off(office, one.id, office_time("2026-12-01 23:59:59"))
    with pytest.raises(Refused, match="现在比申请延到的还晚"):
        decide(office, people.zhaoliu, one.id, extension)
    assert deadlines.get(office, people.zhangsan, one.id).at == office_time("2026-12-01 23:59:59")


def test_what_cannot_be_put_off_says_so(office: Office, people: People, minutes: Record) -> None:
    one = only(deadlines.waiting(office, people.zhangsan))
    with pytest.raises(Refused, match="不能延长"):
        asked(office, people.zhangsan, one.id, "2026-12-01")


def revised(office: Office, actor: Account, record: Record, **changes: str) -> Record:
    draft = revising.revise(office, actor, record.id)
    raw = draft.raw | {f"f_{key}": [text] for key, text in changes.items()}
    return submitting.submit(office, actor, draft.id, raw, draft.revision)


def test_a_new_version_keeps_a_granted_extension_unless_the_start_is_another(
    office: Office, people: People, submit: Submit
) -> None:
    record = submit(people.zhangsan, "watched", begun=TODAY)
    one = due_of(office, people.zhangsan, record)
    decide(office, people.zhaoliu, one.id, asked(office, people.zhangsan, one.id, "2026-12-05"))
    record = revised(office, people.zhangsan, record, subject="改了事由")
    same = due_of(office, people.zhangsan, record)
    assert (same.id, same.at) == (one.id, office_time("2026-12-05 23:59:59"))
    record = revised(office, people.zhangsan, record, begun="2026-11-20")
    other = due_of(office, people.zhangsan, record)
    assert other.id != one.id
    assert other.at == other.first_at == office_time("2026-11-30 23:59:59")
    assert office.store.count("extension") == 0


def test_another_matter_in_the_same_row_does_not_inherit_an_extension(
    office: Office, people: People, submit: Submit
) -> None:
    record = submit(people.zhangsan, "watched", begun=TODAY, steps=[{"matter": "走访"}])
    step = deadlines.of_record(office, people.zhangsan, record)[0]
    decide(office, people.zhaoliu, step.id, asked(office, people.zhangsan, step.id, "2026-11-30"))
    record = revised(office, people.zhangsan, record, **{"steps-0-matter": "约谈"})
    other = next(one for one in deadlines.of_record(office, people.zhangsan, record) if "步骤" in one.label)
    assert (other.label, other.at) == ("步骤：约谈", step.first_at)


# --- reminders ------------------------------------------------------------------------------------


def stages(office: Office, actor: Account) -> list[str]:
    return [one.stage for one in reminders.on_desk(office, actor)]


def test_reminders_come_once_before_the_end_and_once_after_it(
    office: Office, people: People, task: Task, clock: FixedClock
) -> None:
    task()  # ends tomorrow at midnight: 24 hours before that is tonight
    assert reminders.write_due(office) == 0
    clock.advance(16 * 3600)
    assert [reminders.write_due(office) for _n in range(2)] == [1, 0]
    assert stages(office, people.zhangsan) == stages(office, people.lisi) == ["soon"]
    assert stages(office, people.zhengshier) == stages(office, people.sunqi) == []
    clock.advance(DAY)
    assert [reminders.write_due(office) for _n in range(2)] == [1, 0]
    for username in ("zhangsan", "lisi", "zhaoliu", "sunqi"):
        assert stages(office, people[username]) == ["overdue"], username
    for username in ("zhengshier", "heshi"):
        assert stages(office, people[username]) == [], username
    assert events_of(office, "reminder_written") == 2


def test_after_the_machine_was_off_only_the_latest_stage_is_written(
    office: Office, people: People, task: Task, clock: FixedClock
) -> None:
    task()
    clock.advance(30 * DAY)
    assert reminders.write_due(office) == 1
    assert stages(office, people.zhangsan) == ["overdue"]


def test_a_new_end_is_reminded_of_anew(office: Office, people: People, task: Task, clock: FixedClock) -> None:
    one = due_of(office, people.zhangsan, task())
    clock.advance(16 * 3600)
    assert reminders.write_due(office) == 1
    decide(office, people.zhaoliu, one.id, asked(office, people.zhangsan, one.id, "2026-11-26"))
    assert stages(office, people.zhangsan) == []
    clock.advance(3 * DAY)
    assert reminders.write_due(office) == 1
    assert stages(office, people.zhangsan) == ["soon"]


def test_what_is_met_or_voided_is_not_reminded_of(
    office: Office, people: People, task: Task, minutes: Record, clock: FixedClock
) -> None:
    entry = register.of_record(office, people.zhaoliu, task().id)
    assert entry is not None
    clock.advance(3 * DAY)
    for one in deadlines.of_record(office, people.zhaoliu, minutes):
        finishing.finish(office, people.zhaoliu, one.id, "已办")
    assert len(deadlines.waiting(office, people.zhaoliu)) == 1
    voiding.void(office, people.zhaoliu, entry.id, "开错了", PASSWORD, "")
    assert reminders.write_due(office) == 0
    assert deadlines.waiting(office, people.zhaoliu) == []
    assert deadlines.count_overdue(office, people.zhaoliu) == 0


def test_each_puts_away_their_own(office: Office, people: People, task: Task, clock: FixedClock) -> None:
    task()
    clock.advance(3 * DAY)
    reminders.write_due(office)
    reminder = only(reminders.on_desk(office, people.zhangsan))
    reminders.put_away(office, people.zhangsan, reminder.id)
    assert stages(office, people.zhangsan) == []
    assert stages(office, people.lisi) == ["overdue"]
    for username in ("zhangsan", "zhengshier"):
        with pytest.raises(NotFound):
            reminders.put_away(office, people[username], reminder.id)


def test_the_timer_writes_them(office: Office, task: Task, clock: FixedClock) -> None:
    task()
    clock.advance(3 * DAY)
    stop = timer.start(Live(office), every=0.05)
    for _n in range(200):
        if office.store.count("reminder"):
            break
        time.sleep(0.05)
    stop.set()
    assert office.store.count("reminder") == 1


def test_several_workers_at_once_write_each_reminder_once(
    office: Office, task: Task, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _n in range(3):
        task()
    clock.advance(3 * DAY)
    monkeypatch.setattr(reminders, "AT_ONCE", 2)
    barrier, written = threading.Barrier(4), []

    def tick() -> None:
        barrier.wait()
        written.append(reminders.write_due(office))
        office.store.close()

    workers = [threading.Thread(target=tick) for _n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sum(written) == 3
    assert office.store.count("reminder") == events_of(office, "reminder_written") == 3


# --- cases, the desk, and figures -----------------------------------------------------------------


def reported(office: Office, submit: Submit, people: People, task: Record, ends: str = "否") -> Record:
    return submit(people.zhangsan, "task_report", task=task.id, ends=ends)


def test_the_soonest_stands_first_and_the_office_sees_what_others_let_pass(
    office: Office, people: People, task: Task, clock: FixedClock
) -> None:
    later, sooner = task(due_on="2026-12-20"), task()
    mine = [one.record_id for one in deadlines.waiting(office, people.zhangsan)]
    assert mine == [sooner.id, later.id]
    assert deadlines.waiting(office, people.wangwu) == []
    clock.advance(3 * DAY)
    assert [one.record_id for one in deadlines.waiting(office, people.wangwu)] == [sooner.id]
    counts = {name: deadlines.count_overdue(office, people[name]) for name in people}
    seen = {"zhangsan", "lisi", "wangwu", "zhaoliu", "chushisi", "sunqi", "zhouba", "heshi"}
    assert {name for name, n in counts.items() if n == 1} == seen
    assert {counts[name] for name in people if name not in seen} == {0}


def test_a_closed_case_asks_for_nothing_that_cannot_be_added(
    office: Office, people: People, task: Task, submit: Submit, clock: FixedClock
) -> None:
    matter = task()
    first = reported(office, submit, people, matter)
    closing = reported(office, submit, people, matter, ends="是")
    of_first = {one.label: one for one in deadlines.of_record(office, people.zhaoliu, first)}
    assert of_first["复查"].lapsed_at is not None
    assert of_first["归档"].is_due, "an archive list may still be added"
    clock.advance(3 * DAY)
    assert reminders.write_due(office) == deadlines.count_overdue(office, people.zhaoliu) == 0
    entry = register.of_record(office, people.zhaoliu, closing.id)
    assert entry is not None
    voiding.void(office, people.zhaoliu, entry.id, "开错了", PASSWORD, "")
    assert deadlines.count_overdue(office, people.zhaoliu) == 1


def test_figures_tell_what_was_kept_met_late_and_let_pass(
    office: Office, people: People, task: Task, submit: Submit, clock: FixedClock
) -> None:
    kept, late = task(), task()
    task(), task(due_on="2026-12-20"), task(due_on="2027-01-05")
    reported(office, submit, people, kept)
    clock.advance(3 * DAY)
    reported(office, submit, people, late)
    november = timeliness.by_unit(office, people.zhaoliu, date(2026, 11, 1), date(2026, 11, 30))
    assert november["cun1"] == timeliness.Timeliness(in_time=1, late=1, open_late=2, running=2)
    december = timeliness.by_unit(office, people.zhaoliu, date(2026, 12, 20), date(2026, 12, 20))
    assert december["cun1"] == timeliness.Timeliness(0, 0, 0, 1)
    assert timeliness.by_unit(office, people.zhengshier, date(2026, 11, 1), date(2026, 11, 30)) == {}


# --- chasing, and the shape of the table ------------------------------------------------------------


def test_a_form_that_chases_begins_filled_from_what_is_overdue(
    office: Office, people: People, task: Task, clock: FixedClock
) -> None:
    record = task()
    one = due_of(office, people.wangwu, record)
    with pytest.raises(Refused, match="没有超期"):
        chasing.chase(office, people.wangwu, one.id, "urge")
    clock.advance(2 * DAY)
    draft = chasing.chase(office, people.wangwu, one.id, "urge")
    told = {name.removeprefix("f_"): texts for name, texts in draft.raw.items() if any(texts)}
    assert told == {
        "task": [record.id],
        "of": ["JB-2026-0001"],
        "matter": ["示例任务"],
        "what": ["上报结果"],
        "late_unit": ["cun1"],
        "was_due": [TOMORROW],
        "days": ["1"],
        "times": ["1"],
        "words": ["按期限上报"],
        "book": ["示发〔2026〕1号 三"],
    }
    first = submitting.submit(office, people.wangwu, draft.id, draft.raw, draft.revision)
    assert first.case_id == record.id
    chasing.chase(office, people.wangwu, one.id, "urge")  # begun only: it does not count
    again = chasing.chase(office, people.wangwu, one.id, "urge")
    assert again.raw["f_times"] == ["2"]
    assert only(duties.of_record(office, people.wangwu, record)).chased == [("示例催办单", 1)]
    entry = register.of_record(office, people.zhaoliu, first.id)
    assert entry is not None
    voiding.void(office, people.zhaoliu, entry.id, "开错了", PASSWORD, "")
    assert chasing.chase(office, people.wangwu, one.id, "urge").raw["f_times"] == ["1"]


def test_only_the_office_chases_and_only_by_forms_that_chase(
    office: Office, people: People, task: Task, clock: FixedClock
) -> None:
    record = task()
    one = due_of(office, people.zhangsan, record)
    clock.advance(2 * DAY)
    offered = {
        name: [form.slug for form in only(duties.of_record(office, people[name], record)).chases]
        for name in ("zhangsan", "wangwu", "zhaoliu", "sunqi")
    }
    assert offered == {"zhangsan": [], "wangwu": ["urge"], "zhaoliu": ["urge"], "sunqi": []}
    for username, slug in (("zhangsan", "urge"), ("zhengshier", "urge"), ("wangwu", "task_report")):
        with pytest.raises(NotFound):
            chasing.chase(office, people[username], one.id, slug)
    reported_on = chasing.chase(office, people.wangwu, one.id, "urge")
    assert office.store.count("chase", "id = ? AND deadline_id = ?", [reported_on.id, one.id]) == 1


@pytest.mark.sqlite
def test_an_old_database_keeps_its_deadlines(tmp_path: Path) -> None:
    db = Sqlite(tmp_path / "old.db")
    db.execute("PRAGMA foreign_keys = ON")
    migrations.apply(db, stop_before="being_in_time")
    db.execute("INSERT INTO form_version VALUES ('v', 'task', '', '', '2026-11-22T01:00:00Z')")
    db.execute("INSERT INTO unit (id, name, full_name) VALUES ('cun1', '示例一村', '示例一村')")
    person = "'a', 'zhangsan', '张三', 'cun1', '[]', '', '2026-11-22T01:00:00Z', '2026-11-22T01:00:00Z'"
    db.execute(
        "INSERT INTO account (id, username, name, unit_id, roles, password_hash, created_at, changed_at)"
        f" VALUES ({person})"
    )
    db.execute(
        "INSERT INTO record (id, form, form_version, unit_id, author_id, title, state, version, data, code,"
        " idempotency_key, created_at, updated_at) VALUES"
        " ('r', 'task', 'v', 'cun1', 'a', '旧', 'filed', 1, '{}', '', 'r', '', '')"
    )
    db.execute(
        "INSERT INTO deadline (id, record_id, key, unit_id, start, due, terms) VALUES"
        " ('d', 'r', 'report', 'cun1', '2026-11-22T01:00:00Z', '2026-11-23T15:59:59Z', '{}')"
    )
    migrations.apply(db)
    row = only(list(db["deadline"].rows))
    assert (row["row"], row["first_due"], row["due"]) == (0, "2026-11-23T15:59:59Z", "2026-11-23T15:59:59Z")
    assert not list(db.query("PRAGMA foreign_key_check"))
    db.close()
