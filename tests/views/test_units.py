"""Units over the years: renamed, a unit is one unit everywhere; closed, only when nothing of it is open."""

from __future__ import annotations

import pytest

from andu.office.errors import NotAllowed, Refused
from andu.office.handover import closing_units
from andu.office.office import Office
from andu.office.records import Record
from andu.security import audit, units
from tests.conftest import People
from tests.office.conftest import Sign, Submit
from tests.views.conftest import SignedIn

CLUES = "/ledgers/clue_registration"


@pytest.fixture
def clue(people: People, submit: Submit, sign: Sign) -> Record:
    """A registered clue of 示例一村."""
    record = submit(people.zhangsan, "clue_registration", registered_at="2026-11-22T08:30")
    return sign(people.lisi, sign(people.zhangsan, record))


def renamed(signed_in: SignedIn, unit_id: str, name: str) -> None:
    admin = signed_in("wujiu")
    path = f"/accounts/units/{unit_id}"
    admin.get(path)
    admin.post(path, {"name": name, "full_name": f"示例镇{name}", "category": "村"})
    assert "已保存" in admin.text()


def test_a_renamed_unit_is_one_unit_in_its_ledgers_filters_and_figures_and_papers_keep_the_old_name(
    signed_in: SignedIn, office: Office, people: People, clue: Record, submit: Submit, sign: Sign
) -> None:
    before = office.store.rows_where("register", "record_id = ?", [clue.id])[0]["snapshot"]
    renamed(signed_in, "cun1", "示例社区")
    later = submit(people.zhangsan, "clue_registration", registered_at="2026-11-22T08:40")
    sign(people.lisi, sign(people.zhangsan, later))
    visitor = signed_in("zhaoliu")
    visitor.get(CLUES)
    offered = visitor.page.xpath("//select[@id='c-unit']/option/text()")
    assert "示例社区" in offered and "示例一村" not in offered
    visitor.get(f"{CLUES}?c_unit=示例社区")
    assert "共 2 条" in visitor.text() and "示例一村" not in visitor.text().split("共 2 条")[1]
    visitor.get("/register?unit=cun1")
    assert len(visitor.page.xpath("//main//tbody/tr")) == 2
    visitor.get("/statistics")
    assert "示例社区" in visitor.text() and "示例一村" not in visitor.text()
    assert office.store.rows_where("register", "record_id = ?", [clue.id])[0]["snapshot"] == before
    told = [entry for entry in audit.recent(office.store, "cun1", 20) if entry.event == "unit_renamed"]
    assert told[0].data == {"unit": "cun1", "was": "示例一村", "now": "示例社区"}


def test_a_unit_with_open_matters_is_not_closed_and_its_page_says_what_is_open(
    signed_in: SignedIn, office: Office, people: People, clue: Record
) -> None:
    admin = signed_in("wujiu")
    admin.get("/accounts/units/cun1")
    assert "在用的账号" in admin.text() and "没有了结的期限" in admin.text()
    assert not admin.page.xpath("//form[contains(@action, '/close')]")
    admin.post("/accounts/units/cun1/close", {})
    assert "这个单位还有没了结的事" in admin.text()
    found = units.get(office.store, "cun1")
    assert found is not None and found.state == "active"
    with pytest.raises(Refused, match="在用的账号"):
        closing_units.close(office, people.wujiu, "cun1")


def test_a_unit_without_open_matters_is_closed_offered_nowhere_and_opened_again(
    signed_in: SignedIn, office: Office, people: People
) -> None:
    units.create(office.store, office.clock, None, "cun9", "示例九村")
    admin = signed_in("wujiu")
    admin.get("/accounts/units/cun9")
    admin.post("/accounts/units/cun9/close", {})
    assert "已经关闭" in admin.text()
    admin.get("/accounts/new")
    assert "示例九村" not in admin.page.xpath("//select[@name='unit_id']/option/text()")
    admin.get("/accounts/units/cun9")
    admin.post("/accounts/units/cun9/reopen", {})
    admin.get("/accounts/new")
    assert "示例九村" in admin.page.xpath("//select[@name='unit_id']/option/text()")
    events = [entry.event for entry in audit.recent(office.store, "cun9", 20)]
    assert {"unit_closed", "unit_reopened"} <= set(events)


def test_the_acts_hold_their_permission_themselves(office: Office, people: People) -> None:
    for act in (closing_units.close, closing_units.reopen, closing_units.open_matters):
        with pytest.raises(NotAllowed):
            act(office, people.zhaoliu, "cun2")
    with pytest.raises(NotAllowed):
        closing_units.rename(office, people.zhaoliu, "cun2", "别的村", "", "")
