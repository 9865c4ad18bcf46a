"""Lengths and faces of the official format, GB/T 9704—2012 clause 5 and 7: what its parts share.

Used by the modules beside it. Lengths are twips (567 = 1 cm) unless they say otherwise.
"""

from __future__ import annotations

from andu.papers.drawing.ooxml import FANG, HEI, KAI, RED, SONG, XIAOBIAO, Face, PageSetup, Shape

LINE = 579
"""One line: 22 lines fill the 225 mm of the text area (5.2.3)."""
PAGE = PageSetup(top=2098, right=1474, bottom=1984, left=1588, footer=1406, pitch=LINE)
"""天头 37 mm, 订口 28 mm, 版心 156 × 225 mm (5.2.1)."""
CHAR = 315
"""One character of the text, 三号 less the spacing that makes 28 fit a line."""
WIDE_CHAR = 320
"""One character in 三号 without that spacing: the line of the number."""
SMALL_CHAR = 280
"""One character in 四号: 版记 and page numbers."""

TEXT, HEI_TEXT, KAI_TEXT = (Face(name, 16, -5) for name in (FANG, HEI, KAI))
PLAIN, LABEL, NAME = Face(FANG, 16), Face(HEI, 16), Face(KAI, 16)
TITLE = Face(XIAOBIAO, 22)
IMPRINT, FOLIO = Face(FANG, 14), Face(SONG, 14)

FLOW = Shape(align="both", line=LINE)
INDENTED = FLOW.but(indents={"firstLine": 2 * CHAR})
TITLE_SHAPE = Shape(align="center", line=640)


def red(size: float) -> Face:
    """The face of a heading; its size is not in the standard (7.2.4)."""
    return Face(XIAOBIAO, size, color=RED)
