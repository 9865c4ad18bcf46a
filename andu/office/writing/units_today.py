"""Units in what is being filled in: one that was merged is chosen as the unit it is today.

Called by ``drafts`` for each new draft, since an earlier record may say the old unit, and by
``handover.merging_units`` for the drafts there are. Filed papers and records keep what they say.
"""

from __future__ import annotations

import json

from andu.formtypes.definition import FormType
from andu.formtypes.filling.webform import input_name
from andu.formtypes.kinds import KINDS
from andu.office import editions
from andu.office.office import Office
from andu.security import units
from andu.store import verbs

Raw = dict[str, list[str]]


def of(office: Office, form_type: FormType, raw: Raw) -> Raw:
    """The same inputs, where a merged unit was chosen with the one that goes on."""
    merged = {old: new for old, new in units.today(office.store).items() if old != new}
    if not merged:
        return raw
    return {
        name: [merged.get(text, text) for text in texts] if _is_unit(form_type, name) else texts
        for name, texts in raw.items()
    }


def follow(office: Office, unit_id: str) -> None:
    """Have all drafts that chose a unit choose what it is today; inside ``store.write()``."""
    for row in office.store.rows_where("draft", verbs.holds("raw"), [json.dumps(unit_id)]):
        form_type = editions.get(office, row["form_version"]).form_type
        raw = of(office, form_type, json.loads(row["raw"]))
        office.store.update("draft", row["id"], {"raw": json.dumps(raw, ensure_ascii=False)})


def _is_unit(form_type: FormType, name: str) -> bool:
    """Whether an input is the choice of a unit: a field's own, or that of a table's column."""
    whole, _dash, column = name.partition("-")
    for field in form_type.fields:
        if input_name(field.key) == whole:
            parts = [one for one in field.columns if column.endswith(f"-{one.key}")] if column else [field]
            return any(KINDS[one.kind].names_unit for one in parts)
    return False
