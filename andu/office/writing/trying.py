"""The paper of a draft: tried out before it is handed in, looked at while it is written. Spends no number."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from andu.clock import stamp
from andu.formtypes.definition import FormType
from andu.formtypes.filling.webform import read_loosely
from andu.office import editions
from andu.office.editions import Edition
from andu.office.errors import Refused
from andu.office.issue.filling import as_draft_pdf, try_out
from andu.office.issue.snapshot import Matter
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.writing import drafts
from andu.office.writing.drafts import Draft
from andu.papers.checks.layout import Finding
from andu.papers.pdf import PdfFault, TooSlow
from andu.security.accounts import Account

log = logging.getLogger(__name__)


def preflight(
    office: Office, draft: Draft, values: Mapping[str, Any], edition: Edition, check_code: str = ""
) -> tuple[Finding, ...]:
    """Make the paper of a draft about to be handed in, so that its faults are found by whoever can mend them.

    ``edition``: the one that judged the answers; ``check_code``: that of the record to come, if known. What
    the checker advises. Raises ``Refused`` with the reason. Without LibreOffice the answers are taken all
    the same: it is asked again before the number, and the clerk could not mend it.
    """
    matter = replace(_draft_matter(office, draft, values, edition.form_type), check_code=check_code)
    try:
        return try_out(office, matter, edition.template_sha).remarks
    except TooSlow as fault:
        raise Refused(_("这份文书排版太久，装不下这么多内容，请缩短或者分成几份办理。")) from fault
    except PdfFault as fault:
        log.warning("the paper of draft %s was not judged: %s", draft.id, fault)
        return ()


def preview_draft(office: Office, actor: Account, draft_id: str) -> bytes:
    """The paper of a draft as PDF, marked as a draft; unreadable inputs stay blank. Spends no number.

    Raises ``NotFound`` or ``Refused``.
    """
    draft = drafts.get(office, actor, draft_id)
    edition = editions.current(office, draft.form)
    values = read_loosely(edition.form_type, draft.raw, OfficeDirectory(office, actor))
    matter = _draft_matter(office, draft, values, edition.form_type)
    return as_draft_pdf(office, actor, matter, edition.template_sha)


def _draft_matter(office: Office, draft: Draft, values: Mapping[str, Any], form_type: FormType) -> Matter:
    return Matter(
        form_type=form_type,
        values=values,
        author_id=draft.author_id,
        unit_id=draft.unit_id,
        submitted_at=stamp(office.clock.now()),
    )
