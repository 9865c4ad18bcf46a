"""Reading a filled paper again, strictly and on its own: what the template prints is really on it.

Called by the office after each filling, before a paper is shown or filed. It walks the template's syntax
tree beside the data, not the code that filled, and finds each printed value in the text of its part, in
order. Branches and filters it cannot decide are left out, so an honest paper is never accused. Guarantees
(threats S3, S6): a paper that lost a value, a section or a part, or gained something dangerous, raises.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from jinja2 import nodes
from jinja2.exceptions import TemplateError
from lxml import etree

from andu.papers.checks.inspection import Danger, Inspection
from andu.papers.faults import PaperFault
from andu.papers.template import Template
from andu.papers.template.archive import ArchiveFault, read_parts
from andu.papers.template.filters import MARKUP
from andu.papers.template.sandbox import ENVIRONMENT, plain

Scope = dict[str, Any]

_SECTION = re.compile(r"<w:sectPr[ />]")
_BRACES = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_TAG = re.compile(r"<[^>]*>")
_LAYOUT = ("title_lines",)
"""Filters that only move white space; taking the value itself spares the search for a title's best shape."""
PICTURE = "qr"
"""The filter that prints a value as a picture, which carries it as its description."""
_PLAIN = (str, int, float, bool, list, dict)
_UNKNOWN = object()
"""What an expression stands for that this module does not work out."""


def reread(docx: bytes, template: Template, context: Mapping[str, Any]) -> None:
    """Raise ``PaperFault`` unless the docx is the whole and harmless filling of the template."""
    parts, roots = _unpacked(docx), dict[str, etree._Element]()
    is_still = all(parts.get(name) == part for name, part in template.still.items())
    known = template.still if is_still else {}
    inspection = _still_judged(template).branch(roots) if is_still else Inspection(roots)
    inspection.take((name, part) for name, part in parts.items() if name not in known)
    _assert_harmless(inspection.close())
    values = plain(context)
    has_braces = any("{" in text or "}" in text for text in _texts(values))
    for name, source in template.sources.items():
        if name not in known and name not in roots:
            raise PaperFault(_("成文后检查没有通过：缺少部件 %(part)s。", part=name))
        if name not in known:
            _compare(roots[name], source, values, has_braces)


def _unpacked(docx: bytes) -> dict[str, bytes]:
    try:
        return dict(read_parts(docx))
    except ArchiveFault as fault:
        raise _too_long() if fault.is_size else fault from fault


@lru_cache(maxsize=64)
def _still_judged(template: Template) -> Inspection:
    """What no value changes is read once for all papers of a template; ``PaperFault`` as in ``reread``."""
    roots = dict[str, etree._Element]()
    inspection = Inspection(roots)
    inspection.take(template.still.items())
    for name in template.sources.keys() & roots.keys():
        _compare(roots[name], template.sources[name], {}, False)
    return inspection.branch({})


def _assert_harmless(dangers: Sequence[Danger]) -> None:
    """Limits against bombs are met here by honest answers only, and say so."""
    if any(danger.is_size for danger in dangers):
        raise _too_long()
    if dangers:
        raise PaperFault(_("成文后检查没有通过：%(what)s", what=dangers[0].message))


def _too_long() -> PaperFault:
    return PaperFault(_("内容太长，文书装不下，请分成几份办理。"))


def _compare(root: etree._Element, source: str, values: Scope, has_braces: bool) -> None:
    text = str(etree.tostring(root, method="text", encoding="unicode", with_tail=False))
    may_have_braces = has_braces or _prints_braces(source)
    if _BRACES.search(text) and (not may_have_braces or _BRACES.search(_still_text(source))):
        raise PaperFault(_("成文后检查没有通过：纸上留有没有套用的大括号，请检查模板里的写法。"))
    if sum(1 for _each in root.iter("{*}sectPr")) != len(_SECTION.findall(source)):
        raise PaperFault(_("成文后检查没有通过：页面设置（分节）与模板不一致。"))
    printed = _Printed()
    printed.walk(_tree(source).body, dict(values))
    missing = _missing(text, printed.in_text)
    if missing is None and printed.in_tags:
        attributes = "\n".join(str(value) for element in root.iter() for value in element.attrib.values())
        missing = next((value for value in printed.in_tags if value.split("\n")[0] not in attributes), None)
    if missing is not None:
        raise PaperFault(_("成文后检查没有通过：“%(value)s”没有完整地印到纸上。", value=missing[:30]))


def _missing(text: str, values: Sequence[str]) -> str | None:
    """The first line of a value that does not stand in the text in its turn; white space apart."""
    text, place = "".join(text.split()), 0
    for value in values:
        for line in value.splitlines():
            solid = "".join(line.split())
            found = text.find(solid, place)
            if found < 0:
                return line
            place = found + len(solid)
    return None


@lru_cache(maxsize=512)
def _tree(source: str) -> nodes.Template:
    return ENVIRONMENT.parse(source)


@lru_cache(maxsize=512)
def _still_text(source: str) -> str:
    """The template's own words, without what it prints."""
    pieces = (node.data for node in _tree(source).find_all(nodes.TemplateData))
    return _TAG.sub("", "\0".join(pieces))


@lru_cache(maxsize=512)
def _prints_braces(source: str) -> bool:
    """The template itself has braces to print: ``{_{``, or a text in quotes."""
    words = _texts([each.value for each in _tree(source).find_all(nodes.Const)])
    return any("{" in word or "}" in word for word in words)


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []


