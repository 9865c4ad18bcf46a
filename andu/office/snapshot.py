"""What a paper is filled with: every name a template may use, gathered once and then frozen.

``context`` is the only maker of paper contexts: preview, preflight and the filed paper all go through
it, so what a clerk previews is what will be filed. The result is plain text, lists and dicts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from andu.clock import chinese_date, chinese_time, office_day, parse_stamp
from andu.formtypes.definition import FormType
from andu.formtypes.paper_values import paper_values
from andu.office import records
from andu.office.events import Signature
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.security import units

BLANK_SIGNATURE = {"name": "", "post": "", "unit": "", "opinion": "", "date": "", "time": ""}


@dataclass(frozen=True)
class Matter:
    """What a paper is about: answers, who gave them and when, and the signatures that count.

    ``submitted_at`` is stored UTC text; ``code`` stands on papers in place of a confidential person.
    """

    form_type: FormType
    values: Mapping[str, Any]
    author_id: str
    unit_id: str
    submitted_at: str
    signed: Sequence[Signature] = ()
    code: str = ""


def placeholder_number(office: Office, form_type: FormType) -> str:
    """What stands where the number will be: as long, and plainly none."""
    return office.config.series[form_type.series].number(office_day(office.clock.now()).year, None)


def context(office: Office, matter: Matter, number: str) -> dict[str, Any]:
    """The names of a paper and their text, for ``Template.fill``: the same whoever looks at it."""
    values = {**matter.values}
    for signature in matter.signed:
        values |= signature.answers
    author = records.author(office, matter.author_id)
    unit = units.get(office.store, matter.unit_id)
    last = max((signature.at for signature in matter.signed), default=matter.submitted_at)
    return {
        **paper_values(matter.form_type, values, OfficeDirectory(office, author)),
        "number": number,
        "form_title": matter.form_type.title,
        "unit_name": unit.name if unit else "",
        "author_name": author.name,
        "office_name": office.config.name,
        "issuer_name": office.config.issuer,
        "printer_name": office.config.printer,
        "issued_on": chinese_date(office_day(parse_stamp(last))),
        "submitted_at": chinese_time(parse_stamp(matter.submitted_at)),
        "confidential_code": matter.code,
        "sign": {
            slot.key: _signature(slot.key, slot.label, matter.signed)
            for slot in matter.form_type.signatures.slots
        },
    }


def _signature(key: str, label: str, signed: Sequence[Signature]) -> dict[str, str]:
    given = next((signature for signature in signed if signature.slot == key), None)
    if given is None:
        return {"label": label, **BLANK_SIGNATURE}
    moment = parse_stamp(given.at)
    return {
        "label": label,
        "name": given.name,
        "post": given.post,
        "unit": given.unit,
        "opinion": given.opinion,
        "date": chinese_date(office_day(moment)),
        "time": chinese_time(moment),
    }
