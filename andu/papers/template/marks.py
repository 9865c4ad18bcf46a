"""Marks around each value that a template prints, so that a check knows where on the paper it stands.

Called by ``part``. The syntax tree of a part is copied with one more filter behind each ``{{ … }}`` that
stands in text; what comes out differs from the paper by the marks alone, and is never shown or filed.
Guarantees: between an opening mark and ``CLOSE`` stands exactly what the paper prints of that expression; the
opening mark says which expression it was (``names``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from jinja2 import Environment, Template, nodes
from markupsafe import Markup

from andu.papers.template.sandbox import ENVIRONMENT

ITEM = "[]"
"""In a path: each row of a list."""
OPEN, CLOSE = 0xF0000, "\U000ffffd"
"""The private characters of plane 15 open a mark, the last of them closes it; no paper prints these."""
MOST = 0xFFF0
MARK = re.compile(f"[\U000f0000-{CLOSE}]")

Path = tuple[str, ...]
_TEXT = re.compile(r"(<w:t(?: [^>]*)?>)([^<]*)(</w:t>)")


def marking(source: str) -> tuple[Template, list[Path]]:
    """The source compiled with marks, and the path of each expression by the number in its mark."""
    tree = _ENVIRONMENT.parse(source)
    names: list[Path] = []
    _Marker(names).walk(tree.body, {}, False)
    code = _ENVIRONMENT.compile(tree)
    return Template.from_code(_ENVIRONMENT, code, _ENVIRONMENT.make_globals(None)), names


def marked(value: Any, number: int) -> Any:
    """The value between its marks; in XML of a filter (``rich``) each text is."""
    opened = chr(OPEN + number)
    if isinstance(value, Markup):
        return Markup(_TEXT.sub(rf"\1{opened}\2{CLOSE}\3", value))  # noqa: S704 - as it came, but for the marks
    return f"{opened}{value}{CLOSE}" if isinstance(value, str | int | float) else value


class _Marker:
    """Walks through a template in the order of its text and puts the filter behind each expression."""

    def __init__(self, names: list[Path]) -> None:
        self.names = names

    def walk(self, body: Sequence[nodes.Node], scope: dict[str, Path], in_tag: bool) -> bool:
        """Mark these statements; whether their text ends within a tag."""
        for node in body:
            if isinstance(node, nodes.Output):
                in_tag = self._output(node, scope, in_tag)
            elif isinstance(node, nodes.For):
                inner = {**scope, **_bound(node.target, (*path_of(node.iter, scope), ITEM))}
                in_tag = self.walk([*node.body, *node.else_], inner, in_tag)
            elif isinstance(node, nodes.If):
                branches = [node.body, *(each.body for each in node.elif_), node.else_]
                in_tag = [self.walk(branch, scope, in_tag) for branch in branches][0]
            elif isinstance(node, nodes.Assign):
                scope.update(_bound(node.target, path_of(node.node, scope)))
        return in_tag

    def _output(self, node: nodes.Output, scope: dict[str, Path], in_tag: bool) -> bool:
        children: list[nodes.Expr] = []
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                in_tag = _ends_in_tag(child.data, in_tag)
            elif not in_tag and len(self.names) < MOST:
                self.names.append(path_of(child, scope))
                number = nodes.Const(len(self.names) - 1)
                child = nodes.Filter(child, _FILTER, [number], [], None, None, lineno=child.lineno)
                child.set_environment(_ENVIRONMENT)
                number.set_environment(_ENVIRONMENT)
            children.append(child)
        node.nodes = children
        return in_tag


def path_of(node: nodes.Node | None, scope: dict[str, Path]) -> Path:
    """The name in the context that an expression prints, as far as there is one: ``items [] name``."""
    if isinstance(node, nodes.Name):
        return scope.get(node.name, (node.name,))
    if isinstance(node, nodes.Getattr):
        return (*path_of(node.node, scope), node.attr)
    if isinstance(node, nodes.Getitem):
        key = node.arg.value if isinstance(node.arg, nodes.Const) else ITEM
        return (*path_of(node.node, scope), key if isinstance(key, str) else ITEM)
    if isinstance(node, nodes.Filter):
        return path_of(node.node, scope)
    if isinstance(node, nodes.Or):
        return path_of(node.left, scope)
    return path_of(node.expr1, scope) if isinstance(node, nodes.CondExpr) else ()


def _bound(target: nodes.Node, path: Path) -> dict[str, Path]:
    return {target.name: path} if isinstance(target, nodes.Name) else {}


def _ends_in_tag(data: str, before: bool) -> bool:
    opened, closed = data.rfind("<"), data.rfind(">")
    return before if opened == closed else opened > closed


_FILTER = "marked"


def _environment() -> Environment:
    environment = ENVIRONMENT.overlay()
    environment.filters = {**ENVIRONMENT.filters, _FILTER: marked}
    return environment


_ENVIRONMENT = _environment()
"""The environment that fills, with one filter more."""
