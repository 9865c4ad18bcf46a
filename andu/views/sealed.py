"""A sealed part left behind by somebody who handed the rest over: who goes on, and why they may read it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from andu.office.writing import sealed_parts
from andu.security import naming, units
from andu.security.signin import SignInRefused
from andu.views.asking import actor, address, needs, office
from andu.views.own_form import OwnForm, RealReason

blueprint = Blueprint("sealed", __name__)


class HandOnForm(OwnForm):
    """Why, and the password once more."""

    reason = StringField(
        _l("移交事由"),
        [DataRequired(_l("请写明移交的事由")), Length(max=200, message=_l("事由最多 200 字")), RealReason()],
    )
    password = PasswordField(_l("您的登录密码"), [InputRequired(_l("请输入您的登录密码"))])


@blueprint.get("/sealed/<kind>/<item_id>")
@needs("see_confidential")
def show(kind: str, item_id: str) -> ResponseReturnValue:
    """What is sealed to whom, and who goes on with it; none of the answers themselves."""
    return _page(kind, item_id, HandOnForm(formdata=None))


@blueprint.post("/sealed/<kind>/<item_id>")
@needs("see_confidential")
def hand_on(kind: str, item_id: str) -> ResponseReturnValue:
    """Let whoever goes on with it read the sealed part."""
    form = HandOnForm()
    sealed_parts.get(office(), actor(), kind, item_id)
    if not form.validate():
        return _page(kind, item_id, form)
    try:
        left = sealed_parts.hand_on(
            office(), actor(), kind, item_id, form.reason.data or "", form.password.data or "", address()
        )
    except SignInRefused as refusal:
        form.password.errors = [refusal.message]
        return _page(kind, item_id, form)
    flash(_("已把保密内容移交给%(name)s，记入审计日志。", name=left.to.name), "good")
    return redirect(url_for("desk.show"))


def _page(kind: str, item_id: str, form: HandOnForm) -> ResponseReturnValue:
    left = sealed_parts.get(office(), actor(), kind, item_id)
    form_type, unit = office().catalogue.get(left.form), units.get(office().store, left.unit_id)
    page = render_template(
        "sealed/show.html",
        left=left,
        title=form_type.title if form_type else left.form,
        names=naming.in_office(office().store),
        unit=unit.name if unit else "",
        form=form,
    )
    return page, 422 if request.method == "POST" else 200
