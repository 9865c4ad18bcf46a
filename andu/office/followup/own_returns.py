"""Beginning the own unit's return for a period. Called by the screens of returns and by the desk."""

from __future__ import annotations

from flask_babel import gettext as _

from andu.formtypes.filling.webform import input_name
from andu.formtypes.kinds.period import bounds
from andu.office.errors import Refused
from andu.office.office import Office
from andu.office.timing.returns import expected, find, fits
from andu.office.writing import drafts
from andu.office.writing.drafts import Draft
from andu.security.accounts import Account


def begin(office: Office, actor: Account, slug: str, period: str) -> Draft:
    """Begin a return for a period, or go on with the draft that the unit has for it.

    Raises ``NotFound``, ``NotAllowed``, or ``Refused`` for what is no period of this return.
    """
    form_type = find(office, slug)
    if not fits(form_type, period):
        raise Refused(_("没有这个报告期，请从“应报”里选。"))
    name, by_day = input_name(expected(form_type).period), bool(expected(form_type).every)
    for draft in drafts.mine(office, actor):
        if draft.form == slug and draft.record_id is None and _is_for(draft, name, period, by_day):
            return draft
    return drafts.start(office, actor, slug, {} if by_day else {name: [period]})


def _is_for(draft: Draft, name: str, period: str, by_day: bool) -> bool:
    """Whether a draft is for this period, or says no day yet; its day as the input for days posts it."""
    said = "".join(draft.raw.get(name) or [""])
    if not by_day:
        return said == period
    first, last = bounds(period)
    return not said or first.isoformat() <= said[:10] <= last.isoformat()
