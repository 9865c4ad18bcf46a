"""How text is cut for searching and sorting: pure functions, no database.

FTS5 knows no Chinese words, and its own trigrams miss names of two characters. So each folded text
(``folding``) is cut into overlapping pairs, 张三丰 into 张三 三丰 丰; what is searched is cut alike and must
stand side by side. One character is found by the beginning of a pair.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from andu import folding
from andu.store import verbs

SORT_LENGTH, FILTER_LENGTH = 44, 60
"""A moment takes 44 to sort by: five numbers of eight digits, and what stands between."""
_KNOWN = re.compile("[0-9a-z\u3400-\u4db5\u4e00-\u9fa5]")
_DIGITS = re.compile(r"(?<![.0-9])[0-9]{1,12}")


def words(texts: Iterable[str]) -> str:
    """What the index keeps of these texts."""
    return " ".join(pair for text in texts for pair in _pairs(_indexed(folding.fold(text)), ends=True))


def query(text: str) -> str:
    """What to ask the index for, so that every word of the text is found; '' for nothing to ask."""
    asked = []
    for term in map(_indexed, folding.terms(text)):
        pairs = _pairs(term, ends=False)
        asked.append(verbs.phrase(pairs) if len(term) > 1 else verbs.beginning(term))
    return verbs.all_of(asked)


def one_word(text: str) -> str:
    """A text as a single word of the index, for what is looked up whole or by its beginning."""
    return _indexed(folding.fold(text))


def sort_key(text: str) -> str:
    """A short text that sorts as people count: 第 2 号 before 第 10 号."""
    padded = _DIGITS.sub(lambda found: found[0].zfill(8), folding.flat(text))
    return padded[:SORT_LENGTH]


def filter_key(text: str) -> str:
    """What a cell is chosen by: its text, cut."""
    return text[:FILTER_LENGTH]


def _indexed(folded: str) -> str:
    """Signs, and characters younger than the index, as private ones, which it keeps too."""
    return "".join(char if _KNOWN.match(char) else chr(0xE000 + ord(char) % 0x1900) for char in folded)


def _pairs(run: str, ends: bool) -> list[str]:
    pairs = [run[at : at + 2] for at in range(len(run) - 1)]
    return [*pairs, run[-1:]] if ends and run else pairs
