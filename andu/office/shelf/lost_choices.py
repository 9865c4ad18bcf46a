"""A choice that is taken away while conditions, rules or a default still name it.

Each lost one is found where it is named, gets the nearest new one proposed, and is renamed there. Acts upon a
tree in place; what is stored of records keeps the words it was answered with.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from andu.office.shelf.parts import Tree

COMPARED = ("is", "in", "contains")
OWN = ("default", "sample")


@dataclass(frozen=True)
class Lost:
    """A choice that is gone but still named, and which of the new ones is nearest."""

    choice: str
    nearest: str


def lost(tree: Tree, path: str, old: Sequence[str], new: Sequence[str]) -> list[Lost]:
    """The choices of a field (or ``table.column``) that are gone and still named somewhere."""
    gone = [one for one in old if one not in new]
    added = [one for one in new if one not in old] or list(new)
    named = set(_named(tree, path))
    return [Lost(one, _nearest(one, added)) for one in gone if one in named]


def _nearest(choice: str, added: Sequence[str]) -> str:
    return max(added, key=lambda one: difflib.SequenceMatcher(None, choice, one).ratio(), default="")


def rename(tree: Tree, path: str, becomes: Mapping[str, str]) -> None:
    """Write the new choice wherever an old one is named."""
    for holder, key in _places(tree, path):
        said = holder[key]
        if isinstance(said, list):
            holder[key] = list(dict.fromkeys(becomes.get(one, one) for one in said))
        elif isinstance(said, dict):
            holder[key] = {becomes.get(one, one): meaning for one, meaning in said.items()}
        else:
            holder[key] = becomes.get(said, said)


def _named(tree: Tree, path: str) -> Iterator[str]:
    for holder, key in _places(tree, path):
        said = holder[key]
        yield from said if isinstance(said, list | dict) else [said]


def _places(node: Any, path: str) -> Iterator[tuple[Tree, str]]:
    """Where choices of a field stand: as (mapping, key)."""
    if isinstance(node, list):
        for one in node:
            yield from _places(one, path)
        return
    if not isinstance(node, dict):
        return
    table, _dot, column = path.partition(".")
    is_condition = node.get("field") == path
    is_rule = bool(column) and (node.get("table"), node.get("column")) == (table, column)
    if is_condition or is_rule:
        yield from ((node, name) for name in COMPARED if name in node)
    if is_condition and isinstance(node.get("means"), dict):
        yield node, "means"
    if node.get("key") == path and "kind" in node:
        yield from ((node, name) for name in OWN if name in node)
    for one in node.values():
        yield from _places(one, path)
