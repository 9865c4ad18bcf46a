"""``vault``: the right to open what is sealed, where nobody who holds it is left."""

from __future__ import annotations

import click
from flask_babel import gettext as _

from andu.cli.opening import account_named, open_office
from andu.office.handover import confirming


@click.group()
def vault() -> None:
    """举报人信息的保密权限。"""


@vault.command("confirm")
@click.argument("username", metavar="ACCOUNT")
@click.option("--reason", required=True, help="说明，写入审计日志")
def confirm_right(username: str, reason: str) -> None:
    """没有任何人持有保密权限时，由机房确认一位；还有人持有的，在页面上确认。"""
    office = open_office()
    account = account_named(office, username)
    confirming.confirm_at_machine(office, account, reason)
    click.echo(_("已确认，%(name)s可以打开举报人信息。", name=account.name))
