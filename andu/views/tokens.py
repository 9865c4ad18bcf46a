"""One's own tokens: make one for a program, see what there are, take one back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput

from andu.clock import stamp
from andu.office.errors import NotAllowed, NotFound
from andu.security import programs, tokens
from andu.security.programs import TokenRefused
from andu.security.signin import SignInRefused
from andu.views.asking import actor, address, needs, office
from andu.views.own_form import OwnForm

blueprint = Blueprint("tokens", __name__, url_prefix="/tokens")


class TicksField(SelectMultipleField):
    """Any number of a few, as tick boxes."""

    option_widget = CheckboxInput()


class TokenForm(OwnForm):
    """What a token is for, and the password once more."""

    purpose = StringField(
        _l("用途"),
        [DataRequired(_l("请写明用途")), Length(2, 60, message=_l("用途要写 2 到 60 个字"))],
    )
    uses = TicksField(_l("能办什么"), [InputRequired(_l("请选择令牌能办什么"))])
    days = SelectField(_l("有效期"), [InputRequired(_l("请选择有效期"))], coerce=int, default=90)
    forms = TicksField(_l("限于这些表单"))
    password = PasswordField(_l("登录密码"), [InputRequired(_l("请输入您的登录密码"))])

    def offer(self) -> None:
        """Fill in what can be chosen now."""
        labels = programs.labels()
        self.uses.choices = [(use, labels[use]) for use in programs.usable(actor())]
        self.days.choices = [(days, _("%(n)s 天", n=days)) for days in programs.DAYS]
        self.forms.choices = [(one.slug, one.title) for one in office().catalogue.all()]


def _page(form: TokenForm, status: int = 200, **made: Any) -> ResponseReturnValue:
    page = render_template(
        "tokens/index.html",
        form=form,
        tokens=tokens.of_account(office().store, actor().id),
        now=stamp(office().clock.now()),
        labels=programs.labels(),
        calendar=programs.CALENDAR,
        titles={one.slug: one.title for one in office().catalogue.all()},
        **made,
    )
    return page, status


@blueprint.get("/")
@needs()
def index() -> ResponseReturnValue:
    """The tokens of this person, and the form for a new one."""
    form = TokenForm(formdata=None)
    form.offer()
    return _page(form)


@blueprint.post("/")
@needs()
def make() -> ResponseReturnValue:
    """Make a token. The answer is the one page on which it ever stands, so it is no redirect."""
    form = TokenForm()
    form.offer()
    if not form.uses.choices:
        raise NotAllowed(_("您的岗位不能开通令牌。"))
    if not form.validate():
        return _page(form, 422)
    try:
        token, secret = programs.make(
            office().store,
            office().clock,
            actor(),
            form.purpose.data or "",
            form.uses.data or [],
            form.forms.data or [],
            form.days.data,
            form.password.data or "",
            address(),
        )
    except TokenRefused as refusal:
        form.form_errors.append(str(refusal))
    except SignInRefused as refusal:
        form.password.errors = [refusal.message]
    else:
        fresh = TokenForm(formdata=None)
        fresh.offer()
        return _page(fresh, token=token, secret=secret)
    return _page(form, 422)


@blueprint.post("/<token_id>/revoke")
@needs()
def revoke(token_id: str) -> ResponseReturnValue:
    """Take a token back."""
    if not programs.revoke(office().store, office().clock, actor(), token_id):
        raise NotFound(token_id)
    flash(_("令牌已作废，用它的程序从现在起办不了事。"), "good")
    return redirect(url_for("tokens.index"))
