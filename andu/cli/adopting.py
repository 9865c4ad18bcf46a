"""``form``: making form types. Called by whoever has a blank Word form and wants a web form of it."""

from __future__ import annotations

from pathlib import Path

import click
from flask_babel import gettext as _

from andu.cli.opening import fail, form_types_here, series_keys
from andu.disk import why_not
from andu.papers.blanks.adopting import adopt
from andu.papers.blanks.keys import Keys
from andu.papers.blanks.memory import remembered
from andu.papers.faults import PaperFault
from andu.papers.pdf.old_word import as_docx
from andu.settings import Settings


@click.group()
def form() -> None:
    """表单类型。"""


@form.command("adopt")
@click.argument("blank", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--series", help="编号用的号段；不写的，用第一个")
def adopt_form(blank: Path, folder: Path, series: str | None) -> None:
    """从一份空白的 Word 表做出表单类型和公文模板，建议的全部采用；做好后请逐项看过。"""
    try:
        docx = as_docx(blank.read_bytes(), Settings.from_environment().fonts)
        form_type, paper, found = adopt(docx, remembered(form_types_here()), series or min(series_keys()))
        slug = Keys().of(found.title or blank.stem)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{slug}.yaml").write_text(form_type, encoding="utf-8")
        (folder / f"{slug}.docx").write_bytes(paper)
    except PaperFault as fault:
        fail(f"{blank.name}：{fault}")
    except OSError as error:
        fail(f"{error.filename or blank.name}：{why_not(error)}")
    click.echo(_("%(title)s：%(n)s 处要填写", title=found.title, n=len(found.fields)))
    for path in (folder / f"{slug}.yaml", folder / f"{slug}.docx"):
        click.echo(str(path))
    for remark in found.remarks:
        click.echo(remark, err=True)
