"""Proofs: all open answers of a draft or a record in a plain layout, to be read through with a pen.

Called by the printing views. Confidential answers never stand on a proof, not even for their author, and
conditions are decided without them. Looking is noted as for the page of the draft or record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.conditions import is_filled
from andu.formtypes.definition import Field, FormType
from andu.formtypes.filling.webform import input_name, read_loosely
from andu.office import events, records
from andu.office.desk import showing
from andu.office.desk.showing import Answer
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.writing import drafts
from andu.office.writing.drafts import Raw
from andu.security import units
from andu.security.accounts import Account


@dataclass(frozen=True)
class Proof:
    """What is printed. ``version`` is 0 for a draft, ``at`` stored UTC text; ``withheld`` says that
    the form asks for confidential answers, which are left out.
    """

    form_type: FormType
    title: str
    unit: str
    author: str
    at: str
    version: int
    sections: list[tuple[str, list[Answer]]]

    @property
    def withheld(self) -> bool:
        """Whether the form has confidential questions."""
        return any(field.confidential for field in self.form_type.fields)

    @property
    def rows(self) -> int:
        """How many questions stand on it."""
        return sum(len(answers) for _title, answers in self.sections)


def of_record(office: Office, actor: Account, record_id: str) -> Proof:
    """The proof of a record with the answers its signers gave; raises ``NotFound``."""
    record = records.get(office, actor, record_id)
    showing.note_viewed(office, actor, record)
    values = {**record.values}
    for signature in events.signatures(events.of(office, record.id)):
        if signature.voided is None:
            values |= signature.answers
    form_type = records.form_type_of(office, record)
    author = records.author(office, record.author_id)
    sections = _sections(form_type, values, {}, OfficeDirectory(office, author, on_screen=True))
    unit = _unit(office, record.unit_id)
    return Proof(form_type, record.title, unit, author.name, record.updated_at, record.version, sections)


def of_draft(office: Office, actor: Account, draft_id: str) -> Proof:
    """The proof of a draft of the own unit; raises ``NotFound``.

    What was typed and cannot be read yet is printed as typed, and said to be so.
    """
    draft = drafts.get(office, actor, draft_id)
    drafts.note_viewed(office, actor, draft)
    form_type = drafts.form_type_of(office, draft)
    raw = {name: typed for name, typed in draft.raw.items() if not drafts.is_confidential(form_type, name)}
    directory = OfficeDirectory(office, actor, on_screen=True)
    sections = _sections(form_type, read_loosely(form_type, raw, directory), raw, directory)
    author = records.author(office, draft.author_id).name
    return Proof(form_type, "", _unit(office, draft.unit_id), author, draft.updated_at, 0, sections)


def _unit(office: Office, unit_id: str) -> str:
    return next(one.name for one in units.all(office.store) if one.id == unit_id)


def _sections(
    form_type: FormType, values: Mapping[str, Any], raw: Raw, directory: OfficeDirectory
) -> list[tuple[str, list[Answer]]]:
    shown = form_type.shown(values)
    sections = [
        (
            section.title,
            [
                _answer(field, values.get(field.key), raw, directory)
                for field in section.fields
                if field.key in shown and not field.confidential
            ],
        )
        for section in form_type.sections
    ]
    return [(title, answers) for title, answers in sections if answers]


def _answer(field: Field, value: Any, raw: Raw, directory: OfficeDirectory) -> Answer:
    typed = "，".join(raw.get(input_name(field.key), [])).strip()
    if is_filled(value) or not typed:
        return showing.answer_of(field, value, directory)
    return Answer(field.key, field.label, _("%(typed)s（还不合要求，提交前要改）", typed=typed))
