"""Sharing: which other units see a record, and because of which. Owns ``record_share``,
and ``record_sight``, which says the same in the order of long lists and is kept by triggers.

Called when a record is submitted, when it gets its number and when that is voided. Guarantees: before the
number only those units see it whose signature the number waits for; a unit it merely names, or that will
receive it, sees it once it is issued. What it refers to they see too until it is voided, save what another
unit passed on to this one, and what the form keeps to itself (``shared: false``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from andu.formtypes.acts import Slot
from andu.formtypes.conditions import holds
from andu.formtypes.definition import FormType
from andu.formtypes.kinds import KINDS
from andu.office import events, records
from andu.office.office import Office
from andu.office.records import Record
from andu.security import accounts, units

UNLESS_SHARED = "ON CONFLICT (record_id, unit_id, because) DO NOTHING"
"""What ends an INSERT into ``record_share``: a share that is there already stays."""


def to_signers(office: Office, record: Record) -> None:
    """Let the units see a submitted record whose signatures the number waits for; inside ``store.write()``.

    A new version opens anew.
    """
    office.store.execute("DELETE FROM record_share WHERE because = ?", [record.id])
    form_type = records.form_type_of(office, record)
    signers = _of_slots(office, form_type, record, after_number=False)
    _share(office, form_type, record, signers | {record.unit_id})  # the unit it is today, if it was merged


def to_named(office: Office, record: Record) -> None:
    """Let everybody else see a numbered record whom it names, asks for a receipt, or reports to.

    Inside ``store.write()``.
    """
    form_type = records.form_type_of(office, record)
    named = named_units(office, form_type, record)
    asked = [str(record.values[key]) for key in form_type.reports_to if record.values.get(key)]
    named |= {records.find(office, one).unit_id for one in asked}
    _share(office, form_type, record, named | _of_slots(office, form_type, record, after_number=True))


def named_units(office: Office, form_type: FormType, record: Record) -> set[str]:
    """The units that ``share_with`` of its form type names, by these answers; as they are today."""
    answers = events.answers(office, record.id, record.values)
    today = units.today(office.store)
    return {
        today[unit]
        for share in form_type.share_with
        if holds(share.when, answers)
        for unit in ([share.unit] if share.unit else map(str, form_type.named_at(share.place, answers)))
        if unit in today
    }


def after_voiding(office: Office, record: Record) -> None:
    """A number was voided: those who had its paper still see that, and no longer what it referred to.

    Inside ``store.write()``. What another paper shares with them stays.
    """
    referred = "DELETE FROM record_share WHERE because = ? AND record_id <> ?"
    office.store.execute(referred, [record.id, record.id])


def with_signer(office: Office, record: Record, unit_id: str) -> None:
    """Let the unit of a person see a record whose slot was handed over to them; inside ``store.write()``."""
    _share(office, records.form_type_of(office, record), record, [unit_id])


def seeing(office: Office, record: Record, form_type: FormType, slot: Slot) -> set[str]:
    """The units that see a record when it comes to this slot; it need not be handed in yet."""
    rows = office.store.rows_where("record_share", "record_id = ?", [record.id])
    shared = {row["unit_id"] for row in rows} | {record.unit_id}
    is_shared_by_now = not (slot.after_number and record.may_change) and office.store.get("record", record.id)
    return shared if is_shared_by_now else shared | {_unit_of(office, slot, record)}


def of_several(office: Office, record_ids: Sequence[str]) -> dict[str, set[str]]:
    """The units that each of these records is shared with, in one reading."""
    marks = ", ".join("?" * len(record_ids))
    shared: dict[str, set[str]] = {one: set() for one in record_ids}
    for row in office.store.rows_where("record_share", f"record_id IN ({marks})", record_ids):
        shared[row["record_id"]].add(row["unit_id"])
    return shared


def wrong_sight(office: Office) -> list[str]:
    """The records that ``record_sight`` says something else of than records, shares and register do."""
    due = (
        "SELECT seen.unit_id, record.id, record.form, record.updated_at, register.numbered_at, register.seq"
        " FROM (SELECT unit_id, id FROM record UNION SELECT unit_id, record_id FROM record_share) AS seen"
        " JOIN record ON record.id = seen.id LEFT JOIN register ON register.record_id = record.id"
    )
    kept = "SELECT unit_id, record_id AS id, form, updated_at, numbered_at, seq FROM record_sight"
    rows = office.store.query(
        f"SELECT id FROM (SELECT * FROM ({due}) AS a EXCEPT {kept}) AS missing"
        f" UNION SELECT id FROM (SELECT * FROM ({kept}) AS b EXCEPT {due}) AS extra ORDER BY id"
    )
    return [row["id"] for row in rows]


def _of_slots(office: Office, form_type: FormType, record: Record, after_number: bool) -> set[str]:
    slots = [slot for slot in form_type.signatures.slots if slot.after_number is after_number]
    recusal = events.recusal(events.of(office, record.id))
    instead = {units.now(office.store, one) for slot in slots for one in recusal.units_at(slot.key)}
    return {_unit_of(office, slot, record) for slot in slots} | instead


def _unit_of(office: Office, slot: Slot, record: Record) -> str:
    """The unit that a slot names; empty when it names none."""
    if slot.person:
        chosen = accounts.get(office.store, str(record.values.get(slot.person) or ""))
        return chosen.unit_id if chosen else ""
    return units.now(office.store, record.unit_at(slot.unit) or "")


def _share(office: Office, form_type: FormType, record: Record, named: Iterable[str]) -> None:
    today = units.today(office.store)
    for one in dict.fromkeys([record.id, *_referred(office, form_type, record)]):
        for unit_id in sorted({today[unit] for unit in named if unit in today} - {record.unit_id}):
            share = [one, unit_id, record.id]
            office.store.execute(
                f"INSERT INTO record_share (record_id, unit_id, because) VALUES (?, ?, ?) {UNLESS_SHARED}",
                share,
            )


def _referred(office: Office, form_type: FormType, record: Record) -> list[str]:
    """The records it refers to, of its own unit: what another unit passed on is not this one's to pass on."""
    chosen = [
        str(record.values[field.key])
        for field in form_type.fields
        if KINDS[field.kind].names_record and field.settings["shared"] and record.values.get(field.key)
    ]
    own, today = record.unit_id, units.today(office.store)
    return [one for one in chosen if today[records.find(office, one).unit_id] == today[own]]
