"""What may be empty but is printed bare inside a sentence, which then has a hole: “共　页”, “（）”.

Called by ``contract``. A value alone in its cell, or after its label (“姓名：{{ x }}”), may stay empty; one
with words after it may not, unless a condition around it says that there is text, or ``or_blank`` what stands
there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.conditions import Condition
from andu.formtypes.definition import Field, FormType
from andu.formtypes.directory import NoDirectory
from andu.formtypes.kinds import KINDS
from andu.papers.checks.contract.places import TagPlace
from andu.papers.checks.contract.reading import PRINTED, Known, Occurrence
from andu.papers.checks.contract.steps import ITEM, Path

_GAP = re.compile(r"\t|\u3000|\s{2,}")
_CLAUSE = re.compile(r"[，。；、！？,;!?]")
_CODE = "confidential_code"


def hole(form_type: FormType, one: Occurrence) -> str:
    """The warning, if this prints a value that may be empty within a sentence; else empty text."""
    if one.how != PRINTED or one.softened or not (one.weak or _in_sentence(one.place)):
        return ""
    found = _optional(form_type, one.path)
    if found is None or _is_filled(form_type, found[1], one):
        return ""
    words = {"label": found[0], "name": _written(one.path)}
    if one.weak:
        return _(
            "“%(label)s”没有填时是空的，不算没有这一项，default 不起作用："
            "写成 %(name)s|default('…', true) 或 %(name)s|or_blank('…')。",
            **words,
        )
    return _(
        "“%(label)s”可能没有内容，直接印在句子里会空一截："
        "用 {%% if %(name)s %%}…{%% endif %%} 包起来，或写 |or_blank('…')。",
        **words,
    )


def _written(path: Path) -> str:
    return ".".join(("row", path[-1]) if ITEM in path else path)


def _in_sentence(place: TagPlace) -> bool:
    """Whether the words around a value, up to the next gap, make a sentence of it."""
    before, after = _GAP.split(place.before)[-1], _GAP.split(place.after)[0]
    return bool(after.strip()) or bool(_CLAUSE.search(before))


def _optional(form_type: FormType, path: Path) -> tuple[str, Field | None] | None:
    """The label (and field) of a value that may be empty; None for one that never is."""
    if path == (_CODE,):
        return _("保密信息的代号"), None
    field = next((each for each in form_type.fields if each.key == path[0]), None)
    if field is None:
        return None
    if len(path) == 3 and path[1] == ITEM:
        column = next((each for each in field.columns if each.key == path[2]), None)
        return (column.label, None) if column and not column.required else None
    may_be = len(path) == 1 and not field.columns and (not field.required or field.show_when)
    return (field.label, field) if may_be else None


def _is_filled(form_type: FormType, field: Field | None, one: Occurrence) -> bool:
    if any(known.path == one.path and known.filled for known in one.known):
        return True
    if field is None:
        return False
    is_shown = field.show_when is None or _follows(form_type, field.show_when.data, one.known)
    is_asked = field.required or _follows(form_type, _data(field.require_when), one.known)
    return is_shown and is_asked


def _data(condition: Condition | None) -> Mapping[str, Any]:
    return condition.data if condition else {"any": []}


def _follows(form_type: FormType, data: Mapping[str, Any], known: Collection[Known]) -> bool:
    """Whether a condition of the form must be true where these things are known."""
    if "all" in data:
        return all(_follows(form_type, part, known) for part in data["all"])
    if "any" in data:
        return any(_follows(form_type, part, known) for part in data["any"])
    is_not = "not" in data
    data = data["not"] if is_not else data
    if "field" not in data or "contains" in data:
        return False
    return any(
        one.path == (data["field"],) and _implied(one, _faces(form_type, data), is_not) for one in known
    )


def _faces(form_type: FormType, data: Mapping[str, Any]) -> tuple[frozenset[str], bool]:
    """What a comparison asks for, as texts on paper, and whether the text must be (or not be) among them."""
    if "filled" in data:
        return frozenset([""]), not data["filled"]
    field = form_type.field(data["field"])
    wanted = data["in"] if "in" in data else [data["is"]]
    return frozenset(str(KINDS[field.kind].printed(field, one, NoDirectory())) for one in wanted), True


def _implied(known: Known, asked: tuple[frozenset[str], bool], is_not: bool) -> bool:
    faces, among = asked[0], asked[1] is not is_not
    if among:
        return known.positive and known.faces <= faces
    return known.faces.isdisjoint(faces) if known.positive else known.faces >= faces
