"""A unit is merged into another: its people and everything that is open of it are the taking unit's."""

from __future__ import annotations

import pytest

from andu.office import records
from andu.office.desk import reconcile
from andu.office.errors import NotAllowed
from andu.office.handover import merging_units
from andu.office.office import Office
from andu.office.records import Record
from andu.office.timing import deadlines, returns
from andu.office.writing import drafts
from andu.security import accounts, audit, bindings, units
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit, raw_sample
from tests.views.conftest import SignedIn
from tests.views.page import Visitor

PAGE = "/accounts/units/cun1/merge"


@pytest.fixture
def clue(people: People, submit: Submit, sign: Sign) -> Record:
    """A registered clue of 示例一村."""
    record = submit(people.zhangsan, "clue_registration", registered_at="2026-11-22T08:30")
    return sign(people.lisi, sign(people.zhangsan, record))


def merge(signed_in: SignedIn, into: str = "cun2", password: str = PASSWORD) -> Visitor:
    admin = signed_in("wujiu")
    admin.get(PAGE)
    admin.post(PAGE, {"into": into, "password": password})
    return admin


def sign_page(visitor: Visitor, record: Record) -> None:
    """Sign on the screen what waits for this person."""
    path = f"/records/{record.id}/sign"
    assert visitor.get(path).status_code == 200
    visitor.post(path, {**visitor.filled(path), "password": PASSWORD})
    assert visitor.path != path, visitor.text()


def sound(office: Office) -> None:
    assert list(reconcile.check(office)) == []
    assert list(bindings.problems(office.store)) == []


def test_the_taking_unit_finishes_all_that_was_open(
    signed_in: SignedIn, office: Office, people: People, clue: Record, submit: Submit, sign: Sign
) -> None:
    in_signing = submit(people.zhangsan, "clue_registration", registered_at="2026-11-22T08:40")
    sign(people.zhangsan, in_signing)
    issued = sign(people.zhaoliu, submit(people.wangwu, "supervision", handling_unit="cun1"))
    unissued = submit(people.wangwu, "supervision", handling_unit="cun1")
    report = submit(people.zhangsan, "halfmonthly_return")
    said = {"clue_number": "DJ-XS-2026-0001", "may_close": False}
    raw = raw_sample(office, people.zhangsan, "completion_report", **said)
    draft = drafts.start(office, people.zhangsan, "completion_report", raw)
    due = office.store.rows_where("deadline", f"{deadlines.OPEN} AND unit_id = 'cun1'")
    assert due
    admin = merge(signed_in)
    assert "示例一村已并入示例二村" in admin.text()
    assert accounts.get(office.store, people.zhangsan.id).unit_id == "cun2"  # type: ignore[union-attr]
    head, clerk = signed_in("chenshisan"), signed_in("zhengshier")
    for record in (in_signing, issued):
        head.get("/")
        assert head.page.xpath(f"//a[@href='/records/{record.id}/sign']"), "it waits on the desk"
        sign_page(head, record)
    assert records.find(office, in_signing.id).state == "filed"
    assert not records.find(office, issued.id).awaits_receipt
    sign(people.zhaoliu, unissued)
    sign_page(head, unissued)
    assert not records.find(office, unissued.id).awaits_receipt
    for username in ("zhangsan", "chenshisan"):
        sign_page(signed_in(username), report)
    assert records.find(office, report.id).state == "filed"
    assert records.find(office, report.id).unit_id == "cun1", "a return stays the unit's it reports on"
    clerk.get(f"/drafts/{draft.id}")
    clerk.post(f"/drafts/{draft.id}", {**clerk.filled(f"/drafts/{draft.id}"), "act": "submit"})
    assert "已提交" in clerk.text()
    clerk.get(f"/records/{clue.id}")
    assert "示例一村" in clerk.text(), "what the old unit did stays its own"
    open_now = office.store.rows_where("deadline", f"{deadlines.OPEN} AND unit_id = 'cun1'")
    assert open_now == []
    sound(office)


def test_old_numbers_are_found_under_the_taking_unit_and_figures_count_both_as_one(
    signed_in: SignedIn, office: Office, people: People, clue: Record, submit: Submit, sign: Sign
) -> None:
    before = office.store.rows_where("register", "record_id = ?", [clue.id])[0]
    merge(signed_in)
    clerk = signed_in("zhengshier")
    for asked in (f"text={before['number']}", "unit=cun2", "unit=cun1"):
        clerk.get(f"/register?{asked}")
        assert before["number"] in clerk.page.xpath("string(//main//tbody)"), asked
    clerk.get("/ledgers/clue_registration")
    offered = clerk.page.xpath("//select[@id='c-unit']/option/text()")
    assert "示例二村" in offered and "示例一村" not in offered
    clerk.get("/ledgers/clue_registration?c_unit=示例二村")
    assert "共 1 条" in clerk.text()
    clerk.get("/handed-in?of=unit")
    assert f"/records/{clue.id}" in " ".join(clerk.page.xpath("//main//a/@href"))
    leader = signed_in("zhaoliu")
    leader.get("/statistics")
    assert "示例二村" in leader.text() and "示例一村" not in leader.text()
    assert office.store.rows_where("register", "record_id = ?", [clue.id])[0] == before
    assert all(line.unit.id != "cun1" for line in returns.owed(office))
    (told, *_more) = [one for one in audit.recent(office.store, "cun1", 50) if one.event == "unit_merged"]
    assert told.data["into"] == "cun2" and told.data["moved"]["accounts"] == 2
    sound(office)


def test_what_comes_to_name_the_old_unit_later_is_the_taking_units(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    slip = submit(people.wangwu, "supervision", handling_unit="cun1")
    merge(signed_in)
    sign(people.zhaoliu, slip)
    rows = office.store.rows_where("deadline", "record_id = ?", [slip.id])
    assert rows and {row["unit_id"] for row in rows} == {"cun2"}
    head = signed_in("chenshisan")
    assert head.page.xpath(f"//a[@href='/records/{slip.id}/sign']")
    admin = signed_in("wujiu")
    admin.get("/accounts/units/cun1")
    assert "已经并入示例二村" in admin.text() and not admin.page.xpath("//form[contains(@action, '/reopen')]")
    admin.post("/accounts/units/cun1/reopen", {})
    assert "不能重新启用" in admin.text()
    admin.get("/accounts/new")
    assert "示例一村" not in admin.page.xpath("//select[@name='unit_id']/option/text()")
    admin.get("/accounts/units/cun2/merge")
    admin.post("/accounts/units/cun2/merge", {"into": "shb", "password": PASSWORD})
    assert units.now(office.store, "cun1") == units.now(office.store, "cun2") == "shb"
    sound(office)


def test_nothing_is_merged_without_the_password_and_a_unit_to_go_on(
    signed_in: SignedIn, office: Office, people: People, clue: Record
) -> None:
    admin = merge(signed_in, password="wrong password")
    assert admin.path == PAGE and "密码" in admin.text()
    assert admin.page.xpath("//select[@name='into']/option[@selected]/@value") == ["cun2"]
    merge(signed_in, into="cun1")
    found = units.get(office.store, "cun1")
    assert found is not None and found.state == "active"
    with pytest.raises(NotAllowed):
        merging_units.merge(office, people.zhaoliu, "cun1", "cun2", PASSWORD, "10.0.0.1")
