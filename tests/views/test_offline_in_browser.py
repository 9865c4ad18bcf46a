"""The server is away, slow, full or does not know us any more: the page and what is typed in it stay."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from andu.clock import FixedClock
from andu.office.office import Office
from andu.office.writing import drafts
from andu.office.writing.drafts import Draft
from tests.conftest import People
from tests.office.conftest import Sign, Submit
from tests.views.test_in_browser import Sit, address, browser, draft, open_draft, pytestmark, sign_in, sit

__all__ = ["address", "browser", "draft", "pytestmark", "sit"]
CANARY = "金丝雀举报人"
KEPT = "JSON.stringify([{...localStorage}, {...sessionStorage}, history.state])"


def raw(office: Office, people: People, draft: Draft) -> dict[str, list[str]]:
    return drafts.get(office, people.zhangsan, draft.id).raw


@pytest.mark.parametrize(
    "button",
    [
        ".bar button[value=save]",
        ".bar button[value=submit]",
        "button[value='add:reported']:not([data-row])",
        "[data-key=files] button[value^=attach]",
    ],
)
def test_without_a_server_every_act_of_a_draft_keeps_the_page_and_what_was_typed(
    sit: Sit, office: Office, people: People, draft: Draft, button: str
) -> None:
    page = sit("zhangsan")
    open_draft(page, draft)
    page.context.set_offline(True)
    page.fill("#f_place", "断网以后写的")
    if page.locator(button).count():
        page.evaluate("one => document.querySelector(one).click()", button)
    else:
        page.evaluate("document.querySelector('form[data-answers]').requestSubmit()")
    expect(page.get_by_role("alert")).to_contain_text("没有连上服务器")
    expect(page.locator("#f_place")).to_have_value("断网以后写的")
    assert page.url.endswith(f"/drafts/{draft.id}")
    page.evaluate("one => document.querySelector(one)?.click()", button)  # and again
    page.context.set_offline(False)
    expect(page.locator("#saving")).to_contain_text("已自动保存", timeout=15_000)
    expect(page.get_by_role("alert")).to_contain_text("又连上服务器了")
    assert raw(office, people, draft)["f_place"] == ["断网以后写的"]
    page.click(".bar button[value=save]")
    expect(page.locator("[role=status]").first).to_contain_text("草稿已保存")


def test_a_signature_a_reason_and_a_password_stay_while_the_server_is_away(
    sit: Sit, people: People, submit: Submit
) -> None:
    record = submit(people.zhangsan, "completion_report")
    page = sit("lisi")
    page.goto(f"/records/{record.id}/sign")
    page.locator("details summary").click()
    page.fill("#decline-reason", "缺附件，请补")
    page.context.set_offline(True)
    page.locator("details button[type=submit]").click()
    expect(page.get_by_role("alert")).to_contain_text("没有连上服务器")
    expect(page.locator("#decline-reason")).to_have_value("缺附件，请补")
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_contain_text("又连上服务器了", timeout=15_000)
    expect(page.locator("details button[type=submit]")).to_be_enabled()


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (502, "<html>Bad Gateway</html>", "（502）"),
        (500, "<main><div class='panel'><h1>系统出错了</h1><p>编号 ab12</p></div></main>", "编号 ab12"),
        (
            413,
            "<main><div class='panel'><h1>内容太大</h1><p>不能超过 60 MB</p></div></main>",
            "不能超过 60 MB",
        ),
        (429, "<main><div class='panel'><h1>太快了</h1><p>请稍等</p></div></main>", "请稍等"),
        (409, "<main><div class='panel'><h1>现在不能这样办</h1><p>原因</p></div></main>", "原因"),
    ],
)
def test_what_the_server_answers_instead_is_said_and_the_page_stays(
    sit: Sit, draft: Draft, status: int, body: str, said: str
) -> None:
    page = sit("zhangsan")
    open_draft(page, draft)
    page.route(
        f"**/drafts/{draft.id}",
        lambda route: route.fulfill(status=status, body=body, content_type="text/html"),
    )
    page.fill("#f_place", "村东头")
    page.click(".bar button[value=submit]")
    expect(page.get_by_role("alert")).to_contain_text(said)
    expect(page.locator("#f_place")).to_have_value("村东头")
    expect(page.locator(".bar button[value=submit]")).to_be_enabled()
    page.unroute(f"**/drafts/{draft.id}")
    page.click(".bar button[value=save]")
    expect(page.locator("[role=status]").first).to_contain_text("草稿已保存")


def test_a_login_that_expired_before_a_press_is_said_and_the_press_counts_after_a_new_one(
    sit: Sit, office: Office, people: People, draft: Draft, clock: FixedClock
) -> None:
    page = sit("zhangsan")
    open_draft(page, draft)
    clock.advance(31 * 60)
    page.evaluate(
        "document.querySelector('#f_place').value = '过期之后写的'"
    )  # no key: nothing was saved yet
    page.click(".bar button[value=save]")
    expect(page.get_by_role("alert")).to_contain_text("登录已过期")
    expect(page.locator("#f_place")).to_have_value("过期之后写的")
    sign_in(page.context.new_page(), "zhangsan")
    page.bring_to_front()
    expect(page.locator("#saving")).to_contain_text("已自动保存", timeout=15_000)
    page.click(".bar button[value=save]")
    expect(page.locator("[role=status]").first).to_contain_text("草稿已保存")
    assert raw(office, people, draft)["f_place"] == ["过期之后写的"]


def test_faults_come_into_the_page_without_leaving_it(sit: Sit, draft: Draft) -> None:
    page = sit("zhangsan")
    open_draft(page, draft)
    page.evaluate("window.stayed = true")
    page.fill("#f_place", "村东头")
    page.click(".bar button[value=submit]")
    expect(page.locator("[data-summary]")).to_be_focused()
    assert page.evaluate("window.stayed")
    page.fill("#f_place", "村西头")
    expect(page.locator("#saving")).to_contain_text("已自动保存")
    page.click(".bar button[value=save]")
    expect(page.locator("[role=status]").first).to_contain_text("草稿已保存")
    expect(page.locator("#f_place")).to_have_value("村西头")


def test_a_page_loaded_anew_right_after_typing_shows_it_and_blames_nobody(
    sit: Sit, office: Office, people: People, draft: Draft
) -> None:
    page = sit("zhangsan")
    open_draft(page, draft)
    for word in ("一", "二"):
        page.select_option("#f_source", "群众实名举报")
        page.fill("#f_place", f"村东头{word}")
        page.fill("#f_reporter_name", f"保密{word}")
        page.reload()
        expect(page.locator("#f_place")).to_have_value(f"村东头{word}")
        expect(page.locator("#f_reporter_name")).to_have_value(f"保密{word}")
    page.fill("#f_place", "村西头")
    expect(page.locator("#saving")).to_contain_text("已自动保存")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert [one.raw["f_place"] for one in drafts.mine(office, people.zhangsan)] == [["村西头"]]


def test_rows_and_texts_come_back_after_a_crash_but_nothing_confidential(
    sit: Sit, office: Office, people: People, draft: Draft
) -> None:
    page = sit("zhangsan")
    open_draft(page, draft)
    page.context.set_offline(True)
    page.select_option("#f_source", "群众实名举报")
    page.fill("#f_place", "崩溃之前写的")
    page.fill("#f_reporter_name", CANARY)
    page.fill("#f_reported-0-name", "甲")
    page.locator("[data-key=reported] button[data-row=add]").click()
    page.fill("#f_reported-1-name", "乙")
    page.wait_for_timeout(600)
    kept = json.loads(page.evaluate(KEPT))
    assert "崩溃之前写的" in str(kept) and CANARY not in str(kept) and "reporter" not in str(kept)
    page.close()  # without a word to the page
    again = page_beside(page)
    again.context.set_offline(False)
    open_draft(again, draft)
    expect(again.locator("#f_place")).to_have_value("")
    again.get_by_role("button", name="恢复这些内容").click()
    expect(again.locator("#f_place")).to_have_value("崩溃之前写的")
    expect(again.locator("#f_reported-1-name")).to_have_value("乙")
    expect(again.locator("#saving")).to_contain_text("已自动保存")
    assert "andu:typed" not in again.evaluate(KEPT)
    assert raw(office, people, draft)["f_place"] == ["崩溃之前写的"]


def page_beside(page: Page) -> Page:
    return page.context.new_page()


def test_the_copy_in_the_browser_is_gone_after_signing_out_and_for_anybody_else(
    sit: Sit, draft: Draft, clock: FixedClock
) -> None:
    page = sit("zhangsan")
    leave: list[Callable[[], None]] = [
        lambda: page.click("[data-leave] button"),
        lambda: (clock.advance(31 * 60), sign_in(page, "lisi"))[1],
    ]
    for act in leave:
        open_draft(page, draft)
        page.route("**/autosave", lambda route: route.abort())
        page.fill("#f_place", "张三写的")
        page.wait_for_timeout(600)
        assert "张三写的" in page.evaluate(KEPT)
        page.on("dialog", lambda dialog: dialog.accept())
        act()
        page.wait_for_load_state()
        assert "张三写的" not in page.evaluate(KEPT)
        page.unroute("**/autosave")
        sign_in(page, "zhangsan")


def test_the_other_tab_of_the_same_person_is_called_by_its_name(
    sit: Sit, office: Office, people: People, draft: Draft
) -> None:
    one = sit("zhangsan")
    open_draft(one, draft)
    two = page_beside(one)
    open_draft(two, draft)
    two.fill("#f_place", "第二个窗口")
    expect(two.locator("#saving")).to_contain_text("已自动保存")
    one.fill("#f_place", "第一个窗口")
    expect(one.get_by_role("alert")).to_contain_text("您在另一个窗口也改了这份草稿")
    texts = {found.raw["f_place"][0] for found in drafts.mine(office, people.zhangsan)}
    assert texts == {"第一个窗口", "第二个窗口"}
    with one.expect_popup() as opened:
        one.get_by_role("link", name="对照两份").click()
    expect(opened.value.locator("h1")).to_have_text("这份草稿在两个窗口里都改了")


def test_a_list_of_sources_is_walked_through_with_the_keys_and_acts_when_it_is_left(
    sit: Sit, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    said = {}
    for place in ("东头", "西头"):
        clue = submit(people.zhangsan, "clue_registration", place=place, summary=f"{place}的线索")
        said[sign(people.lisi, sign(people.zhangsan, clue)).id] = f"{place}的线索"
    report = drafts.start(office, people.zhangsan, "completion_report")
    page = sit("zhangsan")
    open_draft(page, report)
    sent: list[str] = []

    def count(route: Route) -> None:
        sent.append(route.request.url)
        route.continue_()

    page.route(f"**/drafts/{report.id}", count)
    chosen = page.locator("#f_clue")
    chosen.focus()
    for _press in range(2):
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(300)
    assert sent == [] and chosen.input_value() != ""
    first = said.pop(chosen.input_value())
    page.keyboard.press("Enter")
    expect(page.locator("#f_clue_summary")).to_have_value(first)
    page.wait_for_load_state()
    chosen.focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_timeout(300)
    expect(page.locator("#f_clue_summary")).to_have_value(first)
    page.locator("#f_clue_number").focus()
    expect(page.locator("#f_clue_summary")).to_have_value(said.popitem()[1])
