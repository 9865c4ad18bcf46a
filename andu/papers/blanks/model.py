"""A Word document as its text lies on the page: paragraphs and tables, with blanks made visible.

Owns the walk over ``w:p`` and ``w:tc`` with its merges. A blank that is only drawn (underlined spaces or
tabs, a row of underscores) becomes a run of ``BLANK`` characters, a box to tick becomes ``BOX``, whatever it
was in Word; everything after this works on plain text. Called by ``andu.papers.blanks`` alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from lxml import etree

from andu.papers.faults import PaperFault
from andu.papers.template.archive import read_parts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
BLANK = "\u2581"
BOX = "□"
TAB = "\t"
_BOXES = str.maketrans(dict.fromkeys("☐☑☒▢◻◽❑❏❒▣■", BOX))
_SHOWN = {W + "tab": TAB, W + "noBreakHyphen": "-"}
_BOX_SYMBOLS = {"F06F", "F071", "F0A8", "F0FE", "F0A3", "F06E", "F052", "F0FD", "25A1", "2610"}


@dataclass(frozen=True)
class Line:
    """A paragraph, or what stands before a line break in it; ``number`` counts the paragraphs.

    ``offset`` is where it begins within its paragraph ``element``.
    """

    text: str
    number: int = 0
    size: int = 0
    centred: bool = False
    element: Any = field(default=None, compare=False, repr=False)
    offset: int = 0

    @property
    def is_empty(self) -> bool:
        """Nothing but space."""
        return not self.text.strip()


@dataclass
class Cell:
    """A cell where it starts: its column and width in grid columns, how many rows it spans, its lines."""

    row: int
    column: int
    span: int
    lines: list[Line]
    rows: int = 1
    element: Any = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """All its lines, joined by line ends."""
        return "\n".join(line.text for line in self.lines)

    @property
    def columns(self) -> tuple[int, int]:
        """Its first grid column and the one after its last."""
        return self.column, self.column + self.span


@dataclass
class Row:
    """A row with the cells that start in it, and those that reach into it from above."""

    cells: list[Cell]
    above: list[Cell]
    height: int = 0
    element: Any = field(default=None, repr=False)


@dataclass
class Table:
    """A table: its rows, and the number of grid columns."""

    number: int
    rows: list[Row] = field(default_factory=list)
    width: int = 0


Block = Line | Table


def blocks(root: Any) -> list[Block]:
    """The paragraphs and tables of the body, in order, of a document that ``opened`` gave."""
    body = root.find(W + "body")
    return list(_Walk().blocks(body)) if body is not None else []


def opened(docx: bytes) -> Any:
    """The root of the document part; raises ``PaperFault`` for what is no Word document."""
    part = next((part for name, part in read_parts(docx) if name == "word/document.xml"), None)
    if part is None:
        raise PaperFault(_("文件里没有 Word 的正文部分，请用 Word 另存为 docx 后再试。"))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError as error:
        raise PaperFault(_("Word 的正文部分读不出来，请用 Word 另存为 docx 后再试。")) from error
    if root.getroottree().docinfo.doctype:
        raise PaperFault(_("文件的正文带有 DTD，Word 不会这样存，不能读取。"))
    return root


class _Walk:
    """One walk over a body; counts paragraphs and tables as it goes."""

    def __init__(self) -> None:
        self.paragraphs = 0
        self.tables = 0

    def blocks(self, parent: Any) -> Iterator[Block]:
        for element in _children(parent):
            if element.tag == W + "p":
                yield from self.lines(element)
            elif element.tag == W + "tbl":
                yield self.table(element)

    def lines(self, paragraph: Any) -> list[Line]:
        self.paragraphs += 1
        number = self.paragraphs
        size, centred = _size(paragraph), _is_centred(paragraph)
        found, at = [], 0
        for text in _text(paragraph).split("\n"):
            found.append(Line(text, number, size, centred, paragraph, at))
            at += len(text) + 1
        boxed = [line for box in _text_boxes(paragraph) for p in box.iter(W + "p") for line in self.lines(p)]
        return [*found, *boxed]

    def table(self, element: Any) -> Table:
        table = Table(self.tables)
        self.tables += 1
        open_above: dict[int, Cell] = {}
        for row in _children(element, W + "tr"):
            self._row(table, row, open_above)
        table.width = max((cell.column + cell.span for row in table.rows for cell in row.cells), default=0)
        return table

    def _row(self, table: Table, element: Any, open_above: dict[int, Cell]) -> None:
        height = element.find(f"{W}trPr/{W}trHeight")
        made = Row([], [], _number(height.get(W + "val")) if height is not None else 0, element)
        column = _number(_value(element.find(f"{W}trPr/{W}gridBefore")))
        for cell in _children(element, W + "tc"):
            span = max(1, _number(_value(cell.find(f"{W}tcPr/{W}gridSpan"))))
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is not None and merge.get(W + "val") != "restart" and column in open_above:
                open_above[column].rows += 1
                made.above.append(open_above[column])
            else:
                made.cells.append(self._cell(cell, len(table.rows), column, span))
                for at in range(column, column + span):
                    open_above.pop(at, None)
                if merge is not None:
                    open_above[column] = made.cells[-1]
            column += span
        table.rows.append(made)

    def _cell(self, element: Any, row: int, column: int, span: int) -> Cell:
        lines = [line for paragraph in _paragraphs(element) for line in self.lines(paragraph)]
        return Cell(row, column, span, lines, element=element)


def _children(parent: Any, *tags: str) -> Iterator[Any]:
    """Child elements, those inside content controls and other wrappers included."""
    for element in parent:
        if element.tag in (W + "sdt", W + "customXml", W + "smartTag", W + "ins"):
            inner = element.find(W + "sdtContent") if element.tag == W + "sdt" else element
            if inner is not None:
                yield from _children(inner, *tags)
        elif not tags or element.tag in tags:
            yield element


def _paragraphs(cell: Any) -> Iterator[Any]:
    """The paragraphs of a cell; of a table inside it too, one after the other."""
    for element in _children(cell):
        if element.tag == W + "p":
            yield element
        elif element.tag == W + "tbl":
            for row in _children(element, W + "tr"):
                for inner in _children(row, W + "tc"):
                    yield from _paragraphs(inner)


def _text(paragraph: Any) -> str:
    """The text of a paragraph: drawn blanks as ``BLANK``, boxes as ``BOX``, line breaks as line ends."""
    pieces: list[tuple[str, bool]] = []
    for run in runs_of(paragraph):
        text = "".join(_characters(run))
        pieces.append((text, _is_underlined(run)))
    joined = "".join(_drawn(text) for text in _by_underline(pieces))
    return re.sub("[_＿]{2,}", lambda found: BLANK * len(found[0]), joined)


def _by_underline(pieces: list[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    held, under = "", False
    for text, underlined in pieces:
        if text and underlined is not under and held:
            yield held, under
            held = ""
        if text:
            held, under = held + text, underlined
    if held:
        yield held, under


def _drawn(piece: tuple[str, bool]) -> str:
    """An underlined stretch without a word is a blank; one with words was filled by whoever made the form."""
    text, underlined = piece
    if not underlined or text.strip(" \t\u3000\u00a0\u2002\u2003_"):
        return text
    return "\n".join(BLANK * len(part) for part in text.split("\n"))


def runs_of(paragraph: Any) -> Iterator[Any]:
    """The runs of a paragraph in order, those inside links and controls included."""
    for element in paragraph:
        if element.tag == W + "r":
            yield element
        elif element.tag == W + "sdt":
            yield from _control(element)
        elif element.tag in (W + "hyperlink", W + "smartTag", W + "ins", W + "fldSimple", W + "customXml"):
            yield from runs_of(element)


def _control(element: Any) -> Iterator[Any]:
    inner = element.find(W + "sdtContent")
    if inner is not None:
        yield from runs_of(inner)


def _characters(run: Any) -> Iterator[str]:
    return (shown_of(element) for element in run)


def shown_of(element: Any) -> str:
    """What a part of a run shows: its text, a tab, a line end, a box to tick, or nothing."""
    if element.tag == W + "t":
        return (element.text or "").translate(_BOXES).replace("\u00a0", " ")
    if element.tag == W + "sym":
        return BOX if element.get(W + "char", "").upper() in _BOX_SYMBOLS else ""
    if element.tag in (W + "br", W + "cr"):
        return "" if element.get(W + "type") == "page" else "\n"
    return _SHOWN.get(element.tag, "")


def _is_underlined(run: Any) -> bool:
    mark = run.find(f"{W}rPr/{W}u")
    return mark is not None and mark.get(W + "val", "single") != "none"


def _text_boxes(paragraph: Any) -> Iterator[Any]:
    """The text boxes drawn in a paragraph, each once: Word writes it a second time for older readers."""
    for box in paragraph.iter(W + "txbxContent"):
        if not any(up.tag == MC + "Fallback" for up in box.iterancestors()):
            yield box


def _size(paragraph: Any) -> int:
    """The largest type of a paragraph that it names itself, in half-points; 0 where it names none."""
    return max((_number(_value(one)) for one in paragraph.iter(W + "sz")), default=0)


def _is_centred(paragraph: Any) -> bool:
    return _value(paragraph.find(f"{W}pPr/{W}jc")) == "center"


def _value(element: Any) -> str:
    return "" if element is None else str(element.get(W + "val", ""))


def _number(text: str | None) -> int:
    return int(text) if text and text.lstrip("-").isdigit() else 0
