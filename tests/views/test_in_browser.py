"""What our scripts add in a real browser: saving while typing, showing what applies, rows in place."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from werkzeug.serving import make_server

from andu.clock import FixedClock
from andu.office.office import Office
from andu.office.writing import drafts
from andu.office.writing.drafts import Draft
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit, raw_sample

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium here"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for this module."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--headless=new"]
        )
        yield browser
        browser.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The app on a port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


Sit = Callable[[str], Page]


@pytest.fixture
def sit(browser: Browser, address: str) -> Iterator[Sit]:
    """``sit("zhangsan")``: this person in front of a browser of their own, signed in."""
    contexts = []

    def act(username: str) -> Page:
        context = browser.new_context(base_url=address, viewport={"width": 1366, "height": 768})
        contexts.append(context)
        page = context.new_page()
        sign_in(page, username)
        return page

    yield act
    for context in contexts:
        context.close()


def sign_in(page: Page, username: str) -> None:
    page.goto("/sign-in")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url("**/")


@pytest.fixture
def draft(office: Office, people: People) -> Draft:
    """A clue that 张三 has begun."""
    return drafts.start(office, people.zhangsan, "clue_registration")


def open_draft(page: Page, draft: Draft) -> None:
    page.goto(f"/drafts/{draft.id}")


def test_a_draft_saves_itself_and_outlives_the_browser(sit: Sit, draft: Draft) -> None:
    page = sit("zhangsan")
    open_draft(page, draft)
    page.fill("#f_place", "村东头")
    expect(page.locator("#saving")).to_contain_text("已自动保存")
    page.context.close()
    again = sit("zhangsan")
    open_draft(again, draft)
    expect(again.locator("#f_place")).to_have_value("村东头")


def test_what_was_typed_last_is_saved_when_the_page_is_left(
    sit: Sit, office: Office, people: People, draft: Draft
) -> None:
    page = sit("zhangsan")
    open_draft(page, draft)
    page.fill("#f_place", "村东头")
    page.goto("/register")
    open_draft(page, draft)
    expect(page.locator("#f_place")).to_have_value("村东头")


def test_an_expired_login_is_said_and_saving_goes_on_after_a_new_one(
    sit: Sit, office: Office, people: People, draft: Draft, clock: FixedClock
) -> None:
    page = sit("zhangsan")
    open_draft(page, draft)
    clock.advance(31 * 60)
    page.fill("#f_place", "过期之后写的")
    expect(page.locator("#saving")).to_contain_text("登录已过期")
    page.click(".bar button[value=submit]")
    expect(page.locator("#f_place")).to_have_value("过期之后写的")
    other = page.context.new_page()
    sign_in(other, "zhangsan")
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator("#saving")).to_contain_text("已自动保存", timeout=15000)
    assert drafts.get(office, people.zhangsan, draft.id).raw["f_place"] == ["过期之后写的"]


def test_saving_does_not_go_on_under_another_account(
    sit: Sit, office: Office, people: People, draft: Draft, clock: FixedClock
) -> None:
    page = sit("zhangsan")
    open_draft(page, draft)
    clock.advance(31 * 60)
    page.fill("#f_place", "张三写的")
    expect(page.locator("#saving")).to_contain_text("登录已过期")
    sign_in(page.context.new_page(), "lisi")
    with page.expect_response("**/autosave") as answer:
        page.evaluate("dispatchEvent(new Event('focus'))")
    assert answer.value.status == 401
    assert "f_place" not in drafts.get(office, people.zhangsan, draft.id).raw


def test_a_second_editor_is_told_while_typing_and_both_texts_are_kept(
    sit: Sit, office: Office, people: People, draft: Draft
) -> None:
    page = sit("zhangsan")
    open_draft(page, draft)
    drafts.save(office, people.lisi, draft.id, {"f_place": ["李四写的"]}, draft.revision)
    page.fill("#f_place", "张三写的")
    expect(page.get_by_role("alert")).to_contain_text("李四 同时改了这份草稿")
    page.fill("#f_place", "张三接着写的")
    expect(page.locator("#saving")).to_contain_text("已自动保存")
    expect(page.get_by_role("alert")).to_contain_text("李四 同时改了这份草稿")
    texts = {one.raw["f_place"][0] for one in drafts.mine(office, people.zhangsan)}
    assert texts == {"李四写的", "张三接着写的"}


def test_a_save_on_its_way_is_no_second_editor(
    sit: Sit, office: Office, people: People, draft: Draft
) -> None:
    page = sit("zhangsan")
    open_draft(page, draft)
    page.fill("#f_place", "一")
    page.wait_for_timeout(1990)  # the moment the script saves by itself
    page.click(".bar button[value=save]")
    page.wait_for_load_state()
    assert len(drafts.mine(office, people.zhangsan)) == 1
    expect(page.locator("#f_place")).to_have_value("一")


def test_a_question_shows_when_it_applies_and_its_text_comes_back(sit: Sit, draft: Draft) -> None:
    page = sit("zhangsan")
    open_draft(page, draft)
    document = page.locator("#f_superior_document")
    expect(document).to_be_hidden()
    page.select_option("#f_source", "上级交办")
    document.fill("示扫组发〔2026〕2号")
    page.select_option("#f_source", "派出所")
    expect(document).to_be_hidden()
    page.select_option("#f_source", "上级交办")
    expect(document).to_have_value("示扫组发〔2026〕2号")


def test_a_mark_says_required_only_while_it_is(sit: Sit, draft: Draft) -> None:
    page = sit("zhangsan")
    open_draft(page, draft)
    mark = page.locator("[data-key=reporter_name] [data-must]")
    page.select_option("#f_source", "12337平台转来")
    expect(mark).to_have_text("选填")
    page.select_option("#f_source", "群众实名举报")
    expect(mark).to_have_text("必填")


def test_rows_are_added_and_removed_in_place(sit: Sit, office: Office, people: People, draft: Draft) -> None:
    page = sit("zhangsan")
    open_draft(page, draft)
    table = page.locator("[data-key=reported]")
    page.fill("#f_reported-0-name", "甲")
    table.locator("button[data-row=add]").click()
    expect(page.locator("#f_reported-1-name")).to_be_focused()
    page.fill("#f_reported-1-name", "乙")
    table.locator("button[data-row=drop]").first.click()
    expect(table.locator("tbody tr")).to_have_count(1)
    table.get_by_role("button", name="撤销").click()
    expect(page.locator("#f_reported-0-name")).to_have_value("甲")
    assert [one.text_content() for one in table.locator("tbody .no").all()] == ["1", "2"]
    table.locator("button[data-row=drop]").first.click()
    expect(table.locator("tbody .no")).to_have_text("1")
    expect(page.locator("#saving")).to_contain_text("已自动保存")
    raw = drafts.get(office, people.zhangsan, draft.id).raw
    assert [typed for name, typed in raw.items() if name.endswith("-name") and "reported" in name] == [["乙"]]


PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(event);
}"""


