"""Which lines of the PDF show which paragraph of the docx.

Called by ``identifying``. Both texts are compared without spaces; a paragraph takes the lines that are its
text, one after another, over footers and headers in between. Guarantees: a line is taken once; what cannot be
found has no lines, and no rule measures it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from andu.papers.checks.layout.reading_docx import Paragraph
from andu.papers.checks.layout.reading_pdf import Line

_AHEAD, _BACK, _BETWEEN = 80, 6, 6
"""How many lines to look ahead for a paragraph, behind, and between two of its lines."""


def bare(text: str) -> str:
    """The text without spaces, as both sides write it."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def located(paragraphs: Iterable[Paragraph], lines: Sequence[Line]) -> dict[int, list[Line]]:
    """``id`` of a paragraph → the lines that show it."""
    found: dict[int, list[Line]] = {}
    texts = [bare(line.text) for line in lines]
    used: set[int] = set()
    at = 0
    for paragraph in paragraphs:
        taken = _taken(bare(paragraph.text), texts, used, at)
        if taken:
            used.update(taken)
            at = taken[-1] + 1
        found[id(paragraph)] = [lines[each] for each in taken]
    return found


def _taken(text: str, texts: Sequence[str], used: set[int], at: int) -> list[int]:
    """The lines of one paragraph, looked for from ``at`` on, then before it."""
    # 署名 of a short letter has its words in the heading, too, a few lines above
    for start in (*range(at, min(len(texts), at + _AHEAD)), *range(max(0, at - _BACK), at)):
        if start not in used and texts[start] and text.startswith(texts[start]):
            taken = _following(text, texts, used, start)
            if sum(len(texts[each]) for each in taken) == len(text):
                return taken
    return []


def _following(text: str, texts: Sequence[str], used: set[int], start: int) -> list[int]:
    taken, rest, missed = [start], text[len(texts[start]) :], 0
    for each in range(start + 1, len(texts)):
        if not rest or missed > _BETWEEN:
            break
        if each not in used and rest.startswith(texts[each]):
            taken.append(each)
            rest, missed = rest[len(texts[each]) :], 0
        else:
            missed += 1
    return taken
