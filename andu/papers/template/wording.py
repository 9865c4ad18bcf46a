"""What Jinja says of a template that it cannot read, in words for who wrote it, and what to write instead.

Called by ``part``. What is not known here is said in general.
"""

from __future__ import annotations

import re
import unicodedata

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

_INSTEAD = {
    "safe": _l("内容总是按填写的原样印，去掉“|safe”"),
    "tojson": _l("表和成组的内容用 {% for x in 名称 %} 逐行打印"),
    "pprint": _l("表和成组的内容用 {% for x in 名称 %} 逐行打印"),
    "strftime": _l("日期按表单里的写法印，直接写 {{ 名称 }}"),
    "random": _l("同样的内容每次要印得一样"),
}
"""Filter of Jinja or of others → what to write instead."""
_WORD_TAGS = {
    "tr": _l("“{%tr … %}”要放在表格里，自己占一行"),
    "tc": _l("“{%tc … %}”要放在表格里，自己占一格"),
    "p": _l("“{%p … %}”要自己占一段"),
    "r": _l("“{%r … %}”要自己占一截文字"),
}
_CLOSING = ("endfor", "endif", "else", "elif")


def reason(message: str) -> str:
    """Why a template cannot be read, from what Jinja says of it."""
    if found := re.search(r"No (?:filter|test) named '(.*?)'", message):
        instead = _INSTEAD.get(found[1], _l("能用的列在 doc_templates/README.md，别的请由表单来算"))
        return _("没有“%(name)s”这个过滤器：%(instead)s", name=found[1], instead=instead)
    if (found := re.search(r"unexpected char '(.)'", message)) and _is_wide(found[1]):
        return _("标签里有全角符号“%(sign)s”，请改成半角的", sign=found[1])
    if found := re.search(r"unknown tag '(.*?)'", message):
        return _of_tag(found[1])
    return _("写法不完整，请检查大括号和百分号是否成对、每个 if 和 for 是否有 endif 和 endfor")


def _of_tag(tag: str) -> str:
    if tag in _WORD_TAGS:
        return str(_WORD_TAGS[tag])
    if tag in _CLOSING:
        return _(
            "“%(tag)s”没有与它成对的 if 或 for；一行表格里只能有一个 {%%tr，一段里只能有一个 {%%p，"
            "开头和结尾各占一行、一段",
            tag=tag,
        )
    return _("没有“%(tag)s”这种标签，能用的是 if、for 和 set", tag=tag)


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "FW" or sign in "‘’“”"