class _Printed:
    """The values that a template prints for certain, in order; those inside a tag (``w:val="…"``) apart."""

    def __init__(self) -> None:
        self.in_text: list[str] = []
        self.in_tags: list[str] = []
        self._is_in_tag = False

    def walk(self, body: Sequence[nodes.Node], scope: Scope) -> None:
        """Follow these statements; ``set`` changes the scope."""
        for node in body:
            if isinstance(node, nodes.Output):
                self._print(node, scope)
            elif isinstance(node, nodes.For):
                self._loop(node, scope)
            elif isinstance(node, nodes.If):
                self._choose(node, scope)
            elif isinstance(node, nodes.Assign):
                _bind(node.target, _value(node.node, scope), scope)

    def _print(self, node: nodes.Output, scope: Scope) -> None:
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                self._is_in_tag = _ends_in_tag(child.data, self._is_in_tag)
                continue
            value = _value(child, scope)
            if isinstance(value, str | int | float):
                is_tag = self._is_in_tag or (isinstance(child, nodes.Filter) and child.name == PICTURE)
                (self.in_tags if is_tag else self.in_text).append(str(value))

    def _choose(self, node: nodes.If, scope: Scope) -> None:
        branches = [(node.test, node.body), *((each.test, each.body) for each in node.elif_)]
        for test, body in branches:
            value = _value(test, scope)
            if value is _UNKNOWN:
                _forget(node, scope)
                return
            if value:
                self.walk(body, scope)
                return
        self.walk(node.else_, scope)

    def _loop(self, node: nodes.For, scope: Scope) -> None:
        items = _value(node.iter, scope)
        if not isinstance(items, list) or node.test or node.recursive:
            return
        for number, item in enumerate(items):
            inner = {**scope, "loop": _loop_facts(number, len(items))}
            _bind(node.target, item, inner)
            self.walk(node.body, inner)
        if not items:
            self.walk(node.else_, scope)


def _ends_in_tag(data: str, before: bool) -> bool:
    opened, closed = data.rfind("<"), data.rfind(">")
    return before if opened == closed else opened > closed


def _loop_facts(number: int, length: int) -> Scope:
    return {
        "index": number + 1,
        "index0": number,
        "first": number == 0,
        "last": number == length - 1,
        "length": length,
        "revindex": length - number,
        "revindex0": length - number - 1,
    }


def _bind(target: nodes.Node, value: Any, scope: Scope) -> None:
    if isinstance(target, nodes.Name):
        scope[target.name] = value
    else:
        scope.update({name.name: _UNKNOWN for name in target.find_all(nodes.Name)})


def _forget(node: nodes.Node, scope: Scope) -> None:
    """What a branch may have set is not known after it."""
    for assign in node.find_all(nodes.Assign):
        _bind(assign.target, _UNKNOWN, scope)


def _value(node: nodes.Node, scope: Scope) -> Any:
    """What an expression stands for, or ``_UNKNOWN``."""
    reader = _READERS.get(type(node))
    return reader(node, scope) if reader else _UNKNOWN


def _name(node: nodes.Name, scope: Scope) -> Any:
    return scope.get(node.name, _UNKNOWN)


def _item(node: nodes.Getattr | nodes.Getitem, scope: Scope) -> Any:
    base = _value(node.node, scope)
    key = node.attr if isinstance(node, nodes.Getattr) else _value(node.arg, scope)
    if isinstance(base, dict):
        return base.get(key, _UNKNOWN) if isinstance(key, str) else _UNKNOWN
    if isinstance(base, list) and type(key) is int and -len(base) <= key < len(base):
        return base[key]
    return _UNKNOWN


def _list(node: nodes.List | nodes.Tuple, scope: Scope) -> Any:
    items = [_value(item, scope) for item in node.items]
    return _UNKNOWN if _UNKNOWN in items else items


def _filtered(node: nodes.Filter, scope: Scope) -> Any:
    """The filter's own answer; where it gives XML, the text that has to stand in it."""
    value = _value(node.node, scope) if node.node else _UNKNOWN
    if node.name in MARKUP or node.name in _LAYOUT:
        return value
    arguments = [_value(each, scope) for each in node.args]
    if value is _UNKNOWN or _UNKNOWN in arguments or node.kwargs or node.dyn_args or node.dyn_kwargs:
        return _UNKNOWN
    try:
        answer = ENVIRONMENT.call_filter(node.name, value, arguments)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError):
        return _UNKNOWN
    return answer if type(answer) in _PLAIN else _UNKNOWN


def _not(node: nodes.Not, scope: Scope) -> Any:
    value = _value(node.node, scope)
    return _UNKNOWN if value is _UNKNOWN else not value


def _both(node: nodes.And | nodes.Or, scope: Scope) -> Any:
    left = _value(node.left, scope)
    if left is _UNKNOWN or bool(left) == isinstance(node, nodes.Or):
        return left
    return _value(node.right, scope)


def _either(node: nodes.CondExpr, scope: Scope) -> Any:
    test = _value(node.test, scope)
    if test is _UNKNOWN or (not test and node.expr2 is None):
        return _UNKNOWN
    return _value(node.expr1 if test else node.expr2, scope)  # type: ignore[arg-type]


def _compared(node: nodes.Compare, scope: Scope) -> Any:
    left, right = _value(node.expr, scope), _value(node.ops[0].expr, scope)
    sign = node.ops[0].op
    if left is _UNKNOWN or right is _UNKNOWN or len(node.ops) > 1 or sign not in ("eq", "ne"):
        return _UNKNOWN
    return (left == right) == (sign == "eq")


_READERS: dict[type, Any] = {
    nodes.Const: lambda node, _scope: node.value,
    nodes.Name: _name,
    nodes.Getattr: _item,
    nodes.Getitem: _item,
    nodes.List: _list,
    nodes.Tuple: _list,
    nodes.Filter: _filtered,
    nodes.Not: _not,
    nodes.And: _both,
    nodes.Or: _both,
    nodes.CondExpr: _either,
    nodes.Compare: _compared,
}
