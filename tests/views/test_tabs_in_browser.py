"""One draft, two tabs, a source that changes, and the way back after handing in, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from andu.office.office import Office
from andu.office.records import Record
from andu.office.writing import drafts, prefill
from tests.conftest import People
from tests.office.conftest import Sign, Submit, raw_sample
from tests.views.test_in_browser import Sit, address, browser, open_draft, pytestmark, sit

__all__ = ["address", "browser", "pytestmark", "sit"]


@pytest.fixture
def clues(people: People, submit: Submit, sign: Sign) -> list[Record]:
    """Two numbered clues of 示例一村."""
    made = [
        submit(people.zhangsan, "clue_registration", summary=f"{place}的线索") for place in ("东头", "西头")
    ]
    return [sign(people.lisi, sign(people.zhangsan, one)) for one in made]


def test_a_changed_source_two_tabs_and_back_after_handing_in(
    sit: Sit, office: Office, people: People, clues: list[Record]
) -> None:
    begun = prefill.start_from(office, people.zhangsan, "completion_report", clues[0].id)
    sample = raw_sample(office, people.zhangsan, "completion_report", outcome="属实", may_close=False)
    rest = {name: texts for name, texts in sample.items() if name not in begun.raw and "clue" not in name}
    draft = drafts.save(office, people.zhangsan, begun.id, begun.raw | rest, begun.revision).draft
    one = sit("zhangsan")
    open_draft(one, draft)
    expect(one.locator("#f_clue_number")).to_have_value("DJ-XS-2026-0001")

    # The source is changed by mistake and by hand: what came from the first one goes with it.
    one.fill("#f_reported_issue", "我自己改过的问题")
    one.select_option("#f_clue", clues[1].id)
    expect(one.locator("#f_clue_number")).to_have_value("DJ-XS-2026-0002")
    expect(one.locator("#f_clue_summary")).to_have_value("西头的线索")
    expect(one.locator("#f_reported_issue")).to_have_value("我自己改过的问题")
    expect(one.locator(".say.warn").first).to_contain_text("带入以后改过，没有动")

    # A second tab goes on typing while the first hands in.
    two = one.context.new_page()
    open_draft(two, draft)
    one.bring_to_front()
    one.fill("#f_clue_number", "DJ-XS-2026-0001")
    one.click("#submit")
    expect(one.locator("[data-summary]")).to_contain_text("DJ-XS-2026-0002")
    one.fill("#f_clue_number", "DJ-XS-2026-0002")
    one.click("#submit")
    one.wait_for_url(f"**/records/{draft.id}")
    two.bring_to_front()
    two.fill("#f_outcome", "不属实，第二个窗口写的")
    expect(two.get_by_role("alert")).to_contain_text("没有提交，已另存成修改稿")
    two.fill("#f_outcome", "不属实，接着写")
    expect(two.locator("#saving")).to_contain_text("已自动保存")
    (kept,) = drafts.mine(office, people.zhangsan)
    assert (kept.record_id, kept.raw["f_outcome"]) == (draft.id, ["不属实，接着写"])

    # Back leads to what was handed in, not to a page that can be edited and goes nowhere.
    one.bring_to_front()
    one.go_back()
    one.wait_for_url(f"**/records/{draft.id}")
    expect(one.locator("main")).to_contain_text("这份草稿已经提交")
