"""What waits, as counts: for one person, for a unit, for the whole office. No title and no name is in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from andu.clock import office_day
from andu.office import records
from andu.office.office import Office
from andu.office.signing import queues
from andu.office.timing import deadlines, returns
from andu.security import accounts
from andu.security.accounts import Account


@dataclass(frozen=True)
class Waiting:
    """How many wait to be signed, are due today, are overdue, came back, and are still to be reported."""

    to_sign: int
    today: int
    overdue: int
    returned: int
    owed: int

    def words(self) -> list[str]:
        """One phrase for each count that is not nought."""
        said = (
            (_("待签 %(n)s 件"), self.to_sign),
            (_("今天到期 %(n)s 件"), self.today),
            (_("已超期 %(n)s 件"), self.overdue),
            (_("退回待改 %(n)s 件"), self.returned),
            (_("应报未报 %(n)s 期"), self.owed),
        )
        return [words % {"n": n} for words, n in said if n]


def people(office: Office, unit_id: str) -> list[Account]:
    """The active accounts of a unit, of all for ''."""
    everybody = [one for one in accounts.all(office.store) if one.is_active]
    return [one for one in everybody if not unit_id or one.unit_id == unit_id]


def waiting_ids(office: Office, group: Sequence[Account]) -> set[str]:
    """The records that wait for a signature of somebody of this group."""
    return {record.id for one in group for record in queues.queue(office, one)}


def of(office: Office, group: Sequence[Account], unit_id: str | None = None) -> Waiting:
    """What waits for these people together, each matter once; only deadlines of one unit, if one is named."""
    due = {one.id: one for person in group for one in deadlines.waiting(office, person)}
    if unit_id:
        due = {key: one for key, one in due.items() if one.unit_id == unit_id}
    today = office_day(office.clock.now())
    late = [one for one in due.values() if one.is_overdue]
    owed = {(one.form_type.slug, one.unit.id, one.period) for one in _owed(office, group)}
    return Waiting(
        to_sign=len(waiting_ids(office, group)),
        today=sum(office_day(one.at) == today and not one.is_overdue for one in due.values()),
        overdue=len(late),
        returned=len({one.id for person in group for one in records.returned(office, person)}),
        owed=len(owed),
    )


def _owed(office: Office, group: Sequence[Account]) -> Iterator[returns.UnitsReturn]:
    for person in group:
        yield from returns.debts(office, person)
