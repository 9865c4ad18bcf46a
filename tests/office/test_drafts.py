"""Drafts keep everything that was typed, for everyone who typed, and show secrets to no one else."""

from __future__ import annotations

import dataclasses
import threading
from pathlib import Path

import pytest

from andu.office import editions, records
from andu.office.desk import showing
from andu.office.errors import InvalidAnswers, NotAllowed, NotFound, Refused
from andu.office.office import Office
from andu.office.records import Record
from andu.office.writing import (
    attachments,
    confidential,
    drafts,
    prefill,
    rescuing,
    revising,
    submitting,
    trying,
)
from andu.office.writing.drafts import EditedMeanwhile
from andu.security import accounts
from andu.security.accounts import Account
from andu.security.signin import SignInRefused
from andu.settings import Settings
from tests.conftest import PASSWORD, People, with_key
from tests.office.conftest import Sign, Submit, raw_sample
from tests.store.outside import at_rest

CANARY = "金丝雀举报人"
PROOF = (PASSWORD, "10.0.0.1")


@pytest.fixture
def colleague(office: Office, people: People) -> Account:
    """A second clerk of 示例一村."""
    return accounts.create(
        office.store,
        office.clock,
        None,
        username="jiangsi",
        name="蒋四",
        unit_id="cun1",
        roles=["clerk"],
        password=PASSWORD,
    )


def secret_key(office: Office) -> str:
    """The first confidential text field of the registration."""
    form_type = editions.current(office, "clue_registration").form_type
    return next(field.key for field in form_type.fields if field.confidential and field.kind == "text")


def test_what_was_typed_comes_back_letter_for_letter_valid_or_not(office: Office, people: People) -> None:
    draft = drafts.start(office, people.zhangsan, "clue_registration")
    typed = {
        "f_happened_at": ["  ２０２６年  "],
        "f_summary": ["第一行\r\n{{ 7*7 }} <b>&\t"],
        "f_registered_at": ["昨天"],
    }
    drafts.save(office, people.zhangsan, draft.id, typed, draft.revision)
    again = drafts.get(office, people.zhangsan, draft.id).raw
    for name in ("f_summary", "f_registered_at"):
        assert again[name] == typed[name]


def test_names_that_the_form_does_not_have_are_not_kept(office: Office, people: People) -> None:
    draft = drafts.start(office, people.zhangsan, "clue_registration")
    hostile = {
        "state": ["filed"],
        "number": ["1"],
        "unit_id": ["shb"],
        "__proto__": ["x"],
        "f_nothing": ["y"],
    }
    assert drafts.save(office, people.zhangsan, draft.id, hostile, 1).draft.raw == {}


def test_two_editors_of_one_draft_both_keep_their_text_and_are_told(
    office: Office, people: People, colleague: Account
) -> None:
    draft = drafts.start(office, people.zhangsan, "clue_registration", {"f_summary": ["起初"]})
    drafts.save(office, people.zhangsan, draft.id, {"f_summary": ["张三的话"]}, draft.revision)
    saved = drafts.save(office, colleague, draft.id, {"f_summary": ["蒋四的话"]}, draft.revision)
    assert saved.conflict is not None
    assert saved.conflict.by == "张三"
    assert drafts.get(office, people.zhangsan, draft.id).raw["f_summary"] == ["张三的话"]
    assert drafts.get(office, colleague, saved.draft.id).raw["f_summary"] == ["蒋四的话"]
    with pytest.raises(EditedMeanwhile):
        submitting.submit(office, colleague, draft.id, {"f_summary": ["又一次"]}, draft.revision)


def test_saving_the_same_text_again_is_no_conflict(
    office: Office, people: People, colleague: Account
) -> None:
    draft = drafts.start(office, people.zhangsan, "clue_registration")
    drafts.save(office, people.zhangsan, draft.id, {"f_summary": ["同样"]}, draft.revision)
    assert drafts.save(office, colleague, draft.id, {"f_summary": ["同样"]}, draft.revision).conflict is None


