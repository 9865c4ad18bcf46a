"""A closed month of a ledger: the extract that is frozen, and how it is laid out on pages of paper.

Made by office (`extract`), kept as the answer of a field of kind `ledger`, printed by that kind (`pages`).
A page is filled by counting lines, with room for the sums below it; the widths of the columns are given in
steps of a fine grid that the paper's table has. Pure: no database, no paper.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any
from unicodedata import east_asian_width

from flask_babel import gettext as _

from andu.formtypes.ledgers import OWN, Column, Value

STEPS = 96
"""Columns of the grid of the paper's table; the cells of a row take all of them together."""
NUMBER_WIDTH = 4
PADDING = 0.8
"""Characters that the margins of a cell take."""
BETWEEN = 0.4
"""Lines that the margins of a row take."""
SIGNED = 9
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
            "rows": [{"cells": [{"text": "", "span": ""}]}],
            "sums": [{"text": "", "span": ""}],
            "totals": [{"text": "", "span": ""}],
        }
    ],
}
"""What a paper may name within it: '' stands for text, a list for rows."""


@dataclass(frozen=True)
class Room:
    """How much a page takes: characters across, of all columns together, and lines below its heading."""

    characters: int
    lines: int


def extract(
    ledger: str,
    month: str,
    about: Mapping[str, str],
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    amounts: Mapping[int, Sequence[float | None]],
) -> dict[str, Any]:
    """The frozen extract: `about` has title, period and scope; `amounts` what columns with a sum add up."""
    return {
        "ledger": ledger,
        "month": month,
        **about,
        "columns": [{"label": column.label, "width": column.width} for column in columns],
        "rows": [list(row) for row in rows],
        "amounts": {str(at): list(numbers) for at, numbers in amounts.items()},
    }


def examples() -> dict[str, dict[str, Any]]:
    """Visibly fictitious extracts by ledger, a short one and the longest, for samples without an office."""
    columns = [
        Column("number", _("编号"), Value(OWN, "number"), 12),
        Column("summary", _("摘要"), Value(OWN, "summary"), 24),
        Column("copies", _("份数"), Value(OWN, "copies"), 6, total=True),
    ]
    about = {"title": _("示例台账"), "period": _("2025年3月"), "scope": _("示例一村")}
    rows = [[f"DJ-XS-2025-{number:04}", _("示例事项"), "2"] for number in (1, 2, 3)]
    short = extract("sample", SAMPLE_MONTH, about, columns, rows, {2: [2, 2, 2]})
    many = [[_("示例编号") * 5, _("示例事项") * 20, "88888"]] * LONG
    longest = extract("longest", SAMPLE_MONTH, about, columns, many, {2: [88_888] * LONG})
    return {"sample": short, "longest": longest}


def pages(frozen: Mapping[str, Any], room: Room) -> list[dict[str, Any]]:
    """The pages of an extract, at least one, in the shape of `NAMES`; every text is a text."""
    labels = [_("序号"), *(column["label"] for column in frozen["columns"])]
    spans = _spans([NUMBER_WIDTH, *(column["width"] for column in frozen["columns"])])
    rows = [[str(number), *row] for number, row in enumerate(frozen["rows"], start=1)]
    ends = _ends(rows, labels, spans, room)
    made = [
        _page(frozen, number, part, labels, spans, rows)
        for number, part in enumerate(pairwise(ends), start=1)
    ]
    whole = (0, len(rows))
    made[-1]["totals"] = _sums(frozen, whole, spans, _("合　　计　%(n)s 条", n=len(rows)))
    return made


def _page(
    frozen: Mapping[str, Any],
    number: int,
    part: tuple[int, int],
    labels: Sequence[str],
    spans: Sequence[int],
    rows: Sequence[Sequence[str]],
) -> dict[str, Any]:
    first, last = part
    return {
        "no": str(number),
        "heads": _cells(labels, spans),
        "rows": [{"cells": _cells(row, spans)} for row in rows[first:last]],
        "sums": _sums(frozen, part, spans, _("本页小计　%(n)s 条", n=last - first)),
        "totals": [],
    }


def _cells(texts: Sequence[str], spans: Sequence[int]) -> list[dict[str, Any]]:
    return [{"text": text, "span": span} for text, span in zip(texts, spans, strict=True)]


def _sums(
    frozen: Mapping[str, Any], part: tuple[int, int], spans: Sequence[int], label: str
) -> list[dict[str, Any]]:
    """The row of sums: its label over the number and the first column, then a cell for each other."""
    texts = [label]
    for at in range(1, len(spans) - 1):
        numbers = frozen["amounts"].get(str(at))
        known = [one for one in numbers[part[0] : part[1]] if one is not None] if numbers else []
        texts.append(as_text(sum(known)) if numbers is not None else "")
    return _cells(texts, [sum(spans[:2]), *spans[2:]])


def as_text(number: float) -> str:
    """A sum without zeros at its end."""
    return f"{number:.6f}".rstrip("0").rstrip(".")


def _spans(widths: Sequence[int]) -> list[int]:
    """The widths in steps of the grid; together exactly all of it."""
    whole = sum(widths)
    ends = [round(STEPS * sum(widths[: at + 1]) / whole) for at in range(len(widths))]
    return [max(1, end - start) for start, end in pairwise([0, *ends])]


def _ends(
    rows: Sequence[Sequence[str]], labels: Sequence[str], spans: Sequence[int], room: Room
) -> list[int]:
    """Where pages end: row numbers from 0, the first and the last among them."""
    heights = [_height(row, spans, room) for row in rows]
    free = room.lines - _height(labels, spans, room) - 1 - BETWEEN
    ends, used = [0], 0.0
    for at, height in enumerate(heights):
        if used + height > free and at > ends[-1]:
            ends.append(at)
            used = 0.0
        used += height
    while used + SIGNED > free and len(rows) - ends[-1] > 1:  # the last page has the signatures too
        at = len(rows) - 1
        while at - 1 > ends[-1] and sum(heights[at - 1 :]) + SIGNED <= free:
            at -= 1
        ends.append(at)
        used = sum(heights[at:])
    return [*ends, len(rows)]


def _height(row: Sequence[str], spans: Sequence[int], room: Room) -> float:
    lines = max(_lines(text, span * room.characters / STEPS) for text, span in zip(row, spans, strict=True))
    return lines + BETWEEN


def _lines(text: str, width: float) -> int:
    taken = sum(1.0 if east_asian_width(sign) in "WFA" else 0.58 for sign in text)
    return max(1, ceil(taken / max(1.0, width - PADDING)))
