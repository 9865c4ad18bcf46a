"""Returns: who owes what for which period, in whose eyes; and the one return for each unit and period."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from andu.clock import FixedClock
from andu.office.books import register
from andu.office.errors import InvalidAnswers, NotAllowed, NotFound, Refused
from andu.office.followup import missing_returns, own_returns, return_reminders
from andu.office.issue import voiding
from andu.office.office import Office
from andu.office.timing import returns
from andu.office.timing.returns import UnitsReturn
from andu.office.writing import drafts, revising, submitting
from andu.security import units
from andu.settings import Settings
from tests.conftest import PASSWORD, People
from tests.office import returning, small
from tests.office.conftest import Sign, Submit, raw_sample

DAY = 24 * 3600
FORM = "village_return"
NOW, NEXT = "2026-11-2", "2026-12-1"  # the office is founded on 22 November


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return small.laid(settings, tmp_path, returning.FORMS)


@pytest.fixture
def office(office: Office, people: People) -> Office:
    """The office, which has had the form since its founding."""
    drafts.discard(office, people.zhangsan, drafts.start(office, people.zhangsan, FORM).id)
    return office


def states(office: Office, people: People, who: str, period: str = NOW) -> dict[str, tuple[str, bool]]:
    page = returns.page(office, people[who], returns.find(office, FORM), period)
    return {line.unit.id: (line.state, line.is_overdue) for line in page.lines}


def said(lines: list[UnitsReturn]) -> list[tuple[str, str, str]]:
    return [(line.unit.id, line.period, line.state) for line in lines]


def test_every_village_owes_the_return_until_it_has_its_number(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    missing = ("missing", False)
    assert states(office, people, "zhaoliu") == {"cun1": missing, "cun2": missing}
    record = submit(people.zhangsan, FORM, period=NOW)
    assert states(office, people, "zhaoliu")["cun1"] == ("signing", False)
    sign(people.lisi, record)
    assert states(office, people, "zhaoliu") == {"cun1": ("reported", False), "cun2": missing}


def test_a_village_sees_only_itself(office: Office, people: People) -> None:
    for who in ("zhangsan", "lisi"):
        assert set(states(office, people, who)) == {"cun1"}
    assert states(office, people, "qianyi") == {}, "派出所 owes none"


def test_a_clerk_of_the_office_sees_who_owes_but_not_the_records(
    office: Office, people: People, submit: Submit
) -> None:
    record = submit(people.zhangsan, FORM, period=NOW)
    for who, seen in (("wangwu", None), ("zhaoliu", record.id), ("sunqi", record.id)):
        page = returns.page(office, people[who], returns.find(office, FORM), NOW)
        assert [line.unit.id for line in page.lines] == ["cun1", "cun2"]
        assert page.lines[0].state == "signing"
        assert page.lines[0].record_id == seen
        assert page.lines[0].title == (record.title if seen else "")


def test_the_period_ends_with_its_last_day(
    office: Office, people: People, clock: FixedClock, submit: Submit, sign: Sign
) -> None:
    clock.moment = datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)  # a second before midnight in the office
    sign(people.lisi, submit(people.zhangsan, FORM, period=NOW))
    assert states(office, people, "zhaoliu") == {"cun1": ("reported", False), "cun2": ("missing", False)}
    clock.advance(1)
    sign(people.chenshisan, submit(people.zhengshier, FORM, period=NOW))
    assert states(office, people, "zhaoliu")["cun2"] == ("reported", True)


def test_a_voided_return_is_owed_again(office: Office, people: People, submit: Submit, sign: Sign) -> None:
    record = sign(people.lisi, submit(people.zhangsan, FORM, period=NOW))
    entry = register.of_record(office, people.zhaoliu, record.id)
    assert entry is not None
    voiding.void(office, people.zhaoliu, entry.id, "填错", PASSWORD, "10.0.0.1")
    assert states(office, people, "zhaoliu")["cun1"] == ("missing", False)
    sign(people.lisi, submit(people.zhangsan, FORM, period=NOW))
    assert states(office, people, "zhaoliu")["cun1"] == ("reported", False)


def test_a_second_return_of_a_unit_and_period_is_refused_with_the_number_of_the_first(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    first = submit(people.zhangsan, FORM, period=NOW)
    with pytest.raises(InvalidAnswers, match=f"{first.title}.*还没有编号"):
        submit(people.zhangsan, FORM, period=NOW)
    sign(people.lisi, first)
    with pytest.raises(InvalidAnswers, match="LB-2026-0001.*一期只报一份") as fault:
        submit(people.zhangsan, FORM, period=NOW)
    (problem,) = fault.value.form.problems
    assert problem.key == "period"
    assert len(office.store.rows_where("record")) == 1
    submit(people.zhangsan, FORM, period="2026-11-1")
    submit(people.zhengshier, FORM, period=NOW)


def test_a_return_for_a_period_that_has_not_begun_is_refused(
    office: Office, people: People, submit: Submit, clock: FixedClock
) -> None:
    with pytest.raises(InvalidAnswers, match="2026年12月上半月还没有开始"):
        submit(people.zhangsan, FORM, period=NEXT)
    assert office.store.rows_where("record") == []
    clock.advance(9 * DAY)
    assert submit(people.zhangsan, FORM, period=NEXT)


def test_a_return_may_be_revised(office: Office, people: People, submit: Submit) -> None:
    first = submit(people.zhangsan, FORM, period=NOW)
    draft = revising.revise(office, people.zhangsan, first.id)
    raw = draft.raw | {"f_found": ["3"]}
    assert submitting.submit(office, people.zhangsan, draft.id, raw, draft.revision).version == 2


def test_two_clerks_who_submit_at_once_hand_in_one_return(
    office: Office, people: People, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not there at the first look is found under the lock."""
    seen = submitting.trying.preflight

    def meanwhile(*given: object) -> object:
        monkeypatch.setattr(submitting.trying, "preflight", seen)
        submit(people.zhangsan, FORM, period=NOW)
        return seen(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(submitting.trying, "preflight", meanwhile)
    with pytest.raises(Refused, match="一期只报一份"):
        submit(people.zhangsan, FORM, period=NOW)
    assert len(office.store.rows_where("record")) == 1


def test_debts_are_those_of_the_own_unit_that_one_may_fill(
    office: Office, people: People, clock: FixedClock, submit: Submit, sign: Sign
) -> None:
    clock.advance(20 * DAY)
    assert said(returns.debts(office, people.zhangsan)) == [
        ("cun1", NOW, "missing"),
        ("cun1", NEXT, "missing"),
    ]
    assert returns.debts(office, people.lisi) == [], "he does not fill this form"
    assert returns.debts(office, people.wangwu) == [], "his unit owes nothing"
    sign(people.lisi, submit(people.zhangsan, FORM, period=NOW))
    assert said(returns.debts(office, people.zhangsan)) == [("cun1", NEXT, "missing")]


def test_a_unit_owes_from_the_period_in_which_it_got_its_category(
    office: Office, people: People, clock: FixedClock
) -> None:
    clock.advance(20 * DAY)
    units.create(office.store, clock, None, "cun3", "示例三村", category="村")
    assert set(states(office, people, "zhaoliu", NOW)) == {"cun1", "cun2"}
    assert set(states(office, people, "zhaoliu", NEXT)) == {"cun1", "cun2", "cun3"}
    units.change(office.store, clock, people.wujiu, "cun2", "示例二村", "", "社区")
    assert set(states(office, people, "zhaoliu", NOW)) == {"cun1"}


def test_no_period_before_the_form_was_there_is_owed(office: Office, people: People) -> None:
    assert states(office, people, "zhaoliu", "2026-11-1") == {}
    assert returns.page(office, people.zhaoliu, returns.find(office, FORM), NOW).earlier is None


@pytest.mark.parametrize("period", ["", "2026-12-1", "2026-11", "2026-13-1", "昨天", "2026-11-2' OR 1=1"])
def test_what_is_no_period_of_the_return_or_has_not_begun_shows_the_present_one(
    office: Office, people: People, period: str
) -> None:
    assert returns.page(office, people.zhaoliu, returns.find(office, FORM), period).period == NOW


def test_filling_begins_with_the_period_and_goes_on_with_the_same_draft(
    office: Office, people: People
) -> None:
    draft = own_returns.begin(office, people.zhangsan, FORM, "2026-11-1")
    assert draft.raw["f_period"] == ["2026-11-1"]
    assert own_returns.begin(office, people.zhangsan, FORM, "2026-11-1").id == draft.id
    assert own_returns.begin(office, people.zhangsan, FORM, NOW).id != draft.id
    with pytest.raises(Refused, match="没有这个报告期"):
        own_returns.begin(office, people.zhangsan, FORM, "2026-11")
    with pytest.raises(NotFound):
        own_returns.begin(office, people.zhangsan, "late_notice", NOW)


def test_a_notice_begins_with_the_units_that_owe_a_return_when_its_period_is_over(
    office: Office, people: People, clock: FixedClock, submit: Submit
) -> None:
    with pytest.raises(Refused, match="不用通报"):
        missing_returns.begin(office, people.zhaoliu, "late_notice", FORM, NOW)
    submit(people.zhangsan, FORM, period=NOW)
    clock.advance(20 * DAY)
    draft = missing_returns.begin(office, people.zhaoliu, "late_notice", FORM, NOW)
    assert draft.raw == {
        "f_period": ["2026年11月下半月"],
        "f_due": ["2026-11-30"],
        "f_names": ["示例一村、示例二村"],
        "f_how_many": ["2"],
        "f_units-0-unit": ["cun1"],
        "f_units-0-said": ["2026年11月下半月《村级报表》未按期报送"],
        "f_units-1-unit": ["cun2"],
        "f_units-1-said": ["2026年11月下半月《村级报表》未按期报送"],
    }


def test_only_who_looks_after_all_units_begins_a_notice(
    office: Office, people: People, clock: FixedClock
) -> None:
    clock.advance(20 * DAY)
    page = returns.page(office, people.zhangsan, returns.find(office, FORM), NOW)
    assert page.owing and missing_returns.offered(office, people.zhangsan, page) == []
    with pytest.raises(NotAllowed):
        missing_returns.begin(office, people.zhangsan, "late_notice", FORM, NOW)
    for who in ("zhaoliu", "wangwu"):
        page = returns.page(office, people[who], returns.find(office, FORM), NOW)
        assert [one.slug for one in missing_returns.offered(office, people[who], page)] == ["late_notice"]
    assert missing_returns.offered(office, people.sunqi, page) == [], "a leader fills nothing"


def written(office: Office) -> list[tuple[str, str, str]]:
    rows = office.store.rows_where("return_reminder", order_by="at, unit_id, period")
    return [(row["unit_id"], row["period"], row["stage"]) for row in rows]


def test_reminders_are_written_once_before_the_end_and_once_after_it(
    office: Office, people: People, clock: FixedClock, submit: Submit, sign: Sign
) -> None:
    sign(people.lisi, submit(people.zhangsan, FORM, period=NOW))
    clock.moment = datetime(2026, 11, 26, 15, 59, tzinfo=UTC)  # Thursday; 30 November is a Monday
    assert return_reminders.write_due(office) == 0
    clock.advance(120)  # Friday: the last working day before
    assert return_reminders.write_due(office) == 1
    assert return_reminders.write_due(office) == 0
    assert written(office) == [("cun2", NOW, "soon")]
    clock.advance(4 * DAY)
    assert return_reminders.write_due(office) == 1
    assert written(office)[-1] == ("cun2", NOW, "overdue")
    audited = office.store.rows_where("audit", "event = 'return_reminded'")
    assert [row["chain"] for row in audited] == ["cun2", "cun2"]


def test_after_the_machine_was_off_only_what_is_overdue_is_reminded_of(
    office: Office, clock: FixedClock
) -> None:
    clock.moment = datetime(2026, 12, 2, 1, tzinfo=UTC)
    return_reminders.write_due(office)
    assert written(office) == [("cun1", NOW, "overdue"), ("cun2", NOW, "overdue")]


def test_an_answer_of_another_form_is_never_taken_for_a_return(
    office: Office, people: People, submit: Submit
) -> None:
    raw = raw_sample(office, people.zhangsan, "late_notice")
    draft = drafts.start(office, people.zhangsan, "late_notice", raw)
    submitting.submit(office, people.zhangsan, draft.id, raw, draft.revision)
    assert states(office, people, "zhaoliu")["cun1"] == ("missing", False)
