"""How the text of a ledger is cut for searching and sorting: pure functions, no database.

FTS5 knows no Chinese words, and its own trigrams miss names of two characters. So each run of letters
and digits is cut into overlapping pairs, 张三丰 into 张三 三丰 丰, full width made half width; what is
searched is cut alike and must stand side by side. One character is found by the beginning of a pair.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import groupby

SORT_LENGTH, FILTER_LENGTH = 24, 60
_DIGITS = re.compile(r"(?<![.0-9])[0-9]{1,12}")


def words(texts: Iterable[str]) -> str:
    """What the index keeps of these texts."""
    return " ".join(pair for text in texts for run in _runs(text) for pair in _pairs(run, ends=True))


def query(text: str) -> str:
    """What to ask the index for, so that every run of the text is found; '' where there is nothing to ask."""
    asked = []
    for run in _runs(text):
        pairs = _pairs(run, ends=False)
        asked.append(f'"{" ".join(pairs)}"' if len(run) > 1 else f'"{run}"*')
    return " AND ".join(asked)


def sort_key(text: str) -> str:
    """A short text that sorts as people count: 第 2 号 before 第 10 号."""
    padded = _DIGITS.sub(lambda found: found[0].zfill(8), _normal(text))
    return padded[:SORT_LENGTH]


def filter_key(text: str) -> str:
    """What a cell is chosen by: its text, cut."""
    return text[:FILTER_LENGTH]


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _runs(text: str) -> list[str]:
    # Marks on letters would be dropped by the index, so they are dropped here.
    plain = (sign for sign in unicodedata.normalize("NFD", _normal(text)) if not unicodedata.combining(sign))
    return ["".join(run) for is_word, run in groupby(plain, str.isalnum) if is_word]


def _pairs(run: str, ends: bool) -> list[str]:
    pairs = [run[at : at + 2] for at in range(len(run) - 1)]
    return [*pairs, run[-1]] if ends else pairs
