"""The tables of our internal forms: rows of label and value, repeating tables, signature blocks, in one hand.

Called by ``drafting``. Guarantees: a label has a fixed width and is never crushed, a long answer wraps, a
row is kept on one page unless it is longer than one, a table's head repeats, and a signature leaves room
for ink.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

from andu.formtypes.definition import Field, Slot
from andu.formtypes.directory import NoDirectory
from andu.formtypes.kinds import KINDS
from andu.papers.context import ROW_NUMBER
from andu.papers.drawing.ooxml import (
    FANG,
    HEI,
    SONG,
    Cell,
    Face,
    Page,
    Shape,
    directive,
    paragraph,
    row,
    run,
    table,
    twips,
)

PAGE = Page(top=twips(20), right=twips(22), bottom=twips(20), left=twips(28), footer=twips(11))
LABEL = twips(31)
GRID = (LABEL, PAGE.width // 2 - LABEL, LABEL, PAGE.width - PAGE.width // 2 - LABEL)

HEADING, LABELS, VALUES, SMALL = Face(HEI, 12), Face(HEI, 11), Face(FANG, 12), Face(SONG, 9)

SHORT_FACE = 20
"""Characters that fit two lines of half a row; an answer that may be longer gets the whole row."""
LONG_FACE = 120
"""An answer that may be longer than this is set in paragraphs."""

BLANK_DATE = "　　　　年　　月　　日"
_ROW_HEIGHT, _LONG_HEIGHT, _SIGNATURE_HEIGHT = twips(8), twips(18), twips(28)
_TEXT = Shape(line=360)
_CENTRED = _TEXT.but(align="center")
_PROSE = _TEXT.but(align="both", indents={"firstLine": 480})


def heading_row(title: str, columns: int) -> list[str]:
    """The row that names a block and repeats on every page the block runs over; none without a title."""
    cell = Cell(paragraph(title, HEADING, _TEXT.but(keep_next=True)), PAGE.width, columns)
    return [row([cell], twips(8), head=True)] if title else []


def answer_rows(fields: Sequence[Field]) -> Iterator[str]:
    """Rows of label and value: two short answers side by side, a long one across the whole width."""
    waiting: Field | None = None
    for field in fields:
        if longest(field) > SHORT_FACE:
            yield from (() if waiting is None else (_wide_row(waiting),))
            yield _wide_row(field)
            waiting = None
        elif waiting is None:
            waiting = field
        else:
            yield row([*_pair(waiting, 0), *_pair(field, 2)], _ROW_HEIGHT)
            waiting = None
    yield from (() if waiting is None else (_wide_row(waiting),))


def longest(field: Field) -> int:
    """The length of the longest answer on paper, in Chinese characters, by the field's own worst sample."""
    kind, directory = KINDS[field.kind], NoDirectory()
    text = str(kind.printed(field, kind.worst(field, directory, {}), directory))
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text) // 2


def label_cell(label: str, width: int = LABEL, room: int = 7) -> Cell:
    """The cell that says what stands beside it, in two lines if it is longer than ``room`` characters."""
    return Cell(paragraph(folded(label, room), LABELS, Shape(align="center", line=320)), width)


def folded(label: str, room: int) -> str:
    """The label with a line end near its middle, rather beside a bracket or stroke than inside a word."""
    if len(label) <= room:
        return label
    middle = (len(label) + 1) // 2
    natural = [
        match.start()
        for match in re.finditer(r"(?<=[/、或])|(?=[（“])", label)
        if abs(match.start() - middle) <= 2
    ]
    cut = min(natural, key=lambda place: abs(place - middle), default=middle)
    return f"{label[:cut]}\n{label[cut:]}"


def _pair(field: Field, column: int) -> tuple[Cell, Cell]:
    value = paragraph(f"{{{{ {field.key} }}}}", VALUES, _TEXT)
    return label_cell(field.label, GRID[column]), Cell(value, GRID[column + 1])


def _wide_row(field: Field) -> str:
    if longest(field) <= LONG_FACE:
        return value_row(field.label, paragraph(f"{{{{ {field.key} }}}}", VALUES, _TEXT))
    return value_row(field.label, prose(field.key), _LONG_HEIGHT)


