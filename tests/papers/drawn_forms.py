"""Blank forms drawn for tests: ``<u>`` stands for underlined, ``|`` for the next cell."""

from __future__ import annotations

import re

from andu.papers.drawing.base_parts import document
from andu.papers.drawing.ooxml import FANG, Face, paragraph
from andu.papers.drawing.ooxml import run as run_of
from tests.papers.making import PLAIN_PAGE

PLAIN, LINE = Face(FANG, 12), Face(FANG, 12, underline=True)
DOWN = "^"


def words(text: str) -> str:
    pieces = re.split("<u>(.*?)</u>", text)
    runs = [run_of(one, LINE if n % 2 else PLAIN) for n, one in enumerate(pieces) if one]
    return paragraph("".join(runs), PLAIN)


def form(*blocks: str) -> bytes:
    content = "".join(one if one.startswith("<w:tbl>") else words(one) for one in blocks)
    return document(content + words(""), PLAIN_PAGE, {}, "")  # Word wants a paragraph after a table


def table(*rows: str) -> str:
    """Rows of cells; ``3*text`` spans three columns, ``^`` goes on from above, ``/`` begins a new line."""
    below = [row.split("|") for row in rows]
    grid = '<w:gridCol w:w="1500"/>' * max(map(len, below))
    width = '<w:tblW w:w="0" w:type="auto"/>'
    out = [f"<w:tbl><w:tblPr>{width}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"]
    for number, cells in enumerate(below):
        out.append("<w:tr>")
        going_on = _columns_going_on(below[number + 1]) if number + 1 < len(below) else set()
        column = 0
        for cell in cells:
            span, text = _shape(cell)
            starts = column in going_on and text != DOWN
            column += span
            merge = '<w:vMerge w:val="restart"/>' if starts else "<w:vMerge/>" if text == DOWN else ""
            lines = "".join(words(one) for one in re.split("(?<!<)/", "" if text == DOWN else text))
            shape = f'<w:tcW w:w="{1500 * span}" w:type="dxa"/><w:gridSpan w:val="{span}"/>{merge}'
            out.append(f"<w:tc><w:tcPr>{shape}</w:tcPr>{lines}</w:tc>")
        out.append("</w:tr>")
    return "".join([*out, "</w:tbl>"])


def _shape(cell: str) -> tuple[int, str]:
    span, _star, text = cell.partition("*") if re.match(r"\d+\*", cell) else ("1", "", cell)
    return int(span), text


def _columns_going_on(cells: list[str]) -> set[int]:
    found, column = set(), 0
    for cell in cells:
        span, text = _shape(cell)
        if text == DOWN:
            found.add(column)
        column += span
    return found
