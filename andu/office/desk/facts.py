"""What tells papers of one title apart: some facts out of each, in one line, for lists. Reads only.

Called by the queue of a signatory. Nothing confidential.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from andu.formtypes.conditions import is_filled
from andu.formtypes.definition import Field, FormType
from andu.formtypes.directory import Directory
from andu.formtypes.kinds import KINDS
from andu.office import records
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from andu.security import naming, units
from andu.security.accounts import Account

SHOWN = 3
LONGEST = 24


def of(office: Office, actor: Account, found: Sequence[Record]) -> dict[str, str]:
    """Record id → unit, author, and answers that its title does not say: first those that differ here."""
    directory = OfficeDirectory(office, actor, on_screen=True)
    names, of_units = naming.in_office(office.store), units.names(office.store)
    told = {}
    for one in found:
        alike = [other for other in found if other.form == one.form]
        answers = [*_answers(records.form_type_of(office, one), one, alike, directory)][:SHOWN]
        who = [of_units.get(one.unit_id, ""), names.get(one.author_id, "")]
        told[one.id] = " · ".join(text for text in (*who, *answers) if text)
    return told


def _answers(
    form_type: FormType, record: Record, alike: Sequence[Record], directory: Directory
) -> Iterator[str]:
    fields = [field for field in form_type.clerk_fields if _tells(form_type, field)]
    for field in sorted(fields, key=lambda one: -_how_many(alike, one.key)):
        value = record.values.get(field.key)
        text = KINDS[field.kind].ledger(field, value, directory) if is_filled(value) else ""
        if text and text not in record.title:
            yield f"{field.label} {text[:LONGEST]}{'…' if len(text) > LONGEST else ''}"


def _tells(form_type: FormType, field: Field) -> bool:
    is_said = field.key in form_type.record_title or field.default is not None
    return not (is_said or field.confidential or field.columns or KINDS[field.kind].holds_files)


def _how_many(alike: Sequence[Record], key: str) -> int:
    """By how many answers to this question these records differ."""
    return len({str(one.values.get(key)) for one in alike})
