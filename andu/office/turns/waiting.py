"""What waits for whom, kept beside the records: nobody's desk looks through all of them. Owns ``waits``.

One row says that a slot of a record is next for one person, or for whoever holds a role in a unit; another
that it will be once others have signed; a third that a signature of somebody no longer counts while the
record is under way. ``consequences`` has the rows of a record made anew after each of its events; the rule is
that of ``slots``, and ``wrong`` compares both for ``reconcile``. Who holds a role, stands in for whom and
sees what is asked when somebody looks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from andu.formtypes.acts import Slot
from andu.office import events, made, records
from andu.office.config import ANY
from andu.office.events import Event, Signature
from andu.office.office import Office
from andu.office.records import Record
from andu.office.scope import records_for
from andu.office.turns import deputies, slots
from andu.office.turns.slots import Signing
from andu.security.accounts import Account
from andu.security.permissions import may
from andu.store import verbs

MAKING = "3"
"""Changed whenever rows come to be made in another way: all are then made anew at the start."""
TURN, LATER, LAPSED = "turn", "later", "lapsed"
AT_ONCE = 200
_UNDER_WAY = "state IN ('signing', 'returned') OR awaits_receipt = 1"
Row = dict[str, Any]


# --- keeping ---------------------------------------------------------------------------------------


def signing_of(office: Office, record: Record, happened: Sequence[Event] | None = None) -> Signing:
    """A record with the rule that counts for its version and the signatures that count."""
    happened = events.of(office, record.id) if happened is None else happened
    form_type = records.form_type_of(office, record)
    counting = [one for one in events.signatures(happened) if one.voided is None]
    rule = slots.rule_of(form_type, events.rule(happened))
    return Signing(record, form_type, rule, counting, events.given_to(happened), events.recusal(happened))


def refresh(office: Office, record: Record) -> None:
    """Make the rows of a record anew. Within the caller's transaction, after everything else is written."""
    office.store.execute("DELETE FROM waits WHERE record_id = ?", [record.id])
    for row in _rows(office, record):
        office.store.insert("waits", row)


def keep_up(office: Office) -> None:
    """Make all rows anew, if they were made in another way: when the service starts."""
    if made.is_as(office, "waits", MAKING):
        return
    ids = [row["id"] for row in _under_way(office)]
    for at in range(0, len(ids), AT_ONCE):
        with office.store.write():
            for record_id in ids[at : at + AT_ONCE]:
                refresh(office, records.find(office, record_id))
    with office.store.write():
        made.note(office, "waits", MAKING)


def wrong(office: Office) -> list[str]:
    """The records whose rows are not as they should be. Reads everything that is under way.

    None while rows are of before an update: the service makes them anew when it starts.
    """
    how = office.store.get("made", "waits")
    if how and how["how"] != MAKING:
        return []
    order = "whose, what, slot"
    kept: dict[str, list[Row]] = {}
    for row in office.store.rows_where("waits", order_by=f"record_id, {order}"):
        kept.setdefault(row["record_id"], []).append(row)
    for one in _under_way(office):
        record = records.find(office, one["id"])
        due = sorted(_rows(office, record), key=lambda row: (row["whose"], row["what"], row["slot"]))
        if kept.pop(record.id, []) == due:
            continue
        kept[record.id] = []
    return sorted(kept)


def _under_way(office: Office) -> list[Row]:
    return office.store.query(f"SELECT id FROM record WHERE {_UNDER_WAY} ORDER BY id")  # noqa: S608


def _rows(office: Office, record: Record) -> list[Row]:
    if record.state not in ("signing", "returned") and not record.awaits_receipt:
        return []
    happened = events.of(office, record.id)
    signing = signing_of(office, record, happened)
    signed = signing.signed if signing.form_type.signatures.distinct else ()
    had = sorted(
        {one for each in signed for one in (each.account_id, each.for_id) if one} | {*signing.recusal.people}
    )
    about = {"since": record.updated_at, "record_id": record.id}
    now = signing.wanted.now.slots
    rows = [
        {**about, "whose": whose, "what": what, "slot": slot.key, "roles": roles, "had": _listed(had)}
        for slot in signing.wanted.slots
        for what in (TURN if slot in now else LATER,)
        for whose, roles in _of_slot(signing, slot)
    ]
    gone = _lapsed(events.signatures(happened)) if record.state != "filed" else []
    return rows + [
        {**about, "whose": f"person:{one}", "what": LAPSED, "slot": "", "roles": "[]", "had": ""}
        for one in gone
    ]


def _listed(ids: Sequence[str]) -> str:
    return "".join(f"|{one}|" for one in ids)


def _of_slot(signing: Signing, slot: Slot) -> Iterator[tuple[str, str]]:
    """For whom a slot is, each with the roles by which somebody may sign who signs only what names them."""
    record, given_to = signing.record, signing.given_to.get(slot.key, "")
    if slot.key in signing.recusal.slots:
        yield from _instead(signing, given_to)
        return
    roles = json.dumps(sorted(slot.roles) if slot.person else [])
    named = record.keeper if slot.author else record.values.get(slot.person) if slot.person else ""
    if given_to or slot.author or slot.person:
        yield f"person:{given_to or named or ''}", roles
    if not (slot.author or slot.person):
        unit = record.unit_at(slot.unit)
        for role in slot.roles:
            yield f"role:{role}:{'*' if unit is None else unit}", roles


