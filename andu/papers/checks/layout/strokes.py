"""The straight lines that a page of a PDF draws: red rule, 版记 rules, table lines, with their widths.

Called by ``reading_pdf``. It follows the few drawing operators that lines and filled bars are made of, and
skips all else. A content stream that is broken yields what could be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pypdf import PageObject

_POINT = 25.4 / 72
_TOKEN = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>|/?[^\s\[\]()<>/]+|[\[\]]")
_WORDS = b"(</[]"
"""How what is said of text, and names, begin: they draw nothing."""
_THIN = 2.0
"""A filled bar of this many millimetres or less is a line."""
Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Stroke:
    """A line along the page or down it: its ends, its width, all in millimetres; whether it is red."""

    left: float
    top: float
    right: float
    bottom: float
    width: float
    is_red: bool

    @property
    def is_horizontal(self) -> bool:
        """Whether it runs along the page."""
        return self.right - self.left > self.bottom - self.top

    @property
    def length(self) -> float:
        """Millimetres from end to end."""
        return max(self.right - self.left, self.bottom - self.top)

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return (self.top + self.bottom) / 2


@dataclass
class _Pen:
    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    width: float = 1
    stroke_red: bool = False
    fill_red: bool = False


@dataclass
class _Drawing:
    pen: _Pen = field(default_factory=_Pen)
    saved: list[_Pen] = field(default_factory=list)
    path: list[tuple[float, float]] = field(default_factory=list)


def strokes_of(page: PageObject) -> list[Stroke]:
    """The straight lines of a page, from the top, each once."""
    content = page.get_contents()
    height = float(page.mediabox.height)
    drawing = _Drawing()
    numbers: list[float] = []
    found: list[Stroke] = []
    for token in _TOKEN.findall(b"" if content is None else content.get_data()):
        if token[0] in _WORDS:
            numbers = []
            continue
        try:
            numbers.append(float(token))
            continue
        except ValueError:
            pass
        try:
            found += _step(drawing, token, numbers, height)
        except (IndexError, ValueError):
            drawing.path = []
        numbers = []
    return sorted(dict.fromkeys(found), key=lambda line: (line.top, line.left, line.width))


def _step(drawing: _Drawing, operator: bytes, numbers: list[float], height: float) -> Iterator[Stroke]:
    pen = drawing.pen
    if operator in _SETTERS:
        _SETTERS[operator](drawing, numbers)
    elif operator in (b"m", b"l"):
        if operator == b"m":
            drawing.path = []
        drawing.path.append(_placed(pen.matrix, numbers[-2], numbers[-1]))
    elif operator == b"re":
        x, y, width, tall = numbers[-4:]
        drawing.path = [_placed(pen.matrix, *corner) for corner in ((x, y), (x + width, y + tall))]
    elif operator in (b"S", b"s"):
        yield from _stroked(drawing, height)
    elif operator in (b"f", b"F", b"f*"):
        yield from _filled(drawing, height)
    elif operator == b"n":
        drawing.path = []


def _stroked(drawing: _Drawing, height: float) -> Iterator[Stroke]:
    path, pen = drawing.path, drawing.pen
    for (x1, y1), (x2, y2) in zip(path, path[1:], strict=False):
        if min(abs(x1 - x2), abs(y1 - y2)) < 0.5:
            half = pen.width * abs(pen.matrix[0] or 1) / 2
            yield _between(x1, y1, x2, y2, half, height, pen.stroke_red)
    drawing.path = []


def _filled(drawing: _Drawing, height: float) -> Iterator[Stroke]:
    xs, ys = [x for x, _y in drawing.path], [y for _x, y in drawing.path]
    drawing.path = []
    if xs and 0 < min(max(xs) - min(xs), max(ys) - min(ys)) * _POINT <= _THIN:
        yield _between(min(xs), min(ys), max(xs), max(ys), 0, height, drawing.pen.fill_red)


def _between(x1: float, y1: float, x2: float, y2: float, half: float, height: float, is_red: bool) -> Stroke:
    left, right, low, high = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
    if right - left > high - low:
        low, high = low - half, high + half
        width = high - low
    else:
        left, right = left - half, right + half
        width = right - left
    left, top, right, bottom, width = (
        round(side * _POINT, 3) for side in (left, height - high, right, height - low, width)
    )
    return Stroke(left, top, right, bottom, width, is_red)


def _placed(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _save(drawing: _Drawing, _numbers: list[float]) -> None:
    drawing.saved.append(_Pen(**vars(drawing.pen)))


def _restore(drawing: _Drawing, _numbers: list[float]) -> None:
    drawing.pen = drawing.saved.pop()


def _turn(drawing: _Drawing, numbers: list[float]) -> None:
    a, b, c, d, e, f = numbers[-6:]
    m = drawing.pen.matrix
    x, y = _placed(m, e, f)
    drawing.pen.matrix = (
        a * m[0] + b * m[2], a * m[1] + b * m[3], c * m[0] + d * m[2], c * m[1] + d * m[3], x, y,
    )  # fmt: skip


def _widen(drawing: _Drawing, numbers: list[float]) -> None:
    drawing.pen.width = numbers[-1]


def _stroke_colour(drawing: _Drawing, numbers: list[float]) -> None:
    drawing.pen.stroke_red = _red(numbers)


def _fill_colour(drawing: _Drawing, numbers: list[float]) -> None:
    drawing.pen.fill_red = _red(numbers)


def _red(numbers: list[float]) -> bool:
    return len(numbers) == 3 and numbers[0] > 0.6 and max(numbers[1:]) < 0.35


_SETTERS = {
    b"q": _save,
    b"Q": _restore,
    b"cm": _turn,
    b"w": _widen,
    b"RG": _stroke_colour,
    b"G": _stroke_colour,
    b"rg": _fill_colour,
    b"g": _fill_colour,
}
