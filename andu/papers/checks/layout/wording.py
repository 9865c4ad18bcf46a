"""How the levels of a text, dates and citations are written: the patterns that rules share."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from andu.papers.checks.layout.numbering import in_chinese

LEVELS = ("一、", "（一）", "1.", "（1）")
_HAN = "一二三四五六七八九十百"
_LEVELS = (
    re.compile(rf"^\s*[{_HAN}]{{1,3}}、"),
    re.compile(rf"^\s*（[{_HAN}]{{1,3}}）"),
    re.compile(r"^\s*\d{1,2}[.．](?!\d)"),
    re.compile(r"^\s*（\d{1,2}）"),
)
_NEARLY = re.compile(
    rf"^\s*(?:[(（〔\[][{_HAN}\d]{{1,3}}[)）〕\]]|[{_HAN}]{{1,3}}[.．,，]|\d{{1,2}}[、，,)）]|（[{_HAN}\d]{{1,3}}）、)"
)
_SIGNING = re.compile(r"(?:签\s*名|签\s*字|签\s*收|签\s*收\s*人|签\s*章|盖\s*章)\s*(?:（[^）]*）)?\s*[：:]")
_SIGNED_COLUMN = re.compile(r"^签\s*[名字](?:（[^）]*）)?$")
"""The head of a column in which people sign."""
DATE = re.compile(r"(?:19|20)\d{2}年(?:[1-9]|1[0-2])月(?:[1-9]|[12]\d|3[01])日")


def is_signed(row: str, heads: Collection[str]) -> bool:
    """Whether people sign in a row of a table: by its own words, or by the heads of its columns.

    Who signs a list of those present says nothing about a matter: where people do, they have an opinion.
    """
    return bool(_SIGNING.search(row)) or ("意见" in heads and any(map(_SIGNED_COLUMN.match, heads)))


def level_of(text: str) -> int:
    """The level (层次) that a paragraph begins: 1 to 4; 0 for none."""
    if re.match(rf"^\s*（[{_HAN}\d]{{1,3}}）、", text):
        return 0
    return next((number for number, pattern in enumerate(_LEVELS, start=1) if pattern.match(text)), 0)


def looks_like_level(text: str) -> bool:
    """Whether it begins like a level, but is not written as the standard writes it."""
    return not level_of(text) and bool(_NEARLY.match(text))


def meant_level(text: str) -> int:
    """The level that a paragraph begins, however it is written; 0 for none."""
    if not looks_like_level(text):
        return level_of(text)
    in_brackets = bool(re.match(r"\s*[(（〔\[]", text))
    in_chinese = bool(re.match(rf"\s*\W?[{_HAN}]", text))
    return (2 if in_chinese else 4) if in_brackets else (1 if in_chinese else 3)


def number_of(text: str) -> int:
    """The number that a level carries: 二、 and （2） are 2."""
    found = re.search(rf"\d+|[{_HAN}]+", text)
    word = found[0] if found else "0"
    return int(word) if word.isdigit() else in_digits(word)


def in_digits(chinese: str) -> int:
    """一 to 九十九 as 1–99."""
    tens, ten, ones = chinese.rpartition("十")
    return (_HAN.index(tens) + 1 if tens else 1) * 10 * bool(ten) + (_HAN.index(ones) + 1 if ones else 0)


def numbered(level: int, count: int) -> str:
    """How a level with that number begins."""
    return re.sub(r"[一1]", in_chinese(count) if level < 3 else str(count), LEVELS[level - 1])


def is_full_date(text: str) -> bool:
    """年月日 complete, in Arabic digits, without zeros before them, and in the calendar (7.3.5.4)."""
    if not DATE.fullmatch(text):
        return False
    try:
        date(*map(int, re.findall(r"\d+", text)))
    except ValueError:
        return False
    return True
