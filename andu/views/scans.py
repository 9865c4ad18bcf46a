"""Signing on paper: the sheet to print, and the scan of what was signed or sealed, to be filed.

What a person reads off a scan is entered in ``andu.views.ink``.
"""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, HiddenField, StringField
from wtforms.validators import Length

from andu.office import records
from andu.office.desk import showing
from andu.office.records import Record
from andu.office.signing import scans, signature_sheet
from andu.office.signing.check_codes import CODE, ScanRefused
from andu.views.asking import actor, needs, office
from andu.views.own_form import OwnForm
from andu.views.sending import MEDIA_TYPES, send_file

blueprint = Blueprint("scans", __name__)
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


class UploadForm(OwnForm):
    """The scan, and the code for one whose QR code cannot be read."""

    scan = FileField(_l("照片或者扫描件"))
    held = HiddenField()
    code = StringField(_l("核对码"), [Length(max=60, message=_l("核对码太长了"))])


@blueprint.get("/records/<record_id>/signature-sheet.pdf")
@needs("print")
def sheet(record_id: str) -> ResponseReturnValue:
    """The signature sheet of the version as it stands, to print and sign by hand."""
    pdf = signature_sheet.make(office(), actor(), record_id)
    return send_file(pdf, _("签字页.pdf"), MEDIA_TYPES["pdf"], inline=True)


@blueprint.get("/records/<record_id>/scans")
@needs("confirm_ink")
def index(record_id: str) -> ResponseReturnValue:
    """How signing on paper goes, and where the scan is handed in."""
    record = scans.record_for(office(), actor(), record_id)
    showing.note_viewed(office(), actor(), record)
    return _index(record, UploadForm(formdata=None))


@blueprint.post("/records/<record_id>/scans")
@needs("confirm_ink")
def upload(record_id: str) -> ResponseReturnValue:
    """File a scan; on to the signatures it shows."""
    record = scans.record_for(office(), actor(), record_id)
    form = UploadForm()
    data = _uploaded(record, form)
    if not data:
        form.scan.errors = [_("请选择签字页的照片或者扫描件。")]
    if not data or not form.validate():
        return _index(record, form)
    try:
        scan = scans.file(office(), actor(), record.id, data, form.code.data or "")
    except ScanRefused as refusal:
        faulty = form.code if refusal.part == CODE else form.scan
        faulty.errors = [refusal.message]
        if refusal.part == CODE:
            form.held.data = scans.hold(office(), actor(), record, data)
        return _index(record, form)
    flash(_("扫描件已核对归档。"), "good")
    return redirect(url_for("ink.show", record_id=record.id, scan_id=scan.id))


def _uploaded(record: Record, form: UploadForm) -> bytes:
    """The file chosen now, else the one that was held while its code was asked for."""
    chosen = request.files.get("scan")
    data = chosen.read() if chosen and chosen.filename else b""
    return data or scans.held(office(), actor(), record, form.held.data or "")


def _index(record: Record, form: UploadForm) -> ResponseReturnValue:
    page = render_template(
        "scans/index.html",
        record=record,
        form=form,
        form_type=records.form_type_of(office(), record),
        filed=scans.of_record(office(), record.id),
        closed=scans.why_closed(record),
        no_sheet=signature_sheet.why_none(record, records.form_type_of(office(), record)),
    )
    return page, 422 if form.errors else 200


@blueprint.get("/records/<record_id>/scans/<scan_id>/<int:number>.jpg")
@needs("see_unit")
def picture(record_id: str, scan_id: str, number: int) -> ResponseReturnValue:
    """One page of a scan, drawn anew."""
    return Response(scans.picture(office(), actor(), record_id, scan_id, number), mimetype="image/jpeg")


@blueprint.get("/records/<record_id>/scans/<scan_id>/file")
@needs("download")
def download(record_id: str, scan_id: str) -> ResponseReturnValue:
    """The scan as it was uploaded."""
    data, scan = scans.download(office(), actor(), record_id, scan_id)
    name = _("签章扫描件 第%(n)s稿.%(ending)s", n=scan.version, ending=ENDINGS[scan.media_type])
    return send_file(data, name, scan.media_type)
