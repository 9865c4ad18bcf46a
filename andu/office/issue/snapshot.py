"""What a paper is filled with: every name a template may use, gathered once and then frozen.

``context`` is the only maker of paper contexts: preview, preflight and the filed paper all go through
it, so what a clerk previews is what will be filed. The result is plain text, lists and dicts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from andu.clock import chinese_date, chinese_time, office_day, parse_stamp
from andu.formtypes.acts import Enough
from andu.formtypes.definition import FormType
from andu.formtypes.filling.paper_values import paper_values
from andu.office import records
from andu.office.events import Signature
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.papers.faces import needed
from andu.security import units

FACES = "faces"
"""Where a frozen context keeps which characters have a face of their own (``papers.faces``)."""
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BLANK_SIGNATURE = dict.fromkeys(("name", "post", "unit", "opinion", "date", "time", "how"), "")


@dataclass(frozen=True)
class Matter:
    """What a paper is about: answers, who gave them and when, and the signatures that count.

    ``submitted_at`` is stored UTC text; ``code`` stands on papers in place of a confidential person;
    ``check_code`` is that of the record, empty for a draft; ``rule`` says which signatures are enough.
    """

    form_type: FormType
    values: Mapping[str, Any]
    author_id: str
    unit_id: str
    submitted_at: str
    signed: Sequence[Signature] = ()
    code: str = ""
    check_code: str = ""
    rule: Enough | None = None


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
    said = {
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
        "check_code": matter.check_code,
        "sign": {
            slot.key: _signature(slot.key, slot.label, matter.signed)
            for slot in matter.form_type.signatures.slots
        },
    }
    faces = needed(office.settings.fonts, said)
    return said | {FACES: faces} if faces else said


def of_year(context: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The context for a number given now: signed in one year, numbered in the next, it bears today's date."""
    day = office_day(now)
    if str(context["issued_on"]).startswith(f"{day.year}年"):
        return context
    return {**context, "issued_on": chinese_date(day)}


def check_code(record_id: str, version: int, data_sha256: str) -> str:
    """Twelve signs that tell one version of a record from all others, for a QR code: K7Q2-9FJM-3X0T.

    Made of hashes alone, so that nothing can be read out of it; Crockford's signs, none of which is easily
    taken for another.
    """
    digest = hashlib.sha256(f"{record_id}\n{version}\n{data_sha256}".encode()).digest()
    number = int.from_bytes(digest[:8], "big") >> 4
    signs = "".join(_SIGNS[number >> shift & 31] for shift in range(55, -1, -5))
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"


def _signature(key: str, label: str, signed: Sequence[Signature]) -> dict[str, str]:
    given = next((signature for signature in signed if signature.slot == key), None)
    if given is None:
        return {"label": label, **BLANK_SIGNATURE}
    return {
        "label": label,
        "name": given.signer,
        "post": given.post,
        "unit": given.unit,
        "opinion": given.opinion,
        "date": signed_on(given),
        # nobody writes the hour beside a signature by hand
        "time": signed_on(given) if given.in_ink else chinese_time(parse_stamp(given.at)),
        "how": given.in_ink,
    }


def signed_on(given: Signature) -> str:
    """The day of a signature, as papers write it."""
    return chinese_date(office_day(parse_stamp(given.at)))
