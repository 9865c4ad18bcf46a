"""Who can sign a slot, whoever asks; what nobody can sign; deputies who have lost the right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from andu.office import records
from andu.office.errors import NotAllowed
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import signatures
from andu.office.turns import deputies
from andu.office.turns.signatories import People as Signatories
from andu.office.turns.slots import Signing, Turn, rule_of
from andu.security import accounts
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit

FIRST, LAST = date(2026, 11, 22), date(2026, 11, 30)


@pytest.fixture
def report(people: People, submit: Submit) -> Record:
    """A completion report of 示例一村 that waits for 李四, then for 赵六."""
    return submit(people.zhangsan, "completion_report")


def stand_in(office: Office, people: People) -> None:
    head, deputy = people.lisi, people.zhangsan
    deputies.appoint(office, head, head.id, deputy.id, FIRST, LAST, "外出", PASSWORD, "10.0.0.1")


def who(office: Office, record: Record, slot: str) -> list[str]:
    signing = signatures.signing_of(office, records.find(office, record.id))
    return [one.signer for one in Signatories(office).of_slot(signing, signing.form_type.slot(slot))]


def stuck(office: Office, record: Record) -> list[str]:
    signing = signatures.signing_of(office, records.find(office, record.id))
    return [slot.label for slot in Signatories(office).stuck(signing)]


def test_every_slot_knows_its_people_whether_or_not_its_turn_has_come(
    office: Office, people: People, report: Record
) -> None:
    stand_in(office, people)
    assert who(office, report, "first") == ["李四", "张三（代李四）"]
    assert "赵六" in who(office, report, "second")
    assert stuck(office, report) == []


def test_a_slot_whose_only_holder_is_gone_is_stuck_and_one_that_is_new_frees_it(
    office: Office, people: People, report: Record
) -> None:
    accounts.disable(office.store, office.clock, None, people.lisi.id)
    assert (who(office, report, "first"), stuck(office, report)) == ([], ["承办单位主要负责人"])
    accounts.change_roles(office.store, office.clock, None, people.zhangsan.id, ["clerk", "head"])
    assert (who(office, report, "first"), stuck(office, report)) == (["张三"], [])


def test_a_person_of_the_right_role_who_does_not_see_the_record_is_nobody_for_it(
    office: Office, people: People, submit: Submit
) -> None:
    pledge = submit(people.zhangsan, "pledge", person=people.zhangsan.id, reviewer=people.lisi.id)
    assert who(office, pledge, "reviewer") == ["李四"]
    moved = {"name": "李四", "unit_id": "cun2", "post": "", "phone": ""}
    accounts.change_details(office.store, office.clock, None, people.lisi.id, **moved)
    assert (who(office, pledge, "reviewer"), stuck(office, pledge)) == ([], ["审核人"])


def test_different_people_are_counted_out_before_anybody_signs(
    office: Office, people: People, report: Record
) -> None:
    """Also for what is not handed in yet: the completion report wants two, and one person is both."""
    for one in people.values():
        if "director" in one.roles:
            accounts.change_roles(office.store, office.clock, None, one.id, ["clerk"])
    accounts.change_roles(office.store, office.clock, None, people.lisi.id, ["head", "director"])
    draft = replace(report, id="not-handed-in", state="signing")
    form_type = records.form_type_of(office, report)
    signing = Signing(draft, form_type, rule_of(form_type, None), ())
    assert {len(Signatories(office).of_slot(signing, slot)) for slot in form_type.signatures.slots} == {1}
    assert [slot.key for slot in Signatories(office).stuck(signing)] == ["first", "second"]


@pytest.mark.parametrize("lost", ["disabled", "moved", "role"])
def test_a_deputy_who_has_lost_the_right_to_sign_signs_for_nobody(
    office: Office, people: People, report: Record, sign: Sign, lost: str
) -> None:
    stand_in(office, people)
    store, clock, deputy = office.store, office.clock, people.zhangsan
    if lost == "disabled":
        accounts.disable(store, clock, None, deputy.id)
    elif lost == "moved":
        accounts.change_details(store, clock, None, deputy.id, name="张三", unit_id="cun2", post="", phone="")
    else:
        accounts.change_roles(store, clock, None, deputy.id, ["auditor"])
    now = accounts.get(store, deputy.id)
    assert now is not None
    signing = signatures.signing_of(office, report)
    assert signing.turn_at(signing.form_type.slot("first"), now, people.lisi) is None or lost != "role"
    assert deputies.principals(office, now) == []
    assert who(office, report, "first") == ["李四"]
    assert [one.state for one in deputies.all_for(office, people.lisi)] == ["lapsed"]
    if lost == "role":  # an auditor still sees the record, and the page
        with pytest.raises(NotAllowed):
            signatures.sign(office, now, report.id, "first", 1, "同意", PASSWORD, {}, "10.0.0.1")
    deputies.end(office, people.lisi, deputies.all_for(office, people.lisi)[0].id)
    assert [one.state for one in deputies.all_for(office, people.lisi)] == ["ended"]


def test_a_lapsed_authorisation_holds_for_no_ink_either(
    office: Office, people: People, report: Record
) -> None:
    from andu.office.signing import ink

    stand_in(office, people)
    slot = signatures.signing_of(office, report).form_type.slot("first")
    assert len(ink.choices(office, report, slot)) == 2
    accounts.change_roles(office.store, office.clock, None, people.zhangsan.id, ["auditor"])
    assert [turn.signer for turn in ink.choices(office, report, slot).values()] == ["李四"]


def test_who_may_sign_as_a_deputy_is_one_turn_and_no_more(
    office: Office, people: People, report: Record
) -> None:
    stand_in(office, people)
    found = signatures.turn(office, people.zhangsan, report)
    assert isinstance(found, Turn) and found.signer == "张三（代李四）"
