"""Writing tags into the places of blanks, without changing how the page looks.

A tag takes the face of what it replaces, or of the paragraph it stands in. Places are those of the reader
(``found.Spot``); several in one paragraph are written from the right to the left, so that none moves another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from lxml import etree

from andu.papers.blanks import model
from andu.papers.blanks.found import Spot
from andu.papers.blanks.model import Cell, W

SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def place_of(spot: Spot, number: int) -> tuple[int, int, int]:
    """Where a spot begins in the document, of two that begin together the one with the lower number first."""
    at = spot.start
    for line in spot.lines:
        if at <= len(line.text):
            return line.number, line.offset + at, number
        at -= len(line.text)
    return 0, 0, number


def put(spot: Spot, text: str) -> None:
    """Write a text in place of a stretch of lines, or into a cell."""
    if spot.cell is not None:
        put_in_cell(spot.cell, text)
        return
    begun, at = False, 0
    for line in spot.lines:
        start, end = max(0, spot.start - at), min(len(line.text), spot.end - at)
        here = not begun and spot.start - at <= len(line.text)
        if here or (begun and end > 0):
            replace(line.element, line.offset + start, line.offset + max(start, end), "" if begun else text)
            begun = True
        at += len(line.text)


def put_in_cell(cell: Cell, text: str) -> None:
    """Write into a cell that only holds room: whatever says how to fill it goes."""
    paragraphs = list(cell.element.iter(W + "p"))
    for paragraph in paragraphs:
        for run in list(paragraph.iter(W + "r")):
            run.getparent().remove(run)
    replace(paragraphs[0], 0, 0, text)


def add_line(cell: Cell, text: str) -> None:
    """A new paragraph with a text at the end of a cell, like its last one."""
    last = list(cell.element.iter(W + "p"))[-1]
    new = deepcopy(last)
    for run in list(new.iter(W + "r")):
        run.getparent().remove(run)
    last.addnext(new)
    replace(new, 0, 0, text)


def replace(paragraph: Any, start: int, end: int, text: str) -> None:
    """Replace characters of a paragraph, counted as the reader counts them; none are replaced by nothing."""
    characters = list(_places(paragraph))
    doomed = characters[start:end]
    if text:
        _insert(paragraph, characters, start, text)
    for node, place in sorted(doomed, key=lambda one: -one[1]):
        if node.tag == W + "t":
            held = node.text or ""
            at = place + (len(text) if node is doomed[0][0] else 0)  # the new text stands before the old
            node.text = held[:at] + held[at + 1 :]
        elif node.getparent() is not None:
            node.getparent().remove(node)


def _places(paragraph: Any) -> Iterator[tuple[Any, int]]:
    """Each character the reader sees: its node, and where in the node."""
    for run in model.runs_of(paragraph):
        for node in run:
            shown = model.shown_of(node)
            for place in range(len(shown)):
                yield node, place


def _insert(paragraph: Any, characters: Sequence[tuple[Any, int]], at: int, text: str) -> None:
    if at < len(characters) and characters[at][0].tag == W + "t":
        node, place = characters[at]
        node.text = (node.text or "")[:place] + text + (node.text or "")[place:]
        node.set(SPACE, "preserve")
    elif at < len(characters):
        characters[at][0].addprevious(_text(text))
    elif characters and characters[-1][0].tag == W + "t":
        node = characters[-1][0]
        node.text = (node.text or "") + text
        node.set(SPACE, "preserve")
    elif characters:
        characters[-1][0].addnext(_text(text))
    else:
        paragraph.append(_run(paragraph, text))


def _text(text: str) -> Any:
    node = etree.Element(W + "t")
    node.text = text
    node.set(SPACE, "preserve")
    return node


def _run(paragraph: Any, text: str) -> Any:
    """A run in the face that the paragraph gives to what is typed into it."""
    run = etree.Element(W + "r")
    face = paragraph.find(f"{W}pPr/{W}rPr")
    if face is not None:
        run.append(deepcopy(face))
    run.append(_text(text))
    return run


def loop(spot: Spot, name: str, keys: Sequence[str]) -> None:
    """Make the rows under a head a loop; those that nobody fills stay on the page, as many as there were.

    ``keys`` are the columns in the order of the head; "" stays empty.
    """
    first, *others = [row.element for row in spot.rows]
    wanted = dict(zip((cell.columns for cell in spot.head), keys, strict=True))
    for cell in spot.rows[0].cells:
        if wanted.get(cell.columns):
            put_in_cell(cell, f"{{{{ row.{wanted[cell.columns]} }}}}")
    _around(first, f"{{%tr for row in {name} %}}", "{%tr endfor %}")
    for number, row in enumerate(others, start=2):
        _around(row, f"{{%tr if {name}|length < {number} %}}", "{%tr endif %}")


def _around(row: Any, before: str, after: str) -> None:
    row.addprevious(_tag_row(row, before))
    row.addnext(_tag_row(row, after))


def _tag_row(row: Any, tag: str) -> Any:
    """A row that holds nothing but a tag, and vanishes with it."""
    new = deepcopy(row)
    for run in list(new.iter(W + "r")):
        run.getparent().remove(run)
    replace(next(new.iter(W + "p")), 0, 0, tag)
    return new