def test_rows_of_a_sheet_are_pasted_from_the_cell_on(sit: Sit, draft: Draft) -> None:
    page = sit("zhangsan")
    open_draft(page, draft)
    page.focus("#f_reported-0-name")
    page.evaluate(PASTE, '甲\t男\t40\r\n"乙""某"\t女\t\r\n丙\t男\t35\r\n')
    rows = page.locator("[data-key=reported] tbody tr")
    expect(rows).to_have_count(3)
    for n, name in enumerate(("甲", '乙"某', "丙")):
        expect(page.locator(f"#f_reported-{n}-name")).to_have_value(name)
    expect(page.locator("#saving")).to_contain_text("已自动保存")


def test_an_earlier_record_is_searched_for_and_not_looked_for_in_a_list_of_everything(
    sit: Sit, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    for n in range(9):
        clue = submit(people.zhangsan, "clue_registration", summary=f"反映第{n}处砂场")
        sign(people.lisi, sign(people.zhangsan, clue))
    draft = drafts.start(office, people.zhangsan, "clue_handover")
    page = sit("zhangsan")
    open_draft(page, draft)
    search = page.locator("[data-key=clue] input[type=search]")
    search.fill("第4处")
    expect(page.locator("#f_clue option")).to_have_count(2)  # none, and the one
    search.press("Enter")
    expect(page.locator("[name='f_clues-0-number']")).to_have_value("DJ-XS-2026-0005")


def test_a_fault_in_the_summary_leads_into_its_field(sit: Sit, draft: Draft) -> None:
    page = sit("zhangsan")
    open_draft(page, draft)
    page.click(".bar button[value=submit]")
    expect(page.locator("[data-summary]")).to_be_focused()
    page.locator("[data-summary] a", has_text="主要问题").click()
    expect(page.locator("[data-key=main_issue] textarea")).to_be_focused()


def test_enter_in_a_field_goes_on_and_the_page_stays(sit: Sit, draft: Draft) -> None:
    page = sit("zhangsan")
    open_draft(page, draft)
    page.evaluate("() => { window.isHere = true; }")
    page.fill("#f_place", "村东头")
    page.press("#f_place", "Enter")
    expect(page.locator("#f_place")).not_to_be_focused()
    expect(page.locator("#saving")).to_contain_text("已自动保存")
    assert page.evaluate("window.isHere")


def test_preview_opens_beside_and_shows_what_was_just_typed(
    sit: Sit, office: Office, people: People, draft: Draft
) -> None:
    page = sit("zhangsan")
    open_draft(page, draft)
    page.fill("#f_place", "预览之前写的")
    with page.context.expect_page() as opened:
        page.click(".bar button[value=preview]")
    opened.value.wait_for_url(f"**/drafts/{draft.id}/preview.pdf", wait_until="commit")
    assert drafts.get(office, people.zhangsan, draft.id).raw["f_place"] == ["预览之前写的"]
    expect(page.locator("#f_place")).to_have_value("预览之前写的")


def test_a_pressed_button_says_what_it_does_and_takes_no_second_press(sit: Sit, draft: Draft) -> None:
    page = sit("zhangsan")
    open_draft(page, draft)
    sent = []

    def take(route: Route) -> None:
        sent.append(route.request.post_data_buffer or b"")
        route.fulfill(status=204)  # the page stays, as while an answer is awaited

    page.route(f"**/drafts/{draft.id}", take)
    button = page.locator(".bar button[value=submit]")
    button.click()
    expect(button).to_have_text("正在提交…")
    expect(button).to_be_disabled()
    expect(page.locator(".bar button[value=save]")).to_be_disabled()
    page.evaluate("document.querySelector('form[data-answers]').requestSubmit()")
    assert len(sent) == 1 and b'name="act"\r\n\r\nsubmit' in sent[0]
    page.evaluate("dispatchEvent(new Event('pageshow'))")  # the browser went back
    expect(button).to_have_text("提交")
    expect(button).to_be_enabled()


def test_what_will_be_changed_is_said_beside_the_field_while_typing(
    sit: Sit, office: Office, people: People
) -> None:
    notice = drafts.start(office, people.wangwu, "official_notice")
    page = sit("wangwu")
    open_draft(page, notice)
    said = page.locator("#f_title-note")
    expect(said).to_be_hidden()
    page.fill("#f_title", "关于转发示发[2026]1号的通知")
    expect(said).to_contain_text("“[2026]1号”改为“〔2026〕1号”")
    page.fill("#f_title", "关于报送线索的通知")
    expect(said).to_be_hidden()


def test_what_was_pasted_from_word_is_mended_by_the_button_beside_it(
    sit: Sit, office: Office, people: People
) -> None:
    page = sit("wangwu")
    open_draft(page, drafts.start(office, people.wangwu, "official_notice"))
    button = page.get_by_role("button", name="整理“正文”")
    expect(button).to_be_hidden()
    page.fill(
        "#f_body", "现通知如下。\n一、目标\n抓好。\n工作重点\n由派出所、\n司法所做好。\n三、要求\n落实。"
    )
    expect(page.locator("#f_body-pasted")).to_contain_text("“由派出所、/司法所做好。”")
    button.click()
    expect(page.locator("#f_body")).to_have_value(
        "现通知如下。\n一、目标\n抓好。\n二、工作重点\n由派出所、司法所做好。\n三、要求\n落实。"
    )
    expect(page.get_by_text("已整理“正文”")).to_be_visible()
    expect(button).to_be_hidden()


def test_likely_duplicates_take_the_focus_and_lead_on_to_handing_in(
    sit: Sit, office: Office, people: People, submit: Submit
) -> None:
    submit(people.zhangsan, "clue_registration")
    raw = raw_sample(office, people.zhangsan, "clue_registration")
    typed = {name: raw.pop(name)[0] for name in ("f_place", "f_summary", "f_main_issue")}
    draft = drafts.start(office, people.zhangsan, "clue_registration", raw | {"f_reported-0-name": [""]})
    page = sit("zhangsan")
    open_draft(page, draft)
    for name, text in {**typed, "f_reported-0-name": raw["f_reported-0-name"][0]}.items():
        page.fill(f"[name='{name}']", text)
    page.click(".bar button[value=submit]")
    expect(page.locator("#alike")).to_be_focused()
    page.get_by_role("link", name="到提交处").press("Enter")
    expect(page.locator("#submit")).to_be_focused()


def test_a_likely_duplicate_is_named_as_that_very_matter_by_one_button(
    sit: Sit, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = sign(people.lisi, sign(people.zhangsan, submit(people.zhangsan, "clue_registration")))
    raw = raw_sample(office, people.zhangsan, "clue_registration")
    draft = drafts.start(office, people.zhangsan, "clue_registration", raw)
    page = sit("zhangsan")
    open_draft(page, draft)
    page.get_by_role("button", name="就是这件").click()
    expect(page.locator("#alike")).to_have_count(0)
    expect(page.locator("#f_duplicate_of")).to_have_value(clue.id)
    expect(page.locator("#f_related_number")).to_have_value("DJ-XS-2026-0001")


def test_the_menu_takes_one_line_and_the_manual_stays_in_its_page(sit: Sit) -> None:
    """A director has the longest menu; pico lays every list in a nav out in a row."""
    page = sit("zhaoliu")
    page.locator(".masthead nav a").first.evaluate(
        "one => { for (const a of [...one.parentElement.children].slice(0, 2)) {"
        " const told = document.createElement('span'); told.className = 'count'; told.textContent = '20';"
        " a.append(' ', told); } }"
    )
    lines = page.locator(".masthead nav a").evaluate_all(
        "links => new Set(links.map(one => one.offsetTop)).size"
    )
    assert lines == 1
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 768})
        page.goto("/help/clerk")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        beside = page.locator(".toc").evaluate(
            "box => [...box.querySelectorAll('a')].filter("
            "one => one.getBoundingClientRect().right > box.getBoundingClientRect().right).length"
        )
        assert beside == 0


def test_a_unit_follows_the_answer_until_somebody_chooses_another(sit: Sit) -> None:
    page = sit("zhangsan")
    page.goto("/new")
    page.get_by_role("button", name=re.compile(r"填写\s*线索移交单")).click()
    unit = page.get_by_label("接收单位").first
    expect(unit).to_have_value("shb")
    page.get_by_label("移送镇纪委").check()
    expect(unit).to_have_value("jiwei")
    page.get_by_label("移送有关单位办理").check()
    expect(unit).to_have_value("")
    unit.select_option("pcs")
    page.get_by_label("移送镇纪委").check()
    expect(unit).to_have_value("pcs")
