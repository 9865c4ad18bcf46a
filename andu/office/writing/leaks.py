"""Open answers that say what is sealed: a reporter's name or telephone typed into the summary.

Called when answers are judged. Whoever typed both may take it out again; a colleague who reads the open part
must not find it there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from andu.folding import fold
from andu.formtypes.definition import FormType
from andu.formtypes.kinds import KINDS

LEAST = 2
"""So many characters, folded, say who it is; one is in every text."""


def faults(form_type: FormType, values: Mapping[str, Any]) -> dict[str, str]:
    """The open answers in which a sealed one stands, with what to write instead, by the key of the field."""
    sealed = {
        field.label: {folded for text in _texts(values.get(field.key)) if len(folded := fold(text)) >= LEAST}
        for field in form_type.fields
        if field.confidential and not KINDS[field.kind].is_counted
    }
    found = {}
    for field in form_type.fields:
        if field.confidential:
            continue
        said = [fold(text) for text in _texts(values.get(field.key))]
        told = [
            label for label, secrets in sealed.items() if any(one in text for one in secrets for text in said)
        ]
        if told:
            labels = "、".join(told)
            found[field.key] = _("这里写出了保密部分的“%(labels)s”。请删去，需要时写“举报人”", labels=labels)
    return found


def _texts(value: Any) -> Iterator[str]:
    """Every text in an answer, within rows and lists too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
