"""作废: a number is taken out of use for good, and whatever its record had set going is looked at again."""

from __future__ import annotations

from flask_babel import gettext as _

from andu.clock import stamp
from andu.office import events, reasons
from andu.office.books import building_on, consequences
from andu.office.books.register import Entry, entry
from andu.office.errors import NotAllowed, Refused
from andu.office.office import Office
from andu.security import signin
from andu.security.accounts import Account
from andu.security.permissions import may


def void(office: Office, actor: Account, register_id: str, reason: str, password: str, address: str) -> Entry:
    """作废: the number stays in the register with its reason and is never given again.

    Raises ``NotFound``, ``NotAllowed``, ``Refused`` (no reason, or voided already), ``SignInRefused``.
    """
    found = entry(office, actor, register_id)
    if not may(actor, "void_number"):
        raise NotAllowed(_("作废编号须由办公室主任办理。"))
    reason = reasons.require(reason, _("请写明作废的理由，登记簿要留存。"))
    signin.confirm_password(office.store, office.clock, actor, password, address)
    with office.store.write():
        if entry(office, actor, register_id).state == "voided":
            raise Refused(_("这个编号已经作废过了。"))
        now, touched = stamp(office.clock.now()), building_on.touches(office, found.record_id)
        changes = {"state": "voided", "void_reason": reason, "voided_by": actor.id, "voided_at": now}
        office.store.update("register", register_id, changes)
        office.store.update("record", found.record_id, {"state": "voided", "awaits_receipt": False})
        events.append(
            office,
            found.record_id,
            actor,
            "number_voided",
            number=found.number,
            reason=reason,
            name=actor.name,
            touched=touched,
        )
        office.note(found.unit_id, actor.id, "number_voided", register=register_id, number=found.number)
        consequences.follow(office, found.record_id, "number_voided", actor)
    return entry(office, actor, register_id)
