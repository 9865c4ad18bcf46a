"""Filling papers for the office: the one way from a matter to docx bytes, for previews and for filing.

``fill`` needs only a template's hash and a context, so that a filed paper can be made again, byte for
byte, from its frozen snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from andu.clock import stamp
from andu.formtypes.webform import read_loosely
from andu.office import drafts, editions, events, records, snapshot
from andu.office.drafts import Draft
from andu.office.errors import Refused
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from andu.office.snapshot import Matter
from andu.papers.pdf import PdfFault, mark_draft
from andu.papers.template import PaperFault, compile_template
from andu.security.accounts import Account


def fill(office: Office, template_sha: str, context: Mapping[str, Any]) -> bytes:
    """The docx of a context. The same input gives the same bytes; raises ``PaperFault``."""
    return compile_template(office.files.get(template_sha)).fill(dict(context))


def matter_of(office: Office, record: Record) -> Matter:
    """What a record's paper is about, with the signatures that count now."""
    signed = [one for one in events.signatures(events.of(office, record.id)) if one.voided is None]
    return Matter(
        form_type=records.form_type_of(office, record),
        values=record.values,
        author_id=record.author_id,
        unit_id=record.unit_id,
        submitted_at=record.updated_at if record.version > 1 else record.created_at,
        signed=signed,
        code=record.code,
    )


def _draft_matter(office: Office, draft: Draft, values: Mapping[str, Any]) -> Matter:
    return Matter(
        form_type=drafts.form_type_of(office, draft),
        values=values,
        author_id=draft.author_id,
        unit_id=draft.unit_id,
        submitted_at=stamp(office.clock.now()),
    )


def _try(office: Office, matter: Matter, template_sha: str) -> bytes:
    context = snapshot.context(office, matter, snapshot.placeholder_number(office, matter.form_type))
    try:
        return fill(office, template_sha, context)
    except PaperFault as fault:
        raise Refused(_("公文模板填不出来，请联系管理员：%(why)s", why=str(fault))) from fault


def preflight(office: Office, draft: Draft, values: Mapping[str, Any]) -> None:
    """Fill the paper once with a placeholder number, so that no fault appears after a number is spent.

    Raises ``Refused`` with the reason.
    """
    _try(office, _draft_matter(office, draft, values), editions.current(office, draft.form).template_sha)


def preview_draft(office: Office, actor: Account, draft_id: str) -> bytes:
    """The paper of a draft as PDF, marked as a draft; unreadable inputs stay blank. Spends no number.

    Raises ``NotFound`` or ``Refused``.
    """
    draft = drafts.get(office, actor, draft_id)
    values = read_loosely(drafts.form_type_of(office, draft), draft.raw, OfficeDirectory(office, actor))
    matter = _draft_matter(office, draft, values)
    return _as_draft_pdf(office, _try(office, matter, editions.current(office, draft.form).template_sha))


def preview_record(office: Office, actor: Account, record_id: str) -> bytes:
    """The paper of a record that has no number yet, as PDF, marked as a draft.

    Raises ``NotFound``, and ``Refused`` once it has its number.
    """
    record = records.get(office, actor, record_id)
    if not record.may_change:
        raise Refused(_("这份材料已经编号，请打开已归档的文书。"))
    return as_draft(office, record)


def as_draft(office: Office, record: Record) -> bytes:
    """The paper of a record as it now stands, as PDF, marked as a draft; raises ``Refused``."""
    edition = editions.get(office, record.form_version)
    return _as_draft_pdf(office, _try(office, matter_of(office, record), edition.template_sha))


def _as_draft_pdf(office: Office, docx: bytes) -> bytes:
    try:
        return mark_draft(office.to_pdf(docx))
    except PdfFault as fault:
        raise Refused(_("预览没有生成：%(why)s", why=str(fault))) from fault