def _instead(signing: Signing, given_to: str) -> Iterator[tuple[str, str]]:
    """The same for a slot whose own people must stand aside."""
    if given_to:
        yield f"person:{given_to}", "[]"
    for way in signing.recusal.ways:
        for role in way.roles:
            yield f"role:{role}:{'*' if way.unit == ANY else way.unit}", "[]"


def _lapsed(signatures: Sequence[Signature]) -> list[str]:
    """The people whose last signature no longer counts."""
    last = {one: each for each in signatures for one in (each.account_id, each.for_id) if one}
    return sorted(one for one, each in last.items() if each.voided)


# --- asking ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class QueuePlace:
    """Where in the order of waiting a record stands: since when (stored), and its id."""

    since: str
    record_id: str


def turns(office: Office, actor: Account, most: int, after: QueuePlace | None = None) -> list[str]:
    """The ids of what this person can sign now, for themself or an absent principal; the longest waiting
    first, at most so many; those behind ``after``, if given."""
    found: dict[str, str] = {}
    for person in (actor, *(deputies.principals(office, actor) if may(actor, "sign") else ())):
        had = [f"|{one}|" for one in {actor.id, person.id}]
        for whose in _keys(person):
            found |= _those(office, actor, person, whose, had, most, after)
    return sorted(found, key=lambda one: (found[one], one))[:most]


def longest(office: Office, unit_id: str = "", most: int = -1) -> list[str]:
    """The ids of what waits for anybody, of one unit or of all, the longest waiting first."""
    rows = office.store.query(*((_OF_UNIT, [unit_id, unit_id, most]) if unit_id else (_OF_ALL, [most])))
    return [row["record_id"] for row in rows]


def of_person(office: Office, person: Account, most: int | None = None) -> list[str]:
    """The ids of what this person may be asked to sign, now or once others have; the longest waiting first.

    By name or role alone: whether they see it, or are shut out of it, is not asked.
    """
    found: dict[str, str] = {}
    for whose in _keys(person):
        for what in (TURN, LATER):
            rows = office.store.rows_where(
                "waits", "whose = ? AND what = ?", [whose, what], order_by="since, record_id", limit=most
            )
            found |= {row["record_id"]: row["since"] for row in rows}
    return sorted(found, key=lambda one: (found[one], one))[:most]


_OF_ALL = (
    "SELECT record_id FROM waits WHERE what = 'turn'"
    " GROUP BY since, record_id ORDER BY since, record_id LIMIT ?"
)
# by the unit's own records: among all that waits, that of a unit with little to sign is far between
_OF_UNIT = (
    "SELECT id AS record_id, updated_at AS since FROM record WHERE unit_id = ? AND state = 'signing'"
    " UNION ALL SELECT id, updated_at FROM record WHERE unit_id = ? AND awaits_receipt = 1"
    " ORDER BY since, record_id LIMIT ?"
)


def lapsed(office: Office, actor: Account, most: int) -> list[str]:
    """The ids of the records under way on which a signature of this person, or for them, no longer counts."""
    return list(_found(office, actor, f"person:{actor.id}", LAPSED, [], most, None))


def _keys(person: Account) -> list[str]:
    own = [f"person:{person.id}"]
    return own + [f"role:{role}:{unit}" for role in person.roles for unit in (*person.units, "*")]


def _those(
    office: Office,
    actor: Account,
    person: Account,
    whose: str,
    had: list[str],
    most: int,
    after: QueuePlace | None,
) -> dict[str, str]:
    if may(person, "sign"):
        return _since(_found(office, actor, whose, TURN, had, most, after))
    if not (may(person, "sign_named") and whose.startswith("person:")):
        return {}
    rows = _found(office, actor, whose, TURN, had, most, after)
    return _since({key: row for key, row in rows.items() if {*json.loads(row["roles"])} & {*person.roles}})


def _since(rows: dict[str, Row]) -> dict[str, str]:
    return {key: str(row["since"]) for key, row in rows.items()}


def _found(
    office: Office, actor: Account, whose: str, what: str, had: list[str], most: int, after: QueuePlace | None
) -> dict[str, Row]:
    scope, params = records_for(office, actor)
    others = f" AND NOT ({verbs.holds('waits.had')})" * len(had)
    behind = " AND since >= ? AND (since > ? OR waits.record_id > ?)" if after else ""
    place = [after.since, after.since, after.record_id] if after else []
    rows = office.store.query(
        "SELECT waits.record_id, waits.since, waits.roles FROM waits"
        " CROSS JOIN record WHERE record.id = waits.record_id"
        f" AND waits.whose = ? AND waits.what = ?{others}{behind} AND {scope}"
        " ORDER BY waits.since, waits.record_id LIMIT ?",
        [whose, what, *had, *place, *params, most],
    )
    return {row["record_id"]: row for row in rows}
