"""A condition as the designer asks it: one or several lines, all of which or one of which must hold.

Each line is a field, a way and words. What is deeper than that stays as it is written: ``asked_of`` is None.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

ALL, ANY = "all", "any"
FREE = 2
"""So many empty lines a page offers beyond those that are filled."""
MOST = 12
Posted = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Comparing:
    """One comparison: which field, how, with which words (one a line)."""

    field: str = ""
    way: str = ""
    words: str = ""


@dataclass(frozen=True)
class Conditions:
    """A whole condition: its lines, and whether all of them or any must hold. No line: always."""

    join: str = ALL
    lines: tuple[Comparing, ...] = ()

    @property
    def shown(self) -> list[Comparing]:
        """The lines with some empty ones after them."""
        return [*self.lines, *[Comparing()] * FREE]


def ways() -> dict[str, str]:
    """How a field may be looked at, in words."""
    return {
        "is": _("是"),
        "in": _("是其中一个"),
        "contains": _("勾了"),
        "filled": _("填了"),
        "not is": _("不是"),
        "not in": _("不是其中任何一个"),
        "not contains": _("没有勾"),
        "empty": _("没有填"),
    }


def asked_of(value: Any) -> Conditions | None:
    """A condition of a form file as lines; None for one that only a file can say."""
    if not value:
        return Conditions()
    if not isinstance(value, dict):
        return None
    join = next((name for name in (ALL, ANY) if set(value) == {name}), "")
    parts = value[join] if join else [value]
    lines = [_line(one) for one in parts] if isinstance(parts, list) else [None]
    if None in lines:
        return None
    return Conditions(join if len(lines) > 1 and join else ALL, tuple(one for one in lines if one))


def _line(value: Any) -> Comparing | None:
    if not isinstance(value, dict):
        return None
    if set(value) == {"not"}:
        inner = _line(value["not"])
        is_plain = inner is not None and inner.way in ("is", "in", "contains")
        return Comparing(inner.field, f"not {inner.way}", inner.words) if inner and is_plain else None
    if "field" not in value or len(value) != 2:
        return None
    way = next(name for name in value if name != "field")
    said = value[way]
    if way == "filled":
        return Comparing(str(value["field"]), "filled" if str(said) == "true" else "empty")
    words = "\n".join(map(str, said)) if isinstance(said, list) else str(said)
    return Comparing(str(value["field"]), way, words) if way in ("is", "in", "contains") else None


def taken(name: str, posted: Posted, known: Collection[str]) -> Any:
    """What was answered, as a form file says it; None for no condition."""
    lines = []
    for number in range(1, MOST + 1):
        begins = name if number == 1 else f"{name}-{number}"
        line = _written(begins, posted, known)
        if line is not None:
            lines.append(line)
    if len(lines) < 2:
        return lines[0] if lines else None
    return {ANY if next(iter(posted(f"{name}-join")), "") == ANY else ALL: lines}


def _written(begins: str, posted: Posted, known: Collection[str]) -> dict[str, Any] | None:
    key, way = (next(iter(posted(f"{begins}-{part}")), "").strip() for part in ("field", "way"))
    words = next(iter(posted(f"{begins}-words")), "")
    said = [line.strip() for line in words.splitlines() if line.strip()]
    if key not in known or way not in ways():
        return None
    if way in ("filled", "empty"):
        return {"field": key, "filled": "true" if way == "filled" else "false"}
    if not said:
        return None
    negated, _space, plain = way.rpartition(" ")
    plain = "in" if plain == "is" and len(said) > 1 else plain
    made: dict[str, Any] = {"field": key, plain: said if plain == "in" else said[0]}
    return {"not": made} if negated else made
