"""WordprocessingML in small pieces: runs, paragraphs, cells, rows, tables, the page.

Called by ``drafting`` and ``official`` to write starting templates; ``base_parts`` puts a docx around them.
All lengths are twips (1/1440 inch; 567 = 1 cm), font sizes are points. Guarantees: every run names its East
Asian face itself (no theme, no default font decides), no colour but the red of an official heading, and no
part that Word would want to repair.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape

SONG, FANG, KAI, HEI, XIAOBIAO = "宋体", "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"
"""The official names of the faces: the office's Word has them, LibreOffice gets stand-ins (``fonts``)."""

RED = "FF0000"


def twips(millimetres: float) -> int:
    """Millimetres as twips, rounded."""
    return round(millimetres * 1440 / 25.4)


@dataclass(frozen=True)
class Face:
    """How a run of text looks: face name, size in points, spacing between characters in twips, colour."""

    name: str = FANG
    size: float = 16
    spacing: int = 0
    color: str = ""
    underline: bool = False
    strike: bool = False

    def xml(self) -> str:
        """The run properties."""
        fonts = "".join(f' w:{script}="{self.name}"' for script in ("ascii", "eastAsia", "hAnsi", "cs"))
        half_points = round(self.size * 2)
        return (
            f"<w:rPr><w:rFonts{fonts}/>"
            + ("<w:strike/>" if self.strike else "")
            + (f'<w:color w:val="{self.color}"/>' if self.color else "")
            + (f'<w:spacing w:val="{self.spacing}"/>' if self.spacing else "")
            + f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'
            + ('<w:u w:val="single"/>' if self.underline else "")
            + "</w:rPr>"
        )


@dataclass(frozen=True)
class Shape:
    """How a paragraph stands. ``line`` is an exact line height; 0 leaves it single."""

    align: str = "left"
    line: int = 0
    before: int = 0
    after: int = 0
    indents: Mapping[str, int] = field(default_factory=dict)
    tabs: tuple[tuple[str, int], ...] = ()
    keep_next: bool = False
    new_page: bool = False
    border: str = ""

    def but(self, **changes: object) -> Shape:
        """The same shape with some changes."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def xml(self, face: Face) -> str:
        """The paragraph properties; ``face`` is that of the paragraph mark, the height of an empty line."""
        tabs = "".join(f'<w:tab w:val="{kind}" w:pos="{place}"/>' for kind, place in self.tabs)
        indents = "".join(f' w:{side}="{width}"' for side, width in self.indents.items())
        line = f' w:line="{self.line}" w:lineRule="exact"' if self.line else ' w:line="240" w:lineRule="auto"'
        return (
            "<w:pPr>"
            + ("<w:keepNext/>" if self.keep_next else "")
            + ("<w:pageBreakBefore/>" if self.new_page else "")
            + '<w:widowControl w:val="0"/>'
            + (f"<w:pBdr>{self.border}</w:pBdr>" if self.border else "")
            + (f"<w:tabs>{tabs}</w:tabs>" if tabs else "")
            + '<w:snapToGrid w:val="0"/>'
            + f'<w:spacing w:before="{self.before}" w:after="{self.after}"{line}/>'
            + (f"<w:ind{indents}/>" if indents else "")
            + f'<w:jc w:val="{self.align}"/>{face.xml()}</w:pPr>'
        )


def run(text: str, face: Face) -> str:
    """A run of text; a tab or line end in it becomes Word's own."""
    marks = {"\t": "<w:tab/>", "\n": "<w:br/>"}
    pieces = (piece for piece in re.split(r"([\t\n])", text) if piece)
    inner = (marks.get(piece) or f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in pieces)
    return f"<w:r>{face.xml()}{''.join(inner)}</w:r>"


