"""The few filters a paper may use after ``|``, each for something Chinese papers need.

Used by ``sandbox`` only, which offers them by the names of ``FILTERS``; ``doc_templates/README.md``
explains them to whoever edits a paper. They take and give plain text, lists and dicts; those of ``MARKUP``
give XML. None of them fails on what a clerk may type: what cannot be read as a date or an amount is printed
as typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from andu.papers.template import numerals
from andu.papers.template.borrowed import text_of
from andu.papers.template.qr import qr
from andu.papers.template.rich import rich
from andu.papers.template.structure import IN_PARAGRAPH, IN_RUN
from andu.papers.template.title_shape import one_line, title_lines

_NUMERALS = "一二三四五六七八九十百零〇"
_LEVELS = (
    (1, re.compile(rf"\s*[{_NUMERALS}]+、")),
    (2, re.compile(rf"\s*[（(][{_NUMERALS}]+[）)]")),
    (3, re.compile(r"\s*[0-9０-９]+[.．、](?![0-9０-９])")),
    (4, re.compile(r"\s*[（(][0-9０-９]+[）)]")),
)
"""GB/T 9704—2012, 7.3.3: 一、 then （一） then 1. then （1）; half-width brackets are read alike."""
TICKED, OPEN = "☑", "□"
BLANK_DAY = "　　年　月　日"


def paragraphs(text: str) -> list[dict[str, Any]]:
    """The paragraphs of a text, at least one: ``text``, ``level`` (0 plain, 1 to 4), ``head``, ``rest``.

    ``head`` is what is set in the face of the level: a heading's first sentence with its number; ``rest`` is
    what follows it in the same paragraph. For a plain paragraph ``head`` is empty.
    """
    return [_paragraph(line) for line in text.split("\n")]


def or_blank(text: str, blank: str = "") -> str:
    """The text, or ``blank`` where there is none: ``{{ sign.first.date|or_blank('　　年　月　日') }}``."""
    return text if text.strip() else blank


def date(text: str) -> str:
    """A day as 2026年11月22日; without its time."""
    return _or_as_typed(text, lambda: numerals.day_in_figures(numerals.read_day(text)))


def hanzi_date(text: str) -> str:
    """A day as 二〇二六年十一月二十二日."""
    return _or_as_typed(text, lambda: numerals.day_in_hanzi(numerals.read_day(text)))


def amount(number: str | int | float) -> str:
    """An amount of money in 大写: 人民币壹万贰仟叁佰肆拾伍元陆角柒分."""
    text = text_of(number)
    return _or_as_typed(text, lambda: numerals.money_in_words(text))


def sequence(number: str | int, like: str = "一、") -> str:
    """A running number in the hand of one of the four levels of 7.3.3: 一、 （一） 1. （1）."""
    text = text_of(number)
    if "一" in like:
        text = _or_as_typed(text, lambda: numerals.counted(int(text)))
    return re.sub("[一1]", lambda _one: text, like, count=1)


def tick(answer: Any, *choices: str) -> str:
    """The choices, each after ☑ or □; the answer may be one, a list, or several in a text with 、."""
    given = answer if isinstance(answer, list) else [text_of(answer), *text_of(answer).split("、")]
    return "　".join((TICKED if choice in given else OPEN) + choice for choice in choices)


def signed(signature: Mapping[str, str]) -> str:
    """A signature in lines: opinion, name, day; with room for a pen until it is given."""
    if not signature["name"]:
        return f"\n\n{BLANK_DAY}"
    return "\n".join(part for part in (signature[key] for key in SIGNED_PARTS) if part)


SIGNED_PARTS = ("opinion", "name", "date")
"""What ``signed`` prints of ``sign.<slot>``."""


def _or_as_typed(text: str, write: Callable[[], str]) -> str:
    try:
        return write()
    except ValueError:
        return text


def _paragraph(line: str) -> dict[str, Any]:
    level = next((level for level, pattern in _LEVELS if pattern.match(line)), 0)
    head, stop, rest = line.partition("。")
    leads = line.rstrip().endswith(("：", ":"))
    if level in (1, 2):
        return {"text": line, "level": level, "head": head + stop, "rest": rest, "leads": leads}
    return {"text": line, "level": level, "head": "", "rest": line, "leads": leads}


def _length(items: Sequence[Any]) -> int:
    return len(items)


FILTERS: dict[str, Callable[..., Any]] = {
    "paragraphs": paragraphs,
    "or_blank": or_blank,
    "length": _length,
    "date": date,
    "hanzi_date": hanzi_date,
    "amount": amount,
    "sequence": sequence,
    "tick": tick,
    "signed": signed,
    "title_lines": title_lines,
    "one_line": one_line,
    "rich": rich,
    "qr": qr,
}
"""Name in a template → filter. Nothing else may stand after ``|``."""

MARKUP = {"rich": IN_PARAGRAPH, "qr": IN_RUN}
"""The filters that give XML, and where in a paper it may stand (``structure``)."""
