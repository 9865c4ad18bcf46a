"""Where a long title breaks: only between words, in a balanced shape (GB/T 9704—2012, 7.3.1).

The filter ``title_lines`` calls it. A title is cut into words; what may not be torn apart is joined
again; then the cheapest way of setting those pieces into as few lines as possible is taken. Guarantees: no
line starts with 的 or a closing mark or ends with an opening one, the name of the kind stays whole with its
的, and every character arrives in its order. Lines that grow, shrink, or swell to the middle (梯形, 菱形) are
cheap; those that are widest at both ends, and equal ones, are not. Breaks typed by the clerk are kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from unicodedata import east_asian_width

from flask_babel import gettext as _
from jinja2.exceptions import FilterArgumentError

from andu.papers.template.words import cut, learn

LINE_LENGTHS = range(10, 31)
"""Beyond these the search for a shape takes too long, or there is no title to shape."""
PER_LINE = 19
"""Characters of 二号 in a line of 156 mm, which would take 20: a title does not reach both margins."""

_OPENING, _CLOSING = "《“‘（〔「『【", "》”’）〕」』】、，。；：！？—…"
_LEANING, _HOLDING = f"的等之{_CLOSING}", f"等{_OPENING}"
"""What stays with the word before it, and with the word after it."""
_KINDS = (
    "决议|决定|命令|公报|公告|通告|意见|通知|通报|报告|请示|批复|议案|函|纪要"
    "|方案|计划|规划|要点|办法|规定|细则|总结|名单|清单|制度|台账"
)
"""The kinds of documents, and what is printed and distributed by them."""
_TAIL = re.compile(rf"的[^的《》“”]{{0,6}}?(?:{_KINDS})$")
"""A title's kind with its 的: 的通知, 的实施方案."""
_TYPED = re.compile(r"[ \t\u3000]*\n[ \t\u3000\n]*|(?<=[^\x00-\x7f])[ \u3000]+(?=[^\x00-\x7f])")
"""A break typed by hand: a line end, or a space between Chinese characters, where none belongs otherwise."""

_IN_NAME, _IN_BRACKETS, _EQUAL, _WRONG_SHAPE, _LINE = 60, 30, 12, 150, 100
"""What is undesirable, in units of one square character of unevenness."""


def keep_whole(words: Path) -> None:
    """Learn the words of an office's own work from a file, one a line; ``#`` begins a remark.

    Called once when the office is opened. No file means no such words.
    """
    if words.exists():
        for line in words.read_text("utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                learn(line.strip())
    _shaped.cache_clear()


MOST_LINES = 6
"""What is longer is no title and breaks where the line is full: finding its best shape would take seconds."""


def shape(title: str, per_line: int = PER_LINE) -> list[str]:
    """The lines of a title, each at most ``per_line`` full-width characters where its words allow it.

    A title of more than ``MOST_LINES`` lines stays in one piece.
    """
    return list(_shaped(title.strip(), per_line))


# the same title is set for the preview, before the number, and when the paper is filed
@lru_cache(maxsize=256)
def _shaped(title: str, per_line: int) -> tuple[str, ...]:
    typed = _TYPED.split(title)
    if len(typed) > 1:
        return tuple(typed)
    room = 2 * per_line
    if _width(title) <= room or _width(title) > MOST_LINES * room:
        return (title,)
    return tuple(_Setting(_pieces(title), room).lines())


def title_lines(title: str, per_line: int = PER_LINE) -> str:
    """The title with a line end wherever it shall break; ``per_line`` full-width characters, 10 to 30."""
    if type(per_line) is not int or per_line not in LINE_LENGTHS:
        raise FilterArgumentError(
            _("每行的字数要在 %(least)s 到 %(most)s 之间", least=LINE_LENGTHS[0], most=LINE_LENGTHS[-1])
        )
    return "\n".join(shape(title, per_line))


def one_line(title: str) -> str:
    """The title without the breaks typed by hand."""
    return _TYPED.sub("", title.strip())


def _width(text: str) -> int:
    """In half characters."""
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)


def _pieces(title: str) -> list[str]:
    """The words of the title, with what must stay beside them."""
    tail = _TAIL.search(title)
    start = tail.start() if tail else len(title)
    pieces: list[str] = []
    for word in (*cut(title[:start]), title[start:]):
        if pieces and (word[:1] in _LEANING or pieces[-1][-1] in _HOLDING or not word.strip()):
            pieces[-1] += word
        elif word:
            pieces.append(word)
    return pieces


class _Setting:
    """The pieces of one title, to be set in lines of at most ``room`` half characters."""

    def __init__(self, pieces: Sequence[str], room: int) -> None:
        self.pieces = [part for piece in pieces for part in _fitting(piece, room)]
        self.room = room
        self.places = [0, *accumulate(map(_width, self.pieces))]
        self.torn = [_torn("".join(self.pieces[:end])) for end in range(len(self.pieces) + 1)]

    def lines(self) -> list[str]:
        """The cheapest lines, of the fewest numbers that the words allow, or one more."""
        least = -(-self.places[-1] // self.room)
        found: list[tuple[float, tuple[int, ...]]] = []
        for count in range(least, len(self.pieces) + 1):
            average = self.places[-1] / count
            best = _cheapest(self, count, average)
            if best is not None:
                found.append((best[0] + _LINE * (count - least), best[1]))
            if found and count > least:
                break
        _cost, cuts = min(found)
        return ["".join(self.pieces[start:end]).strip() for start, end in pairwise((0, *cuts))]

    def cost(self, start: int, end: int, average: float) -> float:
        """How uneven one line is, and what its end tears apart."""
        uneven = (self.width(start, end) - average) ** 2 / 4
        return uneven + self.torn[end]

    def width(self, start: int, end: int) -> int:
        return self.places[end] - self.places[start]


def _torn(before: str) -> int:
    """What a break after this costs, for the brackets it leaves open."""
    if before.count("《") > before.count("》"):
        return _IN_NAME
    return _IN_BRACKETS if any(before.count(one) > before.count(two) for one, two in ("（）", "“”")) else 0


def _fitting(piece: str, room: int) -> list[str]:
    """The piece itself; one that is longer than a line is cut where the line ends."""
    if _width(piece) <= room:
        return [piece]
    size = room // 2
    return [piece[at : at + size] for at in range(0, len(piece), size)]


def _cheapest(setting: _Setting, count: int, average: float) -> tuple[float, tuple[int, ...]] | None:
    """The best way to set all pieces in ``count`` lines: its cost and where each line ends."""
    last = len(setting.pieces)

    @cache
    def rest(start: int, left: int, before: int, falling: bool) -> tuple[float, tuple[int, ...]] | None:
        if left == 0:
            return (0.0, ()) if start == last else None
        ways = []
        for end in range(start + 1, last - left + 2):
            width = setting.width(start, end)
            if width > setting.room:
                break
            after = rest(end, left - 1, width, falling or 0 < width < before)
            if after is not None:
                step = _step(before, width, falling) + setting.cost(start, end, average)
                ways.append((step + after[0], (end, *after[1])))
        return min(ways, default=None)

    return rest(0, count, 0, False)


def _step(before: int, width: int, falling: bool) -> float:
    """What it costs that a line of this width follows one of that."""
    if not before:
        return 0
    if abs(width - before) < 2:
        return _EQUAL
    return _WRONG_SHAPE if falling and width > before else 0
