"""What nobody can sign is not handed in: the slot and the way out are said, not after three signatures."""

from __future__ import annotations

import pytest

from andu.office.office import Office
from andu.office.writing import drafts
from andu.office.writing.drafts import Draft
from andu.security import accounts
from tests.conftest import People
from tests.office.conftest import raw_sample
from tests.views.conftest import SignedIn
from tests.views.page import Visitor


@pytest.fixture
def draft(office: Office, people: People) -> Draft:
    """A completion report that 张三 has filled: 李四 signs first, then somebody else for the office."""
    raw = raw_sample(office, people.zhangsan, "completion_report")
    return drafts.start(office, people.zhangsan, "completion_report", raw)


def hand_in(visitor: Visitor, draft: Draft) -> str:
    path = f"/drafts/{draft.id}"
    visitor.get(path)
    visitor.post(path, {**visitor.filled(path), "act": "submit"})
    return str(visitor.page.text_content())


def test_a_slot_without_anybody_is_named_with_its_way_out_when_it_is_handed_in(
    signed_in: SignedIn, office: Office, people: People, draft: Draft
) -> None:
    visitor = signed_in("zhangsan")
    accounts.disable(office.store, office.clock, None, people.lisi.id)
    said = hand_in(visitor, draft)
    assert "“承办单位主要负责人”（须由示例一村的单位负责人签）现在没有人能签" in said
    assert "系统管理员" in said and visitor.path == f"/drafts/{draft.id}"
    assert office.store.count("record") == 0
    accounts.change_roles(office.store, office.clock, None, people.zhangsan.id, ["clerk", "head"])
    again = signed_in("zhangsan")
    hand_in(again, draft)
    assert again.path == f"/records/{draft.id}"


def test_different_people_are_counted_before_anybody_signs(
    signed_in: SignedIn, office: Office, people: People
) -> None:
    for one in accounts.all(office.store):
        if one.unit_id == "shb" and one.id != people.zhaoliu.id:
            accounts.change_roles(office.store, office.clock, None, one.id, ["clerk"])
    accounts.change_roles(office.store, office.clock, None, people.zhaoliu.id, ["clerk", "head", "director"])
    raw = raw_sample(office, people.wangwu, "completion_report", handling_unit="shb")
    said = hand_in(signed_in("wangwu"), drafts.start(office, people.wangwu, "completion_report", raw))
    assert "须由不同的人签，而能签的只有赵六" in said
    assert office.store.count("record") == 0


def test_a_chosen_person_who_cannot_sign_is_said_beside_the_choice(
    signed_in: SignedIn, office: Office, people: People
) -> None:
    raw = raw_sample(office, people.zhangsan, "pledge", person=people.zhangsan.id, reviewer=people.lisi.id)
    pledge = drafts.start(office, people.zhangsan, "pledge", raw)
    visitor = signed_in("zhangsan")
    accounts.disable(office.store, office.clock, None, people.lisi.id)
    hand_in(visitor, pledge)
    wrong = visitor.page.xpath("//*[@data-key = 'reviewer']//*[@class = 'wrong']")
    assert wrong and visitor.path == f"/drafts/{pledge.id}", visitor.text()


def test_a_paper_whose_receipt_nobody_could_sign_is_not_handed_in(
    signed_in: SignedIn, office: Office, people: People
) -> None:
    unit = people.fenger.unit_id
    raw = raw_sample(office, people.wangwu, "supervision", handling_unit=unit)
    supervision = drafts.start(office, people.wangwu, "supervision", raw)
    visitor = signed_in("wangwu")
    heads = [one for one in accounts.all(office.store) if one.unit_id == unit and "head" in one.roles]
    for one in heads:
        accounts.change_roles(office.store, office.clock, None, one.id, ["clerk"])
    said = hand_in(visitor, supervision)
    assert "“承办单位签收人”（须由" in said and "现在没有人能签" in said
    assert office.store.count("record") == 0
    accounts.change_roles(office.store, office.clock, None, heads[0].id, ["clerk", "head"])
    hand_in(visitor, supervision)
    assert visitor.path == f"/records/{supervision.id}"


def test_who_is_in_two_places_at_once_is_named_with_these_places_alone(
    signed_in: SignedIn, office: Office, people: People
) -> None:
    """Five must differ; only the head of the unit, chosen as leader of the group too, is the trouble."""
    draft = drafts.start(
        office,
        people.qianyi,
        "verification_report",
        raw_sample(
            office,
            people.qianyi,
            "verification_report",
            unit="pcs",
            group_head=people.fenger.id,
            verifier_one=people.qianyi.id,
            verifier_two=people.wangwu.id,
        ),
    )
    said = hand_in(signed_in("qianyi"), draft)
    assert "“核查组组长”“成员单位负责同志”须由不同的人签，而能签的只有冯二" in said, said
    assert "请在表里另选一位同志，或者请系统管理员" in said
