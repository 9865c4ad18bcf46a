"""The blanks of a table: a label with room beside it, room below, and what ``lists`` and ``contents`` read.

Walks the rows once from above. A cell is a label, room, or a mixture. What a table field takes is struck
out, so that no cell counts twice. Called by ``andu.papers.blanks`` for each table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from andu.papers.blanks import labels, matrices
from andu.papers.blanks.cells import UNIT_ALONE, YMD, Grid, asks_inside, holds_answer, is_label, is_room
from andu.papers.blanks.contents import checklist, in_cell
from andu.papers.blanks.found import OFFICE, PHOTO, SEAL, SIGNATURE, Blank, Spot
from andu.papers.blanks.kinds import kind_of
from andu.papers.blanks.labels import tidy
from andu.papers.blanks.lines import Around
from andu.papers.blanks.lists import head_follows, is_empty_grid, take_grid, take_head
from andu.papers.blanks.model import BOX, Cell, Row, Table

_CHOICES = {"性别": ("男", "女")}


def blanks_of(table: Table, title: str, known: Mapping[str, str]) -> list[Blank]:
    """The blanks of a table in the order of its rows."""
    grid = Grid(table, title, known)
    for number, row in enumerate(table.rows):
        if not all(grid.is_done(cell) for cell in row.cells):
            _row(grid, number, row)
    return [blank for _row, _column, blank in sorted(grid.found, key=lambda one: one[:2])]


def _row(grid: Grid, number: int, row: Row) -> None:
    cells = [cell for cell in row.cells if not grid.is_done(cell)]
    if take_head(grid, number, row) or _took_sideways(grid, cells[0]):
        return
    if len(cells) == 1 and _is_whole(grid, cells[0], row):
        _whole_row(grid, number, cells[0])
        return
    label: Cell | None = None
    section = _standing_title(row, grid)
    for cell in cells:
        if labels.is_photo(cell.text) and len(tidy(cell.text)) <= 30:
            grid.add(cell, Blank("照片", PHOTO, drawn="photo", by=grid.by))
            label = None
        elif cell.rows > 1 and is_label(cell) and _holds_labels(grid, cell):
            section, label = tidy(cell.text), None
        elif is_room(cell) and label is not None:
            _beside(grid, label, cell, section, row)
            label = None
        elif label is not None and holds_answer(label, cell):
            _beside(grid, label, cell, section, row, filled=True)
            label = None
        elif is_label(cell) and not asks_inside(cell):
            _asked_in_itself(grid, label, section, row)
            label = cell
        elif not is_room(cell):
            label = _mixed(grid, label, cell, section, row)
        grid.done.add(id(cell))
    _asked_in_itself(grid, label, section, row)


def _took_sideways(grid: Grid, cell: Cell) -> bool:
    rows = matrices.sideways(grid.table, cell) if cell.rows > 1 and is_label(cell) else []
    if rows:
        grid.add(cell, matrices.sideways_table(cell, rows, section=grid.section, by=grid.by))
        grid.done.update(id(one) for below in rows for one in below.cells)
    return bool(rows)


def _asked_in_itself(grid: Grid, label: Cell | None, section: str, row: Row) -> None:
    """地点： or 甲方（盖章） in a cell with no room beside it: the answer goes behind the words."""
    text = label.text.strip() if label else ""
    if label is None or labels.names_nothing(text) or _has_room_below(grid, label):
        return
    if re.search(r"[：:]$", text) or re.search(r"[（(](?:盖章|公章|签字|签名|签章|章)[）)]$", text):
        _mixed(grid, None, label, section, row)


def _has_room_below(grid: Grid, cell: Cell) -> bool:
    below = grid.table.rows[cell.row + cell.rows : cell.row + cell.rows + 1]
    return any(one.columns == cell.columns and is_room(one) for row in below for one in row.cells)


def _is_whole(grid: Grid, cell: Cell, row: Row) -> bool:
    return cell.span >= grid.table.width - sum(one.span for one in row.above) and not row.above


def _standing_title(row: Row, grid: Grid) -> str:
    """The label that reaches into this row from above, at its left: the section its rows belong to."""
    first = row.cells[0].column if row.cells else 0
    standing = [cell for cell in row.above if cell.column < first and is_label(cell)]
    return tidy(standing[0].text) if standing else ""


def _holds_labels(grid: Grid, cell: Cell) -> bool:
    """Whether beside a cell that spans rows there are labels of their own in every row."""
    count = 0
    for row in grid.table.rows[cell.row : cell.row + cell.rows]:
        beside = [one for one in row.cells if one.column >= cell.column + cell.span]
        count += bool(beside) and (is_label(beside[0]) or not is_room(beside[0]))
    return count >= min(2, cell.rows)


def _beside(grid: Grid, label: Cell, cell: Cell, section: str, row: Row, *, filled: bool = False) -> None:
    text = tidy(label.text)
    short, note = labels.split_note(text)
    if note and labels.is_of_the_office(note):
        section = section or note
    kind = kind_of(text, len(cell.lines), row.height, grid.known)
    hint = "" if filled else re.sub(r"\s+", "", cell.text)
    if UNIT_ALONE.match(cell.text):
        kind = "number"
    if re.search("签名|签字", hint) and kind == "text":
        kind = SIGNATURE
    drawn = "placeholder" if hint else {SIGNATURE: "sign", SEAL: "seal"}.get(kind, "right")
    told = f"{text} {section} {grid.section}"
    by = grid.by or (OFFICE if labels.is_of_the_office(told) else "")
    choices = _CHOICES.get(short, ("是", "否") if kind == "choice" else ())
    grid.add(
        cell,
        Blank(
            short,
            kind,
            section=section or grid.section,
            by=by,
            drawn=drawn,
            help=note,
            choices=choices,
            filled=filled,
        ),
    )


def _mixed(grid: Grid, label: Cell | None, cell: Cell, section: str, row: Row) -> Cell | None:
    """A cell that holds more than a label; whether it leaves a label standing for the cell after it."""
    name = tidy(label.text) if label else ""
    short, note = labels.split_note(name)
    section = section or (note if labels.is_of_the_office(note) else "") or grid.section
    signs = labels.is_signature(short) or labels.is_seal(short)
    if signs and re.fullmatch(rf"\s*{YMD.pattern}\s*", cell.text):
        _signed_and_dated(grid, cell, Around(short, section, in_cell=True, by=grid.by))
        return None
    if short and YMD.fullmatch(cell.text.strip() or "-"):
        kind = "datetime" if "时" in cell.text else "date"
        told = f"{short} {section}"
        by = grid.by or (OFFICE if labels.is_of_the_office(told) else "")
        grid.add(cell, Blank(short, kind, section=section, by=by, drawn="ymd"))
        return None
    around = Around(short, section, in_cell=True, by=grid.by)
    found = in_cell(cell, around)
    if short and _opens_with_room(cell) and not any(one.label == short for one in found):
        kind = kind_of(short, max(3, len(cell.lines)), row.height, grid.known)
        by = grid.by or (OFFICE if labels.is_of_the_office(f"{short} {section}") else "")
        spot = Spot((cell.lines[0],), 0, len(cell.lines[0].text))
        found.insert(0, Blank(short, kind, section=section, by=by, drawn="right", spot=spot))
    for blank in found:
        grid.add(cell, blank)
    if not found and not labels.is_prose(cell.text) and len(tidy(cell.text)) <= labels.LONGEST:
        return cell
    return None


def _signed_and_dated(grid: Grid, cell: Cell, around: Around) -> None:
    """A cell beside 收件人签名 that holds the room to sign in, and the date."""
    kind = SIGNATURE if labels.is_signature(around.label) else SEAL
    by = around.by or (OFFICE if labels.is_of_the_office(f"{around.label} {around.section}") else "")
    text = cell.lines[0].text
    end = len(text) - len(text.lstrip())
    spot = Spot((cell.lines[0],), 0, 0 if text.strip() else end)
    grid.add(cell, Blank(around.label, kind, section=around.section, by=by, drawn="sign", spot=spot))
    for one in in_cell(cell, Around("", around.label, in_cell=True, by=by)):
        grid.add(cell, one)


def _opens_with_room(cell: Cell) -> bool:
    """Whether a cell begins with empty lines, or lies empty above the signature at its foot."""
    lines = [line.text for line in cell.lines]
    first = next((n for n, text in enumerate(lines) if text.strip()), len(lines))
    if first >= 1:
        return True
    return bool(re.match(r"\s{12,}", lines[0])) if lines else False


def _whole_row(grid: Grid, number: int, cell: Cell) -> None:
    grid.done.add(id(cell))
    below = grid.table.rows[number + 1] if number + 1 < len(grid.table.rows) else None
    if is_room(cell):
        return
    text = cell.text
    alone = len([line for line in cell.lines if line.text.strip()]) == 1
    name = tidy(text)
    if below is not None and alone and is_empty_grid(grid, number + 1):
        take_grid(grid, number + 1, cell, name)
    elif below is not None and _is_question(cell) and _is_room_row(grid, below):
        _take_below(grid, cell, below.cells[0])
    elif below is not None and alone and head_follows(grid, number + 1):
        grid.section = labels.split_note(name)[0]
        grid.by = OFFICE if labels.is_of_the_office(name) else ""
    elif is_label(cell) and alone and not re.search(r"[：:]\s*$", text.rstrip()):
        grid.section, grid.by = labels.split_note(name)[0], _by_title(name)
        if number == 0:
            grid.section = ""
    else:
        section = grid.section
        texts = [line.text for line in cell.lines]
        ticked = checklist(texts, Around(section or name[:20], by=grid.by))
        if ticked:
            grid.add(cell, ticked)
            return
        for blank in in_cell(cell, Around("", section, in_cell=True, by=grid.by)):
            grid.add(cell, blank)


def _by_title(name: str) -> str:
    return OFFICE if labels.is_of_the_office(name) and len(name) <= 24 else ""


def _is_question(cell: Cell) -> bool:
    told = [line.text for line in cell.lines if line.text.strip()]
    return bool(told) and bool(re.search(r"[？?：:]\s*$", told[-1])) or (len(told) == 1 and is_label(cell))


def _is_room_row(grid: Grid, row: Row) -> bool:
    return len(row.cells) == 1 and is_room(row.cells[0]) and row.cells[0].span >= grid.table.width - 1


def _take_below(grid: Grid, cell: Cell, room: Cell) -> None:
    told = [line.text for line in cell.lines if line.text.strip()]
    if len(told) > 1 or BOX in cell.text:
        for blank in in_cell(
            Cell(cell.row, cell.column, cell.span, cell.lines[:-1]), Around("", grid.section, in_cell=True)
        ):
            grid.add(cell, blank)
    label = re.sub(r"[？?]", "", tidy(told[-1]))[-labels.LONGEST :]
    by = grid.by or (OFFICE if labels.is_of_the_office(label) else "")
    grid.add(room, Blank(label, "longtext", section=grid.section, by=by, drawn="below"))
    grid.done.add(id(room))
