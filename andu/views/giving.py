"""What nobody can sign any more: its slots, and to whom each is given instead."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField
from wtforms.validators import InputRequired

from andu.office.errors import Refused
from andu.office.signing import giving
from andu.security import accounts, naming, units
from andu.security.permissions import may
from andu.security.signin import SignInRefused
from andu.views.asking import actor, address, needs, office
from andu.views.own_form import OwnForm

blueprint = Blueprint("giving", __name__)


class GiveForm(OwnForm):
    """To whom, and the password once more."""

    to = SelectField(_l("改由谁签"), [InputRequired(_l("请选择改由谁签"))])
    password = PasswordField(_l("您的登录密码"), [InputRequired(_l("请输入您的登录密码"))])


@blueprint.get("/records/<record_id>/signers")
@needs()
def show(record_id: str) -> ResponseReturnValue:
    """The slots of a record that nobody can sign, and who may be given each."""
    return _page(record_id)


@blueprint.post("/records/<record_id>/signers")
@needs()
def give(record_id: str) -> ResponseReturnValue:
    """Give one slot to somebody else."""
    slot = request.form.get("slot", "")
    giving.signing_for(office(), actor(), record_id)
    form = _form(record_id, slot)
    if form is None or not form.validate():
        return _page(record_id, slot, form)
    try:
        giving.give(office(), actor(), record_id, slot, form.to.data, form.password.data or "", address())
    except SignInRefused as refusal:
        form.password.errors = [refusal.message]
        return _page(record_id, slot, form)
    except Refused as refusal:
        form.to.errors = [refusal.message]
        return _page(record_id, slot, form)
    flash(_("已改由他人签字，对方的工作台上会出现这份材料。"), "good")
    if may(actor(), "see_unit"):
        return redirect(url_for("records.show", record_id=record_id))
    return redirect(url_for("desk.show"))


def _form(record_id: str, slot_key: str, fresh: bool = False) -> GiveForm | None:
    """The form of one stuck slot with its choices; None for a slot that is not stuck."""
    signing = giving.signing_for(office(), actor(), record_id)
    slot = next((one for one in giving.of_record(office(), signing.record) if one.key == slot_key), None)
    if slot is None:
        return None
    form = GiveForm(formdata=None) if fresh else GiveForm()
    labels = naming.in_full(accounts.all(office().store))
    able = giving.able(office(), signing, slot)
    form.to.choices = [("", _("请选择")), *((one.id, labels[one.id]) for one in able)]
    return form


def _page(record_id: str, sent: str = "", faulty: GiveForm | None = None) -> ResponseReturnValue:
    signing = giving.signing_for(office(), actor(), record_id)
    unit = units.get(office().store, signing.record.unit_id)
    slots = []
    for slot in giving.of_record(office(), signing.record):
        form = faulty if slot.key == sent and faulty else _form(record_id, slot.key, fresh=True)
        slots.append((slot, giving.able(office(), signing, slot), form))
    page = render_template(
        "giving/show.html",
        record=signing.record,
        form_type=signing.form_type,
        unit=unit.name if unit else "",
        slots=slots,
        remedy=giving.remedy,
    )
    return page, 422 if request.method == "POST" else 200
