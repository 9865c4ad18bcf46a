"""What is said to whoever sees a record although they may have a conflict of interest: the office only warns.

Called by every page that shows a record's paper or an act upon it, and by the desk. Who it is,
``office.conflicts`` decides.
"""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _

from andu.office import conflicts
from andu.office.office import Office
from andu.office.writing import shut_drafts
from andu.office.writing.drafts import Draft
from andu.security.accounts import Account


def of_draft(office: Office, actor: Account, draft: Draft) -> str:
    """The warning for what a draft revises, belongs to or names."""
    return of(office, actor, shut_drafts.named_in(draft.raw, draft.record_id))


def of(office: Office, actor: Account, record_ids: Collection[str]) -> str:
    """The warning for these records, on the gravest ground; empty where there is none."""
    grounds = {conflicts.warning(office, actor, one) for one in record_ids}
    if conflicts.PERSON in grounds:
        return _("这件事里写到的人与您同名。写的就是您的，请不要再看，马上向办公室主任说明，并且回避。")
    if conflicts.SURNAME in grounds:
        return _("这件事里写到的人与您同一个单位（村）、同姓。是亲属或者有其他利害关系的，请回避。")
    if conflicts.UNIT in grounds:
        return _("这件事里写到的人是您单位（村）的。有利害关系的，请回避。")
    return ""


def while_missing(office: Office) -> str:
    """That much is not shown until it is known of all papers whom they concern; empty where it is."""
    left = conflicts.missing(office)
    if not left:
        return ""
    n = office.store.count("record", "id > ? AND id <= ?", left)
    return _(
        "升级后正在查明每份材料写到了谁，还有 %(n)s 份。查明以前，这些材料对可能要回避的人都不开放。", n=n
    )
