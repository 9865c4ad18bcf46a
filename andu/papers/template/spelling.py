"""What others spell as Python in templates, spelled as Jinja: methods as filters, ``if`` with its ``else``.

Called by ``sandbox`` for every tree, so that filling, checking and reading again see the same. Nothing is
called on a paper; but ``{{ name.upper() }}`` and ``{% for k, v in group.items() %}`` say only what
``|upper`` and ``|items`` say.
"""

from __future__ import annotations

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

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


def _filter(name: str, of: nodes.Expr, args: list[nodes.Expr], line: int) -> nodes.Filter:
    return nodes.Filter(of, name, args, [], None, None, lineno=line)
