"""A blank form with a number at each place that was found, to be looked at beside the list of proposals.

The numbers stand where the answers will stand, on a ground that shows; nothing else of the page is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
from lxml import etree

from andu.papers.blanks import placing
from andu.papers.blanks.found import Blank, Spot
from andu.papers.blanks.model import Line, W

_MARK = re.compile(r"(【\d+】|＋\d+(?!\d))")
_GROUND, _INK = "FFE082", "B00020"
FREE = "＋"
"""Before the number of a place where nothing was proposed; small, so that the page stays as it is."""
_SMALL, _PALE = "16", "5F6B7A"
_INSERTED = ("box", "paren", "list")
"""Blanks whose own words stay: the options of a choice."""


def mark(root: Any, found: Sequence[Blank], free: Sequence[Blank] = ()) -> None:
    """Write the number of each blank, from 1, into the document it was found in; ``free`` places smaller."""
    marks = [(one, f"【{number}】") for number, one in enumerate(found, 1)]
    marks += [(one, f"{FREE}{number}") for number, one in enumerate(free, 1)]
    placed = [(placing.place_of(one.spot or Spot(), n), one, text) for n, (one, text) in enumerate(marks)]
    for _at, blank, text in sorted(placed, key=lambda one: one[0], reverse=True):
        _put(blank, text)
    for run in list(root.iter(W + "r")):
        _show(run)


@dataclass(frozen=True)
class Spotted:
    """Where the number of a free place is printed: page from 1, and its box in parts of a thousand."""

    number: int
    page: int
    left: int
    top: int
    width: int
    height: int


def spotted(pdf: bytes) -> list[Spotted]:
    """The numbers of the free places on the pages of a marked form, as it was printed."""
    found: list[Spotted] = []
    document = pdfium.PdfDocument(pdf)
    try:
        for page_number, page in enumerate(document, 1):
            width, height = page.get_size()
            told = page.get_textpage()
            text = told.get_text_range()
            for mark in re.finditer(rf"{FREE}(\d+)", text):
                boxes = [told.get_charbox(at) for at in range(*mark.span())]
                left, right = min(one[0] for one in boxes), max(one[2] for one in boxes)
                low, high = min(one[1] for one in boxes), max(one[3] for one in boxes)
                across = [round(1000 * one / width) for one in (left, right - left)]
                down = [round(1000 * one / height) for one in (height - high, high - low)]
                found.append(Spotted(int(mark[1]), page_number, across[0], down[0], across[1], down[1]))
    finally:
        document.close()
    return found


def _put(blank: Blank, text: str) -> None:
    spot = blank.spot
    if spot is None:
        return
    cell = spot.rows[0].cells[0] if spot.rows else spot.cell
    if cell is not None and (spot.rows or blank.drawn in _INSERTED):
        if cell.lines:
            placing.replace(cell.lines[0].element, cell.lines[0].offset, cell.lines[0].offset, text)
    elif blank.drawn in _INSERTED:
        line, at = _beginning(spot)
        if line is not None:
            placing.replace(line.element, line.offset + at, line.offset + at, text)
    else:
        placing.put(spot, text)


def _beginning(spot: Spot) -> tuple[Line | None, int]:
    at = spot.start
    for line in spot.lines:
        if at <= len(line.text):
            return line, at
        at -= len(line.text)
    return None, 0


def _show(run: Any) -> None:
    """Give the numbers within a run a ground and an ink of their own."""
    if not any(_MARK.search(node.text or "") for node in run.iter(W + "t")):
        return
    look = run.find(W + "rPr")
    for node, is_mark in list(_pieces(run)):
        new = etree.Element(W + "r")
        if look is not None:
            new.append(deepcopy(look))
        if is_mark:
            _dress(new, is_free=(node.text or "").startswith(FREE))
        new.append(node)
        run.addprevious(new)
    run.getparent().remove(run)


def _pieces(run: Any) -> Iterator[tuple[Any, bool]]:
    for node in run:
        if node.tag == W + "rPr":
            continue
        if node.tag != W + "t":
            yield deepcopy(node), False
            continue
        for text in filter(None, _MARK.split(node.text or "")):
            piece = etree.Element(W + "t")
            piece.text = text
            piece.set(placing.SPACE, "preserve")
            yield piece, bool(_MARK.fullmatch(text))


def _dress(run: Any, *, is_free: bool) -> None:
    look = run.find(W + "rPr")
    if look is None:
        look = etree.SubElement(run, W + "rPr")
    for name in ("b", "color", "u", "shd", "highlight"):
        for old in look.findall(W + name):
            look.remove(old)
    if is_free:
        for name, value in (("color", _PALE), ("sz", _SMALL)):
            for old in look.findall(W + name):
                look.remove(old)
            etree.SubElement(look, W + name, {W + "val": value})
        return
    for name, said in (
        ("b", {}),
        ("color", {"val": _INK}),
        ("shd", {"val": "clear", "color": "auto", "fill": _GROUND}),
    ):
        etree.SubElement(look, W + name, {W + key: value for key, value in said.items()})
