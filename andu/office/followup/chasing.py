"""Chasing: a form begun from an overdue deadline, filled from it.

Which forms chase, and what each takes from the deadline, stands in the form types (``chases``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from andu.clock import office_day
from andu.formtypes.definition import Field, FormType
from andu.formtypes.filling.webform import raw_from_values
from andu.formtypes.kinds import KINDS
from andu.office import editions, offering
from andu.office.errors import NotFound, Refused
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.timing import chased, deadlines
from andu.office.timing.deadlines import Running
from andu.office.writing import prefill
from andu.office.writing.drafts import Draft
from andu.security.accounts import Account
from andu.security.permissions import may, require


def forms(office: Office, actor: Account) -> list[FormType]:
    """The form types that chase and that this person may fill, in the order of the catalogue."""
    if not may(actor, "see_all") and not deadlines.is_of_the_office(office, actor):
        return []
    return [form_type for form_type in offering.fillable(office, actor) if form_type.chases]


def is_late(running: Running) -> bool:
    """Whether it can be chased: overdue and not met."""
    return running.is_overdue and running.is_due


def chase(office: Office, actor: Account, deadline_id: str, slug: str) -> Draft:
    """Begin form ``slug`` from an overdue deadline, with what it says and the references to its case.

    Raises ``NotFound``, ``NotAllowed`` and ``Refused`` (not overdue, or the form chases nothing).
    """
    running = deadlines.get(office, actor, deadline_id)
    require(actor, "fill")
    if not running.is_open or slug not in {form_type.slug for form_type in forms(office, actor)}:
        raise NotFound(slug)
    if not is_late(running):
        raise Refused(_("这项期限没有超期，不用催办。"))
    edition = editions.current(office, slug)
    told = raw_from_values(edition.form_type, _values(office, actor, edition.form_type, running))
    with office.store.write():
        draft = prefill.start_from(office, actor, slug, running.record_id, edition, told)
        chased.note(office, draft.id, deadline_id)
        office.note(running.unit_id, actor.id, "deadline_chased", deadline=deadline_id, draft=draft.id)
    return draft


def _values(office: Office, actor: Account, form_type: FormType, running: Running) -> dict[str, Any]:
    directory, now = OfficeDirectory(office, actor), office.clock.now()
    number = directory.record_label(running.record_id)
    times = chased.counts(office, [running.id]).get(running.id, {}).get(form_type.slug, 0) + 1
    taken = {
        "number": number,
        "title": running.title,
        "matter": running.about or running.title,
        "label": running.label,
        "reference": f"{number} {running.label}".strip(),
        "ground": running.ground,
        "unit": running.unit_id,
        "due": running.at,
        "days_late": (office_day(now) - office_day(running.at)).days,
        "times": times,
        "words": running.words,
        "source": running.source,
    }
    values: dict[str, Any] = {}
    for target, origin in form_type.chases.items():
        if origin == "ground" and not running.ground:  # what stands there without being told
            continue
        key, _dot, column = target.partition(".")
        field = form_type.field(key)
        if column:
            row = values.setdefault(key, [{}])[0]
            row[column] = _fitting(_column(field, column), origin, taken, directory)
        else:
            values[key] = _fitting(field, origin, taken, directory)
    return values


def _column(table: Field, key: str) -> Field:
    return next(column for column in table.columns if column.key == key)


def _fitting(field: Field, origin: str, taken: Mapping[str, Any], directory: OfficeDirectory) -> Any:
    """What a field of its kind holds of a deadline: a moment as a day or in words, a unit as id or name."""
    value, kind = taken[origin], KINDS[field.kind]
    if origin == "due":
        return kind.of_moment(value)
    return kind.of_unit(value, directory) if origin == "unit" else kind.of_count(value)
