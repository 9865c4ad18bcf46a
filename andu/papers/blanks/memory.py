"""The memory of labels: what the office's own form types call a field, and of which kind it is there.

It grows with each form the office makes. Only kinds that need no settings are remembered, and only labels
that mean one kind everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from andu.formtypes.definition import FormType
from andu.papers.blanks.labels import split_note, tidy

PLAIN = ("text", "longtext", "number", "date", "datetime", "phone", "idnumber", "person", "unit")


def remembered(form_types: Iterable[FormType]) -> dict[str, str]:
    """Label → kind, over all fields of these form types."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for form_type in form_types:
        for field in form_type.fields:
            label = tidy(field.label)
            kinds[label].add(field.kind)
            kinds[split_note(label)[0]].add(field.kind)
    alone = {label: min(found) for label, found in kinds.items() if len(found) == 1}
    return {label: kind for label, kind in alone.items() if kind in PLAIN}
