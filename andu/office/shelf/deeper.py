"""Any part of a form file by its place: ``rules.2``, ``case.needs.1``, ``signatures.enough.1``, ``urgent``.

Walks the dictionary of the form language beside the tree, so that whatever the language can say has a page.
Lists count from 1. A part that may be one word (``next``: a slug alone) is asked like one that says more, and
written as one word again where nothing more was said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from andu.formtypes.language.keys.formkeys import FORM_KEYS, RULE_KEYS, RuleReader
from andu.formtypes.language.keys.parts import Part, WordOr
from andu.formtypes.language.readers import Key, Many, Place
from andu.formtypes.language.rules import RULES
from andu.office.errors import NotFound
from andu.office.shelf.parts import DOWN, UP, Tree, fields
from andu.papers.blanks.keys import Keys

FIRST_RULE = "rule"


@dataclass(frozen=True)
class Reached:
    """A part that was reached: what may be said of it, what is said, and where it is held."""

    keys: Mapping[str, Key]
    part: Tree
    holder: Any
    at: Any
    item: Any
    """Its reader."""
    tree: Tree

    def put(self) -> None:
        """Write the part back into what holds it; an empty one that stands alone goes."""
        word = next(iter(self.keys))
        if isinstance(self.item, WordOr) and set(self.part) == {word} and self._is_word(self.part[word]):
            self.holder[self.at] = self.part[word]
        elif self.part or isinstance(self.at, int):
            self.holder[self.at] = self.part
        else:
            self.holder.pop(self.at, None)

    def _is_word(self, said: str) -> bool:
        """Whether one word says it all: of a share, a field does, a unit's code does not."""
        known = {str(one.get("key")) for one in fields(self.tree)}
        return not isinstance(self.item.word, Place) or said.partition(".")[0] in known


def names_of(where: str) -> str:
    """A place without its numbers: ``case.needs``. It says which words are asked."""
    return ".".join(name for name in where.split(".") if not name.isdigit())


def is_list(reads: Any) -> bool:
    """Whether a key holds a list of parts, each with a page of its own."""
    return isinstance(reads, Many) and isinstance(reads.item, Part | WordOr | RuleReader)


def reach(tree: Tree, where: str) -> Reached:
    """The part at a place; raises ``NotFound``. A single one that is not there yet begins empty."""
    keys: Mapping[str, Key] = FORM_KEYS
    part: Any = tree
    found: Reached | None = None
    tokens = where.split(".")
    while tokens:
        name = tokens.pop(0)
        reads = keys[name].reads if name in keys and isinstance(part, dict) else None
        if isinstance(reads, Part):
            found = _reached(tree, reads, part, name, part.setdefault(name, {}))
        elif is_list(reads) and tokens and tokens[0].isdigit():
            items, at = part.get(name) or [], int(tokens.pop(0)) - 1
            if not 0 <= at < len(items):
                raise NotFound(where)
            found = _reached(tree, reads.item, items, at, items[at])  # type: ignore[union-attr]
        else:
            raise NotFound(where)
        keys, part = found.keys, found.part
    assert found is not None  # noqa: S101
    return found


def _reached(tree: Tree, item: Any, holder: Any, at: Any, value: Any) -> Reached:
    keys = _keys(item, value)
    if isinstance(item, WordOr) and isinstance(value, str):
        value = {next(iter(keys)): value}
    if not isinstance(value, dict):
        raise NotFound(at)
    return Reached(keys, value, holder, at, item, tree)


def _keys(item: Any, value: Any) -> Mapping[str, Key]:
    if isinstance(item, RuleReader):
        rule = RULES.get(str(value.get("rule"))) if isinstance(value, dict) else None
        return {**RULE_KEYS, **(rule.keys if rule else {})}
    keys: Mapping[str, Key] = item.keys() if isinstance(item, WordOr) else item.keys
    return keys


def _list_at(tree: Tree, where: str) -> tuple[list[Any], Any]:
    """The list at a place, to be changed, and the reader of its items; raises ``NotFound``."""
    above, _dot, name = where.rpartition(".")
    keys, part = (FORM_KEYS, tree) if not above else ((one := reach(tree, above)).keys, one.part)
    reads = keys[name].reads if name in keys else None
    if not is_list(reads):
        raise NotFound(where)
    return part.setdefault(name, []), reads.item  # type: ignore[union-attr]


def first_of(item: Any) -> str:
    """The key that an item begins with: what is asked before it is made."""
    if isinstance(item, RuleReader):
        return FIRST_RULE
    keys = _keys(item, {})
    return "label" if "key" in keys else next(iter(keys))


def add(tree: Tree, where: str, first: str) -> str:
    """A new item at the end of a list, begun with its first answer; its place."""
    items, item = _list_at(tree, where)
    name = first_of(item)
    made: Tree = {name: first}
    if name == "label":
        keys = Keys()
        for one in items:
            keys.take(str(one.get("key")) if isinstance(one, dict) else "")
        made = {"key": keys.of(first), "label": first}
    items.append(made)
    place = f"{where}.{len(items)}"
    reach(tree, place).put()
    return place


def move(tree: Tree, where: str, way: str) -> str:
    """One place up or down in its list; its new place."""
    above, _dot, number = where.rpartition(".")
    items, _item = _list_at(tree, above)
    at = int(number) - 1 if number.isdigit() else -1
    if not 0 <= at < len(items) or way not in (UP, DOWN):
        raise NotFound(where)
    to = max(0, min(len(items) - 1, at + (-1 if way == UP else 1)))
    items.insert(to, items.pop(at))
    return f"{above}.{to + 1}"


def remove(tree: Tree, where: str) -> None:
    """Take an item of a list away, or a part that stands alone; raises ``NotFound``."""
    above, _dot, name = where.rpartition(".")
    if name.isdigit():
        items, _item = _list_at(tree, above)
        if not 0 < int(name) <= len(items):
            raise NotFound(where)
        del items[int(name) - 1]
        if not items:
            upper, _dot, last = above.rpartition(".")
            (reach(tree, upper).part if upper else tree).pop(last, None)
        return
    found = reach(tree, where)
    found.holder.pop(found.at, None)


def tidied(tree: Tree) -> Tree:
    """Without the parts that were looked at and stayed empty."""
    for name in ("case", "urgent", "expected", "missing_returns", "signatures"):
        held = tree.get(name)
        for inner in ("verdict", "needs", "opens_branch", "ends_branch", "counted", "enough"):
            if isinstance(held, dict) and inner in held and not held[inner]:
                del held[inner]
        if held == {}:
            del tree[name]
    for one in tree.get("deadlines") or []:
        for inner in ("extend", "met_by"):
            if inner in one and not one[inner]:
                del one[inner]
    for name in ("next", "rules", "share_with"):
        if name in tree and not tree[name]:
            del tree[name]
    return tree
