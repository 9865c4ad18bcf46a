"""Carrying over: what an earlier record already says is not typed a second time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.conditions import is_filled
from andu.formtypes.definition import Field, FormType
from andu.formtypes.kinds import KINDS
from andu.formtypes.webform import raw_from_values
from andu.office import cases, editions, events, records
from andu.office.errors import NotFound, Refused
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from andu.office.writing import drafts
from andu.office.writing.drafts import Draft, Raw
from andu.security.accounts import Account


def start_from(office: Office, actor: Account, slug: str, source_id: str) -> Draft:
    """Begin form ``slug`` with what the earlier record ``source_id`` and the other papers of its case say.

    Each reference takes the latest paper of its form types in the case; what an earlier reference filled is
    left as it is. Raises ``Refused`` for a case that is closed.
    """
    source = records.get(office, actor, source_id)
    form_type = editions.current(office, slug).form_type
    cases.refuse_closed(office, form_type, source)
    known = cases.latest(office, actor, source)
    found: Raw = {}
    for field in form_type.fields:
        record = _latest(known, KINDS[field.kind].source(field)[0], source)
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
    if field_key not in {one.key for one in form_type.fields if KINDS[one.kind].source(one)[0]}:
        raise NotFound(field_key)
    field = form_type.field(field_key)
    source = _chosen(office, actor, field, draft.raw)
    if source is None:
        raise Refused(_("请先在“%(label)s”里选定一份已编号的材料。", label=field.label))
    found = inputs_from(office, actor, form_type, field_key, source, draft.raw)
    empty = {name: value for name, value in found.items() if not any(draft.raw.get(name, []))}
    return drafts.save(office, actor, draft.id, draft.raw | empty, draft.revision).draft


def inputs_from(
    office: Office, actor: Account, form_type: FormType, field_key: str, source: Record, typed: Raw
) -> Raw:
    """The inputs that a reference to ``source`` fills, by the field's ``prefill`` setting.

    A table of the source goes row by row into a table that is still blank in ``typed``. What else goes into
    a table goes into the first row that is still empty, or into the row that says it already.
    """
    field = form_type.field(field_key)
    answers = _answers(office, actor, source)
    values: dict[str, Any] = {field_key: source.id}
    for target, origin in KINDS[field.kind].source(field)[1].items():
        found = answers.get(origin)
        key, dot, column = target.partition(".")
        if "." in origin or found in (None, ""):
            continue
        if not dot:
            values[key] = found
            continue
        if key not in values:
            values[key] = [{} for _row in range(_row_for(typed, key, column, str(found)) + 1)]
        values[key][-1][column] = found
    for table, rows in _rows_from(field, answers).items():
        if not _used_rows(typed, table):
            values[table] = rows[: form_type.field(table).settings["max_rows"]]
    return raw_from_values(form_type, values)


def rows_left_behind(office: Office, actor: Account, draft: Draft) -> list[str]:
    """What to tell of tables just carried over that hold fewer rows than the papers they come from."""
    form_type = drafts.form_type_of(office, draft)
    told = []
    for field in form_type.fields:
        source = _chosen(office, actor, field, draft.raw)
        tables = _rows_from(field, _answers(office, actor, source)) if source else {}
        for key, rows in tables.items():
            table = form_type.field(key)
            most = table.settings["max_rows"]
            carried = raw_from_values(form_type, {key: rows[:most]})
            if len(rows) > most and carried.items() <= draft.raw.items():
                words = _(
                    "“%(label)s”最多 %(most)s 行，来源材料有 %(n)s 行，只带入了前 %(most)s 行，请核对。",
                    label=table.label,
                    most=most,
                    n=len(rows),
                )
                told.append(words)
    return told


def _latest(known: Mapping[str, Record], forms: Collection[str], source: Record) -> Record | None:
    """Of the latest papers of a case, the latest of these forms; the one it all begins from before others."""
    found = [known[form] for form in forms if form in known]
    own = [one for one in found if one.case_id == source.case_id]  # before what only refers to the case
    if source in found:
        return source
    return max(own or found, key=lambda one: (one.created_at, one.id), default=None)


def _chosen(office: Office, actor: Account, field: Field, raw: Raw) -> Record | None:
    """The record chosen in a reference field; None without one."""
    text = "".join(raw.get(f"f_{field.key}", []))
    directory = OfficeDirectory(office, actor)
    forms = KINDS[field.kind].source(field)[0] if text else ()
    found = next(filter(None, (directory.find_record(form, text) for form in forms)), None)
    return records.get(office, actor, found) if found else None


def _answers(office: Office, actor: Account, source: Record) -> dict[str, Any]:
    """What may be carried over from a record: its answers, those of its signers too, and what it is."""
    number = OfficeDirectory(office, actor).record_label(source.id)
    itself = {"number": number, "title": source.title, "unit": source.unit_id, "code": source.code}
    return events.answers(office, source.id, source.values) | itself


def _rows_from(field: Field, answers: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Own table → its rows, as the tables of a record with these answers fill them."""
    taken: dict[str, dict[str, tuple[str, str]]] = {}
    for target, origin in KINDS[field.kind].source(field)[1].items():
        key, _dot, column = target.partition(".")
        table, dot, other = origin.partition(".")
        if dot:
            taken.setdefault(key, {})[column] = table, other
    found: dict[str, list[dict[str, Any]]] = {}
    for key, columns in taken.items():
        (table,) = {table for table, _other in columns.values()}
        rows = [
            {column: row[other] for column, (_table, other) in columns.items() if is_filled(row.get(other))}
            for row in answers.get(table) or ()
        ]
        found[key] = [row for row in rows if row]
    return found


def _row_for(typed: Raw, table: str, column: str, text: str) -> int:
    """The row that says this already in a column, else the first that is empty."""
    used = _used_rows(typed, table)
    said = [row for row in used if typed.get(f"f_{table}-{row}-{column}") == [text]]
    return said[0] if said else next(n for n in range(len(used) + 1) if n not in used)


def _used_rows(typed: Raw, table: str) -> list[int]:
    """The rows of a table into which anything was typed."""
    used = {}
    for name, texts in typed.items():
        start, _dash, rest = name.partition("-")
        row, _dash, _column = rest.partition("-")
        if start == f"f_{table}" and row.isdigit() and any(text.strip() for text in texts):
            used[int(row)] = True
    return list(used)
