"""Likely duplicates of a draft, shown before it is handed in, and the answer that it is that very matter.

What is alike, ``books.likeness`` knows.
"""

from __future__ import annotations

from flask_babel import gettext as _

from andu.formtypes.definition import FormType
from andu.formtypes.filling.webform import input_name, raw_from_values, read_loosely
from andu.formtypes.kinds import KINDS
from andu.office.books import likeness
from andu.office.books.likeness import Likeness
from andu.office.errors import Refused
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.writing import drafts, prefill
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


def names_same(form_type: FormType) -> str:
    """The field in which a form says which earlier record it repeats: ``case.also``, if one can choose there.

    '' where there is none.
    """
    key = form_type.case.also
    known = {one.key for one in form_type.clerk_fields if KINDS[one.kind].names_record}
    return key if key in known else ""


def same(office: Office, actor: Account, draft_id: str, record_id: str) -> Draft:
    """Answer in a draft that it repeats this record: it is chosen, and what has to be said for that as well.

    Raises ``NotFound``, and ``Refused`` where the form does not ask for it.
    """
    draft = drafts.get(office, actor, draft_id)
    form_type = drafts.form_type_of(office, draft)
    key = names_same(form_type)
    if not key:
        raise Refused(_("这种表没有地方写与哪一件重复。"))
    field = form_type.field(key)
    when = field.show_when.as_data() if field.show_when else {}
    raw = draft.raw | {input_name(key): [record_id]}
    if "is" in when:
        shown_by = form_type.field(when["field"])
        value = KINDS[shown_by.kind].literal(shown_by, when["is"])
        raw |= raw_from_values(form_type, {shown_by.key: value})
    drafts.save(office, actor, draft_id, raw, draft.revision)
    return prefill.carry_over(office, actor, draft_id, key)
