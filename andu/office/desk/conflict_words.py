"""What is said to whoever sees a record although they may have a conflict of interest: the office only warns.

Called by the pages of a record, of its case and of its signature. Who it is, ``office.conflicts`` decides.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from andu.office import conflicts
from andu.office.office import Office
from andu.office.records import Record
from andu.security.accounts import Account


def of(office: Office, actor: Account, papers: Sequence[Record]) -> str:
    """The warning for these records, on the gravest ground; empty where there is none."""
    grounds = {conflicts.warning(office, actor, record.id) for record in papers}
    if conflicts.PERSON in grounds:
        return _("这件事里写到的人与您同名。写的就是您的，请不要再看，马上向办公室主任说明，并且回避。")
    if conflicts.SURNAME in grounds:
        return _("这件事里写到的人与您同一个单位（村）、同姓。是亲属或者有其他利害关系的，请回避。")
    if conflicts.UNIT in grounds:
        return _("这件事里写到的人是您单位（村）的。有利害关系的，请回避。")
    return ""
