"""Twenty papers in a real browser, signed one after another without the mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from andu.clock import FixedClock
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import signatures
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit, raw_sample
from tests.views.test_in_browser import Sit, address, browser, pytestmark, sit

__all__ = ["address", "browser", "pytestmark", "sit"]
MANY = 20


Waiting = Callable[[int], list[Record]]


@pytest.fixture
def waiting(people: People, submit: Submit, clock: FixedClock) -> Waiting:
    """``waiting(20)``: completion reports that wait for 李四, the longest waiting first."""

    def act(number: int) -> list[Record]:
        found = []
        for _each in range(number):
            found.append(submit(people.zhangsan, "completion_report"))
            clock.advance(60)
        return found

    return act


def tab_to(page: Page, selector: str, most: int = 60) -> int:
    """Press Tab until this has the focus; how often it took."""
    for presses in range(1, most + 1):
        page.keyboard.press("Tab")
        if page.evaluate("what => document.activeElement.matches(what)", selector):
            return presses
    raise AssertionError(f"{selector} cannot be reached by keyboard")


def test_a_signatory_goes_through_twenty_papers_without_the_mouse(
    sit: Sit, office: Office, waiting: Waiting
) -> None:
    reports = waiting(MANY)
    page = sit("lisi")
    page.route("**/paper", lambda route: route.abort())  # drawing twenty papers is not what this is about
    page.goto("/queue")
    tab_to(page, f"main a[href='/records/{reports[0].id}/sign']")
    page.keyboard.press("Enter")
    for left, record in reversed(list(enumerate(reversed(reports)))):
        page.wait_for_url(f"**/records/{record.id}/sign")
        expect(page.locator("#password")).to_be_focused()
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        if left:
            expect(page.get_by_role("status").first).to_contain_text(f"还有 {left} 件")
    page.wait_for_url(f"**/records/{reports[-1].id}")
    assert [len(signatures.given(office, one)) for one in reports] == [1] * MANY


def test_the_paper_is_read_and_sent_back_by_keyboard_too(sit: Sit, waiting: Waiting) -> None:
    reports = waiting(2)
    page = sit("lisi")
    page.goto(f"/records/{reports[0].id}/sign")
    expect(page.locator(".sheets a")).to_have_count(1)
    expect(page.locator("#password")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#opinion")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".sheets a")).to_be_focused()
    assert tab_to(page, "#password") == 2
    assert tab_to(page, "button[name=then]") == 1
    tab_to(page, "details summary")
    page.keyboard.press("Enter")
    tab_to(page, "#decline-reason")
    page.keyboard.type("缺附件")
    tab_to(page, "#decline-password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/records/{reports[0].id}")
    assert "缺附件" in page.inner_text("main")


def test_on_a_narrow_page_the_paper_comes_first(sit: Sit, waiting: Waiting) -> None:
    reports = waiting(1)
    page = sit("lisi")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"/records/{reports[0].id}/sign")
    expect(page.locator(".sheets a")).to_have_count(1)
    expect(page.locator("#password")).not_to_be_focused()
    assert page.evaluate("scrollY") == 0


def test_where_there_is_text_to_fill_the_password_has_a_step_of_its_own(
    sit: Sit, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    handover = sign(people.zhangsan, submit(people.zhangsan, "clue_handover"))
    page = sit("wangwu")
    page.route("**/paper", lambda route: route.abort())
    page.goto(f"/records/{handover.id}/sign")
    page.wait_for_load_state()
    assert page.evaluate("document.activeElement.matches('input, textarea, select')") is False
    expect(page.locator("#password")).to_have_count(0)
    page.keyboard.type(PASSWORD)  # out of habit, as on the paper before
    page.keyboard.press("Enter")
    assert PASSWORD not in str(
        page.evaluate("[...document.querySelectorAll('textarea, input')].map(one => one.value)")
    )
    page.fill("#f_received_copies", "9")
    page.click("button[value=password]")
    expect(page.locator("[data-summary]")).to_be_focused()
    expect(page.locator("#password")).to_have_count(0)
    raw = raw_sample(office, people.wangwu, "clue_handover")
    for key in signatures.open_slots(office, handover)[0].fields:
        control = page.locator(f".act [name=f_{key}]").first
        if control.evaluate("one => one.tagName") == "SELECT":
            control.select_option(raw.get(f"f_{key}", [""])[0])
        elif control.get_attribute("type") == "radio":
            page.check(f"[name=f_{key}][value='{raw[f'f_{key}'][0]}']")
        elif control.is_visible():
            control.fill(raw.get(f"f_{key}", [""])[0])
    page.click("button[value=password]")
    expect(page.locator("#password")).to_be_focused()
    page.keyboard.type("wrong password")
    page.keyboard.press("Enter")
    expect(page.locator("#password-wrong")).to_be_visible()
    page.click("button[value=text]")
    expect(page.locator("#f_received_copies")).to_have_value(raw["f_received_copies"][0])
    page.click("button[value=password]")
    expect(page.locator("#password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/records/{handover.id}")
    assert len(signatures.given(office, handover)) == 2
