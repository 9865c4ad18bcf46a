"""The contract between a form and its paper: what the paper names is known, what is printed is on it.

``script/andu forms check`` and the guard over all shipped papers call ``check``. It reads names with the
environment that fills (``Template.uses``), so it sees loops, dotted names and what stands only in a
condition. It judges; it changes nothing. Severity ``error`` keeps a form and its paper from being used
together; ``warning`` is advice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from flask_babel import gettext as _

from andu.formtypes.definition import Field, FormType
from andu.papers.context import COMMON_NAMES, ROW_NUMBER, SIGN, SIGN_PARTS
from andu.papers.faults import PaperFault
from andu.papers.template import compile_template
from andu.papers.template_names import ITEM, LOOPED, PRINTED, Path, Use

ERROR, WARNING = "error", "warning"
INTERNAL = "internal"
"""``FormType.paper`` of a form whose paper shows its signatures; an official document does not."""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing wrong between a form and its paper, in Chinese."""

    severity: str
    message: str


def check(form_type: FormType, docx: bytes) -> list[Finding]:
    """All findings, errors first; empty when form and paper agree."""
    try:
        template = compile_template(docx)
    except PaperFault as fault:
        return [Finding(ERROR, str(fault))]
    uses = template.uses
    found = {finding for use in uses for finding in _judge(form_type, use)}
    found |= set(_missing(form_type, {use.path for use in uses if use.how in (PRINTED, LOOPED)}))
    return sorted(found)


def _judge(form_type: FormType, use: Use) -> Iterator[Finding]:
    """What is wrong with one use of a name."""
    name, *rest = use.path
    fields = {field.key: field for field in form_type.fields}
    if name == SIGN:
        yield from _judge_signature(form_type, rest)
    elif name in fields:
        yield from _judge_field(fields[name], use)
    elif name not in COMMON_NAMES:
        yield _unknown(_("表单里没有“%(name)s”这一项", name=name), name, (*fields, *COMMON_NAMES, SIGN))
    elif rest:
        yield Finding(ERROR, _("“%(name)s”是一段文字，后面不能再跟“.%(part)s”。", name=name, part=rest[0]))


def _judge_signature(form_type: FormType, rest: list[str]) -> Iterator[Finding]:
    slots = [slot.key for slot in form_type.signatures.slots]
    if not rest or rest[0] not in slots:
        wrong = rest[0] if rest else ""
        yield _unknown(_("表单里没有“%(name)s”这个签名栏", name=wrong), wrong, slots)
    elif len(rest) > 1 and (len(rest) > 2 or rest[1] not in SIGN_PARTS):
        yield _unknown(_("签名栏里没有“%(name)s”", name=".".join(rest[1:])), rest[1], SIGN_PARTS)


def _judge_field(field: Field, use: Use) -> Iterator[Finding]:
    words = {"label": field.label, "name": field.key}
    if field.confidential:
        yield Finding(ERROR, _("“%(label)s”（%(name)s）是保密项，不得出现在模板里。", **words))
    elif not field.columns and (len(use.path) > 1 or use.how == LOOPED):
        yield Finding(ERROR, _("“%(label)s”（%(name)s）不是表格，不能逐行打印。", **words))
    elif field.columns and use == Use((field.key,), PRINTED):
        yield Finding(ERROR, _("“%(label)s”（%(name)s）是表格，要用 {%%tr for … %%} 逐行打印。", **words))
    elif len(use.path) > 1:
        yield from _judge_column(field, use.path)


def _judge_column(field: Field, path: Path) -> Iterator[Finding]:
    columns = (*(column.key for column in field.columns), ROW_NUMBER)
    if path[1] != ITEM or len(path) > 3:
        yield Finding(
            ERROR, _("“%(label)s”是表格，“%(path)s”写法不对。", label=field.label, path=".".join(path))
        )
    elif len(path) == 3 and path[2] not in columns:
        yield _unknown(
            _("表格“%(label)s”没有“%(name)s”这一列", label=field.label, name=path[2]), path[2], columns
        )


def _missing(form_type: FormType, printed: Collection[Path]) -> Iterator[Finding]:
    """What the form asks or allots and the paper does not print."""
    names = {path[0] for path in printed}
    for field in form_type.fields:
        if not field.printed or field.confidential:
            continue
        if field.key not in names:
            yield Finding(
                ERROR, _("“%(label)s”（%(name)s）没有印在纸上。", label=field.label, name=field.key)
            )
        else:
            yield from _missing_columns(field, printed)
    if "number" not in names:
        yield Finding(ERROR, _("编号（number）没有印在纸上。"))
    for slot in form_type.signatures.slots if form_type.paper == INTERNAL else ():
        if (SIGN, slot.key, "name") not in printed:
            yield Finding(
                ERROR,
                _(
                    "签名栏“%(label)s”没有印在纸上（%(name)s）。",
                    label=slot.label,
                    name=f"sign.{slot.key}.name",
                ),
            )


def _missing_columns(field: Field, printed: Collection[Path]) -> Iterator[Finding]:
    for column in field.columns:
        if (field.key, ITEM, column.key) not in printed:
            words = {"label": field.label, "column": column.label, "name": column.key}
            yield Finding(WARNING, _("表格“%(label)s”的“%(column)s”（%(name)s）没有印在纸上。", **words))


def _unknown(message: str, wrong: str, known: Collection[str]) -> Finding:
    near = get_close_matches(wrong, list(known), n=1)
    hint = _("，是不是“%(near)s”？", near=near[0]) if near else _("。")
    return Finding(ERROR, message + hint)
