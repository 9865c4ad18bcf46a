"""The search in the head of every page answers while one types, and goes by keyboard alone."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.conftest import People
from tests.office.conftest import Submit
from tests.views.test_in_browser import Sit, address, browser, pytestmark, sit

__all__ = ["address", "browser", "pytestmark", "sit"]


def test_a_paper_is_found_and_opened_by_keyboard_from_any_page(
    sit: Sit, people: People, submit: Submit
) -> None:
    clue = submit(people.zhangsan, "clue_registration", place="村东老砖窑")
    page = sit("zhengshier")
    page.keyboard.press("Alt+s")
    page.keyboard.type("老砖窑")
    page.keyboard.press("Enter")
    page.wait_for_url("**/find?q=*")
    expect(page.locator("main")).to_contain_text("没有找到")
    page = sit("zhangsan")
    page.goto("/register")
    page.keyboard.press("Alt+s")
    page.keyboard.type("老砖窑")
    option = page.locator(".suggested [role=option]")
    expect(option).to_have_count(1)
    expect(option).to_contain_text("线索登记表")
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("combobox", name="搜索")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/records/{clue.id}/sign")


def test_the_list_closes_and_a_press_on_a_line_opens_it(sit: Sit, people: People, submit: Submit) -> None:
    clue = submit(people.zhangsan, "completion_report", reported_issue="占道经营")
    page = sit("zhangsan")
    box = page.get_by_role("search").get_by_role("searchbox").or_(page.get_by_role("combobox", name="搜索"))
    box.fill("占道")
    page.locator(".suggested [role=option]").first.wait_for()
    box.press("Escape")
    expect(page.locator(".suggested")).to_be_hidden()
    box.fill("占道经营")
    page.locator(".suggested [role=option]").first.click()
    page.wait_for_url(f"**/records/{clue.id}*")
