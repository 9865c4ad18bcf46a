"""Cases: the records about one matter, found together. Owns the column ``case_id`` of table ``record``.

A form type says how its records join a case (``case`` in its YAML); ``submitting`` asks here. The page of a
case shows each reader only the records that are theirs to see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from andu.formtypes.definition import FormType
from andu.office import records, showing
from andu.office.errors import NotFound
from andu.office.office import Office
from andu.office.records import Record
from andu.office.showing import Happening
from andu.security.accounts import Account


def case_of(office: Office, form_type: FormType, values: Mapping[str, Any], record_id: str) -> str | None:
    """The case that a record of this form type with these answers belongs to; None if to none."""
    if form_type.case.opens:
        return record_id
    chosen = next((values[key] for key in form_type.case.by if values.get(key)), None)
    return records.find(office, str(chosen)).case_id if chosen else None


def papers(office: Office, actor: Account, case_id: str) -> list[Record]:
    """The records of a case that this person may see, the earliest first; raises ``NotFound`` for none."""
    found = records.select(office, actor, "record.case_id = ?", [case_id])
    if not found:
        raise NotFound(case_id)
    return sorted(found, key=lambda record: (record.created_at, record.id))


def history(office: Office, papers: Sequence[Record]) -> list[tuple[Record, Happening]]:
    """What happened to all of them, the latest first."""
    told = [(record, happening) for record in papers for happening in showing.history(office, record)]
    return sorted(told, key=lambda one: one[1].at, reverse=True)
