"""``report``: filed papers handed to another office as one signed file, and taken in from others."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click
from flask_babel import gettext as _

from andu.cli.opening import account_named, fail, open_office
from andu.clock import chinese_time, parse_stamp
from andu.disk import why_not
from andu.office.errors import Refused
from andu.office.reports import key as keys
from andu.office.reports import package, packing, receiving
from andu.office.reports.package import Report

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def report() -> None:
    """向上级报送文书，接收下级的报送。"""


@report.command("key")
def show_key() -> None:
    """打印本单位的报送公钥，交上级登记。"""
    click.echo(keys.public(keys.load(open_office().settings.instance / "keys")))


@report.command("pack")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as", "username", required=True, metavar="ACCOUNT", help="经办人账号")
@click.option("--since", type=DAY, required=True, help="从哪一天编的号")
@click.option("--until", type=DAY, required=True, help="到哪一天编的号")
@click.option("--form", "forms", multiple=True, metavar="FORM", help="只报这种表单，可重复")
def pack(out: Path, username: str, since: datetime, until: datetime, forms: tuple[str, ...]) -> None:
    """把一段时间里归档的文书打成一个签名的报送包。"""
    office = open_office()
    try:
        data, count = packing.pack(office, account_named(office, username), _day(since), _day(until), forms)
        out.write_bytes(data)
    except Refused as refusal:
        fail(refusal.message)
    except OSError as fault:
        fail(f"{out}：{why_not(fault)}")
    click.echo(_("%(out)s：%(n)s 份文书，已签名。", out=out, n=count))


def _day(moment: datetime) -> date:
    return moment.date()


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        fail(f"{file}：{why_not(fault)}")


@report.command("show")
@click.argument("file", type=click.Path(path_type=Path))
def show(file: Path) -> None:
    """核对一个报送包，列出里面有什么；什么也不收。"""
    office = open_office()
    try:
        found = package.read(_bytes(file))
    except Refused as refusal:
        fail(f"{file.name}：{refusal.message}")
    _say(found, receiving.source_of(office, found))


def _say(found: Report, known: str) -> None:
    click.echo(_("报送单位：%(name)s", name=found.office))
    click.echo(
        _("签名公钥：%(key)s（%(known)s）", key=found.key, known=known or _("没有登记过，先核对再登记"))
    )
    click.echo(_("制作时间：%(at)s", at=chinese_time(parse_stamp(found.made_at))))
    click.echo(
        _("%(since)s 至 %(until)s，%(n)s 份：", since=found.since, until=found.until, n=len(found.papers))
    )
    for paper in found.papers:
        void = _("（已作废）") if paper.about["state"] == "voided" else ""
        click.echo("　".join((paper.about["number"] + void, paper.about["title"], paper.about["unit"])))


@report.command("trust")
@click.argument("key")
@click.argument("name")
@click.option("--as", "username", required=True, metavar="ACCOUNT", help="系统管理员账号")
def trust(key: str, name: str, username: str) -> None:
    """登记一个下级单位的报送公钥。"""
    office = open_office()
    try:
        receiving.trust(office, account_named(office, username), key, name)
    except Refused as refusal:
        fail(refusal.message)
    click.echo(_("已登记“%(name)s”。", name=name))


@report.command("take")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "username", required=True, metavar="ACCOUNT", help="经办人账号")
def take(file: Path, username: str) -> None:
    """收下一个报送包；改动过的、不认识的不收，重复收没有害处。"""
    office = open_office()
    try:
        taken = receiving.take(office, account_named(office, username), _bytes(file))
    except Refused as refusal:
        fail(f"{file.name}：{refusal.message}")
    said = {"new": taken.new, "voided": taken.voided, "known": taken.known}
    click.echo(_("收下 %(new)s 份，改为作废 %(voided)s 份，原来就有 %(known)s 份。", **said))
