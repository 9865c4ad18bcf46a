"""Table fields: a head over empty rows, and grids of empty cells under a line that names them."""

from __future__ import annotations

from andu.papers.blanks import labels, matrices
from andu.papers.blanks.cells import YMD, Grid, is_label, is_open, is_ordinal, is_room
from andu.papers.blanks.found import OFFICE, TABLE, Blank, Spot
from andu.papers.blanks.labels import tidy
from andu.papers.blanks.model import Cell, Row


def is_empty_grid(grid: Grid, number: int) -> bool:
    """Two or more rows of empty cells with no head: room for names, one a cell, or for marks."""
    rows = grid.table.rows[number : number + 2]
    return len(rows) == 2 and all(len(row.cells) >= 3 and all(map(is_open, row.cells)) for row in rows)


def take_grid(grid: Grid, number: int, cell: Cell, name: str) -> None:
    for row in grid.table.rows[number:]:
        if len(row.cells) < 3 or not all(map(is_open, row.cells)):
            break
        grid.done.update(id(one) for one in row.cells)
    last = [line.text for line in cell.lines if line.text.strip()][-1]
    label = tidy(last) or name
    grid.add(cell, Blank(label, TABLE, section=grid.section, by=grid.by, drawn="grid", columns=("姓名",)))


def head_follows(grid: Grid, number: int) -> bool:
    return number < len(grid.table.rows) and bool(_head_cells(grid, number, grid.table.rows[number]))


def take_head(grid: Grid, number: int, row: Row) -> bool:
    """Take a head with the empty rows under it as one table field; whether there was one."""
    head = _head_cells(grid, number, row)
    if not head:
        return False
    last = _last_of(grid, number, head)
    rows = grid.table.rows
    sums = last + 1 < len(rows) and matrices.is_sum(rows[last + 1])
    for below in rows[number : last + 1 + sums]:
        grid.done.update(id(cell) for cell in below.cells)
    title = _title_of(grid, row, head)
    columns = matrices.names_of(grid.table, number, head)
    by = grid.by or (OFFICE if labels.is_of_the_office(title) else "")
    section = grid.section if title != grid.section else ""
    spot = Spot(head=tuple(head), rows=tuple(rows[number + 1 : last + 1]))
    drawn = matrices.MATRIX if matrices.has_names(head, spot.rows) else "below"
    found = Blank(title, TABLE, section=section, by=by, drawn=drawn, columns=columns, spot=spot)
    grid.add(head[0], found)
    return True


def _head_cells(grid: Grid, number: int, row: Row) -> list[Cell]:
    """The cells of a head: labels side by side, each with room of the same width under it."""
    if any(grid.is_done(cell) for cell in row.cells):
        return []
    cells = matrices.whole_head(row, number)
    title = [cell for cell in cells[:1] if cell.row + cell.rows - 1 > number and is_label(cell)]
    head = cells[1:] if title else cells
    if len(head) < 2 or not all(is_label(cell) for cell in head):
        return []
    ends = all(cell.row + cell.rows - 1 == number for cell in head)
    if not ends or number + 1 >= len(grid.table.rows):
        return []
    if _fits_under(grid.table.rows[number + 1], head) and _enough(grid, number, head):
        return head
    return head if len(head) >= 3 and matrices.last_named_row(grid.table, number, head) > number else []


def _enough(grid: Grid, number: int, head: list[Cell]) -> bool:
    """One empty row is enough under three heads; under two there must be two."""
    return len(head) >= 3 or _last_of(grid, number, head) >= number + 2


def _last_of(grid: Grid, number: int, head: list[Cell]) -> int:
    last = number
    for at in range(number + 1, len(grid.table.rows)):
        if not _fits_under(grid.table.rows[at], head):
            break
        last = at
    return last if last > number else matrices.last_named_row(grid.table, number, head)


def _fits_under(row: Row, head: list[Cell]) -> bool:
    """Whether a row has room under each cell of a head; a first cell may count the rows, or name them."""
    cells = {cell.columns: cell for cell in row.cells}
    under = [cells.get(one.columns) for one in head]
    if any(cell is None for cell in under):
        return False
    first, rest = under[0], under[1:]
    counts = first is not None and (
        is_room(first) or is_ordinal(first) or (len(head) >= 3 and is_label(first))
    )
    return counts and all(
        cell is not None and (is_room(cell) or YMD.fullmatch(cell.text.strip())) for cell in rest
    )


def _title_of(grid: Grid, row: Row, head: list[Cell]) -> str:
    beside = [cell for cell in row.cells if cell.column < head[0].column and is_label(cell)]
    beside += [cell for cell in row.above if cell.column < head[0].column and is_label(cell)]
    title = tidy(beside[0].text) if beside else grid.section or grid.title
    return labels.split_note(title)[0] or tidy(head[0].text)
