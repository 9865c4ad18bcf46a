"""What comes in for a draft that was handed in meanwhile: where it differs from what was handed in.

A page that is still open elsewhere goes on sending; what it says is compared with the version made of its
draft, answer by answer, as the form reads it. Asked by `submitting`; reads only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from andu.formtypes.conditions import is_filled
from andu.formtypes.definition import Field
from andu.formtypes.filling.webform import Raw, input_name, keep_raw, raw_from_values, read_loosely
from andu.formtypes.kinds import KINDS
from andu.office import editions, records
from andu.office.errors import NotFound
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from andu.office.writing import attachments, beside, confidential, drafts
from andu.office.writing.beside import Difference
from andu.office.writing.drafts import Draft
from andu.security.accounts import Account


@dataclass(frozen=True)
class Late:
    """What came of a text whose draft is gone: the record, when it was handed in; where the text lies now.

    Without ``draft`` it says what was handed in. ``differences`` are against that.
    """

    record: Record | None
    draft: Draft | None = None
    differences: tuple[Difference, ...] = ()


class HandedInMeanwhile(Exception):
    """The draft was handed in with another text than this one, which ``late`` says where to find."""

    def __init__(self, late: Late) -> None:
        super().__init__(late.draft.id if late.draft else "")
        self.late = late


def differences(
    office: Office, actor: Account, record: Record, made: Mapping[str, Any], raw: Raw
) -> tuple[Difference, ...]:
    """Where a text says something else than the version ``made`` of its draft, input by input.

    What this person was not shown of it is not compared.
    """
    form_type = editions.get(office, record.form_version).form_type
    handed_in = json.loads(made["data"])
    sees = drafts.sees_confidential(actor, record.sealed_to)
    if made["sealed_id"] and sees:
        handed_in |= office.vault.open(made["sealed_id"], confidential.place_of(made["id"]), actor.key)
    shown = [one for one in form_type.clerk_fields if sees or not one.confidential]
    typed = keep_raw(form_type, raw)
    said = read_loosely(form_type, typed, OfficeDirectory(office, actor))
    other = {
        one.key
        for one in shown
        if _plain(office, one, said.get(one.key)) != _plain(office, one, handed_in.get(one.key))
        or _is_unreadable(office, actor, one, typed)
    }
    ours = raw_from_values(form_type, {one.key: handed_in.get(one.key) for one in shown})
    return beside.between(form_type, _of(ours, other), _of(typed, other), OfficeDirectory(office, actor))


def _plain(office: Office, field: Field, value: Any) -> Any:
    """A value to be compared: a file by what it holds, since a record may keep it under another id."""
    if KINDS[field.kind].holds_files:
        found = [attachments.get(office, one) for one in value or ()]
        return [one.sha for one in found if one]
    return value if is_filled(value) else None


def _is_unreadable(office: Office, actor: Account, field: Field, typed: Raw) -> bool:
    name, directory = input_name(field.key), OfficeDirectory(office, actor)
    has_text = any(text.strip() for key, texts in _of(typed, {field.key}).items() for text in texts if key)
    return has_text and not is_filled(KINDS[field.kind].gather_loosely(field, name, typed, directory))


def _of(raw: Raw, keys: set[str]) -> Raw:
    """The inputs of these fields."""
    return {name: texts for name, texts in raw.items() if name.removeprefix("f_").split("-")[0] in keys}


def was_thrown_away(office: Office, actor: Account, draft_id: str) -> bool:
    """Whether this was a draft of the own unit that somebody threw away."""
    row = office.store.get("draft_thrown_away", draft_id)
    return row is not None and actor.is_of(row["unit_id"])


def handed_in(office: Office, actor: Account, draft_id: str) -> Record | None:
    """The record that a draft has become, as far as this person may see it."""
    made = office.store.get("record_version", draft_id)
    try:
        return records.get(office, actor, made["record_id"]) if made else None
    except NotFound:
        return None
