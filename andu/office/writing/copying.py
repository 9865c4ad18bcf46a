"""Filling a form once more as an earlier record was: its answers, without what belongs to that record alone.

Left out are days, periods, files, earlier papers with their numbers and codes, and all that is confidential;
these begin as in any new draft.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from andu.formtypes.definition import Field, FormType
from andu.formtypes.filling.webform import raw_from_values
from andu.formtypes.kinds import KINDS
from andu.office import editions, records
from andu.office.office import Office
from andu.office.writing import drafts
from andu.office.writing.drafts import Draft
from andu.security.accounts import Account

OF_THE_OTHER = ("number", "code")
"""What a field takes from an earlier paper that stands for that paper alone."""


def copy(office: Office, actor: Account, record_id: str) -> Draft:
    """A new draft with the answers of this record.

    Raises ``NotFound``, and ``NotAllowed`` for whoever may not fill its form.
    """
    record = records.get(office, actor, record_id)
    edition = editions.current(office, record.form)
    values = dict(_copied(edition.form_type, record.values))
    return drafts.start(office, actor, record.form, raw_from_values(edition.form_type, values), edition)


def _copied(form_type: FormType, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    sources = [KINDS[one.kind].source(one)[1] for one in form_type.fields]
    brought = {own for taken in sources for own, theirs in taken.items() if theirs in OF_THE_OTHER}
    for field in form_type.clerk_fields:
        if field.key not in values or field.key in brought or not _goes_along(field):
            continue
        columns = {one.key for one in field.columns if _goes_along(one)}
        columns -= {name.partition(".")[2] for name in brought if name.startswith(f"{field.key}.")}
        value = values[field.key]
        yield field.key, [_row(row, columns) for row in value] if field.columns else value


def _goes_along(field: Field) -> bool:
    return not (field.confidential or KINDS[field.kind].is_for_once)


def _row(row: Mapping[str, Any], columns: set[str]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key in columns}
