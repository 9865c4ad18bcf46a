"""Likely duplicates of a draft, shown before it is handed in. What is alike, ``books.likeness`` knows."""

from __future__ import annotations

from andu.formtypes.kinds import KINDS
from andu.formtypes.webform import read_loosely
from andu.office.books import likeness
from andu.office.books.likeness import Likeness
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.writing import drafts
from andu.office.writing.drafts import Draft
from andu.security.accounts import Account


def of_draft(office: Office, actor: Account, draft: Draft) -> list[Likeness]:
    """Earlier records that say much the same as a draft does so far, but for those it already names.

    Only what this person may see, the likest first, at most five.
    """
    form_type = drafts.form_type_of(office, draft)
    if not form_type.duplicates:
        return []
    values = read_loosely(form_type, draft.raw, OfficeDirectory(office, actor))
    named = {str(values.get(field.key)) for field in form_type.fields if KINDS[field.kind].names_record}
    found = likeness.of_values(office, actor, form_type, values, draft.record_id)
    return [one for one in found if one.record.id not in named]
