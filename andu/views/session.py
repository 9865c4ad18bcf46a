"""Signing in and out, one's own password, and the answer to “am I still signed in?”.

An expired login loses nothing: the refused POST's answers travel sealed through the sign-in page
(``carrying``) and are offered again afterwards, with JavaScript off as well.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired

from andu.office.handover import confirming
from andu.security import accounts, key_pairs, signin
from andu.security.accounts import Account
from andu.security.events import Events
from andu.security.passwords import PasswordRefused
from andu.views import language, page_token, session_cookie
from andu.views.asking import actor, address, asking, needs, office
from andu.views.carrying import Carried, from_refused_post, safe_path, through_sign_in
from andu.views.own_form import OwnForm

blueprint = Blueprint("session", __name__)


class SignInForm(OwnForm):
    """User name and password."""

    username = StringField(_l("用户名"), [InputRequired(_l("请填写用户名"))])
    password = PasswordField(_l("密码"), [InputRequired(_l("请填写密码"))])
    code = StringField(_l("动态码"))


class PasswordForm(OwnForm):
    """The present password, and the new one twice."""

    current = PasswordField(_l("现在的密码"), [InputRequired(_l("请填写现在的密码"))])
    new = PasswordField(_l("新密码"), [InputRequired(_l("请填写新密码"))])
    again = PasswordField(
        _l("再输一遍新密码"),
        [InputRequired(_l("请再输一遍新密码")), EqualTo("new", _l("两次输入的新密码不一样"))],
    )


def sign_in_page(form: SignInForm, carried: Carried | None, status: int = 200) -> tuple[str, int]:
    """The sign-in page, with what was typed elsewhere kept inside."""
    following = safe_path(request.values.get("next")) or ""
    return render_template("session/sign_in.html", form=form, carried=carried, next=following), status


def ask_to_sign_in() -> Response | tuple[str, int] | tuple[Response, int]:
    """The answer to somebody not signed in: JSON for scripts, the way to the sign-in page for people."""
    if request.accept_mimetypes.best == "application/json":
        return jsonify(message=_("登录已过期")), 401
    carried = from_refused_post()
    if carried:
        return sign_in_page(SignInForm(formdata=None), carried, 401)
    following = safe_path(request.full_path.rstrip("?")) if request.method == "GET" else None
    return redirect(url_for("session.sign_in", next=following or None))


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response | str | tuple[str, int]:
    """Sign in; then go on where the person was."""
    form = SignInForm()
    if not form.validate_on_submit():
        return sign_in_page(form, through_sign_in(), 200 if request.method == "GET" else 422)
    try:
        words = (form.username.data or "", form.password.data or "", address(), form.code.data or "")
        account = signin.sign_in(office().store, office().clock, *words)
    except signin.SignInRefused as refusal:
        form.form_errors.append(refusal.message)
        return sign_in_page(form, through_sign_in(), 422)
    begin(account)
    session_cookie.hold(account.key)
    language.choose(account.id, request.form.get(language.SETTING, ""))
    carried = through_sign_in()
    if carried and carried.whose != account.id:
        flash(_("登录前那一页是另一位同事填写的，没有交给您；自动保存过的内容还在他的草稿里。"), "warn")
    elif carried and not account.must_change:
        return render_template(
            "session/resume.html", carried=carried, reason=_("您已重新登录，可以从中断的地方接着办。")
        )
    return redirect(safe_path(request.form.get("next")) or url_for("desk.show"))


def begin(account: Account) -> None:
    """Start a session under a new id: nothing of the visitor's earlier session lives on."""
    session_cookie.start_anew()
    g.pop("csrf_token", None)
    g.pop("page_token", None)
    login_user(account)


@blueprint.post("/sign-out")
@needs()
def leave() -> Response:
    """Sign out."""
    office().note(actor().unit_id, actor().id, Events.signed_out)
    logout_user()
    session_cookie.start_anew()
    flash(_("已退出。"), "good")
    return redirect(url_for("session.sign_in"))


@blueprint.route("/password", methods=["GET", "POST"])
@needs()
def change_password() -> Response | str | tuple[str, int]:
    """Change one's own password; every other session of the account ends."""
    form = PasswordForm()
    if form.validate_on_submit():
        store, clock, me = office().store, office().clock, actor()
        try:
            signin.confirm_password(store, clock, me, form.current.data or "", address())
            own = signin.set_own_password(
                store, clock, me, form.current.data or "", form.new.data or "", session_cookie.token()
            )
            session_cookie.hold(own)
            code = confirming.first_code(office(), me, own) if me.must_change else ""
        except signin.SignInRefused as refusal:
            form.current.errors = [refusal.message]
        except PasswordRefused as refusal:
            form.new.errors = [str(refusal)]
        else:
            flash(_("密码已修改，别处的登录已全部退出。"), "good")
            if code:
                fingerprint = key_pairs.of(store, me.id)[-1].fingerprint
                return render_template("session/first_code.html", code=code, fingerprint=fingerprint)
            return redirect(url_for("desk.show"))
    status = 422 if request.method == "POST" else 200
    return render_template("session/change_password.html", form=form), status


@blueprint.post("/language")
@needs()
def speak() -> Response:
    """Choose the language of one's own screens."""
    language.choose(actor().id, request.form.get(language.SETTING, ""))
    return redirect(url_for("session.change_password"))


@blueprint.get("/session/alive")
def alive() -> Response | tuple[Response, int]:
    """For autosave: whose session this is, and a fresh token; 401 when there is none."""
    account = asking()
    if account is None:
        return jsonify(message=_("登录已过期")), 401
    return jsonify(account=account.id, csrf_token=page_token.token())


def first_change_the_password() -> Response | None:
    """Before each request: an initial password opens nothing but the page that changes it."""
    account = asking()
    open_to_all = {"session.change_password", "session.leave", "session.sign_in", "static", None}
    if account is None or not account.must_change or request.endpoint in open_to_all:
        return None
    return redirect(url_for("session.change_password"))


def holder(account_id: str) -> Account | None:
    """The account behind a session, as long as it is active."""
    account = accounts.get(office().store, account_id)
    return replace(account, key=session_cookie.key()) if account and account.is_active else None
