"""The page where somebody is let sign for an absent person, and what signers then see."""

from __future__ import annotations

from datetime import date

import pytest

from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import signatures
from andu.office.turns import deputies
from tests.conftest import PASSWORD, People
from tests.office.conftest import Submit
from tests.views.conftest import SignedIn
from tests.views.page import Visitor


def authorise(visitor: Visitor, **typed: str) -> int:
    """Fill in the form of the page and send it; the status of the answer."""
    visitor.get("/deputies/")
    whole = {"since": "2026-11-22", "until": "2026-11-30", "reason": "外出学习", "password": PASSWORD} | typed
    return visitor.post("/deputies/", {**visitor.filled("/deputies/"), **whole}).status_code


@pytest.fixture
def report(people: People, submit: Submit) -> Record:
    """A completion report of 示例一村 that waits for 李四."""
    return submit(people.zhangsan, "completion_report")


def test_a_head_lets_a_colleague_sign_and_ends_it_early(
    signed_in: SignedIn, office: Office, people: People
) -> None:
    head = signed_in("lisi")
    head.get("/queue")
    assert head.page.xpath("//main//a[@href='/deputies/']")
    assert authorise(head, deputy=people.zhangsan.id) == 200
    assert "生效中" in head.text() and "2026年11月22日至2026年11月30日" in head.text()
    head.get("/queue")
    assert "到2026年11月30日止，张三可以代您签字" in head.text()
    deputy = signed_in("zhangsan")
    deputy.get("/queue")
    assert "您可以代李四签字" in deputy.text()
    deputy.get("/deputies/")
    assert "外出学习" in deputy.text() and not deputy.page.xpath("//main//form[contains(@action, '/end')]")
    head.get("/deputies/")
    (path,) = head.page.xpath("//main//form[contains(@action, '/end')]/@action")
    head.post(path)
    assert "已提前结束" in head.text()
    assert deputies.principals(office, people.zhangsan) == []


def test_a_head_may_choose_nobody_but_themself_as_absent(signed_in: SignedIn) -> None:
    head = signed_in("lisi")
    head.get("/deputies/")
    assert head.page.xpath("//select[@name='principal']/option/text()") == ["李四（示例一村 · 村党总支书记）"]


def test_an_admin_does_it_for_somebody_who_is_already_away(
    signed_in: SignedIn, office: Office, people: People
) -> None:
    admin = signed_in("wujiu")
    admin.get("/accounts/")
    assert admin.page.xpath("//main//a[@href='/deputies/']")
    assert authorise(admin, principal=people.lisi.id, deputy=people.zhangsan.id) == 200
    assert "吴九 办理" in admin.text()
    assert [one.name for one in deputies.principals(office, people.zhangsan)] == ["李四"]


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("deputy", "", "请选择由谁代签"),
        ("deputy", "lisi", "不能是本人"),
        ("since", "", "请填写开始日期"),
        ("since", "2026-02-30", "不是有效的日期"),
        ("since", "2026-11-21", "不能早于今天"),
        ("until", "2026-11-21", "不能早于开始日期"),
        ("until", "2027-11-30", "最多授权 92 天"),
        ("reason", "", "请写明事由"),
        ("reason", "　", "请写明事由"),
        ("reason", "长" * 101, "最多 100 字"),
        ("password", "", "请输入您的登录密码"),
        ("password", "wrong-password", "密码不正确"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_typed_is_lost(
    signed_in: SignedIn, office: Office, people: People, field: str, typed: str, told: str
) -> None:
    head = signed_in("lisi")
    value = people[typed].id if typed in people else typed
    assert authorise(head, **{"deputy": people.zhangsan.id, field: value}) == 422
    assert told in head.page.xpath(f"string(//*[@id='{field}-wrong'])")
    kept = head.filled("/deputies/")
    assert kept["until"] == [value if field == "until" else "2026-11-30"]
    assert office.store.count("deputy") == 0


def test_the_page_says_for_whom_a_deputy_signs_and_the_absent_reads_it_afterwards(
    signed_in: SignedIn, office: Office, people: People, report: Record
) -> None:
    deputies.appoint(
        office,
        people.lisi,
        people.lisi.id,
        people.zhangsan.id,
        date(2026, 11, 22),
        date(2026, 11, 30),
        "外出",
        PASSWORD,
        "10.0.0.1",
    )
    deputy = signed_in("zhangsan")
    path = f"/records/{report.id}/sign"
    deputy.get(path)
    assert "代李四在“承办单位主要负责人”处签字" in deputy.text()
    assert "张三（代李四）（示例一村" in deputy.text()
    deputy.post(path, {**deputy.filled(path), "password": PASSWORD})
    assert "张三（代李四）" in deputy.text()
    [signature] = signatures.given(office, report)
    assert signature.for_id == people.lisi.id
    head = signed_in("lisi")
    head.get("/deputies/")
    assert head.page.xpath(f"//section[.//h2[@id='signed']]//a[@href='/records/{report.id}']")
