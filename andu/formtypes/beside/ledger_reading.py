"""Reading the ledger files of a folder, and what they say of the form types; nothing in a file is ever run.

Office opens them with `load`; `script/andu forms check` asks `check_ledgers`. A ledger with a fault is not
offered, the others are. Guarantees: no value of a ledger that was read is a confidential field.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.beside.folders import NONE, read_all
from andu.formtypes.beside.ledger_keys import LEDGER_KEYS
from andu.formtypes.beside.ledgers import (
    CASE,
    DEADLINE,
    DEADLINE_PARTS,
    MOMENTS,
    OWN,
    RECORD_WORDS,
    Column,
    Ledger,
    Ledgers,
    Value,
    value_of,
)
from andu.formtypes.definition import Field, FormType
from andu.formtypes.faults import Fault, FormFaults, nearest
from andu.formtypes.kinds import KINDS
from andu.formtypes.language.catalogue import Catalogue
from andu.formtypes.language.keys.conditionkeys import settled
from andu.formtypes.language.readers import KEY, Findings, read_mapping
from andu.formtypes.language.text import yamltext

OF_SERIES = "series:"


def load(
    folder: Path, catalogue: Catalogue, kept: Mapping[str, str] = NONE, made: Mapping[str, str] = NONE
) -> tuple[Ledgers, list[Fault]]:
    """The ledgers of a folder that are right, and every fault of the others; a folder may be missing.

    ``kept`` has the last good text of ledgers by slug: it stands in for one that is wrong now. ``made``: what
    was published in place of a file, '' where it was withdrawn.
    """
    found, faults = read_all(folder, made, kept, lambda text, slug: read_ledger(text, slug, catalogue))
    faults += [Fault(one.name, 1, "-", _("台账文件应当以 .yaml 结尾")) for one in folder.glob("*.yml")]
    return Ledgers(found), sorted(faults)


def check_ledgers(folder: Path, catalogue: Catalogue, made: Mapping[str, str] = NONE) -> list[Fault]:
    """Every fault of every ledger of the folder and published over it; empty if all is well."""
    return load(folder, catalogue, made=made)[1]


@lru_cache(maxsize=128)
def read_ledger(text: str, slug: str, catalogue: Catalogue) -> Ledger:
    """The ledger of a YAML text; raises `FormFaults` with all its faults."""
    findings = Findings(f"{slug}.yaml")
    if not KEY.fullmatch(slug):
        findings.add("", _("文件名应当只含小写字母、数字和下划线：%(slug)s", slug=slug), line=1)
    root = yamltext.compose(text, findings)
    if root is None:
        raise FormFaults(findings.faults)
    values = read_mapping(root, LEDGER_KEYS, "", findings)
    forms = tuple(_forms(values["forms"] or (), catalogue, findings))
    ledger = _checked(values, {slug: catalogue.get(slug) for slug in forms}, catalogue, findings)  # type: ignore[misc]
    yamltext.hint(text, findings)
    if findings.faults:
        raise FormFaults(findings.faults)
    version = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return Ledger(**{**values, **ledger}, forms=forms, slug=slug, version=version, source=text)


def forms_named(named: Sequence[str], catalogue: Catalogue) -> list[FormType]:
    """The form types that the `forms` of a ledger name, as far as there are any."""
    found = [catalogue.get(slug) for slug in _forms(tuple(named), catalogue, Findings(""))]
    return [one for one in found if one]


def _forms(named: tuple[str, ...], catalogue: Catalogue, findings: Findings) -> Iterator[str]:
    slugs = [one.slug for one in catalogue]
    seen: set[str] = set()
    for index, name in enumerate(named):
        stem = name.removesuffix("*")
        fitting = [slug for slug in slugs if (slug.startswith(stem) if stem != name else slug == name)]
        if name.startswith(OF_SERIES):
            fitting = [one.slug for one in catalogue if one.series == name.removeprefix(OF_SERIES)]
        if not fitting:
            message = _("没有表单“%(slug)s”%(near)s", slug=name, near=nearest(name, slugs))
            findings.add(f"forms[{index}]", message)
        yield from (slug for slug in fitting if slug not in seen)
        seen.update(fitting)


def _checked(
    values: dict[str, Any], forms: Mapping[str, FormType], catalogue: Catalogue, findings: Findings
) -> dict[str, Any]:
    """The keys of the ledger that say something of form types, settled; they leave `values`."""
    fields = {field.key: field for form in reversed([*forms.values()]) for field in form.fields}
    where, period = values.pop("where"), values.pop("period") or "numbered_at"
    columns, sort = values.pop("columns") or (), values.pop("sort") or ""
    values.pop("forms")
    for key in where.fields() if where else ():
        if key in fields and fields[key].confidential:
            findings.add("where", _no_secret(key))
    columns = tuple(_columns(columns, forms, catalogue, findings))
    keys = [column.key for column in columns]
    if sort and sort not in keys:
        findings.add("sort", _("没有“%(key)s”这一列%(near)s", key=sort, near=nearest(sort, keys)))
    if period not in fields and period not in MOMENTS or period in fields and not _is_dated(fields[period]):
        dated = [key for key, field in fields.items() if _is_dated(field)]
        message = _("“%(key)s”不是日期或时间%(near)s", key=period, near=nearest(period, (*MOMENTS, *dated)))
        findings.add("period", message)
    return {
        "where": settled(where, fields, KINDS, "where", findings),
        "period": Value(OWN, period),
        "columns": columns,
        "sort": sort or (keys[0] if keys else ""),
    }


def _is_dated(field: Field) -> bool:
    return KINDS[field.kind].is_dated and not field.confidential


def _columns(
    columns: tuple[Column, ...], forms: Mapping[str, FormType], catalogue: Catalogue, findings: Findings
) -> Iterator[Column]:
    seen: set[str] = set()
    for index, column in enumerate(columns):
        path, text = f"columns[{index}]", str(column.value)
        if column.key in seen:
            findings.add(f"{path}.key", _("列“%(key)s”写了两次", key=column.key))
        seen.add(column.key)
        if column.under:
            _stands_under(column, columns, path, findings)
        value = value_of(text)
        if value is None:
            parts = "、".join(DEADLINE_PARTS)
            message = _(
                "“%(text)s”应当写成 字段、表格.列、case.表单.字段 或 deadline.期限.%(parts)s",
                text=text,
                parts=parts,
            )
            findings.add(f"{path}.value", message)
            continue
        message = _wrong(value, column, forms, catalogue)
        if message:
            findings.add(f"{path}.value", message)
        yield replace(column, value=value)


def _stands_under(column: Column, columns: tuple[Column, ...], path: str, findings: Findings) -> None:
    """Only below a column that has a cell of its own, and without a sum: that has no cell then."""
    over = [one.key for one in columns if not one.under]
    if column.under not in over:
        near = nearest(column.under, over)
        message = _("没有自成一格的列“%(key)s”%(near)s", key=column.under, near=near)
        findings.add(f"{path}.under", message)
    if column.total:
        findings.add(f"{path}.total", _("有合计的列要自成一格，不能写 under"))


def _wrong(value: Value, column: Column, forms: Mapping[str, FormType], catalogue: Catalogue) -> str:
    """What is wrong with a value, as a Chinese message; '' if nothing is."""
    for name in value.instead:
        if message := _wrong(replace(value, name=name, instead=()), column, forms, catalogue):
            return message
    if value.of == DEADLINE:
        return _wrong_deadline(value, column, catalogue)
    if value.of == CASE:
        other = catalogue.get(value.form)
        if other is None:
            near = nearest(value.form, [one.slug for one in catalogue])
            return _("没有表单“%(slug)s”%(near)s", slug=value.form, near=near)
        forms = {value.form: other}
    named = [form.field(value.name) for form in forms.values() if value.name in _keys(form)]
    if any(field.confidential for field in named):
        return _no_secret(value.name)
    if not named:
        known = [*RECORD_WORDS, *(key for form in forms.values() for key in _keys(form))]
        there = not value.part and value.name in RECORD_WORDS
        return "" if there else _("没有“%(key)s”%(near)s", key=value.name, near=nearest(value.name, known))
    return _wrong_part(value, named) or _wrong_total(value, column, named)


def _wrong_deadline(value: Value, column: Column, catalogue: Catalogue) -> str:
    keys = [deadline.key for form in catalogue for deadline in form.deadlines]
    if value.name not in keys:
        return _("没有期限“%(key)s”%(near)s", key=value.name, near=nearest(value.name, keys))
    if value.is_overdue and column.filter:
        return _("是否超期随时间变化，不能作筛选条件")
    return _("合计只能用于数字") if column.total else ""


def _wrong_part(value: Value, named: list[Field]) -> str:
    columns = [column.key for field in named for column in field.columns]
    if value.part and value.part not in columns:
        return _("“%(key)s”没有“%(part)s”这一列%(near)s", key=value.name, part=value.part,
                 near=nearest(value.part, columns))  # fmt: skip
    return ""


def _wrong_total(value: Value, column: Column, named: list[Field]) -> str:
    kinds = {one.kind for field in named for one in (field.columns if value.part else (field,))
             if not value.part or one.key == value.part}  # fmt: skip
    return (
        _("合计只能用于数字")
        if column.total and not (kinds and all(KINDS[one].adds_up for one in kinds))
        else ""
    )


def _no_secret(key: str) -> str:
    return _("“%(key)s”是保密字段，不能进台账", key=key)


def _keys(form: FormType) -> list[str]:
    return [field.key for field in form.fields]
