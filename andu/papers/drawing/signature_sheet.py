"""The signature sheet: which paper in which version, and room for ink beside what is signed already.

Called by ``script/andu paper draft signature_sheet``; it names what ``papers.signature_sheet`` knows. The
check code stands in the head of each page, as a QR code and in signs, so that a scan of any page says which
version it belongs to. A row is never split, and nobody but signers is named.
"""

from __future__ import annotations

from andu.papers.drawing.base_parts import document
from andu.papers.drawing.drafting import TITLE, end, footer
from andu.papers.drawing.form_tables import LABELS, PAGE, SMALL, VALUES, label_cell
from andu.papers.drawing.ooxml import FANG, Cell, Face, Shape, directive, paragraph, row, table, twips

_LINE = Shape(line=360)
_CENTRED = _LINE.but(align="center")
_RIGHT = Shape(line=280, align="right")
_HEAD = (PAGE.width - twips(24), twips(24))
_ABOUT = (twips(22), twips(68), twips(22), PAGE.width - twips(112))
_SIGNING = (twips(27), twips(68), twips(27), PAGE.width - twips(122))
"""So wide that the longest opinion takes less than a page: LibreOffice clips a row that takes more."""
_ROOM_FOR_INK = twips(24)
NOTE = (
    "本页只对应右上角核对码的这一稿。内容一经修改，核对码随之改变，本页作废，须重新打印、重新签字。"
    "请先核对正文，再用钢笔或者签字笔写明意见、签名和日期。"
)


def draft_sheet() -> bytes:
    """The docx as it is shipped."""
    body = (
        paragraph("{{ office_name }}{{ form_title }}", TITLE, Shape(align="center", line=640, after=twips(4)))
        + _about()
        + _statement()
        + _signing()
        + paragraph(NOTE, SMALL, Shape(line=280, before=twips(4), align="both"))
        + end()
    )
    return document(
        body, PAGE, {"default": footer()}, "{{ form_title }} {{ number }}", {"default": _code() + end()}
    )


def _code() -> str:
    """The head of each page: the check code in signs, and as a picture for a scanner."""
    words = paragraph("核对码　{{ check_code }}", LABELS, _RIGHT) + paragraph(
        "第 {{ version }} 稿", SMALL, _RIGHT
    )
    picture = paragraph("{{ check_code|qr(22) }}", SMALL, Shape(align="right"))
    return table(_HEAD, [row([Cell(words, _HEAD[0]), Cell(picture, _HEAD[1])])], lines={}, margins={})


def _about() -> str:
    rows = (
        ("表单", "{{ of_form }}", "编号", "{{ number|or_blank('（未编号）') }}"),
        ("填报单位", "{{ unit_name }}", "稿次", "第 {{ version }} 稿"),
        ("提交时间", "{{ submitted_at }}", "核对码", "{{ check_code }}"),
    )
    return table(_ABOUT, (row(_pairs(each), twips(8)) for each in rows))


def _pairs(words: tuple[str, ...]) -> list[Cell]:
    return [
        Cell(paragraph(word, VALUES, _LINE), width) if number % 2 else label_cell(word, width)
        for number, (word, width) in enumerate(zip(words, _ABOUT, strict=True))
    ]


def _statement() -> str:
    shape = Shape(line=400, before=twips(3), align="both", indents={"firstLine": 480}, keep_next=True)
    words = paragraph("{{ p.text }}", VALUES, shape)
    loop = f"{directive('for p in statement|paragraphs')}{words}{directive('endfor')}"
    return f"{directive('if statement')}{loop}{directive('endif')}" + paragraph("", SMALL, Shape(line=120))


def _signing() -> str:
    heads = ("签字位", "意见", "签名", "日期")
    how = paragraph("{{ row.how }}", SMALL, _RIGHT.but(align="center"))
    signer = (
        paragraph("{{ row.name }}", VALUES, _CENTRED) + directive("if row.how") + how + directive("endif")
    )
    date = paragraph("{{ row.date|or_blank('　　年　月　日') }}", Face(FANG, 11), _CENTRED)
    contents = (
        paragraph("{{ row.label }}", LABELS, _CENTRED),
        paragraph("{{ row.opinion }}", VALUES, _LINE.but(line=320)),
        signer,
        date,
    )
    titles = (label_cell(head, width) for head, width in zip(heads, _SIGNING, strict=True))
    cells = (Cell(content, width) for content, width in zip(contents, _SIGNING, strict=True))
    rows = (
        row(titles, twips(8), head=True),
        _tag("for row in slots"),
        row(cells, _ROOM_FOR_INK),
        _tag("endfor"),
    )
    return table(_SIGNING, rows)


def _tag(code: str) -> str:
    return row([Cell(paragraph(f"{{%tr {code} %}}", SMALL), PAGE.width, len(_SIGNING))])
