"""Reading a paper beside its form: every name is known and used as what it is, and everything is printed.

Called by ``examining``, and by tests over all papers. Pure: the same form and paper give the same findings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache

from flask_babel import gettext as _

from andu.formtypes.definition import Field, FormType
from andu.papers.checks.contract.bare import hole
from andu.papers.checks.contract.beside import lost_words
from andu.papers.checks.contract.counting import counting_fields
from andu.papers.checks.contract.finding import ERROR, WARNING, Finding
from andu.papers.checks.contract.reading import LOOPED, PRINTED, TESTED, Occurrence, read
from andu.papers.checks.contract.shapes import missing, misuse, shape_of
from andu.papers.checks.contract.steps import ITEM, Path
from andu.papers.context import SIGN
from andu.papers.faults import PaperFault
from andu.papers.template import compile_template

INTERNAL = "internal"
"""``FormType.paper`` of a form whose paper shows its signatures; an official document does not."""


def check(form_type: FormType, docx: bytes) -> list[Finding]:
    """All findings, errors first; empty when form and paper agree."""
    found: set[Finding] = set()
    try:
        found |= {*lost_words(docx)}
        occurrences = _occurrences(docx)
    except PaperFault as fault:
        return sorted({*found, Finding(ERROR, str(fault))})
    found |= {*_judge(form_type, occurrences), *counting_fields(compile_template(docx).sources)}
    found |= {*_missing(form_type, {one.path for one in occurrences if one.how in (PRINTED, LOOPED)})}
    return sorted(found)


def tested_names(docx: bytes) -> set[str]:
    """The names that conditions of the template look at; ``PaperFault`` if it cannot be compiled."""
    return {one.path[0] for one in _occurrences(docx) if one.how == TESTED}


@lru_cache(maxsize=2)
def _occurrences(docx: bytes) -> tuple[Occurrence, ...]:
    """Read once for both of the above, which are asked one after the other."""
    return tuple(read(compile_template(docx).sources))


def _judge(form_type: FormType, occurrences: Collection[Occurrence]) -> Iterator[Finding]:
    root = shape_of(form_type)
    for one in occurrences:
        if message := missing(form_type, root, one):
            yield Finding(WARNING, message, str(one.place))
        elif message := misuse(form_type, root, one):
            yield Finding(ERROR, message, str(one.place))
        elif message := hole(form_type, one):
            yield Finding(WARNING, message, str(one.place))


def _missing(form_type: FormType, printed: Collection[Path]) -> Iterator[Finding]:
    """What the form asks or allots and the paper does not print."""
    names = {path[0] for path in printed}
    for field in form_type.fields:
        if not field.printed or field.confidential:
            continue
        if field.key not in names:
            words = {"label": field.label, "name": field.key}
            yield Finding(ERROR, _("“%(label)s”（%(name)s）没有印在纸上。", **words))
        else:
            yield from _missing_columns(field, printed)
    if "number" not in names:
        yield Finding(ERROR, _("编号（number）没有印在纸上。"))
    for slot in form_type.signatures.slots if form_type.paper == INTERNAL else ():
        if (SIGN, slot.key, "name") not in printed:
            words = {"label": slot.label, "name": f"sign.{slot.key}.name"}
            yield Finding(ERROR, _("签名栏“%(label)s”没有印在纸上（%(name)s）。", **words))


def _missing_columns(field: Field, printed: Collection[Path]) -> Iterator[Finding]:
    for column in field.columns:
        if not any(path[:3] == (field.key, ITEM, column.key) for path in printed):
            words = {"label": field.label, "column": column.label, "name": column.key}
            yield Finding(WARNING, _("表格“%(label)s”的“%(column)s”（%(name)s）没有印在纸上。", **words))
