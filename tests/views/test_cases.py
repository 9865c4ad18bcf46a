"""A case and its deadlines, as the people of the office meet them on their screens."""

from __future__ import annotations

import pytest

from andu.clock import FixedClock
from andu.office import cases, records
from andu.office.books import likeness, register
from andu.office.errors import Refused
from andu.office.issue import issuing, voiding
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import signatures
from andu.office.writing import drafts, prefill, revising, submitting, trying
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit, raw_sample
from tests.store.leases import pass_time
from tests.views.conftest import SignedIn

A_DAY = 24 * 3600
TODAY = "2026-11-22T09:00"


def registered(submit: Submit, sign: Sign, people: People) -> Record:
    """A clue of 示例一村, numbered this morning."""
    record = submit(people.zhangsan, "clue_registration", registered_at=TODAY)
    return sign(people.lisi, sign(people.zhangsan, record))


def handed_over(office: Office, sign: Sign, people: People, clue: Record) -> Record:
    """The same clue, handed to 镇扫黑办."""
    return received(sign, people, sign(people.zhangsan, handover_begun(office, people, clue)))


def handover_begun(office: Office, people: People, clue: Record) -> Record:
    """The same, not signed yet."""
    draft = prefill.start_from(office, people.zhangsan, "clue_handover", clue.id)
    raw = raw_sample(office, people.zhangsan, "clue_handover", receiver_unit="shb")
    carried = {name: value for name, value in draft.raw.items() if name.startswith("f_clue")}
    raw = {**raw, **carried}
    return submitting.submit(office, people.zhangsan, draft.id, raw, draft.revision)


def received(sign: Sign, people: People, record: Record) -> Record:
    """Received by 镇扫黑办."""
    copies = sum(item["copies"] for item in record.values["items"])
    answers = {"received_at": TODAY, "received_copies": copies, "check_result": "齐全", "disposition": "登记"}
    return sign(people.wangwu, record, **answers)


def test_a_registered_clue_has_to_be_handed_over_the_same_day(
    signed_in: SignedIn, people: People, submit: Submit, sign: Sign, clock: FixedClock
) -> None:
    clue = registered(submit, sign, people)
    visitor = signed_in("zhangsan")
    visitor.get("/")
    assert "当日移交镇扫黑办" in visitor.text()
    assert "2026年11月22日 23:59 前办" in visitor.text()
    assert "墩发〔2022〕13号 三（二）2" in visitor.text()
    assert "已超期" not in visitor.text()
    clock.advance(A_DAY)
    for name in ("zhangsan", "lisi", "zhaoliu", "sunqi"):
        visitor = signed_in(name)
        visitor.get("/")
        assert "已超期" in visitor.text(), name
    visitor = signed_in("zhengshier")
    visitor.get("/")
    assert clue.title not in visitor.text(), "another village has nothing to do with it"


