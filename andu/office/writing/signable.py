"""Whether what is about to be handed in can be signed at all by the people there are.

Asked by `submitting` before the paper is tried out: a record that would come to a stand after three
signatures, or whose paper nobody could sign for once it is filed, is not begun. Who can sign what,
``turns.signatories`` answers; here it gets its words. Reads only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from flask_babel import gettext as _

from andu.clock import stamp
from andu.formtypes.acts import Slot
from andu.formtypes.roles import ROLES
from andu.office import records
from andu.office.editions import Edition
from andu.office.errors import Refused
from andu.office.office import Office
from andu.office.records import Record
from andu.office.turns import recusal, slots
from andu.office.turns.signatories import People
from andu.office.turns.slots import Signing
from andu.office.writing.drafts import Draft
from andu.security import naming, units
from andu.security.accounts import Account


def faults(
    office: Office, actor: Account, draft: Draft, edition: Edition, values: Mapping[str, Any]
) -> dict[str, str]:
    """Where a person was chosen who cannot sign, by the key of that field.

    Raises ``Refused``, naming the slots and the way out, where a slot can be signed by nobody whoever is
    chosen, or not by different people.
    """
    signing = as_handed_in(office, actor, draft, edition, values)
    people = People(office)
    stuck = people.stuck(signing, receipts=slots.receipts(edition.form_type).always)
    chosen = {slot.person: _cannot(office, signing, slot) for slot in stuck if slot.person}
    by_nobody = [slot for slot in stuck if not slot.person and not people.of_slot(signing, slot, False)]
    if by_nobody:
        raise Refused(_nobody(office, signing, by_nobody))
    if stuck and not all(slot.person for slot in stuck):
        raise Refused(_too_few(office, people, signing, stuck))
    return {str(key): message for key, message in chosen.items() if key in values}


def as_handed_in(
    office: Office, actor: Account, draft: Draft, edition: Edition, values: Mapping[str, Any]
) -> Signing:
    """The record as it will be when it is handed in, and who must not sign it."""
    form_type = edition.form_type
    before = records.find(office, draft.record_id) if draft.record_id else None
    now = stamp(office.clock.now())
    record = Record(
        id=before.id if before else draft.id,
        form=draft.form,
        form_version=edition.id,
        unit_id=draft.unit_id,
        author_id=before.author_id if before else draft.author_id,
        title=form_type.title,
        state="signing",
        version=before.version + 1 if before else 1,
        values=values,
        sealed_id=None,
        code="",
        created_at=now,
        updated_at=now,
        taken_by=before.taken_by if before else None,
    )
    key = slots.in_force(form_type, office.config.signature_rules)
    recused = recusal.of(office, actor, form_type, record)
    return Signing(record, form_type, slots.rule_of(form_type, key), [], recusal=recused)


def _cannot(office: Office, signing: Signing, slot: Slot) -> str:
    chosen = str(signing.record.values.get(str(slot.person)))
    name = naming.in_office(office.store).get(chosen, "")
    if chosen in signing.recusal.people:
        return _("%(name)s是这件事里写到的人，应当回避，请另选一位", name=name)
    return _(
        "%(name)s现在不能在“%(label)s”处签字（已停用、调离，看不到这份材料，或者没有签字的岗位），请另选一位",
        name=name,
        label=slot.label,
    )


def _nobody(office: Office, signing: Signing, stuck: Sequence[Slot]) -> str:
    said = _("、").join(f"“{slot.label}”（{_who(office, signing, slot)}）" for slot in stuck)
    if signing.recusal.people:
        return _(
            "没有提交，内容已保存：%(names)s是这件事里写到的人，应当回避，%(slots)s现在没有人能签。"
            "请换一位同志填报，或者请系统管理员在“设置”里定好回避时由谁签。",
            names="、".join(signing.recusal.people.values()),
            slots=said,
        )
    return _(
        "没有提交，内容已保存：%(slots)s现在没有人能签，提交以后会一直停在那里。"
        "请系统管理员设好这个岗位的同志，再来提交。",
        slots=said,
    )


def _who(office: Office, signing: Signing, slot: Slot) -> str:
    record = signing.record
    if slot.key in signing.recusal.slots:
        return _("须由%(who)s签", who=recusal.who_instead(office, signing.recusal))
    if slot.author:
        return _("须由填报人本人签")
    roles = "、".join(ROLES[role] for role in slot.roles)
    unit_id = record.unit_at(slot.unit)
    unit = units.get(office.store, unit_id) if unit_id else None
    return _("须由%(unit)s的%(roles)s签", unit=unit.name, roles=roles) if unit else _("须由%(r)s签", r=roles)


def _too_few(office: Office, people: People, signing: Signing, stuck: Sequence[Slot]) -> str:
    names = naming.in_office(office.store)
    able = [(slot, {turn.person.id for turn in people.of_slot(signing, slot, False)}) for slot in stuck]
    tight, ids = _tightest(able)
    by_choice = any(slot.person for slot in tight)
    said = {
        "slots": "".join(f"“{slot.label}”" for slot in tight),
        "names": "、".join(sorted(names.get(one, "") for one in ids)),
        "way": _("请在表里另选一位同志，或者") if by_choice else "",
    }
    return _(
        "没有提交，内容已保存：%(slots)s须由不同的人签，而能签的只有%(names)s，提交以后签不齐。"
        "%(way)s请系统管理员再给一位同志设好岗位，再来提交。",
        **said,
    )


def _tightest(able: Sequence[tuple[Slot, set[str]]]) -> tuple[list[Slot], set[str]]:
    """The fewest slots with fewer people than slots (Hall); all of them where no such few are found."""
    for many in range(2, len(able) + 1):
        for some in combinations(able, many):
            ids = set[str]().union(*(one for _slot, one in some))
            if len(ids) < many:
                return [slot for slot, _ids in some], ids
    return [slot for slot, _ids in able], set[str]().union(*(one for _slot, one in able))
