"""Letting somebody leave, move or change roles: one act that hands everything over first.

Called by the admin's screens; nobody is disabled, moved or robbed of a role in any other way. Each thing that
would stand still is taken over by a named person who can; all of it, and the change of the account, in one
transaction, audited and told in the history of each record. Answers that are sealed to whoever leaves stay
sealed: their successor goes on with the rest, and ``sealed_parts.hand_on`` opens them, with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from andu.office import events, records
from andu.office.books import consequences
from andu.office.errors import NotAllowed, Refused
from andu.office.handover import hanging
from andu.office.handover.hanging import Hanging, HangingLine
from andu.office.office import Office
from andu.office.signing import giving
from andu.office.timing import deadlines
from andu.office.turns import deputies
from andu.security import accounts, signin
from andu.security.accounts import Account
from andu.security.permissions import may

ENDS = "-"
"""Chosen in place of a person: an authorisation to sign ends and nobody goes on with it."""


@dataclass(frozen=True)
class Change:
    """How an account is to be: shut (``disabled``), or with other details and roles; None changes nothing."""

    disabled: bool = False
    name: str | None = None
    unit_id: str | None = None
    post: str | None = None
    phone: str | None = None
    roles: tuple[str, ...] | None = None

    def of(self, account: Account) -> Account:
        """The account as it will be."""
        if self.disabled:
            return replace(account, state="disabled")
        return replace(
            account,
            name=_or(self.name, account.name),
            unit_id=_or(self.unit_id, account.unit_id),
            merged=account.merged if self.unit_id in (None, account.unit_id) else (),
            post=_or(self.post, account.post),
            phone=_or(self.phone, account.phone),
            roles=account.roles if self.roles is None else self.roles,
        )


def _or(new: str | None, old: str) -> str:
    return old if new is None else new


class WorkHangs(Refused):
    """Not before this has been handed over; ``hanging`` says what."""

    def __init__(self, found: Hanging) -> None:
        super().__init__(_("%(name)s手上还有没了结的事，请先交接。", name=found.person.name))
        self.hanging = found


class NotTaken(Refused):
    """Nothing was done; ``faults`` says what is wrong, by the key of the line."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("；".join(dict.fromkeys(faults.values())))
        self.faults = faults


def hangs(
    office: Office, actor: Account, account_id: str, change: Change, most: int | None = None
) -> Hanging:
    """What would stand still, of each kind ``most`` lines or all; raises ``NotAllowed`` and ``NotFound``."""
    _require(actor)
    person = hanging.known(office, account_id)
    return hanging.on(office, person, change.of(person), most)


def change_idle(office: Office, actor: Account, account_id: str, change: Change) -> None:
    """Change an account on which nothing hangs.

    Raises ``WorkHangs`` for any other, ``NotAllowed``, ``NotFound``, and ``AccountRefused``.
    """
    with office.store.write():
        found = hangs(office, actor, account_id, change)
        if found.lines and found.person.is_active:
            raise WorkHangs(found)
        _change(office, actor, found.person, change)


def enable(office: Office, actor: Account, account_id: str) -> None:
    """Open a disabled account again; raises ``NotAllowed`` and ``NotFound``."""
    _require(actor)
    accounts.enable(office.store, office.clock, actor, hanging.known(office, account_id).id)


def hand_over(
    office: Office,
    actor: Account,
    account_id: str,
    change: Change,
    chosen: Mapping[str, str],
    password: str,
    address: str,
) -> Hanging:
    """Hand everything over to whom ``chosen`` names, by the key of each line, and change the account then.

    Raises ``NotAllowed``, ``NotFound``, ``NotTaken``, ``AccountRefused`` and ``SignInRefused``; nothing is
    changed then.
    """
    _taken(hangs(office, actor, account_id, change), chosen)
    signin.confirm_password(office.store, office.clock, actor, password, address)
    with office.store.write():
        found = hangs(office, actor, account_id, change)
        taken = _taken(found, chosen)
        for line, taker in taken:
            _TAKE[line.kind](office, actor, line, taker)
        _change(office, actor, found.person, change)
        items = [[line.key, taker.id if taker else ""] for line, taker in taken]
        office.note(found.person.unit_id, actor.id, "work_handed_over", account=account_id, items=items)
    return found


