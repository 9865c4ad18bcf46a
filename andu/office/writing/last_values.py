"""What a person last answered to a question, to be said again by one key; nothing confidential.

Called by the page of a draft. Reads only.
"""

from __future__ import annotations

import json

from andu.formtypes.filling.webform import input_name
from andu.formtypes.kinds import KINDS
from andu.office import access
from andu.office.errors import NotFound
from andu.office.office import Office
from andu.office.writing import drafts
from andu.security.accounts import Account

LATELY = 100
"""So many of a person's latest records are looked at."""
SHOWN = 9


def of_field(office: Office, actor: Account, draft_id: str, key: str) -> list[str]:
    """What this person typed for this field in their latest records of the form, the latest first.

    Each only once; nothing for tables, files and earlier papers. Raises ``NotFound``.
    """
    form_type = drafts.form_type_of(office, drafts.get(office, actor, draft_id))
    field = next((one for one in form_type.clerk_fields if one.key == key), None)
    if field is None or field.confidential or field.columns or KINDS[field.kind].is_for_once:
        raise NotFound(key)
    is_open, params = access.condition(office, actor)
    rows = office.store.query(
        f"SELECT form, data FROM record WHERE author_id = ? AND {is_open}"
        " ORDER BY created_at DESC, id DESC LIMIT ?",
        [actor.id, *params, LATELY],
    )
    answers = [json.loads(row["data"]).get(key) for row in rows if row["form"] == form_type.slug]
    typed = [
        KINDS[field.kind].spread(field, input_name(key), one).get(input_name(key), []) for one in answers
    ]
    return list(dict.fromkeys(texts[0] for texts in typed if len(texts) == 1))[:SHOWN]
