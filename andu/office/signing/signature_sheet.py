"""The signature sheet of a record: its version in a check code, who has signed, and room for ink.

Called by the scan views. Filled like every paper; its template is examined once and kept by its hash. It
names the form, never what the record says, and nobody but those who have signed.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.definition import FormType
from andu.office import records
from andu.office.books import register
from andu.office.errors import NotAllowed, NotYet, Refused
from andu.office.events import Signature
from andu.office.issue import filling, snapshot
from andu.office.issue.snapshot import Matter
from andu.office.office import Office
from andu.office.records import Record
from andu.papers.checks.examination import Paper, examined, received
from andu.papers.pdf import PdfFault
from andu.papers.pdf.waiting import TooMany
from andu.papers.signature_sheet import SLUG, sheet_form
from andu.papers.template import PaperFault
from andu.security.accounts import Account
from andu.security.permissions import may


def why_none(record: Record, form_type: FormType) -> str:
    """Why this record has no sheet to sign now, in one sentence; empty when it has."""
    if not form_type.signatures.slots:
        return _("这种表不需要签字，没有签字页。")
    if record.state == "returned":
        return _("这份材料已退回修改，改好重新提交后再打印签字页。")
    if record.state == "voided":
        return _("这份材料的编号已经作废，不再打印签字页。")
    return ""


def make(office: Office, actor: Account, record_id: str) -> bytes:
    """The PDF of the sheet for the version as it now stands; notes the print.

    Raises ``NotFound``, ``NotAllowed``, ``Refused`` where there is nothing to sign or it cannot be made, and
    ``NotYet`` while the actor has too many papers under way.
    """
    record = records.get(office, actor, record_id)
    if not may(actor, "print"):
        raise NotAllowed(_("您的岗位不能下载或打印文书。"))
    form_type = records.form_type_of(office, record)
    if why := why_none(record, form_type):
        raise Refused(why)
    entry = register.of_record(office, actor, record.id)
    context = snapshot.context(office, _matter(office, record, form_type), entry.number if entry else "")
    try:
        pdf = office.to_pdf(filling.fill(office, _template(office), context), asked_by=actor.id)
    except TooMany as fault:
        raise NotYet(str(fault)) from fault
    except (PaperFault, PdfFault) as fault:
        raise Refused(_("签字页没有生成：%(why)s", why=str(fault))) from fault
    office.note(record.unit_id, actor.id, "signature_sheet_printed", record=record.id, version=record.version)
    return pdf


def _matter(office: Office, record: Record, form_type: FormType) -> Matter:
    whole = filling.matter_of(office, record)
    values = {
        "of_form": form_type.title,
        "version": str(record.version),
        "statement": form_type.signatures.statement,
        "slots": [
            _slot(slot.label, slot.key, whole)
            for slot in form_type.signatures.slots
            if not (slot.after_number and record.may_change)  # a receipt of what has no number is none
        ],
    }
    return Matter(
        form_type=sheet_form(),
        values=values,
        author_id=whole.author_id,
        unit_id=whole.unit_id,
        submitted_at=whole.submitted_at,
        check_code=whole.check_code,
    )


def _slot(label: str, key: str, whole: Matter) -> dict[str, Any]:
    given: Signature | None = next((one for one in whole.signed if one.slot == key), None)
    if given is None:
        return {"label": label}
    return {
        "label": label,
        "opinion": given.opinion,
        "name": given.name,
        "how": given.in_ink or _("系统内签字"),
        "date": snapshot.signed_on(given),
    }


def _template(office: Office) -> str:
    """The hash of the sheet's template; raises ``Refused`` for one that is missing or did not pass."""
    try:
        docx = (office.settings.templates / f"{SLUG}.docx").read_bytes()
    except OSError as error:
        raise Refused(_("签字页的模板 %(name)s 不见了，请联系管理员。", name=f"{SLUG}.docx")) from error
    paper = _examined(docx)
    if not paper.passed:
        raise Refused(_("签字页的模板没有通过检查，请联系管理员。"))
    return office.files.put(paper.docx)


@cache
def _examined(docx: bytes) -> Paper:
    return examined([(sheet_form(), received(docx))])[0]
