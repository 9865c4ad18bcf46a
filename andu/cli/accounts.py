"""``account``: a way in for whoever runs the machine, where no admin can sign in any more."""

from __future__ import annotations

import click
from flask_babel import gettext as _

from andu.cli.opening import account_named, fail, open_office
from andu.security import accounts
from andu.security.passwords import PasswordRefused


@click.group()
def account() -> None:
    """账号。"""


@account.command("password")
@click.argument("username", metavar="ACCOUNT")
def set_password(username: str) -> None:
    """给账号设一个初始密码，本人登录时要改；打开举报人信息的权限随之等待恢复。"""
    office = open_office()
    person = account_named(office, username)
    password = click.prompt(
        _("新的初始密码（至少 10 位）"), hide_input=True, confirmation_prompt=_("再输一次")
    )
    try:
        accounts.set_password(office.store, office.clock, None, person.id, password)
    except PasswordRefused as refusal:
        fail(str(refusal))
    click.echo(_("已设好，请%(name)s登录后马上改。", name=person.name))