def test_a_colleague_goes_on_with_a_draft_without_seeing_or_losing_the_reporter(
    office: Office, people: People, colleague: Account
) -> None:
    raw = raw_sample(office, people.zhangsan, "clue_registration", **{secret_key(office): CANARY})
    draft = drafts.start(office, people.zhangsan, "clue_registration", raw)
    name = f"f_{secret_key(office)}"
    theirs = drafts.get(office, colleague, draft.id)
    assert CANARY not in str(theirs)
    drafts.save(office, colleague, draft.id, theirs.raw | {"f_summary": ["同事改过"]}, theirs.revision)
    own = drafts.get(office, people.zhangsan, draft.id)
    assert own.raw[name] == [CANARY]
    assert own.raw["f_summary"] == ["同事改过"]
    copy = drafts.save(office, colleague, draft.id, {"f_summary": ["又一份"]}, theirs.revision)
    assert copy.conflict is not None
    assert CANARY not in str(drafts.get(office, colleague, copy.draft.id))
    with pytest.raises(NotAllowed, match="由填写它的人提交"):
        submitting.submit(office, colleague, draft.id, own.raw, own.revision)
    with pytest.raises(NotFound):
        drafts.detach(office, colleague, draft.id, secret_key(office), CANARY)
    assert drafts.get(office, people.zhangsan, draft.id).raw[name] == [CANARY]


def test_other_units_and_other_roles_have_no_such_draft(office: Office, people: People) -> None:
    draft = drafts.start(office, people.zhangsan, "clue_registration")
    for stranger in (people.zhengshier, people.zhaoliu, people.wujiu, people.sunqi):
        with pytest.raises(NotFound):
            drafts.get(office, stranger, draft.id)
    with pytest.raises(NotAllowed):
        drafts.start(office, people.wujiu, "clue_registration")


def test_a_unit_that_a_new_version_no_longer_names_no_longer_sees_it(
    office: Office, people: People, submit: Submit
) -> None:
    record = submit(people.zhangsan, "clue_handover", receiver_unit="pcs")
    assert records.get(office, people.qianyi, record.id)
    draft = revising.revise(office, people.zhangsan, record.id)
    raw = draft.raw | {"f_receiver_unit": ["shb"]}
    submitting.submit(office, people.zhangsan, draft.id, raw, draft.revision)
    assert records.get(office, people.wangwu, record.id)
    with pytest.raises(NotFound):
        records.get(office, people.qianyi, record.id)


def test_invalid_answers_stay_in_the_draft_and_are_named(office: Office, people: People) -> None:
    draft = drafts.start(office, people.zhangsan, "clue_registration")
    with pytest.raises(InvalidAnswers) as refused:
        submitting.submit(office, people.zhangsan, draft.id, {"f_summary": ["只有摘要"]}, draft.revision)
    assert refused.value.form.problems
    assert drafts.get(office, people.zhangsan, draft.id).raw["f_summary"] == ["只有摘要"]


def test_submitting_the_same_draft_twice_makes_one_record(office: Office, people: People) -> None:
    raw = raw_sample(office, people.zhangsan, "clue_registration")
    draft = drafts.start(office, people.zhangsan, "clue_registration", raw)
    first = submitting.submit(office, people.zhangsan, draft.id, raw, draft.revision)
    second = submitting.submit(office, people.zhangsan, draft.id, raw, draft.revision)
    assert first.id == second.id
    assert office.store.count("record") == 1


