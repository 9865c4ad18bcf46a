"""``paper``: what a person at the machine does with Word templates and finished papers."""

from __future__ import annotations

from pathlib import Path

import click

from andu.cli.opening import form_named
from andu.papers.drafting import draft_paper


@click.group()
def paper() -> None:
    """公文模板和公文。"""


@paper.command("draft")
@click.argument("form")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def draft(form: str, out: Path) -> None:
    """按表单类型画一份起步的 Word 模板，再在 Word 里调整。"""
    out.write_bytes(draft_paper(form_named(form)))
    click.echo(str(out))
