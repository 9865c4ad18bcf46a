"""What waits for whom to sign, and what stands in somebody's name: lists, read and bounded.

Which records they are follows from ``turns.waiting``; the acts on them stand in ``signatures``.
"""

from __future__ import annotations

from collections.abc import Sequence

from andu.office import events, records
from andu.office.events import Signature
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import signatures
from andu.office.turns import waiting
from andu.office.turns.slots import Signing
from andu.office.turns.waiting import signing_of
from andu.security.accounts import Account
from andu.store import verbs

MOST = 50
"""So many records are shown of those that wait for somebody."""


def queue(office: Office, actor: Account, most: int = MOST) -> list[Record]:
    """The records that wait for this person's signature, the longest waiting first, at most so many."""
    return _loaded(office, waiting.turns(office, actor, most))


def how_many(office: Office, actor: Account, most: int) -> int:
    """How many records wait for this person's signature; counted up to so many."""
    return len(waiting.turns(office, actor, most))


def under_way(office: Office, unit_id: str = "", most: int | None = None) -> list[Signing]:
    """What waits for signatures, of one unit or of all, whoever may see it; the longest waiting first.

    For acts of the office itself.
    """
    return _signings(office, waiting.longest(office, unit_id, -1 if most is None else most))


def of_person(office: Office, person: Account, most: int | None = None) -> list[Signing]:
    """What this person may be asked to sign, now or later, by name or role; the longest waiting first.

    For acts of the office itself.
    """
    return _signings(office, waiting.of_person(office, person, most))


def _signings(office: Office, ids: Sequence[str]) -> list[Signing]:
    happened = events.of_several(office, ids)
    return [signing_of(office, one, happened.get(one.id, [])) for one in _loaded(office, ids)]


def following(office: Office, actor: Account, record: Record) -> list[Record]:
    """The rest of this person's queue: first what came after this record, then what came before it."""
    place = waiting.QueuePlace(record.updated_at, record.id)
    later = waiting.turns(office, actor, MOST, place)
    earlier = [one for one in waiting.turns(office, actor, MOST) if one not in (record.id, *later)]
    return _loaded(office, [*later, *earlier][:MOST])


def _loaded(office: Office, ids: Sequence[str]) -> list[Record]:
    marks = ", ".join("?" * len(ids))
    rows = office.store.rows_where("record", f"id IN ({marks})", ids) if ids else []
    known = {row["id"]: records.record_of(row) for row in rows}
    return [known[one] for one in ids]


def lapsed(office: Office, actor: Account) -> list[tuple[Record, Signature]]:
    """Signatures of this person that no longer count, on records still under way, each with its reason.

    What a deputy signed counts as theirs too: both are told.
    """
    ids = waiting.lapsed(office, actor, MOST)
    happened = events.of_several(office, ids)
    found = [(one, events.signatures(happened.get(one.id, []))) for one in reversed(_loaded(office, ids))]
    return [
        (record, [one for one in signed if actor.id in (one.account_id, one.for_id)][-1])
        for record, signed in found
    ]


def signed_for(office: Office, actor: Account, since: str = "") -> list[tuple[Record, Signature]]:
    """What stands in this person's name and others entered, from ``since`` (stored) on, the latest first.

    Deputies signed it for them, or somebody copied it off their ink. At most 50.
    """
    rows = office.store.query(f"{_IN_NAME} ORDER BY at DESC LIMIT {MOST}", [actor.id, since] * 2)
    ids = list(dict.fromkeys(row["record_id"] for row in rows))
    marks = ", ".join("?" * len(ids))
    found = [
        (record, one)
        for record in records.select(office, actor, f"record.id IN ({marks})", ids)
        for one in signatures.given(office, record)
        if one.for_id == actor.id or (one.how and one.account_id == actor.id)
    ]
    return sorted(found, key=lambda pair: pair[1].at, reverse=True)


_IN_NAME = (
    "SELECT record_id, at FROM record_event WHERE event = 'record_signed'"
    f" AND {verbs.member('data', 'for_id')} = ? AND at >= ?"
    " UNION ALL SELECT record_id, at FROM record_event WHERE event = 'record_signed'"
    f" AND {verbs.member('data', 'account_id')} = ? AND at >= ?"
)
