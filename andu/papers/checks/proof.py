"""The print proof of a paper: filled with the samples of its form, printed, and every value looked for.

Called by ``examination`` for papers that passed all that can be seen without printing. The longest sample
comes first; of the others, each that brings anything the paper did not show before: a part, a format, a
branch of a condition, an empty or a short table. What is printed again with a shorter value alone is left
out. Guarantees: a value that no print shows whole is a finding with its place; no fault of a paper raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from flask_babel import gettext as _

from andu.formtypes.definition import FormType
from andu.papers.checks.contract import ERROR, Finding
from andu.papers.checks.contract.checking import tested_names
from andu.papers.checks.printed import Text, Unreadable, label_of, lacks_of, texts_of
from andu.papers.checks.printed.expected import shapes_of
from andu.papers.checks.printed.telling_apart import told_apart
from andu.papers.checks.rehearsal import contexts
from andu.papers.faults import PaperFault
from andu.papers.pdf import PdfFault
from andu.papers.template import Template, compile_template

Many = Callable[[list[bytes]], list[bytes | PdfFault]]
"""docx → PDF for several at once, each with its own fault."""
VERSION = "1"
"""Moves when the proof looks for more: papers proven by an earlier one are printed anew."""
TOGETHER = 12
"""Prints that are in memory at a time."""


class Unproven(Exception):
    """Nothing can be printed now; the message says why."""


@dataclass(frozen=True)
class Sheet:
    """A sample to be printed: of which paper, what people call it, and what it should show."""

    form_type: FormType
    sample: str
    docx: bytes
    texts: list[Text]


def proven(papers: Sequence[tuple[FormType, bytes]], many: Many) -> list[list[Finding]]:
    """What the prints of each paper do not show. Raises ``Unproven`` where no paper can be printed at all."""
    sheets = [(number, sheet) for number, paper in enumerate(papers) for sheet in _sheets(*paper)]
    found: list[dict[str, Finding]] = [{} for _paper in papers]
    for (number, sheet), pdf in _printed(sheets, many):
        for message, where in _wrong(sheet, pdf):
            # the same value is missing on other samples too: the first is enough
            found[number].setdefault(where or message, Finding(ERROR, message, where))
    return [list(each.values()) for each in found]


def _printed(
    sheets: Sequence[tuple[int, Sheet]], many: Many
) -> Iterator[tuple[tuple[int, Sheet], bytes | PdfFault]]:
    """Each sheet with its print; the next ones are printed while these are looked through."""
    groups = [sheets[start : start + TOGETHER] for start in range(0, len(sheets), TOGETHER)]
    with ThreadPoolExecutor(1) as ahead:
        under_way = [ahead.submit(many, [sheet.docx for _number, sheet in group]) for group in groups[:1]]
        for at, group in enumerate(groups):
            for after in groups[at + 1 : at + 2]:
                under_way.append(ahead.submit(many, [sheet.docx for _number, sheet in after]))
            yield from zip(group, under_way.pop(0).result(), strict=True)


def _sheets(form_type: FormType, docx: bytes) -> list[Sheet]:
    try:
        template = compile_template(docx)
        return list(_worth_printing(form_type, template, docx))
    except PaperFault:
        return []  # it is a finding of the contract


def _worth_printing(form_type: FormType, template: Template, docx: bytes) -> Iterator[Sheet]:
    cast = [(sample.name, told_apart(context)) for sample, context in contexts(form_type, tested_names(docx))]
    seen: set[int] = set()
    for name, context in sorted(cast, key=lambda each: -len(repr(each[1]))):
        shapes = shapes_of(template, context)
        if not shapes <= seen:
            seen |= shapes
            yield Sheet(form_type, name, template.fill(context), texts_of(template, context))


def _wrong(sheet: Sheet, pdf: bytes | PdfFault) -> Iterator[tuple[str, str]]:
    """What this print lacks: the finding and its place."""
    if isinstance(pdf, PdfFault):
        if pdf.is_of_machine:
            raise Unproven(str(pdf))
        yield _("用%(sample)s试印不成：%(fault)s", sample=sheet.sample, fault=str(pdf)), ""
        return
    try:
        lacks = lacks_of(sheet.texts, pdf)
    except Unreadable:
        yield _("用%(sample)s试印的PDF读不出来", sample=sheet.sample), ""
        return
    for lack in lacks:
        told = lack.told(label_of(sheet.form_type, lack.path), placed=False)
        yield _("用%(sample)s试印时，%(what)s", sample=sheet.sample, what=told), lack.words
