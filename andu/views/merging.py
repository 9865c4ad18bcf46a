"""Merging a unit into another: what hangs on it, which unit goes on with it, and the admin's password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField
from wtforms.validators import InputRequired

from andu.office.errors import NotFound, Refused
from andu.office.handover import merging_units
from andu.security import units
from andu.security.signin import SignInRefused
from andu.security.units import Unit
from andu.views.asking import actor, address, needs, office
from andu.views.own_form import OwnForm

blueprint = Blueprint("merging", __name__)


class MergeForm(OwnForm):
    """Which unit goes on, and the admin's own password."""

    into = SelectField(_l("接手单位"), [InputRequired(_l("请选择接手单位"))])
    password = PasswordField(_l("您的登录密码"), [InputRequired(_l("请输入您的登录密码"))])


@blueprint.get("/accounts/units/<unit_id>/merge")
@needs("manage_accounts")
def show(unit_id: str) -> ResponseReturnValue:
    """Everything that hangs on this unit."""
    return _page(_found(unit_id), _form(unit_id, fresh=True))


@blueprint.post("/accounts/units/<unit_id>/merge")
@needs("manage_accounts")
def merge(unit_id: str) -> ResponseReturnValue:
    """Hand everything over to another unit, and close this one."""
    unit, form = _found(unit_id), _form(unit_id)
    if form.validate():
        given = (unit_id, form.into.data, form.password.data or "", address())
        try:
            merging_units.merge(office(), actor(), *given)
        except SignInRefused as refusal:
            form.password.errors = [refusal.message]
        except Refused as refusal:
            form.into.errors = [refusal.message]
        else:
            said = {"old": unit.name, "new": dict(form.into.choices)[form.into.data]}
            flash(_("%(old)s已并入%(new)s，没有办完的事由%(new)s接办。", **said), "good")
            return redirect(url_for("accounts.index"))
    return _page(unit, form), 422


def _found(unit_id: str) -> Unit:
    unit = units.get(office().store, unit_id)
    if unit is None or unit.merged_into:
        raise NotFound(unit_id)
    return unit


def _form(unit_id: str, fresh: bool = False) -> MergeForm:
    form = MergeForm(formdata=None) if fresh else MergeForm()
    offered = merging_units.takers(office(), actor(), unit_id)
    form.into.choices = [("", _("请选择")), *((one.id, one.name) for one in offered)]
    return form


def _page(unit: Unit, form: MergeForm) -> str:
    found = merging_units.moving(office(), actor(), unit.id)
    return render_template("accounts/merge.html", unit=unit, form=form, moving=found)
