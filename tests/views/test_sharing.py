"""Which other units see a record: whoever has to sign it at once, whoever it names once it is issued."""

from __future__ import annotations

from andu.office.books import register
from andu.office.issue import voiding
from andu.office.office import Office
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit
from tests.views.conftest import SignedIn


def test_a_unit_that_must_sign_sees_it_at_once(
    signed_in: SignedIn, people: People, submit: Submit, sign: Sign
) -> None:
    record = submit(people.zhangsan, "clue_handover", receiver_unit="pcs")
    assert signed_in("qianyi").get(f"/records/{record.id}").status_code == 200


def test_a_unit_that_is_only_named_sees_it_once_it_has_its_number(
    signed_in: SignedIn, people: People, submit: Submit, sign: Sign
) -> None:
    decisions = [{"matter": "示例事项", "unit": "cun2", "due": "2026-12-01"}]
    record = submit(people.wangwu, "meeting_minutes", decisions=decisions)
    named = signed_in("zhengshier")
    assert named.get(f"/records/{record.id}").status_code == 404
    sign(people.sunqi, sign(people.zhaoliu, record))
    assert named.get(f"/records/{record.id}").status_code == 200


def test_what_a_paper_refers_to_is_seen_with_it_unless_the_form_keeps_it(
    signed_in: SignedIn, people: People, submit: Submit, sign: Sign
) -> None:
    study = submit(people.wangwu, "study_record", recorder=people.wangwu.id, chair=people.zhaoliu.id)
    sign(people.zhaoliu, sign(people.wangwu, study))
    slip = submit(people.wangwu, "assignment", study=study.id, handling_unit="cun2")
    sign(people.zhaoliu, slip)
    named = signed_in("zhengshier")
    assert named.get(f"/records/{slip.id}").status_code == 200
    assert named.get(f"/records/{study.id}").status_code == 404


def test_what_a_voided_paper_referred_to_is_shut_again(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = sign(people.zhaoliu, sign(people.wangwu, submit(people.wangwu, "clue_registration")))
    asked = {"clue": clue.id, "contact": people.wangwu.id}
    slips = [
        sign(people.zhaoliu, submit(people.wangwu, "assignment", **asked, handling_unit=unit))
        for unit in ("cun2", "cun2", "cun1")
    ]
    named = signed_in("zhengshier")
    for slip, status in zip(slips, (200, 404, 404), strict=True):
        entry = register.of_record(office, people.zhaoliu, slip.id)
        assert entry is not None
        voiding.void(office, people.zhaoliu, entry.id, "发错单位", PASSWORD, "10.0.0.1")
        assert named.get(f"/records/{clue.id}").status_code == status
    assert named.get(f"/records/{slips[0].id}").status_code == 200
    named.get("/ledgers/clue_registration")
    assert clue.title not in named.text()
