"""The real thing: gunicorn with two workers, LibreOffice, and Chromium in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.conftest import PASSWORD
from tests.service import Service, serve

expect.set_options(timeout=20_000)
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--lang=zh-CN",
]  # fmt: skip


@pytest.fixture(scope="module")
def service(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The sample office, served by gunicorn."""
    service = serve(founded, tmp_path_factory.mktemp("service"))
    yield service
    service.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a screen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Desk:
    """A person at a browser of their own."""

    def __init__(self, browser: Browser, service: Service, username: str, scripts: bool = True) -> None:
        self.context = browser.new_context(
            base_url=service.url,
            viewport={"width": 1366, "height": 768},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=scripts,
            accept_downloads=True,
        )
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._hear)
        self.page.goto("/sign-in")
        self.sign_in(username)

    def _hear(self, said: ConsoleMessage) -> None:
        # Chromium calls the answer to a form with faults (422) an error of its own
        if said.type == "error" and "422" not in said.text:
            self.faults.append(said.text)

    def sign_in(self, username: str) -> None:
        """Through the sign-in page that is open."""
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        # the page sends it by itself and a click does not wait: whoever goes on at once is not signed in yet
        self.page.wait_for_url(lambda url: urlsplit(url).path != "/sign-in")

    def fill(self, raw: dict[str, list[str]]) -> None:
        """Type answers into the inputs of these names, adding table rows where they are wanted."""
        # The page with the form may still be on its way: the one before it has none of these inputs.
        self.page.locator(", ".join(f'main [name="{name}"]' for name in raw)).first.wait_for(state="attached")
        for name, texts in raw.items():
            for text in texts:
                self._put(name, text)

    def _put(self, name: str, text: str) -> None:
        inputs = self.page.locator(f'main [name="{name}"]')
        if inputs.count() == 0:
            return
        kind = inputs.first.get_attribute("type") or inputs.first.evaluate("one => one.tagName").lower()
        if kind in ("radio", "checkbox"):
            self.page.locator(f'main [name="{name}"][value="{text}"]').check()
        elif kind == "select":
            inputs.first.select_option(text)
            inputs.first.blur()  # leaving a list may bring answers from elsewhere: the form is shut meanwhile
            self.page.wait_for_function("() => !document.querySelector('form[inert]')")
        elif kind not in ("hidden", "file") and inputs.first.is_visible():
            inputs.first.fill(text)

    def take(self, record_url: str) -> None:
        """From the desk, take up the record at this address, which waits for a signature."""
        self.page.goto("/")
        path = record_url.removeprefix(self.page.url.rstrip("/"))
        self.page.locator(f'section[aria-labelledby=waiting] a[href="{path}/sign"]').first.click()

    def go_on(self) -> None:
        """To the step that asks for the password, where this signer fills something first."""
        self.page.locator(".act button[type=submit]").first.wait_for()
        following = self.page.get_by_role("button", name="下一步")
        if following.count():
            following.click()

    def sign(self, password: str = PASSWORD) -> None:
        """Sign on the page that is open."""
        self.go_on()
        self.page.get_by_label("登录密码").first.fill(password)
        self.page.get_by_role("button", name="签字", exact=True).click()

    def save(self, button: str, to: Path, reason: str = "") -> Path:
        """Click what downloads, say why where one copy is out already, and keep the file under its name."""
        pressed = (
            self.page.get_by_role("button", name=button).or_(self.page.get_by_role("link", name=button)).first
        )
        if reason:
            pressed.click()
            self.page.get_by_label("为什么再要一份").fill(reason)
            pressed = self.page.get_by_role("button", name="再来一份")
        with self.page.expect_download() as download:
            pressed.click()
        path = to / download.value.suggested_filename
        download.value.save_as(path)
        return path

    def close(self) -> None:
        """Leave; a page that complained on its console fails the test."""
        self.context.close()
        assert self.faults == []
