"""Which fields of a form type go to which columns of which ledgers: said in its design, published with it.

A design keeps only what it wants different (``Design.ledgers``); that is laid over the ledgers in force when
it is published. Nothing is taken from a column that another form type needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.beside.ledger_keys import MOST_COLUMNS
from andu.formtypes.beside.ledger_reading import OF_SERIES
from andu.formtypes.beside.ledgers import OWN, value_of
from andu.formtypes.language import writing
from andu.office.errors import NotFound, Refused
from andu.office.office import Office
from andu.office.published import LEDGERS
from andu.office.shelf import asking_ledgers, books, ledger_words
from andu.office.shelf.asking_options import Options
from andu.office.shelf.designs import Design
from andu.office.shelf.parts import Tree, fields, list_at
from andu.papers.blanks.keys import Keys

NEW = "+"
"""Before the head of a column that is to be made."""
_BETWEEN = " | "


@dataclass(frozen=True)
class Going:
    """A ledger as a design would have it: place of a field (``table.column`` too) to the key of its column.

    ``form``: the form type of the design. ``wrong``: why it cannot be had so.
    """

    slug: str
    title: str
    is_new: bool
    tree: Tree
    columns: Mapping[str, str]
    form: str
    wrong: str = ""


def every(office: Office, design: Design) -> list[Going]:
    """The ledgers that take the form type in, or will once it is published."""
    slugs = dict.fromkeys(
        (*(one.slug for one in office.ledgers if _takes_in(now(office, one.slug), design)), *design.ledgers)
    )
    return [going(office, design, slug) for slug in slugs]


def others(office: Office, design: Design) -> Options:
    """The ledgers that do not take it in."""
    there = {one.slug for one in every(office, design)}
    return [(one.slug, one.title) for one in office.ledgers if one.slug not in there]


def going(office: Office, design: Design, slug: str) -> Going:
    """One of them; raises ``NotFound``."""
    wish = design.ledgers.get(slug, {})
    tree = now(office, slug)
    if not tree and not wish.get("title"):
        raise NotFound(slug)
    is_new, wrong = not tree, ""
    try:
        tree = applied(office, tree, design, wish)
    except Refused as refusal:
        wrong = refusal.message
    title = str(tree.get("title") or wish.get("title", slug))
    return Going(slug, title, is_new, tree, _standing(tree), design.slug, wrong)


def places(design: Design) -> Options:
    """The open fields of a design, and the columns of its tables."""
    found: dict[str, str] = {}
    for one in fields(design.tree):
        if one.get("confidential") != "true":
            found[str(one.get("key"))] = str(one.get("label"))
            for column in one.get("columns") or []:
                found[f"{one.get('key')}.{column.get('key')}"] = f"{one.get('label')}：{column.get('label')}"
    return [*found.items()]


def wished(office: Office, design: Design, slug: str, chosen: Mapping[str, str]) -> dict[str, Any]:
    """All wishes of a design, with these for one ledger: only what is different from what is in force.

    ``chosen``: place of a field to the key of a column, '' for none, or ``NEW`` and a head. Raises
    ``NotFound``, ``Refused`` where it cannot be had so.
    """
    there, wish = now(office, slug), dict(design.ledgers.get(slug, {}))
    standing = _standing(there)
    wish["fields"] = {place: key for place, key in chosen.items() if standing.get(place, "") != key}
    applied(office, there, design, wish)
    rest = {name: one for name, one in design.ledgers.items() if name != slug}
    return rest | (
        {slug: wish} if wish["fields"] or wish.get("title") or not _takes_in(there, design) else {}
    )


def begun(office: Office, design: Design, slug: str, title: str) -> tuple[str, dict[str, Any]]:
    """The wishes with one more ledger: one there is, or a new one of this title; and its name."""
    if slug:
        if office.ledgers.get(slug) is None:
            raise NotFound(slug)
        return slug, {**design.ledgers, slug: {"fields": {}}}
    made = books.new_slug(office, LEDGERS, title)
    while made in design.ledgers:
        made += "_2"
    return made, {**design.ledgers, made: {"title": title, "fields": {}}}


def without(design: Design, slug: str) -> dict[str, Any]:
    """The wishes without those for one ledger."""
    return {name: one for name, one in design.ledgers.items() if name != slug}


def texts(office: Office, design: Design) -> dict[str, str]:
    """Slug to the text of each ledger as it would be published; raises ``Refused``."""
    found = {}
    for slug, wish in design.ledgers.items():
        found[slug] = writing.written(applied(office, now(office, slug), design, wish))
    return found


def changes(office: Office, design: Design) -> dict[str, list[str]]:
    """Title to what is different in each ledger that is published with a design, in words."""
    found = {}
    for slug in design.ledgers:
        one, there = going(office, design, slug), now(office, slug)
        if not one.wrong:
            found[one.title] = list(_told(office, design, there, one.tree))
    return found


def _told(office: Office, design: Design, before: Tree, after: Tree) -> Iterator[str]:
    was, is_ = (
        {str(one.get("key")): one for one in list_at(dict(tree), "columns")} for tree in (before, after)
    )
    if not before:
        yield _("新开这一本")
    if not _takes_in(before, design):
        yield _("开始收“%(title)s”的材料", title=design.title)
    for key, column in is_.items():
        label, names = column.get("label"), "、".join(_label(office, design, after, column))
        if key not in was:
            yield _("加一列“%(label)s”：%(what)s", label=label, what=names)
        elif column.get("value") != was[key].get("value"):
            yield _("“%(label)s”这一列改成：%(what)s", label=label, what=names)
    for key, column in was.items():
        if key not in is_:
            yield _("去掉一列“%(label)s”", label=column.get("label"))


def _label(office: Office, design: Design, tree: Tree, column: Tree) -> list[str]:
    """What stands in a column, by the labels the design has."""
    own = dict(places(design))
    names = [str(column.get("value"))] if str(column.get("value")) in own else _names(column)
    return [own.get(one) or asking_ledgers.words_of(office, tree, one) for one in names]


# --- laying wishes over a ledger ------------------------------------------------------------------


def applied(office: Office, there: Tree, design: Design, wish: Mapping[str, Any]) -> Tree:
    """A ledger with the wishes of a design laid over it; raises ``Refused``."""
    if not there and not wish.get("title"):
        raise Refused(_("这本台账已经停用，进不去了。"))
    tree = deepcopy(there) if there else _new(wish)
    if not _takes_in(tree, design):
        list_at(tree, "forms").append(design.slug)  # type: ignore[arg-type]
    for place, key in (wish.get("fields") or {}).items():
        _take_out(office, tree, design, place, key)
        if key.startswith(NEW):
            _add(tree, key.removeprefix(NEW), place)
        elif key:
            _put_into(office, tree, design, key, place)
    return tree


def _new(wish: Mapping[str, Any]) -> Tree:
    said = ledger_words.of_record()
    number = {"key": "number", "label": said["number"], "value": "number"}
    day = {"key": "numbered_at", "label": said["numbered_at"], "value": "numbered_at", "show": "day"}
    group = str(wish.get("group") or ledger_words.usual_group())
    return {"title": str(wish.get("title")), "group": group, "forms": [], "columns": [number, day]}


def _add(tree: Tree, label: str, place: str) -> None:
    columns = list_at(tree, "columns")
    if len(columns) >= MOST_COLUMNS:
        raise Refused(_("这本台账已经有 %(n)s 列，加不下了。", n=MOST_COLUMNS))
    keys = Keys()
    for one in columns:
        keys.take(str(one.get("key")))
    columns.append({"key": keys.keep(place) or keys.of(label), "label": label[:20], "value": place})


def _take_out(office: Office, tree: Tree, design: Design, place: str, stays: str) -> None:
    columns = list_at(tree, "columns")
    for column in [*columns]:
        names = _names(column)
        if place not in names or column.get("key") == stays:
            continue
        sharing = [
            one.title
            for one in asking_ledgers.forms_of(office, tree)
            if one.slug != design.slug and place.partition(".")[0] in {field.key for field in one.fields}
        ]
        if sharing:
            words = {"label": column.get("label"), "title": sharing[0]}
            raise Refused(
                _("“%(label)s”这一列也给“%(title)s”用，不能只在这里去掉。请到台账设置里改。", **words)
            )
        names.remove(place)
        if names:
            column["value"] = _BETWEEN.join(names)
        else:
            columns.remove(column)
            if tree.get("sort") == column.get("key"):
                del tree["sort"]


def _put_into(office: Office, tree: Tree, design: Design, key: str, place: str) -> None:
    column = next((one for one in list_at(tree, "columns") if one.get("key") == key), None)
    if column is None:
        raise Refused(_("台账里已经没有这一列了，请重新选。"))
    names = _names(column)
    if place in names:
        return
    own = {str(one.get("key")): str(one.get("label")) for one in fields(design.tree)}
    known = {one.key for form in asking_ledgers.forms_of(office, tree) for one in form.fields}
    label = column.get("label")
    if not names or "." in place or not {*names} <= known | own.keys():
        raise Refused(_("“%(label)s”这一列写的不是表单的栏目，放不进别的。请新开一列。", label=label))
    if taken := [own[one] for one in names if one in own]:
        words = {"label": label, "field": taken[0]}
        raise Refused(_("“%(label)s”这一列已经写着本表的“%(field)s”，先把它改到别处。", **words))
    column["value"] = _BETWEEN.join([*names, place])


def _names(column: Tree) -> list[str]:
    """The own fields that a column shows, in their order; none where it shows something else."""
    text = str(column.get("value", ""))
    value = value_of(text)
    if value is None or value.of != OWN:
        return []
    return [one.strip() for one in text.split("|")]


def _standing(tree: Tree) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in list_at(dict(tree), "columns"):
        for name in _names(one):
            found.setdefault(name, str(one.get("key")))
    return found


def now(office: Office, slug: str) -> Tree:
    """What a ledger says now; empty where there is none."""
    try:
        return writing.tree(books.text_of_book(office, LEDGERS, slug))
    except NotFound:
        return {}


def text_now(office: Office, slug: str) -> str:
    """The same as it would be written; '' where there is none."""
    there = now(office, slug)
    return writing.written(there) if there else ""


def _takes_in(tree: Tree, design: Design) -> bool:
    series = str(design.tree.get("series", "")) if design.yaml else ""
    named: Sequence[Any] = list_at(dict(tree), "forms")
    return any(
        one == design.slug
        or (str(one).endswith("*") and design.slug.startswith(str(one)[:-1]))
        or one == f"{OF_SERIES}{series}"
        for one in named
    )


# --- in a package ---------------------------------------------------------------------------------


def packed(office: Office, slug: str) -> dict[str, Any]:
    """What goes to which ledger of a form type in force, for another office."""
    found: dict[str, Any] = {}
    form_type = office.catalogue.get(slug)
    open_ = {one.key for one in form_type.fields if not one.confidential} if form_type else set()
    for ledger in office.ledgers.over(slug):
        going_: dict[str, Any] = {}
        for column in ledger.columns:
            for name in (column.value.name, *column.value.instead):
                if column.value.of == OWN and name in open_:
                    place = f"{name}.{column.value.part}" if column.value.part else name
                    going_.setdefault(place, {"column": column.key, "label": column.label})
        found[ledger.slug] = {"title": ledger.title, "group": ledger.group, "fields": going_}
    return found


def received(office: Office, said: Any) -> dict[str, Any]:
    """The wishes that a package brings, beside the ledgers there are here; raises ``Refused``."""
    wrong = Refused(_("表单包里的台账说明读不出来，请重新导出一份。"))
    if not isinstance(said, dict) or len(said) > MOST_COLUMNS:
        raise wrong
    found: dict[str, Any] = {}
    for slug, one in said.items():
        if not isinstance(one, dict) or not isinstance(one.get("fields"), dict):
            raise wrong
        there = now(office, str(slug))
        new = {"title": str(one.get("title"))[:40], "group": str(one.get("group"))[:20]}
        wish: dict[str, Any] = {} if there else new
        keys, standing = dict(asking_ledgers.columns_of(there)), _standing(there)
        wish["fields"] = {
            str(place): key
            for place, to in one["fields"].items()
            if isinstance(to, dict)
            for key in [_here(to, keys)]
            if standing.get(place) != key
        }
        found[str(slug)] = wish
    return found


def _here(to: Mapping[str, Any], keys: Mapping[str, str]) -> str:
    """The column of that key where the ledger here has one, else a new one of that head."""
    return str(to["column"]) if to.get("column") in keys else NEW + str(to.get("label"))[:20]
