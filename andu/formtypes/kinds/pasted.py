"""What pasting from Word leaves in a text, found and mended: bookmarks, broken paragraphs, lost numbers.

Called by the text kinds: what is found is said beside the field, and one act mends it. A paragraph that the
end of a page broke is put together; a heading whose automatic number was lost gets the one that is missing
between its neighbours. Guarantees: but for bookmarks and line ends nothing is taken away, a mended text is
found whole, and where it is not clear which heading lacks a number, none gets one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

_BOOKMARK = re.compile(r"[\[［]\s*bookmark\s*[:：][^\]］\n]*[\]］]", re.IGNORECASE)
_DIGITS = "一二三四五六七八九"
_COUNTED = (*_DIGITS, "十", *(f"十{digit}" for digit in _DIGITS), "二十")
_LEVELS = (
    (re.compile(rf"\s*([{_DIGITS}十]{{1,3}})、"), "{}、"),
    (re.compile(rf"\s*[（(]\s*([{_DIGITS}十]{{1,3}})\s*[)）]"), "（{}）"),
    (re.compile(r"\s*(\d{1,2})[.．、](?!\d)"), "{}. "),
    (re.compile(r"\s*[（(]\s*(\d{1,2})\s*[)）]"), "（{}）"),
)
"""GB/T 9704—2012, 7.3.3; the last is never given back, since nobody writes a heading of that level."""
_GIVEN_BACK = 3
_ENDS = "。！？；：…”’）】》.!?;:)]"
_GOES_ON, _STAYS_OPEN = "，。、；：！？”’）】》", "，、（“‘《【"
_STOPS = re.compile("[，。；：！？]")
_LONG = 24
"""Characters of a line that a page or a window may have ended; a shorter one ended by itself."""
_LONGEST_HEADING = 36
_HEADING = re.compile(r"[\u4e00-\u9fff“”、]{2,30}")
_SHOWN = 8
MOST_SHOWN = 2
"""Places of a sort that stand beside a field; whoever mends them is told of all."""


@dataclass(frozen=True)
class Mended:
    """A text and what was mended in it."""

    text: str
    bookmarks: int = 0
    joined: tuple[tuple[str, str], ...] = ()
    numbered: tuple[str, ...] = ()

    def told(self, most: int) -> list[str]:
        """What was mended, in Chinese; of a sort, so many places are named."""
        found = []
        if self.bookmarks:
            found.append(_("去掉书签标记 %(n)s 处", n=self.bookmarks))
        if self.joined:
            places = [f"“{before}/{after}”" for before, after in self.joined]
            found.append(_("接上断开的段落 %(n)s 处：%(places)s", n=len(places), places=_some(places, most)))
        if self.numbered:
            heads = [f"“{head}”" for head in self.numbered]
            found.append(_("补上标题的编号 %(n)s 处：%(places)s", n=len(heads), places=_some(heads, most)))
        return found


def _some(places: Sequence[str], most: int) -> str:
    return "、".join(places[:most]) + ("……" if len(places) > most else "")


def mended(text: str) -> Mended:
    """A text of many lines with its bookmarks gone, its paragraphs whole, its headings numbered."""
    text, bookmarks = _BOOKMARK.subn("", text)
    lines, joined = _joined(text.split("\n"))
    numbers = _lost_numbers(lines)
    lines = [numbers.get(at, "") + line for at, line in enumerate(lines)]
    return Mended("\n".join(lines), bookmarks, tuple(joined), tuple(lines[at] for at in sorted(numbers)))


def without_bookmarks(text: str) -> Mended:
    """A line of text with its bookmarks gone."""
    return Mended(*_BOOKMARK.subn("", text))


# --- paragraphs


def _joined(lines: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """The lines with broken paragraphs put together, and where that was: the words on both sides."""
    found: list[str] = []
    places = []
    for line in lines:
        last = next((at for at in range(len(found) - 1, -1, -1) if found[at].strip()), None)
        if last is None or not line.strip() or not _is_broken(found[last].rstrip(), line.strip()):
            found.append(line)
            continue
        before, after = found[last].rstrip(), line.strip()
        between = " " if before[-1].isascii() and after[0].isascii() else ""
        places.append((before[-_SHOWN:], after[:_SHOWN]))
        found[last:] = [before + between + after]
    return found, places


def _is_broken(before: str, after: str) -> bool:
    """Whether two lines are one sentence."""
    if _level(after)[0]:
        return False
    if after[0] in _GOES_ON or before[-1] in _STAYS_OPEN:
        return True
    if before[-1] in _ENDS or len(before) < _LONG:
        return False
    is_heading = _level(before)[0] and "。" not in before and len(before) < _LONGEST_HEADING
    inside = not is_heading and _STOPS.search(before)
    return bool(inside) and bool(_STOPS.search(after))


# --- headings


def _level(line: str) -> tuple[int, int]:
    """The level that a line begins, and its number; (0, 0) for none."""
    for level, (pattern, _form) in enumerate(_LEVELS, start=1):
        found = pattern.match(line)
        if found and (found[1].isdigit() or found[1] in _COUNTED):
            return level, int(found[1]) if found[1].isdigit() else _COUNTED.index(found[1]) + 1
    return 0, 0


def _lost_numbers(lines: Sequence[str]) -> dict[int, str]:
    """Line → the number that its heading lost."""
    levels = {at: _level(line) for at, line in enumerate(lines)}
    bare = [at for at in range(len(lines)) if _is_bare_heading(lines, at)]
    found: dict[int, str] = {}
    for level in range(1, _GIVEN_BACK + 1):
        for part in _parts(levels, level):
            lost = _missing(part, level, levels, [at for at in bare if at in part])
            for at, number in lost.items():
                levels[at] = (level, number)
                bare.remove(at)
                found[at] = _written(level, number)
    return found


def _written(level: int, number: int) -> str:
    return _LEVELS[level - 1][1].format(number if level > 2 else _COUNTED[number - 1])


def _is_bare_heading(lines: Sequence[str], at: int) -> bool:
    """A short line of words alone, between the end of a sentence and text that is no such line."""
    if not _HEADING.fullmatch(lines[at].strip()):
        return False
    above = next((line.strip() for line in reversed(lines[:at]) if line.strip()), "")
    below = next((line.strip() for line in lines[at + 1 :] if line.strip()), "")
    return above[-1:] in tuple("。！？；：”）") and bool(below) and not _HEADING.fullmatch(below)


def _parts(levels: dict[int, tuple[int, int]], level: int) -> Iterator[range]:
    """The stretches of lines between headings of a higher level."""
    starts = [at for at, (own, _number) in levels.items() if 0 < own < level]
    bounds = [-1, *starts, len(levels)]
    yield from (range(first + 1, end) for first, end in zip(bounds, bounds[1:], strict=False))


def _missing(
    part: range, level: int, levels: dict[int, tuple[int, int]], bare: Sequence[int]
) -> dict[int, int]:
    """Line → number, where as many headings stand between two numbers as are missing there."""
    there = [(at, levels[at][1]) for at in part if levels[at][0] == level]
    if not there:
        return _all_of_the_first(bare, levels) if level == 1 else {}
    found: dict[int, int] = {}
    for (start, before), (end, after) in zip([(part.start - 1, 0), *there], there, strict=False):
        between = [at for at in bare if start < at < end]
        if len(between) == after - before - 1:
            found |= {at: before + n for n, at in enumerate(between, start=1)}
    return found


def _all_of_the_first(bare: Sequence[int], levels: dict[int, tuple[int, int]]) -> dict[int, int]:
    """Where the first level has no number at all and each （一） stands below a bare heading."""
    starts = [at for at, found in levels.items() if found == (2, 1)]
    if len(bare) < 2 or not starts or not all(at - 1 in bare for at in starts):
        return {}
    return {at: number for number, at in enumerate(bare, start=1) if number <= len(_COUNTED)}
