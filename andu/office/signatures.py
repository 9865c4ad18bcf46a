"""Signing: who may sign which slot now, the signature itself, and sending back with a reason.

A signature here is an entry in the office's own records, given after the password was asked again; it
is not an electronic signature in the sense of the law, and the paper keeps room for ink. The rule
(roles, unit, order, different people) is in the form type; this module only applies it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from andu.formtypes.definition import FormType, Slot
from andu.formtypes.roles import ROLES
from andu.formtypes.webform import AnswerForm, build, starting_raw
from andu.office import events, issuing, records
from andu.office.drafts import Raw
from andu.office.errors import InvalidAnswers, NotAllowed, Refused
from andu.office.events import Signature
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from andu.security import accounts, signin
from andu.security.accounts import Account
from andu.security.permissions import may


def given(office: Office, record: Record) -> list[Signature]:
    """Every signature on a record, oldest first; those that no longer count carry the reason."""
    return events.signatures(events.of(office, record.id))


def _counting(signed: Sequence[Signature]) -> list[Signature]:
    return [one for one in signed if one.voided is None]


def open_slots(office: Office, record: Record) -> list[Slot]:
    """The slots whose turn it is: unsigned, of the lowest order that still has one. Empty when none waits."""
    if record.state != "signing":
        return []
    return _open(records.form_type_of(office, record), _counting(given(office, record)))


def _open(form_type: FormType, signed: Sequence[Signature]) -> list[Slot]:
    done = {one.slot for one in signed}
    left = [slot for slot in form_type.signatures.slots if slot.key not in done]
    turn = min((slot.order for slot in left), default=0)
    return [slot for slot in left if slot.order == turn]


def fits(record: Record, slot: Slot, person: Account) -> bool:
    """Whether the rule of the slot admits this person: author, role and unit."""
    if slot.author:
        return person.id == record.author_id
    if not may(person, "sign") or not set(slot.roles) & set(person.roles):
        return False
    if slot.unit == "any":
        return True
    if slot.unit.startswith("field:"):
        return person.unit_id == record.values.get(slot.unit.removeprefix("field:"))
    return person.unit_id == (record.unit_id if slot.unit == "own" else slot.unit)


def _already(form_type: FormType, signed: Sequence[Signature], person: Account) -> Signature | None:
    if not form_type.signatures.distinct:
        return None
    return next((one for one in signed if one.account_id == person.id), None)


def signable(office: Office, actor: Account, record: Record) -> Slot | None:
    """The slot this person may sign now, or ``None``."""
    return _slot_for(records.form_type_of(office, record), given(office, record), record, actor)


def _slot_for(
    form_type: FormType, signatures: Sequence[Signature], record: Record, person: Account
) -> Slot | None:
    signed = _counting(signatures)
    if record.state != "signing" or _already(form_type, signed, person):
        return None
    return next((slot for slot in _open(form_type, signed) if fits(record, slot, person)), None)


def why_not(office: Office, actor: Account, record: Record) -> str:
    """Why this person cannot sign now, in one sentence."""
    if record.state != "signing":
        return _("这份材料现在不在签字环节。")
    form_type = records.form_type_of(office, record)
    signed = _counting(given(office, record))
    slots = _open(form_type, signed)
    already = _already(form_type, signed, actor)
    if already and any(fits(record, slot, actor) for slot in slots):
        label = form_type.slot(already.slot).label
        return _("您已在“%(label)s”处签字；这些签字须由不同的人完成，请另一位有权限的同志签。", label=label)
    return _(
        "现在轮到“%(label)s”签字，须由%(roles)s办理，您不在其中。",
        label="”“".join(slot.label for slot in slots),
        roles="、".join(dict.fromkeys(ROLES[role] for slot in slots for role in slot.roles))
        or _("填报人本人"),
    )


def candidates(office: Office, record: Record) -> list[Account]:
    """The active people who could sign now."""
    form_type = records.form_type_of(office, record)
    signed = _counting(given(office, record))
    return [
        person
        for person in accounts.all(office.store)
        if person.state == "active"
        and not _already(form_type, signed, person)
        and any(fits(record, slot, person) for slot in _open(form_type, signed))
    ]


def queue(office: Office, actor: Account) -> list[Record]:
    """The records that wait for this person's signature, the longest waiting first."""
    waiting = records.select(office, actor, "record.state = 'signing'", [])
    happened = events.under_way(office) if waiting else {}
    return [
        record
        for record in reversed(waiting)
        if _slot_for(
            records.form_type_of(office, record),
            events.signatures(happened.get(record.id, [])),
            record,
            actor,
        )
    ]


def lapsed(office: Office, actor: Account) -> list[tuple[Record, Signature]]:
    """Signatures of this person that no longer count, on records still under way, each with its reason."""
    happened = events.under_way(office)
    found = []
    for record in records.select(office, actor, "record.state IN ('signing', 'returned')", []):
        signed = events.signatures(happened.get(record.id, []))
        own = [one for one in signed if one.account_id == actor.id]
        if own and own[-1].voided:
            found.append((record, own[-1]))
    return found


