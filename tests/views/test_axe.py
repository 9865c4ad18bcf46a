"""axe finds nothing on any kind of page, at the width of a desk and of a telephone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from andu.office.office import Office
from andu.office.writing import drafts
from tests.conftest import People
from tests.office.conftest import Sign, Submit
from tests.views.test_in_browser import Sit, address, browser, pytestmark, sit

__all__ = ["address", "browser", "pytestmark", "sit"]
AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text("utf-8")
RUN = "() => axe.run(document, {resultTypes: ['violations']})"
WIDTHS = ((1366, 768), (390, 844))
PAGES = {
    "zhangsan": (
        "/", "/new", "/new?q=xs", "/handed-in", "/register", "/ledgers", "/ledgers/clue_registration",
        "/returns", "/series", "/find?q=砂场", "/queue", "/help/clerk", "/password", "/drafts/DRAFT",
        "/drafts/DRAFT/discard", "/records/WAITING", "/records/WAITING/sign", "/cases/WAITING",
        "/records/WAITING/scans",
    ),
    "zhaoliu": ("/", "/figures", "/audit", "/queue/together", "/phrases", "/deputies", "/statistics"),
    "wujiu": (
        "/", "/accounts", "/accounts/new", "/forms", "/forms/completion_report/editions", "/settings/notices",
        "/deployment", "/help/operator", "/settings/books/ledgers", "/designs/new",
        "/settings/books/ledgers/clue_registration", "/settings/books/figures/assessment",
    ),
}  # fmt: skip


def found(page: Page) -> list[str]:
    """What axe finds wrong, each with the first place where it is."""
    page.evaluate(AXE)
    said: dict[str, Any] = page.evaluate(RUN)
    return [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}" for one in said["violations"]]


@pytest.mark.parametrize("who", sorted(PAGES))
def test_axe_finds_nothing_on_any_kind_of_page(
    who: str, sit: Sit, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = submit(people.zhangsan, "clue_registration")
    sign(people.lisi, sign(people.zhangsan, submit(people.zhangsan, "clue_registration")))
    draft = drafts.start(office, people.zhangsan, "clue_registration", {"f_place": ["桥头"]})
    page = sit(who)
    page.route("**/paper", lambda route: route.abort())
    wrong = []
    for path in PAGES[who]:
        page.goto(path.replace("DRAFT", draft.id).replace("WAITING", clue.id))
        if page.locator("h1").inner_text().startswith("没有"):
            wrong.append(f"{path}: no such page")
        for width, height in WIDTHS:
            page.set_viewport_size({"width": width, "height": height})
            wrong += [f"{path} {width}: {one}" for one in found(page)]
    assert wrong == []


def test_axe_is_at_work(sit: Sit) -> None:
    page = sit("zhangsan")
    page.evaluate("() => { document.querySelector('h1').innerHTML = '<img src=x>'; }")
    assert [one for one in found(page) if one.startswith("image-alt")]
