"""Two people called 张三 in one office: no select, list, history or waiting-for text mixes them up."""

from __future__ import annotations

from datetime import date

import pytest

from andu.office.desk import showing, standing
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.turns import deputies
from andu.security import accounts
from andu.security.accounts import Account
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit
from tests.views.conftest import SignedIn


@pytest.fixture
def other(office: Office, people: People) -> Account:
    """Another 张三 in the same village, with a post of their own."""
    return accounts.create(
        office.store, office.clock, None, username="zhangsan2", name="张三", unit_id="cun1", post="会计",
        roles=["clerk", "head"], password=PASSWORD, must_change=False,
    )  # fmt: skip


def test_selects_and_answers_on_the_screen_tell_them_apart_and_papers_print_the_name(
    office: Office, people: People, other: Account, submit: Submit, signed_in: SignedIn
) -> None:
    directory = OfficeDirectory(office, people.zhangsan)
    labels = {choice.id: choice.label for choice in directory.people("cun1")}
    assert labels[other.id] == "张三（示例一村 · 会计）"
    assert labels[people.zhangsan.id] == "张三（示例一村 · 村联络员）"
    assert len(set(labels.values())) == len(labels)
    assert directory.person_label(other.id) == "张三"
    pledge = submit(people.zhangsan, "pledge", person=other.id, reviewer=people.zhaoliu.id)
    clerk = signed_in("zhangsan")
    clerk.get(f"/records/{pledge.id}")
    assert "张三（会计）" in clerk.text() and "张三（村联络员） 提交于" in clerk.text()


def test_who_is_next_and_who_did_it_are_told_apart(
    office: Office, people: People, other: Account, submit: Submit, sign: Sign, signed_in: SignedIn
) -> None:
    report = submit(people.zhangsan, "completion_report")
    assert "张三（示例一村 · 会计）" in standing.of(office, report).waiting_for
    sign(other, report)
    sentences = [one.sentence for one in showing.history(office, report)]
    assert any(one.startswith("张三（会计） 在“") for one in sentences)
    assert "张三（村联络员） 提交" in sentences
    auditor = signed_in("heshi")
    auditor.get("/audit")
    assert "张三（会计） 签署" in auditor.text() and "张三（村联络员） 提交" in auditor.text()


def test_deputies_are_told_apart_in_the_select_the_list_and_the_queue(
    office: Office, people: People, other: Account, submit: Submit, signed_in: SignedIn
) -> None:
    day, head = date(2026, 11, 22), people.lisi
    deputies.appoint(office, head, head.id, other.id, day, day, "外出学习", PASSWORD, "10.0.0.1")
    visitor = signed_in("lisi")
    visitor.get("/deputies/")
    assert visitor.page.xpath("//select[@name='deputy']/option[.='张三（示例一村 · 会计）']")
    assert visitor.page.xpath("//section[.//h2[@id='known']]//td[contains(., '张三（示例一村 · 会计）')]")
    visitor.get("/queue")
    assert "张三（会计）可以代您签字" in visitor.text()


def test_the_register_tells_whose_paper_it_is(
    office: Office, people: People, other: Account, submit: Submit, sign: Sign, signed_in: SignedIn
) -> None:
    sign(people.zhaoliu, sign(people.lisi, submit(other, "completion_report")))
    visitor = signed_in("zhaoliu")
    visitor.get("/register")
    assert "张三（会计）" in visitor.text()


def test_a_successor_is_told_apart_from_the_one_who_leaves(
    people: People, other: Account, submit: Submit, signed_in: SignedIn
) -> None:
    submit(people.zhangsan, "completion_report")
    admin = signed_in("wujiu")
    admin.get(f"/accounts/{people.zhangsan.id}/leave")
    assert admin.page.xpath("//select[@id='all']/option[.='张三（示例一村 · 会计）']")
