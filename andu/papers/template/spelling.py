"""What others spell as Python in templates, spelled as Jinja: methods as filters, ``if`` with its ``else``.

Called by ``sandbox`` for every tree, so that filling, checking and reading again see the same. Nothing is
called on a paper; but ``range(3)``, ``{{ name.upper() }}`` and ``{% for k, v in group.items() %}`` say only
what a list, ``|upper`` and ``|items`` say.
"""

from __future__ import annotations

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

MOST_NUMBERS = 1000
METHODS = {
    "items": "items",
    "keys": "list",
    "values": "values",
    "upper": "upper",
    "lower": "lower",
    "title": "title",
    "capitalize": "capitalize",
    "strip": "trim",
    "replace": "replace",
    "center": "center",
}
"""Method → the filter that does the same."""


def spelled(tree: nodes.Template) -> nodes.Template:
    """The same tree in Jinja's own words."""
    _Speller().visit(tree)
    return tree


class _Speller(NodeTransformer):
    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        numbers = _counted(node)
        if numbers is not None:
            return nodes.List([nodes.Const(number) for number in numbers], lineno=node.lineno)
        method = node.node
        if not isinstance(method, nodes.Getattr) or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return node
        if method.attr == "join" and len(node.args) == 1:
            return _filter("join", node.args[0], [method.node], node.lineno)
        if method.attr in METHODS:
            return _filter(METHODS[method.attr], method.node, node.args, node.lineno)
        return node

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.Node:
        self.generic_visit(node)
        if node.expr2 is None:
            node.expr2 = nodes.Const("", lineno=node.lineno)
        return node


def _counted(call: nodes.Call) -> range | None:
    """``range(5)``, with its numbers written out and few of them, as the list that it is."""
    is_range = isinstance(call.node, nodes.Name) and call.node.name == "range"
    given = [each.value for each in call.args if isinstance(each, nodes.Const) and type(each.value) is int]
    if not is_range or not 1 <= len(given) == len(call.args) <= 3 or given[2:] == [0]:
        return None
    numbers = range(*given)
    return numbers if max(map(abs, given)) <= MOST_NUMBERS and len(numbers) <= MOST_NUMBERS else None


def _filter(name: str, of: nodes.Expr, args: list[nodes.Expr], line: int) -> nodes.Filter:
    return nodes.Filter(of, name, args, [], None, None, lineno=line)
