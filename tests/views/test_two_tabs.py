"""One draft in two tabs: what is typed after it was handed in is kept and said, nothing is made twice."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask

from andu.office import records
from andu.office.office import Office
from andu.office.writing import drafts
from andu.office.writing.drafts import Draft
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, raw_sample
from tests.views.conftest import SignedIn
from tests.views.page import Visitor


@pytest.fixture
def draft(office: Office, people: People) -> Draft:
    """A completion report that 张三 has filled and that can be handed in."""
    raw = raw_sample(office, people.zhangsan, "completion_report", outcome="属实，已整改")
    return drafts.start(office, people.zhangsan, "completion_report", raw)


def opened(visitor: Visitor, draft: Draft, **typed: Any) -> dict[str, Any]:
    """What the page of a draft would post, with something typed into it."""
    visitor.get(f"/drafts/{draft.id}")
    return {**visitor.filled(f"/drafts/{draft.id}"), **typed}


def press(visitor: Visitor, draft: Draft, page: dict[str, Any], act: str) -> None:
    visitor.post(f"/drafts/{draft.id}", {**page, "act": act})


@pytest.mark.parametrize("act", ["submit", "save"])
def test_what_the_second_tab_says_is_kept_as_a_revision_and_said_field_by_field(
    signed_in: SignedIn, office: Office, people: People, draft: Draft, act: str
) -> None:
    one, two = signed_in("zhangsan"), signed_in("zhangsan")
    second = opened(two, draft, f_outcome="不属实", f_remarks=" ")
    press(one, draft, opened(one, draft), "submit")
    record = one.path
    for _again in range(2):
        press(two, draft, second, act)
        assert two.path.startswith("/drafts/") and not two.path.endswith(draft.id)
        words = two.text()
        assert "提交的是“属实，已整改”，您写的是“不属实”" in words
        assert words.count("您写的是") == 1, "what is the same is not told"
        assert two.filled(two.path)["f_outcome"] == ["不属实"]
    (kept,) = drafts.mine(office, people.zhangsan)
    assert f"/records/{kept.record_id}" == record
    assert office.store.count("record") == 1


@pytest.mark.parametrize("act", ["submit", "save", "preview"])
def test_a_second_tab_that_says_the_same_goes_on_to_the_record(
    signed_in: SignedIn, office: Office, people: People, draft: Draft, act: str
) -> None:
    one, two = signed_in("zhangsan"), signed_in("lisi")
    second = opened(two, draft, f_handling_unit="示例一村")  # typed in another way, means the same
    press(one, draft, opened(one, draft), "submit")
    press(two, draft, second, act)
    assert two.path == one.path
    assert drafts.mine(office, people.zhangsan) == []


def test_a_text_for_a_record_that_has_its_number_becomes_a_draft_of_its_own(
    signed_in: SignedIn, office: Office, people: People, sign: Sign, draft: Draft
) -> None:
    one, two = signed_in("zhangsan"), signed_in("zhangsan")
    second = opened(two, draft, f_outcome="不属实")
    press(one, draft, opened(one, draft), "submit")
    record = records.find(office, draft.id)
    sign(people.zhaoliu, sign(people.lisi, record))
    press(two, draft, second, "submit")
    assert "那份材料已经不能改了" in two.text()
    (kept,) = drafts.mine(office, people.zhangsan)
    assert (kept.record_id, kept.raw["f_outcome"]) == (None, ["不属实"])


def test_back_to_a_draft_that_was_handed_in_leads_to_its_record(signed_in: SignedIn, draft: Draft) -> None:
    visitor = signed_in("zhangsan")
    press(visitor, draft, opened(visitor, draft), "submit")
    record = visitor.path
    for path in ("", "/discard", "/beside"):
        visitor.get(f"/drafts/{draft.id}{path}")
        assert visitor.path == record
    assert "已经提交" in visitor.text()
    visitor.post(f"/drafts/{draft.id}/discard")
    assert visitor.path == record
    assert signed_in("zhengshier").get(f"/drafts/{draft.id}").status_code == 404


def test_saving_by_itself_after_handing_in_says_so_and_keeps_only_what_differs(
    signed_in: SignedIn, office: Office, people: People, draft: Draft
) -> None:
    one, two = signed_in("zhangsan"), signed_in("zhangsan")
    second = opened(two, draft)
    press(one, draft, opened(one, draft), "submit")
    path = f"/drafts/{draft.id}/autosave"
    answer = two.post(path, second)
    assert answer.status_code == 409 and answer.json is not None
    assert answer.json["link"] == one.path and "copy" not in answer.json
    answer = two.post(path, {**second, "f_outcome": "不属实"})
    assert (
        answer.json is not None
        and "“办理结果”" in answer.json["message"]
        or "没有提交" in answer.json["message"]
    )
    assert [found.raw["f_outcome"] for found in drafts.mine(office, people.zhangsan)] == [["不属实"]]


def test_eight_submissions_at_once_make_one_record_and_leave_no_draft(
    app: Flask, signed_in: SignedIn, office: Office, people: People, draft: Draft
) -> None:
    visitors = [signed_in("zhangsan") for _each in range(8)]
    pages = [opened(visitor, draft, f_outcome="属实，已全部整改") for visitor in visitors]
    barrier, ends = threading.Barrier(8), []

    def click(visitor: Visitor, page: dict[str, Any]) -> None:
        barrier.wait()
        press(visitor, draft, page, "submit")
        ends.append(visitor.path)

    threads = [threading.Thread(target=click, args=pair) for pair in zip(visitors, pages, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert ends == [f"/records/{draft.id}"] * 8
    assert (office.store.count("record"), office.store.count("draft")) == (1, 0)


def test_a_post_to_a_draft_of_nobody_or_of_others_makes_nothing(
    signed_in: SignedIn, office: Office, people: People, draft: Draft
) -> None:
    stranger = signed_in("zhengshier")
    stranger.get("/new")
    sent = {"form": "completion_report", "base_revision": "1", "f_outcome": "外人写的"}
    drafts_before = office.store.count("draft")
    for draft_id in (draft.id, "0" * 32, "nothing"):
        for act in ("save", "submit", "add:measures", "preview"):
            assert stranger.post(f"/drafts/{draft_id}", {**sent, "act": act}).status_code == 404
        assert stranger.post(f"/drafts/{draft_id}/autosave", sent).status_code == 404
    drafts.discard(office, people.zhangsan, draft.id)
    assert stranger.post(f"/drafts/{draft.id}", {**sent, "act": "save"}).status_code == 404
    assert office.store.count("draft") == drafts_before - 1
    own = signed_in("lisi")
    own.get("/new")
    own.post(f"/drafts/{draft.id}", {**sent, "f_outcome": "同事写的", "act": "save"})
    assert own.filled(own.path)["f_outcome"] == ["同事写的"], (
        "thrown away by a colleague: nothing typed is lost"
    )


def test_a_colleague_who_is_not_shown_the_reporter_is_not_told_of_a_difference_there(
    signed_in: SignedIn, office: Office, people: People
) -> None:
    raw = raw_sample(
        office, people.zhangsan, "clue_registration", source="群众实名举报", reporter_name="保密甲"
    )
    clue = drafts.start(office, people.zhangsan, "clue_registration", raw)
    author, colleague = signed_in("zhangsan"), signed_in("lisi")
    page = opened(colleague, clue)
    own = opened(author, clue)
    press(author, clue, own, "submit")
    press(colleague, clue, page, "save")
    assert colleague.path == f"/records/{clue.id}", colleague.text()
    press(author, clue, {**own, "f_reporter_name": "保密乙"}, "save")
    assert author.filled(author.path)["f_reporter_name"] == ["保密乙"]
    assert PASSWORD not in author.text()
