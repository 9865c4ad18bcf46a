"""The office's own key in two halves: setting it up, the yearly drill, opening it for somebody who waits."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from andu.office.errors import Refused
from andu.office.handover import office_key
from andu.security import naming
from andu.security.signin import SignInRefused
from andu.views.asking import actor, address, needs, office
from andu.views.own_form import OwnForm, RealReason

blueprint = Blueprint("office_key", __name__, url_prefix="/office-key")


class SetUpForm(OwnForm):
    """Who holds the halves, and the password of whoever says so."""

    first = SelectField(_l("保管一半的同志"), [InputRequired(_l("请选择一位"))], choices=[])
    second = SelectField(_l("保管另一半的同志"), [InputRequired(_l("请选择一位"))], choices=[])
    password = PasswordField(_l("您的登录密码"), [InputRequired(_l("请输入您的登录密码"))])


class TogetherForm(OwnForm):
    """Both officers prove who they are."""

    password = PasswordField(_l("您的登录密码"), [InputRequired(_l("请输入您的登录密码"))])
    other = StringField(_l("另一位的用户名"), [InputRequired(_l("请填写另一位的用户名"))])
    other_password = PasswordField(_l("另一位的登录密码"), [InputRequired(_l("请另一位输入密码"))])


class OpenForm(TogetherForm):
    """For whom, and how it was made sure who that is."""

    account = SelectField(_l("给谁恢复"), [InputRequired(_l("请选择一位"))], choices=[])
    reason = StringField(
        _l("怎样核实的"),
        [DataRequired(_l("请写明怎样核实的")), Length(max=200, message=_l("最多 200 字")), RealReason()],
    )


@blueprint.get("")
@needs()
def show() -> ResponseReturnValue:
    """How it stands, and what this person can do about it."""
    return _page(), 200


@blueprint.post("/set-up")
@needs("see_confidential")
def set_up() -> ResponseReturnValue:
    """A new pair, its halves for two officers."""
    form = _offered(SetUpForm())
    if not form.validate():
        return _page(set_up=form), 422
    words = (form.first.data or "", form.second.data or "", form.password.data or "", address())
    try:
        office_key.set_up(office(), actor(), *words)
    except SignInRefused as refusal:
        form.password.errors = [refusal.message]
    except Refused as refusal:
        form.second.errors = [refusal.message]
    else:
        flash(_("已设立。请两位现在就一起做一次演练。"), "good")
        return redirect(url_for("office_key.show"))
    return _page(set_up=form), 422


@blueprint.post("/drill")
@needs()
def drill() -> ResponseReturnValue:
    """Both halves are joined once, and a case opened with them."""
    form = TogetherForm(prefix="drill-")
    if not form.validate():
        return _page(drill=form), 422
    try:
        cases = office_key.drill(office(), actor(), *_words(form), address())
    except (SignInRefused, Refused) as refusal:
        form.other_password.errors = [refusal.message]
        return _page(drill=form), 422
    flash(_("演练通过：两半合得起来，能打开 %(n)s 个案卷。", n=cases), "good")
    return redirect(url_for("office_key.show"))


@blueprint.post("/open")
@needs()
def open_for() -> ResponseReturnValue:
    """Give somebody who waits what they could open before."""
    form = _waiting(OpenForm(prefix="open-"))
    if not form.validate():
        return _page(opening=form), 422
    about = (form.account.data or "", form.reason.data or "")
    try:
        target = office_key.open_for(office(), actor(), *about, *_words(form), address())
    except (SignInRefused, Refused) as refusal:
        form.other_password.errors = [refusal.message]
        return _page(opening=form), 422
    flash(_("已恢复，%(name)s可以打开原来的举报人信息。", name=target.name), "good")
    return redirect(url_for("office_key.show"))


def _words(form: TogetherForm) -> tuple[str, str, str]:
    return form.password.data or "", form.other.data or "", form.other_password.data or ""


def _offered(form: SetUpForm) -> SetUpForm:
    names = naming.in_full(office_key.eligible(office()), with_posts=True)
    form.first.choices = form.second.choices = list(names.items())
    return form


def _waiting(form: OpenForm) -> OpenForm:
    form.account.choices = [(one.id, one.name) for one in office_key.standing(office()).waiting]
    return form


def _page(
    set_up: SetUpForm | None = None, drill: TogetherForm | None = None, opening: OpenForm | None = None
) -> str:
    return render_template(
        "office_key/show.html",
        key=office_key.look(office(), actor()),
        is_officer=actor().id in {one.id for one in office_key.look(office(), actor()).officers},
        set_up=set_up or _offered(SetUpForm(formdata=None)),
        drill=drill or TogetherForm(formdata=None, prefix="drill-"),
        opening=opening or _waiting(OpenForm(formdata=None, prefix="open-")),
        is_again=request.method == "POST",
    )
