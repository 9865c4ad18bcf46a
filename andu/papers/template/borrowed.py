"""Jinja's own filters and tests, as others write them in templates: what only chooses or changes text.

Used by ``sandbox``, beside the filters made for papers (``filters``), and by the readers of templates. Each
does what Jinja does; those that could make much out of little (``replace``, ``join``, ``format``) are
bounded, those that take a width take a number written out. Not offered: what gives markup or objects
(``safe``, ``attr``, ``tojson``, ``urlize``), what is never the same twice (``random``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from jinja2 import filters as own
from jinja2 import pass_environment
from jinja2.environment import Environment
from jinja2.exceptions import FilterArgumentError
from jinja2.runtime import Undefined

MOST_CHARACTERS = 1_000_000
"""What one filter may give; a whole paper has fewer."""
WIDTHS: dict[str, range] = {
    "center": range(201),
    "indent": range(41),
    "wordwrap": range(1, 1001),
    "truncate": range(1, 10_001),
    "batch": range(1, 101),
    "slice": range(1, 101),
    "round": range(10),
}
"""Filter → what its first number may be; it stands in the template, not in an answer."""
MEASURES = ("width", "length", "linecount", "slices", "precision")
"""What that number is called where it has a name."""

KEEPING_TEXT = """
    default d e escape forceescape string trim upper lower title capitalize replace truncate format center
    indent wordwrap round int float abs join
"""
"""They print what they are given, in another shape."""
KEEPING_ROWS = "sort unique reverse list select reject selectattr rejectattr"
"""They give the rows they are given, or some of them."""
DIVIDING = "batch slice"
"""They give rows of rows."""
PICKING = "first last min max"
"""They give one of the rows."""
COUNTING = "length count wordcount sum"
DEFAULTS = ("default", "d")
_AS_THEY_ARE = """
    int float abs sort unique reverse list map select reject selectattr rejectattr groupby items dictsort
"""
_OF_TEXT = "trim upper lower title capitalize wordcount"

TESTS = """
    defined undefined none string number integer float boolean true false mapping sequence iterable odd even
    divisibleby lower upper in eq equalto ne lt lessthan le gt greaterthan ge == != < <= > >=
