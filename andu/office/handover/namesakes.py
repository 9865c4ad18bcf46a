"""同名，不是本人: a director lets somebody see a matter again that names another person of their name.

Called by the screens. One account, one case (or one record that is in none), with a reason and the director's
password: event ``namesake_noted`` of its first record, until ``namesake_unnoted``. ``books.concerns`` makes a
key of it, beside each name, and ``conflicts`` reads that; on other grounds the person stays shut out.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from andu.office import cases, conflicts, events, reasons, records
from andu.office.books import concerns, consequences
from andu.office.errors import NotAllowed, Refused
from andu.office.office import Office
from andu.office.records import Record
from andu.security import accounts, signin
from andu.security.accounts import Account
from andu.security.permissions import may

DIRECTS = "void_number"
"""Of all acts this is the one that a director alone has."""


@dataclass(frozen=True)
class Namesake:
    """An account that is called as somebody whom the matter names; ``is_noted``: not that person."""

    account: Account
    is_noted: bool


def may_note(actor: Account) -> bool:
    """Whether this person says of others that they are not meant."""
    return may(actor, DIRECTS)


def of(office: Office, actor: Account, record_id: str) -> tuple[Record, list[Namesake]]:
    """A record, and who is called as a person it names. Raises ``NotFound`` and ``NotAllowed``."""
    record = records.get(office, actor, record_id)
    if not may_note(actor):
        raise NotAllowed(_("是不是同名，由办公室主任认定。"))
    keys = conflicts.kept(office, record.id)
    return record, [
        Namesake(one, conflicts.not_meant(one.id) in keys)
        for one in accounts.all(office.store)
        if one.is_active and one.id != actor.id and conflicts.is_called_so(one, keys)
    ]


def note(
    office: Office, actor: Account, record_id: str, account_id: str, reason: str, password: str, address: str
) -> str:
    """Say that this account is not whom the matter names, or no longer; its name.

    Raises what ``of`` raises, ``Refused`` for another account, and ``SignInRefused``.
    """
    _checked(office, actor, record_id, account_id)
    why = reasons.require(reason, _("请写明怎样核实的。"))
    signin.confirm_password(office.store, office.clock, actor, password, address)
    with office.store.write():
        record, found = _checked(office, actor, record_id, account_id)
        event = "namesake_unnoted" if found.is_noted else "namesake_noted"
        said = {"account_id": account_id, "to": found.account.name, "name": actor.name, "words": why}
        events.append(office, concerns.matter_of(record), actor, event, **said)
        office.note(record.unit_id, actor.id, event, record=record.id, account=account_id, reason=why)
        together = cases.members(office, record.case_id) if record.case_id else []
        for one in {each.id: each for each in (record, *together)}.values():
            consequences.follow(office, one.id, event, actor)
    return found.account.name


def _checked(office: Office, actor: Account, record_id: str, account_id: str) -> tuple[Record, Namesake]:
    record, found = of(office, actor, record_id)
    one = next((one for one in found if one.account.id == account_id), None)
    if one is None:
        raise Refused(_("请从名单里选一位与材料里写到的人同名的同志。"))
    return record, one
