"""Whose an attached file is to open: whoever sees the record or the draft it belongs to."""

from __future__ import annotations

from andu.office import records
from andu.office.errors import NotAllowed, NotFound
from andu.office.office import Office
from andu.office.writing import attachments, drafts
from andu.office.writing.attachments import Attachment
from andu.security.accounts import Account


def may_open(office: Office, actor: Account, attachment_id: str) -> bool:
    """Whether this person may see the record or draft that an attached file belongs to."""
    try:
        in_reach(office, actor, attachment_id)
    except (NotFound, NotAllowed):
        return False
    return True


def in_reach(office: Office, actor: Account, attachment_id: str) -> tuple[Attachment, str]:
    """An attachment, and the unit of the record or draft it belongs to; raises what reading that raises."""
    found = attachments.get(office, attachment_id)
    if found is None:
        raise NotFound(attachment_id)
    if found.record_id:
        return found, records.get(office, actor, found.record_id).unit_id
    return found, drafts.get(office, actor, found.draft_id or "").unit_id
