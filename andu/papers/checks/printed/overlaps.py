"""Which characters of a page are printed over each other, so that neither can be read.

Used by ``glyphs``. Two text boxes in one place, and lines closer than they are high, overlap by a good part
of their ink and many times over; neighbours, slanted letters and raised signs do not. Guarantees: what is
one glyph for several characters, a text with its own shadow, and the large pale words behind a page accuse
nobody. Lines that keep apart cost next to nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

Box = tuple[float, float, float, float]
SHARE = 0.25
"""Of the ink of a character that others lie over."""
WHOLE = 0.75
"""The same of one that lies alone over another; with less it is its slanted neighbour."""
TOUCHING = 3
"""Pairs of slanted letters by which a piece of text may reach into the one beside it."""
ALIKE = 5.0
"""How many times larger another may be: a frame, or a word behind the page, is no text beside it."""
MOST = 5000
"""Pieces of text of one page that are compared: a page that has more is not text any more."""


class Ink(NamedTuple):
    """A character, where its ink lies, where it starts, and which piece of text it is drawn with."""

    text: str
    box: Box
    origin: tuple[float, float]
    piece: int


def overlapped(inks: Sequence[Ink]) -> set[int]:
    """Those of one page, by number, that lie over others or under them."""
    covered: dict[int, float] = defaultdict(float)
    for one, other in islice(_near(inks), MOST):
        pairs = [*_pairs(inks, one, other)]
        for first, second, common in pairs:
            for number in (first, second):
                share = common / _area(inks[number].box)
                covered[number] += share if len(pairs) > TOUCHING or share >= WHOLE else 0
    return {number for number, share in covered.items() if share >= SHARE}


def _near(inks: Sequence[Ink]) -> Iterator[tuple[list[int], list[int]]]:
    """Of each two pieces of text that reach into each other, the characters that lie where both are."""
    pieces: dict[int, list[int]] = defaultdict(list)
    for number, ink in enumerate(inks):
        pieces[ink.piece].append(number)
    boxed = sorted(((_around([inks[one].box for one in own]), own) for own in pieces.values()), key=_bottom)
    for at, (box, own) in enumerate(boxed):
        for other, its in boxed[at + 1 :]:
            if other[1] >= box[3]:
                break
            if other[0] < box[2] and other[2] > box[0]:  # most stand beside each other
                both = common_of(box, other)
                if _is_area(both):
                    yield _within(inks, own, both), _within(inks, its, both)


def _within(inks: Sequence[Ink], numbers: list[int], box: Box) -> list[int]:
    return [number for number in numbers if _is_area(common_of(inks[number].box, box))]


def _pairs(inks: Sequence[Ink], own: list[int], its: list[int]) -> Iterator[tuple[int, int, float]]:
    """The characters of two pieces that share ink, and how much."""
    for one in own:
        for other in its:
            both = common_of(inks[one].box, inks[other].box)
            if _is_area(both) and inks[one].text != inks[other].text:
                areas = _area(inks[one].box), _area(inks[other].box)
                if max(areas) < ALIKE * min(areas):
                    yield one, other, _area(both)


def common_of(one: Box, other: Box) -> Box:
    """What two boxes have in common; turned inside out if there is nothing."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _is_area(box: Box) -> bool:
    return box[2] > box[0] and box[3] > box[1]


def _around(boxes: Sequence[Box]) -> Box:
    left, bottom, right, top = zip(*boxes, strict=True)
    return min(left), min(bottom), max(right), max(top)


def _bottom(boxed: tuple[Box, list[int]]) -> float:
    return boxed[0][1]


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
