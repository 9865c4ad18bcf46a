"""The characters of a PDF one by one, each with what keeps it from being read: clipped, unseen, overlapped.

Called by ``printed``. pdfium says which character each glyph is, where its ink lies, what clips it and in
which colour it is drawn; the picture of the page says whether there is ink where there should be. Guarantees:
characters come in the order they are drawn, page by page; spaces and signs without ink are left out. pdfium
is for one thread at a time: so is this.
"""

from __future__ import annotations

import ctypes
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import hypot

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from andu.papers.checks.printed.overlaps import Box, Ink, common_of, overlapped
from andu.papers.radicals import CHARACTERS

CLIPPED, OUTSIDE, UNSEEN, TINY, OVERLAPPED = "clipped", "outside", "unseen", "tiny", "overlapped"
VISIBLE_SHARE = 0.8
"""Of a glyph's ink: a stroke may touch the edge of a cell."""
SMALLEST = 4.5
"""Points: below five nobody reads anything on paper, and LibreOffice rounds."""
NARROW = 0.26
"""Of its usual width, to which a character is squeezed."""
SCALE = 1.5
"""Dots a point, of the picture in which ink is looked for."""
CONTRAST, NEAR = 40, 110
"""Steps of grey between ink and paper, and between the ink and the colour it should have."""
THIN = 8
"""Dots of a sign whose ink the picture blurs."""
SAME_LINE = 0.2
"""Points between two characters of a line."""
DARK = 128
LINE = 3.0
"""Points: what is thinner is a line of a table and hides nothing."""
HIGH = 0xD800
"""The first half of the first character beyond U+FFFF."""
MODES = (3, 7)
"""How text is drawn that leaves no ink: not at all, or as a clip."""

_NO_INK = ("Cc", "Cf", "Cs", "Mn", "Me", "Zs", "Zl", "Zp")

_LOCK = threading.Lock()


@dataclass(frozen=True)
class Glyph:
    """A character as both sides write it (``bare``), its page from 1, and what is wrong with it ("").

    ``left``, ``right``: where its ink begins and ends; ``base``: its line above the foot of the page. Points.
    """

    text: str
    page: int
    flaw: str = ""
    left: float = 0
    right: float = 0
    base: float = 0


class Unreadable(Exception):
    """pdfium cannot read the PDF."""


def bare(text: str) -> str:
    """The text as it is compared: no spaces, no signs without ink, one form of each character."""
    return "".join(map(_bare, text))


@lru_cache(maxsize=65536)
def _bare(character: str) -> str:
    character = chr(CHARACTERS.get(ord(character), ord(character)))
    known = unicodedata.normalize("NFKD", character).casefold()
    return "".join(one for one in known if unicodedata.category(one) not in _NO_INK)


@lru_cache(maxsize=4)
def glyphs_of(pdf: bytes) -> tuple[Glyph, ...]:
    """The characters of all pages. Raises ``Unreadable``. A page is read by several, one after another."""
    with _LOCK:
        try:
            document = pdfium.PdfDocument(pdf)
        except pdfium.PdfiumError as error:
            raise Unreadable(str(error)) from error
        try:
            pages = (_Page(document[number], number + 1) for number in range(len(document)))
            return tuple(glyph for page in pages for glyph in page)
        finally:
            document.close()


