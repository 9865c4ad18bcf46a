"""Whether a template's tables may come to have another number of cells in a row than columns in their grid.

Called by ``part`` when a template is compiled. Only tables of which that cannot be excluded go
through docxtpl's ``fix_tables`` when filled; it is slow, and without effect on all others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHANGING = re.compile(r"{%\s*(tc|colspan|hm)\b")
_TAG_ROW = re.compile(r"{[%{#]tr\b")
_OPENS = re.compile(r"{%-?\s*(?:(?:p|r|tr|tc)\s+)?(if|for|endif|endfor)\b")


def may_change(root: etree._Element) -> bool:
    """A row may have other cells than the template shows, or the only row as wide as the grid may vanish."""
    if _CHANGING.search(_text(root)):
        return True
    return any(_table_may_change(table) for table in root.iter(f"{W}tbl"))


def _table_may_change(table: etree._Element) -> bool:
    columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
    widest = 0
    depth = 0
    for row in table.iter(f"{W}tr"):
        cells = row.findall(f"{W}tc")
        inside = _balance(_text(row))
        if not _TAG_ROW.search(_text(row)):
            if len(cells) > columns or any(_balance(_text(cell)) for cell in cells):
                return True
            if depth == 0:
                widest = max(widest, sum(_spans(cells)))
        depth += inside
    return widest < columns


def _balance(text: str) -> int:
    """How many conditions and loops are still open at the end of a text."""
    return sum(-1 if found.startswith("end") else 1 for found in _OPENS.findall(text))


def _spans(cells: list[etree._Element]) -> Iterator[int]:
    for cell in cells:
        span = cell.find(f"{W}tcPr/{W}gridSpan")
        yield int(span.get(f"{W}val", "1")) if span is not None else 1


def _text(element: etree._Element) -> str:
    return "".join(element.itertext(f"{W}t"))
