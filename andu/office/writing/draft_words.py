"""What a draft is about, in a few words: for lists in which one draft is to be told from another.

Called by the desk and by the search. Reads only.
"""

from __future__ import annotations

from collections.abc import Iterator

from andu.formtypes.conditions import is_filled
from andu.formtypes.definition import Field, FormType
from andu.formtypes.directory import Directory
from andu.formtypes.filling.webform import input_name
from andu.formtypes.kinds import KINDS
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.writing import drafts
from andu.office.writing.drafts import Draft, Raw
from andu.security.accounts import Account

LONGEST = 80


def about(office: Office, actor: Account, found: list[Draft]) -> dict[str, str]:
    """Draft id → its words: what its record will be called, or the first thing somebody typed.

    '' for neither; nothing confidential.
    """
    directory = OfficeDirectory(office, actor, on_screen=True)
    newest = drafts.form_types_of(office, found)
    return {one.id: _words(newest[one.form], one.raw, directory) for one in found}


def _words(form_type: FormType, raw: Raw, directory: Directory) -> str:
    called = [form_type.field(key) for key in form_type.record_title]
    typed = [field for field in form_type.clerk_fields if field.default is None]
    said = list(_said(called, raw, directory)) or list(_said(typed, raw, directory))[:1]
    return " ".join(said)[:LONGEST]


def _said(fields: list[Field], raw: Raw, directory: Directory) -> Iterator[str]:
    for field in fields:
        if field.confidential or KINDS[field.kind].holds_files or field.columns:
            continue
        value = KINDS[field.kind].gather_loosely(field, input_name(field.key), raw, directory)
        if is_filled(value) and (said := KINDS[field.kind].ledger(field, value, directory)):
            yield said
