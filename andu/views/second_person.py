"""What needs a second person: asking for it, and letting somebody look for a while."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from andu.office.errors import Refused
from andu.office.writing import confidential, second_person
from andu.security.signin import SignInRefused
from andu.views.asking import actor, address, needs, office
from andu.views.own_form import OwnForm, RealReason

blueprint = Blueprint("second_person", __name__)


class AskForm(OwnForm):
    """Why it has to be looked at, and the password."""

    reason = StringField(
        _l("事由"),
        [DataRequired(_l("请写明事由")), Length(max=200, message=_l("最多 200 字")), RealReason()],
    )
    password = PasswordField(_l("您的登录密码"), [InputRequired(_l("请输入您的登录密码"))])


class ApproveForm(OwnForm):
    """The password of whoever approves."""

    password = PasswordField(_l("您的登录密码"), [InputRequired(_l("请输入您的登录密码"))])


@blueprint.route("/records/<record_id>/second-person", methods=["GET", "POST"])
@needs("see_confidential")
def ask(record_id: str) -> ResponseReturnValue:
    """Ask another to let this person look at what nobody opens alone."""
    record = confidential.ask(office(), actor(), record_id)
    form = AskForm()
    if form.validate_on_submit():
        words = (form.reason.data or "", form.password.data or "", address())
        try:
            second_person.ask(office(), actor(), record_id, *words)
        except SignInRefused as refusal:
            form.password.errors = [refusal.message]
        else:
            flash(_("已提出。请另一位有保密权限的同志在工作台上同意。"), "good")
            return redirect(url_for("records.reveal", record_id=record_id))
    page = render_template("second_person/ask.html", record=record, form=form)
    return page, 422 if request.method == "POST" else 200


@blueprint.route("/second-person/<look_id>", methods=["GET", "POST"])
@needs("see_confidential")
def approve(look_id: str) -> ResponseReturnValue:
    """Let somebody look for half an hour."""
    look = second_person.get(office(), actor(), look_id)
    form = ApproveForm()
    if form.validate_on_submit():
        try:
            second_person.approve(office(), actor(), look_id, form.password.data or "", address())
        except SignInRefused as refusal:
            form.password.errors = [refusal.message]
        except Refused as refusal:
            form.password.errors = [refusal.message]
        else:
            flash(_("已同意，%(name)s可以看 30 分钟。", name=look.asker.name), "good")
            return redirect(url_for("desk.show"))
    page = render_template("second_person/approve.html", look=look, form=form)
    return page, 422 if request.method == "POST" else 200
