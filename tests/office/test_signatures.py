"""Who may sign what and when, and what a change does to signatures given."""

from __future__ import annotations

from typing import Any

import pytest

from andu.office import events, records
from andu.office.desk import reconcile, showing, standing
from andu.office.errors import InvalidAnswers, NotAllowed, NotFound, Refused
from andu.office.office import Office
from andu.office.signing import queues, signatures
from andu.office.writing import drafts, revising, submitting
from andu.security import accounts, signin
from andu.security.signin import SignInRefused
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit, raw_sample


def numbers(office: Office) -> list[str]:
    return [row["number"] for row in office.store.rows_where("register")]


def test_a_number_is_allotted_only_after_the_last_signature(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = submit(people.zhangsan, "completion_report")
    assert numbers(office) == []
    record = sign(people.lisi, record)
    assert record.state == "signing"
    assert numbers(office) == []
    assert "镇扫黑办主任" in standing.of(office, record).why_no_number
    record = sign(people.zhaoliu, record)
    assert record.state == "filed"
    assert numbers(office) == ["BJ-2026-0001"]


def test_the_second_signer_must_be_another_person(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = submit(people.wangwu, "completion_report")
    record = sign(people.zhaoliu, record)  # head of 镇扫黑办 and its director
    with pytest.raises(NotAllowed, match="由不同的人"):
        sign(people.zhaoliu, record)
    assert numbers(office) == []


def test_a_later_slot_waits_for_the_earlier_one(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = submit(people.zhangsan, "completion_report")
    with pytest.raises(NotAllowed, match="承办单位主要负责人"):
        sign(people.zhaoliu, record, "second")


def test_the_head_of_another_unit_may_not_sign(people: People, submit: Submit, sign: Sign) -> None:
    record = submit(people.zhangsan, "completion_report")
    with pytest.raises(NotFound):
        sign(people.chenshisan, record)


def test_only_the_author_signs_as_registrar(people: People, submit: Submit, sign: Sign) -> None:
    record = submit(people.zhangsan, "clue_registration")
    with pytest.raises(NotAllowed):
        sign(people.lisi, record)


def test_signing_twice_in_the_same_slot_changes_nothing(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = submit(people.zhangsan, "completion_report")
    sign(people.lisi, record, "first")
    again = sign(people.lisi, record, "first")
    assert len(signatures.given(office, again)) == 1


def test_two_clicks_at_the_same_moment_sign_once_and_refuse_nobody(
    office: Office, people: People, submit: Submit, sign: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = submit(people.zhangsan, "completion_report")

    def overtaken(*_asked: Any) -> None:
        monkeypatch.undo()
        sign(people.lisi, record, "first")

    monkeypatch.setattr(signin, "confirm_password", overtaken)
    again = sign(people.lisi, record, "first")
    assert [one.name for one in signatures.given(office, again)] == ["李四"]


def test_a_wrong_password_signs_nothing(office: Office, people: People, submit: Submit) -> None:
    record = submit(people.zhangsan, "completion_report")
    with pytest.raises(SignInRefused):
        signatures.sign(office, people.lisi, record.id, "first", 1, "", "wrong" + PASSWORD, {}, "10.0.0.1")
    assert signatures.given(office, record) == []


def test_an_edit_voids_the_signatures_and_everyone_concerned_sees_why(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = sign(people.lisi, submit(people.zhangsan, "completion_report"))
    draft = revising.revise(office, people.zhangsan, record.id)
    raw = draft.raw | {"f_outcome": ["改过的处理结果"]}
    record = submitting.submit(office, people.zhangsan, draft.id, raw, draft.revision)
    assert record.version == 2
    [signature] = signatures.given(office, record)
    assert signature.voided is not None
    assert "张三" in signature.voided
    [(lapsed, mine)] = queues.lapsed(office, people.lisi)
    assert (lapsed.id, mine.voided) == (record.id, signature.voided)
    assert signatures.signable(office, people.lisi, record) is not None
    record = sign(people.zhaoliu, sign(people.lisi, record))
    assert record.state == "filed"
    assert queues.lapsed(office, people.lisi) == []


def test_a_signature_on_a_version_that_has_changed_is_refused(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    old = submit(people.zhangsan, "completion_report")
    draft = revising.revise(office, people.zhangsan, old.id)
    submitting.submit(
        office, people.zhangsan, draft.id, draft.raw | {"f_outcome": ["另一个结果"]}, draft.revision
    )
    with pytest.raises(Refused, match="第 1 稿"):
        sign(people.lisi, old)


def test_declining_sends_it_back_with_the_reason_and_voids_what_was_signed(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = sign(people.lisi, submit(people.zhangsan, "completion_report"))
    with pytest.raises(Refused, match="理由"):
        signatures.decline(office, people.zhaoliu, record.id, 1, "　", PASSWORD, "10.0.0.1")
    record = signatures.decline(office, people.zhaoliu, record.id, 1, "缺群众反馈", PASSWORD, "10.0.0.1")
    assert record.state == "returned"
    assert "缺群众反馈" in standing.of(office, record).sentence
    assert [one.id for one in records.returned(office, people.zhangsan)] == [record.id]
    assert all("缺群众反馈" in (one.voided or "") for one in signatures.given(office, record))
    with pytest.raises(NotAllowed, match="已经退回修改，现在不能签"):
        sign(people.zhaoliu, record)


def test_events_keep_what_was_typed_and_those_of_before_are_read_as_they_were(
    office: Office, people: People, submit: Submit
) -> None:
    record = submit(people.zhangsan, "completion_report")
    signatures.decline(office, people.lisi, record.id, 1, "缺群众反馈", PASSWORD, "10.0.0.1")
    declined = events.of(office, record.id)[-1]
    assert (declined.data["words"], declined.why) == ("缺群众反馈", "李四 退回：缺群众反馈")
    assert "退回" not in str(declined.data)
    with office.store.write():
        old = {"version": 1, "slot": "head", "reason": "赵六 退回：旧话", "name": "赵六"}
        events.append(office, record.id, people.zhaoliu, "signature_declined", **old)
    assert standing.of(office, records.find(office, record.id)).sentence == "已退回修改。赵六 退回：旧话"
    told = [one.sentence for one in showing.history(office, records.find(office, record.id))]
    assert told[:2] == ["赵六 退回：旧话", "李四 退回：缺群众反馈"]


def test_the_receivers_count_must_agree_with_the_list(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    items = [{"name": "登记表", "copies": 2, "pages": 1, "original": "原件", "sealed": False}]
    record = sign(people.zhangsan, submit(people.zhangsan, "clue_handover", items=items))
    answers: dict[str, Any] = {"received_at": "2026-11-22T09:00", "check_result": "齐全"}
    with pytest.raises(InvalidAnswers) as refused:
        sign(people.wangwu, record, received_copies=3, **answers)
    assert [problem.key for problem in refused.value.form.problems] == ["received_copies"]
    record = sign(people.wangwu, record, received_copies=2, **answers)
    assert record.state == "filed"


def test_the_queue_holds_what_waits_for_this_person_and_nothing_else(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = submit(people.zhangsan, "completion_report")
    assert [one.id for one in queues.queue(office, people.lisi)] == [record.id]
    assert queues.queue(office, people.zhaoliu) == []
    assert queues.queue(office, people.chenshisan) == []
    sign(people.lisi, record)
    assert queues.queue(office, people.lisi) == []
    assert [one.id for one in queues.queue(office, people.zhaoliu)] == [record.id]


def test_a_disabled_person_is_no_candidate(office: Office, people: People, submit: Submit) -> None:
    record = submit(people.zhangsan, "completion_report")
    assert [one.signer for one in signatures.candidates(office, record)] == ["李四"]
    accounts.disable(office.store, office.clock, None, people.lisi.id)
    assert signatures.candidates(office, record) == []
    assert "没有符合条件的人员" in standing.of(office, record).waiting_for[0]


def test_a_numbered_record_cannot_be_changed(office: Office, people: People, filed: Any) -> None:
    with pytest.raises(Refused, match="已经编号"):
        revising.revise(office, people.zhangsan, filed.id)
    draft = drafts.start(
        office, people.zhangsan, "completion_report", raw_sample(office, people.zhangsan, "completion_report")
    )
    with office.store.write():
        office.store.update("draft", draft.id, {"record_id": filed.id})
    with pytest.raises(Refused, match="已经编号"):
        submitting.submit(office, people.zhangsan, draft.id, draft.raw, draft.revision)
    assert reconcile.check(office) == []
