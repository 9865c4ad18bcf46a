"""Small docx to test with, the text of a docx, and what a PDF shows where: lines and ink in millimetres."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from andu.formtypes.definition import FormType
from andu.formtypes.directory import PlainDirectory, PlainPerson
from andu.formtypes.filling.paper_values import paper_values
from andu.formtypes.filling.samples import sample
from andu.papers.drawing.base_parts import document
from andu.papers.drawing.ooxml import FANG, Face, PageSetup, paragraph
from andu.papers.template.package import read_package

FACE = Face(FANG, 12)
PLAIN_PAGE = PageSetup(top=1400, right=1200, bottom=1200, left=1400, footer=600)
ROLES = ("clerk", "head", "director", "leader", "custodian")
HERE = PlainDirectory(
    units={"cun1": "示例一村", "shb": "镇扫黑办", "zzb": "综治办", "dzb": "镇党政办"},
    people=[
        PlainPerson("zhangsan", "张三", "cun1", ROLES),
        PlainPerson("lisi", "李四", "cun1", ROLES),
        PlainPerson("wangwu", "王五", "shb", ROLES),
        PlainPerson("zhaoliu", "赵六", "shb", ROLES),
    ],
    records={"clue_registration": {"r1": "DJ-XS-2026-0007"}, "clue_handover": {"r2": "YJ-2026-0003"}},
    attachments={"sample": "示例附件.pdf"},
    own_unit="cun1",
)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARKS = {f"{_W}br": "\n", f"{_W}tab": "\t"}


def docx_of(body: str, footer: str = "", title: str = "") -> bytes:
    """A docx of this text (or these paragraphs, as XML)."""
    content = body if body.startswith("<w:") else paragraph(body, FACE)
    return document(content, PLAIN_PAGE, {"default": paragraph(footer, FACE)}, title)


def part_of(docx: bytes, name: str) -> etree._Element:
    """One part of a docx, parsed."""
    return etree.fromstring(read_package(docx)[name])


def text_of(docx: bytes, name: str = "word/document.xml") -> str:
    """The text of a part as Word shows it: a line for each paragraph, its line breaks and tabs."""
    paragraphs = part_of(docx, name).iter(f"{_W}p")
    return "\n".join("".join(_characters(each)) for each in paragraphs)


def _characters(element: etree._Element) -> Iterator[str]:
    for child in element.iter(f"{_W}t", *_MARKS):
        if child.getparent().tag == f"{_W}r":
            # a raw line end or tab in the XML is mere white space to Word
            yield _MARKS.get(str(child.tag)) or re.sub(r"[\n\t]", " ", child.text or "")


def common_values(form_type: FormType, number: str = "", signed: bool = False) -> dict[str, Any]:
    """What every paper is given beside the answers."""
    parts = ("name", "post", "unit", "opinion", "date", "time")
    given = dict.fromkeys(parts, "") if not signed else dict(zip(parts, _SIGNED, strict=True))
    return {
        "number": number,
        "form_title": form_type.title,
        "unit_name": "示例一村",
        "author_name": "张三",
        "office_name": "示例镇",
        "issuer_name": "中共示例镇委员会",
        "printer_name": "中共示例镇委员会办公室",
        "issued_on": "2026年11月2日",
        "submitted_at": "2026年11月2日 09:02",
        "confidential_code": "R-7F3K",
        "check_code": "K7Q2-9FJM-3X0T",
        "sign": {slot.key: {"label": slot.label, **given} for slot in form_type.signatures.slots},
    }


_SIGNED = ("李四", "村党总支书记", "示例一村", "情况属实", "2026年11月2日", "2026年11月2日 09:02")


def context_of(
    form_type: FormType, worst: bool = False, number: str = "", signed: bool = False
) -> dict[str, Any]:
    """The context of a paper filled with the form's own sample."""
    answers = paper_values(form_type, sample(form_type, HERE, worst), HERE)
    return answers | common_values(form_type, number, signed)


@dataclass(frozen=True)
class Line:
    """A line of text on a page, in millimetres from the top left corner of the paper."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str


def lines_of(pdf: Path) -> list[Line]:
    """The lines of a PDF as pdftotext sees them, page by page from the top."""
    xml = subprocess.run(["pdftotext", "-bbox-layout", str(pdf), "-"], capture_output=True, check=True).stdout
    root = etree.fromstring(re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"", xml))
    lines = []
    for number, page in enumerate(root.iter("{*}page"), start=1):
        for line in page.iter("{*}line"):
            left, top, right, bottom = (
                float(line.get(side)) / 72 * 25.4 for side in ("xMin", "yMin", "xMax", "yMax")
            )
            words = "".join(word.text or "" for word in line)
            lines.append(Line(number, left, top, right, bottom, words))
    return sorted(lines, key=lambda line: (line.page, line.top, line.left))


@dataclass(frozen=True)
class Band:
    """A stretch of rows that carry ink, in millimetres."""

    top: float
    bottom: float
    left: float
    right: float


def is_red(red: int, green: int) -> bool:
    """Ink of an official heading."""
    return red > 150 and green < 110


def is_black(red: int, green: int) -> bool:
    """Ink of the text."""
    return red < 120 and green < 120


def ink_of(pdf: Path, page: int, is_ink: Callable[[int, int], bool]) -> list[Band]:
    """Where a page carries ink of one colour, from the top: read from its picture, not from what we wrote."""
    dpi = 254
    command = ["pdftoppm", "-r", str(dpi), "-f", str(page), "-l", str(page), str(pdf)]
    _kind, size, _depth, pixels = subprocess.run(command, capture_output=True, check=True).stdout.split(
        b"\n", 3
    )
    width, height = map(int, size.split())
    bands: list[Band] = []
    for y in range(height):
        row = pixels[y * width * 3 : (y + 1) * width * 3]
        found = _extent(row[0::3], row[1::3], is_ink)
        if found is None:
            continue
        left, right = found[0] / 10, (found[1] + 1) / 10
        if bands and abs(bands[-1].bottom - y / 10) < 0.01:
            last = bands.pop()
            bands.append(Band(last.top, (y + 1) / 10, min(last.left, left), max(last.right, right)))
        else:
            bands.append(Band(y / 10, (y + 1) / 10, left, right))
    return bands


_DARK = bytes(level < 121 for level in range(256))


def _extent(red: bytes, green: bytes, is_ink: Callable[[int, int], bool]) -> tuple[int, int] | None:
    dark = green.translate(_DARK)
    first, last = dark.find(1), dark.rfind(1)
    there = (x for x in range(first, last + 1) if is_ink(red[x], green[x]))
    back = (x for x in range(last, first - 1, -1) if is_ink(red[x], green[x]))
    left = next(there, None) if first >= 0 else None
    return None if left is None else (left, next(back))
