"""What meets a deadline: whether a record of a form type that may do so does, and when it was done.

Called by ``deadlines``. The terms stand in the edition of the form that the deadline's own record was filled
in; a row's deadline is met by its own unit alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from andu.clock import stamp
from andu.formtypes.conditionkeys import settled
from andu.formtypes.conditions import holds
from andu.formtypes.definition import FormType, Meets
from andu.formtypes.kinds import KINDS
from andu.formtypes.readers import Findings
from andu.office import events, records
from andu.office.office import Office
from andu.office.records import Record
from andu.office.timing import due
from andu.security import units


def done(office: Office, record: Record, row: Mapping[str, Any], now: str) -> str | None:
    """When this record met the deadline of a row (stored moment, at most ``now``); None where it does not."""
    if row["row"] and units.now(office.store, record.unit_id) != units.now(office.store, row["unit_id"]):
        return None
    form_type = records.form_type_of(office, records.find(office, row["record_id"]))
    terms = [one for one in form_type.deadlines if one.key == row["key"]]
    answers = events.answers(office, record.id, record.values)
    own = records.form_type_of(office, record)
    meets = next((one for one in terms[0].met_by if one.form == record.form), None) if terms else None
    if meets is None:  # counted by an edition that has it no more
        return now
    return _moment(meets, answers, now) if _holds(meets, own, answers) else None


def _holds(meets: Meets, form_type: FormType, answers: Mapping[str, Any]) -> bool:
    fields = {field.key: field for field in form_type.fields}
    return holds(settled(meets.when, fields, KINDS, "", Findings("")), answers)


def _moment(meets: Meets, answers: Mapping[str, Any], now: str) -> str:
    given = answers.get(meets.at) if meets.at else None
    return min(stamp(due.moment(str(given))), now) if given else now
