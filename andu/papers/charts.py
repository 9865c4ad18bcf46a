"""Charts as SVG: pure functions from labels and counts to a drawing that stands inside a page of ours.

Called by the screens of figures, for the screen and for the print. No style, no script, no link inside: only
attributes, so that the policy of the pages holds. Told apart without colour: this period is dark, the one
before light with an outline. Each drawing has a title and says its numbers in words for whoever does not see
it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, SimHei, sans-serif"
INK, SOFT, RULE = "#1d2733", "#51606f", "#d5dce3"
DARK, MIDDLE, LIGHT, EDGE = "#17527a", "#8fb3cc", "#eef2f5", "#51606f"
WIDTH, WIDE, TALL = 380, 800, 190
LABEL, ROOM, SAID = 124, 40, 96
"""Room for the labels on the left, and on the right of bars for a number, of shares for what is said."""
TOP, ROW, BAR = 26, 32, 11
SIZE, SMALL = 14, 12.5
GAP = 6
"""The least room between two labels."""
MOST_NUMBERED = 20
"""So many points of a line carry their numbers; more would run into each other."""


@dataclass(frozen=True)
class Bars:
    """One line of a bar chart."""

    label: str
    now: int
    before: int


@dataclass(frozen=True)
class Shares:
    """One line of a chart of shares: its parts, darkest first, and what stands behind them."""

    label: str
    parts: Sequence[int]
    said: str


def bars(name: str, title: str, rows: Sequence[Bars], now: str, before: str, pitch: int = ROW) -> Markup:
    """Two bars a row ``pitch`` high, this period above the one before. ``name`` is its id on the page."""
    most = max([1, *(max(row.now, row.before) for row in rows)])
    parts = [_legend([(DARK, now), (LIGHT, before)], LABEL)]
    for n, row in enumerate(rows):
        y, bar = TOP + n * pitch, BAR * pitch / ROW
        below = y + bar + 4
        parts += [
            _text(LABEL - 8, y + bar + 6, cut(row.label, LABEL - 12), SIZE, end=True),
            _bar(LABEL, y + 2, _length(row.now, most), DARK, bar),
            _text(LABEL + _length(row.now, most) + 5, y + 6.5 + bar / 2, str(row.now), SMALL, bold=True),
            _bar(LABEL, below, _length(row.before, most), LIGHT, bar),
            _text(
                LABEL + _length(row.before, most) + 5,
                below + 4.5 + bar / 2,
                str(row.before),
                SMALL,
                colour=SOFT,
            ),
        ]
    return _rows(name, title, [f"{r.label}：{now} {r.now}，{before} {r.before}" for r in rows], parts, pitch)


def shares(name: str, title: str, rows: Sequence[Shares], names: Sequence[str], pitch: int = ROW) -> Markup:
    """One bar a row, divided into its parts; ``names`` of the parts, darkest first."""
    colours = (DARK, MIDDLE, LIGHT)
    most = max([1, *(sum(row.parts) for row in rows)])
    parts = [_legend(list(zip(colours, names, strict=True)), LABEL)]
    for n, row in enumerate(rows):
        x, y, bar = float(LABEL), TOP + n * pitch, (BAR + 5) * pitch / ROW
        parts.append(_text(LABEL - 8, y + 10 + bar / 2, cut(row.label, LABEL - 12), SIZE, end=True))
        for colour, part in zip(colours, row.parts, strict=True):
            parts.append(_bar(x, y + 5, _length(part, most, SAID), colour, bar))
            x += _length(part, most, SAID)
        parts.append(_text(x + 5, y + 10 + bar / 2, row.said, SMALL, bold=True))
    words = [
        row.label + "：" + "、".join(f"{one} {part}" for one, part in zip(names, row.parts, strict=True))
        for row in rows
    ]
    return _rows(name, title, words, parts, pitch)


def line(name: str, title: str, rows: Sequence[Bars], now: str, before: str, tall: int = TALL) -> Markup:
    """A line through the counts of this period, a broken one through those of the period before."""
    most = max([1, *(max(row.now, row.before) for row in rows)])
    left, right, top, bottom = 34.0, WIDE - 20.0, 40.0, tall - 26.0
    step = (right - left) / max(1, len(rows) - 1)

    def place(n: int, count: int) -> tuple[float, float]:
        return left + n * step, bottom - (bottom - top) * count / most

    parts = [_legend([(DARK, now), (LIGHT, before)], left)]
    for count in sorted({0, most // 2, most}):
        y = place(0, count)[1]
        parts += [
            _rule(left, y, right, y, RULE),
            _text(left - 6, y + 4, str(count), SMALL, end=True, colour=SOFT),
        ]
    parts += _along([(place(n, 0)[0], row.label) for n, row in enumerate(rows)], tall - 8)
    parts.append(_line([place(n, row.before) for n, row in enumerate(rows)], EDGE, dashed=True))
    parts.append(_line([place(n, row.now) for n, row in enumerate(rows)], DARK))
    for n, row in enumerate(rows) if len(rows) <= MOST_NUMBERED else ():
        x, y = place(n, row.now)
        parts += [_dot(x, y), _text(x, y - 7, str(row.now), SMALL, middle=True, bold=True)]
    words = (f"{row.label}：{now} {row.now}，{before} {row.before}" for row in rows)
    return _drawing(name, title, words, WIDE, tall, parts)


def _along(labels: Sequence[tuple[float, str]], y: float) -> list[Markup]:
    """The labels below a line: the last always, of the others so many that none runs into another."""
    every = -(-len(labels) // 16)
    drawn: list[Markup] = []
    limit = float(WIDE)
    for n in range(len(labels) - 1, -1, -1):
        x, label = labels[n]
        half = measured(label, SMALL) / 2
        x = min(max(x, half), WIDE - half)
        if n < len(labels) - 1 and (n % every or x + half + GAP > limit):
            continue
        limit = x - half
        drawn.append(_text(x, y, label, SMALL, middle=True, colour=SOFT))
    return drawn[::-1]


def cut(text: str, width: float, size: float = SIZE) -> str:
    """As much of a text as goes into a width, with an ellipsis where something is left out."""
    if measured(text, size) <= width:
        return text
    while text and measured(text + "…", size) > width:
        text = text[:-1]
    return text + "…"


def measured(text: str, size: float) -> float:
    """About how wide a text is drawn: Chinese characters are as wide as they are high, others about half."""
    wide = sum(unicodedata.east_asian_width(one) in "WFA" for one in text)
    return size * (wide + 0.58 * (len(text) - wide))


# --- parts of a drawing ---------------------------------------------------------------------------


def _drawing(
    name: str, title: str, words: Iterable[str], width: int, height: int, parts: Sequence[Markup]
) -> Markup:
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{name}-title {name}-words"'
        ' viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' preserveAspectRatio="xMinYMin meet" font-family="{font}">'
        '<title id="{name}-title">{title}</title><desc id="{name}-words">{words}</desc>{parts}</svg>'
    ).format(
        name=name,
        title=title,
        words="；".join(words),
        width=width,
        height=height,
        font=FONT,
        parts=Markup("").join(parts),
    )


def _length(count: int, most: int, room: int = ROOM) -> float:
    return round((WIDTH - LABEL - room) * count / most, 1)


def _bar(x: float, y: float, length: float, colour: str, height: float = BAR) -> Markup:
    if not length:
        return Markup("")
    return Markup(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}" stroke-width="0.8"/>'
    ).format(round(x, 1), y, length, height, colour, EDGE if colour != DARK else DARK)


def _text(
    x: float,
    y: float,
    text: str,
    size: float,
    *,
    end: bool = False,
    middle: bool = False,
    bold: bool = False,
    colour: str = INK,
) -> Markup:
    anchor = "end" if end else "middle" if middle else "start"
    weight = Markup(' font-weight="700"') if bold else Markup("")
    return Markup('<text x="{}" y="{}" font-size="{}" text-anchor="{}" fill="{}"{}>{}</text>').format(
        round(x, 1), round(y, 1), size, anchor, colour, weight, escape(text)
    )


def _legend(items: Sequence[tuple[str, str]], x: float) -> Markup:
    parts = []
    for colour, label in items:
        parts += [_bar(x, 4, 14, colour), _text(x + 19, 14, label, SMALL, colour=SOFT)]
        x += 19 + measured(label, SMALL) + 14
    return Markup("").join(parts)


def _rows(name: str, title: str, words: Sequence[str], parts: Sequence[Markup], pitch: int) -> Markup:
    """A drawing of rows, as many as there are words, along their axis."""
    end = TOP + len(words) * pitch
    return _drawing(name, title, words, WIDTH, end + 4, [*parts, _rule(LABEL, TOP - 2, LABEL, end, EDGE)])


def _rule(x1: float, y1: float, x2: float, y2: float, colour: str) -> Markup:
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="1"/>').format(
        round(x1, 1), round(y1, 1), round(x2, 1), round(y2, 1), colour
    )


def _line(points: Sequence[tuple[float, float]], colour: str, *, dashed: bool = False) -> Markup:
    dash = Markup(' stroke-dasharray="6 4"') if dashed else Markup("")
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return Markup('<polyline points="{}" fill="none" stroke="{}" stroke-width="{}"{}/>').format(
        drawn, colour, 1.4 if dashed else 2.4, dash
    )


def _dot(x: float, y: float) -> Markup:
    return Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3" fill="{}"/>').format(x, y, DARK)
