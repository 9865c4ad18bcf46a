"""Signatures in ink: read off a filed scan by a person who compares it with the record, and entered for them.

Called by the scan views. Order, different people and what is enough count as on the screen: the slots and
people come from ``signatures``, and so does the entry itself, which says who read it off which scan. It is a
transcript and no electronic signature; whoever enters it is never the one who signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _

from andu.clock import OFFICE_ZONE, chinese_date, office_day, parse_stamp, stamp
from andu.formtypes.acts import Slot
from andu.office import access, events, records
from andu.office.errors import InvalidAnswers, Refused
from andu.office.issue import soon
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import scans, signatures
from andu.office.signing.scans import Scan
from andu.office.turns import deputies
from andu.office.turns.slots import Signing, Turn
from andu.office.writing.drafts import Raw
from andu.security import accounts, signin
from andu.security.accounts import Account

WHO, DAY = "who", "day"


@dataclass(frozen=True)
class Ink:
    """What stands in one slot; ``who`` is an id of ``choices``, ``answers`` are the slot's own fields."""

    slot: str
    who: str
    opinion: str
    day: date
    answers: Raw = field(default_factory=dict)


@dataclass(frozen=True)
class InkFault:
    """What is wrong with one ink signature; ``part`` is ``who`` or ``day``."""

    slot: str
    part: str
    message: str


class InkFaults(Refused):
    """Nothing was entered; ``faults`` says why, slot by slot."""

    def __init__(self, faults: Sequence[InkFault]) -> None:
        super().__init__("；".join(one.message for one in faults))
        self.faults = faults


def choices(office: Office, record: Record, slot: Slot) -> dict[str, Turn]:
    """Who may have signed in a slot, by an id for the choice: whoever fits it, and their deputies meanwhile.

    A deputy whose authorisation is over may have signed while it ran; ``enter`` looks at the day.
    """
    signing = signatures.signing_of(office, record)
    fitting = [one for one in accounts.all(office.store) if one.is_active and signing.fits(slot, one)]
    instead_of = signing.recusal.at(slot.key)
    turns = [Turn(slot, person, recused=instead_of) for person in fitting]
    ids = {person.id for person in fitting}
    turns += [
        Turn(slot, one.deputy, one.principal, instead_of)
        for one in deputies.held(office, _first_day(office, record, slot), office_day(office.clock.now()))
        if one.principal.id in ids and one.deputy.is_active and one.deputy.id not in signing.recusal.people
    ]
    able = access.able(office, record.form, [one.person for one in turns])
    turns = [one for one in turns if one.person in able]
    return {f"{one.person.id}:{one.principal.id if one.principal else ''}": one for one in turns}


def open_on(office: Office, record: Record, scan: Scan) -> list[Slot]:
    """The slots whose ink signature may be entered from this scan now.

    No receipt stands on a page that was filed before the paper had its number.
    """
    too_early = scan.kind == scans.SIGNATURES and not record.may_change
    of_now = scan.version == record.version and not too_early
    return signatures.open_slots(office, record) if of_now else []


def enter(
    office: Office,
    actor: Account,
    record_id: str,
    scan_id: str,
    inks: Sequence[Ink],
    password: str,
    address: str,
) -> Record:
    """Enter ink signatures read off a scan, all or none. The last gives the record its number.

    Entering the same slots from the same scan twice is harmless. Raises ``NotFound``, ``NotAllowed``,
    ``Refused`` (the version was changed), ``InkFaults``, ``InvalidAnswers`` for a signer's own fields, and
    ``SignInRefused``.
    """
    record = scans.record_for(office, actor, record_id)
    scan = scans.get(office, record, scan_id)
    if _are_entered(office, record, scan, inks):
        return record
    _check(office, actor, record, scan, inks)
    signin.confirm_password(office.store, office.clock, actor, password, address)
    with office.store.write():
        record = scans.record_for(office, actor, record_id)
        if _are_entered(office, record, scan, inks):  # a second click overtook this one
            return record
        for ink, turn, answers in _check(office, actor, record, scan, inks):
            signatures.enter(
                office,
                actor,
                record,
                turn,
                ink.opinion,
                answers,
                how="paper",
                at=_stored(ink.day),
                confirmed_by=actor.name,
                scan=scan.id,
            )
    soon.number(office, record_id)
    return records.find(office, record_id)


def _stored(day: date) -> str:
    return stamp(datetime(day.year, day.month, day.day, tzinfo=OFFICE_ZONE))


def _are_entered(office: Office, record: Record, scan: Scan, inks: Sequence[Ink]) -> bool:
    done = {one.slot for one in signatures.given(office, record) if one.scan == scan.id and not one.voided}
    return bool(inks) and {ink.slot for ink in inks} <= done


