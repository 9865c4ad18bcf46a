"""Opening a record for change: a draft of its next version, by whoever may still change it."""

from __future__ import annotations

from flask_babel import gettext as _

from andu.office import editions, offering, records
from andu.office.errors import NotAllowed, Refused
from andu.office.office import Office
from andu.office.records import Record
from andu.office.writing import confidential, drafts
from andu.office.writing.drafts import Draft
from andu.security.accounts import Account


def revise(office: Office, actor: Account, record_id: str) -> Draft:
    """Open a record for change: a draft of its next version.

    Raises ``NotFound``, ``NotAllowed`` (another unit's, or not a form of this person) or ``Refused``
    (it already has its number).
    """
    record = records.get(office, actor, record_id)
    if not may_revise(office, actor, record):
        if not record.may_change:
            raise Refused(_("这份材料已经编号，不能再改；确有错误的，请作废后重新办理。"))
        raise NotAllowed(_("只有填报单位的经办人可以修改。"))
    values = {**record.values, **confidential.answers(office, record, actor.key)}
    return drafts.start_revision(office, actor, record.id, editions.get(office, record.form_version), values)


def may_revise(office: Office, actor: Account, record: Record) -> bool:
    """Whether this person may still change the record."""
    return (
        record.may_change
        and actor.is_of(record.unit_id)
        and offering.may_fill(actor, records.form_type_of(office, record))
        and (record.sealed_id is None or drafts.sees_confidential(actor, record.sealed_to))
    )
