"""The numbers that Word sets before paragraphs by itself (w:numPr): what they read.

Called by ``reading_docx``, paragraph by paragraph in the order of the document, since each counts on from the
last. A form of numbering that is not known here counts 1, 2, 3.
"""

from __future__ import annotations

import re
from collections import defaultdict

from lxml import etree

from andu.papers.checks.layout.styles import W, number, value

_DIGITS = "〇一二三四五六七八九"
_CHINESE = {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting"}


def in_chinese(count: int) -> str:
    """1–99 as 一 to 九十九."""
    tens, ones = divmod(count, 10)
    if not tens:
        return _DIGITS[ones]
    return (_DIGITS[tens] if tens > 1 else "") + "十" + (_DIGITS[ones] if ones else "")


class Numbering:
    """The lists of one docx, counting."""

    def __init__(self, part: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, etree._Element]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        if part is None:
            return
        for abstract in part.iter(f"{W}abstractNum"):
            levels = {int(number(value(level, "ilvl"))): level for level in abstract.iter(f"{W}lvl")}
            self._levels[value(abstract, "abstractNumId")] = levels
        for each in part.iter(f"{W}num"):
            self._lists[value(each, "numId")] = value(each.find(f"{W}abstractNumId"))

    def label(self, mark: etree._Element | None) -> str:
        """What the next paragraph with this w:numPr begins with; empty without one."""
        if mark is None:
            return ""
        key = self._lists.get(value(mark.find(f"{W}numId")), "")
        depth = int(number(value(mark.find(f"{W}ilvl"))))
        levels = self._levels.get(key, {})
        if depth not in levels:
            return ""
        counts = self._counts[key]
        counts[depth] = counts.get(depth, _start(levels[depth]) - 1) + 1
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        text = value(levels[depth].find(f"{W}lvlText"))
        return re.sub(r"%([1-9])", lambda found: self._count(key, int(found[1]) - 1), text)

    def _count(self, key: str, depth: int) -> str:
        level = self._levels[key].get(depth)
        count = self._counts[key].get(depth, 1)
        kind = "" if level is None else value(level.find(f"{W}numFmt"))
        if kind == "bullet":
            return ""
        return in_chinese(count) if kind in _CHINESE and 0 < count < 100 else str(count)


def _start(level: etree._Element) -> int:
    return int(number(value(level.find(f"{W}start")), 1))
