"""The starting paper of an official document (公文): GB/T 9704—2012, of which each length below names its
clause.

Called by ``drafting`` for every form type whose paper is not internal. It lays out the elements whose
fields the form has, by their keys (``ELEMENTS``). Guarantees, measured in the PDF by the tests: the red
heading stands 72 mm below the edge of the paper, the rule 4 mm below the number and 156 mm wide, 28
characters by 22 lines, page numbers outside. No seal is drawn, only its room is left (7.3.5:
不得出现空白印章).
"""

from __future__ import annotations

from collections.abc import Collection

from andu.formtypes.definition import Field, FormType
from andu.papers.base_parts import document
from andu.papers.ooxml import (
    FANG,
    HEI,
    KAI,
    RED,
    SONG,
    XIAOBIAO,
    Cell,
    Face,
    Page,
    Shape,
    directive,
    field_run,
    paragraph,
    row,
    run,
    table,
)  # fmt: skip

URGENCY, TITLE, ADDRESSEES, BODY, ATTACHMENTS = "urgency", "title", "addressees", "body", "attachments"
NOTE, CC, PRINT_ORGAN, PRINTED_ON = "note", "cc", "print_organ", "printed_on"
ELEMENTS = (URGENCY, TITLE, ADDRESSEES, BODY, ATTACHMENTS, NOTE, CC, PRINT_ORGAN, PRINTED_ON)
"""Keys by which an official form names the elements of clause 7; ``attachments`` has columns title, text."""

LINE = 579
"""One line: 22 lines fill the 225 mm of the text area (5.2.3)."""
PAGE = Page(top=2098, right=1474, bottom=1984, left=1588, footer=1406, pitch=LINE)
"""天头 37 mm, 订口 28 mm, 版心 156 × 225 mm (5.2.1)."""
CHAR = 315
"""One character of the text, 三号 less the spacing that makes 28 fit a line."""

_TEXT, _HEI, _KAI = (Face(name, 16, -5) for name in (FANG, HEI, KAI))
_NUMBER, _RED, _TITLE = Face(FANG, 16), Face(XIAOBIAO, 36, color=RED), Face(XIAOBIAO, 22)
_IMPRINT, _FOLIO = Face(FANG, 14), Face(SONG, 14)
_SMALL_CHAR = 280

_FLOW = Shape(align="both", line=LINE)
_INDENTED = _FLOW.but(indents={"firstLine": 2 * CHAR})
_HEADING_TOP = 1890 - LINE
"""Space above the heading, so that its ink begins 35 mm below the top of the text area (7.2.4)."""
_RULE_GAP = 8
"""Points between the number's line and the red rule, so that 4 mm are left below its ink (7.2.7)."""
_DATE_WIDTH = 2160
"""A date such as 2026年11月2日 in 三号: 署名 is centred over the middle of this."""
# anchored to the page, not the margin: LibreOffice lets no table float that is as wide as the text
_AT_THE_FOOT = (
    '<w:tblpPr w:leftFromText="0" w:rightFromText="0" w:topFromText="0" w:bottomFromText="0"'
    f' w:vertAnchor="margin" w:horzAnchor="page" w:tblpX="{PAGE.left}" w:tblpYSpec="bottom"/>'
    '<w:tblOverlap w:val="never"/>'
)


def draft_official(form_type: FormType) -> bytes:
    """The docx to start from, with those elements for which the form has a field."""
    fields = {field.key: field for field in form_type.fields if field.printed and not field.confidential}
    body = (
        _heading(URGENCY in fields)
        + _opening(fields)
        + "".join(_other(field) for key, field in fields.items() if key not in ELEMENTS)
        + (_attachment_list() if ATTACHMENTS in fields else "")
        + _closing(NOTE in fields)
        + (_attachment_pages() if ATTACHMENTS in fields else "")
        + _imprint(fields)
    )
    title = "{{ title }}" if TITLE in fields else "{{ form_title }} {{ number }}"
    return document(body, PAGE, {"default": _folio("right"), "even": _folio("left")}, title)


def _heading(has_urgency: bool) -> str:
    """紧急程度 at the top left, 发文机关标志, 发文字号 two lines below, then the red rule (7.2.3–7.2.7)."""
    urgency = "{% if urgency and urgency != '无' %}{{ urgency }}{% endif %}" if has_urgency else ""
    rule = f'<w:bottom w:val="single" w:sz="8" w:space="{_RULE_GAP}" w:color="{RED}"/>'
    return (
        paragraph(urgency, Face(HEI, 16), Shape(line=LINE))
        + paragraph("{{ issuer_name }}文件", _RED, Shape(align="center", line=800, before=_HEADING_TOP))
        + paragraph("{{ number }}", _NUMBER, Shape(align="center", line=LINE, before=2 * LINE, border=rule))
    )


def _opening(fields: Collection[str]) -> str:
    """标题 two lines below the rule, 主送机关 one line below the title, then 正文 (7.3.1–7.3.3)."""
    parts = {
        TITLE: paragraph("{{ title }}", _TITLE, Shape(align="center", line=640, before=2 * LINE)),
        ADDRESSEES: paragraph("{{ addressees }}：", _TEXT, _FLOW.but(before=LINE)),
        BODY: levels("body", ends=True),
    }
    return "".join(part for key, part in parts.items() if key in fields)