def test_the_reporter_is_in_no_file_but_the_vault(
    office: Office, settings: Settings, people: People, submit: Submit, sign: Sign
) -> None:
    record = submit(people.zhangsan, "clue_registration", **{secret_key(office): CANARY})
    record = sign(people.lisi, sign(people.zhangsan, record))
    assert record.state == "filed"
    at_rest(office.store)
    for path in settings.instance.rglob("*"):
        if path.is_file():
            assert CANARY.encode() not in path.read_bytes(), path
            assert CANARY.encode("utf-16-le") not in path.read_bytes(), path
    assert CANARY not in str(showing.answers(office, people.lisi, record))
    with pytest.raises(NotAllowed):  # numbered: it is no longer the writer's
        confidential.reveal(office, people.zhangsan, record.id, "核对", *PROOF)
    assert CANARY in str(confidential.reveal(office, people.zhaoliu, record.id, "回访", *PROOF))


def test_only_author_and_those_permitted_see_the_reporter_and_each_look_is_noted(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = submit(people.zhangsan, "clue_registration", **{secret_key(office): CANARY})
    with pytest.raises(NotAllowed):
        confidential.reveal(office, people.lisi, record.id, "好奇", *PROOF)
    with pytest.raises(SignInRefused, match="密码不正确"):
        confidential.reveal(office, people.zhaoliu, record.id, "反馈需要", "another-password", "10.0.0.1")
    with pytest.raises(Refused, match="事由"):
        confidential.reveal(office, people.zhaoliu, record.id, " ", *PROOF)
    assert CANARY in str(confidential.reveal(office, people.zhaoliu, record.id, "反馈需要", *PROOF))
    events = [row["event"] for row in office.store.rows_where("audit", order_by="at, seq")]
    assert events.count("confidential_viewed") == 1


def test_a_handover_is_filled_from_the_registration_and_shared_with_the_receiver(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = sign(people.lisi, sign(people.zhangsan, submit(people.zhangsan, "clue_registration")))
    with pytest.raises(NotFound):
        records.get(office, people.wangwu, clue.id)
    draft = prefill.start_from(office, people.zhangsan, "clue_handover", clue.id)
    assert draft.raw["f_clues-0-number"] == ["DJ-XS-2026-0001"]
    assert draft.raw["f_clues-0-summary"] != [""]
    sample = raw_sample(office, people.zhangsan, "clue_handover")
    raw = draft.raw | {name: texts for name, texts in sample.items() if not name.startswith("f_clues")}
    submitting.submit(office, people.zhangsan, draft.id, raw, draft.revision)
    assert records.get(office, people.wangwu, clue.id).id == clue.id


def test_a_second_clue_goes_into_the_next_row_and_the_same_one_nowhere(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    made = [submit(people.zhangsan, "clue_registration") for _n in range(2)]
    one, two = (sign(people.lisi, sign(people.zhangsan, record)) for record in made)
    draft = prefill.start_from(office, people.zhangsan, "clue_handover", one.id)
    for chosen in (one, two, two):
        raw = draft.raw | {"f_clue": [chosen.id]}
        draft = drafts.save(office, people.zhangsan, draft.id, raw, draft.revision).draft
        draft = prefill.carry_over(office, people.zhangsan, draft.id, "clue")
    numbers = {name: text for name, text in draft.raw.items() if name.endswith("-number") and any(text)}
    assert numbers == {"f_clues-0-number": ["DJ-XS-2026-0001"], "f_clues-1-number": ["DJ-XS-2026-0002"]}


def test_carrying_over_leaves_what_was_typed(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = sign(people.lisi, sign(people.zhangsan, submit(people.zhangsan, "clue_registration")))
    raw = {"f_clue": [clue.id], "f_clue_summary": ["自己写的"]}
    draft = drafts.start(office, people.zhangsan, "completion_report", raw)
    after = prefill.carry_over(office, people.zhangsan, draft.id, "clue")
    assert after.raw["f_clue_number"] == ["DJ-XS-2026-0001"]
    assert after.raw["f_clue_summary"] == ["自己写的"]
    blank = drafts.start(office, people.zhangsan, "completion_report")
    with pytest.raises(Refused, match="请先"):
        prefill.carry_over(office, people.zhangsan, blank.id, "clue")


def test_an_upload_is_judged_by_its_content(office: Office, people: People) -> None:
    draft = drafts.start(office, people.zhangsan, "completion_report")
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
    kept = drafts.attach(office, people.zhangsan, draft.id, "files", "../..\\照片\u202egnp.png", png)
    assert kept.name == "照片gnp.png"
    for name, data in (("a.exe", b"MZ" + b"\0" * 64), ("a.pdf", png), ("a.png", b"<html>"), ("a.png", b"")):
        with pytest.raises(Refused):
            drafts.attach(office, people.zhangsan, draft.id, "files", name, data)
    after = drafts.detach(office, people.zhangsan, draft.id, "files", kept.id)
    assert after.raw["f_files"] == []
    with pytest.raises(Refused, match="照片.heic.*兼容性最佳"):
        data = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
        drafts.attach(office, people.zhangsan, draft.id, "files", "照片.heic", data)


def test_a_record_keeps_the_edition_it_was_submitted_with(
    office: Office, settings: Settings, people: People, submit: Submit, tmp_path: Path
) -> None:
    record: Record = submit(people.zhangsan, "completion_report")
    forms = tmp_path / "forms"
    forms.mkdir()
    for path in settings.forms.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        (forms / path.name).write_text(
            text.replace("title: 办结报告", "title: 新版办结报告"), encoding="utf-8"
        )
    changed = Office.open(dataclasses.replace(settings, forms=forms), office.to_pdf)
    assert editions.current(changed, "completion_report").form_type.title == "新版办结报告"
    assert records.form_type_of(changed, records.find(changed, record.id)).title == "办结报告"
    changed.store.close()


# --- two people at once ---------------------------------------------------------------------------


def test_two_submissions_at_the_same_moment_make_one_record(office: Office, people: People) -> None:
    raw = raw_sample(office, people.zhangsan, "clue_registration")
    draft = drafts.start(office, people.zhangsan, "clue_registration", raw)
    barrier, made, faults = threading.Barrier(2), [], []

    def press() -> None:
        barrier.wait()
        try:
            made.append(submitting.submit(office, people.zhangsan, draft.id, draft.raw, draft.revision).id)
        except NotFound:  # came so late that the draft is gone: the screen goes on to the record
            made.append(getattr(submitting.outcome(office, people.zhangsan, draft.id), "id", ""))
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=press) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert made == [draft.id, draft.id]
    assert office.store.count("record") == 1


def test_text_saved_while_a_submission_is_under_way_is_not_lost(
    office: Office, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = raw_sample(office, people.zhangsan, "clue_registration")
    draft = drafts.start(office, people.zhangsan, "clue_registration", raw)

    def somebody_saves(*_args: object) -> None:
        now = drafts.get(office, people.lisi, draft.id)
        drafts.save(office, people.lisi, draft.id, now.raw | {"f_place": ["李四刚补的"]}, now.revision)

    monkeypatch.setattr(trying, "preflight", somebody_saves)
    with pytest.raises(Refused, match="有人保存了新内容"):
        submitting.submit(office, people.zhangsan, draft.id, draft.raw, draft.revision)
    assert drafts.get(office, people.zhangsan, draft.id).raw["f_place"] == ["李四刚补的"]
    assert office.store.count("record") == 0


def test_text_typed_into_a_draft_that_is_gone_becomes_a_draft_of_its_own(
    office: Office, people: People, submit: Submit
) -> None:
    record = submit(people.zhangsan, "completion_report")
    kept = rescuing.rescue(office, people.lisi, record.id, "completion_report", {"f_outcome": ["李四写的"]})
    assert kept.record_id == record.id
    assert drafts.get(office, people.lisi, kept.id).raw == {"f_outcome": ["李四写的"]}
    with pytest.raises(NotFound):
        rescuing.rescue(office, people.zhengshier, record.id, "completion_report", {"f_outcome": ["x"]})
    gone = rescuing.rescue(office, people.lisi, "thrown away", "completion_report", {"f_outcome": ["x"]})
    assert gone.record_id is None


def test_a_rescued_text_changes_neither_the_form_of_a_record_nor_a_confidential_one(
    office: Office, people: People, submit: Submit
) -> None:
    report = submit(people.zhangsan, "completion_report")
    kept = rescuing.rescue(office, people.lisi, report.id, "clue_registration", {})
    assert kept.form == "completion_report"
    clue = submit(people.zhangsan, "clue_registration", **{secret_key(office): CANARY})
    assert rescuing.rescue(office, people.lisi, clue.id, "clue_registration", {}).record_id is None
    raw = raw_sample(office, people.lisi, "clue_registration")
    forged = drafts.start(office, people.lisi, "clue_registration", raw)
    for record, refusal in ((report, NotFound), (clue, NotAllowed)):
        with office.store.write():
            office.store.update("draft", forged.id, {"record_id": record.id})
        with pytest.raises(refusal):
            submitting.submit(office, people.lisi, forged.id, forged.raw, forged.revision)


def test_what_another_unit_handed_over_is_not_passed_on(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = sign(people.lisi, sign(people.zhangsan, submit(people.zhangsan, "clue_registration")))
    submit(people.zhangsan, "clue_handover", clue=clue.id)
    assert records.get(office, people.wangwu, clue.id)
    submit(people.wangwu, "clue_handover", clue=clue.id, receiver_unit="pcs")
    with pytest.raises(NotFound):
        records.get(office, people.qianyi, clue.id)


def test_a_file_of_one_record_is_not_taken_by_another(office: Office, people: People, submit: Submit) -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
    holder = drafts.start(office, people.zhangsan, "completion_report")
    file = drafts.attach(office, people.zhangsan, holder.id, "files", "照片.png", png)
    first = submit(people.zhangsan, "completion_report", files=[file.id])
    second = submit(people.lisi, "completion_report", files=[file.id])
    for record in (first, second):
        assert [one.sha for one in attachments.of_record(office, record.id)] == [file.sha]
    assert records.find(office, first.id).values["files"] == [file.id]
    assert "照片.png" in str(showing.answers(office, people.zhaoliu, second))


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("summary", "据金丝雀 举报人反映，砂场强买强卖"),
        ("main_issue", "来电０５５５－７６５４３２１的人说有人强买强卖。"),
        ("evidence", "金丝雀·举报人提供的照片"),
    ],
)
def test_open_answers_that_say_who_reported_are_not_accepted(
    office: Office, people: People, submit: Submit, key: str, typed: str
) -> None:
    secrets = {"reporter_name": CANARY, "reporter_phone": "0555-7654321"}
    with pytest.raises(InvalidAnswers) as refused:
        submit(people.zhangsan, "clue_registration", **secrets, **{key: typed})
    (problem,) = refused.value.form.problems
    assert "保密部分的“举报人" in problem.message and problem.key == key
    assert CANARY not in problem.message and "7654321" not in problem.message
    assert submit(people.zhangsan, "clue_registration", **secrets, **{key: "举报人反映有人强买强卖"})


def test_not_even_the_director_reads_the_reporter_in_a_draft(
    office: Office, people: People, submit: Submit
) -> None:
    accounts.create(
        office.store, office.clock, None, username="yangershi", name="杨二十", unit_id="cun1",
        roles=["clerk", "director"], password=PASSWORD, must_change=False,
    )  # fmt: skip
    director = with_key(office, accounts.by_username(office.store, "yangershi"))
    raw = raw_sample(office, people.zhangsan, "clue_registration", **{secret_key(office): CANARY})
    draft = drafts.start(office, people.zhangsan, "clue_registration", raw)
    assert CANARY not in str(drafts.get(office, director, draft.id))
    record = submit(people.zhangsan, "clue_registration", **{secret_key(office): CANARY})
    with pytest.raises(NotAllowed):
        revising.revise(office, director, record.id)
    assert CANARY in str(confidential.reveal(office, director, record.id, "反馈需要", *PROOF))
