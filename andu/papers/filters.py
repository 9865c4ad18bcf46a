"""The few filters a paper may use after ``|``, each for something Chinese papers need.

Used by ``sandbox`` only, which offers them by the names of ``FILTERS``; ``doc_templates/README.md``
explains them to whoever edits a paper. They take and give plain text, lists and dicts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

_NUMERALS = "一二三四五六七八九十百零〇"
_LEVELS = (
    (1, re.compile(rf"\s*[{_NUMERALS}]+、")),
    (2, re.compile(rf"\s*[（(][{_NUMERALS}]+[）)]")),
    (3, re.compile(r"\s*[0-9０-９]+[.．、](?![0-9０-９])")),
    (4, re.compile(r"\s*[（(][0-9０-９]+[）)]")),
)
"""GB/T 9704—2012, 7.3.3: 一、 then （一） then 1. then （1）; half-width brackets are read alike."""


def paragraphs(text: str) -> list[dict[str, Any]]:
    """The paragraphs of a text, at least one: ``text``, ``level`` (0 plain, 1 to 4), ``head`` and ``rest``.

    ``head`` is what is set in the face of the level: a heading's first sentence with its number; ``rest`` is
    what follows it in the same paragraph. For a plain paragraph ``head`` is empty.
    """
    return [_paragraph(line) for line in text.split("\n")]


def or_blank(text: str, blank: str = "") -> str:
    """The text, or ``blank`` where there is none: ``{{ sign.first.date|or_blank('　　年　月　日') }}``."""
    return text if text.strip() else blank


def _paragraph(line: str) -> dict[str, Any]:
    level = next((level for level, pattern in _LEVELS if pattern.match(line)), 0)
    head, stop, rest = line.partition("。")
    if level in (1, 2):
        return {"text": line, "level": level, "head": head + stop, "rest": rest}
    return {"text": line, "level": level, "head": "", "rest": line}


def _length(items: Sequence[Any]) -> int:
    return len(items)


FILTERS: dict[str, Callable[..., Any]] = {
    "paragraphs": paragraphs,
    "or_blank": or_blank,
    "length": _length,
}
"""Name in a template → filter. Nothing else may stand after ``|``."""
