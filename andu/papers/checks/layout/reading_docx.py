"""A docx as the checker sees it: paragraphs in reading order with the look of every run, pages, tables.

Called by ``layout``. It takes nothing for granted about who wrote the file: styles, theme, numbering, text
boxes, fields, tracked changes and content controls are all read. Guarantees: no text twice (of the
alternatives for old programs only the first is taken), deleted and hidden text is left out, lengths are
millimetres.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask_babel import gettext as _
from lxml import etree

from andu.papers.checks.layout.measures import RARE_FACES
from andu.papers.checks.layout.numbering import Numbering
from andu.papers.checks.layout.styles import Look, Pitch, Styles, W, number, value
from andu.papers.faults import PaperFault
from andu.papers.template.package import parse_xml, read_package

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX = f"{W}txbxContent"
_BREAKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_PICTURES = (f"{W}drawing", f"{W}pict", f"{W}object")
LONGEST_RARE = 4
"""Characters of one sign with its marks."""
BODY, HEADER, FOOTER = "body", "header", "footer"


def millimetres(twips: str) -> float:
    """A length in twips, as it stands in an attribute, in millimetres."""
    return number(twips) / 1440 * 25.4


@dataclass(frozen=True)
class Run:
    """A stretch of text of one look."""

    text: str
    look: Look


@dataclass(frozen=True)
class CellPlace:
    """Which cell a paragraph stands in: the outermost table, its row and column, from 0."""

    table: int
    row: int
    column: int


@dataclass
class Paragraph:
    """A paragraph: its runs, the part it stands in, its cell if it is in a table."""

    runs: list[Run]
    part: str
    place: CellPlace | None = None
    boxed: bool = False
    has_picture: bool = False
    pitch: Pitch = Pitch()

    @property
    def text(self) -> str:
        """The text as printed, with the number that Word sets before it."""
        return "".join(run.text for run in self.runs)

    @property
    def look(self) -> Look:
        """The look of most of its characters."""
        weights: dict[Look, int] = {}
        for run in self.runs:
            weights[run.look] = weights.get(run.look, 0) + len(run.text.strip())
        return max(weights, key=lambda look: weights[look]) if weights else Look()


@dataclass(frozen=True)
class Section:
    """A stretch of pages: size and margins in millimetres, the gutter counted to the left margin."""

    width: float
    height: float
    top: float
    right: float
    bottom: float
    left: float

    @property
    def is_landscape(self) -> bool:
        """Whether it lies on its side (8: 横排表格)."""
        return self.width > self.height


@dataclass(frozen=True)
class Row:
    """A row of a table: its cells' text, whether it is a repeated head, is kept whole; its fixed height."""

    cells: tuple[str, ...]
    is_head: bool
    is_whole: bool
    height: float = 0
    """Millimetres that it has whatever stands in it; 0: as much as it needs."""


