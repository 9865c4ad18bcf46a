"""Which names a template uses and how: a walk over its syntax tree that follows loops, ``set`` and dotted
names.

Called by ``template`` for ``Template.uses``; ``contract`` compares the result with the form. A use is a
path from the context: ``("sign", "first", "name")``; items of a list are ``"[]"``: ``("items", "[]",
"copies")``.
"""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import nodes

from andu.papers.template.filters import SIGNED_PARTS

Path = tuple[str, ...]
Scope = dict[str, Path | None]
"""Local name → what it stands for in the context; None for something made in the template itself."""

ITEM = "[]"
PRINTED, LOOPED, TESTED = "printed", "looped", "tested"


@dataclass(frozen=True, order=True)
class Use:
    """One use of a name: its path and whether it is printed, looped over, or only tested."""

    path: Path
    how: str


def find_uses(tree: nodes.Template) -> set[Use]:
    """All uses of names that must come from the context."""
    uses: set[Use] = set()
    _walk(tree, {}, PRINTED, uses)
    return uses


def _walk(node: nodes.Node, scope: Scope, how: str, uses: set[Use]) -> None:
    if isinstance(node, nodes.For):
        _walk_loop(node, scope, uses)
    elif isinstance(node, nodes.Assign):
        _walk_alias(node, scope, uses)
    elif isinstance(node, nodes.If | nodes.CondExpr):
        _walk_choice(node, scope, how, uses)
    elif isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem) and _path(node, scope) is not None:
        uses.add(Use(_path(node, scope) or (), how))
    elif isinstance(node, nodes.Filter) and node.name == "signed" and node.node is not None:
        path = _path(node.node, scope)
        uses.update(Use((*path, part), how) for part in SIGNED_PARTS if path)
    elif not isinstance(node, nodes.Name):
        inner = TESTED if isinstance(node, nodes.Filter) and node.name == "length" else how
        for child in node.iter_child_nodes():
            _walk(child, scope, inner, uses)


def _walk_alias(node: nodes.Assign, scope: Scope, uses: set[Use]) -> None:
    """``set`` gives a name another name: what counts is how that one is used."""
    path = _path(node.node, scope)
    if path is None:
        _walk(node.node, scope, PRINTED, uses)
    _bind(node.target, path, scope)


def _walk_choice(node: nodes.If | nodes.CondExpr, scope: Scope, how: str, uses: set[Use]) -> None:
    _walk(node.test, scope, TESTED, uses)
    for child in node.iter_child_nodes(exclude=("test",)):
        _walk(child, scope, how, uses)


def _walk_loop(node: nodes.For, scope: Scope, uses: set[Use]) -> None:
    items = _path(node.iter, scope)
    _walk(node.iter, scope, LOOPED if items else PRINTED, uses)
    inner = {**scope, "loop": None}
    _bind(node.target, (*items, ITEM) if items else None, inner)
    for child in (*node.body, *((node.test,) if node.test else ())):
        _walk(child, inner, PRINTED, uses)
    for child in node.else_:
        _walk(child, scope, PRINTED, uses)


def _bind(target: nodes.Node, path: Path | None, scope: Scope) -> None:
    if isinstance(target, nodes.Name):
        scope[target.name] = path
    else:
        scope.update({name.name: None for name in target.find_all(nodes.Name)})


def _path(node: nodes.Node, scope: Scope) -> Path | None:
    """What an expression stands for, if it is a name of the context with keys after it."""
    if isinstance(node, nodes.Name):
        return scope.get(node.name, (node.name,))
    if isinstance(node, nodes.Getattr):
        base = _path(node.node, scope)
        return (*base, node.attr) if base else None
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        base = _path(node.node, scope)
        return (*base, node.arg.value if isinstance(node.arg.value, str) else ITEM) if base else None
    return None
