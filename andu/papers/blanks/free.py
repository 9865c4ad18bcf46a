"""The places of a blank form where nothing was proposed, for whoever misses one there.

A place has a name that stays the same for the same document: ``t0-2-3`` is a cell by table, row and column,
``p7-0`` a line by paragraph and offset.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from andu.papers.blanks import labels
from andu.papers.blanks.cells import is_room
from andu.papers.blanks.found import Blank, Spot
from andu.papers.blanks.kinds import kind_of
from andu.papers.blanks.labels import tidy
from andu.papers.blanks.model import Block, Cell, Line, Table
from andu.papers.faults import PaperFault

MOST = 120
"""So many are offered; those in cells first."""
ADDED, UNSURE = "added", 0.3
_SHOWN = 16


@dataclass(frozen=True)
class Place:
    """A place: its name, the words it stands by, and the blank that it would be."""

    name: str
    words: str
    blank: Blank


def places(page: Sequence[Block], found: Sequence[Blank]) -> list[Place]:
    """The places that none of these blanks takes, in the order of the page."""
    cells, lines = _taken(found)
    free = [one for one in _all(page) if not _is_taken(one.blank.spot or Spot(), cells, lines)]
    if len(free) > MOST:
        free = [one for one in free if one.name.startswith("t")][:MOST]
    return free


def blank_at(page: Sequence[Block], name: str) -> Blank:
    """The blank at a place; raises ``PaperFault`` where there is no such place."""
    for one in _all(page):
        if one.name == name:
            return one.blank
    raise PaperFault(_("纸上没有这个地方，请重新选。"))


def _taken(found: Sequence[Blank]) -> tuple[set[int], set[tuple[int, int]]]:
    cells: set[int] = set()
    lines: set[tuple[int, int]] = set()
    for spot in (one.spot or Spot() for one in found):
        rows = [cell for row in spot.rows for cell in row.cells]
        cells.update(id(cell.element) for cell in [*rows, *spot.head, *filter(None, [spot.cell])])
        lines.update((line.number, line.offset) for line in spot.lines)
    return cells, lines


def _is_taken(spot: Spot, cells: set[int], lines: set[tuple[int, int]]) -> bool:
    if spot.cell is not None:
        inside = {(line.number, line.offset) for line in spot.cell.lines}
        return id(spot.cell.element) in cells or bool(inside & lines)
    return any((line.number, line.offset) in lines for line in spot.lines)


def _all(page: Sequence[Block]) -> Iterator[Place]:
    for block in page:
        if isinstance(block, Table):
            for row in block.rows:
                for cell in row.cells:
                    yield from _of_cell(block, cell)
        elif _may_ask(block):
            yield _of_line(block)


def _of_cell(table: Table, cell: Cell) -> Iterator[Place]:
    if is_room(cell):
        label = _label_of(table, cell)
        blank = Blank(
            label, kind_of(label, len(cell.lines)), drawn=ADDED, certainty=UNSURE, spot=Spot(cell=cell)
        )
        where = _("表%(t)s 第%(r)s行 第%(c)s列", t=table.number + 1, r=cell.row + 1, c=cell.column + 1)
        yield Place(
            f"t{table.number}-{cell.row}-{cell.column}", f"{label}（{where}）", blank.but(where=where)
        )
        return
    yield from (_of_line(line) for line in cell.lines if _may_ask(line))


def _may_ask(line: Line) -> bool:
    return bool(line.text.strip()) and not labels.is_prose(line.text)


def _of_line(line: Line) -> Place:
    label = tidy(line.text)[-_SHOWN:] or "未命名"
    end = len(line.text)
    blank = Blank(label, kind_of(label), drawn=ADDED, certainty=UNSURE, spot=Spot((line,), end, end))
    where = _("第 %(n)s 段", n=line.number)
    return Place(f"p{line.number}-{line.offset}", _("“%(words)s”后面", words=label), blank.but(where=where))


def _label_of(table: Table, cell: Cell) -> str:
    """What an empty cell may be called: the words at its left, else those above it."""
    row = table.rows[cell.row]
    left = [one for one in [*row.above, *row.cells] if one.column < cell.column and tidy(one.text)]
    above = [
        one
        for upper in table.rows[: cell.row]
        for one in upper.cells
        if one.column <= cell.column < one.column + one.span and tidy(one.text)
    ]
    told = max(left, key=lambda one: one.column, default=None) or (above[-1] if above else None)
    return (tidy(told.text)[:_SHOWN] if told else "") or "未命名"