"""

_SHAPE = re.compile(r"%(?:%|(?:\(\w+\))?[-+ #0]?\d{0,2}(?:\.\d{0,2})?[sdifeEgGxXoc])")


def _bounded(length: int) -> None:
    if length > MOST_CHARACTERS:
        raise FilterArgumentError(_("这里的文字太长"))


def text_of(value: Any) -> str:
    """The text of a value; it is escaped when it is printed, once. Lists in lists could be endless text."""
    if isinstance(value, str | int | float | Undefined):
        return str(value)
    raise FilterArgumentError(_("这里是一张表或一组内容，要逐行打印，不能当作文字"))


def _of_text(work: Callable[..., Any]) -> Callable[..., Any]:
    def worked(value: Any, *given: Any, **named: Any) -> Any:
        return work(text_of(value), *given, **named)

    return worked


def _replace(text: Any, old: Any, new: Any, count: int | None = None) -> str:
    words, sought, given = text_of(text), text_of(old), text_of(new)
    _bounded(len(words) + words.count(sought) * len(given))
    return words.replace(sought, given, -1 if count is None else count)


@pass_environment
def _join(environment: Environment, items: Iterable[Any], between: Any = "", attribute: Any = None) -> str:
    pick = own.make_attrgetter(environment, attribute) if attribute is not None else None
    words, gap, length = [], text_of(between), 0
    for item in items:
        words.append(text_of(pick(item) if pick else item))
        length += len(words[-1]) + len(gap)
        _bounded(length)
    return gap.join(words)


def _format(shape: Any, *values: Any, **named: Any) -> str:
    words = text_of(shape)
    if "%" in _SHAPE.sub("", words):
        raise FilterArgumentError(_("格式“%(shape)s”不能用", shape=words[:20]))
    given = sum(len(text_of(each)) for each in (*values, *named.values()))
    _bounded(len(words) + words.count("%") * (99 + given))
    return own.do_format(words, *values, **named)


def _truncate(
    text: Any, length: int = 255, killwords: bool = False, end: str = "...", leeway: int = 5
) -> str:
    if length < len(end) or leeway < 0:
        raise FilterArgumentError(_("截取的字数要大于省略号的字数"))
    words = text_of(text)
    if len(words) <= length + leeway:
        return words
    kept = words[: length - len(end)]
    return (kept if killwords else kept.rsplit(" ", 1)[0]) + end


def _wordwrap(text: Any, width: int = 79, break_long_words: bool = True, wrapstring: str = "\n") -> str:
    words, mark = text_of(text), text_of(wrapstring)
    _bounded(len(words) * (1 + len(mark)))
    return own.do_wordwrap(Environment(), words, width, break_long_words, mark)


def _indent(text: Any, width: int = 4, first: bool = False, blank: bool = False) -> str:
    words = text_of(text)
    _bounded(len(words) + width * (1 + len(words.splitlines())))
    return own.do_indent(words, width, first, blank)


@pass_environment
def _sum(environment: Environment, items: Iterable[Any], attribute: Any = None, start: float = 0) -> Any:
    numbers = [
        start,
        *(items if attribute is None else map(own.make_attrgetter(environment, attribute), items)),
    ]
    if not all(isinstance(number, int | float) for number in numbers):
        raise FilterArgumentError(_("只有数可以相加：文字先用 map('int') 变成数"))
    return sum(numbers)


def _softly(choose: Callable[..., Any]) -> Callable[..., Any]:
    """As Jinja does it: of no rows, the first is nothing, and prints nothing."""

    @pass_environment
    def chosen(environment: Environment, *given: Any, **named: Any) -> Any:
        found = choose(environment, *given, **named)
        return Undefined() if isinstance(found, Undefined) else found

    return chosen


def _measured(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """The filter with its width held to what it may be, however it is called."""

    def measured(value: Any, *given: Any, **named: Any) -> Any:
        for number in (*given[:1], *(each for key, each in named.items() if key in MEASURES)):
            if type(number) is not int or number not in WIDTHS[name]:
                raise FilterArgumentError(out_of_range(name))
        return work(value, *given, **named)

    return measured


def out_of_range(name: str) -> str:
    """What is said of a number that a filter does not take."""
    return _("要在 %(least)s 到 %(most)s 之间", least=WIDTHS[name][0], most=WIDTHS[name][-1])


def _values(group: Mapping[str, Any]) -> list[Any]:
    return list(group.values())


def _length(items: Any) -> int:
    return len(items)


_MEASURED: dict[str, Callable[..., Any]] = {
    "center": _of_text(own.do_center),
    "indent": _indent,
    "wordwrap": _wordwrap,
    "truncate": _truncate,
    "batch": own.do_batch,
    "slice": own.sync_do_slice,
    "round": own.do_round,
}
BORROWED: dict[str, Callable[..., Any]] = {
    **{name: own.FILTERS[name] for name in _AS_THEY_ARE.split()},
    **{name: _of_text(own.FILTERS[name]) for name in _OF_TEXT.split()},
    **{name: _measured(name, work) for name, work in _MEASURED.items()},
    "default": own.do_default,
    "d": own.do_default,
    "count": _length,
    "string": text_of,
    "e": text_of,
    "escape": text_of,
    "forceescape": text_of,
    "sum": _sum,
    "replace": _replace,
    "join": _join,
    "format": _format,
    "first": _softly(own.sync_do_first),
    "last": _softly(own.do_last),
    "min": _softly(own.do_min),
    "max": _softly(own.do_max),
    "values": _values,
}
"""Name in a template → filter."""
