"""Pieces of Word's XML as Word writes them, to put into docx that are not at rest; and what came of them."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from andu.papers.checks.examination import Paper
from tests.papers import hostile
from tests.papers.making import text_of

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
WHO = 'w:id="1" w:author="某修订人" w:date="2026-01-02T03:04:05Z"'


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def gone(text: str) -> str:
    return f"<w:r><w:delText>{text}</w:delText></w:r>"


def p(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def cell(content: str, properties: str = "") -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="900" w:type="dxa"/>{properties}</w:tcPr>{content}</w:tc>'


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    grid = '<w:tblGrid><w:gridCol w:w="900"/><w:gridCol w:w="900"/></w:tblGrid>'
    return f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr>{grid}{"".join(rows)}</w:tbl>'


def turn(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def field(code: str, shown: str) -> str:
    """A field in pieces, its instruction split over two runs."""
    half = len(code) // 2
    codes = "".join(f"<w:r>{hostile.code(escape(piece))}</w:r>" for piece in (code[:half], code[half:]))
    return turn("begin") + codes + turn("separate") + r(shown) + turn("end")


def simple(code: str, shown: str) -> str:
    return f"<w:fldSimple w:instr={quoteattr(code)}>{r(shown)}</w:fldSimple>"


def said(paper: Paper) -> str:
    return "\n".join(map(str, paper.findings))


def lines(docx: bytes) -> list[str]:
    return [line for line in text_of(docx).split("\n") if line and line != "示例镇"]
