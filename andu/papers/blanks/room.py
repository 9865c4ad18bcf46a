"""How much a cell holds: so long an answer may be, that the paper stays the page it was."""

from __future__ import annotations

from typing import Any

from andu.papers.blanks.model import Cell, W

LEAST, MOST = 4, 1000
_TWIPS = 20
_SIZE, _WIDTH, _MARGIN = 10.5, 1500, 220
"""Points of type, and twips of a cell and of its two margins, where the paper does not say."""
_LEADING = 1.4


def of_cell(cell: Cell, lines: int, is_listed: bool = False) -> int:
    """Characters that fit; ``lines`` are those drawn in the cell.

    A row has room for one line more where it may grow, unless it is one of many (``is_listed``).
    """
    size, width = _size(cell), _number(cell.element.find(f"{W}tcPr/{W}tcW"), "w") or _WIDTH
    across = (width - _MARGIN) // int(size * _TWIPS)
    height, is_exact = _height(cell)
    down = int(height // (size * _TWIPS * _LEADING)) if height else 0
    down = max(1, down) if is_exact or is_listed else max(lines, down) + 1
    return min(MOST, max(LEAST, across * down))


def _size(cell: Cell) -> float:
    sizes = [_number(one, "val") for one in cell.element.iter(W + "sz")]
    return max(sizes, default=0) / 2 or _SIZE


def _height(cell: Cell) -> tuple[int, bool]:
    row = cell.element.getparent()
    found = row.find(f"{W}trPr/{W}trHeight") if row is not None else None
    return (_number(found, "val"), found.get(W + "hRule") == "exact") if found is not None else (0, False)


def _number(element: Any, name: str) -> int:
    text = "" if element is None else str(element.get(W + name, ""))
    return int(float(text)) if text.replace(".", "", 1).isdigit() else 0
