"""The tables of a docx are ones that people make: neither nested like a doll nor of thousands of columns.

Used by ``inspection``. LibreOffice takes minutes over a table in a table in a table, and over a row as wide
as a town. Word itself has 63 columns at most; the fine grid of our own ledgers has up to 400.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from lxml import etree

from andu.papers.checks.inspection.danger import Danger

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAX_COLUMNS = 500
MAX_NESTED = 5
"""Tables within each other."""


def judge_tables(name: str, root: etree._Element) -> Iterator[Danger]:
    """Tables of one part that nobody would print."""
    depth = 0
    for event, _table in etree.iterwalk(root, events=("start", "end"), tag=f"{_W}tbl"):
        depth += 1 if event == "start" else -1
        if depth > MAX_NESTED:
            yield Danger(_("表格里套表格，套得太深，请拆开。"), name)
            break
    rows = root.iter(f"{_W}tblGrid", f"{_W}tr")
    if any(len(row) > MAX_COLUMNS for row in rows) or any(map(_is_wide, root.iter(f"{_W}gridSpan"))):
        yield Danger(_("表格的列数异常多，请拆成几张表。"), name, is_size=True)


def _is_wide(span: etree._Element) -> bool:
    said = span.get(f"{_W}val", "1")
    # a template may name the width here
    return said.isdecimal() and (len(said) > 4 or int(said) > MAX_COLUMNS)
