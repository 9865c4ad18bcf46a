"""People and units, for the admin: make, change, shut and open accounts, reset passwords, add units."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput

from andu.formtypes.roles import ROLES
from andu.office import deployment
from andu.office.errors import NotFound, Refused
from andu.office.handover import closing_units, handing_over
from andu.office.handover.handing_over import Change, WorkHangs
from andu.security import accounts, case_keys, second_factor, units, vault_rights
from andu.security.accounts import Account, AccountRefused
from andu.security.passwords import PasswordRefused
from andu.security.units import UnitRefused
from andu.views.asking import actor, needs, office
from andu.views.own_form import OwnForm

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")


ROLE_MEANS = {
    "clerk": _l("填表、交表、查本单位和给了本单位的材料"),
    "head": _l("同经办人，并在本单位的材料上签字"),
    "director": _l("看全部材料，签字，作废编号，看审计；打开举报人信息要另一位同志确认"),
    "leader": _l("看全部材料，签字；不填表"),
    "custodian": _l("保管举报人信息，要另一位同志确认；不填表、不签一般材料"),
    "admin": _l("管人员单位、表单和设置；看不到任何材料"),
    "auditor": _l("看全部材料和审计日志；什么都不能改"),
}
"""What a role is for, beside its tick box."""


class RolesField(SelectMultipleField):
    """Roles as tick boxes."""

    option_widget = CheckboxInput()


class PersonForm(OwnForm):
    """Who a person is and what they may do."""

    name = StringField(
        _l("姓名"), [DataRequired(_l("请填写姓名")), Length(max=40, message=_l("姓名最多 40 字"))]
    )
    unit_id = SelectField(_l("单位"), [InputRequired(_l("请选择单位"))])
    post = StringField(_l("职务"), [Length(max=40, message=_l("职务最多 40 字"))])
    phone = StringField(_l("联系电话"), [Length(max=40, message=_l("电话最多 40 字"))])
    roles = RolesField(_l("角色"), [InputRequired(_l("请至少选择一个角色"))])

    def offer(self) -> None:
        """Fill in what can be chosen now."""
        active = [unit for unit in units.all(office().store) if unit.state == "active"]
        self.unit_id.choices = [(unit.id, unit.name) for unit in active]
        self.roles.choices = list(ROLES.items())


class AccountForm(PersonForm):
    """A new account with its first password."""

    username = StringField(_l("用户名"), [InputRequired(_l("请填写用户名"))])
    password = PasswordField(_l("初始密码"), [InputRequired(_l("请填写初始密码"))])


class ResetForm(OwnForm):
    """A password given by the admin."""

    password = PasswordField(_l("新的初始密码"), [InputRequired(_l("请填写新的初始密码"))])


class UnitDetailsForm(OwnForm):
    """How a unit is called, and what kind of unit it is."""

    name = StringField(_l("单位名称"), [DataRequired(_l("请填写单位名称"))])
    full_name = StringField(_l("单位全称"))
    category = StringField(_l("单位类别"), [Length(max=20, message=_l("类别最多 20 字"))])


class UnitForm(UnitDetailsForm):
    """A new unit."""

    id = StringField(_l("单位代码"), [InputRequired(_l("请填写单位代码"))])


@blueprint.get("/")
@needs("manage_accounts")
def index() -> ResponseReturnValue:
    """All accounts and units."""
    store = office().store
    return render_template(
        "accounts/index.html", accounts=accounts.all(store), units=units.all(store), roles=ROLES
    )


@blueprint.route("/new", methods=["GET", "POST"])
@needs("manage_accounts")
def create() -> ResponseReturnValue:
    """Make an account."""
    form = AccountForm()
    form.offer()
    if form.validate_on_submit():
        try:
            made = accounts.create(
                office().store,
                office().clock,
                actor(),
                username=form.username.data or "",
                name=form.name.data or "",
                unit_id=form.unit_id.data,
                roles=form.roles.data or [],
                password=form.password.data or "",
                post=form.post.data or "",
                phone=form.phone.data or "",
            )
        except AccountRefused as refusal:
            form.username.errors = [str(refusal)]
        except PasswordRefused as refusal:
            form.password.errors = [str(refusal)]
        else:
            flash(_("已建立账号 %(username)s。首次登录时要改密码。", username=made.username), "good")
            return redirect(url_for("accounts.index"))
    return render_template("accounts/new.html", form=form, means=ROLE_MEANS), _status(form)


@blueprint.route("/<account_id>", methods=["GET", "POST"])
@needs("manage_accounts")
def edit(account_id: str) -> ResponseReturnValue:
    """Change who a person is and what they may do."""
    account = _found(account_id)
    form = PersonForm(obj=account)
    form.offer()
    if form.validate_on_submit():
        try:
            _mend(account, form)
        except AccountRefused as refusal:
            form.roles.errors = [str(refusal)]
        except WorkHangs as hangs:
            return _first_hand_over(account, form, hangs)
        else:
            flash(_("已保存。权限有变动的，对方需要重新登录。"), "good")
            return redirect(url_for("accounts.index"))
    return _edit_page(account, form, ResetForm(formdata=None)), _status(form)


def _edit_page(account: Account, form: PersonForm, reset: ResetForm) -> str:
    """With what hangs on this account's password: how many sealed answers, how many cases on it alone."""
    store = office().store
    return render_template(
        "accounts/edit.html",
        means=ROLE_MEANS,
        account=account,
        form=form,
        reset=reset,
        hangs=office().vault.how_many() if account.is_confirmed else None,
        is_last=vault_rights.is_last(store, account.id),
        alone=len(case_keys.held_alone(store, account.id)),
        has_code=second_factor.is_on(store, account.id),
    )


