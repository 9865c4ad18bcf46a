"""The tables of our internal forms: rows of label and value, repeating tables, signature blocks, in one hand.

Called by ``drafting``. Guarantees: a label has a fixed width and is never crushed, a long answer wraps, a
row is kept on one page unless it is longer than one, a table's head repeats, a signature leaves room for
ink, and what was not asked takes no room.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from unicodedata import east_asian_width

from andu.formtypes.acts import Slot
from andu.formtypes.definition import Field
from andu.formtypes.directory import NoDirectory
from andu.formtypes.kinds import KINDS
from andu.papers import holding
from andu.papers.context import ROW_NUMBER
from andu.papers.drawing.ooxml import (
    FANG,
    HEI,
    SONG,
    Cell,
    Face,
    PageSetup,
    Shape,
    directive,
    paragraph,
    row,
    run,
    table,
    twips,
)

PAGE = PageSetup(top=twips(20), right=twips(22), bottom=twips(20), left=twips(28), footer=twips(6))
LABEL = twips(31)
GRID = (LABEL, PAGE.width // 2 - LABEL, LABEL, PAGE.width - PAGE.width // 2 - LABEL)

HEADING, LABELS, VALUES, SMALL = Face(HEI, 12), Face(HEI, 11), Face(FANG, 12), Face(SONG, 9)

SHORT_FACE = 20
"""Characters that fit two lines of half a row; an answer that may be longer gets the whole row."""
LONG_FACE = 120
"""An answer that may be longer than this is set in paragraphs."""

BLANK_DATE = "　　　　年　　月　　日"
_ROW_HEIGHT, _LONG_HEIGHT, _PEN_HEIGHT, _SIGNATURE_HEIGHT = twips(8), twips(14), twips(18), twips(25)
_STRIP = 24
"""Lines of one answer that a column may have before it is a mere strip down the page."""
_INK_HEIGHT = twips(17)
_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_BETWEEN = 5 * 70
"""What LibreOffice and Word put between the figures and the signs of a day."""
_ENDORSED = ("签字人", "意见", "姓名和职务", "签名（手写）", "日期")
_ENDORSING = (twips(29), twips(36), twips(34), twips(28), PAGE.width - twips(127))
_TEXT = Shape(line=360)
_CENTRED = _TEXT.but(align="center")
_PROSE = _TEXT.but(align="both", indents={"firstLine": 480})


def heading_row(title: str, columns: int) -> list[str]:
    """The row that names a block and repeats on every page the block runs over; none without a title."""
    cell = Cell(paragraph(title, HEADING, _TEXT.but(keep_next=True)), PAGE.width, columns)
    return [row([cell], twips(8), head=True)] if title else []


def answer_rows(fields: Sequence[Field], signed: Collection[str] = (), of: str = "") -> Iterator[str]:
    """Rows of label and value: two short answers side by side, a long one across the whole width.

    A row whose questions are asked on a condition is on the paper only with an answer; but not one of
    ``signed``, the keys of what signers fill: the pen may still be wanted there. ``of`` is what the keys
    belong to in the template, ``row.`` within a loop.
    """
    waiting: list[Field] = []
    for field in fields:
        if waiting and not (_is_short(field) and _condition(field) == _condition(waiting[0])):
            yield from _row_of(waiting, signed, of)
            waiting = []
        waiting.append(field)
        if len(waiting) == 2 or not _is_short(field):
            yield from _row_of(waiting, signed, of)
            waiting = []
    yield from _row_of(waiting, signed, of)


def _is_short(field: Field) -> bool:
    return longest(field) <= SHORT_FACE


def _condition(field: Field) -> str:
    return str(field.show_when.data) if field.show_when else ""


def _row_of(fields: Sequence[Field], signed: Collection[str], of: str) -> Iterator[str]:
    """The row of one or two answers, between the tags that take it away where nothing was asked."""
    keys = [field.key for field in fields]
    if not keys:
        return
    line = (
        _wide_row(fields[0], bool(set(keys) & set(signed)), of)
        if len(keys) == 1
        else row([*_pair(fields[0], 0, of), *_pair(fields[1], 2, of)], _ROW_HEIGHT)
    )
    if _condition(fields[0]) and not set(keys) & set(signed):
        yield from (_row_tag(f"if {' or '.join(keys)}", GRID), line, _row_tag("endif", GRID))
    else:
        yield line


def longest(field: Field) -> int:
    """The length of the longest answer on paper, in Chinese characters, by the field's own worst sample."""
    text = _worst(field)
    if field.settings.get("half_width"):  # a number of a document: mostly letters and digits
        return len(text) // 2
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text) // 2


