"""Two texts of one draft, side by side: what the second person's copy says, and what the draft now says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from andu.formtypes.definition import FormType
from andu.formtypes.kinds import KINDS
from andu.office.errors import NotFound
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.writing import drafts
from andu.office.writing.drafts import Draft
from andu.security import naming
from andu.security.accounts import Account


@dataclass(frozen=True)
class Difference:
    """One input that differs, by the label of its field."""

    label: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class Beside:
    """The copy, the draft it was split from (None once that is submitted or gone), and what differs."""

    form_type: FormType
    mine: Draft
    theirs: Draft | None
    by: str
    differences: tuple[Difference, ...]


def compare(office: Office, actor: Account, copy_id: str) -> Beside:
    """The copy beside the draft it was split from; ``NotFound`` for a draft that is no copy."""
    mine = drafts.get(office, actor, copy_id)
    if mine.copy_of is None:
        raise NotFound(copy_id)
    form_type = drafts.form_type_of(office, mine)
    try:
        theirs = drafts.get(office, actor, mine.copy_of)
    except NotFound:
        return Beside(form_type, mine, None, "", ())
    another = theirs.updated_by != mine.author_id
    by = naming.in_office(office.store).get(theirs.updated_by, "") if another else ""
    found = between(form_type, theirs.raw, mine.raw, OfficeDirectory(office, actor))
    return Beside(form_type, mine, theirs, by, found)


def between(
    form_type: FormType,
    theirs: Mapping[str, list[str]],
    mine: Mapping[str, list[str]],
    directory: OfficeDirectory,
) -> tuple[Difference, ...]:
    """Each input that differs between two texts of a form."""

    def said(raw: Mapping[str, list[str]], name: str) -> str:
        return in_words(form_type, name, raw.get(name, []), directory)

    return tuple(
        Difference(label_of(form_type, name), said(theirs, name), said(mine, name))
        for name in dict.fromkeys([*theirs, *mine])
        if [one for one in theirs.get(name, []) if one] != [one for one in mine.get(name, []) if one]
    )


def in_words(form_type: FormType, name: str, texts: list[str], directory: OfficeDirectory) -> str:
    """What a person reads of an input: of a unit, a person or a record its name, else what was typed."""
    key = name.removeprefix("f_")
    field = next((one for one in form_type.fields if one.key == key), None)
    if field is not None and KINDS[field.kind].needs_directory and any(texts):
        value = KINDS[field.kind].gather_loosely(field, name, {name: texts}, directory)
        if value:
            return KINDS[field.kind].ledger(field, value, directory)
    return "\n".join(texts)


def label_of(form_type: FormType, name: str) -> str:
    """The words of the field an input belongs to: ``f_items-0-name`` is 移交材料清单，第 1 行，材料名称."""
    key, *rest = name.removeprefix("f_").split("-")
    field = next((one for one in form_type.fields if one.key == key), None)
    if field is None:
        return name
    if len(rest) != 2 or not rest[0].isdigit():
        return field.label
    column = next((one.label for one in field.columns if one.key == rest[1]), rest[1])
    return _("%(table)s，第 %(row)s 行，%(column)s", table=field.label, row=int(rest[0]) + 1, column=column)
