"""同名，不是本人: whom a matter shuts out by name alone, and the director's word that they are not meant."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from andu.office.handover import namesakes
from andu.security.signin import SignInRefused
from andu.views.asking import actor, address, needs, office
from andu.views.own_form import OwnForm, RealReason

blueprint = Blueprint("namesakes", __name__)


class NamesakeForm(OwnForm):
    """Who, how it was made sure, and the director's password."""

    account = SelectField(_l("哪位同志"), [InputRequired(_l("请选择一位"))], choices=[])
    reason = StringField(
        _l("怎样核实的"),
        [DataRequired(_l("请写明怎样核实的")), Length(max=200, message=_l("最多 200 字")), RealReason()],
    )
    password = PasswordField(_l("您的登录密码"), [InputRequired(_l("请输入您的登录密码"))])


@blueprint.route("/records/<record_id>/namesakes", methods=["GET", "POST"])
@needs("void_number")
def show(record_id: str) -> ResponseReturnValue:
    """Who is called as somebody named here; a second word of the same person takes the first back."""
    record, found = namesakes.of(office(), actor(), record_id)
    form = NamesakeForm()
    words = {True: _("收回：看不到"), False: _("同名，不是本人：可以看到")}
    form.account.choices = [("", _("请选择"))]
    for one in found:
        who = f"{one.account.name}（{one.account.unit_name}）"
        form.account.choices.append((one.account.id, f"{who} · {words[one.is_noted]}"))
    if form.validate_on_submit():
        given = (form.account.data, form.reason.data or "", form.password.data or "", address())
        try:
            name = namesakes.note(office(), actor(), record_id, *given)
        except SignInRefused as refusal:
            form.password.errors = [refusal.message]
        else:
            flash(_("已记下关于%(name)s的认定，写进了办理经过和审计日志。", name=name), "good")
            return redirect(url_for("records.show", record_id=record_id))
    page = render_template("records/namesakes.html", record=record, found=found, form=form)
    return page, 422 if request.method == "POST" else 200