def _require(actor: Account) -> None:
    if not may(actor, "manage_accounts"):
        raise NotAllowed(_("人员的停用、调动和角色，由系统管理员办理。"))


def _taken(found: Hanging, chosen: Mapping[str, str]) -> list[tuple[HangingLine, Account | None]]:
    """Who takes what; raises ``NotTaken``."""
    taken: list[tuple[HangingLine, Account | None]] = []
    faults: dict[str, str] = {}
    for line in found.lines:
        to = chosen.get(line.key, "")
        taker = next((one for one in line.takers if one.id == to), None)
        if taker or (line.kind == hanging.DEPUTY and to == ENDS):
            taken.append((line, taker))
        elif line.remedy:
            faults[line.key] = line.remedy
        else:
            faults[line.key] = _("请选择由谁接手%(about)s。", about=line.about)
    if faults:
        raise NotTaken(faults)
    return taken


def _change(office: Office, actor: Account, person: Account, change: Change) -> None:
    """Write the change of the account, inside ``store.write()``; what no longer holds of deputies ends."""
    store, clock, becoming = office.store, office.clock, change.of(person)
    if change.disabled:
        accounts.disable(store, clock, actor, person.id)
    else:
        said = {"name": becoming.name, "unit_id": becoming.unit_id, "post": becoming.post}
        accounts.change_details(store, clock, actor, person.id, **said, phone=becoming.phone)
        if set(becoming.roles) != set(person.roles):
            accounts.change_roles(store, clock, actor, person.id, becoming.roles)
    deputies.end_lapsed(office, actor, person.id)


# --- taking over, kind by kind ---------------------------------------------------------------------


def _take_draft(office: Office, actor: Account, line: HangingLine, taker: Account | None) -> None:
    row = office.store.get("draft", line.item)
    if row is None or taker is None:
        return
    sealed_for = (row["sealed_for"] or row["author_id"]) if row["sealed_id"] else None
    office.store.update("draft", line.item, {"author_id": taker.id, "sealed_for": sealed_for})


def _take_record(office: Office, actor: Account, line: HangingLine, taker: Account | None) -> None:
    if taker is not None:
        office.store.update("record", line.item, {"taken_by": taker.id})
        events.append(office, line.item, actor, "record_taken_over", account_id=taker.id, to=taker.name)
        consequences.follow(office, line.item, "record_taken_over", actor)


def _take_slot(office: Office, actor: Account, line: HangingLine, taker: Account | None) -> None:
    record_id, _slash, slot_key = line.item.partition("/")
    record = records.find(office, record_id)
    if taker is not None:
        slot = records.form_type_of(office, record).signatures
        giving.put(office, actor, record, next(one for one in slot.slots if one.key == slot_key), taker)


def _take_deadline(office: Office, actor: Account, line: HangingLine, taker: Account | None) -> None:
    row = office.store.get("deadline", line.item)
    if row is not None and taker is not None:
        said = {"account_id": taker.id, "to": taker.name, "label": deadlines.label_of(row)}
        events.append(office, row["record_id"], actor, "deadline_taken_over", **said)
        consequences.follow(office, row["record_id"], "deadline_taken_over", actor)


def _take_deputy(office: Office, actor: Account, line: HangingLine, taker: Account | None) -> None:
    deputies.pass_on(office, actor, line.item, taker)


def _take_nothing(office: Office, actor: Account, line: HangingLine, taker: Account | None) -> None:
    """What is nobody's to take over: it goes by what its remedy says, or they stay."""
    raise Refused(line.remedy)


_TAKE = {
    hanging.DRAFT: _take_draft,
    hanging.RECORD: _take_record,
    hanging.SLOT: _take_slot,
    hanging.DEADLINE: _take_deadline,
    hanging.DEPUTY: _take_deputy,
    hanging.DECISION: _take_nothing,
    hanging.KEY: _take_nothing,
}