def answer_form(
    office: Office, actor: Account, record: Record, slot: Slot, raw: Raw | None = None
) -> AnswerForm | None:
    """The little form of the fields that this signer fills, or ``None`` when the slot has none.

    Without ``raw`` it begins with the defaults of its fields.
    """
    if not slot.fields:
        return None
    known = {**record.values}
    for one in _counting(given(office, record)):
        known |= one.answers
    form_type, directory, now = (
        records.form_type_of(office, record),
        OfficeDirectory(office, actor),
        office.clock.now(),
    )
    if raw is None:
        raw = starting_raw(form_type, directory, actor.id, now, slot.fields)
    return build(form_type, directory, slot.fields, known=known, now=now)(MultiDict(raw))


def _turn(office: Office, actor: Account, record: Record, version: int, slot_key: str | None = None) -> Slot:
    slot = signable(office, actor, record)
    if slot is None:
        raise NotAllowed(why_not(office, actor, record))
    if version != record.version or slot_key not in (None, slot.key):
        raise Refused(_("您看的是第 %(n)s 稿，内容刚刚改过。请看过新稿再签。", n=version))
    return slot


def _has_signed(office: Office, actor: Account, record: Record, slot_key: str, version: int) -> bool:
    mine = [one for one in _counting(given(office, record)) if one.account_id == actor.id]
    return any((one.slot, one.version) == (slot_key, version) for one in mine)


def sign(
    office: Office,
    actor: Account,
    record_id: str,
    slot_key: str,
    version: int,
    opinion: str,
    password: str,
    answers_raw: Raw,
    address: str,
    *,
    at_the_machine: bool = False,
) -> Record:
    """Sign a slot whose turn it is. The last signature gives the record its number.

    Signing the same slot of the same version twice is harmless: the second time changes nothing.
    ``version`` is the version the signer looked at. ``at_the_machine`` is for the command line alone,
    where whoever runs it holds the database anyway: no password is asked.

    Raises ``NotFound``, ``NotAllowed`` (not this person's turn, or the same person twice), ``Refused``,
    ``InvalidAnswers`` for the signer's own fields, and ``SignInRefused`` for a wrong password.
    """
    record = records.get(office, actor, record_id)
    if _has_signed(office, actor, record, slot_key, version):
        return record
    slot = _turn(office, actor, record, version, slot_key)
    form = answer_form(office, actor, record, slot, answers_raw)
    if form is not None and not form.validate():
        raise InvalidAnswers(form)
    if not at_the_machine:
        signin.confirm_password(office.store, office.clock, actor, password, address)
    with office.store.write():
        record = records.get(office, actor, record_id)
        if _has_signed(office, actor, record, slot_key, version):  # a second click overtook this one
            return record
        slot = _turn(office, actor, record, version, slot_key)
        _enter(office, actor, record, slot, opinion, form.values if form else {})
    issuing.issue_when_complete(office, record_id)
    return records.find(office, record_id)


def _enter(
    office: Office, actor: Account, record: Record, slot: Slot, opinion: str, answers: Mapping[str, Any]
) -> None:
    signature = {
        "slot": slot.key,
        "version": record.version,
        "name": actor.name,
        "post": actor.post,
        "unit": actor.unit_name,
        "opinion": opinion.strip() or slot.opinion_default,
        "answers": answers,
    }
    events.append(office, record.id, actor, "record_signed", **signature)
    about = {"record": record.id, "slot": slot.key, "version": record.version}
    office.note(record.unit_id, actor.id, "record_signed", **about)
    if not _open(records.form_type_of(office, record), _counting(given(office, record))):
        office.store.update("record", record.id, {"state": "complete"})


def decline(
    office: Office, actor: Account, record_id: str, version: int, reason: str, password: str, address: str
) -> Record:
    """Send a record back with a reason; the signatures given so far no longer count.

    Raises ``NotFound``, ``NotAllowed``, ``Refused`` (no reason given) and ``SignInRefused``.
    """
    record = records.get(office, actor, record_id)
    _turn(office, actor, record, version)
    if not reason.strip():
        raise Refused(_("请写明退回的理由，填报人要据此修改。"))
    signin.confirm_password(office.store, office.clock, actor, password, address)
    with office.store.write():
        record = records.get(office, actor, record_id)
        slot = _turn(office, actor, record, version)
        words = _("%(name)s 退回：%(reason)s", name=actor.name, reason=reason.strip())
        about = {"slot": slot.key, "version": version}
        events.append(office, record.id, actor, "signature_declined", **about, reason=words, name=actor.name)
        office.store.update("record", record.id, {"state": "returned"})
        office.note(record.unit_id, actor.id, "signature_declined", record=record.id, **about)
    return records.find(office, record_id)
