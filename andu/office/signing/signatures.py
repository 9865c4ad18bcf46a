"""Signing: where a record stands with its signatures, the signature itself, sending back with a reason.

A signature here is an entry in the office's own records, given after the password was asked again; it
is not an electronic signature in the sense of the law, and the paper keeps room for ink. Whose turn it is
follows from the form type (`slots`) and from who signs for whom today (`deputies`). Called by the screens, by
the commands and, for signatures given by hand, by `ink`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from andu.formtypes.acts import Enough, Slot
from andu.formtypes.filling.webform import AnswerForm, build, starting_raw
from andu.formtypes.roles import ROLES
from andu.office import cases, events, reasons, records
from andu.office.books import consequences
from andu.office.errors import InvalidAnswers, NotAllowed, NotFound, Refused
from andu.office.events import Signature
from andu.office.issue import issuing, soon
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from andu.office.turns import deputies, recusal, slots
from andu.office.turns.signatories import People
from andu.office.turns.slots import Signing, Turn
from andu.office.turns.waiting import signing_of as signing_of
from andu.office.writing.drafts import Raw
from andu.security import accounts, signin
from andu.security.accounts import Account

# --- where a record stands with its signatures ----------------------------------------------------


def given(office: Office, record: Record) -> list[Signature]:
    """Every signature on a record, oldest first; those that no longer count carry the reason."""
    return events.signatures(events.of(office, record.id))


def rule(office: Office, record: Record) -> Enough | None:
    """The rule of which signatures are enough for this version; ``None`` where all are asked for."""
    return signing_of(office, record).rule


def open_slots(office: Office, record: Record) -> list[Slot]:
    """The slots whose turn it is, of the lowest order that is still asked for. Empty when none waits."""
    return list(signing_of(office, record).wanted.now.slots)


def turn(office: Office, actor: Account, record: Record) -> Turn | None:
    """What this person may sign now, for themself or as a deputy, or ``None``."""
    return signing_of(office, record).turn_of(actor, deputies.principals(office, actor))


def signable(office: Office, actor: Account, record: Record) -> Slot | None:
    """The slot this person may sign now, or ``None``."""
    found = turn(office, actor, record)
    return found.slot if found else None


def why_not(office: Office, actor: Account, record: Record) -> str:
    """Why this person cannot sign now, in one sentence."""
    signing = signing_of(office, record)
    open_now, already = signing.wanted.now, signing.already(actor)
    if not open_now.slots:
        return _why_nothing(signing)
    if actor.id in signing.recusal.people:
        return _("您是这件事里写到的人，应当回避，不能在这份材料上签字。")
    if already and any(signing.fits(slot, actor) for slot in open_now.slots):
        label = signing.form_type.slot(already.slot).label
        return _("您已在“%(label)s”处签字；这些签字须由不同的人完成，请另一位有权限的同志签。", label=label)
    who = "、".join(dict.fromkeys(_who_signs(office, signing, slot) for slot in open_now.slots))
    if record.awaits_receipt:
        return _("现在等待%(slots)s签收，须由%(who)s办理，您不在其中。", slots=open_now, who=who)
    return _("现在轮到%(slots)s签字，须由%(who)s办理，您不在其中。", slots=open_now, who=who)


def _why_nothing(signing: Signing) -> str:
    """Why nobody can sign a record now."""
    has_receipts = bool(slots.receipts(signing.form_type).slots)
    return {
        "returned": _("这份材料已经退回修改，现在不能签。填报人改好重新提交后，再请各位签字。"),
        "voided": _("这份材料的编号已经作废，不能再签字或者签收。"),
        "complete": _("这份材料的签字已经齐了，取号归档以后才签收。") if has_receipts else "",
        "numbered": _("这份材料的文书正在归档，归档以后才签收。") if has_receipts else "",
        "filed": _("这份材料已经签收，不用再签。") if has_receipts else "",
    }.get(signing.record.state) or _("这份材料的签字已经齐了，不用再签。")


def _who_signs(office: Office, signing: Signing, slot: Slot) -> str:
    given_to = signing.given_to.get(slot.key, "")
    if slot.key in signing.recusal.slots and not given_to:
        return recusal.who_instead(office, signing.recusal)
    if slot.author and not given_to and not signing.record.taken_by:
        return _("填报人本人")
    if slot.author or slot.person or given_to:
        named = signing.record.keeper if slot.author else signing.record.values.get(slot.person)
        chosen = accounts.get(office.store, str(given_to or named or ""))
        return chosen.name if chosen else _("材料里指定的同志")
    return "、".join(ROLES[role] for role in slot.roles)


def candidates(office: Office, record: Record) -> list[Turn]:
    """The people who can sign now, each with one slot, and the deputies of those who are absent."""
    signing, people = signing_of(office, record), People(office)
    turns = [turn for slot in signing.wanted.now.slots for turn in people.of_slot(signing, slot)]
    each = {(turn.person.id, turn.principal.id if turn.principal else ""): turn for turn in reversed(turns)}
    own = {turn.person.id for turn in turns if not turn.principal}
    found = [turn for turn in each.values() if not turn.principal or turn.person.id not in own]
    return sorted(found, key=lambda turn: turns.index(turn))


# --- acts -----------------------------------------------------------------------------------------


def answer_form(
    office: Office, actor: Account, record: Record, slot: Slot, raw: Raw | None = None
) -> AnswerForm | None:
    """The little form of the fields that this signer fills, or ``None`` when the slot has none.

    Without ``raw`` it begins with the defaults of its fields.
    """
    if not slot.fields:
        return None
    signing, directory, now = (
        signing_of(office, record),
        OfficeDirectory(office, actor),
        office.clock.now(),
    )
    known = {**record.values}
    for one in signing.signed:
        known |= one.answers
    if raw is None:
        raw = starting_raw(signing.form_type, directory, actor.id, now, slot.fields)
    return build(signing.form_type, directory, slot.fields, known=known, now=now)(MultiDict(raw))


def _turn(office: Office, actor: Account, record: Record, version: int, slot_key: str | None = None) -> Turn:
    found = turn(office, actor, record)
    if found is None:
        raise NotAllowed(why_not(office, actor, record))
    if version != record.version or slot_key not in (None, found.slot.key):
        raise Refused(_("您看的是第 %(n)s 稿，内容刚刚改过。请看过新稿再签。", n=version))
    return found


def _has_signed(office: Office, actor: Account, record: Record, slot_key: str, version: int) -> bool:
    mine = [one for one in signing_of(office, record).signed if one.account_id == actor.id]
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
    """Sign a slot whose turn it is. After the last that the number waits for it is given (``soon``).

    Signing the same slot of the same version twice is harmless: the second time changes nothing.
    ``version`` is the version the signer looked at. ``at_the_machine`` is for the command line alone,
    where whoever runs it holds the database anyway: no password is asked.

    Raises ``NotFound``, ``NotAllowed`` (not this person's turn, or the same person twice), ``Refused`` (the
    version was changed, or its case closed), ``InvalidAnswers`` for the signer's own fields, and
    ``SignInRefused`` for a wrong password.
    """
    record = records.get(office, actor, record_id)
    if _has_signed(office, actor, record, slot_key, version):
        return record
    slot = _turn(office, actor, record, version, slot_key).slot
    form = answer_form(office, actor, record, slot, answers_raw)
    if form is not None and not form.validate():
        raise InvalidAnswers(form)
    if not at_the_machine:
        signin.confirm_password(office.store, office.clock, actor, password, address)
    return _give(office, actor, record_id, slot_key, version, opinion, form.values if form else {})


@dataclass(frozen=True)
class ToSign:
    """A signature somebody wants to give: on the version they looked at."""

    record_id: str
    slot: str
    version: int
    opinion: str


def sign_several(
    office: Office, actor: Account, wanted: Sequence[ToSign], password: str, address: str
) -> dict[str, str]:
    """Sign these under one password, each as ``sign`` does and by itself.

    Answers why not, by record, for those that cannot be signed any more; the others are signed. Slots whose
    signer fills something are none of these. Raises ``SignInRefused``, and then none is signed.
    """
    signin.confirm_password(office.store, office.clock, actor, password, address)
    left: dict[str, str] = {}
    for one in wanted:
        try:
            _give(office, actor, one.record_id, one.slot, one.version, one.opinion)
        except (NotAllowed, Refused) as refusal:
            left[one.record_id] = refusal.message
        except NotFound:
            left[one.record_id] = _("这份材料现在不归您看。")
    return left


def _give(
    office: Office,
    actor: Account,
    record_id: str,
    slot_key: str,
    version: int,
    opinion: str,
    answers: Mapping[str, Any] | None = None,
) -> Record:
    """The act itself, after the password: the signature, and the number when it was the last.

    ``answers``: what the signer filled in; None where nobody was asked.
    """
    with office.store.write():
        record = records.get(office, actor, record_id)
        if _has_signed(office, actor, record, slot_key, version):  # a second click overtook this one
            return record
        found = _turn(office, actor, record, version, slot_key)
        if found.slot.fields and answers is None:
            raise Refused(_("在“%(label)s”处签字要先填写，请打开来签。", label=found.slot.label))
        enter(office, actor, record, found, opinion, answers or {})
    soon.number(office, record_id)
    return records.find(office, record_id)


def enter(
    office: Office,
    actor: Account,
    record: Record,
    turn: Turn,
    opinion: str,
    answers: Mapping[str, Any],
    *,
    how: str = "",
    at: str = "",
    confirmed_by: str = "",
    scan: str = "",
) -> None:
    """Write down a signature, inside ``store.write()``; what is enough makes the record complete.

    Raises ``Refused`` where the case of a record without a number was closed meanwhile.

    Whoever calls has asked whose turn it is. By hand on paper (``how="paper"``) ``actor`` is who entered it,
    ``turn.person`` who signed, ``at`` the stored time of the day on the paper, ``confirmed_by`` a name and
    ``scan`` the id of what it was read off. The caller then calls ``soon.number``, outside the transaction.
    """
    cases.refuse_late(office, actor, record)
    _refuse_named(office, actor, record, turn)
    paper = {"at": at, "how": how, "confirmed_by": confirmed_by, "scan": scan}
    signature = _signature(actor, turn, opinion) | {key: said for key, said in paper.items() if said}
    said = {"version": record.version, "answers": answers}
    events.append(office, record.id, actor, "record_signed", **signature, **said)
    _note(office, actor, record, turn, scan if how else None)
    if not signing_of(office, record).wanted.slots:
        done = {"awaits_receipt": False} if turn.slot.after_number else {"state": "complete"}
        office.store.update("record", record.id, done)
        if not turn.slot.after_number:
            issuing.waits(office, record.id)
    consequences.follow(office, record.id, "record_signed", actor)


def _refuse_named(office: Office, actor: Account, record: Record, turn: Turn) -> None:
    """Who is named by now, though nobody was when it was handed in, does not sign either."""
    named = recusal.named_among(office, actor, record, turn.person, turn.principal)
    if named:
        said = _(
            "%(name)s是这件事里写到的人，应当回避，不能签。请填报人收回修改后重新提交。", name=named.name
        )
        raise NotAllowed(said)


def _signature(actor: Account, turn: Turn, opinion: str) -> dict[str, Any]:
    """Who signs where and with what opinion, as they are called on this day."""
    person, slot = turn.person, turn.slot
    found = {"slot": slot.key, "name": person.name, "post": person.post, "unit": person.unit_name}
    found["opinion"] = opinion.strip() or slot.opinion_default
    if turn.recused:
        found["recused"] = turn.recused
    if turn.principal:
        found |= {"for_id": turn.principal.id, "for_name": turn.principal.name}
    if person.id != actor.id:
        found["account_id"] = person.id
    return found


def _note(office: Office, actor: Account, record: Record, turn: Turn, scan: str | None) -> None:
    """Enter a signature in the audit log; ``scan`` is what ink was read off, None on the screen."""
    about = {"record": record.id, "slot": turn.slot.key, "version": record.version}
    if scan is not None:
        about |= {"signer": turn.person.id, "scan": scan}
        office.note(record.unit_id, actor.id, "ink_signature_entered", **about)
    elif turn.recused:
        aside = list(signing_of(office, record).recusal.people)
        principal = turn.principal.id if turn.principal else ""
        office.note(record.unit_id, actor.id, "recusal_signed", **about, recused=aside, principal=principal)
    elif turn.principal:
        office.note(record.unit_id, actor.id, "deputy_signed", **about, principal=turn.principal.id)
    else:
        office.note(record.unit_id, actor.id, "record_signed", **about)


def _declinable(office: Office, actor: Account, record: Record, version: int) -> Turn:
    found = _turn(office, actor, record, version)
    if found.slot.after_number:
        raise Refused(_("这份材料已经编号发出，签收时不能退回；确有错误的，请发出单位作废编号，重新办理。"))
    return found


def decline(
    office: Office, actor: Account, record_id: str, version: int, reason: str, password: str, address: str
) -> Record:
    """Send a record back with a reason; the signatures given so far no longer count.

    Raises ``NotFound``, ``NotAllowed``, ``Refused`` (no reason given, or it has its number) and
    ``SignInRefused``.
    """
    record = records.get(office, actor, record_id)
    _declinable(office, actor, record, version)
    reason = reasons.require(reason, _("请写明退回的理由，填报人要据此修改。"))
    signin.confirm_password(office.store, office.clock, actor, password, address)
    with office.store.write():
        record = records.get(office, actor, record_id)
        found = _declinable(office, actor, record, version)
        about = {"slot": found.slot.key, "version": version}
        had = signing_of(office, record).signed
        said = {"words": reason, "name": found.person.name}
        said["for_name"] = found.principal.name if found.principal else ""
        events.append(office, record.id, actor, "signature_declined", **about, **said)
        office.store.update("record", record.id, {"state": "returned"})
        office.note(record.unit_id, actor.id, "signature_declined", record=record.id, **about)
        if had:
            office.note(record.unit_id, actor.id, "signatures_voided", record=record.id, version=version)
        consequences.follow(office, record.id, "signature_declined", actor)
    return records.find(office, record_id)
