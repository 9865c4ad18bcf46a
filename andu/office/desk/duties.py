"""Duties: deadlines with everything that stands beside them, and what one person can do about each.

Called by the desk, the pages of records and cases, and the printed desk. ``deadlines``, ``extensions`` and
``chasing`` own what is put together here; a template draws it and decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from andu.formtypes.definition import FormType
from andu.office import cases, offering
from andu.office.followup import chasing, extensions
from andu.office.followup.extensions import Extension
from andu.office.office import Office
from andu.office.records import Record
from andu.office.timing import answering, chased, deadlines
from andu.office.timing.deadlines import Running
from andu.security import naming, units
from andu.security.accounts import Account


@dataclass(frozen=True)
class Duty(Running):
    """A deadline as this person meets it.

    ``begins`` are the forms that would meet it and that this person of its unit may fill, ``chases`` those
    that chase it; ``chased`` says how often which form has. ``finisher`` is who said that it is done.
    """

    unit: str
    extensions: Sequence[Extension]
    finisher: str
    begins: Sequence[FormType]
    chases: Sequence[FormType]
    chased: Sequence[tuple[str, int]]
    may_finish: bool
    may_ask: bool
    may_decide: bool


def waiting(office: Office, actor: Account) -> list[Duty]:
    """What is still due for this person's desk, the soonest first."""
    return of(office, actor, deadlines.waiting(office, actor))


def of_case(office: Office, actor: Account, case_id: str) -> list[Duty]:
    """All deadlines of a case that this person may see, met ones too; no title of what is not theirs."""
    found = deadlines.of_case(office, actor, case_id)
    return of(office, actor, [one if one.is_open else replace(one, title="") for one in found])


def of_record(office: Office, actor: Account, record: Record) -> list[Duty]:
    """The deadlines of one record, met ones too."""
    return of(office, actor, deadlines.of_record(office, actor, record))


def one(office: Office, actor: Account, deadline_id: str) -> Duty:
    """One deadline; raises ``NotFound``."""
    return of(office, actor, [deadlines.get(office, actor, deadline_id)])[0]


def of(office: Office, actor: Account, running: Sequence[Running]) -> list[Duty]:
    """These deadlines with what stands beside them, in a few readings for all."""
    if not running:
        return []
    ids = [one.id for one in running]
    beside = _Beside(
        actor,
        {unit.id: unit.name for unit in units.all(office.store)},
        naming.in_office(office.store),
        {form_type.slug: form_type.title for form_type in office.catalogue.all()},
        offering.fillable(office, actor),
        chasing.forms(office, actor),
        extensions.of(office, ids),
        chased.counts(office, ids),
        office.clock.now(),
    )
    return [beside.duty(one) for one in running]


@dataclass(frozen=True)
class _Beside:
    actor: Account
    units: dict[str, str]
    people: dict[str, str]
    titles: dict[str, str]
    fillable: Sequence[FormType]
    chasing: Sequence[FormType]
    extended: dict[str, list[Extension]]
    chased: dict[str, dict[str, int]]
    now: datetime

    def duty(self, running: Running) -> Duty:
        had = self.extended.get(running.id, [])
        open_now = running.is_open and running.is_due
        is_ours = self.actor.is_of(running.unit_id)
        may_begin = open_now and is_ours and running.record_state in cases.HAS_NUMBER
        return Duty(
            **{one.name: getattr(running, one.name) for one in fields(Running)},
            unit=self.units.get(running.unit_id, running.unit_id),
            extensions=had,
            finisher=self.people.get(running.met_hand or "", ""),
            begins=[one for one in self.fillable if may_begin and one.slug in running.met_by],
            chases=self.chasing if open_now and chasing.is_late(running) else (),
            chased=[(self.titles.get(slug, slug), n) for slug, n in self.chased.get(running.id, {}).items()],
            may_finish=answering.may_finish(self.actor, running),
            may_ask=not extensions.why_not(self.actor, running, had, self.now),
            may_decide=extensions.may_decide(self.actor, running, had),
        )