def test_the_handover_meets_the_deadline_and_joins_the_case(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = registered(submit, sign, people)
    slip = handed_over(office, sign, people, clue)
    assert records.find(office, slip.id).case_id == clue.id
    visitor = signed_in("zhangsan")
    visitor.get("/")
    assert "当日移交镇扫黑办" not in visitor.text()
    visitor.get(f"/records/{clue.id}")
    assert "按期办结" in visitor.text()
    (link,) = visitor.page.xpath("//main//a[starts-with(@href, '/cases/')]/@href")
    visitor.get(link)
    assert "共 2 份材料" in visitor.text()
    for word in ("线索登记表", "线索移交单", "DJ-XS-2026-0001", "YJ-2026-0001", "按期办结"):
        assert word in visitor.text()


def test_voiding_the_handover_opens_the_deadline_again(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = registered(submit, sign, people)
    slip = handed_over(office, sign, people, clue)
    visitor = signed_in("zhaoliu")
    visitor.get(f"/records/{slip.id}")
    (link,) = visitor.page.xpath("//main//a[contains(@href, '/void')]/@href")
    visitor.get(link)
    visitor.post(link, {"reason": "开错了", "password": PASSWORD})
    visitor = signed_in("zhangsan")
    visitor.get("/")
    assert "当日移交镇扫黑办" in visitor.text()


def test_a_case_shows_each_reader_only_what_is_theirs(
    signed_in: SignedIn, people: People, submit: Submit, sign: Sign
) -> None:
    clue = registered(submit, sign, people)
    assert signed_in("zhengshier").get(f"/cases/{clue.id}").status_code == 404
    assert signed_in("zhaoliu").get(f"/cases/{clue.id}").status_code == 200
    assert signed_in("zhaoliu").get("/cases/none").status_code == 404


def test_a_corrected_time_of_registration_counts_anew(
    signed_in: SignedIn, office: Office, people: People, submit: Submit
) -> None:
    record = submit(people.zhangsan, "clue_registration", registered_at="2026-11-21T23:00")
    visitor = signed_in("zhangsan")
    visitor.get("/")
    assert "已超期" in visitor.text()
    draft = revising.revise(office, people.zhangsan, record.id)
    raw = {**draft.raw, "f_registered_at": ["2026-11-22 00:10"]}
    submitting.submit(office, people.zhangsan, draft.id, raw, draft.revision)
    visitor.get("/")
    assert "已超期" not in visitor.text()
    assert "2026年11月22日 23:59 前办" in visitor.text()


# --- likely duplicates ----------------------------------------------------------------------------


def test_a_repeated_report_is_pointed_out_before_it_is_handed_in_and_then_linked(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    first = registered(submit, sign, people)
    raw = raw_sample(office, people.zhangsan, "clue_registration", place="示例镇示例一村示例砂场门口")
    draft = drafts.start(office, people.zhangsan, "clue_registration", raw)
    visitor = signed_in("zhangsan")
    visitor.get(f"/drafts/{draft.id}")
    assert "可能重复" in visitor.text()
    assert "DJ-XS-2026-0001" in visitor.text()
    for why in ("发生地点相近", "主要问题相同", "姓名/绰号或组织名称相同"):
        assert why in visitor.text()
    posted = {"act": "submit", "base_revision": str(draft.revision), "form": "clue_registration"} | raw
    visitor.post(f"/drafts/{draft.id}", posted)
    assert visitor.path == f"/drafts/{draft.id}", "not without having been told"
    assert "还没有提交" in visitor.text()
    again = posted | {"alike": first.id, "f_is_duplicate": "是", "f_duplicate_of": first.id}
    again |= {"f_related_number": "DJ-XS-2026-0001"}
    visitor.post(f"/drafts/{draft.id}", again)
    assert visitor.path.startswith("/records/")
    second = records.find(office, draft.id)
    visitor.get(f"/cases/{first.id}")
    assert "共 2 份材料" in visitor.text()
    visitor.get(f"/cases/{second.id}")
    assert first.title in visitor.text()
    assert f"/cases/{first.id}" in visitor.page.xpath("//main//a/@href")


def test_a_likely_duplicate_is_shown_together_with_what_else_is_wrong(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    registered(submit, sign, people)
    raw = raw_sample(office, people.zhangsan, "clue_registration") | {"f_registered_at": ["昨天"]}
    draft = drafts.start(office, people.zhangsan, "clue_registration", raw)
    visitor = signed_in("zhangsan")
    posted = {"act": "submit", "base_revision": str(draft.revision), "form": "clue_registration"} | raw
    assert visitor.post(f"/drafts/{draft.id}", posted).status_code == 422
    assert "可能重复" in visitor.text()
    assert "登记时间" in visitor.page.xpath("string(//*[@class='summary'])")


def test_nobody_is_pointed_to_a_record_that_is_not_theirs(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    registered(submit, sign, people)
    raw = raw_sample(office, people.zhengshier, "clue_registration")
    draft = drafts.start(office, people.zhengshier, "clue_registration", raw)
    visitor = signed_in("zhengshier")
    visitor.get(f"/drafts/{draft.id}")
    assert "可能重复" not in visitor.text()
    posted = {"act": "submit", "base_revision": str(draft.revision), "form": "clue_registration"} | raw
    visitor.post(f"/drafts/{draft.id}", posted)
    assert visitor.path == f"/records/{draft.id}"
    visitor = signed_in("zhaoliu")
    visitor.get(f"/records/{draft.id}")
    assert "DJ-XS-2026-0001" in visitor.text(), "the office sees both"


def test_another_matter_is_no_duplicate(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    registered(submit, sign, people)
    raw = raw_sample(
        office,
        people.zhangsan,
        "clue_registration",
        place="示例二村集市",
        summary="反映集市摊位收取保护费",
        main_issue="有人在集市上向摊主收钱。",
        reported=[{"name": "王某（示例）"}],
    )
    draft = drafts.start(office, people.zhangsan, "clue_registration", raw)
    visitor = signed_in("zhangsan")
    visitor.get(f"/drafts/{draft.id}")
    assert "可能重复" not in visitor.text()


def test_clues_older_than_the_search_for_duplicates_are_pointed_out_too(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = registered(submit, sign, people)
    with office.store.write():  # as an upgrade finds them
        office.store.execute("DELETE FROM likeness_text")
        office.store.execute("DELETE FROM likeness")
    raw = raw_sample(office, people.zhangsan, "clue_registration")
    draft = drafts.start(office, people.zhangsan, "clue_registration", raw)
    visitor = signed_in("zhangsan")
    visitor.get(f"/drafts/{draft.id}")
    assert "可能重复" not in visitor.text()
    likeness.keep_up(office)
    likeness.keep_up(office)
    assert office.store.count("likeness", "record_id = ?", [clue.id]) == 1
    visitor.get(f"/drafts/{draft.id}")
    assert "可能重复" in visitor.text()


# --- closing --------------------------------------------------------------------------------------


def closing_report(office: Office, submit: Submit, sign: Sign, people: People, clue: Record) -> Record:
    """The completion report of a clue, which closes its case."""
    record = closing_begun(office, sign, people, clue)
    return sign(people.zhaoliu, sign(people.lisi, record))


def closing_begun(office: Office, sign: Sign, people: People, clue: Record) -> Record:
    """The same, not signed yet; the village has given the clue to 镇扫黑办 before."""
    slips = [one for one in cases.members(office, clue.id) if one.form == "clue_handover"]
    slip = slips[0] if slips else handover_begun(office, people, clue)
    if not signatures.given(office, slip):
        sign(people.zhangsan, slip)
    draft = prefill.start_from(office, people.zhangsan, "completion_report", clue.id)
    assert draft.raw["f_clue_number"] == ["DJ-XS-2026-0001"]
    sample = raw_sample(office, people.zhangsan, "completion_report", may_close=True)
    raw = sample | {name: typed for name, typed in draft.raw.items() if any(typed)} | {"f_may_close": ["是"]}
    return submitting.submit(office, people.zhangsan, draft.id, raw, draft.revision)


def closing_notice(submit: Submit, sign: Sign, people: People, clue: Record) -> Record:
    """The notice to the reporter that it is dealt with, which closes its case; 镇扫黑办 does not see it."""
    tellers = {"teller_one": people.zhangsan.id, "teller_two": people.lisi.id}
    of_clue = {"clue_number": "DJ-XS-2026-0001", "conclusion": "已处理完毕"}
    notice = submit(people.zhangsan, "feedback_notice", clue=clue.id, **of_clue, **tellers)
    return sign(people.zhaoliu, sign(people.lisi, sign(people.zhangsan, notice)))


def voided(office: Office, people: People, record: Record) -> None:
    entry = register.of_record(office, people.zhaoliu, record.id)
    assert entry is not None
    voiding.void(office, people.zhaoliu, entry.id, "开错了", PASSWORD, "10.0.0.1")


def test_what_two_papers_met_stays_met_when_the_first_of_them_is_voided(
    office: Office, people: People, submit: Submit, sign: Sign, clock: FixedClock
) -> None:
    clue = registered(submit, sign, people)
    first = handed_over(office, sign, people, clue)
    clock.advance(60)
    second = handed_over(office, sign, people, clue)
    (row,) = office.store.rows_where("deadline", "record_id = ? AND key = 'handover'", [clue.id])
    assert row["met_by"] == first.id
    clock.advance(60)
    voided(office, people, first)
    entry = register.of_record(office, people.zhaoliu, second.id)
    assert entry is not None
    (row,) = office.store.rows_where("deadline", "id = ?", [row["id"]])
    assert (row["met_by"], row["met_at"]) == (second.id, entry.numbered_at)
    voided(office, people, second)
    (row,) = office.store.rows_where("deadline", "id = ?", [row["id"]])
    assert (row["met_by"], row["met_at"]) == (None, None)


def test_a_case_closed_twice_is_open_when_both_are_voided(
    office: Office, people: People, submit: Submit, sign: Sign, clock: FixedClock
) -> None:
    clue = registered(submit, sign, people)
    reports = [closing_report(office, submit, sign, people, clue)]
    clock.advance(60)
    reports.append(closing_notice(submit, sign, people, clue))

    def lapsed_by() -> str | None:
        rows = office.store.rows_where("deadline", "key = 'receive'")
        return str(rows[0]["lapsed_by"]) if rows[0]["lapsed_by"] else None

    closed = cases.closing(office, clue.id)
    assert closed is not None
    assert (closed.record_id, lapsed_by()) == (reports[0].id, reports[0].id)
    voided(office, people, reports[0])
    closed = cases.closing(office, clue.id)
    assert closed is not None
    assert (closed.record_id, lapsed_by()) == (reports[1].id, reports[1].id)
    voided(office, people, reports[1])
    assert (cases.closing(office, clue.id), lapsed_by()) == (None, None)


def test_the_page_of_a_case_tells_nothing_but_the_count_of_what_is_not_the_readers(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = registered(submit, sign, people)
    handed_over(office, sign, people, clue)
    closed = closing_notice(submit, sign, people, clue)
    entry = register.of_record(office, people.zhangsan, closed.id)
    assert entry is not None
    for name, may_know in (("zhangsan", True), ("zhaoliu", True), ("wangwu", False)):
        visitor = signed_in(name)
        visitor.get(f"/cases/{clue.id}")
        assert "已办结" in visitor.text(), name
        assert (entry.number in visitor.text(), closed.id in visitor.client.get(visitor.path).text) == (
            may_know,
            may_know,
        ), name
        assert ("另有 1 份不归您看" in visitor.text()) is not may_know, name


def test_what_is_still_being_signed_when_its_case_closes_is_signed_no_more(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = registered(submit, sign, people)
    late = sign(people.zhangsan, handover_begun(office, people, clue))
    closing = closing_notice(submit, sign, people, clue)
    filler = signed_in("zhangsan")
    filler.get(f"/records/{late.id}")
    assert "已于2026年11月22日由“反馈举报人告知书”FK-2026-0001 办结，不能再签字、取号" in filler.text()
    assert "请先作废 FK-2026-0001 这个编号" in filler.text()
    path, visitor = f"/records/{late.id}/sign", signed_in("wangwu")
    visitor.get(path)
    assert "已于2026年11月22日办结，不能再签字、取号" in visitor.text()
    assert "FK-2026-0001" not in visitor.text(), "what closed it is not theirs to see"
    assert not visitor.page.xpath(f"//form[@action = '{path}']")
    sent = {"version": "1", "slot": "receiver", "opinion": "同意", "password": PASSWORD}
    assert visitor.post(path, sent).status_code == 409
    assert "不能再签字、取号" in visitor.text() and "FK-2026-0001" not in visitor.text()
    with pytest.raises(Refused, match="已于2026年11月22日办结"):
        received(sign, people, late)
    assert len(signatures.given(office, late)) == 1
    voided(office, people, closing)
    assert received(sign, people, late).state == "filed"


def test_what_is_signed_when_its_case_closes_gets_no_number_until_the_closing_is_voided(
    signed_in: SignedIn,
    office: Office,
    people: People,
    submit: Submit,
    sign: Sign,
    monkeypatch: pytest.MonkeyPatch,
    clock: FixedClock,
) -> None:
    clue = registered(submit, sign, people)
    late, report = handover_begun(office, people, clue), closing_begun(office, sign, people, clue)
    with monkeypatch.context() as patch:
        patch.setattr(issuing, "issue_when_complete", lambda *_given: None)
        late = received(sign, people, records.find(office, late.id))
    assert late.state == "complete"
    closing = sign(people.zhaoliu, sign(people.lisi, report))
    pass_time(office.store)
    issuing.recover(office)
    visitor = signed_in("zhangsan")
    visitor.get(f"/records/{late.id}")
    assert "签字已齐，等待取号" in visitor.text()
    assert "由“办结报告”BJ-2026-0001 办结，不能再签字、取号" in visitor.text()
    voided(office, people, closing)
    pass_time(office.store)
    issuing.recover(office)
    assert records.find(office, late.id).state == "filed"


def test_a_case_closed_while_a_paper_is_tried_out_does_not_take_it(
    office: Office, people: People, submit: Submit, sign: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    clue = registered(submit, sign, people)
    report, preflight = closing_begun(office, sign, people, clue), trying.preflight

    def meanwhile(*given: object) -> object:
        monkeypatch.setattr(trying, "preflight", preflight)
        sign(people.zhaoliu, sign(people.lisi, report))
        return preflight(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(trying, "preflight", meanwhile)
    with pytest.raises(Refused, match="BJ-2026-0001 办结"):
        closing_begun(office, sign, people, clue)


def test_a_closed_case_takes_no_more_records_until_what_closed_it_is_voided(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = registered(submit, sign, people)
    begun = prefill.start_from(office, people.zhangsan, "clue_handover", clue.id)
    report = closing_report(office, submit, sign, people, clue)
    visitor = signed_in("zhangsan")
    visitor.get(f"/cases/{clue.id}")
    assert "已办结" in visitor.text()
    assert "BJ-2026-0001" in visitor.text()
    offered = visitor.page.xpath("//main//form[contains(@action, '/new/')]/@action")
    assert set(offered) <= {"/new/feedback_notice", "/new/archive_list"}, "only what may follow a closing"
    visitor.get(f"/records/{clue.id}")
    visitor.post("/new/clue_handover", {"from": clue.id})
    assert "由“办结报告”BJ-2026-0001 办结，不能再办这一项" in visitor.text()

    raw = raw_sample(office, people.zhangsan, "clue_handover", receiver_unit="shb")
    raw |= {name: typed for name, typed in begun.raw.items() if name.startswith("f_clue")}
    visitor.get(f"/drafts/{begun.id}")
    posted = {"act": "submit", "base_revision": str(begun.revision), "form": "clue_handover"} | raw
    answer = visitor.post(f"/drafts/{begun.id}", posted)
    assert answer.status_code == 422
    (wrong,) = visitor.page.xpath("//*[@id = 'f_clue-wrong']")
    assert "BJ-2026-0001 办结" in wrong.text_content()

    visitor = signed_in("zhaoliu")
    visitor.get(f"/records/{report.id}")
    (link,) = visitor.page.xpath("//main//a[contains(@href, '/void')]/@href")
    visitor.get(link)
    visitor.post(link, {"reason": "结论有误，重新办理", "password": PASSWORD})
    visitor = signed_in("zhangsan")
    visitor.get(f"/drafts/{begun.id}")
    visitor.post(f"/drafts/{begun.id}", posted | {"base_revision": str(begun.revision + 1)})
    assert visitor.path == f"/records/{begun.id}"


def test_the_case_says_where_it_is_and_offers_what_comes_next(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = registered(submit, sign, people)
    visitor = signed_in("zhangsan")
    visitor.get(f"/cases/{clue.id}")
    assert "目前在：示例一村" in visitor.text()
    assert visitor.page.xpath("//main//form[@action = '/new/clue_handover']")
    handed_over(office, sign, people, clue)
    visitor.get(f"/cases/{clue.id}")
    assert "目前在：镇扫黑办" in visitor.text()
    assert not visitor.page.xpath("//main//form[@action = '/new/clue_handover']")


def test_a_repeated_report_is_linked_to_a_case_that_is_closed_too(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = registered(submit, sign, people)
    closing_report(office, submit, sign, people, clue)
    again = submit(
        people.zhangsan,
        "clue_registration",
        is_duplicate=True,
        duplicate_of=clue.id,
        related_number="DJ-XS-2026-0001",
    )
    assert clue.id in cases.cases_of(office, again)
