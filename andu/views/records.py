"""A record's page, its paper as pictures, its changes, its attachments, its confidential answers."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from andu.office import cases, editions, offering, records
from andu.office.books import building_on, copies, likeness, register
from andu.office.desk import duties, pictures, showing, standing
from andu.office.errors import NotYet
from andu.office.handover import namesakes
from andu.office.issue import filling
from andu.office.signing import giving, scans, signatures
from andu.office.writing import attachments, confidential, copying, revising, second_person
from andu.security import naming
from andu.security.signin import SignInRefused
from andu.security.vault import VaultLocked
from andu.views.asking import actor, address, needs, office
from andu.views.own_form import OwnForm, RealReason
from andu.views.sending import send_file

blueprint = Blueprint("records", __name__)
AGAIN = "3"
"""Seconds until a page looks again whose paper is being made."""


class RevealForm(OwnForm):
    """Why somebody wants to see who reported, and the password once more."""

    reason = StringField(
        _l("查看事由"),
        [
            DataRequired(_l("请写明查看的事由")),
            Length(max=200, message=_l("事由最多 200 字")),
            RealReason(),
        ],
    )
    password = PasswordField(_l("您的登录密码"), [InputRequired(_l("请输入您的登录密码"))])


@blueprint.get("/records/<record_id>")
@needs("see_unit")
def show(record_id: str) -> ResponseReturnValue:
    """Where it is, what it says, who signed, what happened, and what can be done now."""
    here, me = office(), actor()
    record = records.get(here, me, record_id)
    showing.note_viewed(here, me, record)
    names = naming.in_office(here.store)
    form_type = records.form_type_of(here, record)
    now = standing.of(here, record, me)
    entry = register.of_record(here, me, record.id)
    page = render_template(
        "records/show.html",
        record=record,
        form_type=form_type,
        standing=now,
        sections=showing.answers(here, me, record),
        attached=attachments.of_record(here, record.id),
        signed=signatures.given(here, record),
        rule=signatures.rule(here, record),
        history=showing.history(here, record),
        entry=entry,
        copied=copies.of(here, entry.id) if entry else [],
        names=names,
        remarks=showing.remarks(here, record),
        due=duties.of_record(here, me, record),
        next_forms=cases.next_forms(here, me, record),
        alike=likeness.of_record(here, me, record),
        scans=scans.beside(here, me, record),
        stuck=giving.of_record(here, record),
        may_give=giving.may_give(here, me, record),
        keeper=names[record.keeper],
        may_sign=signatures.signable(here, me, record) is not None,
        may_copy=offering.may_fill(me, form_type) and not editions.why_retired(here, record.form),
        may_revise=revising.may_revise(here, me, record),
        has_namesakes=namesakes.may_note(me) and bool(namesakes.of(here, me, record_id)[1]),
        may_reveal=confidential.may_reveal(me, record),
        pages=pictures.known(here, me, record),
        later=building_on.later(here, me, record) if record.state == "voided" else None,
        voided=building_on.voided(here, me, record),
        author=names[record.author_id],
    )
    # asks the browser to look again, where there is no script as well; nothing is typed on this page
    return page, 200, {"Refresh": AGAIN} if now.is_being_made else {}


@blueprint.get("/records/<record_id>/paper")
@needs("see_unit")
def sheets(record_id: str) -> ResponseReturnValue:
    """All pages of the paper as pictures; draws them when nobody has looked before."""
    record = records.get(office(), actor(), record_id)
    try:
        pages = pictures.count(office(), actor(), record)
    except NotYet as not_yet:
        return render_template("records/sheets.html", record=record, later=not_yet.message)
    showing.note_viewed(office(), actor(), record)
    return render_template("records/sheets.html", record=record, pages=pages)


@blueprint.get("/records/<record_id>/paper/waiting")
@needs("see_unit")
def waiting(record_id: str) -> ResponseReturnValue:
    """For the script of a page that waits for its pictures: how many papers are made before this one."""
    records.get(office(), actor(), record_id)
    ahead = office().ahead(actor().id)
    message = _("前面还有 %(n)s 份文书在生成，请稍候…", n=ahead) if ahead else _("正在生成纸面图片…")
    return jsonify(ahead=ahead, message=message)


@blueprint.get("/records/<record_id>/paper/<int:number>.png")
@needs("see_unit")
def paper(record_id: str, number: int) -> ResponseReturnValue:
    """One page of the paper as a picture, readable where no PDF viewer is."""
    record = records.get(office(), actor(), record_id)
    return Response(pictures.page(office(), actor(), record, number), mimetype="image/png")


@blueprint.get("/records/<record_id>/preview.pdf")
@needs("see_unit")
def preview(record_id: str) -> ResponseReturnValue:
    """The paper of a record that has no number yet, marked as a draft."""
    pdf = filling.preview_record(office(), actor(), record_id)
    showing.note_viewed(office(), actor(), records.get(office(), actor(), record_id))
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": "inline"})


@blueprint.post("/records/<record_id>/revise")
@needs("fill")
def revise(record_id: str) -> ResponseReturnValue:
    """Open it for change."""
    draft = revising.revise(office(), actor(), record_id)
    return redirect(url_for("drafts.edit", draft_id=draft.id))


@blueprint.post("/records/<record_id>/copy")
@needs("fill")
def copy(record_id: str) -> ResponseReturnValue:
    """Begin a new draft with its answers."""
    draft = copying.copy(office(), actor(), record_id)
    flash(_("已照这一份填好，日期、编号、附件和保密的内容没有照抄，请补上。"), "good")
    return redirect(url_for("drafts.edit", draft_id=draft.id))


@blueprint.route("/records/<record_id>/confidential", methods=["GET", "POST"])
@needs("see_unit")
def reveal(record_id: str) -> ResponseReturnValue:
    """The confidential answers, for those who may, after a reason; each look is in the audit log."""
    record = confidential.ask(office(), actor(), record_id)
    form = RevealForm()
    answers = None
    if form.validate_on_submit():
        words = (form.reason.data or "", form.password.data or "", address())
        try:
            values = second_person.reveal(office(), actor(), record_id, *words)
            answers = showing.confidential_answers(office(), actor(), record, values)
        except SignInRefused as refusal:
            form.password.errors = [refusal.message]
        except VaultLocked as locked:
            form.password.errors = [str(locked)]
    page = render_template(
        "records/confidential.html",
        record=record,
        form=form,
        answers=answers,
        needs_two=second_person.needed(office(), record),
        look=second_person.mine(office(), actor(), record),
    )
    return page, 422 if request.method == "POST" and answers is None else 200


@blueprint.get("/attachments/<attachment_id>")
@needs("see_unit")
def attachment(attachment_id: str) -> ResponseReturnValue:
    """Download an attached file."""
    data, found = showing.attachment(office(), actor(), attachment_id)
    return send_file(data, found.name, found.media_type)
