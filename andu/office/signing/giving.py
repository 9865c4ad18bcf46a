"""Giving a slot to somebody else before it is signed: the way out of a record that nobody can sign any more.

Called by the record's page and the admin's, and by ``handover`` when somebody leaves. Only what the people
there are cannot sign is given; who can still sign it is not passed over, and a signed slot is never altered.
The event ``slot_given`` stands in the record's history, and holds until its content is changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from andu.formtypes.acts import Slot
from andu.formtypes.definition import FormType
from andu.formtypes.roles import ROLES
from andu.office import conflicts, events, offering, records, sharing
from andu.office.books import consequences
from andu.office.errors import NotAllowed, NotFound, Refused
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import queues, signatures
from andu.office.turns.signatories import People
from andu.office.turns.slots import Signing, fits
from andu.security import accounts, signin
from andu.security.accounts import Account
from andu.security.permissions import may

MOST, ALL = 50, 200


@dataclass(frozen=True)
class Stuck:
    """A record that nobody can sign any more, and the slots that stand in its way."""

    record: Record
    form_type: FormType
    slots: Sequence[Slot]


# --- what is stuck --------------------------------------------------------------------------------


def stuck(office: Office, actor: Account) -> list[Stuck]:
    """What nobody can sign any more, the longest waiting first.

    Of the own unit for whoever fills there, of all units for whoever keeps the accounts. Looked for among
    what has waited longest: there it comes to stand.
    """
    if may(actor, "manage_accounts"):
        waiting = queues.under_way(office, most=ALL)
    elif may(actor, "fill"):
        waiting = queues.under_way(office, actor.unit_id, MOST)
    else:
        return []
    not_theirs = conflicts.shut_among(office, actor, [one.record.id for one in waiting])
    waiting = [one for one in waiting if one.record.id not in not_theirs]
    ids = [one.record.id for one in waiting]
    known = conflicts.kept_of_several(office, ids)
    people = People(office, shared=sharing.of_several(office, ids), concerned=known)
    found = [Stuck(one.record, one.form_type, people.stuck(one)) for one in waiting]
    return [one for one in found if one.slots]


def of_record(office: Office, record: Record) -> tuple[Slot, ...]:
    """The slots that stand in the way of this record; empty when it can be signed."""
    return People(office).stuck(signatures.signing_of(office, record))


def may_give(office: Office, actor: Account, record: Record) -> bool:
    """Whether this person may give its slots to others: who keeps the accounts, and its own unit's clerks."""
    if may(actor, "manage_accounts"):
        return True
    form_type = records.form_type_of(office, record)
    return actor.is_of(record.unit_id) and offering.may_fill(actor, form_type)


# --- to whom --------------------------------------------------------------------------------------


def able(office: Office, signing: Signing, slot: Slot) -> list[Account]:
    """The people a slot may be given to: they hold its role, and have not signed where people must differ."""
    found = [
        one
        for one in accounts.all(office.store)
        if fits(signing.record, slot, one, given_to=one.id)
        and one.id not in signing.recusal.people
        and (not slot.roles or set(slot.roles) & set(one.roles))
        and not signing.already(one)
    ]
    if slot.author:
        return [one for one in found if one.is_of(signing.record.unit_id)]
    return found


def remedy(slot: Slot) -> str:
    """What to do first where nobody may be given a slot."""
    roles = "、".join(ROLES.get(role, role) for role in slot.roles)
    return _("没有别人能在这里签字：请先让一位同志担任“%(roles)s”。", roles=roles)


def signing_for(office: Office, actor: Account, record_id: str) -> Signing:
    """The record with its signatures, for whoever may give its slots; ``NotFound`` or ``NotAllowed``."""
    whole = may(actor, "manage_accounts")
    record = records.find(office, record_id) if whole else records.get(office, actor, record_id)
    if conflicts.shut_among(office, actor, [record_id]):
        raise NotFound(record_id)
    if not may_give(office, actor, record):
        raise NotAllowed(_("改由他人签字，须由填报单位的经办人或者系统管理员办理。"))
    return signatures.signing_of(office, record)


# --- the act --------------------------------------------------------------------------------------


def give(
    office: Office, actor: Account, record_id: str, slot_key: str, to_id: str, password: str, address: str
) -> None:
    """Give a slot that nobody can sign to another person.

    Raises ``NotFound``, ``NotAllowed``, ``Refused`` (signed, or somebody can sign it; not this person) and
    ``SignInRefused``.
    """
    _checked(office, actor, record_id, slot_key, to_id)
    signin.confirm_password(office.store, office.clock, actor, password, address)
    with office.store.write():
        signing, slot, person = _checked(office, actor, record_id, slot_key, to_id)
        put(office, actor, signing.record, slot, person)


def _checked(
    office: Office, actor: Account, record_id: str, slot_key: str, to_id: str
) -> tuple[Signing, Slot, Account]:
    signing = signing_for(office, actor, record_id)
    slot = next((one for one in signing.wanted.slots if one.key == slot_key), None)
    if slot is None:
        if slot_key in {one.key for one in signing.form_type.signatures.slots}:
            raise Refused(_("这一处已经签过，或者现在不用签，不能改由他人签字。"))
        raise NotFound(slot_key)
    if slot not in People(office).stuck(signing):
        raise Refused(_("这一处现在有人能签，不改由他人签字；要换人的，请收回修改后重新提交。"))
    person = next((one for one in able(office, signing, slot) if one.id == to_id), None)
    if person is None:
        raise Refused(_("请从名单里选一位能在这一处签字的同志。"))
    return signing, slot, person


def put(office: Office, actor: Account, record: Record, slot: Slot, person: Account) -> None:
    """Write down that a slot is somebody else's, and let them see the record; inside ``store.write()``."""
    about = {"slot": slot.key, "account_id": person.id, "to": person.name}
    events.append(office, record.id, actor, "slot_given", version=record.version, **about)
    sharing.with_signer(office, record, person.unit_id)
    consequences.follow(office, record.id, "slot_given", actor)
    said = {"record": record.id, "version": record.version, "slot": slot.key, "to": person.id}
    office.note(record.unit_id, actor.id, "slot_given", **said)