def value_row(label: str, content: str, height: int = _ROW_HEIGHT) -> str:
    """A label and one value across the rest of the row."""
    return row([label_cell(label), Cell(content, PAGE.width - LABEL, 3)], height)


def prose(name: str) -> str:
    """A long answer as paragraphs, each indented by two characters."""
    text = paragraph("{{ p.text }}", VALUES, _PROSE)
    return f"{directive(f'for p in {name}|paragraphs')}{text}{directive('endfor')}"


def code_row() -> str:
    """What stands on paper for answers that may not: the code under which they are kept."""
    words = "{{ confidential_code|or_blank('无') }}　（身份信息单独保密存放，不印在纸上）"
    return value_row("代号", paragraph(words, VALUES, _TEXT))


def items_table(field: Field, *titles: str) -> str:
    """A repeating table: its heads repeat on each page, one row an item, “无” where there is none."""
    widths = _column_widths(field.columns)
    keys = (ROW_NUMBER, *(column.key for column in field.columns))
    labels = ("序号", *(column.label for column in field.columns))
    heads = (
        label_cell(label, width, (width - 190) // 220) for label, width in zip(labels, widths, strict=True)
    )
    cells = (Cell(_item(key, width), width) for key, width in zip(keys, widths, strict=True))
    none = Cell(paragraph("无", VALUES, _CENTRED), PAGE.width, len(widths))
    rows = (
        *(line for title in titles for line in heading_row(title, len(widths))),
        row(heads, _ROW_HEIGHT, head=True),
        _row_tag(f"for row in {field.key}", widths),
        row(cells, _ROW_HEIGHT),
        _row_tag("else", widths),
        row([none], _ROW_HEIGHT),
        _row_tag("endfor", widths),
    )
    return table(widths, rows)


def _item(key: str, width: int) -> str:
    return paragraph(f"{{{{ row.{key} }}}}", VALUES, _TEXT if width > twips(35) else _CENTRED)


def _row_tag(code: str, widths: Sequence[int]) -> str:
    return row([Cell(paragraph(f"{{%tr {code} %}}", SMALL), sum(widths), len(widths))])


def _column_widths(columns: Sequence[Field]) -> list[int]:
    """Each column has what its label needs; what is left is shared by the length of the longest answers."""
    needs = [twips(12), *(_head_width(column.label) for column in columns)]
    full = [0, *(min(longest(column), 30) * 240 + 200 for column in columns)]
    wants = [max(most - need, 0) for most, need in zip(full, needs, strict=True)]
    spare = max(PAGE.width - sum(needs), 0)
    widths = [need + spare * want // max(sum(wants), 1) for need, want in zip(needs, wants, strict=True)]
    widths = [width * PAGE.width // sum(widths) for width in widths]
    widths[-1] += PAGE.width - sum(widths)
    return widths


def _head_width(label: str) -> int:
    lines = folded(label, 4).split("\n")
    return max(map(len, lines)) * 225 + 200


def signature_row(slot: Slot) -> str:
    """One signature: opinion, name and post, and a line with room for ink beside the date; never split."""
    who = f"sign.{slot.key}"
    opinion = paragraph(f"意见：{{{{ {who}.opinion }}}}", VALUES, _TEXT)
    name = f"姓名：{{{{ {who}.name }}}}　　单位及职务：{{{{ {who}.unit }}}}　{{{{ {who}.post }}}}"
    ink = run("签名（手写）：", VALUES) + run("　" * 9, Face(FANG, 12, underline=True))
    date = run(f"\t{{{{ {who}.date|or_blank('{BLANK_DATE}') }}}}", VALUES)
    signing = Shape(line=360, before=twips(5), after=60, tabs=(("right", PAGE.width - LABEL - 400),))
    content = (
        opinion + paragraph(name, VALUES, _TEXT.but(before=twips(2))) + paragraph(ink + date, VALUES, signing)
    )
    return value_row(slot.label, content, _SIGNATURE_HEIGHT)
