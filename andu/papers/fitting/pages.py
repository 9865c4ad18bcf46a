"""The pages of a form as they were made: which rows of its tables stand where, how full each page is.

Used by ``fitting.rows``. A row is a row of a table of the
body, or a paragraph between tables. Lengths are millimetres from the top of the page. Guarantees: what was
not found on the page is left out, and so moves nothing.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree
from pypdf import PdfReader

from andu.papers.checks.layout.strokes import Stroke, strokes_of
from andu.papers.checks.layout.wording import is_signed
from andu.papers.fitting.standing import Standing
from andu.papers.template.grids import W

POINT = 25.4 / 72
ASCENT, DESCENT = 4.5, 1.5
"""Of a line of text, above and below its base."""
HEADING = 30
"""Characters of a heading at the most."""


@dataclass(frozen=True)
class Row:
    """A row, or a paragraph between tables: its element, where it begins and ends, and what it is."""

    number: int
    element: etree._Element
    paragraphs: tuple[Standing, ...]
    first: int
    last: int
    top: float
    bottom: float
    is_head: bool = False
    is_signature: bool = False
    leads: bool = False
    """It names what follows it, and stays with it."""
    opens: bool = False
    """It begins a new page whatever stands before it."""


@dataclass(frozen=True)
class Page:
    """One page: its rows, where its text may begin and end, and where it does end."""

    number: int
    rows: tuple[Row, ...]
    top: float
    foot: float
    bottom: float

    @property
    def height(self) -> float:
        """How much room it has."""
        return self.foot - self.top

    @property
    def fill(self) -> float:
        """How much of it is used, down to its last row."""
        return max(0.0, self.bottom - self.top) / self.height

    @property
    def lacks_matter(self) -> bool:
        """It shows signatures, and nothing of what is signed."""
        shown = [row for row in self.rows if not row.is_head and not row.leads]
        return any(row.is_signature for row in shown) and all(row.is_signature for row in shown)


def blocks_of(root: etree._Element) -> list[etree._Element]:
    """The rows and the paragraphs between tables, in order."""
    found: list[etree._Element] = []
    for child in root.find(f"{W}body"):
        if child.tag == f"{W}tbl":
            found += child.findall(f"{W}tr")
        elif child.tag == f"{W}p":
            found.append(child)
    return found


def pages_of(paragraphs: Sequence[Standing], pdf: bytes) -> list[Page]:
    """The pages of the paper whose paragraphs these are."""
    root = paragraphs[0].element.getroottree().getroot()
    sheets = PdfReader(io.BytesIO(pdf)).pages
    heights = [float(sheet.mediabox.height) * POINT for sheet in sheets]
    lines = [[each for each in strokes_of(sheet) if each.is_horizontal] for sheet in sheets]
    rows = list(_rows(root, paragraphs, heights, lines))
    top, below = _margins(root)
    pages = []
    for number, height in enumerate(heights, start=1):
        own = tuple(row for row in rows if row.first <= number <= row.last)
        ends = [row.bottom for row in own if row.last == number]
        goes_on = any(row.last > number for row in own)
        bottom = height - below if goes_on else max(ends, default=top)
        pages.append(Page(number, own, top, height - below, bottom))
    return pages


def _margins(root: etree._Element) -> tuple[float, float]:
    found = root.find(f"{W}body/{W}sectPr/{W}pgMar")
    sides = (found.get(f"{W}{side}", "1440") for side in ("top", "bottom")) if found is not None else ()
    top, bottom = (abs(int(side)) / 1440 * 25.4 for side in sides) if found is not None else (25.4, 25.4)
    return top, bottom


def _rows(
    root: etree._Element,
    paragraphs: Sequence[Standing],
    heights: Sequence[float],
    lines: Sequence[Sequence[Stroke]],
) -> Iterator[Row]:
    owners: dict[etree._Element, list[Standing]] = {}
    for one in paragraphs:
        if one.lines:
            owners.setdefault(_block(one.element), []).append(one)
    for number, element in enumerate(blocks_of(root)):
        own = owners.get(element, [])
        if not own:
            continue
        shown = [line for one in own for line in one.lines]
        first, last = min(line.page for line in shown), max(line.page for line in shown)
        upper = min(heights[first - 1] - line.base * POINT for line in shown if line.page == first)
        lower = max(heights[last - 1] - line.base * POINT for line in shown if line.page == last)
        is_row = element.tag == f"{W}tr"
        yield Row(
            number,
            element,
            tuple(own),
            first,
            last,
            _above(upper, lines[first - 1]) if is_row else upper - ASCENT,
            _below(lower, lines[last - 1]) if is_row else lower + DESCENT,
            _is_head(element),
            _is_signature(element),
            leads(element),
            element.find(f"{W}pPr/{W}pageBreakBefore") is not None,
        )


def _block(paragraph: etree._Element) -> etree._Element:
    """The row of the outermost table that a paragraph stands in, or itself."""
    found = paragraph
    for each in paragraph.iterancestors(f"{W}tr"):
        found = each
    return found


def leads(row: etree._Element) -> bool:
    """Whether it is a row that is a heading: one cell, short, kept with what follows."""
    if len(_text(row)) > HEADING:
        return False
    return len(row.findall(f"{W}tc")) == 1 and row.find(f"{W}tc/{W}p/{W}pPr/{W}keepNext") is not None


def _is_signature(block: etree._Element) -> bool:
    """Whether somebody signs here."""
    if _is_head(block):
        return False
    table = block.getparent() if block.tag == f"{W}tr" else block
    cells = (cell for row in table.findall(f"{W}tr") if _is_head(row) for cell in row.findall(f"{W}tc"))
    return is_signed(_text(block), [_text(cell).strip() for cell in cells])


def _is_head(row: etree._Element) -> bool:
    return row.find(f"{W}trPr/{W}tblHeader") is not None


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext(f"{W}t")))


def _above(height: float, lines: Sequence[Stroke]) -> float:
    over = [line.middle for line in lines if line.middle < height - 1]
    return max(over, default=height - ASCENT)


def _below(height: float, lines: Sequence[Stroke]) -> float:
    under = [line.middle for line in lines if line.middle > height]
    return min(under, default=height + DESCENT)
