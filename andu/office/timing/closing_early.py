"""Closing a case too early: what is refused because something that must come first has not been done.

Called by ``submitting`` when a record is handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.definition import FormType
from andu.office import branches, cases
from andu.office.office import Office
from andu.office.timing import deadlines


def faults(office: Office, form_type: FormType, values: Mapping[str, Any]) -> dict[str, str]:
    """Key of the field → why these answers may not close their case yet; {} where they may."""
    if not branches.closes(form_type, values) or form_type.case.opens:
        return {}
    case_id = cases.main_case(office, form_type, values, "")
    unmet = deadlines.unmet_before_closing(office, case_id) if case_id else []
    if not unmet:
        return {}
    when = form_type.case.closes_when
    key = when.fields()[0] if when else next(key for key in form_type.case.by if values.get(key))
    labels = "、".join(f"“{one}”" for one in unmet)
    return {key: _("这个案卷的%(labels)s还没有办，不能先办结。", labels=labels)}
