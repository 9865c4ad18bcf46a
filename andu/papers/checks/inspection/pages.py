"""The pages of a docx are pages: large enough that a text does not become thousands of them.

Used by ``inspection``. A page of a few millimetres makes a long answer keep the converter busy for minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask_babel import gettext as _
from lxml import etree

from andu.papers.checks.inspection.danger import Danger

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SHORT, _LONG = 8_300, 11_800
"""Twips: the sides of A5, less what programs round."""
_LARGEST = 31_680
"""Twips: Word's own limit for a side, 22 inches."""
_LEAST = 2_835
"""Twips that the margins leave for the text in each direction: 5 cm."""
_LETTER = ("12240", "15840")
_INCH = "1440"
_NUMBER = re.compile(r"-?[0-9]{1,6}(\.[0-9]*)?")


def judge_pages(name: str, root: etree._Element) -> Iterator[Danger]:
    """Pages of one part that nobody would print on."""
    for section in root.iter(f"{_W}sectPr"):
        try:
            is_page = _is_page(section)
        except ValueError:
            is_page = False
        if not is_page:
            yield Danger(_("页面小于 A5、大得出奇，或者页边距不正常，请在“页面设置”里改正。"), name)


def _is_page(section: etree._Element) -> bool:
    size, margins = section.find(f"{_W}pgSz"), section.find(f"{_W}pgMar")
    width, height = (_twips(size, key, least) for key, least in zip("wh", _LETTER, strict=True))
    sides = ("left", "right", "gutter"), ("top", "bottom")
    taken = [sum(abs(_twips(margins, key, _usual(key))) for key in keys) for keys in sides]
    return (
        min(width, height) >= _SHORT
        and _LONG <= max(width, height) <= _LARGEST
        and min(width - taken[0], height - taken[1]) >= _LEAST
    )


def _usual(key: str) -> str:
    return "0" if key == "gutter" else _INCH


def _twips(element: etree._Element | None, key: str, usual: str) -> float:
    """A length of an attribute; ``ValueError`` where it is no number."""
    text = usual if element is None else element.get(f"{_W}{key}") or usual
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return float(text)
