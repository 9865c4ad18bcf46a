"""A number is voided and its paper printed, in a real browser: 作废 stands on what comes out."""

from __future__ import annotations

import io

import pypdfium2 as pdfium
from playwright.sync_api import Page, expect

from andu.office.records import Record
from tests.conftest import PASSWORD
from tests.views.test_in_browser import Sit, address, browser, pytestmark, sit
from tests.views.test_leaving_in_browser import picture
from tests.views.test_register import words_of

__all__ = ["address", "browser", "pytestmark", "sit"]


OPEN, PRINT = "a[href$='/open']", "a[href$='/print']"


def fetched(page: Page, link: str) -> bytes:
    """What stands behind a link of the page, as this browser gets it."""
    href = page.locator(f"main {link}").first.get_attribute("href")
    assert href
    found = page.context.request.get(f"{href}?reason=核对一份")
    assert found.ok and found.headers["content-type"] == "application/pdf"
    return found.body()


def test_a_voided_paper_is_printed_with_作废_on_every_page(sit: Sit, filed: Record) -> None:
    page = sit("zhaoliu")
    page.goto(f"/records/{filed.id}")
    for link in (OPEN, PRINT):
        assert not any("作废" in text for text in words_of(fetched(page, link)))
    page.locator("main a[href$='/void']").click()
    page.get_by_label("作废理由").fill("登记重复，作废重办")
    page.get_by_label("登录密码").fill(PASSWORD)
    page.get_by_role("button", name="作废", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("已作废")
    expect(page.get_by_role("heading", name="已作废")).to_be_visible()
    picture(page, "voided")
    for link in (OPEN, PRINT):
        data = fetched(page, link)
        pages = words_of(data)
        assert pages and all("作废" in text and "不得使用" in text for text in pages), link
        assert dark(data) > 200, "and it is drawn, not only said"
    assert "已作废" in "".join(words_of(page.pdf())), "the page of the record, printed by the browser itself"


def dark(data: bytes) -> int:
    """How many points of the first page are not white."""
    image = pdfium.PdfDocument(io.BytesIO(data))[0].render(scale=1).to_pil().convert("L")
    return sum(image.histogram()[:250])
