"""What meets a deadline: whether a record of a form type that may do so does, and when it was done.

Called by ``deadlines``. The terms stand in the edition of the form that the deadline's own record was filled
in; a row's deadline is met by its own unit alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from andu.clock import stamp
from andu.formtypes.acts import Meets
from andu.formtypes.conditions import holds
from andu.formtypes.definition import FormType
from andu.formtypes.kinds import KINDS
from andu.formtypes.language.keys.conditionkeys import settled
from andu.formtypes.language.readers import Findings
from andu.office import events, records, sharing
from andu.office.office import Office
from andu.office.records import Record
from andu.office.timing import due
from andu.security import units


def done(office: Office, record: Record, row: Mapping[str, Any], is_time: bool, now: str) -> str | None:
    """When this record met the deadline of a row (stored moment, at most ``now``); None where it does not.

    ``is_time``: it is numbered, or handed in where that is enough; before, only a signature may meet it.
    """
    if row["row"] and units.now(office.store, record.unit_id) != units.now(office.store, row["unit_id"]):
        return None
    terms = _terms(office, record, row)
    if terms is None:  # counted by an edition that has it no more
        return now if is_time else None
    answers = events.answers(office, record.id, record.values)
    own = records.form_type_of(office, record)
    signed = _signed(office, record) if any(one.signed for one in terms) else set()
    for one in terms:
        if (is_time or one.signed in signed) and _holds(one, own, answers) and _reaches(office, one, record):
            return _moment(one, answers, now)
    return None


def goes_by_signature(office: Office, record: Record, row: Mapping[str, Any]) -> bool:
    """Whether a signature on this record is what meets the deadline of a row."""
    return any(one.signed for one in _terms(office, record, row) or ())


def _terms(office: Office, record: Record, row: Mapping[str, Any]) -> list[Meets] | None:
    """What the deadline of a row says of records like this; None where it says nothing of them any more."""
    form_type = records.form_type_of(office, records.find(office, row["record_id"]))
    deadlines = [one for one in form_type.deadlines if one.key == row["key"]]
    return [one for one in deadlines[0].met_by if one.form == record.form] or None if deadlines else None


def _signed(office: Office, record: Record) -> set[str]:
    """The slots whose signatures count now."""
    return {one.slot for one in events.signatures(events.of(office, record.id)) if one.voided is None}


def _reaches(office: Office, meets: Meets, record: Record) -> bool:
    if not meets.to:
        return True
    goes_to = sharing.named_units(office, records.form_type_of(office, record), record)
    return units.now(office.store, meets.to) in goes_to


def _holds(meets: Meets, form_type: FormType, answers: Mapping[str, Any]) -> bool:
    fields = {field.key: field for field in form_type.fields}
    return holds(settled(meets.when, fields, KINDS, "", Findings("")), answers)


def _moment(meets: Meets, answers: Mapping[str, Any], now: str) -> str:
    given = answers.get(meets.at) if meets.at else None
    return min(stamp(due.moment(str(given))), now) if given else now
