"""The heads of a closed month stay low however many columns share a cell, and its sums stay whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from andu.formtypes.beside import ledger_reading, ledger_widths
from andu.formtypes.beside.ledger_pages import Room, extract, pages
from andu.formtypes.beside.ledgers import Ledger
from andu.formtypes.language.catalogue import Catalogue

ROOT = Path(__file__).parents[2]
CATALOGUE = Catalogue.load(ROOT / "forms")
LEDGERS = ledger_reading.load(ROOT / "ledgers", CATALOGUE)[0]
MOST = 5
ANSWERS = ("", "示例一村", "示发〔2026〕12号", "2026年11月22日", "示例内容" * 20)


def room() -> Room:
    closing = CATALOGUE.get("ledger_closing")
    assert closing is not None
    (given,) = (one.settings for one in closing.fields if one.kind == "ledger")
    return Room(given["characters"], given["lines"], given["steps"])


def made(ledger: Ledger, answer: str, amount: float = 0) -> list[dict[str, list[dict[str, str]]]]:
    rows = [["2" if column.total else answer for column in ledger.columns]] * 3
    amounts = {at: [amount] * 3 for at, column in enumerate(ledger.columns) if column.total}
    return pages(extract(ledger.slug, "2026-11", {}, ledger.columns, rows, amounts), room())


@pytest.mark.parametrize("ledger", list(LEDGERS), ids=lambda ledger: ledger.slug)
def test_heads_take_five_lines_at_the_most_whatever_stands_below_them(ledger: Ledger) -> None:
    for answer in ANSWERS:
        for cell in made(ledger, answer)[0]["heads"]:
            (width,) = room().widths([int(cell["span"])])
            assert ledger_widths.lines(cell["text"], width) <= MOST, (cell["text"], width)


def test_a_sum_is_not_broken_where_its_parts_fit() -> None:
    summing = [one for one in LEDGERS if any(column.total for column in one.columns)]
    assert summing
    for ledger in summing:
        for cell in made(ledger, ANSWERS[-1], 1_234_567)[-1]["totals"][1:]:
            (width,) = room().widths([int(cell["span"])])
            assert ledger_widths.lines(cell["text"], width) == 1, (ledger.slug, cell)
