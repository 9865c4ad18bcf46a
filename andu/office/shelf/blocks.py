"""Ready groups of fields and signatures, put into a design with one click.

They are data: ``forms/blocks/*.yaml``, in the form language, each with a title and a line on what it is
for. What is put in belongs to the design from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.language import writing
from andu.office.errors import NotFound, Refused
from andu.office.office import Office
from andu.office.shelf import parts
from andu.office.shelf.parts import Tree
from andu.papers.blanks.keys import Keys

FOLDER = "blocks"


@dataclass(frozen=True)
class Block:
    """A ready group: its name, its title, what it is for, what it puts in."""

    name: str
    title: str
    help: str
    fields: list[Tree] = field(default_factory=list)
    slots: list[Tree] = field(default_factory=list)


def every(office: Office) -> list[Block]:
    """The blocks there are, by their order."""
    found = [_read(path) for path in sorted((Path(office.settings.forms) / FOLDER).glob("*.yaml"))]
    return [block for _order, block in sorted(found, key=lambda one: one[0])]


def _read(path: Path) -> tuple[int, Block]:
    said = writing.tree(path.read_text("utf-8"))
    order = int(said.get("order", 100))
    return order, Block(
        path.stem, said["title"], said.get("help", ""), said.get("fields") or [], said.get("slots") or []
    )


def put(office: Office, tree: Tree, name: str, section: int) -> str:
    """Put a block at the end of a section; the key of its first field. Raises ``NotFound``, ``Refused``."""
    block = next((one for one in every(office) if one.name == name), None)
    sections = tree.get(parts.SECTIONS) or []
    if block is None or not 0 <= section < len(sections):
        raise NotFound(name)
    unknown = [slug for slug in _forms(block) if office.catalogue.get(slug) is None]
    if unknown:
        raise Refused(_("这一组要用到的表单“%(what)s”现在没有。", what="、".join(unknown)))
    keys = Keys()
    for one in parts.fields(tree):
        keys.take(str(one.get("key")))
    renamed = {str(one["key"]): _free(keys, str(one["key"]), str(one["label"])) for one in block.fields}
    labels = {str(one.get("label")) for one in parts.fields(tree)}
    for one in block.fields:
        made = _with_names(deepcopy(one), renamed)
        made["label"] = _unlike(str(made["label"]), labels)
        sections[section].setdefault("fields", []).append(made)
    _put_slots(tree, block, renamed)
    return next(iter(renamed.values()), "")


def _put_slots(tree: Tree, block: Block, renamed: Mapping[str, str]) -> None:
    if not block.slots:
        return
    slots = parts.listed(tree, parts.SLOTS)
    taken, known = Keys(), {str(one.get("label")) for one in slots}
    for one in slots:
        taken.take(str(one.get("key")))
    after = max(
        (int(one.get("order") or 1) for one in slots if str(one.get("order") or 1).isdigit()), default=0
    )
    for number, one in enumerate(block.slots, after + 1):
        made = _with_names(deepcopy(one), renamed)
        made |= {"key": _free(taken, str(one["key"]), str(one["label"])), "order": str(number)}
        made["label"] = _unlike(str(one["label"]), known)
        slots.append(made)


def _free(keys: Keys, key: str, label: str) -> str:
    return keys.keep(key) or keys.of(label)


def _unlike(label: str, taken: set[str]) -> str:
    name, count = label, 1
    while name in taken:
        count += 1
        name = f"{label}（{count}）"
    taken.add(name)
    return name


def _with_names(node: Any, renamed: Mapping[str, str]) -> Any:
    """The same with the keys that its fields got here."""
    if isinstance(node, dict):
        words = ("label", "help", "example", "choices", "title", "is", "in", "contains")
        return {
            renamed.get(name, name): one if name in words else _with_names(one, renamed)
            for name, one in node.items()
            if name != "columns"
        } | ({"columns": node["columns"]} if "columns" in node else {})
    if isinstance(node, list):
        return [_with_names(one, renamed) for one in node]
    return renamed.get(node, node) if isinstance(node, str) else node


def _forms(block: Block) -> list[str]:
    found: list[str] = []
    for one in block.fields:
        said = one.get("form") or []
        found += [said] if isinstance(said, str) else said
    return found
