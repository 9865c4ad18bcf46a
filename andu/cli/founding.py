"""``prepare``: found the office, once, and say who can sign in."""

from __future__ import annotations

import os
from collections.abc import Callable

import click
from flask_babel import gettext as _

from andu.cli.opening import fail, open_office
from andu.disk import why_not
from andu.office import deployment, founding
from andu.office.desk import soundness
from andu.office.issue import issuing
from andu.office.office import Office, bucket_of
from andu.papers.pdf.fonts import fonts_missing
from andu.security import accounts, audit
from andu.security.accounts import AccountRefused
from andu.security.passwords import PasswordRefused, require_good
from andu.settings import Settings


@click.command()
@click.option("--empty", is_flag=True, help="真实办公室：不载入示例，只建第一个管理员账号")
def prepare(empty: bool) -> None:
    """建立数据目录、数据库和首批账号；已有的一概不动。"""
    settings = Settings.from_environment()
    if bucket := bucket_of(settings):
        bucket.try_out()
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
    try:
        username = os.environ.get("ANDU_ADMIN") or _asked(
            _("第一个管理员的用户名（字母、数字）"), accounts.require_username
        )
        name = os.environ.get("ANDU_ADMIN_NAME") or (
            username if "ANDU_ADMIN" in os.environ else click.prompt(_("姓名"))
        )
        password = os.environ.get("ANDU_ADMIN_PASSWORD") or _asked_twice(username)
        founding.first_admin(office, username, name, password)
    except click.Abort:
        how = _("不在终端前运行的，用环境变量 ANDU_ADMIN、ANDU_ADMIN_PASSWORD 给出。")
        fail("", _("还没有建管理员账号，再运行一次就接着问。%(how)s", how=how))
    except (AccountRefused, PasswordRefused) as refusal:
        fail(str(refusal))
    click.echo(_("已建管理员账号 %(name)s。", name=username))
    wait = _("第一次启动要试印每一种文书，请等几分钟，写出“已就绪”和网址就能登录。")
    click.echo(_("%(wait)s先看工作台上“要您处理的”。", wait=wait))


def _asked(label: str, require: Callable[[str], None], hidden: bool = False) -> str:
    """Asked again, with the reason, until what is typed can be taken."""
    while True:
        said: str = click.prompt(label, hide_input=hidden)
        try:
            require(said)
        except (AccountRefused, PasswordRefused) as refusal:
            click.echo(str(refusal), err=True)
        else:
            return said


def _asked_twice(username: str) -> str:
    while True:
        said = _asked(
            _("密码（至少 10 位，输入时不显示）"), lambda one: require_good(one, username), hidden=True
        )
        if click.prompt(_("再输一次"), hide_input=True) == said:
            return said
        click.echo(_("两次输的不一样，请重新输。"), err=True)


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
