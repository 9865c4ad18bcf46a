"""Closing a month of a ledger: begins the form that freezes it, from there on a paper like any other."""

from __future__ import annotations

from flask_babel import gettext as _

from andu.formtypes.definition import FormType
from andu.formtypes.kinds.ledger import LedgerKind
from andu.formtypes.ledgers import Ledger
from andu.formtypes.webform import input_name
from andu.office.errors import NotAllowed
from andu.office.office import Office
from andu.office.writing import drafts
from andu.office.writing.drafts import Draft
from andu.security.accounts import Account


def form_of(office: Office, actor: Account) -> FormType | None:
    """The first form type this person fills that asks for a month of a ledger."""
    asking = (
        form_type
        for form_type in drafts.fillable(office, actor)
        if any(field.kind == LedgerKind.name for field in form_type.fields)
    )
    return next(asking, None)


def begin(office: Office, actor: Account, ledger: Ledger, month: str) -> Draft:
    """A draft with ledger and month filled in; raises ``NotAllowed`` where this person fills no such form."""
    form_type = form_of(office, actor)
    if form_type is None:
        raise NotAllowed(_("您的岗位不办理台账月结。"))
    field = next(one for one in form_type.fields if one.kind == LedgerKind.name)
    return drafts.start(office, actor, form_type.slug, {input_name(field.key): [ledger.slug, month]})
