"""Data files of the commands: a JSON object of names and values, or a sentence that says what is wrong.

Called by ``fill`` and ``paper fill``. Guarantees: what comes out can be written as UTF-8, has no number that
is none, and is nested no deeper than a paper can be.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from flask_babel import gettext as _

from andu.cli.opening import fail

MOST_LEVELS = 20
"""A ledger, the deepest answer there is, has six."""


def answers_in(content: bytes, name: str) -> dict[str, Any]:
    """The object in a file of this name; anything else ends the command."""
    try:
        answers = json.loads(content, parse_constant=_no_number)
    except RecursionError:
        fail(_("%(name)s 嵌套过深。", name=name))
    except ValueError as error:
        fail(_("%(name)s 不是有效的 JSON：%(why)s", name=name, why=str(error)))
    if not isinstance(answers, dict):
        fail(_("%(name)s：要写成 {名称: 内容} 的样子", name=name))
    what = _wrong(answers, 0)
    if what:
        fail(f"{name}：{what}")
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
