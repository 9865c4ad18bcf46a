"""Deadlines: say that one is done, ask for and decide an extension, chase it, put a reminder away."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, RadioField, TextAreaField
from wtforms.fields import DateField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from andu.clock import office_day
from andu.office.desk import duties
from andu.office.desk.duties import Duty
from andu.office.followup import chasing, extensions, finishing, reminders
from andu.office.followup.extensions import InvalidEnd
from andu.security.signin import SignInRefused
from andu.views.asking import actor, address, needs, office
from andu.views.own_form import OwnForm, RealReason

blueprint = Blueprint("deadlines", __name__)

GRANT, REFUSE = "grant", "refuse"


class DoneForm(OwnForm):
    """What was done, in a few words."""

    words = TextAreaField(
        _l("办理结果"),
        [
            DataRequired(_l("请用几句话写明办理结果")),
            Length(max=500, message=_l("办理结果最多 500 字")),
            RealReason(),
        ],
    )


class ExtensionForm(OwnForm):
    """Until when, and why."""

    until = DateField(_l("延期到"), [InputRequired(_l("请填写新的期限"))])
    reason = TextAreaField(
        _l("延期理由"),
        [
            DataRequired(_l("请写明延期的理由")),
            Length(max=500, message=_l("理由最多 500 字")),
            RealReason(),
        ],
    )


class DecisionForm(OwnForm):
    """Yes or no, why not, and the password once more."""

    extension = HiddenField()
    decision = RadioField(
        _l("意见"),
        [InputRequired(_l("请选择同意或不同意"))],
        choices=[SelectChoice(GRANT, _l("同意延期")), SelectChoice(REFUSE, _l("不同意"))],
    )
    answer = TextAreaField(_l("不同意的理由"), [Length(max=500, message=_l("理由最多 500 字")), RealReason()])
    password = PasswordField(_l("登录密码"), [InputRequired(_l("请输入您的登录密码"))])


@blueprint.route("/deadlines/<deadline_id>/done", methods=["GET", "POST"])
@needs("see_unit")
def done(deadline_id: str) -> ResponseReturnValue:
    """Say that it is done."""
    duty = duties.one(office(), actor(), deadline_id)
    form = DoneForm()
    if not form.validate_on_submit():
        page = render_template("deadlines/done.html", one=duty, form=form)
        return page, 422 if form.errors else 200
    finishing.finish(office(), actor(), deadline_id, form.words.data or "")
    flash(_("已注明办结。"), "good")
    return _back(duty)


@blueprint.get("/deadlines/<deadline_id>/extension")
@needs("see_unit")
def extension(deadline_id: str) -> ResponseReturnValue:
    """What was asked and decided so far, and the form to ask or to decide, for whoever may."""
    return _page(duties.one(office(), actor(), deadline_id))


@blueprint.post("/deadlines/<deadline_id>/extension")
@needs("see_unit")
def ask(deadline_id: str) -> ResponseReturnValue:
    """Ask for an extension; it waits for a decision."""
    duty = duties.one(office(), actor(), deadline_id)
    form = ExtensionForm()
    if not form.validate() or form.until.data is None:
        _say_plainly(form)
        return _page(duty, form)
    try:
        extensions.ask(office(), actor(), deadline_id, form.until.data, form.reason.data or "")
    except InvalidEnd as fault:
        form.until.errors = [fault.message]
        return _page(duty, form)
    flash(_("已申请延期，等待批准。批准以前仍按原期限办。"), "good")
    return _back(duty)


def _say_plainly(form: ExtensionForm) -> None:
    """WTForms says in English that something is no day."""
    if form.until.raw_data and form.until.raw_data[0] and form.until.data is None:
        form.until.errors = [_("没有这一天，请按 2026-11-22 这样填写。")]


@blueprint.post("/deadlines/<deadline_id>/extension/decision")
@needs("sign")
def decide(deadline_id: str) -> ResponseReturnValue:
    """Grant or refuse an extension."""
    duty = duties.one(office(), actor(), deadline_id)
    form = DecisionForm(prefix="decide-")
    fits = form.validate()
    grants, answer = form.decision.data == GRANT, form.answer.data or ""
    if not grants and not answer.strip() and not form.decision.errors:
        form.answer.errors = [_("不同意延期的，请写明理由")]
        fits = False
    if not fits:
        return _page(duty, deciding=form)
    try:
        extensions.decide(
            office(), actor(), deadline_id, form.extension.data or "", grants, answer,
            form.password.data or "", address(),
        )  # fmt: skip
    except SignInRefused as refusal:
        form.password.errors = [refusal.message]
        return _page(duty, deciding=form)
    flash(_("已同意延期。") if grants else _("已答复不同意延期。"), "good")
    return _back(duty)


def _page(
    duty: Duty, asking: ExtensionForm | None = None, deciding: DecisionForm | None = None
) -> ResponseReturnValue:
    waiting = duty.extensions[-1].id if duty.may_decide else ""
    first = office_day(max(duty.at, office().clock.now() - timedelta(days=1))) + timedelta(days=1)
    page = render_template(
        "deadlines/extension.html",
        one=duty,
        first=first,
        why_not=extensions.why_not(actor(), duty, duty.extensions, office().clock.now()),
        asking=asking or ExtensionForm(formdata=None),
        deciding=deciding or DecisionForm(formdata=None, prefix="decide-", extension=waiting),
    )
    return page, 422 if asking or deciding else 200


@blueprint.post("/deadlines/<deadline_id>/chase/<slug>")
@needs("fill")
def chase(deadline_id: str, slug: str) -> ResponseReturnValue:
    """Begin a form that chases an overdue deadline, filled from it."""
    draft = chasing.chase(office(), actor(), deadline_id, slug)
    return redirect(url_for("drafts.edit", draft_id=draft.id))


@blueprint.post("/reminders/<reminder_id>/away")
@needs("see_unit")
def put_away(reminder_id: str) -> ResponseReturnValue:
    """Take a reminder off one's own desk."""
    reminders.put_away(office(), actor(), reminder_id)
    return redirect(url_for("desk.show", _anchor="main"))


def _back(duty: Duty) -> ResponseReturnValue:
    if duty.is_open:
        return redirect(url_for("records.show", record_id=duty.record_id))
    return redirect(url_for("desk.show"))
