"""What the record chosen in a reference field gives to a form, and where the answers say something else.

Pure of drafts: `prefill` carries over what this finds, `carried` remembers it, `submitting` asks for the
disagreements. A target that takes the number of a record names that record: it cannot name another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.conditions import is_filled
from andu.formtypes.definition import Field, FormType
from andu.formtypes.filling.webform import Raw, raw_from_values
from andu.formtypes.kinds import KINDS
from andu.office import cases, events, records
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from andu.security.accounts import Account

NAMING = frozenset({"number", "code"})
"""What names a record: whatever takes one of these of a source must go on naming that source."""
MOST_WORDS = 40
_SEPARATOR = re.compile(r"[\s、，,；;。（）()“”]+")


# --- what a source gives --------------------------------------------------------------------------


def references(form_type: FormType) -> list[Field]:
    """The reference fields of a form type, in its order."""
    return [field for field in form_type.fields if KINDS[field.kind].source(field)[0]]


def chosen(office: Office, actor: Account, field: Field, raw: Raw) -> Record | None:
    """The record chosen in a reference field; None without one."""
    text = "".join(raw.get(f"f_{field.key}", [])).strip()
    directory = OfficeDirectory(office, actor)
    forms = KINDS[field.kind].source(field)[0] if text else ()
    found = next(filter(None, (directory.find_record(form, text) for form in forms)), None)
    return records.get(office, actor, found) if found else None


def adds(field: Field) -> bool:
    """Whether a reference is chosen time and again, each time for one more row: it fills nothing else."""
    plain = [target for target, taken in KINDS[field.kind].source(field)[1].items() if "." not in taken]
    return bool(plain) and all("." in target for target in plain)


def inputs_from(
    office: Office, actor: Account, form_type: FormType, field_key: str, source: Record, typed: Raw
) -> Raw:
    """The inputs that a reference to ``source`` fills, by the field's ``prefill`` setting.

    A table of the source goes row by row into a table that is still blank in ``typed``. What else goes into
    a table goes into the first row that is still empty, or into the row that says it already. A table that
    lists the papers of the case (``lists``) is filled like one.
    """
    field = form_type.field(field_key)
    answers = answers_of(office, actor, source)
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
            said = raw_from_values(form_type, {key: [{column: found}]}).get(
                f"f_{key}-0-{column}", [str(found)]
            )
            values[key] = [{} for _row in range(_row_for(typed, key, column, said) + 1)]
        values[key][-1][column] = found
    for table, rows in _tables(office, actor, form_type, field, source, answers).items():
        if not used_rows(typed, table):
            values[table] = rows[: form_type.field(table).settings["max_rows"]]
    return raw_from_values(form_type, values)


def answers_of(office: Office, actor: Account, source: Record) -> dict[str, Any]:
    """What may be carried over from a record: its answers, those of its signers too, and what it is."""
    number = OfficeDirectory(office, actor).record_label(source.id)
    itself = {"number": number, "title": source.title, "unit": source.unit_id, "code": source.code}
    return events.answers(office, source.id, source.values) | itself


def _tables(
    office: Office,
    actor: Account,
    form_type: FormType,
    field: Field,
    source: Record,
    answers: Mapping[str, Any],
) -> dict[str, list[dict[str, Any]]]:
    found = rows_from(field, answers)
    if form_type.case.lists and source.case_id and field.key in form_type.case.by:
        found |= cases.listed(office, actor, form_type, source.case_id)
    return found


def rows_from(field: Field, answers: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
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


def _row_for(typed: Raw, table: str, column: str, texts: Sequence[str]) -> int:
    """The row that says this already in a column, else the first that is empty."""
    used = used_rows(typed, table)
    said = [row for row in used if typed.get(f"f_{table}-{row}-{column}") == list(texts)]
    return said[0] if said else next(n for n in range(len(used) + 1) if n not in used)


def used_rows(typed: Raw, table: str) -> list[int]:
    """The rows of a table into which anything was typed."""
    used = {}
    for name, texts in typed.items():
        start, _dash, rest = name.partition("-")
        row, _dash, _column = rest.partition("-")
        if start == f"f_{table}" and row.isdigit() and any(text.strip() for text in texts):
            used[int(row)] = True
    return list(used)


# --- where the answers name another record --------------------------------------------------------


@dataclass(frozen=True)
class _Said:
    """What one chosen record gives to one target; ``names``: it names the record, or what that is about."""

    reference: Field
    number: str
    text: str
    names: bool


def faults(office: Office, actor: Account, form_type: FormType, values: Mapping[str, Any]) -> dict[str, str]:
    """Where an answer names another record of the kind than the one chosen, by the key of its field."""
    found: dict[str, str] = {}
    for target, offered in _offered(office, actor, form_type, values).items():
        key, dot, column = target.partition(".")
        given = [row.get(column) for row in values.get(key) or ()] if dot else [values.get(key)]
        text = "、".join(_folded(str(one)) for one in given if one)
        right = {_folded(one.text) for one in offered}
        may_name_more = bool(dot) or not form_type.field(key).settings.get("half_width")
        if not text or (may_name_more and any(re.search(_alone(re.escape(one)), text) for one in right)):
            continue
        for one in offered:
            others = [word for word in _named(office, text, one) if word not in right] if one.names else []
            if others and key not in found:
                found[key] = _words(one, others[0], bool(dot))
    return found


def _alone(pattern: str) -> str:
    return rf"(?<![A-Z0-9-]){pattern}(?![A-Z0-9-])"


def _offered(
    office: Office, actor: Account, form_type: FormType, values: Mapping[str, Any]
) -> dict[str, list[_Said]]:
    """By target: what the chosen records give it, where any of that names a record."""
    found: dict[str, list[_Said]] = {}
    for field in references(form_type):
        if values.get(field.key):
            source = records.get(office, actor, str(values[field.key]))
            answers, naming = answers_of(office, actor, source), NAMING | _naming(office, source.form)
            for target, origin in KINDS[field.kind].source(field)[1].items():
                text = answers.get(origin)
                if isinstance(text, str) and text:
                    said = _Said(field, answers["number"], text, origin in naming)
                    found.setdefault(target, []).append(said)
    return {target: said for target, said in found.items() if any(one.names for one in said)}


def _naming(office: Office, slug: str, seen: frozenset[str] = frozenset()) -> frozenset[str]:
    """The fields of a form type that take what names a record from a source: its clue number, for one."""
    form_type = office.catalogue.get(slug)
    if form_type is None or slug in seen:
        return frozenset()
    found = set()
    for field in references(form_type):
        forms, prefill = KINDS[field.kind].source(field)
        names = NAMING.union(*(_naming(office, form, seen | {slug}) for form in forms))
        found |= {target for target, origin in prefill.items() if origin in names and "." not in target}
    return frozenset(found)


def _named(office: Office, text: str, said: _Said) -> list[str]:
    """The records that a text names, of the kind that ``said`` names: of its series, or its form."""
    wanted = _folded(said.text)
    series = re.fullmatch(r"(.*?)\d{4}(\D+)\d+(\D*)", wanted)
    before, between, after = map(re.escape, series.groups() if series else ("", "", ""))
    # of any year: a number of before the office had this system names another record all the same
    words = re.findall(_alone(rf"{before}\d{{4}}{between}\d+{after}"), text) if series else []
    for word in _SEPARATOR.split(text)[:MOST_WORDS]:
        if said.text != said.number and office.store.count("record", "code <> '' AND code = ?", [word]):
            words.append(word)
        both = office.store.query("SELECT form FROM register WHERE number IN (?, ?)", [wanted, word])
        if len(both) > 1 and len({row["form"] for row in both}) == 1:
            words.append(word)
    return words


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().upper()


def _words(said: _Said, other: str, in_table: bool) -> str:
    number = said.text if said.text == said.number else f"{said.number}（{said.text}）"
    parts = {"label": said.reference.label, "number": number, "other": other}
    if in_table:
        return _(
            "这里列的是 %(other)s，“%(label)s”选的 %(number)s 却没有列出：请列入，或者重新选定材料", **parts
        )
    return _(
        "这里写的是 %(other)s，“%(label)s”选的却是 %(number)s，两处应当一致：请改正，或者重新选定材料",
        **parts,
    )
