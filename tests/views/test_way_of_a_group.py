"""Several units at one clue: the 核查组 with its leader and members, and what they agree on in 会商."""

from __future__ import annotations

import pytest

from andu.office import records
from andu.office.office import Office
from tests.conftest import People
from tests.views.conftest import SignedIn
from tests.views.walking import Walk

TODAY = "2026-11-22"


@pytest.fixture
def walk(office: Office, signed_in: SignedIn) -> Walk:
    """The people of 示例镇 at their desks."""
    return Walk(office, signed_in)


def test_a_group_of_several_units_has_its_sheet_and_its_leader_signs_the_report(
    walk: Walk, office: Office, people: People
) -> None:
    clue = walk.fill("zhangsan", "clue_registration")
    walk.sign("zhangsan", clue)
    number = walk.sign("lisi", clue)
    slip = walk.fill("zhangsan", "clue_handover", clue, receiver_unit="shb", feedback_by="2026-12-22")
    walk.sign("zhangsan", slip)
    walk.sign("wangwu", slip, received_at=f"{TODAY}T09:02")
    assignment = walk.fill(
        "wangwu",
        "assignment",
        clue=clue,
        clue_number=number,
        handling_unit="pcs",
        assigned_on=TODAY,
        due_on="2026-12-12",
    )
    assert walk.sign("zhaoliu", assignment) == "JB-2026-0001"
    members = [
        {"unit": "pcs", "member": "钱一", "duty": "询问取证"},
        {"unit": "jiwei", "member": "沈十七", "duty": "核实是否涉及党员干部"},
    ]
    group = walk.fill(
        "wangwu",
        "verification_group",
        assignment,
        lead_unit="pcs",
        group_head=people.shenshiqi.id,
        members=members,
    )
    walk.sign("zhaoliu", group)
    assert walk.sign("shenshiqi", group) == "HZ-2026-0001"
    assert number in walk.text("hanshiba", f"/records/{group}"), "a unit of the group sees who is in it"
    two = {"verifier_one": people.qianyi.id, "verifier_two": people.yangshijiu.id}
    report = walk.fill("qianyi", "verification_report", group, **two, began_on=TODAY, ended_on=TODAY)
    assert records.find(office, report).values["group_head"] == people.shenshiqi.id
    walk.sign("qianyi", report)
    walk.sign("yangshijiu", report)
    walk.sign("shenshiqi", report)


def test_consultation_has_a_record_and_each_task_its_unit_and_day(
    walk: Walk, office: Office, people: People
) -> None:
    clue = walk.fill("wangwu", "clue_registration", is_key=True)
    walk.sign("wangwu", clue)
    walk.sign("zhaoliu", clue)
    tasks = [{"matter": "调取账目", "unit": "pcs", "due": "2026-11-24"}]
    record = walk.fill(
        "wangwu", "consultation_record", clue, held_at=f"{TODAY}T08:00", chair=people.sunqi.id, tasks=tasks
    )
    walk.sign("wangwu", record)
    assert walk.sign("sunqi", record) == "HS-2026-0001"
    assert "落实会商分工：调取账目" in walk.text("qianyi", "/")
    walk.wait(days=4)
    draft = walk.chase("wangwu", "落实会商分工：调取账目", "supervision")
    there = walk.as_("wangwu").filled(f"/drafts/{draft}")
    assert there["f_matter"] == ["调取账目"] and there["f_basis"] == ["会议议定事项"]