def _worst(field: Field) -> str:
    kind, directory = KINDS[field.kind], NoDirectory()
    return str(kind.printed(field, kind.worst(field, directory, {}), directory))


def label_cell(label: str, width: int = LABEL, room: int = 7) -> Cell:
    """The cell that says what stands beside it, in two lines if it is longer than ``room`` characters."""
    return Cell(paragraph(folded(label, room), LABELS, Shape(align="center", line=320)), width)


def folded(label: str, room: int) -> str:
    """The label with line ends between its words where it is longer than ``room`` characters."""
    return label if len(label) <= room else "\n".join(holding.folded(label, room))


def _pair(field: Field, column: int, of: str = "") -> tuple[Cell, Cell]:
    value = paragraph(f"{{{{ {of}{field.key} }}}}", VALUES, _TEXT)
    return label_cell(field.label, GRID[column]), Cell(value, GRID[column + 1])


def _wide_row(field: Field, with_pen: bool, of: str) -> str:
    if longest(field) <= LONG_FACE:
        return value_row(field.label, paragraph(f"{{{{ {of}{field.key} }}}}", VALUES, _TEXT))
    return value_row(field.label, prose(f"{of}{field.key}"), _PEN_HEIGHT if with_pen else _LONG_HEIGHT)


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
    """A repeating table: its heads repeat on each page, one row an item, “无” where there is none.

    Where columns would crush long answers into strips, each item has rows of label and value of its own.
    """
    widths = _column_widths(field.columns)
    if len(field.columns) > 1 and max(map(_lines, field.columns, widths[1:])) > _STRIP:
        return _items_one_by_one(field, titles)
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


def _lines(column: Field, width: int) -> int:
    """How many lines the longest answer takes in a column so wide."""
    return longest(column) * 240 // (width - 170)


def _items_one_by_one(field: Field, titles: Sequence[str]) -> str:
    number = Cell(paragraph("第 {{ row.no }} 项", LABELS, _TEXT.but(keep_next=True)), PAGE.width, 4)
    none = Cell(paragraph("无", VALUES, _CENTRED), PAGE.width, 4)
    rows = (
        *(line for title in titles for line in heading_row(title, 4)),
        _row_tag(f"for row in {field.key}", GRID),
        row([number], _ROW_HEIGHT),
        *answer_rows(field.columns, of="row."),
        _row_tag("else", GRID),
        row([none], _ROW_HEIGHT),
        _row_tag("endfor", GRID),
    )
    return table(GRID, rows)


def _item(key: str, width: int) -> str:
    return paragraph(f"{{{{ row.{key} }}}}", VALUES, _TEXT if width > twips(35) else _CENTRED)


def _row_tag(code: str, widths: Sequence[int]) -> str:
    return row([Cell(paragraph(f"{{%tr {code} %}}", SMALL), sum(widths), len(widths))])


