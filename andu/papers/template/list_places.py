"""Where the numbered lists of a template stand: in which loops, branches and cells, and what stands between.

Used by ``lists``. The template is walked once in its order, through every loop and every branch, with the
elements that are open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jinja2 import nodes

from andu.papers.template.numbering import Numbering

_TOKEN = re.compile(r"<(/?)(w:[A-Za-z]+)((?:\s[^<>]*?)?)(/?)>|[^<>\s][^<>]*")
_VALUE = re.compile(r'w:val="([^"]*)"')
_SHOWN = ("w:br", "w:drawing", "w:pict", "w:sectPr")
_STYLED = re.compile(
    r"<w:pStyle [^>]*/>(?:<w:(?:keepNext|keepLines|pageBreakBefore|framePr|widowControl)\b[^>]*/>)*"
)


@dataclass(frozen=True)
class Item:
    """A paragraph of a list, or (``number`` empty) other words; where in the template it stands."""

    number: str
    level: int
    loops: tuple[int, ...]
    """The loops around it, by their order in the template."""
    choices: tuple[tuple[int, int], ...]
    cells: tuple[int, ...]
    node: nodes.TemplateData | None = None
    span: tuple[int, int] = (0, 0)
    """Of the number, or of the style that gives it, in the text of the node."""


@dataclass
class _Paragraph:
    number: str = ""
    level: int = 0
    node: nodes.TemplateData | None = None
    span: tuple[int, int] = (0, 0)
    is_told: bool = False


class Places:
    """Walks a template once, in its order, through every loop and branch."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self.items: list[Item] = []
        self.loops: list[nodes.For] = []
        self.of_rows: set[int] = set()
        """The loops over rows or cells of a table."""
        self._here = Item("", 0, (), (), ())
        self._open: list[str] = []
        self._paragraphs: list[_Paragraph] = []
        self._cells = 0

    def block(self, children: Sequence[nodes.Node]) -> None:
        """Read these nodes too."""
        for node in children:
            if isinstance(node, nodes.Output):
                self._output(node)
            elif isinstance(node, nodes.If):
                self._choice(node)
            elif isinstance(node, nodes.For):
                self._loop(node)

    def _loop(self, node: nodes.For) -> None:
        number = len(self.loops)
        self.loops.append(node)
        if self._open and self._open[-1] != "w:tc":
            self.of_rows.add(number)
        self._inner(node.body, loops=(*self._here.loops, number))
        self.block(node.else_)

    def _choice(self, node: nodes.If) -> None:
        for branch, body in enumerate((node.body, *(other.body for other in node.elif_), node.else_)):
            self._inner(body, choices=(*self._here.choices, (id(node), branch)))

    def _inner(self, children: Sequence[nodes.Node], **where: object) -> None:
        before = self._here
        self._here = replace(before, **where)  # type: ignore[arg-type]  # loops or choices
        self.block(children)
        self._here = replace(before, cells=self._here.cells)

    def _output(self, node: nodes.Output) -> None:
        for child in node.nodes:
            if not isinstance(child, nodes.TemplateData):
                self._tell()
                continue
            for found in _TOKEN.finditer(child.data):
                self._token(found, child)

    def _token(self, found: re.Match[str], node: nodes.TemplateData) -> None:
        closing, name, said, alone = found.groups()
        if name is None or name in _SHOWN:
            self._tell()
        elif name == "w:p" and not alone:
            self._paragraphs.append(_Paragraph()) if not closing else self._end_paragraph()
        elif name in ("w:tbl", "w:tc") and not alone:
            self._table(name, bool(closing))
        elif name in ("w:pStyle", "w:ilvl", "w:numId") and self._paragraphs:
            value = _VALUE.search(said)
            self._number(name, value.group(1) if value else "", node, found)

    def _number(self, name: str, value: str, node: nodes.TemplateData, found: re.Match[str]) -> None:
        paragraph = self._paragraphs[-1]
        if name == "w:pStyle":
            paragraph.number, paragraph.level = self._numbering.of_style(value)
            styled = _STYLED.match(node.data, found.start())
            paragraph.node, paragraph.span = node, styled.span() if styled else found.span()
        elif name == "w:ilvl":
            paragraph.level = int(value) if value.isdecimal() else 0
            paragraph.node, paragraph.span = node, found.span()
        else:
            paragraph.number, paragraph.node, paragraph.span = value, node, found.span()

    def _end_paragraph(self) -> None:
        if not self._paragraphs:
            return
        paragraph = self._paragraphs.pop()
        if paragraph.number and not paragraph.is_told:
            self._tell_of(paragraph)

    def _tell(self) -> None:
        """Something is printed here."""
        paragraph = self._paragraphs[-1] if self._paragraphs else _Paragraph()
        if not paragraph.is_told:
            self._tell_of(paragraph)

    def _tell_of(self, paragraph: _Paragraph) -> None:
        paragraph.is_told = True
        number = paragraph.number if paragraph.number != "0" else ""
        where = replace(self._here, number=number, level=paragraph.level)
        self.items.append(replace(where, node=paragraph.node, span=paragraph.span))

    def _table(self, name: str, closing: bool) -> None:
        if closing and self._open:
            self._open.pop()
        elif not closing:
            self._open.append(name)
        if name == "w:tc":
            self._cells += not closing
            cells = self._here.cells
            self._here = replace(self._here, cells=cells[:-1] if closing else (*cells, self._cells))