@dataclass
class Docx:
    """All that the rules need of the docx."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    tables: list[list[Row]] = field(default_factory=list)

    def of(self, part: str) -> list[Paragraph]:
        """The paragraphs with text of one part, in order."""
        return [each for each in self.paragraphs if each.part == part and each.text.strip()]


def read_docx(docx: bytes) -> Docx:
    """The docx, read; raises ``PaperFault`` for a file that is none."""
    return _Reader(read_package(docx)).read()


class _Reader:
    def __init__(self, parts: dict[str, bytes]) -> None:
        self.parts = parts
        self.main = "word/document.xml"
        links = self._links("")
        for kind, target in links.values():
            if kind == "officeDocument":
                self.main = target
        self.linked = self._links(self.main)
        self.styles = Styles(self._part("styles"), self._part("theme"))
        self.numbering = Numbering(self._part("numbering"))
        self.found = Docx()

    def read(self) -> Docx:
        body = parse_xml(self.parts[self.main]).find(f"{W}body")
        if body is None:
            raise PaperFault(_("文件里没有正文。"))
        self._headers(body)
        self._blocks(body, BODY, None)
        return self.found

    def _links(self, part: str) -> dict[str, tuple[str, str]]:
        """Relationship id → (kind, part) of what a part refers to."""
        folder, name = posixpath.split(part)
        xml = self.parts.get(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = {}
        for link in () if xml is None else parse_xml(xml):
            target = posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/")
            found[link.get("Id", "")] = (link.get("Type", "").rsplit("/", 1)[-1], target)
        return found

    def _part(self, kind: str) -> etree._Element | None:
        names = [target for each, target in self.linked.values() if each == kind]
        return parse_xml(self.parts[names[0]]) if names and names[0] in self.parts else None

    def _headers(self, body: etree._Element) -> None:
        """Headers and footers, each once, as they are first referred to."""
        seen = set()
        for section in body.iter(f"{W}sectPr"):
            self.found.sections.append(_section(section))
            for part in (HEADER, FOOTER):
                for reference in section.iter(f"{W}{part}Reference"):
                    target = self.linked.get(reference.get(f"{_R}id", ""), ("", ""))[1]
                    if target in self.parts and target not in seen:
                        seen.add(target)
                        self._blocks(parse_xml(self.parts[target]), part, None)

    def _blocks(
        self, parent: etree._Element, part: str, place: CellPlace | None, boxed: bool = False
    ) -> None:
        for child in parent:
            if child.tag == f"{W}p":
                self._paragraph(child, part, place, boxed)
            elif child.tag == f"{W}tbl":
                self._table(child, part, place, boxed)
            elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}smartTag", f"{W}customXml"):
                self._blocks(child, part, place, boxed)

    def _table(self, table: etree._Element, part: str, outer: CellPlace | None, boxed: bool) -> None:
        number_ = len(self.found.tables)
        rows: list[Row] = []
        if outer is None:
            self.found.tables.append(rows)
        for at, row in enumerate(table.iter(f"{W}tr") if outer is None else table.findall(f"{W}tr")):
            if outer is None and _table_of(row) is not table:
                continue
            cells = [cell for cell in row.iter(f"{W}tc") if _row_of(cell) is row]
            for column, cell in enumerate(cells):
                self._blocks(cell, part, outer or CellPlace(number_, at, column), boxed)
            properties = row.find(f"{W}trPr")
            head, whole = (_has(properties, name) for name in ("tblHeader", "cantSplit"))
            rows.append(Row(tuple(map(_text, cells)), head, whole, _fixed_height(properties)))

    def _paragraph(self, element: etree._Element, part: str, place: CellPlace | None, boxed: bool) -> None:
        properties = element.find(f"{W}pPr")
        style = "" if properties is None else value(properties.find(f"{W}pStyle"))
        mark = None if properties is None else properties.find(f"{W}numPr")
        base = self.styles.paragraph(style, _table_style(element) if place else "")
        label = self.numbering.label(mark if mark is not None else self.styles.numbering(style))
        spacing = None if properties is None else properties.find(f"{W}spacing")
        paragraph = Paragraph([Run(label, base)] if label else [], part, place, boxed)
        paragraph.pitch = self.styles.pitch(style, spacing)
        self.found.paragraphs.append(paragraph)
        boxes = []
        for run in element.iter(f"{W}r"):
            owner = _owner(run)
            if owner is not element:
                continue
            look = self.styles.run(base, run.find(f"{W}rPr"))
            text = "".join(_characters(run))
            if text and not look.hidden:
                paragraph.runs.append(Run(text, look))
            if any(True for _each in run.iter(*_PICTURES)):
                boxes += [box for box in run.iter(_BOX) if not _is_fallback(box, run)]
                paragraph.has_picture |= next(run.iter(_BOX), None) is None
        paragraph.runs = _as_beside(paragraph.runs)
        for box in boxes:
            self._blocks(box, part, place, boxed=True)


def _as_beside(runs: list[Run]) -> list[Run]:
    """Rare characters look like what is beside them: a face of their own (``papers.faces``) is no choice."""
    common = [run for run in runs if not _is_rare(run)]
    if not common:
        return runs
    found, look = [], common[0].look
    for run in runs:
        look = look if _is_rare(run) else run.look
        found.append(Run(run.text, look))
    return found


def _is_rare(run: Run) -> bool:
    return run.look.east in RARE_FACES and len(run.text) <= LONGEST_RARE


def _characters(run: etree._Element) -> Iterator[str]:
    for child in run:
        if child.tag == f"{W}t":
            yield (child.text or "").replace("\n", " ").replace("\t", " ")
        elif child.tag in _BREAKS and value(child, "type") not in ("page", "column"):
            yield _BREAKS[str(child.tag)]


def _owner(run: etree._Element) -> etree._Element | None:
    """The paragraph a run belongs to; none if the run was deleted, or is the spare copy for old programs."""
    for each in run.iterancestors():
        if each.tag in (f"{W}del", f"{W}moveFrom", _FALLBACK):
            return None
        if each.tag == f"{W}p":
            return each
    return None


def _is_fallback(box: etree._Element, run: etree._Element) -> bool:
    for each in box.iterancestors():
        if each is run:
            return False
        if each.tag in (_FALLBACK, _BOX):
            return True
    return False


def _table_of(element: etree._Element) -> etree._Element:
    return next(element.iterancestors(f"{W}tbl"))


def _row_of(element: etree._Element) -> etree._Element:
    return next(element.iterancestors(f"{W}tr"))


def _table_style(paragraph: etree._Element) -> str:
    table = next(paragraph.iterancestors(f"{W}tbl"), None)
    return "" if table is None else value(table.find(f"{W}tblPr/{W}tblStyle"))


def _has(properties: etree._Element | None, name: str) -> bool:
    found = None if properties is None else properties.find(f"{W}{name}")
    return found is not None and value(found) not in ("0", "false", "off")


def _fixed_height(properties: etree._Element | None) -> float:
    height = None if properties is None else properties.find(f"{W}trHeight")
    return millimetres(value(height)) if value(height, "hRule") == "exact" else 0


def _text(cell: etree._Element) -> str:
    return "".join("".join(_characters(run)) for run in cell.iter(f"{W}r") if _owner(run) is not None)


def _section(properties: etree._Element) -> Section:
    size, margins = properties.find(f"{W}pgSz"), properties.find(f"{W}pgMar")
    width, height = millimetres(value(size, "w") or "12240"), millimetres(value(size, "h") or "15840")
    names = ("top", "right", "bottom", "left")
    top, right, bottom, left = (millimetres(value(margins, name) or "1440") for name in names)
    left += millimetres(value(margins, "gutter"))
    return Section(width, height, abs(top), right, abs(bottom), left)
