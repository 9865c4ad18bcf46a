"""``worker``: this machine draws the papers that wait, without serving anybody."""

from __future__ import annotations

import time

import click
from flask_babel import gettext as _

from andu.cli.opening import fail, open_office
from andu.office.issue import drawn_alike, issuing
from andu.office.live import Live
from andu.store import Unwritable

EVERY = 5.0


@click.command()
@click.option("--reference", is_flag=True, help="以后都照这台机器的 LibreOffice 和字体生成文书")
@click.option("--once", is_flag=True, help="把现在等着的做完就结束")
def worker(reference: bool, once: bool) -> None:
    """只生成等着的文书，不接待人；LibreOffice 和字体要与约定的相同。按 Ctrl+C 停止。"""
    office = open_office()
    if reference:
        drawn_alike.be_the_reference(office)
        click.echo(_("以后各台机器都照这一台的 LibreOffice 和字体。"))
    why = drawn_alike.why_not(office)
    if why:
        fail(why, _("两边装成一样，或者在要作准的那台运行 script/andu worker --reference。"))
    live = Live(office)
    while True:
        try:
            filed = issuing.recover(live.now())
        except Unwritable as fault:
            if once:
                raise
            click.echo(str(fault), err=True)  # the database comes back, and with it what waits
        else:
            if filed or once:
                click.echo(_("归档 %(n)s 份", n=filed))
            if once:
                return
        time.sleep(EVERY)
