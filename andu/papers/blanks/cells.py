"""What a cell of a table is: room, a label, a box to tick; and one table on its way through the readers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from andu.papers.blanks import labels
from andu.papers.blanks.found import Blank, Spot
from andu.papers.blanks.labels import tidy
from andu.papers.blanks.lines import Around, blanks_in
from andu.papers.blanks.model import BLANK, BOX, Cell, Table

_ROOM = rf"[{BLANK}\sXxＸ×*]"
YMD = re.compile(rf"(?:20)?{_ROOM}*年{_ROOM}*月{_ROOM}*(?:日[{BLANK}\s]*)?")
UNIT_ALONE = re.compile(
    rf"(?:[{BLANK}\s]{{2,}}(?:/[{BLANK}\s]{{2,}})?[（(]?(?:万?元|个月|[人份件岁天年次页台套亩户名米度]|平方米|㎡|%|％|"
    rf"℃|厘米|毫米|公斤|千克|公里|小时|分钟|[cm]?m|kg|mmHg)[^\s]{{0,4}}|[￥¥][：:{BLANK}\s]*)\s*$"
)
_ORDINAL = re.compile(r"^[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3}|……|…)[）)、.．]?$")


@dataclass
class Grid:
    """One table on its way: what is found, which cells are spoken for, the section that is open."""

    table: Table
    title: str
    known: Mapping[str, str]
    found: list[tuple[int, int, Blank]] = field(default_factory=list)
    done: set[int] = field(default_factory=set)
    section: str = ""
    by: str = ""

    def add(self, cell: Cell, blank: Blank) -> None:
        where = f"表{self.table.number + 1} 第{cell.row + 1}行 第{cell.column + 1}列"
        found = blank.but(where=where, spot=blank.spot or Spot(cell=cell))
        self.found.append((cell.row, cell.column, found))

    def is_done(self, cell: Cell) -> bool:
        return id(cell) in self.done


def is_room(cell: Cell) -> bool:
    """Whether a cell is there to be written into: empty, or with words that only say how."""
    return labels.is_stand_in(cell.text) or bool(UNIT_ALONE.match(cell.text))


def is_label(cell: Cell) -> bool:
    """Whether a cell only names what is asked elsewhere."""
    text = cell.text
    if is_room(cell) or BOX in text or BLANK in text or labels.is_prose(text):
        return False
    if YMD.search(text) and not re.search(r"年\s*月\s*日?$", text.strip()):
        return False
    if re.search(r"(?:^|\s)年\s+月", text) or len(re.findall(r"[（(]\s+[）)]", text)) > 1:
        return False
    return not re.search(r"[：:]\s*\n*\s*\S*\n*.*[：:]", text) and len(tidy(text)) <= labels.LONGEST


def is_ordinal(cell: Cell) -> bool:
    return bool(_ORDINAL.match(tidy(cell.text) or cell.text.strip()))


def is_open(cell: Cell) -> bool:
    """Room, a box to tick, or the number of a line."""
    return is_room(cell) or is_ordinal(cell) or cell.text.strip() == BOX


def asks_inside(cell: Cell) -> bool:
    """Whether a short text is itself a blank: “其他：”, “签字：” in a cell of its own."""
    text = cell.text.strip()
    bare = tidy(text)
    return labels.is_signature(bare) and bool(re.search(r"[：:]", text)) and len(cell.lines) >= 1


def holds_answer(label: Cell, cell: Cell) -> bool:
    """Whether the cell beside a label that everybody knows holds an answer: a copy that was filled in."""
    text = re.sub(r"\s+", "", cell.text)
    if is_room(cell) or BOX in text or asks_inside(cell) or blanks_in(cell.text, Around(in_cell=True)):
        return False
    return labels.is_common(tidy(label.text)) and 0 < len(text) <= 30 and not labels.may_be_common(text)