def _details(form: PersonForm) -> Change:
    return Change(name=form.name.data or "", post=form.post.data or "", phone=form.phone.data or "")


def _mend(account: Account, form: PersonForm) -> None:
    rights = {"unit_id": form.unit_id.data, "roles": tuple(form.roles.data or [])}
    handing_over.change_idle(office(), actor(), account.id, replace(_details(form), **rights))


def _first_hand_over(account: Account, form: PersonForm, hangs: WorkHangs) -> ResponseReturnValue:
    """Keep what was typed of the person; where they go and what they may do waits until all is taken over."""
    handing_over.change_idle(office(), actor(), account.id, _details(form))
    flash(_("姓名、职务和电话已保存。%(why)s单位和角色在交接之后变动。", why=hangs.message), "warn")
    wanted = {"unit_id": form.unit_id.data, "roles": form.roles.data}
    return redirect(url_for("leaving.show", account_id=account.id, **wanted))


@blueprint.post("/<account_id>/password")
@needs("manage_accounts")
def reset_password(account_id: str) -> ResponseReturnValue:
    """Give an account a new first password."""
    account = _found(account_id)
    form = ResetForm()
    if form.validate():
        try:
            accounts.set_password(
                office().store, office().clock, actor(), account.id, form.password.data or ""
            )
        except PasswordRefused as refusal:
            form.password.errors = [str(refusal)]
        else:
            flash(_("已重置 %(name)s 的密码，对方下次登录时要改。", name=account.name), "good")
            return redirect(url_for("accounts.index"))
    person = PersonForm(formdata=None, obj=account)
    person.offer()
    return _edit_page(account, person, form), 422


@blueprint.post("/<account_id>/second-factor")
@needs("manage_accounts")
def drop_second_factor(account_id: str) -> ResponseReturnValue:
    """For somebody who lost telephone and paper: no code is asked for, and what is sealed waits."""
    account = _found(account_id)
    second_factor.turn_off(office().store, office().clock, actor(), account)
    flash(_("已停用 %(name)s 的两步登录；打开举报人信息的权限等待恢复。", name=account.name), "good")
    return redirect(url_for("accounts.edit", account_id=account_id))


