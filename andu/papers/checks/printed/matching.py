"""Finding the texts of a paper again among the characters of its PDF: which characters show which value.

Called by ``printed``. A character is taken once: two values that are the same need two places. Long texts
choose first, since they are where they are; short ones take what is left, in the order of the pages where
that can be told. A text that goes on over the foot of a page, into the next cell of a column, or around
something that stands in it is found in pieces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from andu.papers.checks.printed.expected import BODY, Text
from andu.papers.checks.printed.glyphs import Glyph, bare

SHORT = 2
"""Characters of a text that may stand anywhere: it counts only between its neighbours."""
PIECE = 4
"""Characters that a piece has at least, where a text is interrupted on one page."""
ALIKE = 3
"""Characters at the end of a page that may by chance go on as the text does."""
TAKEN = "\0"

Places = list[int]
"""Positions in ``Print.text``, one for each character."""


@dataclass(frozen=True)
class Wanted:
    """A text as it is looked for, and where in it each value stands."""

    text: str
    values: tuple[tuple[int, int], ...]
    story: str


def wanted(text: Text) -> Wanted:
    """The text without spaces; its values keep their places."""
    before = [0]
    for character in text.text:
        before.append(before[-1] + len(bare(character)))
    values = tuple((before[one.start], before[one.end]) for one in text.values)
    return Wanted(bare(text.text), values, text.story)


class Print:
    """The characters of a PDF, and which are taken."""

    def __init__(self, glyphs: Sequence[Glyph]) -> None:
        self.glyphs = [glyph for glyph in glyphs for _part in glyph.text]
        self.text = "".join(glyph.text for glyph in glyphs)
        """What is still free; NUL where a character is taken."""
        self.ends = [
            at + 1
            for at, glyph in enumerate(self.glyphs)
            if at + 1 == len(self.glyphs) or self.glyphs[at + 1].page != glyph.page
        ]

    def take(self, places: Places) -> Places:
        """These characters show something now."""
        start = 0
        while start < len(places):
            first, end = places[start], start + 1
            while end < len(places) and places[end] == first + end - start:
                end += 1
            self.text = f"{self.text[:first]}{TAKEN * (end - start)}{self.text[first + end - start :]}"
            start = end
        return places

    def whole(self, text: str, start: int = 0, end: int | None = None) -> Places:
        """Where all of the text stands in one piece, free, from ``start`` on; nowhere: nothing."""
        at = self.text.find(text, start, len(self.text) if end is None else end) if text else -1
        return list(range(at, at + len(text))) if at >= 0 else []

    def over_pages(self, text: str) -> Places:
        """The same, going on from page to page: with the foot of one and the head of the next in between.

        In as few pieces as may be: a character or two stand at the end of any page by chance.
        """
        best: tuple[int, Places] = (len(self.ends) + 1, [])
        for page in range(len(self.ends) - 1):
            first = self._longest(text, *self._page(page))
            for length in range(first, max(first - ALIKE, 0), -1):
                pieces, places = self._from_page(text, page, length)
                if places and pieces < best[0]:
                    best = pieces, places
        return best[1]

    def _from_page(self, text: str, page: int, length: int) -> tuple[int, Places]:
        """The text with so many characters on this page and the rest on those that follow at once."""
        places: Places = []
        first = page
        while text and length and page < len(self.ends):
            places += self.whole(text[:length], *self._page(page))
            text, page = text[length:], page + 1
            length = self._longest(text, *self._page(page)) if text and page < len(self.ends) else 0
        return page - first, ([] if text else places)

    def _page(self, number: int) -> tuple[int, int]:
        return (self.ends[number - 1] if number else 0), self.ends[number]

    def in_pieces(self, text: str, start: int = 0) -> tuple[Places, str]:
        """As much of the text as stands there, piece after piece; and what does not."""
        places: Places = []
        while text:
            length = self._longest(text, start, len(self.text))
            if not length or (length < PIECE and length < len(text)):
                break
            places += self.whole(text[:length], start)
            start, text = places[-1] + 1, text[length:]
        return places, text

    def _longest(self, text: str, start: int, end: int) -> int:
        """How many of its first characters stand together there, free."""
        low, high = 0, min(len(text), end - start)
        while low < high:
            middle = (low + high + 1) // 2
            if self.text.find(text[:middle], start, end) >= 0:
                low = middle
            else:
                high = middle - 1
        return low


def located(texts: Sequence[Wanted], print_: Print) -> Iterator[tuple[int, int, Places, str]]:
    """For each value: number of its text, its own number, its characters on the pages, what is missing."""
    found: dict[int, Places] = {}
    for number in sorted(range(len(texts)), key=lambda each: -len(texts[each].text)):
        one = texts[number]
        start, end = _between(number, texts, found, print_)
        places = print_.whole(one.text, start, end)
        if not places and not (one.story == BODY and len(one.text) <= SHORT):
            places = print_.whole(one.text) or print_.over_pages(one.text)
        if places:
            found[number] = print_.take(places)
    for number, one in enumerate(texts):
        for each, (begin, end) in enumerate(one.values):
            if number in found:
                yield number, each, found[number][begin:end], ""
            else:
                yield number, each, *_alone(one.text[begin:end], print_)


def _alone(text: str, print_: Print) -> tuple[Places, str]:
    """A value whose surroundings are not as in the docx: by itself."""
    places = print_.whole(text) or print_.over_pages(text)
    if places:
        return print_.take(places), ""
    places, missing = print_.in_pieces(text)
    return print_.take(places), missing


def _between(
    number: int, texts: Sequence[Wanted], found: dict[int, Places], print_: Print
) -> tuple[int, int]:
    """Between which characters a text must stand: after what is before it in the docx, and so on."""
    if texts[number].story != BODY:
        return 0, len(print_.text)
    before = next(
        (found[at][-1] + 1 for at in range(number - 1, -1, -1) if at in found and texts[at].story == BODY), 0
    )
    after = next(
        (found[at][0] for at in range(number + 1, len(texts)) if at in found and texts[at].story == BODY),
        len(print_.text),
    )
    return (before, after) if before < after else (0, len(print_.text))
