"""A design tried out: its form as a clerk sees it, its paper with what was typed; no number, no record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from andu.formtypes.filling.webform import AnswerForm, build, starting_raw
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.shelf import checking, designs
from andu.office.shelf.designs import Design
from andu.papers.checks.rehearsal import context_with
from andu.papers.pdf import mark_draft
from andu.papers.template import compile_template
from andu.security.accounts import Account
from andu.security.permissions import require


def form(office: Office, actor: Account, design: Design, raw: Mapping[str, list[str]] | None) -> AnswerForm:
    """The web form, empty as it begins or with what was typed, then validated. Raises ``FormFaults``."""
    require(actor, designs.ACT)
    form_type = checking.form_type_of(office, design)
    directory, now = OfficeDirectory(office, actor), office.clock.now()
    begun = raw if raw is not None else starting_raw(form_type, directory, me=actor.id, now=now)
    keys = [field.key for field in form_type.clerk_fields]
    made = build(form_type, directory, keys, now=now)(MultiDict(begun))
    if raw is not None:
        made.validate()
    return made


def paper(office: Office, actor: Account, design: Design, values: Mapping[str, Any]) -> bytes:
    """The PDF with these answers, marked as a draft; raises ``Refused`` while form and paper do not agree."""
    edition, docx = checking.agreed(office, actor, design)
    context = context_with(edition.form_type, values, OfficeDirectory(office, actor))
    pdf: bytes = office.to_pdf(compile_template(docx).fill(context), asked_by=actor.id)
    return mark_draft(pdf)
