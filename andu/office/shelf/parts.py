"""The parts of a design: fields, signatures, deadlines and sections in the tree of its form file.

Acts upon a tree (``Design.tree``) in place, and knows nothing of pages. What one part says of another is
found wherever it stands, so that nothing is taken away that something else needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.kinds import KINDS
from andu.office.errors import NotFound, Refused
from andu.papers.blanks.keys import Keys

Tree = dict[str, Any]
SECTIONS, SLOTS, DEADLINES = "sections", "slots", "deadlines"
UP, DOWN = "up", "down"
_ARE_WORDS = {
    *("label", "title", "help", "example", "sample", "choices", "description", "group", "message", "words"),
    *("source", "statement", "opinion_default", "key", "kind", "is", "in", "contains"),
}
"""Keys whose values are said to people, or are answers, and never name a field."""


@dataclass(frozen=True)
class Place:
    """Where a field stands: the list that holds it, and its place there; columns stand in their table."""

    siblings: list[Tree]
    at: int
    section: int

    @property
    def part(self) -> Tree:
        """What the form file says of it."""
        return self.siblings[self.at]


def fields(tree: Tree) -> Iterator[Tree]:
    """Every field, in the order of the form; no columns."""
    for section in tree.get(SECTIONS) or []:
        yield from section.get("fields") or []


def find(tree: Tree, path: str) -> Place:
    """The field of this key, or the column ``table.column``; raises ``NotFound``."""
    key, _dot, column = path.partition(".")
    for number, section in enumerate(tree.get(SECTIONS) or []):
        for at, one in enumerate(section.get("fields") or []):
            if one.get("key") == key:
                place = Place(section["fields"], at, number)
                return _column(place, column) if column else place
    raise NotFound(path)


def _column(table: Place, key: str) -> Place:
    columns = table.part.get("columns") or []
    for at, one in enumerate(columns):
        if one.get("key") == key:
            return Place(columns, at, table.section)
    raise NotFound(key)


def add_field(tree: Tree, kind: str, label: str, section: int, table: str = "", form: str = "") -> str:
    """A new field at the end of a section, or a column at the end of a table; its path. Its key stays.

    ``form``: what a field that chooses a record chooses from, to begin with.
    """
    made: Tree = {"key": _new_key(tree, label, table), "kind": kind, "label": label}
    to_begin_with = {
        "choices": ["选项一", "选项二"],
        "columns": [{"key": "name", "kind": "text", "label": "名称"}],
        "form": form,
    }
    made |= {name: to_begin_with[name] for name, key in KINDS[kind].settings.items() if key.required}
    if table:
        find(tree, table).part.setdefault("columns", []).append(made)
        return f"{table}.{made['key']}"
    sections = tree.get(SECTIONS) or []
    if not 0 <= section < len(sections):
        raise NotFound(section)
    sections[section].setdefault("fields", []).append(made)
    return str(made["key"])


def _new_key(tree: Tree, label: str, table: str) -> str:
    keys = Keys()
    known = find(tree, table).part.get("columns") or [] if table else fields(tree)
    for one in known:
        keys.take(str(one.get("key")))
    return keys.of(label)


def move(tree: Tree, path: str, way: str) -> None:
    """One place up or down; from the edge of a section into the next."""
    place = find(tree, path)
    to = place.at + (-1 if way == UP else 1)
    part = place.siblings.pop(place.at)
    if 0 <= to <= len(place.siblings):
        place.siblings.insert(to, part)
        return
    sections = tree[SECTIONS]
    other = place.section + (-1 if way == UP else 1)
    if "." in path or not 0 <= other < len(sections):
        place.siblings.insert(place.at, part)
        return
    wanted = sections[other].setdefault("fields", [])
    wanted.insert(len(wanted) if way == UP else 0, part)


def reorder(tree: Tree, numbers: Mapping[str, int]) -> None:
    """Each section in the order of the numbers of its fields; equal ones stay as they were."""
    for section in tree.get(SECTIONS) or []:
        section["fields"].sort(key=lambda one: numbers.get(str(one.get("key")), 0))


def remove(tree: Tree, path: str) -> None:
    """Take a field or a column away; raises ``Refused`` with who needs it, where something does."""
    place = find(tree, path)
    needed = list(dict.fromkeys(one.words for one in needs(tree, path)))
    if needed:
        label = place.part.get("label", path)
        raise Refused(
            _(
                "“%(label)s”不能去掉，还有用到它的地方：%(what)s。请先改那些地方。",
                label=label,
                what="、".join(needed),
            )
        )
    if len(place.siblings) == 1:
        raise Refused(_("这里只剩这一项了，不能去掉；可以把整个部分去掉，或者先加一项。"))
    del place.siblings[place.at]


@dataclass(frozen=True)
class Need:
    """A part that names a field: in words, and where it is changed.

    ``page`` is ``field``, ``item``, ``at`` or ``about``; ``at`` the field's key, the list or the place.
    """

    words: str
    page: str
    at: str = ""
    number: int = 0


def needs(tree: Tree, path: str) -> Iterator[Need]:
    """What names a field: the labels of the parts that do, and their pages."""
    for name, value in tree.items():
        if name == SECTIONS:
            for one in fields(tree):
                if one.get("key") != path and _names(one, path):
                    said = _("栏目“%(label)s”", label=one.get("label"))
                    yield Need(said, "field", str(one.get("key")))
        elif _names({name: value}, path):
            yield from _told(name, value, path)


def _told(name: str, value: Any, path: str) -> Iterator[Need]:
    known = {
        "signatures": _("签字"),
        DEADLINES: _("期限"),
        "record_title": _("材料叫什么"),
        "rules": _("规则"),
    }
    known |= {"next": _("接着可以办"), "case": _("和别的材料成一件事"), "share_with": _("编号后给谁看")}
    what = known.get(name, name)
    items = value.get(SLOTS) if isinstance(value, dict) and name == "signatures" else value
    found = False
    for number, one in enumerate(items if isinstance(items, list) else [], 1):
        if not isinstance(one, dict) or not _names(one, path):
            continue
        found = True
        said = f"{what}“{one['label']}”" if one.get("label") else f"{what} {number}"
        if name in ("signatures", DEADLINES):
            yield Need(said, "item", SLOTS if name == "signatures" else DEADLINES, number)
        else:
            yield Need(said, "at", f"{name}.{number}")
    if not found:
        has_page = name in ("case", "urgent", "expected", "missing_returns")
        yield Need(what, "at", name) if has_page else Need(what, "about")


def _names(value: Any, path: str) -> bool:
    if isinstance(value, dict):
        return any(
            key == path or key.startswith(f"{path}.") or (key not in _ARE_WORDS and _names(one, path))
            for key, one in value.items()
        )
    if isinstance(value, list):
        return any(_names(one, path) for one in value)
    said = str(value).removeprefix("field:")
    return said == path or said.startswith(f"{path}.")


# --- sections, signatures, deadlines --------------------------------------------------------------


def listed(tree: Tree, name: str) -> list[Tree]:
    """The sections, slots or deadlines of a tree, to be changed in place."""
    if name == SLOTS:
        return list_at(tree.setdefault("signatures", {}), SLOTS)
    return list_at(tree, name)


def list_at(tree: Tree, name: str) -> list[Tree]:
    found: list[Tree] = tree.setdefault(name, [])
    return found


def item(tree: Tree, name: str, at: int) -> Tree:
    """One of them; raises ``NotFound``."""
    found = listed(tree, name)
    if not 0 <= at < len(found):
        raise NotFound(at)
    return found[at]


def add_item(tree: Tree, name: str, label: str) -> int:
    """A new one at the end; its place."""
    found = listed(tree, name)
    if name == SECTIONS:
        keys = Keys()
        for one in fields(tree):
            keys.take(str(one.get("key")))
        first = {"key": keys.of(label), "kind": "text", "label": label}
        found.append({"title": label, "fields": [first]})
    else:
        keys = Keys()
        for one in found:
            keys.take(str(one.get("key")))
        made: Tree = {"key": keys.of(label), "label": label}
        if name == SLOTS:
            orders = [int(one.get("order") or 1) for one in found if str(one.get("order") or 1).isdigit()]
            made |= {"roles": ["head"], "order": str(max(orders, default=0) + 1)}
        else:
            made |= {"rule": "workdays", "n": "3"}
        found.append(made)
    return len(found) - 1


def move_item(tree: Tree, name: str, at: int, way: str) -> int:
    """One place up or down; its new place."""
    found, part = listed(tree, name), item(tree, name, at)
    to = max(0, min(len(found) - 1, at + (-1 if way == UP else 1)))
    found.insert(to, found.pop(at))
    return found.index(part)


def remove_item(tree: Tree, name: str, at: int) -> None:
    """Take one away; a section with all its fields. Raises ``Refused`` where something needs it."""
    found, part = listed(tree, name), item(tree, name, at)
    if name == SECTIONS:
        _refuse_section(tree, found, part)
    if name == SLOTS:
        enough = (tree.get("signatures") or {}).get("enough")
        if enough and _names(enough, str(part.get("key"))):
            raise Refused(_("“%(label)s”在签字规则里用着，不能去掉。", label=part.get("label")))
    found.pop(at)
    if not found and name != SECTIONS:
        tree.pop("signatures" if name == SLOTS else name, None)


def _refuse_section(tree: Tree, found: Sequence[Tree], part: Tree) -> None:
    if len(found) == 1:
        raise Refused(_("至少要有一个部分。"))
    rest = {**tree, SECTIONS: [one for one in found if one is not part]}
    for one in part.get("fields") or []:
        needed = list(dict.fromkeys(each.words for each in needs(rest, str(one.get("key")))))
        if needed:
            words = {"label": one.get("label"), "what": "、".join(needed)}
            raise Refused(_("这一部分里的“%(label)s”还有用到它的地方：%(what)s。", **words))
