"""A ledger in a real browser: all columns fit the screen of a desk; on a phone a row is short lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from andu.formtypes.beside.ledgers import Column
from andu.office.ledger import ledgers
from andu.office.ledger.ledger_finding import FoundRow
from andu.office.office import Office
from tests.conftest import People
from tests.office.conftest import Submit
from tests.views.test_in_browser import Sit, address, browser, pytestmark, sit

__all__ = ["address", "browser", "pytestmark", "sit"]
ROWS = 50
CUT = """() => [...document.querySelectorAll(".ledger :is(th, td, a, .part)")]
  .filter(one => one.getClientRects().length && one.scrollWidth > one.clientWidth + 1 && one.clientWidth)
  .map(one => one.textContent.trim())"""
BREADTH = "() => [document.documentElement.scrollWidth, document.querySelector('.ledger table').offsetWidth]"


def _text(column: Column) -> str:
    if column.value.is_overdue:
        return "是"
    if column.key.endswith(("_at", "due")):
        return "2026-11-22"
    if "number" in column.key or column.key == "archive":
        return "DJ-XS-2026-0123"
    return "示例一村村民反映某某在村东头砂场强揽工程、阻挠施工" * 3 if column.width >= 14 else "示例一村"


def _rows(columns: Sequence[Column]) -> list[FoundRow]:
    return [FoundRow(n, f"record{n}", "case", [_text(one) for one in columns], False) for n in range(ROWS)]


def test_every_ledger_fits_the_desk_and_folds_on_a_phone(
    sit: Sit, office: Office, people: People, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = ledgers.page

    def full(office: Office, actor: object, ledger: ledgers.Ledger, *rest: object) -> ledgers.LedgerPage:
        found = ask(office, actor, ledger, *rest)  # type: ignore[arg-type]
        return replace(found, rows=_rows(ledger.columns), total=ROWS)

    monkeypatch.setattr(ledgers, "page", full)
    page = sit("zhangsan")
    widest = max(office.ledgers, key=lambda one: len(one.columns))
    for slug in (widest.slug, "custody", "incoming_documents"):
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(f"/ledgers/{slug}")
        assert page.evaluate(CUT) == [], slug
        whole, table = page.evaluate(BREADTH)
        assert whole <= 1366 and table <= 1334, (slug, whole, table)
        labels = {one.strip(" ▲▼") for one in page.locator(".ledger thead a").all_inner_texts()}
        ledger = office.ledgers.get(slug)
        assert ledger and labels == {one.label for one in ledger.columns}
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390, slug
        tall = page.locator(".ledger").bounding_box()
        assert tall is not None and tall["height"] < ROWS * 110, (slug, tall)
        row = page.locator(".ledger tbody tr").first
        hidden = row.locator("td.more .part").last
        assert not hidden.is_visible()
        row.locator(".unfold").press("Space")
        assert hidden.is_visible()
