"""Tables whose rows are printed already: a head, rows with names, and columns that stay open.

A head may be of two lines, the upper one spanning. Called by ``lists`` and ``grids``; what adopting makes of
such a table, a field for each open cell, is found here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from andu.papers.blanks.cells import is_label, is_ordinal, is_room
from andu.papers.blanks.contents import in_cell
from andu.papers.blanks.found import TABLE, Blank, Spot
from andu.papers.blanks.kinds import kind_of
from andu.papers.blanks.labels import tidy
from andu.papers.blanks.lines import Around
from andu.papers.blanks.model import BOX, Cell, Row, Table

MATRIX = "matrix"
LEAST_ROWS = 2
MOST_FIELDS = 40
"""More open cells than this stay for the pen."""
_SUM = re.compile(r"合计|总计|小计|共计")


def whole_head(row: Row, number: int) -> list[Cell]:
    """The cells of a row, and those from above that end with it: a head of two lines."""
    ends = [cell for cell in row.above if cell.row + cell.rows - 1 == number and is_label(cell)]
    return sorted([*row.cells, *ends], key=lambda one: one.column)


def names_of(table: Table, number: int, head: Sequence[Cell]) -> tuple[str, ...]:
    """What the columns are called; two of one name take that of the cell over them too."""
    texts = [tidy(cell.text) for cell in head]
    over = table.rows[number - 1].cells if number else []
    named = []
    for cell, text in zip(head, texts, strict=True):
        above = [one for one in over if one.column <= cell.column < one.column + one.span and one is not cell]
        twice = texts.count(text) > 1 and bool(above) and is_label(above[0])
        named.append(tidy(above[0].text) + text if twice else text)
    return tuple(named)


def last_named_row(table: Table, number: int, head: Sequence[Cell]) -> int:
    """The last row under a head of those that are named and leave the same columns open; else ``number``."""
    last, columns = number, None
    for at in range(number + 1, len(table.rows)):
        under = _under(table.rows[at], head)
        open_here = [n for n, cell in enumerate(under) if cell is not None and _is_open(cell)]
        rest = [cell for n, cell in enumerate(under) if n not in open_here and cell is not None]
        named = [cell for cell in rest if tidy(cell.text)]
        if None in under or not open_here or not named or (columns is not None and columns != open_here):
            break
        if open_here[0] == 0 or any(re.search("[：:]", cell.text) for cell in named):
            break
        last, columns = at, open_here
    return last if last - number >= LEAST_ROWS else number


def is_sum(row: Row) -> bool:
    """Whether a row only adds up the table above it."""
    if len(row.cells) < 2:
        return False
    return bool(_SUM.fullmatch(tidy(row.cells[0].text))) and all(map(is_room, row.cells[1:]))


def has_names(head: Sequence[Cell], rows: Sequence[Row]) -> bool:
    """Whether the rows of a table are printed with names, not only counted."""
    return any(
        cell is not None and not is_room(cell) and not is_ordinal(cell) and not re.match(r"\s*年", cell.text)
        for row in rows
        for cell in _under(row, head)[:-1]
    )


def open_cells(blank: Blank) -> list[Blank]:
    """A field for each open cell of a table of named rows; none where there are too many."""
    spot = blank.spot or Spot()
    found = [one for row in spot.rows for one in _of_row(blank, spot, row)]
    return found if len(found) <= MOST_FIELDS else []


def _of_row(blank: Blank, spot: Spot, row: Row) -> Iterator[Blank]:
    under = _under(row, spot.head)
    told = [cell for cell in under if cell is not None and cell in row.cells and not _is_open(cell)]
    named = [
        tidy(cell.text)
        for cell in told
        if not is_ordinal(cell) and not re.fullmatch(r"[\d.%]*", tidy(cell.text))
    ]
    name = named[0][:30] if named else ""
    for cell, column in zip(under, blank.columns, strict=True):
        if cell is None or not _is_open(cell):
            continue
        label = f"{name}：{column}" if name else column
        if BOX in cell.text:
            yield from in_cell(cell, Around(label, blank.section, in_cell=True, by=blank.by))
        else:
            yield Blank(label, kind_of(column), section=blank.section, by=blank.by, spot=Spot(cell=cell))


def _is_open(cell: Cell) -> bool:
    return is_room(cell) or BOX in cell.text or bool(re.fullmatch(r"\s*[（(]\s*[）)]\s*", cell.text))


def _under(row: Row, head: Sequence[Cell]) -> list[Cell | None]:
    cells = {cell.columns: cell for cell in [*row.above, *row.cells]}
    return [cells.get(one.columns) for one in head]


def sideways(table: Table, cell: Cell) -> list[Row]:
    """The rows beside a tall label that each begin with a label and go on with three or more empty cells."""
    rows = table.rows[cell.row : cell.row + cell.rows]
    for row in rows:
        beside = [one for one in row.cells if one.column >= cell.column + cell.span]
        if len(beside) < 4 or not is_label(beside[0]) or not all(map(is_room, beside[1:])):
            return []
    return rows if len(rows) >= LEAST_ROWS else []


def sideways_table(cell: Cell, rows: Sequence[Row], **said: str) -> Blank:
    """Such rows as one table: its columns are the labels at their left."""
    names = tuple(tidy(next(one for one in row.cells if one is not cell).text) for row in rows)
    return Blank(tidy(cell.text), TABLE, drawn="grid", columns=names, **said)  # type: ignore[arg-type]
