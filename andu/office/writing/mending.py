"""Mending what pasting from Word left in one answer of a draft, in one act.

Called by the page of a draft. What is mended is the kind's to say (``Kind.mended``); the whole of it is told
to whoever asked for it. Guarantees: only inputs of that one field change, and a field with nothing to mend
stays as it is.
"""

from __future__ import annotations

from andu.formtypes.definition import Field
from andu.formtypes.filling.webform import input_name
from andu.formtypes.kinds import KINDS
from andu.office.errors import NotFound
from andu.office.office import Office
from andu.office.writing import drafts
from andu.security.accounts import Account

MOST_TOLD = 40


def mend(office: Office, actor: Account, draft_id: str, field_key: str) -> tuple[Field, list[str]]:
    """Mend one answer; the field, and what was mended, in Chinese. Raises ``NotFound``."""
    draft = drafts.get(office, actor, draft_id)
    form_type = drafts.form_type_of(office, draft)
    field = next((one for one in form_type.clerk_fields if one.key == field_key), None)
    if field is None:
        raise NotFound(field_key)
    kind = KINDS[field.kind]
    better, told = kind.mended(field, input_name(field_key), draft.raw, MOST_TOLD)
    if told:
        drafts.save(office, actor, draft.id, draft.raw | better, draft.revision)
    return field, told
