"""Closing a month of a ledger: begins the form that freezes it (kept: ``books.closed_months``)."""

from __future__ import annotations

from flask_babel import gettext as _

from andu.formtypes.beside.ledgers import Ledger
from andu.formtypes.definition import FormType
from andu.formtypes.filling.webform import input_name
from andu.office import offering
from andu.office.books.closed_months import ledger_fields
from andu.office.errors import NotAllowed
from andu.office.office import Office
from andu.office.writing import drafts
from andu.office.writing.drafts import Draft
from andu.security.accounts import Account


def form_of(office: Office, actor: Account) -> FormType | None:
    """The first form type this person fills that asks for a month of a ledger."""
    return next((one for one in offering.fillable(office, actor) if any(ledger_fields(one))), None)


def begin(office: Office, actor: Account, ledger: Ledger, month: str) -> Draft:
    """A draft with ledger and month filled in; raises ``NotAllowed`` where this person fills no such form."""
    form_type = form_of(office, actor)
    if form_type is None:
        raise NotAllowed(_("您的岗位不办理台账月结。"))
    field = next(ledger_fields(form_type))
    return drafts.start(office, actor, form_type.slug, {input_name(field.key): [ledger.slug, month]})
