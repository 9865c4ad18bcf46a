"""Where on the made page each character of a paper's paragraphs stands.

Used by ``fitting.tears`` and ``fitting.rows``. The docx says which paragraphs there are and which characters
they hold; ``checks.printed`` finds these again among the characters of the PDF. Guarantees: a paragraph that
is not wholly found has no places, and nothing is moved on its account.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from andu.papers.checks.printed.expected import BODY, Text, Value
from andu.papers.checks.printed.glyphs import Glyph, bare, glyphs_of
from andu.papers.checks.printed.matching import Print, located, wanted
from andu.papers.template.grids import W

SAME_LINE = 3.0
"""Points between the heights of two characters of a line: a raised sign is one of its line."""
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


@dataclass(frozen=True)
class Stretch:
    """Characters of a paragraph beside each other: from which to which, page, height, ends; in points."""

    start: int
    end: int
    page: int
    base: float
    left: float
    right: float


@dataclass(frozen=True)
class Standing:
    """A paragraph: which one of the body it is, its text, and for each character where it stands."""

    number: int
    element: etree._Element
    text: str
    places: tuple[Glyph | None, ...]
    ends: frozenset[int] = frozenset()
    tabs: frozenset[int] = frozenset()
    """Before which characters the paper itself ends a line, and before which it has a tab."""

    @property
    def last_page(self) -> int:
        """The page on which it ends; 0 where it was not found."""
        return self.lines[-1].page if self.lines else 0

    @cached_property
    def lines(self) -> list[Stretch]:
        """Its lines on the page; none where it was not found."""
        found: list[Stretch] = []
        start, last = 0, None
        for at, glyph in enumerate(self.places):
            if glyph is not None and last is not None and not _is_beside(last, glyph):
                found.append(self._line(start, at))
                start = at
            last = glyph or last
        return [*found, self._line(start, len(self.text))] if last else []

    def _line(self, start: int, end: int) -> Stretch:
        shown = [glyph for glyph in self.places[start:end] if glyph is not None]
        left, right = min(one.left for one in shown), max(one.right for one in shown)
        return Stretch(start, end, shown[0].page, shown[0].base, left, right)


def _is_beside(one: Glyph, other: Glyph) -> bool:
    return one.page == other.page and abs(one.base - other.base) < SAME_LINE


def paragraphs_of(root: etree._Element) -> list[etree._Element]:
    """The paragraphs of the body in order, those of its tables among them."""
    return [
        each
        for each in root.iterfind(f"{W}body//{W}p")
        if next(each.iterancestors(_FALLBACK, f"{W}txbxContent"), None) is None
    ]


def texts_in(paragraph: etree._Element) -> list[etree._Element]:
    """The ``w:t`` of a paragraph, in order."""
    return [
        each
        for each in paragraph.iter(f"{W}t")
        if next(each.iterancestors(f"{W}p")) is paragraph
        and next(each.iterancestors(_FALLBACK), None) is None
    ]


def standing(root: etree._Element, pdf: bytes, most: int = 0) -> list[Standing]:
    """Each paragraph with text, and where it stands; none of a paper of more than ``most`` pages.

    Raises ``Unreadable``.
    """
    print_ = Print(glyphs_of(pdf))
    if most and len(print_.ends) > most:
        return []
    elements = list(enumerate(paragraphs_of(root)))
    texts = ["".join(text.text or "" for text in texts_in(element)) for _number, element in elements]
    asked = [Text(text, (Value(0, len(text), ()),), BODY) for text in texts]
    found = [
        Standing(
            *elements[number],
            texts[number],
            tuple(_spread(texts[number], places, print_.glyphs)),
            *(frozenset(_marks(elements[number][1], marks)) for marks in (("br", "cr"), ("tab",))),
        )
        for number, _value, places, _missing in located([wanted(one) for one in asked], print_)
        if texts[number].strip()
    ]
    return sorted(found, key=lambda one: one.number)


def _marks(paragraph: etree._Element, names: Sequence[str]) -> Iterator[int]:
    at = 0
    for each in paragraph.iterfind(f"{W}r/*"):
        if each.tag == f"{W}t":
            at += len(each.text or "")
        elif each.tag in [f"{W}{name}" for name in names]:
            yield at


def _spread(text: str, places: Sequence[int], glyphs: Sequence[Glyph]) -> Iterator[Glyph | None]:
    """For each character of the text the one that shows it; a space has that of nobody."""
    if len(places) != len(bare(text)):
        yield from [None] * len(text)
        return
    at = 0
    for character in text:
        size = len(bare(character))
        yield glyphs[places[at]] if size else None
        at += size