Checked = list[tuple[Ink, Turn, dict[str, object]]]


def _check(office: Office, actor: Account, record: Record, scan: Scan, inks: Sequence[Ink]) -> Checked:
    """Whose signatures these are, with the answers of their own fields; raises what ``enter`` says."""
    if scan.version != record.version:
        raise Refused(_("这张签字页是第 %(n)s 稿的，内容已经改过，不能再录入。", n=scan.version))
    if not inks:
        raise Refused(_("请至少录入一处签字。"))
    slots = {slot.key: slot for slot in open_on(office, record, scan)}
    if gone := [ink for ink in inks if ink.slot not in slots]:
        raise InkFaults([InkFault(one.slot, WHO, _("这一处现在不签字，或者已经签过。")) for one in gone])
    turns = [choices(office, record, slots[ink.slot]).get(ink.who) for ink in inks]
    faults = [
        *_wrong_people(office, actor, record, inks, turns),
        *_wrong_days(office, record, [slots[ink.slot] for ink in inks], inks),
        *_wrong_deputies(office, inks, turns),
    ]
    if faults:
        raise InkFaults(faults)
    sure = [turn for turn in turns if turn]
    return [(ink, turn, _answers(office, record, ink, turn)) for ink, turn in zip(inks, sure, strict=True)]


def _answers(office: Office, record: Record, ink: Ink, turn: Turn) -> dict[str, object]:
    form = signatures.answer_form(office, turn.person, record, turn.slot, ink.answers)
    if form is not None and not form.validate():
        raise InvalidAnswers(form)
    return dict(form.values) if form else {}


def _wrong_people(
    office: Office, actor: Account, record: Record, inks: Sequence[Ink], turns: Sequence[Turn | None]
) -> Iterator[InkFault]:
    signing = signatures.signing_of(office, record)
    seen: set[str] = set()
    for ink, turn in zip(inks, turns, strict=True):
        message = _wrong_person(signing, actor, turn, seen)
        if message:
            yield InkFault(ink.slot, WHO, message)
        seen |= _ids(turn)


def _ids(turn: Turn | None) -> set[str]:
    return {one.id for one in (turn.person, turn.principal) if one} if turn else set()


def _wrong_person(signing: Signing, actor: Account, turn: Turn | None, seen: set[str]) -> str:
    if turn is None:
        return _("请从名单里选在这一处签字的人。")
    if turn.person.id == actor.id:
        return _("不能由您核对自己的签字：请另一位同志录入，或者您直接在系统内签字。")
    already = signing.already(turn.person, turn.principal)
    if already:
        label = signing.form_type.slot(already.slot).label
        return _("%(name)s已在“%(label)s”处签字；这些签字须由不同的人完成。", name=turn.signer, label=label)
    if signing.form_type.signatures.distinct and _ids(turn) & seen:
        return _("%(name)s在本页选了两处；这些签字须由不同的人完成。", name=turn.signer)
    return ""


def _first_day(office: Office, record: Record, slot: Slot) -> date:
    """The first day on which a slot can have been signed: of submission, or of the number."""
    happened = events.of(office, record.id) if slot.after_number else ()
    begun = [record.updated_at, *(one.at for one in happened if one.event == "number_allotted")]
    return office_day(parse_stamp(max(begun)))


def _wrong_days(
    office: Office, record: Record, slots: Sequence[Slot], inks: Sequence[Ink]
) -> Iterator[InkFault]:
    today = office_day(office.clock.now())
    for slot, ink in zip(slots, inks, strict=True):
        first = _first_day(office, record, slot)
        early = (
            _("签收日期不能早于取号日期（%(day)s）。", day=chinese_date(first))
            if slot.after_number
            else _("签字日期不能早于这一稿的提交日期（%(day)s）。", day=chinese_date(first))
        )
        if ink.day > today:
            yield InkFault(ink.slot, DAY, _("签字日期不能晚于今天（%(today)s）。", today=chinese_date(today)))
        elif ink.day < first:
            yield InkFault(ink.slot, DAY, early)


def _wrong_deputies(office: Office, inks: Sequence[Ink], turns: Sequence[Turn | None]) -> Iterator[InkFault]:
    """A deputy signs for somebody on the days of the authorisation, not on the day it is entered."""
    for ink, turn in zip(inks, turns, strict=True):
        if turn is None or turn.principal is None:
            continue
        pair = turn.person.id, turn.principal.id
        known = deputies.held(office, ink.day, ink.day)
        if pair not in {(one.deputy.id, one.principal.id) for one in known}:
            words = {"deputy": turn.person.name, "principal": turn.principal.name}
            words["day"] = chinese_date(ink.day)
            yield InkFault(ink.slot, WHO, _("%(deputy)s在%(day)s没有代%(principal)s签字的授权。", **words))
