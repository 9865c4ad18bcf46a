"""Answers as JSON, from a file or a program: an object of names and values, or a sentence that says why not.

What comes out can be written as UTF-8, has no number that is none, and is nested no deeper than a paper is.
"""

import json
from typing import Any, NoReturn

from flask_babel import gettext as _

MOST_LEVELS = 20
"""A ledger, the deepest answer there is, has six."""


def read(content: bytes) -> dict[str, Any]:
    """The object; raises ValueError with a Chinese sentence."""
    try:
        answers = json.loads(content, parse_constant=_no_number)
    except RecursionError as error:
        raise ValueError(_("嵌套过深。")) from error
    except ValueError as error:
        raise ValueError(_("不是有效的 JSON：%(why)s", why=str(error))) from error
    if not isinstance(answers, dict):
        raise ValueError(_("要写成 {名称: 内容} 的样子"))
    if what := _wrong(answers, 0):
        raise ValueError(what)
    return answers


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def _wrong(value: Any, level: int) -> str:
    """What no paper and no form can take; empty if all is well."""
    if level > MOST_LEVELS:
        return _("嵌套过深。")
    if isinstance(value, str):
        return "" if _is_text(value) else _("“%(text)s”里有不成字的编码。", text=ascii(value)[1:-1][:20])
    if isinstance(value, float) and not abs(value) < float("inf"):
        return _("有一个数太大，无法表示。")
    inner = [*value.keys(), *value.values()] if isinstance(value, dict) else value
    if isinstance(inner, list):
        return next((what for what in (_wrong(one, level + 1) for one in inner) if what), "")
    return ""


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
