"""``demo``: a fresh office that has worked for three months, to look at and to learn from."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click
from flask_babel import gettext as _

from andu.cli import staging
from andu.cli.opening import fail
from andu.cli.staging import ScriptFault
from andu.clock import OFFICE_ZONE, FixedClock, office_day
from andu.office import editions, founding
from andu.office.backup import moving
from andu.office.followup import reminders
from andu.office.issue import issuing
from andu.office.office import Office
from andu.security import audit
from andu.settings import Settings

SCRIPT = founding.OFFICES / "demo.yaml"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def demo(folder: Path) -> None:
    """在新文件夹 FOLDER 里建一个已经办了三个月线索的示例办公室；结束后用 ANDU_INSTANCE 启动查看。"""
    if folder.exists() and not folder.is_dir():
        fail(_("%(folder)s 是文件，请给一个新文件夹的名称。", folder=folder))
    if folder.exists() and any(folder.iterdir()):
        fail(_("文件夹 %(folder)s 里已经有内容，请另给一个新的。", folder=folder))
    script = staging.read_script(SCRIPT)
    today = datetime.now(UTC).astimezone(OFFICE_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    first = today - timedelta(days=script.days)
    clock = FixedClock(first)
    settings = replace(Settings.from_environment(), instance=folder.resolve(), clock=clock)
    if settings.store:
        moving.require_empty(settings)
    founding.prepare_folder(settings, example=True)
    _set_campaign(settings.office_file, office_day(first), office_day(today))
    office = Office.open(settings)
    founding.load_people(office)
    editions.publish(office)
    _play(office, script, clock, first)
    click.echo(_("办好了。现在运行："))
    click.echo(f"ANDU_INSTANCE={folder} script/server")


def _set_campaign(office_file: Path, since: date, until: date) -> None:
    """Let the first campaign of the office file be these days."""
    text = office_file.read_text(encoding="utf-8")
    for key, day in (("since", since), ("until", until)):
        text = re.sub(rf"({key}: )\d{{4}}-\d{{2}}-\d{{2}}", rf"\g<1>{day.isoformat()}", text, count=1)
    office_file.write_text(text, encoding="utf-8")


def _play(office: Office, script: staging.Script, clock: FixedClock, first: datetime) -> None:
    label = _("三个月的线索办理")
    try:
        with click.progressbar(length=script.steps, label=label) as bar:
            for _step in staging.play(office, script, clock, first):
                reminders.write_due(office)
                bar.update(1)
    except ScriptFault as fault:
        fail(_("示例剧本在这一步停下了：%(what)s", what=fault))
    issuing.recover(office)
    reminders.write_due(office)
    audit.publish_heads(office.store, office.clock, office.heads)
