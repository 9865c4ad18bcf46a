"""A PDF as the checker sees it: words and rows of text, drawn lines, ink of the first page; in millimetres.

Called by ``layout``. Words come from ``pdftotext -bbox-layout``, lines from the drawing operators, the ink of
the first page from its picture, since only ink says where a heading really begins. Positions count from the
top left corner of the paper, pages from 1. Two short programs and one picture: a paper of six pages takes
about a fifth of a second.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree
from pypdf import PdfReader

from andu.papers.checks.layout.strokes import Stroke, strokes_of

MILLIMETRE = 72 / 25.4
TIMEOUT = 30
DPI = 127
"""Five dots to the millimetre."""
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class UnreadablePdf(Exception):
    """No text or no lines can be had from the PDF."""


@dataclass(frozen=True)
class Word:
    """Some characters beside each other. ``top`` and ``bottom`` are those of the face, not of the ink."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def middle(self) -> float:
        """The height at which it stands."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        """The middle between left and right."""
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Line(Word):
    """All words of one height, without the spaces between them."""

    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Band:
    """A stretch of rows of the picture that carry ink."""

    top: float
    bottom: float
    left: float
    right: float


@dataclass(frozen=True)
class PdfPage:
    """One page: its size, its lines of text from the top, its words, its drawn lines."""

    number: int
    width: float
    height: float
    words: Sequence[Word]
    strokes: Sequence[Stroke]

    @cached_property
    def lines(self) -> list[Line]:
        """The words of each height together, from the top."""
        return _lines(self.words)


@dataclass
class Pdf:
    """All that the rules need of the PDF."""

    sheets: list[PdfPage] = field(default_factory=list)
    red: list[Band] = field(default_factory=list)
    """Red ink of the first page, from the top."""
    black: list[Band] = field(default_factory=list)

    @property
    def ink(self) -> list[Band]:
        """Ink of any colour on the first page, from the top."""
        return sorted((*self.red, *self.black), key=lambda band: band.top)

    @property
    def lines(self) -> list[Line]:
        """The lines of all pages, in order."""
        return [line for sheet in self.sheets for line in sheet.lines]


def read_pdf(pdf: bytes, with_ink: bool = True) -> Pdf:
    """The PDF, read; raises ``UnreadablePdf``."""
    xml = _CONTROLS.sub(b"", _run(["pdftotext", "-bbox-layout", "-", "-"], pdf))
    pages = list(etree.fromstring(xml, etree.XMLParser(huge_tree=False, recover=True)).iter("{*}page"))
    drawn = [strokes_of(page) for page in PdfReader(io.BytesIO(pdf)).pages]
    if not pages or len(pages) != len(drawn):
        raise UnreadablePdf
    found = Pdf([_sheet(*each) for each in zip(range(1, len(pages) + 1), pages, drawn, strict=True)])
    if with_ink:
        found.red, found.black = _ink(pdf)
    return found


def _run(command: list[str], pdf: bytes) -> bytes:
    try:
        return subprocess.run(
            command, input=pdf, capture_output=True, check=True, timeout=TIMEOUT, env={"PATH": os.defpath}
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise UnreadablePdf from error


def _sheet(number: int, page: etree._Element, strokes: list[Stroke]) -> PdfPage:
    width, height = (float(page.get(side)) / MILLIMETRE for side in ("width", "height"))
    words = []
    for word in page.iter("{*}word"):
        left, top, right, bottom = (
            float(word.get(side)) / MILLIMETRE for side in ("xMin", "yMin", "xMax", "yMax")
        )
        if (word.text or "").strip():
            words.append(Word(number, left, top, right, bottom, word.text.strip()))
    return PdfPage(number, width, height, words, strokes)


def _lines(words: Sequence[Word]) -> list[Line]:
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.middle, word.left)):
        # a smaller word in a line of larger ones stands within them
        if rows and abs(word.middle - rows[-1][0].middle) < 0.25 * (word.bottom - word.top):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [_line(sorted(row, key=lambda word: word.left)) for row in rows]


def _line(row: list[Word]) -> Line:
    return Line(
        row[0].page,
        row[0].left,
        min(word.top for word in row),
        max(word.right for word in row),
        max(word.bottom for word in row),
        "".join(word.text for word in row),
        tuple(row),
    )


_STRONG = bytes(value > 150 for value in range(256))
_WEAK = bytes(value < 110 for value in range(256))


def _ink(pdf: bytes) -> tuple[list[Band], list[Band]]:
    """The red and the black bands of the first page."""
    picture = _run(["pdftoppm", "-r", str(DPI), "-f", "1", "-l", "1", "-"], pdf)
    try:
        _kind, size, _depth, pixels = picture.split(b"\n", 3)
        width, height = map(int, size.split())
    except ValueError as error:
        raise UnreadablePdf from error
    red: list[tuple[int, int, int]] = []
    black: list[tuple[int, int, int]] = []
    for y in range(height):
        row = pixels[y * width * 3 : (y + 1) * width * 3]
        green = row[1::3]
        if not green or min(green) >= 110:
            continue
        strong, weak = row[0::3].translate(_STRONG), green.translate(_WEAK)
        for found, mask in ((red, strong), (black, strong.translate(_NOT))):
            both = int.from_bytes(mask, "little") & int.from_bytes(weak, "little")
            if both:
                found.append((y, ((both & -both).bit_length() - 1) // 8, (both.bit_length() - 1) // 8))
    return list(_bands(red)), list(_bands(black))


_NOT = bytes(1 - min(value, 1) for value in range(256))


def _bands(rows: list[tuple[int, int, int]]) -> Iterator[Band]:
    dot = 25.4 / DPI
    start = 0
    for at, row in enumerate(rows):
        if at + 1 < len(rows) and rows[at + 1][0] == row[0] + 1:
            continue
        part = rows[start : at + 1]
        left, right = min(each[1] for each in part), max(each[2] for each in part) + 1
        yield Band(part[0][0] * dot, (row[0] + 1) * dot, left * dot, right * dot)
        start = at + 1