def field_run(instruction: str, face: Face) -> str:
    """A field that Word computes: ``PAGE``, ``NUMPAGES``."""
    marks = [
        f'<w:r>{face.xml()}<w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    ]
    code = f'<w:r>{face.xml()}<w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
    return f"{marks[0]}{code}{marks[1]}{run('1', face)}{marks[2]}"


def paragraph(content: str, face: Face, shape: Shape | None = None) -> str:
    """A paragraph. ``content`` is plain text, or runs made by ``run`` and ``field_run``."""
    runs = content if content.startswith("<w:r>") or not content else run(content, face)
    return f"<w:p>{(shape or Shape()).xml(face)}{runs}</w:p>"


def directive(code: str) -> str:
    """A paragraph that holds only a ``{%p … %}`` tag and leaves no trace on the paper."""
    return paragraph(f"{{%p {code} %}}", Face(HEI, 9))


@dataclass(frozen=True)
class Cell:
    """A cell: its paragraphs (XML), width, and how many columns of the grid it spans."""

    content: str
    width: int
    span: int = 1

    def xml(self) -> str:
        """The table cell."""
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{self.width}" w:type="dxa"/>'
            + (f'<w:gridSpan w:val="{self.span}"/>' if self.span > 1 else "")
            + f'<w:vAlign w:val="center"/></w:tcPr>{self.content}</w:tc>'
        )


def row(cells: Iterable[Cell], height: int = 0, head: bool = False) -> str:
    """A table row of at least this height, kept on one page. ``head`` repeats it on each page."""
    properties = (
        "<w:cantSplit/>"
        + (f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else "")
        + ("<w:tblHeader/>" if head else "")
    )
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cell.xml() for cell in cells)}</w:tr>"


BOXED = {"top": 8, "left": 8, "bottom": 8, "right": 8, "insideH": 4, "insideV": 4}
"""The lines of a form, in eighths of a point: a stronger frame, fine lines inside."""
_CELL_MARGINS = {"top": 40, "left": 85, "bottom": 40, "right": 85}


def table(
    grid: Iterable[int],
    rows: Iterable[str],
    lines: Mapping[str, int] = BOXED,
    margins: Mapping[str, int] = _CELL_MARGINS,
    place: str = "",
) -> str:
    """A table of fixed column widths, as wide as their sum. ``place`` is the XML that lets it float."""
    columns = list(grid)
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="{lines[side]}" w:space="0" w:color="000000"/>'
        if side in lines
        else f'<w:{side} w:val="nil"/>'
        for side in BOXED
    )
    around = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in margins.items())
    grid_xml = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    return (
        f'<w:tbl><w:tblPr>{place}<w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{around}</w:tblCellMar>"
        f"</w:tblPr><w:tblGrid>{grid_xml}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


@dataclass(frozen=True)
class PageSetup:
    """A4 upright with these margins, header and footer distances; ``pitch`` is that of its lines."""

    top: int
    right: int
    bottom: int
    left: int
    footer: int
    pitch: int = 0
    header: int = 567

    @property
    def width(self) -> int:
        """The width between the margins."""
        return 11906 - self.left - self.right

    def xml(self, references: Mapping[tuple[str, str], str]) -> str:
        """The section properties; ``references`` maps (header or footer, default, even or first) to ids."""
        links = "".join(
            f'<w:{part}Reference w:type="{kind}" r:id="{id_}"/>' for (part, kind), id_ in references.items()
        )
        first = "<w:titlePg/>" if any(kind == "first" for _part, kind in references) else ""
        grid = f'<w:docGrid w:type="lines" w:linePitch="{self.pitch}"/>' if self.pitch else ""
        return (
            f'<w:sectPr>{links}<w:pgSz w:w="11906" w:h="16838"/>'
            f'<w:pgMar w:top="{self.top}" w:right="{self.right}" w:bottom="{self.bottom}"'
            f' w:left="{self.left}" w:header="{self.header}" w:footer="{self.footer}" w:gutter="0"/>'
            f'<w:cols w:space="720"/>{first}{grid}</w:sectPr>'
        )
