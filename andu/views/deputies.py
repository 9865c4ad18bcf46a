"""Who signs for whom while they are absent: the list, a new authorisation, and its early end."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from andu.clock import office_day
from andu.office.signing import queues
from andu.office.turns import deputies
from andu.office.turns.deputies import MOST_DAYS, DeputyRefused
from andu.security import accounts, naming
from andu.security.signin import SignInRefused
from andu.views.asking import actor, address, needs, office
from andu.views.own_form import OwnForm, RealReason

blueprint = Blueprint("deputies", __name__, url_prefix="/deputies")


class DeputyForm(OwnForm):
    """For whom, by whom, from when to when, and why."""

    principal = SelectField(_l("代谁签"), [InputRequired(_l("请选择代谁签"))])
    deputy = SelectField(_l("由谁代签"), [InputRequired(_l("请选择由谁代签"))])
    since = DateField(_l("从哪天起"), [InputRequired(_l("请填写开始日期"))])
    until = DateField(_l("到哪天止"), [InputRequired(_l("请填写结束日期"))])
    reason = StringField(
        _l("事由"),
        [InputRequired(_l("请写明事由")), Length(max=100, message=_l("事由最多 100 字")), RealReason()],
    )

    password = PasswordField(_l("您的登录密码"), [InputRequired(_l("请输入您的登录密码"))])

    def offer(self) -> None:
        """Fill in who can be chosen now."""
        principals, signing = deputies.choices(office(), actor())
        names = naming.in_full(accounts.all(office().store), with_posts=True)
        for field, people in ((self.principal, principals), (self.deputy, signing)):
            field.choices = [("", _("请选择")), *[(one.id, names[one.id]) for one in people]]
        if len(self.principal.choices) == 2:  # only for oneself
            del self.principal.choices[0]


@blueprint.get("/")
@needs()
def index() -> ResponseReturnValue:
    """Every authorisation that concerns me, a form for a new one, and what was signed for me."""
    today = office_day(office().clock.now())
    return _page(DeputyForm(formdata=None, since=today, principal=actor().id))


@blueprint.post("/")
@needs()
def appoint() -> ResponseReturnValue:
    """Let somebody sign for an absent person."""
    form = DeputyForm()
    form.offer()
    if not form.validate():
        return _page(form)
    try:
        deputies.appoint(
            office(),
            actor(),
            form.principal.data,
            form.deputy.data,
            form.since.data,
            form.until.data,
            form.reason.data,
            form.password.data or "",
            address(),
        )
    except SignInRefused as refusal:
        form.password.errors = [refusal.message]
        return _page(form)
    except DeputyRefused as refusal:
        form[refusal.field].errors = [refusal.message]
        return _page(form)
    flash(_("已授权。代签的每一笔都写明是谁代谁签的。"), "good")
    return redirect(url_for("deputies.index"))


@blueprint.post("/<deputyship_id>/end")
@needs()
def end(deputyship_id: str) -> ResponseReturnValue:
    """End an authorisation at once; what was signed under it stays."""
    deputies.end(office(), actor(), deputyship_id)
    flash(_("已提前结束，从现在起不能再代签。此前代签的仍然有效。"), "good")
    return redirect(url_for("deputies.index"))


def _page(form: DeputyForm) -> ResponseReturnValue:
    form.offer()
    me = actor()
    page = render_template(
        "deputies/index.html",
        form=form,
        known=deputies.all_for(office(), me),
        may_end=lambda one: deputies.may_end(me, one),
        signed=queues.signed_for(office(), me),
        most_days=MOST_DAYS,
        names=naming.in_full(accounts.all(office().store)),
        short=naming.in_office(office().store),
    )
    return page, 422 if request.method == "POST" else 200
