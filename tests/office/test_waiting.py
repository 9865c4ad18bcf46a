"""What waits for whom is kept beside the records, and says the same as the rule asked of every record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from andu.clock import FixedClock, office_day
from andu.office import events, records
from andu.office.books import register
from andu.office.desk import reconcile
from andu.office.issue import voiding
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import queues, signatures
from andu.office.turns import deputies, waiting
from andu.office.writing import revising, submitting
from andu.security import accounts
from andu.security.accounts import Account
from tests.conftest import MORNING, PASSWORD, People
from tests.office.conftest import Sign, Submit

FORMS = ("clue_registration", "completion_report", "pledge", "supervision")


def by_rule(office: Office, person: Account) -> list[str]:
    """What the rule says of every record there is, the longest waiting first."""
    everything = records.select(office, person, "1=1", [])
    open_now = [one for one in everything if one.state == "signing" or one.awaits_receipt]
    absent = deputies.principals(office, person)
    mine = [one for one in open_now if waiting.signing_of(office, one).turn_of(person, absent)]
    return [one.id for one in sorted(mine, key=lambda one: (one.updated_at, one.id))]


def gone(office: Office, person: Account) -> list[str]:
    """Where a signature of this person no longer counts, as the events of every record say."""
    found = []
    for record in records.select(office, person, "record.state IN ('signing', 'returned')", []):
        signed = events.signatures(events.of(office, record.id))
        own = [one for one in signed if person.id in (one.account_id, one.for_id)]
        found += [record.id] if own and own[-1].voided else []
    return found


def agree(office: Office) -> int:
    """Both say the same of everybody; how much waits for somebody."""
    everybody = accounts.all(office.store)
    for person in everybody:
        assert [one.id for one in queues.queue(office, person)] == by_rule(office, person), person.name
        assert [one.id for one, _how in queues.lapsed(office, person)] == gone(office, person), person.name
    assert waiting.wrong(office) == []
    return sum(len(by_rule(office, person)) for person in everybody)


@pytest.fixture
def waiting_records(office: Office, people: People, submit: Submit, clock: FixedClock) -> list[Record]:
    """One record of each form, of 镇扫黑办, an hour apart."""
    found = []
    for slug in FORMS:
        clock.advance(3600)
        more: dict[str, Any] = {"handling_unit": "cun1"} if slug == "supervision" else {}
        if slug == "verification_report":  # 赵六, the only head of 镇扫黑办, signs as such and not twice
            more = {"group_head": people.chushisi.id}
        found.append(submit(people.wangwu, slug, **more))
    return found


def someone(office: Office, record: Record) -> Account | None:
    found = signatures.candidates(office, records.find(office, record.id))
    return found[0].person if found else None


def test_the_queue_of_everybody_is_what_the_rule_says_at_every_step(
    office: Office, people: People, waiting_records: list[Record], sign: Sign
) -> None:
    first = MORNING.date()
    tomorrow = office_day(MORNING) + timedelta(days=1)
    head, deputy = people.zhaoliu, people.chushisi
    deputies.appoint(office, head, head.id, deputy.id, first, tomorrow, "外出", PASSWORD, "10.0.0.1")
    seen = [agree(office)]
    for _turn in range(6):
        for record in waiting_records:
            person = someone(office, record)
            if person:
                sign(person, records.find(office, record.id))
                seen.append(agree(office))
    assert max(seen) > 5
    assert seen[-1] == 0, "all is signed, the receipt too"


def test_declined_revised_and_voided_records_wait_for_nobody_any_more(
    office: Office, people: People, submit: Submit, sign: Sign, filed: Record
) -> None:
    record = sign(people.lisi, submit(people.zhangsan, "completion_report"))
    signatures.decline(office, people.zhaoliu, record.id, 1, "请补充材料。", PASSWORD, "10.0.0.1")
    assert agree(office) == 0
    assert gone(office, people.lisi) == [record.id]
    draft = revising.revise(office, people.zhangsan, record.id)
    submitting.submit(office, people.zhangsan, draft.id, draft.raw, draft.revision)
    assert agree(office) > 0
    slip = sign(people.zhaoliu, submit(people.wangwu, "supervision", handling_unit="cun1"))
    assert slip.awaits_receipt
    assert agree(office) > 1
    entry = register.of_record(office, people.zhaoliu, slip.id)
    assert entry is not None
    voiding.void(office, people.zhaoliu, entry.id, "对象有误", PASSWORD, "10.0.0.1")
    agree(office)


def test_a_queue_is_cut_and_goes_on_behind_a_record(
    office: Office, people: People, submit: Submit, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = []
    for _n in range(4):
        clock.advance(60)
        ids.append(submit(people.zhangsan, "completion_report").id)
    monkeypatch.setattr(queues, "MOST", 3)
    assert [one.id for one in queues.queue(office, people.lisi, 2)] == ids[:2]
    assert queues.how_many(office, people.lisi, 3) == 3
    third = records.find(office, ids[2])
    assert [one.id for one in queues.following(office, people.lisi, third)] == [ids[3], *ids[:2]]


def test_rows_are_made_when_they_are_missing_and_a_wrong_one_is_named(
    office: Office, people: People, submit: Submit
) -> None:
    record = submit(people.zhangsan, "completion_report")
    with office.store.write():
        office.store.execute("DELETE FROM waits")
        office.store.execute("DELETE FROM made")
    assert waiting.wrong(office) == [record.id]
    with office.store.write():
        office.store.insert("made", {"id": "waits", "how": "as it was before an update"})
    assert waiting.wrong(office) == [], "made anew when the service starts"
    waiting.keep_up(office)
    assert agree(office) == 1
    with office.store.write():
        office.store.execute("UPDATE waits SET whose = 'person:zhangsan'")
    assert [fault.number for fault in reconcile.check(office)] == ["待签"]
