"""When a question of an XLSForm applies, as a condition of the form language; nothing is evaluated.

Only comparisons with written words, joined by one ``and`` or one ``or``: what else XPath can say is not
brought over, and told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_NAME = r"\$\{\s*(?P<name>[^}\s]+)\s*\}"
_WORD = r"(?P<quote>['\"])(?P<word>[^'\"]*)(?P=quote)"
_IS = re.compile(rf"{_NAME}\s*(?P<sign>=|!=)\s*{_WORD}")
_SELECTED = re.compile(rf"selected\(\s*{_NAME}\s*,\s*{_WORD}\s*\)")
_NOT = re.compile(r"not\s*\((?P<inner>.*)\)", re.S)
_LONGEST = 500


class Answerable:
    """What a condition may look at: the key of a field, its kind, its answers by their names."""

    def __init__(self, key: str, kind: str, choices: Mapping[str, str]) -> None:
        self.key, self.kind, self.choices = key, kind, choices


def condition(text: str, known: Mapping[str, Answerable]) -> dict[str, Any] | None:
    """The condition an expression says; None where it says more than the form language can."""
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    for word, join in (("and", "all"), ("or", "any")):
        parts = re.split(rf"\s+{word}\s+", text)
        if len(parts) > 1:
            found = [_one(part, known) for part in parts]
            return {join: found} if all(found) else None
    return _one(text, known)


def _one(text: str, known: Mapping[str, Answerable]) -> dict[str, Any] | None:
    text = text.strip()
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1].strip()
    if denied := _NOT.fullmatch(text):
        inner = _one(denied["inner"], known)
        return {"not": inner} if inner and "field" in inner and "filled" not in inner else None
    match = _IS.fullmatch(text) or _SELECTED.fullmatch(text)
    question = known.get(match["name"]) if match else None
    if match is None or question is None:
        return None
    sign = match.groupdict().get("sign", "=")
    if not match["word"]:
        return {"field": question.key, "filled": "true" if sign == "!=" else "false"}
    word = question.choices.get(match["word"])
    if word is None:
        return None
    said = {"field": question.key, "contains" if question.kind == "choices" else "is": word}
    return {"not": said} if sign == "!=" else said
