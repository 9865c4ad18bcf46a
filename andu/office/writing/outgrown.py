"""What was typed into a draft for an older edition of its form, and has no place in the newest.

A draft is shown and saved in the newest edition: whoever opens it is told before the next save leaves it out.
"""

from __future__ import annotations

from flask_babel import gettext as _

from andu.formtypes.definition import FormType
from andu.formtypes.filling.webform import input_name, keep_raw
from andu.formtypes.kinds import KINDS
from andu.office import editions
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.writing import beside, drafts
from andu.office.writing.drafts import Draft, Raw
from andu.security.accounts import Account


def left_out(office: Office, actor: Account, draft: Draft) -> list[str]:
    """Each such answer in words, with its label; of a draft as it was handed to this person."""
    older = editions.get(office, draft.form_version).form_type
    kept = keep_raw(drafts.form_type_of(office, draft), draft.raw)
    gone = {name: texts for name, texts in draft.raw.items() if any(texts) and name not in kept}
    read = _read(older, gone, OfficeDirectory(office, actor))
    return [
        _("%(label)s：%(text)s", label=beside.label_of(older, name), text=read.get(name) or "、".join(texts))
        for name, texts in gone.items()
    ]


def _read(form_type: FormType, raw: Raw, directory: OfficeDirectory) -> dict[str, str]:
    """What a person would read of these inputs, where they are no part of a table."""
    found = {}
    for field in form_type.fields:
        name, kind = input_name(field.key), KINDS[field.kind]
        if name in raw:
            found[name] = kind.ledger(field, kind.gather_loosely(field, name, raw, directory), directory)
    return found
