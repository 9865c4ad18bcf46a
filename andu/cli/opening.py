"""What every command begins with: the office, its file, a form type, a person; or a fault in words.

Faults go to standard error in Chinese, and the exit code is 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import click
from flask_babel import gettext as _

from andu.formtypes.definition import FormType
from andu.formtypes.faults import FormFaults
from andu.formtypes.language.catalogue import Catalogue
from andu.office import founding, sources
from andu.office.config import Config, ConfigFault, read_config
from andu.office.office import Office, published_of
from andu.office.published import Published
from andu.office.workdays import HolidaysFault
from andu.papers import signature_sheet
from andu.security import accounts
from andu.security.accounts import Account
from andu.security.envelopes import OwnKey
from andu.settings import Settings
from andu.store import AWAY, FILES, READ_ONLY, Damaged, Unreadable, Unwritable


def fail(*lines: str) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    raise SystemExit(1)


def open_office(if_damaged: Callable[[Settings], list[str]] = lambda _settings: []) -> Office:
    """The office, or its fault in words; ``if_damaged`` says more where the database lost its guards."""
    settings = Settings.from_environment()
    if not settings.office_file.exists():
        fail(_("还没有办公室数据，请先运行 script/server 或 script/andu prepare。"))
    try:
        office = Office.open_anyway(settings)
    except ConfigFault as fault:
        fail(str(fault))
    except HolidaysFault as fault:
        fail(str(fault))
    except FormFaults as faults:
        fail(*map(str, faults.faults))
    except Unwritable as fault:
        fail(unwritable(fault, settings.instance))
    except Damaged as damage:
        said = _("数据库的保护被人从外面去掉了（%(what)s）：请停止使用，从备份恢复。", what=str(damage))
        fail(said, *if_damaged(settings))
    for what in office.faults:
        click.echo(_("注意：%(what)s", what=what), err=True)
    return office


def unwritable(fault: Unwritable, place: Path) -> str:
    """Why nothing can be stored, in words."""
    if fault.why in (AWAY, FILES):
        return str(fault)
    if fault.why == READ_ONLY:
        return _("%(place)s 只读或不属于本账号，什么都存不下来：请检查磁盘和文件夹的权限。", place=place)
    return _("%(place)s 所在的磁盘满了或写不进去，什么都存不下来：请清理磁盘后再试。", place=place)


def office_file(path: Path) -> Config:
    try:
        return read_config(path)
    except ConfigFault as fault:
        fail(str(fault))


def account_named(office: Office, username: str) -> Account:
    account = accounts.by_username(office.store, username)
    if account is None or not account.is_active:
        fail(_("没有账号 %(name)s，或已停用。", name=username))
    return at_the_machine(account)


def at_the_machine(account: Account) -> Account:
    """Somebody for whom a command acts, without their password: it reads back what it wrote itself."""
    return replace(account, key=OwnKey.fresh())


def series_keys() -> set[str]:
    """The number series of the office: those of its file, and what was published over them in the browser."""
    settings = Settings.from_environment()
    if not settings.office_file.exists():
        return set(office_file(founding.OFFICES / "example.yaml").series)
    try:
        return set(sources.office_config(settings, _published(settings)).series)
    except ConfigFault as fault:
        fail(str(fault))


def _published(settings: Settings) -> Published:
    """Nothing where the database cannot be opened: these commands look at files first of all."""
    try:
        return published_of(settings)
    except (Unwritable, Unreadable, Damaged):
        return Published()


def _catalogue() -> Catalogue:
    """The form types as they are in force: files, and over them what was published; raises ``FormFaults``."""
    settings = Settings.from_environment()
    made = _published(settings)
    return Catalogue.load(settings.forms, series_keys(), {}, made.offered, made.withdrawn)


def form_named(slug: str) -> FormType:
    if slug == signature_sheet.SLUG:
        return signature_sheet.sheet_form()
    try:
        form_type = _catalogue().get(slug)
    except FormFaults as faults:
        fail(*map(str, faults.faults))
    if form_type is None:
        fail(_("没有表单 %(form)s。", form=slug))
    return form_type


def form_types_here() -> list[FormType]:
    """The form types of the office, or none where one is faulty: for what only looks at them."""
    try:
        return _catalogue().all()
    except FormFaults:
        return []
