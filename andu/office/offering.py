"""Which form types a person may fill: by role, by what is in force, by what must be signed first."""

from __future__ import annotations

from andu.formtypes.definition import FormType
from andu.office import access, editions
from andu.office.office import Office
from andu.security.accounts import Account
from andu.security.permissions import may


def may_fill(actor: Account, form_type: FormType) -> bool:
    """Whether this person may start and change drafts of this form type."""
    return may(actor, "fill") and bool(set(actor.roles) & set(form_type.filled_by))


def fillable(office: Office, actor: Account) -> list[FormType]:
    """The form types this person may fill now, in the order of the catalogue."""
    shut = access.shut(office, actor)
    return [one for one in editions.offered(office) if may_fill(actor, one) and one.slug not in shut]
