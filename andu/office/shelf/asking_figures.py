"""What a page asks about a sheet of figures, and what becomes of the answers.

What is counted is chosen from lists: ledgers and their columns, deadlines, returns. Only columns of choices
and units can be drawn, so that no chart shows what somebody typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.beside import figure_reading
from andu.formtypes.beside.figure_reading import MOST_UNIT_COLUMNS
from andu.formtypes.beside.figures import BAR, LINE, MOST_CHARTS, MOST_NUMBERS, TIMELINESS, UNITS
from andu.office.office import Office
from andu.office.shelf import parts
from andu.office.shelf.asking_options import Options
from andu.office.shelf.asking_parts import Posted
from andu.office.shelf.parts import Tree

LEDGER, DEADLINE, RETURNS, OVERDUE = "ledger", "deadline", "returns", "overdue"
FREE = 2
"""So many empty lines are offered after those that are filled."""


@dataclass(frozen=True)
class FigureLine:
    """One line of the page: its name in inputs, what stands there, what it counts, the columns to choose."""

    name: str
    place: str
    part: Tree
    what: str
    columns: Options


@dataclass(frozen=True)
class AskedChart:
    """A chart as the page asks it; ``lines``: the columns of a table of units."""

    line: FigureLine
    lines: Sequence[FigureLine]


# --- what can be chosen ---------------------------------------------------------------------------


def kinds() -> Mapping[str, str]:
    """How something can be drawn."""
    return {
        BAR: _("柱状图：一本台账按一列分"),
        LINE: _("折线图：一本台账每周多少"),
        TIMELINESS: _("各单位按期情况"),
        UNITS: _("各单位一行的表"),
    }


def counted(office: Office, *, overdue: bool = True) -> list[tuple[str, Options]]:
    """What can be counted, by heading."""
    dues = {due.key: due.label for form in office.catalogue for due in form.deadlines}
    returned = [one for one in office.catalogue if one.expected]
    groups = [
        (_("台账有几行"), [(f"{LEDGER}:{one.slug}", one.title) for one in office.ledgers]),
        (_("期限按期的"), [(f"{DEADLINE}:{key}", label) for key, label in dues.items()]),
        (_("报表按期报的"), [(f"{RETURNS}:{one.slug}", one.title) for one in returned]),
    ]
    more = [(_("别的"), [(OVERDUE, _("超期还没有办的"))])] if overdue else []
    return [(heading, options) for heading, options in (*groups, *more) if options]


def ledgers(office: Office) -> Options:
    """The ledgers there are."""
    return [(one.slug, one.title) for one in office.ledgers]


def _columns(office: Office, slug: str, *, drawn: bool) -> Options:
    ledger = office.ledgers.get(slug)
    return [
        (one.key, one.label)
        for one in (ledger.columns if ledger else ())
        if not drawn or figure_reading.may_be_drawn(one.value, ledger, office.catalogue)  # type: ignore[arg-type]
    ]


# --- from the tree to the page --------------------------------------------------------------------


def numbers(office: Office, tree: Tree) -> list[FigureLine]:
    """The numbers at the top, and empty lines."""
    found = _padded(tree, "numbers", MOST_NUMBERS)
    return [
        FigureLine(
            f"n{at}", f"numbers.{at}", one, _what(one), _columns(office, str(one.get(LEDGER)), drawn=False)
        )
        for at, one in enumerate(found, 1)
    ]


def charts(office: Office, tree: Tree) -> list[AskedChart]:
    """The charts, and an empty one."""
    found = []
    for at, one in enumerate(_padded(tree, "charts", MOST_CHARTS, 1), 1):
        columns = _columns(office, str(one.get(LEDGER)), drawn=True)
        line = FigureLine(f"g{at}", f"charts.{at}", one, "", columns)
        found.append(AskedChart(line, list(_unit_columns(office, line))))
    return found


def _unit_columns(office: Office, chart: FigureLine) -> Iterator[FigureLine]:
    for at, one in enumerate(_padded(chart.part, "columns", MOST_UNIT_COLUMNS), 1):
        columns = _columns(office, str(one.get(LEDGER)), drawn=True)
        yield FigureLine(f"{chart.name}u{at}", f"{chart.place}.columns.{at}", one, _what(one), columns)


def _padded(tree: Tree, name: str, most: int, free: int = FREE) -> list[Tree]:
    there: list[Tree] = list(parts.list_at(dict(tree), name))
    return [*there, *({} for _n in range(min(free, most - len(there))))]


def _what(part: Tree) -> str:
    if part.get(OVERDUE) == "true":
        return OVERDUE
    return next((f"{name}:{part[name]}" for name in (LEDGER, DEADLINE, RETURNS) if part.get(name)), "")


# --- from the page to the tree --------------------------------------------------------------------


def begun(title: str) -> Tree:
    """A sheet to begin with."""
    return {"title": title, "numbers": [], "charts": []}


def taken(office: Office, was: Tree, posted: Posted) -> Tree:
    """The tree as the page says it now; ``was``: the one in force, for what is not asked."""

    def said(name: str) -> str:
        return " ".join(next(iter(posted(name)), "").split())

    tree: Tree = {**was, "title": said("title")}
    for name in ("description", "order"):
        tree.pop(name, None)
        tree |= {name: said(name)} if said(name) else {}
    tree["numbers"] = _in_order(said, "n", MOST_NUMBERS, lambda name: _number(office, said, name))
    tree["charts"] = _in_order(said, "g", MOST_CHARTS, lambda name: _chart(office, said, name))
    return tree


def _in_order(said: Any, begins: str, most: int, made: Any) -> list[Tree]:
    found = []
    for at in range(1, most + 1):
        part = made(f"{begins}{at}")
        place = said(f"{begins}{at}-place")
        if part:
            found.append((int(place) if place.isdecimal() and len(place) < 6 else at * 10, at, part))
    return [part for _place, _at, part in sorted(found, key=lambda one: one[:2])]


def _number(office: Office, said: Any, name: str) -> Tree:
    part = _labelled(said, name)
    if part.get(LEDGER):
        known = dict(_columns(office, part[LEDGER], drawn=False))
        part |= {"filled": said(f"{name}-filled")} if said(f"{name}-filled") in known else {}
    return part


def _labelled(said: Any, name: str) -> Tree:
    """The name of a line, and what it counts; nothing for a line that is empty."""
    label, what = said(f"{name}-label"), said(f"{name}-what")
    part: Tree = {"label": label} if label else {}
    if what == OVERDUE:
        return part | {OVERDUE: "true"}
    kind, _colon, slug = what.partition(":")
    return part | ({kind: slug} if kind in (LEDGER, DEADLINE, RETURNS) and slug else {})


def _chart(office: Office, said: Any, name: str) -> Tree:
    label, kind = said(f"{name}-label"), said(f"{name}-kind")
    if not label and not said(f"{name}-ledger"):
        return {}
    part: Tree = {"label": label} if label else {}
    part |= {"kind": kind} if kind in kinds() else {}
    if kind in (BAR, LINE):
        part |= {LEDGER: said(f"{name}-ledger")} if said(f"{name}-ledger") else {}
    if kind == BAR:
        known = dict(_columns(office, part.get(LEDGER, ""), drawn=True))
        part |= {"by": said(f"{name}-by")} if said(f"{name}-by") in known else {}
        part |= {"empty": said(f"{name}-empty")} if said(f"{name}-empty") else {}
    if kind == UNITS:
        part["columns"] = _in_order(
            said, f"{name}u", MOST_UNIT_COLUMNS, lambda at: _unit_column(office, said, at)
        )
    return part


def _unit_column(office: Office, said: Any, name: str) -> Tree:
    part = _labelled(said, name)
    if part.get(LEDGER):
        known = dict(_columns(office, part[LEDGER], drawn=True))
        part |= {"by": said(f"{name}-by")} if said(f"{name}-by") in known else {}
    return part


def missing(tree: Tree) -> dict[str, str]:
    """What every sheet needs and this one has not, in words, by the place on the page."""
    found = {} if tree.get("title") else {"title": _("请写名称。")}
    if not tree["numbers"]:
        found["numbers"] = _("请至少写一个数。")
    if not tree["charts"]:
        found["charts"] = _("请至少画一张图。")
    for at, one in enumerate(tree["numbers"], 1):
        found |= _lacking(f"numbers.{at}", one)
    for at, one in enumerate(tree["charts"], 1):
        found |= _lacking_chart(f"charts.{at}", one)
    return found


def _lacking(place: str, part: Tree) -> dict[str, str]:
    if not part.get("label"):
        return {place: _("请写名称。")}
    return {} if _what(part) else {place: _("请选数什么。")}


def _lacking_chart(place: str, part: Tree) -> dict[str, str]:
    kind = part.get("kind")
    if not part.get("label"):
        return {place: _("请写名称。")}
    if not kind:
        return {place: _("请选怎样画。")}
    if kind in (BAR, LINE) and not part.get(LEDGER):
        return {place: _("请选哪本台账。")}
    if kind == BAR and not part.get("by"):
        return {place: _("请选按哪一列分；换了台账，先按“列出各列”。")}
    if kind == UNITS and not part.get("columns"):
        return {place: _("请至少写一列。")}
    found: dict[str, str] = {}
    for at, one in enumerate(part.get("columns") or [], 1):
        inner = f"{place}.columns.{at}"
        found |= _lacking(inner, one)
        if one.get(LEDGER) and not one.get("by"):
            found[inner] = _("请选写着单位的那一列；换了台账，先按“列出各列”。")
    return found