def _column_widths(columns: Sequence[Field]) -> list[int]:
    """Each column has what its label needs; what is left is shared by the length of the longest answers."""
    full = [0, *(_full_width(column) for column in columns)]
    heads = [twips(12), *(_head_width(column.label) for column in columns)]
    needs = [max(head, least) for head, least in zip(heads, [0, *map(_least_width, columns)], strict=True)]
    wants = [max(most - need, 0) for most, need in zip(full, needs, strict=True)]
    spare = max(PAGE.width - sum(needs), 0)
    widths = [need + spare * want // max(sum(wants), 1) for need, want in zip(needs, wants, strict=True)]
    widths = [width * PAGE.width // sum(widths) for width in widths]
    widths[-1] += PAGE.width - sum(widths)
    return widths


def _full_width(column: Field) -> int:
    """What the longest answer would take, up to where it may as well wrap."""
    most = 80 if KINDS[column.kind].has_paragraphs else 36
    return min(longest(column), most) * 240 + 200


def _least_width(column: Field) -> int:
    """A day, a name or a number does not wrap while a neighbour has whole sentences."""
    full = _full_width(column)
    if _DAY.fullmatch(_worst(column)):
        return full + _BETWEEN
    if column.settings.get("half_width"):
        return min(full, twips(32))
    return full if full <= twips(34) else 0


def _head_width(label: str) -> int:
    lines = folded(label, 4).split("\n")
    return max(map(len, lines)) * 225 + 200


def signature_row(slot: Slot) -> str:
    """One signature: opinion, name and post, and a line with room for ink beside the date; never split."""
    if slot.after_number:
        return _receipt_row(slot)
    who = f"sign.{slot.key}"
    opinion = paragraph(f"意见：{{{{ {who}.opinion }}}}", VALUES, _TEXT)
    name = f"姓名：{{{{ {who}.name }}}}　　单位及职务：{{{{ {who}.unit }}}}　{{{{ {who}.post }}}}"
    ink = run("签名（手写）：", VALUES) + run("　" * 9, Face(FANG, 12, underline=True))
    date = run(f"\t{{{{ {who}.date|or_blank('{BLANK_DATE}') }}}}", VALUES)
    signing = Shape(line=360, before=twips(4), after=40, tabs=(("right", PAGE.width - LABEL - 400),))
    content = opinion + paragraph(name, VALUES, _TEXT) + paragraph(ink + date, VALUES, signing)
    return value_row(slot.label, content, _SIGNATURE_HEIGHT)


def _receipt_row(slot: Slot) -> str:
    """A receipt: the paper is filed before it is signed, so that it is only ever given in ink."""
    who = f"sign.{slot.key}"
    line = Shape(line=360, before=twips(3), after=40)
    name = run(f"签收人（签名）：{{{{ {who}.name }}}}", VALUES) + run(
        "　" * 9, Face(FANG, 12, underline=True)
    )
    time = run(f"签收时间：{{{{ {who}.time|or_blank('{BLANK_DATE}　　时') }}}}", VALUES)
    return value_row(slot.label, paragraph(name, VALUES, line) + paragraph(time, VALUES, line), _PEN_HEIGHT)


def endorsements(slots: Sequence[Slot], statement: str) -> str:
    """Many signatures as one table, a row for each: what they answer for stands above their names."""
    words = Cell(paragraph(statement, VALUES, _PROSE.but(keep_next=True)), PAGE.width, len(_ENDORSING))
    heads = (label_cell(head, width) for head, width in zip(_ENDORSED, _ENDORSING, strict=True))
    rows = (
        *heading_row("签字背书", len(_ENDORSING)),
        *([row([words], _ROW_HEIGHT, head=True)] if statement else ()),
        row(heads, _ROW_HEIGHT, head=True),
        *(row(_endorsement(slot), _INK_HEIGHT) for slot in slots),
    )
    return table(_ENDORSING, rows)


def _endorsement(slot: Slot) -> Iterator[Cell]:
    who = f"sign.{slot.key}"
    centred = Shape(align="center", line=240)
    posts = (paragraph(f"{{{{ {who}.{part} }}}}", SMALL, centred) for part in ("unit", "post"))
    contents = (
        paragraph(f"{{{{ {who}.opinion }}}}", VALUES, _TEXT.but(line=320)),
        paragraph(f"{{{{ {who}.name }}}}", VALUES, centred.but(line=320)) + "".join(posts),
        paragraph("", VALUES, _TEXT),
        paragraph(f"{{{{ {who}.date|or_blank('　　年　月　日') }}}}", Face(FANG, 10), centred),
    )
    yield label_cell(slot.label, _ENDORSING[0], (_ENDORSING[0] - 190) // 220)
    yield from (Cell(content, width) for content, width in zip(contents, _ENDORSING[1:], strict=True))
