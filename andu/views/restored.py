"""After a restore: the numbers given since the copy, compared with paper before any series opens again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from andu.office.errors import Refused
from andu.office.issue import after_restore, numbering
from andu.office.issue.after_restore import ToConfirm
from andu.security.signin import SignInRefused
from andu.views.asking import actor, address, needs, office
from andu.views.own_form import OwnForm, RealReason

blueprint = Blueprint("restored", __name__)


class ConfirmForm(OwnForm):
    """How the numbers were compared, and the password once more; the last numbers stand beside the series."""

    reason = StringField(
        _l("怎样核对的"),
        [DataRequired(_l("请写明怎样核对的")), Length(max=200, message=_l("最多 200 字")), RealReason()],
    )
    password = PasswordField(_l("您的登录密码"), [InputRequired(_l("请输入您的登录密码"))])


@blueprint.get("/restored")
@needs("void_number")
def show() -> ResponseReturnValue:
    """Every series that waits, and the numbers to look for on paper."""
    return _page(ConfirmForm(formdata=None))


@blueprint.post("/restored")
@needs("void_number")
def confirm() -> ResponseReturnValue:
    """Open the series whose last number on paper was entered."""
    form = ConfirmForm()
    wrong = {_field(one): _("请写整数") for one in _waiting() if _typed(one) and _number(one) is None}
    if not form.validate() or wrong:
        return _page(form, wrong)
    last = {(one.key, one.year): n for one in _waiting() if (n := _number(one)) is not None}
    words = (form.reason.data or "", form.password.data or "", address())
    try:
        opened = after_restore.confirm(office(), actor(), last, *words)
    except SignInRefused as refusal:
        form.password.errors = [refusal.message]
        return _page(form)
    except Refused as refusal:
        form.form_errors.append(refusal.message)
        return _page(form)
    flash(_("已确认 %(n)s 个序列，可以取号。", n=opened), "good")
    return redirect(url_for("restored.show" if _waiting() else "desk.show"))


def _waiting() -> list[ToConfirm]:
    return after_restore.to_confirm(office())


def _field(one: ToConfirm) -> str:
    return f"last-{one.key}-{one.year}"


def _typed(one: ToConfirm) -> str:
    return request.form.get(_field(one), "").strip()


def _number(one: ToConfirm) -> int | None:
    text = _typed(one)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None


def _page(form: ConfirmForm, wrong: dict[str, str] | None = None) -> ResponseReturnValue:
    page = render_template(
        "restored/show.html",
        form=form,
        wrong=wrong or {},
        typed=request.form,
        field=_field,
        waiting=_waiting(),
        moments=numbering.restored(office()),
    )
    return page, 422 if request.method == "POST" else 200
