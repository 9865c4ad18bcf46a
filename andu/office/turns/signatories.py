"""Signatories: the people who can sign a slot now, and what can be signed by nobody.

The one answer to “who can sign this”: the rule of the slot (role and unit, author, the person chosen or
whoever it was handed over to), an active account that sees the record and to whom its form is not shut, or a
deputy who still holds the right, and different people where they must differ. Asked by ``signatures`` for the
words, before a record is handed in or somebody leaves, and by the desks for what is stuck. An account that
must change its first password counts: it can sign as soon as it has. Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from andu.formtypes.acts import Slot
from andu.office import access, conflicts, sharing
from andu.office.office import Office
from andu.office.turns import deputies
from andu.office.turns.deputies import Deputyship
from andu.office.turns.slots import Signing, Turn
from andu.security import accounts
from andu.security.accounts import Account
from andu.security.permissions import may


@dataclass(frozen=True)
class People:
    """Everybody and who stands in for whom, read once for as many records as one likes.

    ``shared`` are the units that records are shared with, ``concerned`` whom they concern
    (``conflicts.kept``), where that was read for many already.
    ``without`` are accounts to think away, ``instead`` how an account will be: what would be stuck then?
    """

    office: Office
    without: frozenset[str] = frozenset()
    instead: Sequence[Account] = field(default_factory=tuple)
    shared: Mapping[str, set[str]] = field(default_factory=dict)
    concerned: Mapping[str, set[str]] = field(default_factory=dict)

    @cached_property
    def active(self) -> list[Account]:
        """The active accounts, as they are or will be."""
        changed = {one.id: one for one in self.instead}
        found = [changed.get(one.id, one) for one in accounts.all(self.office.store)]
        return [one for one in found if one.is_active and one.id not in self.without]

    @cached_property
    def _standing_in(self) -> list[Deputyship]:
        there = {one.id for one in self.active}
        running = deputies.running(self.office)
        return [one for one in running if {one.deputy.id, one.principal.id} <= there]

    def of_slot(self, signing: Signing, slot: Slot, pledged: bool = True) -> list[Turn]:
        """Who can sign this slot of a record, whether or not its turn has come: themselves, then deputies.

        ``pledged=False`` leaves out what the office asks people to sign first: that can still be done.
        """
        own = [found for person in self.active if (found := signing.turn_at(slot, person))]
        fitting = {one.person.id for one in own}
        stand_ins = [
            found
            for one in self._standing_in
            if one.principal.id in fitting and (found := signing.turn_at(slot, one.deputy, one.principal))
        ]
        seeing = self._seeing(signing, slot, [one.person for one in [*own, *stand_ins]])
        if pledged:
            seeing = access.able(self.office, signing.record.form, seeing)
        record_id = signing.record.id
        is_known = record_id in self.concerned
        keys = self.concerned[record_id] if is_known else conflicts.kept(self.office, record_id)
        shut = conflicts.shut_from(self.office, keys, signing.record.unit_id, seeing) if keys else set()
        ids = {one.id for one in seeing} - shut
        return [one for one in [*own, *stand_ins] if one.person.id in ids]

    def _some(self, signing: Signing, slot: Slot, pledged: bool, enough: int) -> list[Turn]:
        """Of those who can sign a slot some, if there are more than enough who see the record anyway."""
        near = (one for one in self.active if may(one, "see_all") or one.is_of(signing.record.unit_id))
        turns = (turn for one in near if (turn := signing.turn_at(slot, one)))
        some = [] if pledged else list(islice(turns, enough))
        return some if len(some) == enough else self.of_slot(signing, slot, pledged)

    def _seeing(self, signing: Signing, slot: Slot, people: Sequence[Account]) -> list[Account]:
        """Those of these people who see the record when it comes to this slot."""
        record = signing.record
        is_known = record.id in self.shared and not (slot.after_number and record.may_change)
        known = self.shared.get(record.id, set()) | {record.unit_id}
        units = known if is_known else sharing.seeing(self.office, record, signing.form_type, slot)
        units = units | signing.recusal.units_at(slot.key)
        return [one for one in people if may(one, "see_all") or not units.isdisjoint(one.units)]

    def stuck(
        self, signing: Signing, pledged: bool = False, receipts: Sequence[Slot] = ()
    ) -> tuple[Slot, ...]:
        """The slots that stand in the way of a record that the people there are can never finish signing.

        Empty when some way is left: of the sets that are enough one can be signed, by different people where
        they must differ. Slots of receipt count once the record is filed, or where ``receipts`` names them.
        """
        wanted = signing.wanted
        best: tuple[Slot, ...] | None = None
        for group in wanted.either or ((),):
            slots = [*wanted.always, *group, *receipts]
            enough = 2 * len(slots) + 1  # so many people and more are never all used up by the others
            turns = {slot.key: self._some(signing, slot, pledged, enough) for slot in slots}
            nobody = tuple(slot for slot in slots if not turns[slot.key])
            if not nobody:
                if _by_different_people(turns.values()) or not signing.form_type.signatures.distinct:
                    return ()
                nobody = tuple(slots)
            best = nobody if best is None or len(nobody) < len(best) else best
        return best or ()


def _by_different_people(turns: Iterable[Sequence[Turn]]) -> bool:
    """Whether each of these can be signed by one of its people, nobody standing anywhere twice."""
    ids = [[frozenset(_ids(one)) for one in each] for each in turns]
    # Where more people can sign than all the others can use up, one is always left over.
    scarce = sorted((each for each in ids if len(_alone(each)) <= 2 * (len(ids) - 1)), key=len)
    return _placed(scarce, frozenset())


def _alone(ids: Sequence[frozenset[str]]) -> set[frozenset[str]]:
    return {one for one in ids if len(one) == 1}


def _placed(left: Sequence[Sequence[frozenset[str]]], used: frozenset[str]) -> bool:
    if not left:
        return True
    return any(not one & used and _placed(left[1:], used | one) for one in left[0])


def _ids(turn: Turn) -> set[str]:
    return {turn.person.id} | ({turn.principal.id} if turn.principal else set())
