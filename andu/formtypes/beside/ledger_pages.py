"""A closed month of a ledger: the extract that is frozen, and how it is laid out on pages of paper.

Made by office (`extract`), kept as the answer of a field of kind `ledger`, printed by that kind (`pages`).
A page is filled by counting lines, with room for the sums below it; the widths of the columns are given in
steps of a fine grid that the paper's table has (`ledger_widths`). A column that stands `under` another shares
its cell. Pure: no database, no paper.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from andu.formtypes.beside import ledger_widths
from andu.formtypes.beside.ledgers import OWN, Column, Value

NUMBER_WIDTH = 2
BETWEEN = 0.3
"""Lines that the margins of a row take."""
SIGNED = 11
"""Lines that sums and signatures take on the last page."""
SAMPLE_MONTH = "2025-03"
LONG = 45
"""Rows of the longest sample."""
NAMES: dict[str, Any] = {
    "title": "",
    "period": "",
    "scope": "",
    "count": "",
    "pages": [
        {
            "no": "",
            "heads": [{"text": "", "span": ""}],
            "rows": [{"cells": [{"text": "", "span": ""}], "voided": ""}],
            "sums": [{"text": "", "span": ""}],
            "totals": [{"text": "", "span": ""}],
        }
    ],
}
"""What a paper may name within it: '' stands for text, a list for rows."""


@dataclass(frozen=True)
class Room:
    """How much a page takes: characters across, of all columns together, and lines below its heading.

    `steps` are the columns of its table's grid; the cells of a row take all of them together.
    """

    characters: int
    lines: int
    steps: int

    def widths(self, spans: Sequence[int]) -> list[float]:
        """In characters, of cells that take so many steps."""
        return [span * self.characters / self.steps for span in spans]


def extract(
    ledger: str,
    month: str,
    about: Mapping[str, str],
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    amounts: Mapping[int, Sequence[float | None]],
    voided: Sequence[int] = (),
) -> dict[str, Any]:
    """The frozen extract: `about`: title, period, scope, unit; `amounts`: what columns with a sum add up.

    `voided` are the places in `rows` of those whose number was void.
    """
    return {
        "ledger": ledger,
        "month": month,
        **about,
        "columns": _frozen(columns),
        "rows": [list(row) for row in rows],
        "amounts": {str(at): list(numbers) for at, numbers in amounts.items()},
        "voided": list(voided),
    }


def examples() -> dict[str, dict[str, Any]]:
    """Visibly fictitious extracts by ledger, a short one and the longest, for samples without an office."""
    columns = [
        Column("number", "编号", Value(OWN, "number"), 12),
        Column("summary", "摘要", Value(OWN, "summary"), 24),
        Column("copies", "份数", Value(OWN, "copies"), 6, total=True),
    ]
    about = {"title": "示例台账", "period": "2025年3月", "scope": "示例一村"}
    rows = [[f"DJ-XS-2025-{number:04}", "示例事项", "2"] for number in (1, 2, 3)]
    short = extract("sample", SAMPLE_MONTH, about, columns, rows, {2: [2, 2, 2]})
    many = [["示例编号" * 5, "示例事项" * 20, "88888"]] * LONG
    longest = extract("longest", SAMPLE_MONTH, about, columns, many, {2: [88_888] * LONG})
    return {"sample": short, "longest": longest}


def pages(frozen: Mapping[str, Any], room: Room) -> list[dict[str, Any]]:
    """The pages of an extract, at least one, in the shape of `NAMES`; every text is a text."""
    shown = printed(frozen["columns"], frozen["rows"])
    wished = [NUMBER_WIDTH, *shown.wished]
    heads = ["序号", *shown.heads]
    rows = [[str(number), *row] for number, row in enumerate(shown.rows, start=1)]
    amounts = [frozen["amounts"].get(str(first)) for first in shown.firsts]
    sums = ["", *(_total(numbers, 0, len(rows)) for numbers in amounts)]
    spans = ledger_widths.steps(heads, [*rows, sums], wished, room.characters, room.steps)
    rows = [
        [ledger_widths.broken(text, to) for text, to in zip(row, room.widths(spans), strict=True)]
        for row in rows
    ]
    table = _Table(heads, rows, spans, amounts, frozenset(frozen.get("voided", ())))
    ends = table.ends(room)
    made = [table.page(number, part) for number, part in enumerate(pairwise(ends), start=1)]
    made[-1]["totals"] = table.sums((0, len(rows)), f"合　　计　{len(rows)} 条")
    return made


def _total(numbers: Sequence[float | None] | None, first: int, last: int) -> str:
    """What the numbers of these rows are together; nothing for a column without a sum."""
    known = [one for one in numbers[first:last] if one is not None] if numbers else []
    return as_text(sum(known)) if numbers is not None else ""


def _frozen(columns: Sequence[Column]) -> list[dict[str, Any]]:
    kept = ("label", "width", "key", "under")
    return [{name: getattr(column, name) for name in kept} for column in columns]


def listed(columns: Sequence[Column], rows: Sequence[Sequence[str]], room: float) -> "Listed":
    """The rows for a working list that takes so many characters across."""
    shown = printed(_frozen(columns), rows)
    numbered = [[str(number), *row] for number, row in enumerate(shown.rows, start=1)]
    heads = ["序号", *shown.heads]
    return Listed(
        heads,
        numbered,
        [columns[first].key for first in shown.firsts],
        ledger_widths.steps(heads, numbered, [NUMBER_WIDTH, *shown.wished], room, 1000),
    )


@dataclass(frozen=True)
class Laid:
    """A ledger on the screen: the columns, by their places, that share a cell; how wide each cell is in
    thousandths, 序号 in front and 案卷 behind; and the widest cell, which says what a row is about.
    """

    groups: list[list[int]]
    widths: list[int]
    about: int


def laid(columns: Sequence[Column], rows: Sequence[Sequence[str]], room: float) -> Laid:
    """How the rows stand on a screen that has room for so many characters across."""
    shown = printed(_frozen(columns), rows)
    heads = ["序号", *shown.heads, "案卷"]
    texts = [[str(number), *row, "案卷"] for number, row in enumerate(shown.rows, start=1)]
    wished = [NUMBER_WIDTH, *shown.wished, NUMBER_WIDTH]
    about = max(range(1, len(shown.wished)), key=shown.wished.__getitem__, default=0)
    return Laid(shown.groups, ledger_widths.steps(heads, texts, wished, room, 1000), about)


@dataclass(frozen=True)
class Listed:
    """Heads, rows and widths in thousandths with 序号 in front, the keys of the columns without it."""

    heads: list[str]
    rows: list[list[str]]
    keys: list[str]
    widths: list[int]


@dataclass(frozen=True)
class Printed:
    """What stands in the columns of the paper, `under` ones in the cell they belong to.

    `groups` are the places of the columns of each cell, `wished` the widths of the cells in characters.
    """

    heads: list[str]
    rows: list[list[str]]
    groups: list[list[int]]
    wished: list[int]

    @property
    def firsts(self) -> list[int]:
        """The place of the first column of each cell."""
        return [group[0] for group in self.groups]


def printed(columns: Sequence[Mapping[str, Any]], rows: Sequence[Sequence[str]]) -> Printed:
    """The columns of a ledger as the paper has them; extracts from before `under` have no `key`."""
    firsts = [at for at, column in enumerate(columns) if not column.get("under")]
    below = [(at, column.get("under")) for at, column in enumerate(columns) if column.get("under")]
    groups = [[first, *(at for at, over in below if over == columns[first]["key"])] for first in firsts]
    labels = [column["label"] for column in columns]
    return Printed(
        ["\n".join(labels[at] for at in group) for group in groups],
        [[_stacked([(labels[at], row[at]) for at in group]) for group in groups] for row in rows],
        groups,
        [columns[first]["width"] for first in firsts],
    )


def _stacked(told: Sequence[tuple[str, str]]) -> str:
    """One text of several, line by line. A bare 是 or 否 below the first line is told by its head."""
    first, *others = told
    below = [{"是": label, "否": f"{label}：否"}.get(text, text) for label, text in others]
    return "\n".join(text for text in (first[1], *below) if text)


@dataclass(frozen=True)
class _Table:
    """Heads, rows and what is added up by column, 序号 in front; `spans` are the widths in steps.

    `voided` are the places of the rows whose number was void.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    spans: Sequence[int]
    amounts: Sequence[Sequence[float | None] | None]
    voided: frozenset[int]

    def page(self, number: int, part: tuple[int, int]) -> dict[str, Any]:
        first, last = part
        return {
            "no": str(number),
            "heads": _cells(self.heads, self.spans),
            "rows": [
                {"cells": _cells(self.rows[at], self.spans), "voided": "作废" if at in self.voided else ""}
                for at in range(first, last)
            ],
            "sums": self.sums(part, f"本页小计　{last - first} 条"),
            "totals": [],
        }

    def sums(self, part: tuple[int, int], label: str) -> list[dict[str, Any]]:
        """The row of sums: its label over the number and the first column, then a cell for each other."""
        texts = [label]
        for numbers in self.amounts[1:]:
            texts.append(_total(numbers, *part))
        return _cells(texts, [sum(self.spans[:2]), *self.spans[2:]])

    def ends(self, room: Room) -> list[int]:
        """Where pages end: row numbers from 0, the first and the last among them."""
        heights = [self._height(row, room) for row in self.rows]
        free = room.lines - self._height(self.heads, room) - 1 - BETWEEN
        ends, used = [0], 0.0
        for at, height in enumerate(heights):
            if used + height > free and at > ends[-1]:
                ends.append(at)
                used = 0.0
            used += height
        # the last page has the signatures too, and about half of the rows it would have had without them
        while used + SIGNED > free and len(heights) - ends[-1] > 1:
            at, half = len(heights) - 1, used / 2
            while at - 1 > ends[-1] and sum(heights[at:]) < half and sum(heights[at - 1 :]) + SIGNED <= free:
                at -= 1
            ends.append(at)
            used = sum(heights[at:])
        return [*ends, len(heights)]

    def _height(self, row: Sequence[str], room: Room) -> float:
        taken = map(ledger_widths.lines, row, room.widths(self.spans))
        return max(taken) + BETWEEN


def _cells(texts: Sequence[str], spans: Sequence[int]) -> list[dict[str, Any]]:
    return [{"text": text, "span": span} for text, span in zip(texts, spans, strict=True)]


def as_text(number: float) -> str:
    """A sum without zeros at its end."""
    return f"{number:.6f}".rstrip("0").rstrip(".")
