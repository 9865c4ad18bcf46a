"""Answers that come as values, not from a page: the one door of the commands, of imports and of programs.

Behind it lies what lies behind the page: values become what would have been typed for them, and are read,
judged and kept in the same way. A program may give a key with what it asks for, so that asking again makes
nothing twice (``asked_once``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.definition import FormType
from andu.formtypes.filling.webform import Problem, Raw, data_problems, raw_from_values
from andu.office import editions
from andu.office.errors import InvalidAnswers, NotAllowed, Refused
from andu.office.office import Office
from andu.office.records import Record
from andu.office.writing import asked_once, attachments, drafts, submitting
from andu.office.writing.attachments import Attachment
from andu.office.writing.drafts import Draft, Saved
from andu.security.accounts import Account
from andu.security.permissions import require

Values = Mapping[str, Any]


class InvalidValues(Exception):
    """The data does not have the shape of the form: unknown names, values of a wrong type."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


def begin(office: Office, actor: Account, slug: str, values: Values, key: str = "") -> Draft:
    """A draft with these values over the form's own defaults; the one begun under ``key``, if there is one.

    Raises ``NotFound``, ``NotAllowed``, ``Refused`` and ``InvalidValues``.
    """
    edition = editions.current(office, slug)
    raw = _raw(actor, edition.form_type, values)
    body = json.dumps([slug, values], sort_keys=True)
    with office.store.write():
        known = asked_once.made(office, actor, key, body) if key else None
        if known is not None:
            return drafts.get(office, actor, known)
        draft = drafts.start(office, actor, slug, raw, edition)
        if key:
            asked_once.note(office, actor, key, body, draft.id)
    return draft


def save(office: Office, actor: Account, draft_id: str, values: Values, base_revision: int) -> Saved:
    """Put these values in the place of all that the draft says openly. Raises what ``begin`` raises."""
    edition = editions.current(office, drafts.get(office, actor, draft_id).form)
    raw = _raw(actor, edition.form_type, values)
    return drafts.save(office, actor, draft_id, raw, base_revision, edition=edition)


def attach(
    office: Office, actor: Account, draft_id: str, field_key: str, name: str, data: bytes, key: str
) -> Attachment:
    """A file for a field of a draft; the one that was sent under ``key`` before, if there is one.

    Raises ``NotFound``, ``NotAllowed``, and ``Refused`` for a file that does not do.
    """
    body = json.dumps([draft_id, field_key, name, hashlib.sha256(data).hexdigest()])
    require(actor, "fill")
    drafts.require_files(office, actor, draft_id, field_key)
    if (known := _sent(office, actor, key, body)) is not None:
        return known
    if field_key in drafts.form_type_of(office, drafts.get(office, actor, draft_id)).confidential_keys:
        raise NotAllowed(_("保密内容不经接口，请在网页上填写。"))
    attachment = attachments.keep(office, actor, draft_id, name, data)
    with office.store.write():
        if (known := _sent(office, actor, key, body)) is not None:  # the same, sent twice at once
            return known
        drafts.hold(office, actor, draft_id, field_key, attachment)
        asked_once.note(office, actor, key, body, attachment.id)
    return attachment


def _sent(office: Office, actor: Account, key: str, body: str) -> Attachment | None:
    known = asked_once.made(office, actor, key, body)
    return attachments.get(office, known) if known else None


def hand_in(office: Office, actor: Account, slug: str, values: Values, key: str = "") -> Record:
    """A record of these values at once; where they are refused, no draft is left behind.

    Raises what ``begin`` and ``submitting.submit`` raise.
    """
    made = asked_once.made(office, actor, key, json.dumps([slug, values], sort_keys=True)) if key else None
    record = submitting.outcome(office, actor, made) if made else None
    if record is not None:
        return record
    draft = begin(office, actor, slug, values, key)
    try:
        return submitting.submit(office, actor, draft.id, draft.raw, draft.revision)
    except (InvalidAnswers, Refused):
        with office.store.write():
            drafts.discard(office, actor, draft.id)
            if key:
                asked_once.forget(office, actor, key)
        raise


def _raw(actor: Account, form_type: FormType, values: Values) -> Raw:
    problems = data_problems(form_type, values)
    if actor.limit is not None:  # what is confidential comes neither out to a program nor in from one
        problems += [
            _only_on_the_page(form_type, key) for key in values if key in form_type.confidential_keys
        ]
    if problems:
        raise InvalidValues(problems)
    return raw_from_values(form_type, values)


def _only_on_the_page(form_type: FormType, key: str) -> Problem:
    label = form_type.field(key).label
    return Problem(key, "", label, _("%(label)s：保密内容不经接口，请在网页上填写", label=label))
