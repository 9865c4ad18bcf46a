"""The letter (信函格式) of GB/T 9704—2012, 10.1: its heading, its double lines, its number.

Called by ``draft_official``. Heading and lines stand in the header and footer of the first page, so that the
text below them flows as ever. Guarantees, measured by the tests: the red ink begins 30 mm below the edge of
the paper, the upper line 4 mm below it, the lower one 20 mm above the lower edge, both 170 mm wide and
centred; the first page has no number.
"""

from __future__ import annotations

from dataclasses import replace

from andu.papers.drawing.official.heading import INK, URGENCY_WORDS, sized
from andu.papers.drawing.official.imprint import folio
from andu.papers.drawing.official.measures import LABEL, LINE, PAGE, PLAIN
from andu.papers.drawing.ooxml import FANG, RED, Face, Shape, paragraph, run, twips

LETTER_PAGE = replace(PAGE, header=twips(30) - INK, footer=twips(20))
_SIDES = {"left": twips(20) - PAGE.left, "right": twips(20) - PAGE.right}
"""The lines are 170 mm wide on a page of 210 mm, wider than the text."""
_NUMBER_GAP = 47
"""With the space above the digits it makes 4.9 mm, 7/8 of a character of 三号, below the line."""
_UPPER = f'<w:bottom w:val="thickThinSmallGap" w:sz="18" w:space="9" w:color="{RED}"/>'
_LOWER = f'<w:bottom w:val="thinThickSmallGap" w:sz="18" w:space="0" w:color="{RED}"/>'


def letter_headers() -> dict[str, str]:
    """The first page's header: the organ's name without “文件”, and the line 上粗下细 below it."""
    shape = Shape(align="center", indents=_SIDES, border=_UPPER)
    return {"first": sized("issuer_name", "", shape)}


def letter_footers() -> dict[str, str]:
    """The line 上细下粗 at the foot of the first page; page numbers from the second on."""
    below = paragraph("", Face(FANG, 1), Shape(line=PAGE.footer - LETTER_PAGE.footer))
    line = paragraph("", Face(FANG, 1), Shape(line=20, indents=_SIDES, border=_LOWER))
    return {"first": line, "default": folio("right") + below, "even": folio("left") + below}


def letter_number(urgent: bool) -> str:
    """紧急程度 at the left, 发文字号 at the right edge, 7/8 of a character below the line (10.1)."""
    words = URGENCY_WORDS if urgent else ""
    number = Shape(line=LINE, before=_NUMBER_GAP, tabs=(("right", PAGE.width),))
    return paragraph(run(words, LABEL) + run("\t{{ number }}", PLAIN), PLAIN, number)
