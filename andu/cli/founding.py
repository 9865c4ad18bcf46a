"""``prepare``: found the office, once, and say who can sign in."""

from __future__ import annotations

import os

import click
from flask_babel import gettext as _

from andu.cli.opening import fail, open_office
from andu.disk import why_not
from andu.office import deployment, founding
from andu.office.desk import soundness
from andu.office.issue import issuing
from andu.office.office import Office
from andu.papers.pdf.fonts import fonts_missing
from andu.security import audit
from andu.security.accounts import AccountRefused
from andu.security.passwords import PasswordRefused
from andu.settings import Settings


@click.command()
@click.option("--empty", is_flag=True, help="真实办公室：不载入示例，只建第一个管理员账号")
def prepare(empty: bool) -> None:
    """建立数据目录、数据库和首批账号；已有的一概不动。"""
    settings = Settings.from_environment()
    try:
        is_new = founding.prepare_folder(settings, example=not empty)
    except OSError as fault:
        fail(_("数据目录 %(folder)s 建不起来：%(why)s", folder=settings.instance, why=why_not(fault)))
    office = open_office()
    if empty and not is_new and office.config.accounts:
        fail(
            _("%(folder)s 里已经是示例办公室，不能当真实办公室用。", folder=settings.instance),
            _("真实办公室请用环境变量 ANDU_INSTANCE 另设数据目录，或先删除这个文件夹，再运行一次。"),
        )
    click.echo(_("数据库：%(engine)s", engine=office.store.engine()))
    missing = fonts_missing(settings.fonts)
    if missing:
        names = "、".join(missing)
        click.echo(_("注意：缺少字体 %(names)s，PDF 会走样。请运行 script/setup。", names=names), err=True)
    founding.load_people(office)
    if not founding.has_people(office):
        _first_admin(office)
    for said in soundness.troubles(office)[len(office.faults) :]:
        click.echo(_("错误：%(what)s", what=said), err=True)
    issuing.recover(office)
    audit.publish_heads(office.store, office.clock, office.heads)
    _print_accounts(office)


def _first_admin(office: Office) -> None:
    username = os.environ.get("ANDU_ADMIN") or click.prompt(_("第一个管理员的用户名"))
    name = os.environ.get("ANDU_ADMIN_NAME") or (
        username if "ANDU_ADMIN" in os.environ else click.prompt(_("姓名"))
    )
    password = os.environ.get("ANDU_ADMIN_PASSWORD") or click.prompt(
        _("密码（至少 10 位）"), hide_input=True, confirmation_prompt=_("再输一次")
    )
    try:
        founding.first_admin(office, username, name, password)
    except (AccountRefused, PasswordRefused) as refusal:
        fail(str(refusal))
    click.echo(_("已建管理员账号 %(name)s。请用它登录，先建单位，再建账号。", name=username))


def _print_accounts(office: Office) -> None:
    config = office.config
    if not config.accounts:
        return
    click.echo(_("示例账号（密码都是 %(password)s）：", password=config.sample_password))
    for account in config.accounts:
        click.echo(f"  {account['username']:<12}{account['name']}  {account.get('post', '')}")
    if deployment.is_open_to_others(os.environ.get("ANDU_BIND", "")):
        warning = _(
            "警告：示例账号的密码是公开的，而服务不只向本机开放（ANDU_BIND）。\n"
            "网络上的任何人都能用它登录、签字、取号。请勿录入真实材料。"
        )
        click.echo(f"{'*' * 72}\n{warning}\n{'*' * 72}", err=True)
