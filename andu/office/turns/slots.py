"""Whose signature is asked for now: pure over a form type, the rule that counts, and the signatures given.

The rule (roles, unit, person, order, different people, which are enough) is data of the form type; here it is
only applied. `signatures` asks for every act, `standing` for the words; nothing here reads or writes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from flask_babel import gettext as _

from andu.formtypes.acts import Enough, Slot
from andu.formtypes.definition import FormType
from andu.office.events import Recusal, Signature, in_place_of
from andu.office.records import Record
from andu.security.accounts import Account
from andu.security.permissions import may

# --- which signatures are enough ------------------------------------------------------------------


def rule_of(form_type: FormType, key: str | None) -> Enough | None:
    """The rule of this key, else the form type's first; ``None`` where every slot must be signed."""
    rules = form_type.signatures.enough
    return next((rule for rule in rules if rule.key == key), rules[0] if rules else None)


def in_force(form_type: FormType, chosen: Mapping[str, str]) -> str:
    """The key of the rule for what is submitted now, by what the office chose; empty without a rule."""
    rule = rule_of(form_type, chosen.get(form_type.slug))
    return rule.key if rule else ""


@dataclass(frozen=True)
class Wanted:
    """What is still to be signed: ``always`` in any case, and any one group of ``either``."""

    always: tuple[Slot, ...] = ()
    either: tuple[tuple[Slot, ...], ...] = ()

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Each slot once, by its order."""
        every = [*self.always, *(slot for group in self.either for slot in group)]
        return tuple(sorted(dict.fromkeys(every), key=lambda slot: slot.order))

    @property
    def now(self) -> Wanted:
        """What is wanted of it first: the slots of the lowest order."""
        turn = min((slot.order for slot in self.slots), default=0)
        groups = [_of_order(group, turn) for group in self.either]
        return Wanted(_of_order(self.always, turn), tuple(dict.fromkeys(group for group in groups if group)))

    def __str__(self) -> str:
        """In words: “承办人”，再加“镇负责同志”“扫黑办主任”中的一个. What every group has is said once."""
        shared = {slot for group in self.either for slot in group if all(slot in one for one in self.either)}
        always = _quoted(slot for slot in self.slots if slot in self.always or slot in shared)
        groups = [[slot for slot in group if slot not in shared] for group in self.either]
        if not any(groups):
            return always
        is_plain = all(len(group) == 1 for group in groups)
        if not always:
            return (_("或") if is_plain else _("，或者")).join(map(_together, groups))
        if is_plain:
            one_of = _quoted(slot for group in groups for slot in group)
            return _("%(always)s，再加%(one_of)s中的一个", always=always, one_of=one_of)
        either = _("，或者").join(map(_together, groups))
        return _("%(always)s，再加其中一组：%(either)s", always=always, either=either)


def _of_order(slots: Iterable[Slot], order: int) -> tuple[Slot, ...]:
    return tuple(slot for slot in slots if slot.order == order)


def _quoted(slots: Iterable[Slot]) -> str:
    return "".join(f"“{slot.label}”" for slot in slots)


def _together(slots: Iterable[Slot]) -> str:
    """Signatures that are given together: “村书记”和“村主任”."""
    return _("和").join(f"“{slot.label}”" for slot in slots)


def wanted(form_type: FormType, rule: Enough | None, done: Collection[str] = ()) -> Wanted:
    """What the number still waits for when the slots of the keys ``done`` are signed; nothing once enough.

    Of the rule's sets only those count whose rest is least: once 镇负责同志 has signed under
    [[member, township], [member, director]], the director's signature helps nobody any more.
    """
    slots = {slot.key: slot for slot in form_type.signatures.slots if not slot.after_number}
    sets = rule.sets if rule else ()
    somewhere = {key for one in sets for key in one}
    always = [slot for key, slot in slots.items() if key not in {*somewhere, *done}]
    rest = [frozenset(one) - frozenset(done) for one in sets]
    least = dict.fromkeys(one for one in rest if one and not any(other < one for other in rest))
    either = [tuple(slot for key, slot in slots.items() if key in one) for one in least]
    if len(either) == 1:  # no choice is left
        always, either = [slot for slot in slots.values() if slot in (*always, *either[0])], []
    return Wanted(tuple(always), tuple(either))


def receipts(form_type: FormType, done: Collection[str] = ()) -> Wanted:
    """What is still to be signed once the paper is filed, when the slots of the keys ``done`` are."""
    slots = form_type.signatures.slots
    return Wanted(tuple(slot for slot in slots if slot.after_number and slot.key not in done))


# --- who may sign ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Turn:
    """A slot that a person may sign now, for themself or for an absent ``principal``.

    ``recused`` names those in whose place the office lets them sign.
    """

    slot: Slot
    person: Account
    principal: Account | None = None
    recused: str = ""

    @property
    def signer(self) -> str:
        """Who will stand there: 赵六, 赵六（代李四）, or 赵六（李四回避）."""
        return in_place_of(self.person.name, self.principal.name if self.principal else "", self.recused)


def fits(record: Record, slot: Slot, person: Account, given_to: str = "") -> bool:
    """Whether the rule of the slot admits this person: author, the person chosen, or role and unit.

    ``given_to`` is whom the slot was handed over to, for this version: in place of the author or of the
    person chosen, and beside whoever holds the role.
    """
    has_role = bool(set(slot.roles) & set(person.roles))
    # whoever signs nothing else may sign where they are named, if the slot says so of their role
    if not may(person, "sign_named" if slot.person and has_role else "sign"):
        return False
    if given_to == person.id:
        return True
    if slot.author:
        return not given_to and person.id == record.keeper
    if slot.person:
        return not given_to and person.id == record.values.get(slot.person)
    if not has_role:
        return False
    return record.unit_at(slot.unit) in (None, *person.units)


@dataclass(frozen=True)
class Signing:
    """One version of a record on its way through its signatures; ``signed`` are those that count.

    ``given_to`` says, slot by slot, to whom it was handed over; ``recusal`` who must stand aside.
    """

    record: Record
    form_type: FormType
    rule: Enough | None
    signed: Sequence[Signature]
    given_to: Mapping[str, str] = field(default_factory=dict)
    recusal: Recusal = field(default_factory=Recusal)

    @cached_property
    def wanted(self) -> Wanted:
        """What is still to be signed, whoever's turn it is: for the number, or in receipt of what is filed.

        Nothing while the record is in any other state.
        """
        done = {one.slot for one in self.signed}
        if self.record.state == "filed":
            return receipts(self.form_type, done)
        return wanted(self.form_type, self.rule, done) if self.record.state == "signing" else Wanted()

    def fits(self, slot: Slot, person: Account) -> bool:
        """Whether the rule of the slot, whoever handed it over, or the way round the recused admits them."""
        given_to = self.given_to.get(slot.key, "")
        if person.id in self.recusal.people:
            return False
        if slot.key in self.recusal.slots and given_to != person.id:
            return self.recusal.admits(person)
        return fits(self.record, slot, person, given_to)

    def already(self, *people: Account | None) -> Signature | None:
        """The signature, where people must differ, that one of these has given or had given for them."""
        if not self.form_type.signatures.distinct:
            return None
        ids = {person.id for person in people if person}
        return next((one for one in self.signed if ids & {one.account_id, one.for_id}), None)

    def turn_of(self, person: Account, principals: Sequence[Account] = ()) -> Turn | None:
        """What this person may sign now: for themself, else for one of the absent who named them deputy."""
        for principal in (None, *principals):
            for slot in self.wanted.now.slots:
                if found := self.turn_at(slot, person, principal):
                    return found
        return None

    def turn_at(self, slot: Slot, person: Account, principal: Account | None = None) -> Turn | None:
        """This slot for this person, or for an absent principal through them; ``None`` if it is not theirs.

        Whether its turn has come is not asked. A deputy must still be somebody who signs.
        """
        if self.already(person, principal) or (principal and not may(person, "sign")):
            return None
        if person.id in self.recusal.people or not self.fits(slot, principal or person):
            return None
        return Turn(slot, person, principal, self.recusal.at(slot.key))
