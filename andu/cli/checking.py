"""``series`` and ``audit``: whether numbers, files and the audit log are whole."""

from __future__ import annotations

import click
from flask_babel import gettext as _

from andu.cli.opening import account_named, fail, open_office
from andu.office.desk import reconcile
from andu.office.errors import Refused
from andu.office.issue import numbering
from andu.office.office import Office, heads_of, store_of
from andu.security import audit, bindings
from andu.settings import Settings


@click.group()
def series() -> None:
    """编号序列：检查、恢复备份后的确认。"""


@series.command("check")
def check_series() -> None:
    """报告断号、重号、未归档的编号、缺失或被改动的文件。"""
    office = open_office(_compared_anyway)
    faults = reconcile.check(office)
    if faults:
        fail(*[f"{fault.number}: {fault.message}" for fault in faults])
    click.echo(_("编号连续，文件齐全，没有发现问题。"))
    _say_what_was_taken_over(office)


@series.command("confirm")
@click.argument("key")
@click.argument("year", type=int)
@click.argument("last", type=int)
@click.option("--reason", required=True, help="说明，写入登记")
@click.option("--as", "username", required=True, metavar="ACCOUNT", help="确认人账号")
def confirm_series(key: str, year: int, last: int, reason: str, username: str) -> None:
    """恢复旧备份后，确认纸面上已用到的末号，解除取号锁定。"""
    office = open_office()
    if key not in office.config.series:
        fail(_("没有序列 %(key)s。", key=key))
    try:
        numbering.confirm(office, account_named(office, username), key, year, last, reason)
    except Refused as refusal:
        fail(refusal.message)
    click.echo(_("已确认，下一个号是 %(n)s。", n=last + 1))


@click.group("audit")
def audit_group() -> None:
    """审计日志。"""


@audit_group.command("verify")
def verify_audit() -> None:
    """核对审计日志的哈希链。"""
    office = open_office(_compared_anyway)
    problems = audit.verify(office.store, office.heads)
    if problems:
        fail(*problems)
    click.echo(_("审计日志完整。"))
    _say_what_was_taken_over(office)


def _compared_anyway(settings: Settings) -> list[str]:
    """What the rows and chains of a database say whose guards are gone."""
    return audit.verify(store_of(settings), heads_of(settings))


def _say_what_was_taken_over(office: Office) -> None:
    said = bindings.taken_over(office.store)
    if said:
        click.echo(said)
