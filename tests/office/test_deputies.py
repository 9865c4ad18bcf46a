"""Who signs for whom, for how long, and how it is told apart from signing oneself."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from andu.clock import FixedClock
from andu.office import records
from andu.office.books import register
from andu.office.desk import showing, standing
from andu.office.errors import NotAllowed, NotFound
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import queues, signatures
from andu.office.turns import deputies
from andu.office.turns.deputies import DeputyRefused
from andu.security import accounts
from andu.security.accounts import Account
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit

TODAY = date(2026, 11, 22)
DAY = 24 * 3600


def appoint(
    office: Office, actor: Account, principal: Account, deputy: Account, days: int = 7, since: date = TODAY
) -> None:
    until = since + timedelta(days=days - 1)
    deputies.appoint(office, actor, principal.id, deputy.id, since, until, "外出学习", PASSWORD, "10.0.0.1")


@pytest.fixture
def report(people: People, submit: Submit) -> Record:
    """A completion report of 示例一村 that waits for 李四."""
    return submit(people.zhangsan, "completion_report")


@pytest.fixture
def away(office: Office, people: People) -> None:
    """李四 is away for a week; 张三 signs for them."""
    appoint(office, people.lisi, people.lisi, people.zhangsan)


def test_a_deputy_signs_for_the_absent_and_it_says_so_everywhere(
    office: Office, people: People, report: Record, away: None, sign: Sign
) -> None:
    assert standing.of(office, report).waiting_for == ("李四（示例一村）", "张三（代李四）")
    assert [one.id for one in queues.queue(office, people.zhangsan)] == [report.id]
    done = sign(people.zhaoliu, sign(people.zhangsan, report))
    [first, _second] = signatures.given(office, done)
    assert (first.account_id, first.name, first.for_id) == (people.zhangsan.id, "张三", people.lisi.id)
    assert first.signer == "张三（代李四）"
    [audited] = office.store.rows_where("audit", "event = 'deputy_signed'")
    assert json.loads(audited["data"])["principal"] == people.lisi.id
    assert any("张三（代李四） 在“" in one.sentence for one in showing.history(office, done))
    [row] = office.store.rows_where("register")
    assert json.loads(row["snapshot"])["sign"]["first"]["name"] == "张三（代李四）"
    entry = register.of_record(office, people.zhangsan, done.id)
    assert entry is not None and entry.signer == "张三（代李四）、赵六"
    assert [(one.id, how.signer) for one, how in queues.signed_for(office, people.lisi)] == [
        (done.id, "张三（代李四）")
    ]
    assert queues.signed_for(office, people.zhangsan) == []


def test_the_absent_may_sign_all_the_same(
    office: Office, people: People, report: Record, away: None, sign: Sign
) -> None:
    [signature] = signatures.given(office, sign(people.lisi, report))
    assert signature.signer == "李四"


def test_a_deputy_signs_from_the_first_day_to_the_last_and_not_outside(
    office: Office, people: People, report: Record, clock: FixedClock
) -> None:
    appoint(office, people.lisi, people.lisi, people.zhangsan, days=2, since=TODAY + timedelta(days=1))
    able = []
    for _day in range(4):
        able.append(signatures.signable(office, people.zhangsan, report) is not None)
        clock.advance(DAY)
    assert able == [False, True, True, False]


def test_what_was_ended_early_holds_no_longer_and_what_was_signed_stays(
    office: Office, people: People, submit: Submit, report: Record, away: None, sign: Sign
) -> None:
    sign(people.zhangsan, report)
    [one] = deputies.all_for(office, people.lisi)
    with pytest.raises(NotAllowed, match="被代签的人"):
        deputies.end(office, people.zhangsan, one.id)
    with pytest.raises(NotFound):
        deputies.end(office, people.chenshisan, one.id)
    deputies.end(office, people.lisi, one.id)
    deputies.end(office, people.lisi, one.id)
    assert [one.state for one in deputies.all_for(office, people.zhangsan)] == ["ended"]
    with pytest.raises(NotAllowed):
        sign(people.zhangsan, submit(people.zhangsan, "completion_report"), "first")
    assert signatures.given(office, report)[0].voided is None
    told = office.store.rows_where("audit", "event IN ('deputy_appointed', 'deputy_ended')", order_by="seq")
    assert [(one["event"], one["chain"], one["actor_id"]) for one in told] == [
        ("deputy_appointed", "cun1", people.lisi.id),
        ("deputy_ended", "cun1", people.lisi.id),
    ]


@pytest.mark.parametrize("gone", ["principal", "deputy"])
def test_whoever_was_shut_out_meanwhile_neither_signs_nor_is_signed_for(
    office: Office, people: People, report: Record, away: None, gone: str
) -> None:
    left = people.lisi if gone == "principal" else people.zhangsan
    accounts.disable(office.store, office.clock, None, left.id)
    assert [one.person.name for one in signatures.candidates(office, report)] == (
        [] if gone == "principal" else ["李四"]
    )


def test_nobody_signs_as_author_for_an_author_who_was_shut_out(
    office: Office, people: People, submit: Submit
) -> None:
    clue = submit(people.zhangsan, "clue_registration")
    appoint(office, people.zhangsan, people.zhangsan, people.lisi)
    assert "李四（代张三）" in standing.of(office, clue).waiting_for[1]
    accounts.disable(office.store, office.clock, None, people.zhangsan.id)
    assert signatures.turn(office, people.lisi, clue) is None


# --- different people -----------------------------------------------------------------------------


def test_a_deputy_who_signed_for_another_does_not_sign_again_for_themself(
    office: Office, people: People, report: Record, sign: Sign
) -> None:
    appoint(office, people.lisi, people.lisi, people.chushisi)
    record = sign(people.chushisi, report)
    with pytest.raises(NotAllowed, match="由不同的人"):
        sign(people.chushisi, record, "second")
    assert sign(people.zhaoliu, record).state == "filed"


def test_whoever_signed_for_themself_does_not_sign_again_for_the_absent(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    appoint(office, people.chushisi, people.chushisi, people.zhaoliu)
    record = sign(people.zhaoliu, submit(people.wangwu, "completion_report"))
    with pytest.raises(NotAllowed, match="由不同的人"):
        sign(people.zhaoliu, record, "second")
    assert [one.signer for one in signatures.candidates(office, record)] == ["褚十四"]


def test_whoever_had_it_signed_for_them_does_not_sign_a_second_slot(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = submit(people.wangwu, "completion_report")
    appoint(office, people.zhaoliu, people.zhaoliu, people.sunqi)
    record = sign(people.sunqi, record)
    with pytest.raises(NotAllowed, match="由不同的人"):
        sign(people.zhaoliu, record, "second")
    with pytest.raises(NotAllowed):
        sign(people.sunqi, record, "second")
    assert sign(people.chushisi, record).state == "filed"


def test_a_deputy_does_not_pass_it_on(office: Office, people: People, report: Record, away: None) -> None:
    appoint(office, people.zhangsan, people.zhangsan, people.chushisi)
    assert signatures.signable(office, people.chushisi, report) is None
    assert [one.signer for one in signatures.candidates(office, report)] == ["李四", "张三（代李四）"]


# --- sending back ---------------------------------------------------------------------------------


def test_a_deputy_sends_back_in_both_names(
    office: Office, people: People, report: Record, away: None
) -> None:
    signatures.decline(office, people.zhangsan, report.id, 1, "缺附件", PASSWORD, "10.0.0.1")
    assert "张三（代李四） 退回：缺附件" in standing.of(office, records.find(office, report.id)).sentence


def test_a_signature_voided_by_sending_back_is_told_to_the_deputy_and_to_the_absent(
    office: Office, people: People, report: Record, away: None, sign: Sign
) -> None:
    sign(people.zhangsan, report)
    signatures.decline(office, people.zhaoliu, report.id, 1, "缺附件", PASSWORD, "10.0.0.1")
    for one in (people.zhangsan, people.lisi):
        [(record, signature)] = queues.lapsed(office, one)
        assert (record.id, signature.signer) == (report.id, "张三（代李四）")
        assert "赵六 退回：缺附件" in str(signature.voided)
    assert queues.lapsed(office, people.zhaoliu) == []


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("principal", "deputy", "since", "days", "field", "told"),
    [
        ("lisi", "lisi", 0, 1, "deputy", "不能是本人"),
        ("lisi", "wujiu", 0, 1, "deputy", "有签字权限"),
        ("wujiu", "lisi", 0, 1, "principal", "有签字权限"),
        ("lisi", "zhengshier", 0, 1, "deputy", "看不到要由李四签的材料。请选同单位"),
        ("zhaoliu", "wangwu", 0, 1, "deputy", "请选能看全部单位材料"),
        ("lisi", "zhangsan", -1, 2, "since", "不能早于今天"),
        ("lisi", "zhangsan", 0, 0, "until", "不能早于开始"),
        ("lisi", "zhangsan", 0, 93, "until", "最多授权 92 天"),
    ],
)
def test_an_authorisation_that_cannot_be_is_refused_beside_its_field(
    office: Office, people: People, principal: str, deputy: str, since: int, days: int, field: str, told: str
) -> None:
    with pytest.raises(DeputyRefused, match=told) as refused:
        start = TODAY + timedelta(days=since)
        appoint(office, people.zhaoliu, people[principal], people[deputy], days, start)
    assert refused.value.field == field
    assert office.store.count("deputy") == 0


def test_the_longest_time_is_granted(office: Office, people: People) -> None:
    appoint(office, people.lisi, people.lisi, people.zhangsan, days=92)
    assert [one.state for one in deputies.all_for(office, people.lisi)] == ["running"]


def test_one_person_has_one_deputy_at_a_time(office: Office, people: People, away: None) -> None:
    with pytest.raises(DeputyRefused, match="已由张三代签"):
        appoint(office, people.lisi, people.lisi, people.zhaoliu, since=TODAY + timedelta(days=6))
    appoint(office, people.lisi, people.lisi, people.zhaoliu, since=TODAY + timedelta(days=7))


@pytest.mark.parametrize(("username", "may"), [("zhaoliu", True), ("wujiu", True), ("sunqi", False)])
def test_only_director_and_admin_appoint_for_the_absent(
    office: Office, people: People, username: str, may: bool
) -> None:
    principals, _deputies = deputies.choices(office, people[username])
    assert ("李四" in [one.name for one in principals]) is may
    if not may:
        with pytest.raises(NotAllowed, match="只能为自己"):
            appoint(office, people[username], people.lisi, people.zhangsan)
        return
    appoint(office, people[username], people.lisi, people.zhangsan)
    [one] = deputies.all_for(office, people.lisi)
    assert (one.made_by.id, one.reason) == (people[username].id, "外出学习")


def test_others_see_only_what_concerns_them(office: Office, people: People, away: None) -> None:
    seen = {name: len(deputies.all_for(office, people[name])) for name in ("lisi", "zhangsan", "zhaoliu")}
    assert seen == {"lisi": 1, "zhangsan": 1, "zhaoliu": 1}
    assert deputies.all_for(office, people.chenshisan) == []
    with pytest.raises(NotAllowed):
        deputies.all_for(office, people.heshi)
