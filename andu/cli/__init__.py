"""The commands of ``script/andu``: what a person at the machine does without a browser.

Each command opens the office and calls the same functions as the screens.
"""

from __future__ import annotations

import click

from andu.cli.accounts import account
from andu.cli.adopting import form
from andu.cli.backup import backup, restore
from andu.cli.checking import audit_group, series
from andu.cli.demo import demo
from andu.cli.doctor import doctor
from andu.cli.filling import fill
from andu.cli.forms import forms
from andu.cli.founding import prepare
from andu.cli.moving import move_files, move_store
from andu.cli.papers import paper
from andu.cli.reports import report
from andu.cli.telling import Told
from andu.cli.vault import vault
from andu.cli.worker import worker


@click.group(cls=Told)
def main() -> None:
    """Andu 案牍：表单、签字、编号、公文、登记。"""


for command in (
    prepare,
    forms,
    form,
    fill,
    series,
    audit_group,
    paper,
    doctor,
    demo,
    backup,
    restore,
    move_store,
    move_files,
    report,
    vault,
    worker,
    account,
):
    main.add_command(command)