def levels(name: str, ends: bool = False) -> str:
    """A text as paragraphs of 正文, each level in its face: 一、黑体, （一）楷体, the others 仿宋 (7.3.3).

    ``ends`` keeps its last paragraph with what follows, so that 署名 is not alone on a page; but not an only
    one, since the first page must show 正文.
    """
    rest = run("{{ p.rest }}", _TEXT)
    last = directive("elif loop.last and not loop.first") + paragraph(
        "{{ p.text }}", _TEXT, _INDENTED.but(keep_next=True)
    )
    return (
        directive(f"for p in {name}|paragraphs")
        + directive("if p.level == 1")
        + paragraph(run("{{ p.head }}", _HEI) + rest, _TEXT, _INDENTED.but(keep_next=True))
        + directive("elif p.level == 2")
        + paragraph(run("{{ p.head }}", _KAI) + rest, _TEXT, _INDENTED)
        + (last if ends else "")
        + directive("else")
        + paragraph("{{ p.text }}", _TEXT, _INDENTED)
        + directive("endif")
        + directive("endfor")
    )


def _other(field: Field) -> str:
    return paragraph(f"{field.label}：{{{{ {field.key} }}}}", _TEXT, _INDENTED)


def _attachment_list() -> str:
    """附件说明 one line below 正文, names aligned under each other, no punctuation after them (7.3.4)."""
    first = _FLOW.but(before=LINE, align="left", keep_next=True)
    one = first.but(indents={"left": 5 * CHAR, "hanging": 3 * CHAR})
    start = 6 * CHAR + 60
    many = first.but(indents={"left": start, "hanging": 4 * CHAR + 60}, tabs=(("left", start),))
    number = "{{ loop.index }}.\t{{ a.title }}"
    return (
        directive("if attachments|length == 1")
        + paragraph("附件：{{ attachments[0].title }}", _TEXT, one)
        + directive("elif attachments")
        + directive("for a in attachments")
        + directive("if loop.first")
        + paragraph(f"附件：{number}", _TEXT, many)
        + directive("else")
        + paragraph(number, _TEXT, many.but(before=0, indents={"left": start, "hanging": CHAR + 60}))
        + directive("endif")
        + directive("endfor")
        + directive("endif")
    )


def _closing(has_note: bool) -> str:
    """署名 centred over 日期, which is four characters in; room for the seal (7.3.5.1); 附注 (7.3.6)."""
    middle = PAGE.width - 4 * CHAR - _DATE_WIDTH // 2
    signer = Shape(line=LINE, before=2 * LINE, tabs=(("center", middle),), keep_next=True)
    date = Shape(align="right", line=LINE, indents={"right": 4 * CHAR})
    parts = [paragraph("\t{{ issuer_name }}", _TEXT, signer), paragraph("{{ issued_on }}", _TEXT, date)]
    if has_note:
        parts += [directive("if note"), paragraph("（{{ note }}）", _TEXT, _INDENTED), directive("endif")]
    return "".join(parts)


def _attachment_pages() -> str:
    """Each 附件 on a new page: “附件1” in 黑体 on line 1, its title on line 3, then its text (7.3.7)."""
    number = "附件{% if attachments|length > 1 %}{{ loop.index }}{% endif %}"
    return (
        directive("for a in attachments")
        + paragraph(number, Face(HEI, 16), Shape(line=LINE, new_page=True))
        + paragraph("{{ a.title }}", _TITLE, Shape(align="center", line=LINE, before=LINE, after=LINE))
        + levels("a.text")
        + directive("endfor")
    )


def _imprint(fields: Collection[str]) -> str:
    """版记 at the foot of the last page, its last rule on the lower edge of the text area (7.4)."""
    organ = "{{ print_organ|or_blank(printer_name) }}" if PRINT_ORGAN in fields else "{{ printer_name }}"
    day = "{{ printed_on|or_blank(issued_on) }}" if PRINTED_ON in fields else "{{ issued_on }}"
    sides = {"left": _SMALL_CHAR, "right": _SMALL_CHAR}
    last = Shape(line=480, indents=sides, tabs=(("right", PAGE.width - _SMALL_CHAR),))
    rows = [_imprint_row(paragraph(f"{organ}\t{day}印发", _IMPRINT, last))]
    if CC in fields:
        hanging = last.but(indents={**sides, "left": 4 * _SMALL_CHAR, "hanging": 3 * _SMALL_CHAR})
        copies = paragraph("抄送：{{ cc }}。", _IMPRINT, hanging)
        rows = [*map(_imprint_row, (_row_tag("if cc"), copies, _row_tag("endif"))), *rows]
    lines = {"top": 8, "bottom": 8, "insideH": 6}
    margins = dict.fromkeys(("top", "left", "bottom", "right"), 0)
    return table((PAGE.width,), rows, lines, margins, _AT_THE_FOOT) + paragraph(
        "", Face(FANG, 1), Shape(line=20)
    )


def _row_tag(code: str) -> str:
    return paragraph(f"{{%tr {code} %}}", _IMPRINT)


def _imprint_row(content: str) -> str:
    return row([Cell(content, PAGE.width)])


def _folio(side: str) -> str:
    """The page number between 一字线, one character in from the outer edge (7.5)."""
    content = run("— ", _FOLIO) + field_run("PAGE", _FOLIO) + run(" —", _FOLIO)
    return paragraph(content, _FOLIO, Shape(align=side, line=320, indents={side: _SMALL_CHAR}))
