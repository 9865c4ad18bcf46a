"""Handing over: what hangs on a person who leaves, moves or loses a role, and who takes each of it over."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import InputRequired

from andu.formtypes.roles import ROLES
from andu.office.errors import NotFound
from andu.office.handover import handing_over
from andu.office.handover.handing_over import ENDS, Change, NotTaken
from andu.office.handover.hanging import GROUPS, Hanging, HangingLine
from andu.security import accounts, naming, units
from andu.security.accounts import Account, AccountRefused
from andu.security.signin import SignInRefused
from andu.views.asking import actor, address, needs, office
from andu.views.own_form import OwnForm

blueprint = Blueprint("leaving", __name__)
SHOWN = 50
"""Of each kind so many lines stand on the page; whoever takes all the rest takes those left out, too."""


class LeaveForm(OwnForm):
    """The admin's own password; who takes what over is read from the page's own choices."""

    password = PasswordField(_l("您的登录密码"), [InputRequired(_l("请输入您的登录密码"))])


@blueprint.get("/accounts/<account_id>/leave")
@needs("manage_accounts")
def show(account_id: str) -> ResponseReturnValue:
    """Everything that hangs on this person, if they are shut out, moved or given other roles."""
    change = _change(request.args)
    hanging = handing_over.hangs(office(), actor(), _found(account_id).id, change, SHOWN + 1)
    return _page(hanging, LeaveForm(formdata=None))


@blueprint.post("/accounts/<account_id>/leave")
@needs("manage_accounts")
def hand_over(account_id: str) -> ResponseReturnValue:
    """Hand everything over, and change the account then."""
    change, form = _change(request.form), LeaveForm()
    hanging = handing_over.hangs(office(), actor(), _found(account_id).id, change)
    if not form.validate():
        return _page(hanging, form)
    try:
        handing_over.hand_over(
            office(), actor(), account_id, change, _chosen(hanging), form.password.data or "", address()
        )
    except NotTaken as fault:
        return _page(hanging, form, fault.faults)
    except SignInRefused as refusal:
        form.password.errors = [refusal.message]
        return _page(hanging, form)
    except AccountRefused as refusal:
        form.form_errors.append(str(refusal))
        return _page(hanging, form)
    name = hanging.person.name
    said = (
        _("已停用%(name)s，手上的事都交接了。") if change.disabled else _("%(name)s的事已交接，变动已生效。")
    )
    flash(said % {"name": name}, "good")
    return redirect(url_for("accounts.index"))


def _found(account_id: str) -> Account:
    account = accounts.get(office().store, account_id)
    if account is None:
        raise NotFound(account_id)
    return account


def _change(sent: Mapping[str, str]) -> Change:
    """What is to become of the account: other rights where the address names them, else it is shut."""
    unit_id, roles = sent.get("unit_id"), request.values.getlist("roles")
    if not unit_id and not roles:
        return Change(disabled=True)
    return Change(unit_id=unit_id or None, roles=tuple(role for role in roles if role in ROLES) or None)


def _chosen(hanging: Hanging) -> dict[str, str]:
    """Who takes what: as chosen for each line, else whoever takes all they can."""
    everything = request.form.get("all", "")
    return {line.key: request.form.get(f"to-{line.key}") or everything for line in hanging.lines}


def _titles() -> dict[str, str]:
    return {
        "draft": _("没有提交的草稿"),
        "record": _("提交了、还没有编号的材料"),
        "slot": _("只有他能签的"),
        "deadline": _("他名下到期要办的"),
        "decision": _("只有他能批的延期"),
        "deputy": _("他代别人签的"),
        "key": _("他保管的钥匙"),
    }


def _groups(hanging: Hanging, faults: Mapping[str, str]) -> list[tuple[str, list[HangingLine], bool]]:
    """Each kind with the lines to show, those with a fault first, and whether there are more."""
    groups = []
    for kind in GROUPS:
        lines = sorted(hanging.of(kind), key=lambda line: line.key not in faults)
        if lines:
            groups.append((kind, lines[:SHOWN], len(lines) > SHOWN))
    return groups


def _page(hanging: Hanging, form: LeaveForm, faults: Mapping[str, str] | None = None) -> ResponseReturnValue:
    store, change = office().store, _change(request.values)
    everybody = {one.id: one for line in hanging.lines for one in line.takers}
    page = render_template(
        "accounts/leave.html",
        hanging=hanging,
        change=change,
        groups=_groups(hanging, faults or {}),
        everybody=list(everybody.values()),
        names=naming.in_full(accounts.all(store)),
        titles=_titles(),
        chosen=request.form,
        faults=faults or {},
        form=form,
        units={unit.id: unit.name for unit in units.all(store)},
        roles=ROLES,
        ends=ENDS,
    )
    return page, 422 if form.errors or form.form_errors or faults else 200
