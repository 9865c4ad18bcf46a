"""Which units a form type names by their code: these have to be there, or its papers go nowhere.

Called by ``office/deployment.py`` and the page on which the admin adds a unit. A slot that only people of
`shb` sign, a deadline that only a handover to `shb` meets: where no unit has that code, nobody signs and
the deadline runs for ever, and nothing else says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from andu.formtypes.definition import FormType
from andu.formtypes.kinds import KINDS

WORDS = ("", "own", "any")
"""What stands in place of a code."""


def unit_codes(form_type: FormType) -> frozenset[str]:
    """The codes of units that this form type names, wherever it may name one."""
    return frozenset(one for one in _said(form_type) if one not in WORDS and not one.startswith("field:"))


def _said(form_type: FormType) -> Iterator[str]:
    yield from (slot.unit for slot in form_type.signatures.slots)
    yield from (one.unit for one in form_type.next)
    yield from (one.unit for one in form_type.share_with)
    yield form_type.expected.unit if form_type.expected else ""
    for deadline in form_type.deadlines:
        yield deadline.unit
        yield from (*deadline.only_of, *deadline.not_of, *(one.to for one in deadline.met_by))
    for field in form_type.fields:
        if KINDS[field.kind].names_unit:
            yield from field.settings["only"]
        yield from KINDS[field.kind].following(field)[1].values()
