"""版记 at the foot of the last page and the page numbers: GB/T 9704—2012, 7.4 and 7.5.

Called by ``draft_official``. Guarantees: the last rule lies on the lower edge of the text area, page numbers
stand outside, 7 mm below it.
"""

from __future__ import annotations

from andu.papers.drawing.official.measures import FOLIO, IMPRINT, PAGE, SMALL_CHAR
from andu.papers.drawing.ooxml import (
    FANG,
    Cell,
    Face,
    Shape,
    directive,
    field_run,
    paragraph,
    row,
    run,
    table,
)

# anchored to the page, not the margin: LibreOffice lets no table float that is as wide as the text
_AT_THE_FOOT = (
    '<w:tblpPr w:leftFromText="0" w:rightFromText="0" w:topFromText="0" w:bottomFromText="0"'
    f' w:vertAnchor="margin" w:horzAnchor="page" w:tblpX="{PAGE.left}" w:tblpYSpec="bottom"/>'
    '<w:tblOverlap w:val="never"/>'
)
_RULES = {"top": 8, "bottom": 8, "insideH": 6}
_SIDES = {"left": SMALL_CHAR, "right": SMALL_CHAR}
_END = paragraph("", Face(FANG, 1), Shape(line=20))
"""Word wants a paragraph after a table."""
_LAST = Shape(line=480, indents=_SIDES, tabs=(("right", PAGE.width - SMALL_CHAR),))


def imprint(copied: bool, organ: bool, day: bool) -> str:
    """版记: 抄送机关 if the form asks for them, 印发机关 and 印发日期, between rules (7.4)."""
    printer = "{{ print_organ|or_blank(printer_name) }}" if organ else "{{ printer_name }}"
    date = "{{ printed_on|or_blank(issued_on) }}" if day else "{{ issued_on }}"
    rows = [_row(paragraph(f"{printer}\t{date}印发", IMPRINT, _LAST))]
    copies = [_row(_tag("if cc")), _row(_copies()), _row(_tag("endif"))] if copied else []
    return _foot([*copies, *rows], _RULES) + _END


def letter_imprint(copied: bool) -> str:
    """版记 of a letter: no rules, no organ, no date (10.1)."""
    if not copied:
        return ""
    return directive("if cc") + _foot([_row(_copies())], {}) + directive("endif") + _END


def _copies() -> str:
    hanging = _LAST.but(indents={**_SIDES, "left": 4 * SMALL_CHAR, "hanging": 3 * SMALL_CHAR}, tabs=())
    return paragraph("抄送：{{ cc }}。", IMPRINT, hanging)


def _foot(rows: list[str], rules: dict[str, int]) -> str:
    margins = dict.fromkeys(("top", "left", "bottom", "right"), 0)
    return table((PAGE.width,), rows, rules, margins, _AT_THE_FOOT)


def _tag(code: str) -> str:
    return paragraph(f"{{%tr {code} %}}", IMPRINT)


def _row(content: str) -> str:
    return row([Cell(content, PAGE.width)])


def folio(side: str) -> str:
    """The page number between 一字线, one character in from the outer edge (7.5)."""
    content = run("— ", FOLIO) + field_run("PAGE", FOLIO) + run(" —", FOLIO)
    return paragraph(content, FOLIO, Shape(align=side, line=320, indents={side: SMALL_CHAR}))
