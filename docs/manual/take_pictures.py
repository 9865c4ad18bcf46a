"""Take the pictures of the manual from a running sample office: ``python docs/manual/take_pictures.py URL``.

The office is a fresh one (``script/server``). What the pictures show is begun and handed in by this script,
through the screens. Needs the test tools (``script/setup --test``).
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
PASSWORD = "andu-shili-2026"  # noqa: S105 - of the sample office
SIZE = {"width": 1366, "height": 768}
CLUE = {
    "select": {"f_source": "群众匿名举报", "f_clue_type": "涉恶", "f_sector": "洗砂场"},
    "fill": {
        "f_reported-0-name": "某砂场（示例）",
        "f_main_issue": "有人强买强卖。",
        "f_summary": "反映某砂场强买强卖",
        "f_proposal": "移交镇扫黑办。",
    },
    "check": {"f_involves_umbrella": "否", "f_deidentified": "是"},
}


def sit(browser: Browser, url: str, username: str) -> Page:
    """This person at a browser of their own."""
    page = browser.new_context(base_url=url, viewport=SIZE, locale="zh-CN").new_page()
    page.goto("/sign-in")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url("**/")
    return page


def keep(page: Page, name: str) -> None:
    """One picture."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=HERE / f"{name}.png")


def begin(page: Page) -> None:
    """A clue as in the tour of the README, not handed in yet."""
    page.goto("/new")
    page.fill("#form-asked", "xsdjb")
    page.press("#form-asked", "Enter")
    page.wait_for_url("**/drafts/*")
    for name, text in CLUE["select"].items():
        put = page.locator(f"main [name='{name}']")
        if put.first.evaluate("one => one.tagName") == "SELECT":
            put.select_option(text)
        else:
            page.locator(f"main [name='{name}'][value='{text}']").check()
    for name, text in CLUE["fill"].items():
        page.fill(f"main [name='{name}']", text)
    for name, text in CLUE["check"].items():
        page.locator(f"main [name='{name}'][value='{text}']").check()


def main(url: str) -> None:
    """All of them, anew."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        clerk = sit(browser, url, "zhangsan")
        clerk.goto("/new")
        keep(clerk, "choose")
        begin(clerk)
        keep(clerk, "draft")
        clerk.locator("#submit").click()
        clerk.wait_for_url("**/records/*")
        clerk.locator("main a[href$='/sign']").first.click()
        clerk.wait_for_selector(".sheets img, [data-none]", timeout=90_000)
        keep(clerk, "sign")
        clerk.goto("/")
        clerk.fill("#find-everything", "砂场")
        clerk.wait_for_selector(".suggested li")
        keep(clerk, "find")
        admin = sit(browser, url, "wujiu")
        admin.goto("/accounts")
        keep(admin, "accounts")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
