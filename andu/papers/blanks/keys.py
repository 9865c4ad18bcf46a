"""Keys of fields from their labels: pinyin, cut, unique, and never a name that every paper has.

A key is made once, when a form type is made; afterwards the label may change and the key stays.
"""

from __future__ import annotations

import re
from keyword import kwlist

from andu.papers.context import COMMON_NAMES, ROW_NUMBER, SIGN

LONGEST = 36
_TAKEN = {*COMMON_NAMES, SIGN, ROW_NUMBER, "loop", "row", *map(str.lower, kwlist)}


class Keys:
    """The keys given so far within one form, or one table of it."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def take(self, key: str) -> None:
        """A key that is given already."""
        self._given.add(key)

    def keep(self, key: str) -> str:
        """This very key where it is still free, else ''."""
        if key in self._given or key in _TAKEN:
            return ""
        self._given.add(key)
        return key

    def of(self, label: str) -> str:
        """A new key for a label: 出生日期 → chu_sheng_ri_qi; the second of that name ends in _2."""
        said = "_".join(_spelt(label))
        key = re.sub(r"_+", "_", re.sub(r"[^a-z0-9]+", "_", said.lower())).strip("_")
        key = key[:LONGEST].rstrip("_")
        if not key or not key[0].isalpha():
            key = f"f_{key}".rstrip("_")
        if key in _TAKEN:
            key = f"{key}_1"
        name, count = key, 1
        while name in self._given:
            count += 1
            name = f"{key}_{count}"
        self._given.add(name)
        return name


def letters_of(title: str, most: int = 4) -> str:
    """Capital letters that stand for a title in numbers: 休假申请单 → XJSQ."""
    said = "".join(_spelt(title, initials=True)).upper()
    return re.sub(r"[^A-Z]", "", said)[:most]


def _spelt(text: str, initials: bool = False) -> list[str]:
    from pypinyin import Style, lazy_pinyin  # its dictionary takes a fifth of a second: not for every command

    style = Style.FIRST_LETTER if initials else Style.NORMAL
    return list(lazy_pinyin(text, style=style, errors=_plain))


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", " ", text)
