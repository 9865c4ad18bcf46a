"""Carrying over: what an earlier record already says is not typed a second time."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from andu.formtypes.definition import FormType
from andu.formtypes.webform import raw_from_values
from andu.office import cases, records
from andu.office.errors import NotFound, Refused
from andu.office.issue import editions
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from andu.office.writing import drafts
from andu.office.writing.drafts import Draft, Raw
from andu.security.accounts import Account


def start_from(office: Office, actor: Account, slug: str, source_id: str) -> Draft:
    """Begin form ``slug`` with what the earlier record ``source_id`` and the other papers of its case say.

    Each reference takes the latest paper of its form type in the case; what an earlier reference filled is
    left as it is. Raises ``Refused`` for a case that is closed.
    """
    source = records.get(office, actor, source_id)
    form_type = editions.current(office, slug).form_type
    cases.refuse_closed(office, form_type, source)
    known = cases.latest(office, actor, source)
    found: Raw = {}
    for field in form_type.fields:
        record = known.get(field.settings["form"]) if field.kind == "reference" else None
        if record is not None:
            more = inputs_from(office, actor, form_type, field.key, record, found)
            found |= {name: value for name, value in more.items() if not any(found.get(name, []))}
    if source.case_id and form_type.case.lists:
        found |= raw_from_values(form_type, cases.listed(office, actor, form_type, source.case_id))
    return drafts.start(office, actor, slug, found)


def carry_over(office: Office, actor: Account, draft_id: str, field_key: str) -> Draft:
    """Carry the answers of the record chosen in a reference field into the draft's empty inputs.

    Raises ``NotFound``, or ``Refused`` when no record is chosen.
    """
    draft = drafts.get(office, actor, draft_id)
    form_type = drafts.form_type_of(office, draft)
    if field_key not in {one.key for one in form_type.fields if one.kind == "reference"}:
        raise NotFound(field_key)
    field = form_type.field(field_key)
    chosen = "".join(draft.raw.get(f"f_{field_key}", []))
    source_id = OfficeDirectory(office, actor).find_record(field.settings["form"], chosen) if chosen else None
    if source_id is None:
        raise Refused(_("请先在“%(label)s”里选定一份已编号的材料。", label=field.label))
    found = inputs_from(office, actor, form_type, field_key, records.get(office, actor, source_id), draft.raw)
    empty = {name: value for name, value in found.items() if not any(draft.raw.get(name, []))}
    return drafts.save(office, actor, draft.id, draft.raw | empty, draft.revision).draft


def inputs_from(
    office: Office, actor: Account, form_type: FormType, field_key: str, source: Record, typed: Raw
) -> Raw:
    """The inputs that a reference to ``source`` fills, by the field's ``prefill`` setting.

    What goes into a table goes into the first row that is still empty in ``typed``, or into the row
    that says it already.
    """
    values: dict[str, Any] = {field_key: source.id}
    number = OfficeDirectory(office, actor).record_label(source.id)
    for target, origin in form_type.field(field_key).settings.get("prefill", {}).items():
        found = {"number": number, "title": source.title}.get(origin, source.values.get(origin))
        if found in (None, ""):
            continue
        key, dot, column = target.partition(".")
        if not dot:
            values[key] = found
            continue
        if key not in values:
            values[key] = [{} for _row in range(_row_for(typed, key, column, str(found)) + 1)]
        values[key][-1][column] = found
    return raw_from_values(form_type, values)


def _row_for(typed: Raw, table: str, column: str, text: str) -> int:
    used: dict[int, bool] = {}
    for name, texts in typed.items():
        start, _dash, rest = name.partition("-")
        row, _dash, key = rest.partition("-")
        if start == f"f_{table}" and row.isdigit() and any(texts):
            used[int(row)] = used.get(int(row), False) or (key == column and texts == [text])
    said = [row for row, says_it in used.items() if says_it]
    return said[0] if said else next(n for n in range(len(used) + 1) if n not in used)