class _Page:
    """One page while it is read."""

    def __init__(self, page: pdfium.PdfPage, number: int) -> None:
        self._page, self._number = page, number
        self._text = page.get_textpage()
        self._paper: Box = page.get_cropbox()
        self._drawn: dict[int, tuple[Box, str, int | None]] = {}
        self._covers = list(_covers(page))

    def __iter__(self) -> Iterator[Glyph]:
        """In reading order: characters of another face are drawn after the rest of their line."""
        line: list[tuple[float, Glyph]] = []
        height = 0.0
        for ink, flaw in self._legible():
            x, y = ink.origin
            if line and abs(y - height) > SAME_LINE:
                yield from _in_line(line)
                line = []
            height = y
            line.append((x, Glyph(ink.text, self._number, flaw, ink.box[0], ink.box[2], y)))
        yield from _in_line(line)

    def _legible(self) -> list[tuple[Ink, str]]:
        """The characters in the order they are drawn, with their flaws."""
        drawn = list(self._characters())
        seen = [number for number, (ink, flaw) in enumerate(drawn) if not flaw and _area(ink.box) > 0]
        for place in overlapped([drawn[number][0] for number in seen]):
            drawn[seen[place]] = drawn[seen[place]][0], OVERLAPPED
        return drawn

    def _characters(self) -> Iterator[tuple[Ink, str]]:
        x, y = ctypes.c_double(), ctypes.c_double()
        left, right, bottom, top = (ctypes.c_double() for _side in range(4))
        for at in range(self._text.count_chars()):
            text = _bare(chr(self._code(at)))
            if text:
                raw.FPDFText_GetCharOrigin(self._text, at, x, y)
                raw.FPDFText_GetCharBox(self._text, at, left, right, bottom, top)
                drawn, box = (
                    raw.FPDFText_GetTextObject(self._text, at),
                    (left.value, bottom.value, right.value, top.value),
                )
                piece = ctypes.addressof(drawn.contents) if drawn else 0
                yield Ink(text, box, (x.value, y.value), piece), self._flaw(drawn, piece, at, box)

    def _code(self, at: int) -> int:
        """The character; pdfium gives one beyond U+FFFF as two, of which the second counts as none."""
        code = int(raw.FPDFText_GetUnicode(self._text, at))
        if code >> 10 != HIGH >> 10:
            return code
        return 0x10000 + ((code - HIGH) << 10) + (int(raw.FPDFText_GetUnicode(self._text, at + 1)) & 0x3FF)

    def _flaw(self, drawn: raw.FPDF_PAGEOBJECT, piece: int, at: int, box: Box) -> str:
        if not piece:
            return ""
        if piece not in self._drawn:
            self._drawn[piece] = self._how(drawn)
        clip, flaw, grey = self._drawn[piece]
        if flaw:
            return flaw
        if _area(box) <= 0:
            return ""
        if not _is_within(box, clip):
            if _share(box, self._paper) < VISIBLE_SHARE:
                return OUTSIDE
            if _share(box, clip) < VISIBLE_SHARE:
                return CLIPPED
        # dark words on bare paper need no picture to be seen
        is_plain = (
            grey is not None and grey <= DARK and all(_area(common_of(box, one)) <= 0 for one in self._covers)
        )
        return "" if is_plain or self._has_ink(box, grey) else UNSEEN

    def _how(self, drawn: raw.FPDF_PAGEOBJECT) -> tuple[Box, str, int | None]:
        """What clips a piece of text, what is wrong with all of it, and its grey."""
        flaw = ""
        if raw.FPDFTextObj_GetTextRenderMode(drawn) in MODES:
            flaw = UNSEEN
        size, matrix = ctypes.c_float(), raw.FS_MATRIX()
        raw.FPDFTextObj_GetFontSize(drawn, size)
        raw.FPDFPageObj_GetMatrix(drawn, matrix)
        wide, high = hypot(matrix.a, matrix.b), hypot(matrix.c, matrix.d)
        if size.value * high < SMALLEST or wide < NARROW * high:
            flaw = flaw or TINY
        red, green, blue, alpha = (ctypes.c_uint() for _part in range(4))
        raw.FPDFPageObj_GetFillColor(drawn, red, green, blue, alpha)
        if alpha.value == 0:
            flaw = flaw or UNSEEN
        grey = (red.value * 299 + green.value * 587 + blue.value * 114) // 1000
        return _clip_of(drawn, self._paper), flaw, grey if alpha.value == 255 else None

    @cached_property
    def _picture(self) -> tuple[bytes, int]:
        """The page in grey, and the dots of its rows. It also sets how wide and high it is."""
        bitmap = self._page.render(scale=SCALE, grayscale=True)
        self._width, self._height = bitmap.width, bitmap.height
        return bytes(bitmap.buffer), bitmap.stride

    def _has_ink(self, box: Box, grey: int | None) -> bool:
        """The picture has something of this grey where the character stands, and something else around it."""
        left, bottom, right, top = box
        ink, stride = self._picture
        x0 = max(0, int((left - self._paper[0]) * SCALE) - 1)
        x1 = min(self._width, int((right - self._paper[0]) * SCALE) + 2)
        y0 = max(0, int((self._paper[3] - top) * SCALE) - 1)
        y1 = min(self._height, int((self._paper[3] - bottom) * SCALE) + 2)
        dots = b"".join(ink[y * stride + x0 : y * stride + x1] for y in range(y0, y1))
        if not dots:
            return True
        darkest, lightest = min(dots), max(dots)
        if grey is None or min(right - left, top - bottom) * SCALE < THIN:
            return lightest - darkest >= CONTRAST // 2
        return lightest - darkest >= CONTRAST and min(abs(darkest - grey), abs(lightest - grey)) <= NEAR


def _covers(page: pdfium.PdfPage) -> Iterator[Box]:
    """Where something else than words is drawn that may hide them, or darken what is behind them."""
    box = [ctypes.c_float() for _side in range(4)]
    for at in range(raw.FPDFPage_CountObjects(page)):
        drawn = raw.FPDFPage_GetObject(page, at)
        kind = raw.FPDFPageObj_GetType(drawn)
        if kind == raw.FPDF_PAGEOBJ_TEXT or not raw.FPDFPageObj_GetBounds(drawn, *box):
            continue
        left, bottom, right, top = (side.value for side in box)
        if min(right - left, top - bottom) > LINE and (kind != raw.FPDF_PAGEOBJ_PATH or _is_filled(drawn)):
            yield left, bottom, right, top


def _is_filled(path: raw.FPDF_PAGEOBJECT) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    return bool(raw.FPDFPath_GetDrawMode(path, fill, stroke)) and fill.value != raw.FPDF_FILLMODE_NONE


def _in_line(line: list[tuple[float, Glyph]]) -> Iterator[Glyph]:
    return (glyph for _x, glyph in sorted(line, key=lambda each: each[0]))


def _clip_of(drawn: raw.FPDF_PAGEOBJECT, paper: Box) -> Box:
    """The rectangle outside of which nothing of this object is drawn."""
    clip, found = raw.FPDFPageObj_GetClipPath(drawn), paper
    for path in range(max(raw.FPDFClipPath_CountPaths(clip), 0) if clip else 0):
        points = []
        for number in range(raw.FPDFClipPath_CountPathSegments(clip, path)):
            x, y = ctypes.c_float(), ctypes.c_float()
            raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(clip, path, number), x, y)
            points.append((x.value, y.value))
        if points:
            across, up = zip(*points, strict=True)
            found = common_of(found, (min(across), min(up), max(across), max(up)))
    return found


def _is_within(box: Box, other: Box) -> bool:
    return box[0] >= other[0] and box[1] >= other[1] and box[2] <= other[2] and box[3] <= other[3]


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _share(box: Box, within: Box) -> float:
    return _area(common_of(box, within)) / _area(box)
