"""两步登录: codes of a telephone besides the password, for whoever wants them; and the own sign-ins."""

from __future__ import annotations

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from andu.security import second_factor, sessions, signin
from andu.security.accounts import Account
from andu.security.signin import SignInRefused
from andu.views import session_cookie
from andu.views.asking import actor, address, asking, needs, office
from andu.views.carrying import from_refused_post
from andu.views.own_form import OwnForm

blueprint = Blueprint("second_factor", __name__, url_prefix="/my-sign-ins")


class PasswordOnceMoreForm(OwnForm):
    """The password once more."""

    password = PasswordField(_l("您的登录密码"), [InputRequired(_l("请输入您的登录密码"))])


class FirstCodeForm(OwnForm):
    """The first code that the telephone shows."""

    code = StringField(_l("手机上显示的动态码"), [InputRequired(_l("请输入动态码"))])


ALWAYS_OPEN = ("second_factor.", "session.", "static")
"""What is open to whoever has not set up their codes yet."""


def first_set_up_codes() -> ResponseReturnValue | None:
    """Before each request: of whom the office asks a code, they set it up before anything else.

    What a refused POST brought goes along, and is handed in again once they have.
    """
    account, endpoint = asking(), request.endpoint
    if account is None or endpoint is None or endpoint.startswith(ALWAYS_OPEN) or not _is_missing(account):
        return None
    carried = from_refused_post()
    if carried is None:
        return redirect(url_for("second_factor.show"))
    reason = _("办公室要求您登录时用动态码。请先在新的窗口里设好，再回到这里继续。")
    return render_template("session/resume.html", carried=carried, reason=reason, first=_set_up()), 403


def _set_up() -> tuple[str, str]:
    """Where codes are set up, and how the way there is called."""
    return url_for("second_factor.show"), _("设两步登录")


def _is_missing(account: Account) -> bool:
    asked = second_factor.is_asked_of(account, office().config.second_factor)
    return asked and not account.must_change and not second_factor.is_on(office().store, account.id)


@blueprint.get("")
@needs()
def show() -> ResponseReturnValue:
    """Where this person is signed in, and whether codes are asked for."""
    return _page()


@blueprint.post("/begin")
@needs()
def begin() -> ResponseReturnValue:
    """Show a new secret for the telephone."""
    form = PasswordOnceMoreForm()
    if not _is_proved(form):
        return _page(form)
    second_factor.begin(office().store, actor())
    return redirect(url_for("second_factor.show"))


@blueprint.post("/on")
@needs()
def turn_on() -> ResponseReturnValue:
    """Ask for codes from now on, and show the ten for paper, this once."""
    form = FirstCodeForm()
    if not form.validate():
        return _page(first=form)
    paper: list[str] = []

    def fits() -> bool:
        paper.extend(second_factor.turn_on(office().store, office().clock, actor(), form.code.data or ""))
        return bool(paper)

    try:
        signin.confirm_code(office().store, office().clock, actor(), fits, address())
    except SignInRefused as refusal:
        form.code.errors = [refusal.message]
        return _page(first=form)
    return _page(paper=paper)


@blueprint.post("/off")
@needs()
def turn_off() -> ResponseReturnValue:
    """Ask for no code any more."""
    form = PasswordOnceMoreForm()
    if second_factor.is_asked_of(actor(), office().config.second_factor):
        flash(_("办公室要求您登录时用动态码，不能停用。换手机的，请管理员停用一次，再重新设。"), "warn")
        return redirect(url_for("second_factor.show"))
    if not _is_proved(form):
        return _page(form)
    second_factor.turn_off(office().store, office().clock, actor(), actor())
    flash(_("两步登录已停用。"), "good")
    return redirect(url_for("second_factor.show"))


@blueprint.post("/end-others")
@needs()
def end_others() -> ResponseReturnValue:
    """End every sign-in of this person but this one."""
    ended = sessions.end_all(office().store, actor().id, but=session_cookie.token())
    flash(_("已退出别处的 %(n)s 个登录。不是您本人登录的，请马上修改密码。", n=ended), "good")
    return redirect(url_for("second_factor.show"))


def _is_proved(form: PasswordOnceMoreForm) -> bool:
    if not form.validate():
        return False
    try:
        signin.confirm_password(office().store, office().clock, actor(), form.password.data or "", address())
    except SignInRefused as refusal:
        form.password.errors = [refusal.message]
        return False
    return True


def _page(
    form: PasswordOnceMoreForm | None = None,
    first: FirstCodeForm | None = None,
    paper: list[str] | None = None,
) -> ResponseReturnValue:
    store, me = office().store, actor()
    secret = second_factor.begun(store, me.id)
    said = second_factor.address(secret, me, office().config.name) if secret else ""
    page = render_template(
        "second_factor/show.html",
        signed_in=sessions.of(store, office().clock, me.id, session_cookie.token()),
        is_on=second_factor.is_on(store, me.id),
        is_asked=second_factor.is_asked_of(me, office().config.second_factor),
        left=second_factor.codes_left(store, me.id),
        secret=secret,
        picture=segno.make_qr(said).png_data_uri(scale=5) if said else "",
        paper=paper or [],
        form=form or PasswordOnceMoreForm(formdata=None),
        first=first or FirstCodeForm(formdata=None),
    )
    return page, 422 if request.method == "POST" and not paper else 200
