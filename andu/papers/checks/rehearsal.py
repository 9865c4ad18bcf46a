"""Dry runs: a paper filled with samples of its own form, before any clerk can meet it.

Called by ``contract.examining`` within the confined child. The samples cover what a draft, a preview and a
filed paper can be: nothing answered yet, the shortest, the longest, tables of 0, 1 and 20 rows, each branch
of each condition of form and template, every level of headings, signed and not. Each is filled by the one
engine and read again as the office does; what it stumbles over is named once, with the first sample that
does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.definition import Field, FormType
from andu.formtypes.directory import Directory, NoDirectory
from andu.formtypes.filling import samples
from andu.formtypes.filling.paper_values import paper_values
from andu.formtypes.kinds import KINDS
from andu.papers.checks.reread import reread
from andu.papers.context import COMMON_NAMES, SIGN, SIGN_PARTS
from andu.papers.faults import PaperFault
from andu.papers.template import Template

ROWS = (0, 1, 20)
HEADINGS = "一、甲。乙\n（一）丙。丁\n1. 戊\n（1）己\n庚\n"
"""Text with a paragraph of each level, and an empty one."""

_HERE = NoDirectory()
_MOST_ANSWERS = 40


@dataclass(frozen=True)
class Sample:
    """A context to fill with, and what people call it. ``signed``: with all signatures, or with none."""

    name: str
    values: Mapping[str, Any]
    signed: bool = True


@dataclass(frozen=True)
class Stumble:
    """A fault that filling with a sample brought up."""

    sample: str
    fault: str
    where: str = ""

    def __str__(self) -> str:
        return _("用%(sample)s试填不成：%(fault)s", sample=self.sample, fault=self.fault)


def rehearse(form_type: FormType, template: Template, tested: Collection[str] = ()) -> list[Stumble]:
    """The faults of filling and of reading again, each with the first sample it shows in.

    ``tested``: names the template's own conditions look at; each answer to these is tried.
    """
    found: dict[str, Stumble] = {}
    for sample, context in contexts(form_type, tested):
        try:
            reread(template.fill(context), template, context)
        except PaperFault as fault:
            found.setdefault(str(fault), Stumble(sample.name, str(fault), getattr(fault, "where", "")))
    return list(found.values())


def contexts(form_type: FormType, tested: Collection[str]) -> Iterator[tuple[Sample, dict[str, Any]]]:
    """Each sample with its context, none twice; and one with headings in every long text."""
    seen: set[str] = set()
    for sample in cast_of(form_type, tested):
        context = context_of(form_type, sample)
        if repr(context) not in seen:
            seen.add(repr(context))
            yield sample, context
    plain = Sample(_("含各级标题的样例"), samples.sample(form_type, _HERE))
    yield plain, _with_headings(form_type, context_of(form_type, plain))


def context_of(form_type: FormType, sample: Sample) -> dict[str, Any]:
    """The names of a paper and their text, as ``andu.office.issue.snapshot`` makes them for a real one."""
    return context_with(form_type, sample.values, _HERE, sample.signed)


def context_with(
    form_type: FormType, values: Mapping[str, Any], directory: Directory, signed: bool = False
) -> dict[str, Any]:
    """The same with any answers."""
    common = {name: _("示例") + name for name in COMMON_NAMES}
    common |= {"form_title": form_type.title, "confidential_code": "R-7F3K" if signed else ""}
    part = {name: _("示例") if signed else "" for name in SIGN_PARTS}
    sign = {slot.key: {**part, "label": slot.label} for slot in form_type.signatures.slots}
    return {**paper_values(form_type, values, directory), **common, SIGN: sign}


def cast_of(form_type: FormType, tested: Collection[str] = ()) -> Iterator[Sample]:
    """All samples of a form."""
    plain, least = samples.sample(form_type, _HERE), samples.shortest(form_type, _HERE)
    longest = samples.sample(form_type, _HERE, worst=True)
    yield Sample(_("空白草稿"), {}, signed=False)
    for signed in (True, False):
        state = _("已签字") if signed else _("未签字")
        yield Sample(_("最短样例（%(state)s）", state=state), least, signed)
        yield Sample(_("一般样例（%(state)s）", state=state), plain, signed)
        yield Sample(_("最长样例（%(state)s）", state=state), longest, signed)
    yield from _tables(form_type, plain)
    for given in _choices(form_type, tested):
        name = _("当%(answers)s时的样例", answers=_told(form_type, given))
        yield Sample(name, samples.sample(form_type, _HERE, given=given))
        yield Sample(name, samples.shortest(form_type, _HERE, given), signed=False)


def _tables(form_type: FormType, plain: Mapping[str, Any]) -> Iterator[Sample]:
    for field in form_type.fields:
        for rows in ROWS if field.columns else ():
            if rows <= field.settings["max_rows"] and plain.get(field.key):
                name = _("“%(label)s” %(n)s 行的样例", label=field.label, n=rows)
                yield Sample(name, {**plain, field.key: plain[field.key][:1] * rows})


def _choices(form_type: FormType, tested: Collection[str]) -> Iterator[Mapping[str, Any]]:
    yield from samples.branches(form_type, _HERE)
    for field in form_type.fields:
        if field.key in tested and not field.columns:
            for answer in samples.answers_to(form_type, field.key, _HERE)[:_MOST_ANSWERS]:
                yield {field.key: answer}


def _told(form_type: FormType, given: Mapping[str, Any]) -> str:
    told = []
    for key, answer in given.items():
        field = form_type.field(key)
        words = {"label": field.label, "answer": KINDS[field.kind].ledger(field, answer, _HERE)}
        blank = answer is None
        told.append(_("“%(label)s”没有填", **words) if blank else _("“%(label)s”为“%(answer)s”", **words))
    return "、".join(told)


def _with_headings(form_type: FormType, context: dict[str, Any]) -> dict[str, Any]:
    """The context with headings in every text of many lines, and in those of the rows of its tables."""
    changed = {**context}
    for field in form_type.fields:
        if field.columns and not field.confidential:
            long = [column.key for column in field.columns if _has_lines(column)]
            changed[field.key] = [{**row, **dict.fromkeys(long, HEADINGS)} for row in context[field.key]]
        elif _has_lines(field) and not field.confidential:
            changed[field.key] = HEADINGS
    return changed


def _has_lines(field: Field) -> bool:
    return "blank_lines" in field.settings
