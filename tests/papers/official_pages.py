"""The official papers to be measured: each kind, both documents that exist, long ones and ones that end late.

They are converted once, by one LibreOffice, when the first test asks; positions are millimetres.
"""

from __future__ import annotations

import json
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from andu.formtypes.language.catalogue import Catalogue
from andu.papers.pdf import Converter
from andu.papers.template import compile_template
from andu.settings import Settings
from tests.papers.making import Band, Line, context_of, ink_of, is_black, is_red, lines_of, part_of

ROOT = Path(__file__).parents[2]
SEEDS = Path(__file__).with_name("seeds")
FORMS = {form.slug: form for form in Catalogue.load(ROOT / "forms") if form.slug.startswith("official_")}
PAPERS = {slug: (ROOT / "doc_templates" / f"{slug}.docx").read_bytes() for slug in FORMS}
PAPER = PAPERS["official_notice"]
NUMBER = "示发〔2026〕13号"
LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0
"""The text area (版心): 156 × 225 mm."""
CHAR = 5.56


def filled(slug: str = "official_notice", **changes: Any) -> bytes:
    context = context_of(FORMS[slug], number=NUMBER, signed=True)
    attached = {"attachments": context["issued"], "issued": []} if slug == "official_notice" else {}
    return compile_template(PAPERS[slug]).fill({**context, **attached, **changes})


def fullest(slug: str) -> bytes:
    """A paper with the longest answers everywhere but in its text, which is ten lines."""
    context = context_of(FORMS[slug], worst=True, number=NUMBER, signed=True)
    return compile_template(PAPERS[slug]).fill(
        {**context, "body": "国" * 280, "issued": [], "attachments": []}
    )


def seed(name: str) -> bytes:
    """A document that exists, from its answers and the names of its office; its day is not on record."""
    told = json.loads((SEEDS / f"{name}.json").read_text())
    answers = {"issued": [], "attachments": []} | told["answers"]
    return filled(told["form"], **told["paper"], **answers)


LONG: dict[str, Any] = {
    "title": "关于做好示例工作的通知",
    "urgency": "特急",
    "body": "为做好示例工作，现通知如下。\n一、总体要求\n（一）提高认识。各单位要认真落实。\n1. 第一点\n"
    + "国" * 1500,
    "attachments": [
        {
            "no": "1",
            "title": "示例镇某某工作领导小组及其办公室成员名单和职责分工情况表",
            "text": "一、成员\n张三。",
        },
        {"no": "2", "title": "联络员名单", "text": "李四。"},
    ],
    "note": "联系人：张三，电话：0555-2345678",
    "cc": "县扫黑办，县纪委",
    "print_organ": "",
    "printed_on": "",
}


ENDING = [f"第{number}段。" for number in range(30)]
"""Paragraphs of one line, to bring the end of the text near the end of a page."""
ENDS = range(4, 10)
DAYS = ("2026年1月2日", "2026年11月2日", "2026年11月22日")
ORGAN = "中共示例市示例区示例街道工作委员会扫黑除恶专项斗争领导小组办公室联络组"
SIGNERS = tuple(ORGAN[:length] for length in (4, 8, 15, 16, 18, 19, 22, 24, 26, 28, 32))
LENGTHS = ((8, 8), (11, 11), (12, 12), (13, 8), (15, 15), (18, 8), (8, 18), (9, 18, 9), (24, 24))
JOINT: dict[str, tuple[str, ...]] = {
    " and ".join(map(str, lengths)): tuple(
        f"{mark}{ORGAN}"[:length] for mark, length in zip("甲乙丙", lengths, strict=False)
    )
    for lengths in LENGTHS
}
"""Organs that issue together, by how long their names are."""
DOCUMENTS: dict[str, bytes] = {
    "notice": filled(),
    **{day: filled(issued_on=day, issuer_name="示例镇人民政府") for day in DAYS},
    **{f"signed {name}": filled(issuer_name=name, issued_on=DAYS[0]) for name in SIGNERS},
    **{
        name: filled(
            "official_joint", issuer_name=first, co_issuers="\n".join(others), body="现通知如下。\n特此通知。"
        )
        for name, (first, *others) in JOINT.items()
    },
    "longest organ": filled(
        "official_joint", issuer_name=ORGAN[:32], co_issuers=ORGAN[:8], body="现通知如下。\n特此通知。"
    ),
    "long": filled(**LONG),
    **{slug.removeprefix("official_"): filled(slug) for slug in FORMS if slug != "official_notice"},
    "dunfa": seed("dunfa_2022_13"),
    "xifa": seed("xifa_2019_30"),
    **{f"fullest {slug}": fullest(slug) for slug in FORMS},
    "three": filled(
        "official_joint", co_issuers="示例镇人民政府\n示例镇人民武装部", body="现通知如下。\n特此通知。"
    ),
    "issuing": filled(**LONG, issued=[{"no": "1", "title": "示例方案", "text": "一、任务\n张三。"}]),
    "long letter": filled("official_letter", **{**LONG, "urgency": "特急"}),
    **{
        f"end {count}": filled(
            body="\n".join([*ENDING[:count], "国" * 60 + "。"]), attachments=[], cc="县纪委"
        )
        for count in ENDS
    },
    **{
        f"foot {count}": filled(attachments=[{"no": "1", "title": "表", "text": "\n".join(ENDING[:count])}])
        for count in range(16, 20)
    },
}
UPRIGHT = ("notice", "circular", "report", "request", "minutes", "joint", "dunfa", "xifa")
"""Documents with a heading and a rule, one of each kind; the letter has its own."""
SHORT = (*UPRIGHT, "letter")
UNSIGNED = ("minutes", "fullest official_minutes")
WITH_LIST = ("notice", *DAYS, *(name for name in DOCUMENTS if re.match("foot|signed", name)))
"""Documents of one paragraph, which the first page has to show, and a list of attachments."""


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="andu-official-")
    made = Converter(Settings().fonts).many(list(DOCUMENTS.values()))
    for name, pdf in zip(DOCUMENTS, made, strict=True):
        assert isinstance(pdf, bytes), pdf
        Path(folder.name, f"{name}.pdf").write_bytes(pdf)
    return folder


def pdf_of(name: str) -> Path:
    """The PDF of one of the documents."""
    return Path(_folder().name, f"{name}.pdf")


@cache
def lines(name: str) -> list[Line]:
    """Its lines, page by page."""
    return lines_of(pdf_of(name))


@cache
def red(name: str, page: int = 1) -> list[Band]:
    """Where a page of it is red."""
    return ink_of(pdf_of(name), page, is_red)


@cache
def black(name: str, page: int = 1) -> list[Band]:
    """Where a page of it is black."""
    return ink_of(pdf_of(name), page, is_black)


def middle(line: Line | Band) -> float:
    return (line.left + line.right) / 2


def only(lines: list[Line], words: str) -> Line:
    found = [line for line in lines if words in line.text]
    assert len(found) == 1, (words, found)
    return found[0]


def faces_of(docx: bytes) -> dict[str, str]:
    """The text of each run → the name of its Chinese face."""
    body = part_of(docx, "word/document.xml")
    return {"".join(run.itertext()): run.find("{*}rPr/{*}rFonts").values()[1] for run in body.iter("{*}r")}
