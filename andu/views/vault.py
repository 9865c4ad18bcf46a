"""The right to open what is sealed: who holds it, who waits for a second person, the code on paper."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from andu.office.errors import NotAllowed, Refused
from andu.office.handover import confirming, rotating
from andu.security import naming, vault_rights
from andu.security.signin import SignInRefused
from andu.views import session_cookie
from andu.views.asking import actor, address, needs, office
from andu.views.own_form import OwnForm, RealReason

blueprint = Blueprint("vault", __name__, url_prefix="/vault")


class ConfirmRightForm(OwnForm):
    """How it was made sure who this is, and the password once more."""

    reason = StringField(
        _l("怎样核实的"),
        [DataRequired(_l("请写明怎样核实的")), Length(max=200, message=_l("最多 200 字")), RealReason()],
    )
    password = PasswordField(_l("您的登录密码"), [InputRequired(_l("请输入您的登录密码"))])


class NewCodeForm(OwnForm):
    """The password once more, before a code is shown."""

    password = PasswordField(_l("您的登录密码"), [InputRequired(_l("请输入您的登录密码"))])


class CodeForm(OwnForm):
    """The code off the paper; to get back what waits, the password of today as well."""

    code = StringField(_l("恢复码"), [InputRequired(_l("请输入恢复码"))])
    password = PasswordField(_l("您现在的登录密码"))


@blueprint.get("")
@needs()
def show() -> ResponseReturnValue:
    """How it stands with everybody whose role handles reporters, and with the own code."""
    return _page()


@blueprint.post("/code")
@needs("see_confidential")
def make_code() -> ResponseReturnValue:
    """Show a new code, this once."""
    form = NewCodeForm()
    if not form.validate():
        return _page(new=form)
    try:
        code = confirming.make_code(office(), actor(), form.password.data or "", address())
    except SignInRefused as refusal:
        form.password.errors = [refusal.message]
        return _page(new=form)
    return _page(code=code)


@blueprint.post("/code/typed")
@needs()
def type_code() -> ResponseReturnValue:
    """The code off the paper: typed back to prove it, or to get a right back that waits."""
    form = CodeForm()
    right = vault_rights.of(office().store, actor().id)
    is_waiting = right is not None and right.state == vault_rights.WAITING
    if right is None:
        raise NotAllowed(_("恢复码只用于打开举报人信息的权限。"))
    if not form.validate():
        return _page(typed=form)
    code, password = form.code.data or "", form.password.data or ""
    try:
        if is_waiting:
            session_cookie.hold(confirming.restore(office(), actor(), code, password, address()))
        else:
            confirming.prove_code(office(), actor(), code, address())
    except SignInRefused as refusal:
        form.code.errors = [refusal.message]
        return _page(typed=form)
    flash(_("已恢复，可以打开举报人信息。") if is_waiting else _("恢复码核对无误，请锁好。"), "good")
    return redirect(url_for("vault.show"))


@blueprint.post("/rotate")
@needs("see_confidential")
def rotate() -> ResponseReturnValue:
    """Give every case a next key, as many as go in one turn."""
    form = NewCodeForm(prefix="rotate-")
    if not form.validate():
        return _page(rotating_with=form)
    try:
        left = rotating.go_on(office(), actor(), form.password.data or "", address())
    except (SignInRefused, Refused) as refusal:
        form.password.errors = [refusal.message]
        return _page(rotating_with=form)
    flash(_("换了一批，还剩 %(n)s 个案卷。", n=left) if left else _("案卷密钥全部换完了。"), "good")
    return redirect(url_for("vault.show"))


@blueprint.route("/<account_id>", methods=["GET", "POST"])
@needs("see_confidential")
def confirm(account_id: str) -> ResponseReturnValue:
    """Give the right to somebody who asked for it, or waits for it."""
    form = ConfirmRightForm()
    one = confirming.known(office(), actor(), account_id)
    if form.validate_on_submit():
        words = (form.reason.data or "", form.password.data or "", address())
        try:
            confirming.confirm(office(), actor(), account_id, *words)
        except SignInRefused as refusal:
            form.password.errors = [refusal.message]
        except Refused as refusal:
            form.reason.errors = [refusal.message]
        else:
            flash(_("已确认，%(name)s可以打开举报人信息。", name=one.account.name), "good")
            return redirect(url_for("vault.show"))
    page = render_template("vault/confirm.html", one=one, form=form)
    return page, 422 if request.method == "POST" else 200


def _page(
    new: NewCodeForm | None = None,
    typed: CodeForm | None = None,
    code: str = "",
    rotating_with: NewCodeForm | None = None,
) -> ResponseReturnValue:
    holders = confirming.holders(office(), actor())
    mine = next((one for one in holders if one.account.id == actor().id), None)
    typed_now = typed or CodeForm(formdata=None)
    typed_now.password.flags.required = bool(mine and mine.right.state == vault_rights.WAITING)
    page = render_template(
        "vault/show.html",
        holders=holders,
        mine=mine.right if mine else None,
        fingerprint=mine.pair.fingerprint if mine and mine.pair else "",
        has_code=bool(mine and mine.pair and mine.pair.has_code),
        names=naming.in_office(office().store),
        new=new or NewCodeForm(formdata=None),
        typed=typed_now,
        code=code,
        rotate=rotating_with or NewCodeForm(formdata=None, prefix="rotate-"),
        left=rotating.left(office()),
    )
    return page, 422 if new or typed or rotating_with else 200
