"""Paths from the context of a paper to what a template names, and what keys and filters add to them.

Used by ``reading``, ``shapes`` and ``bare``. ``("sign", "first", "name")`` is what it looks like;
``ITEM`` stands for each item of a list, ``PARAGRAPHS`` for what the filter ``paragraphs`` makes of a
text. What filters make of rows (their columns, groups, rows of rows) is a step of its own until an item
is taken: ``normal``.
"""

from __future__ import annotations

from jinja2 import nodes

from andu.papers.template.borrowed import DIVIDING, KEEPING_ROWS, KEEPING_TEXT, PICKING
from andu.papers.template.filters import FILTERS

ITEM, PARAGRAPHS = "[]", "|paragraphs"
_DIVIDED, _COLUMN, _GROUPED = "|rows", "|column ", "|group "

Path = tuple[str, ...]


def gives_rows(name: str) -> bool:
    """Whether a filter takes a list, of which the template then prints what its items are."""
    return name in ("join", "map", "groupby") or name in f"{KEEPING_ROWS} {DIVIDING} {PICKING}".split()


def step(node: nodes.Node) -> Path | None:
    """What a node adds to the path of the node within it; None where the result is something else."""
    if isinstance(node, nodes.Getattr):
        return (node.attr,)
    if isinstance(node, nodes.Getitem):
        if isinstance(node.arg, nodes.Slice):
            return ()
        key = node.arg.value if isinstance(node.arg, nodes.Const) else None
        return (key if isinstance(key, str) else ITEM,)
    return _filtered(node) if isinstance(node, nodes.Filter) else None


def _filtered(node: nodes.Filter) -> Path | None:
    if node.name == "paragraphs":
        return (PARAGRAPHS,)
    if node.name == "map":
        column = _named(node, "attribute")
        return (f"{_COLUMN}{column}",) if column else ()
    if node.name == "groupby":
        return (f"{_GROUPED}{_named(node, 'attribute', 0)}",)
    if node.name == "join":
        column = _named(node, "attribute", 1)
        return (ITEM, *column.split(".")) if column else (ITEM,)
    if node.name in DIVIDING.split():
        return (_DIVIDED,)
    if node.name in PICKING.split():
        return (ITEM,)
    return () if _keeps(node.name) else None


def _keeps(name: str) -> bool:
    """The filter gives what it is given, in another shape."""
    if name in FILTERS:
        return FILTERS[name].__annotations__.get("return") in ("str", str)
    return name in f"{KEEPING_TEXT} {KEEPING_ROWS}".split()


def _named(node: nodes.Filter, key: str, place: int | None = None) -> str:
    """A word that a filter is given; empty if there is none."""
    options = [each.value for each in node.kwargs if each.key == key]
    if place is not None:
        options += node.args[place : place + 1]
    return str(options[0].value) if options and isinstance(options[0], nodes.Const) else ""


def normal(path: Path) -> Path:
    """The path through what filters made of rows, as one through the rows themselves."""
    done: Path = ()
    for part in path:
        before = done[-1] if done else ""
        within = done[-2] if len(done) > 1 and before == ITEM else ""
        if before == _DIVIDED and part == ITEM:
            done = done[:-1]
        elif before.startswith(_COLUMN) and part == ITEM:
            done = (*done[:-1], ITEM, *before.removeprefix(_COLUMN).split("."))
        elif within.startswith(_GROUPED) and part == "list":
            done = done[:-2]
        elif within.startswith(_GROUPED) and part == "grouper":
            done = (*done[:-2], ITEM, *within.removeprefix(_GROUPED).split("."))
        else:
            done = (*done, part)
    return done[:-1] if done and done[-1].startswith((_DIVIDED, _COLUMN, _GROUPED)) else done
