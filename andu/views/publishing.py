"""The check of a design, and what is in force: publishing, withdrawing, an earlier edition put back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length

from andu.office.errors import NotFound, Refused
from andu.office.shelf import checking, designs, ledger_columns, publishing
from andu.office.shelf.designs import ACT, Design
from andu.views.asking import actor, needs, office
from andu.views.own_form import OwnForm
from andu.views.sending import MEDIA_TYPES, send_file

blueprint = Blueprint("publishing", __name__)


class NoteForm(OwnForm):
    """What is published, withdrawn or put back, in a few words."""

    revision = IntegerField()
    note = StringField(
        _l("说明"),
        [InputRequired(_l("请写一句说明，以后看得出为什么")), Length(max=200, message=_l("最多 200 个字"))],
    )


@blueprint.get("/designs/<design_id>/check")
@needs(ACT)
def check(design_id: str) -> ResponseReturnValue:
    """What is wrong with a design, what it would change, and the button that publishes it."""
    design = designs.get(office(), actor(), design_id)
    return _check(design, NoteForm(formdata=None, revision=design.revision))


@blueprint.get("/designs/<design_id>/sample.pdf")
@needs(ACT)
def sample(design_id: str) -> ResponseReturnValue:
    """Its paper with a sample, ``?longest`` with the longest answers; no number, no record."""
    design = designs.get(office(), actor(), design_id)
    pdf = checking.sample(office(), actor(), design, worst="longest" in request.args)
    return send_file(pdf, _("试印.pdf"), MEDIA_TYPES["pdf"], inline=True)


@blueprint.post("/designs/<design_id>/publish")
@needs(ACT)
def publish(design_id: str) -> ResponseReturnValue:
    """Put it in force."""
    design = designs.get(office(), actor(), design_id)
    form = NoteForm()
    if not form.validate():
        return _check(design, form)
    try:
        said = (form.revision.data or 0, form.note.data or "")
        edition = publishing.publish(office(), actor(), design.id, *said)
    except Refused as refusal:
        form.note.errors = [refusal.message]
        form.revision.data = design.revision
        return _check(design, form)
    if edition is None:
        flash(_("已请另一位管理员确认；确认以后才生效。"), "good")
        return redirect(url_for("publishing.check", design_id=design.id))
    flash(_("“%(title)s”已发布，大家现在就可以填。", title=design.title), "good")
    return redirect(url_for("forms.show", slug=design.slug))


@blueprint.get("/forms/<slug>/editions")
@needs(ACT)
def editions(slug: str) -> ResponseReturnValue:
    """Every edition there was, who published what, and the acts upon them."""
    return _editions(slug, NoteForm(formdata=None))


@blueprint.post("/forms/<slug>/withdraw")
@needs(ACT)
def withdraw(slug: str) -> ResponseReturnValue:
    """Nothing new of it begins any more."""
    form = NoteForm()
    if not form.validate():
        return _editions(slug, form)
    try:
        publishing.withdraw(office(), actor(), slug, form.note.data or "")
    except Refused as refusal:
        form.note.errors = [refusal.message]
        return _editions(slug, form)
    flash(_("已停用：不再新填；已有的照旧。"), "good")
    return redirect(url_for("publishing.editions", slug=slug))


@blueprint.post("/forms/<slug>/editions/<edition_id>")
@needs(ACT)
def restore(slug: str, edition_id: str) -> ResponseReturnValue:
    """An earlier edition in force again."""
    form = NoteForm()
    if not form.validate():
        return _editions(slug, form)
    try:
        publishing.restore(office(), actor(), slug, edition_id, form.note.data or "")
    except Refused as refusal:
        form.note.errors = [refusal.message]
        return _editions(slug, form)
    flash(_("已恢复，大家现在填的就是这一版。"), "good")
    return redirect(url_for("publishing.editions", slug=slug))


def _check(design: Design, form: NoteForm) -> ResponseReturnValue:
    if design.state == designs.READ:
        return redirect(url_for("proposals.show", design_id=design.id))
    page = render_template(
        "publishing/check.html",
        design=design,
        form=form,
        verdict=checking.check(office(), actor(), design),
        changes=list(checking.changes(office(), design)),
        ledgers=ledger_columns.changes(office(), design),
        was=checking.in_force(office(), design.slug),
        drafts=checking.drafts_of(office(), design.slug),
        asked=_asked(design),
    )
    return page, 422 if form.errors else 200


def _asked(design: Design) -> tuple[str, bool] | None:
    """Who asked for a second admin's word, and whether that is oneself; None where nobody did."""
    asked = designs.asked_by(office(), actor(), design) if office().config.two_to_publish else ""
    return (publishing.name_of(office(), asked), asked == actor().id) if asked else None


def _editions(slug: str, form: NoteForm) -> ResponseReturnValue:
    form_type = office().catalogue.get(slug)
    if form_type is None:
        raise NotFound(slug)
    page = render_template(
        "publishing/editions.html",
        form_type=form_type,
        form=form,
        is_withdrawn=slug in office().catalogue.retired,
        every=publishing.every(office(), actor(), slug),
        history=publishing.history(office(), actor(), slug),
        hanging=checking.hanging_on(office(), slug),
    )
    return page, 422 if form.errors else 200