@blueprint.post("/<account_id>/disable")
@needs("manage_accounts")
def disable(account_id: str) -> ResponseReturnValue:
    """Shut an account and end its sessions; where work hangs on it, that is handed over first."""
    account = _found(account_id)
    try:
        handing_over.change_idle(office(), actor(), account.id, Change(disabled=True))
    except WorkHangs as hangs:
        flash(hangs.message, "warn")
        return redirect(url_for("leaving.show", account_id=account.id))
    except AccountRefused as refusal:
        flash(str(refusal), "bad")
    else:
        flash(_("已停用，对方已被退出登录。"), "good")
    return redirect(url_for("accounts.index"))


@blueprint.post("/<account_id>/enable")
@needs("manage_accounts")
def enable(account_id: str) -> ResponseReturnValue:
    """Open a shut account again."""
    handing_over.enable(office(), actor(), _found(account_id).id)
    flash(_("已启用。"), "good")
    return redirect(url_for("accounts.index"))


@blueprint.route("/units/new", methods=["GET", "POST"])
@needs("manage_accounts")
def create_unit() -> ResponseReturnValue:
    """Add a unit."""
    form = UnitForm()
    if form.validate_on_submit():
        try:
            units.create(
                office().store,
                office().clock,
                actor(),
                (form.id.data or "").strip(),
                form.name.data or "",
                form.full_name.data or "",
                form.category.data or "",
            )
        except UnitRefused as refusal:
            form.id.errors = [str(refusal)]
        else:
            flash(_("已增加单位。"), "good")
            return redirect(url_for("accounts.index"))
    wanted = deployment.units_wanted(office())
    return render_template("accounts/unit.html", form=form, unit=None, wanted=wanted), _status(form)


@blueprint.route("/units/<unit_id>", methods=["GET", "POST"])
@needs("manage_accounts")
def edit_unit(unit_id: str) -> ResponseReturnValue:
    """Change how a unit is called and what kind it is."""
    unit = units.get(office().store, unit_id)
    if unit is None:
        raise NotFound(unit_id)
    form = UnitDetailsForm(obj=unit)
    if form.validate_on_submit():
        named = (form.name.data or "", form.full_name.data or "", form.category.data or "")
        try:
            closing_units.rename(office(), actor(), unit_id, *named)
        except UnitRefused as refusal:
            form.name.errors = [str(refusal)]
        else:
            flash(_("已保存。"), "good")
            return redirect(url_for("accounts.index"))
    left = closing_units.open_matters(office(), actor(), unit_id)
    into = units.get(office().store, unit.merged_into)
    return render_template("accounts/unit.html", form=form, unit=unit, left=left, into=into), _status(form)


@blueprint.post("/units/<unit_id>/close")
@needs("manage_accounts")
def close_unit(unit_id: str) -> ResponseReturnValue:
    """Take a unit out of work, once nothing of it is open."""
    try:
        closing_units.close(office(), actor(), unit_id)
    except Refused as refusal:
        flash(refusal.message, "bad")
    else:
        flash(_("单位已关闭：不再办新的事，以前的材料照旧可查。"), "good")
    return redirect(url_for("accounts.edit_unit", unit_id=unit_id))


@blueprint.post("/units/<unit_id>/reopen")
@needs("manage_accounts")
def reopen_unit(unit_id: str) -> ResponseReturnValue:
    """Let a closed unit work again."""
    try:
        closing_units.reopen(office(), actor(), unit_id)
    except Refused as refusal:
        flash(refusal.message, "bad")
    else:
        flash(_("单位已重新启用。"), "good")
    return redirect(url_for("accounts.edit_unit", unit_id=unit_id))


def _found(account_id: str) -> Account:
    account = accounts.get(office().store, account_id)
    if account is None:
        raise NotFound(account_id)
    return account


def _status(form: OwnForm) -> int:
    return 422 if form.errors else 200
