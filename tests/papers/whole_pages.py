"""What a clerk would see at once on the pages of a made paper, read from its PDF, page by page.

Something torn at the end of a line, a signature without its matter, a page that is nearly empty, a 公文 whose
page ends early before 署名. Guarantees: every paragraph of the paper was found on the page, or it says which
was not.
"""

from __future__ import annotations

import re

from lxml import etree

from andu.papers.checks import layout
from andu.papers.fitting import SPARE_LINES
from andu.papers.fitting.pages import Page, pages_of
from andu.papers.fitting.rows import THIRD, faults, parts_of
from andu.papers.fitting.standing import Standing, standing
from andu.papers.fitting.tears import torn
from andu.papers.holding import brackets, held
from andu.papers.template.grids import W
from andu.papers.template.package import parse_xml, read_package


def standing_of(docx: bytes, pdf: bytes) -> list[Standing]:
    """Where each paragraph stands."""
    return standing(parse_xml(read_package(docx)["word/document.xml"]), pdf)


def wrong_pages(docx: bytes, pdf: bytes, is_form: bool, is_longest: bool) -> dict[str, object]:
    """What is wrong with the pages; nothing where all is well."""
    paragraphs = standing_of(docx, pdf)
    pages = pages_of(paragraphs, pdf)
    found = {
        "not found": [one.text[:40] for one in paragraphs if not one.lines],
        "not read": [page.number for page in pages if not page.rows],
        "numbers": split_numbers(paragraphs),
        "torn": torn_figures(paragraphs) if is_longest else torn_words(paragraphs),
        "pages": faults(pages) if is_form else nearly_empty(pages),
        "before 署名": "" if is_form or is_longest else ends_early(docx, pdf),
        "署名": not is_form and lacks_text(docx, pdf),
    }
    return {name: wrong for name, wrong in found.items() if wrong}


def torn_words(paragraphs: list[Standing]) -> list[str]:
    """Words, names, numbers and dates that end of a line tore."""
    return [tear.words for tear in torn(paragraphs)]


def torn_figures(paragraphs: list[Standing]) -> list[str]:
    """What is torn of labels, numbers and dates: the words of the longest samples, all with 喆, are none."""
    return [
        tear.words
        for tear in torn(paragraphs)
        if (tear.is_centred and "喆" not in tear.paragraph.text) or re.search(r"\d", tear.words)
    ]


def split_numbers(paragraphs: list[Standing]) -> list[str]:
    """Numbers and dates in a cell that stand on two lines, though the cell were too narrow for them."""
    return [
        paragraph.text[start:end]
        for paragraph in paragraphs
        if next(paragraph.element.iterancestors(f"{W}tc"), None) is not None
        for start, end in held(paragraph.text)
        if re.search(r"\d", paragraph.text[start:end])
        and any(start < line.end < end for line in paragraph.lines)
    ]


def broken_by_hand(paragraph: Standing) -> list[str]:
    """Words that the paper itself breaks at the end of a line, and brackets that would fit on one."""
    room = _room(paragraph.element)
    whole = [(start, end) for start, end in brackets(paragraph.text) if end - start <= room]
    return [
        paragraph.text[start:end]
        for start, end in (*whole, *held(paragraph.text, words=True))
        if any(start < mark < end for mark in paragraph.ends)
    ]


def _room(paragraph: etree._Element) -> int:
    """Characters of a label (11 pt) that fit on a line of its cell; none outside of tables."""
    widths = [cell.find(f"{W}tcPr/{W}tcW") for cell in paragraph.iterancestors(f"{W}tc")]
    known = [int(each.get(f"{W}w", "0")) for each in widths if each is not None]
    return (min(known) - 190) // 220 if known else 0


def nearly_empty(pages: list[Page]) -> list[int]:
    """The pages of an official document that are, but for the last of each of its parts."""
    return [page.number for part in parts_of(pages) for page in part[:-1] if page.fill < THIRD]


def ends_early(docx: bytes, pdf: bytes) -> str:
    """How many lines the page before 署名 left empty, where these are too many."""
    now = layout.signed(docx, pdf)
    return f"{now.left} lines" if now.page > 1 and now.left > SPARE_LINES else ""


def lacks_text(docx: bytes, pdf: bytes) -> bool:
    """Whether 署名 stands without 正文; 纪要 has none, only the date below those who were there."""
    return layout.signature_lacks_text(docx, pdf) and "出席" not in _text(docx)


def _text(docx: bytes) -> str:
    root = parse_xml(read_package(docx)["word/document.xml"])
    return "".join(str(text) for text in root.itertext(f"{W}t"))
