"""``forms``: check form types and their papers, print samples."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

import click
from flask_babel import gettext as _

from andu.cli.opening import fail, form_named, open_office, series_keys
from andu.disk import why_not
from andu.formtypes.beside import figure_reading, ledger_reading
from andu.formtypes.definition import FormType
from andu.formtypes.directory import Directory, NoDirectory
from andu.formtypes.faults import FormFaults, nearest
from andu.formtypes.filling import samples
from andu.formtypes.language.catalogue import Catalogue, check_folder
from andu.formtypes.language.reading import read_form
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.papers import signature_sheet
from andu.papers.checks.contract import ERROR
from andu.papers.checks.examination import examined, received
from andu.papers.checks.proof import Many
from andu.papers.pdf import Converter
from andu.security import accounts
from andu.settings import Settings

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def forms() -> None:
    """表单类型：检查、样例。"""


@forms.command("check")
@click.option("--forms", "folder", type=FOLDER, help="表单类型所在目录")
@click.option("--templates", type=FOLDER, help="公文模板所在目录")
@click.option("--ledgers", type=FOLDER, help="台账所在目录")
def check_forms(folder: Path | None, templates: Path | None, ledgers: Path | None) -> None:
    """检查全部表单类型、模板和台账；一次列出所有毛病。"""
    settings, series = Settings.from_environment(), series_keys()
    figures = None
    if folder is None:  # the ledgers and figures belong to these form types, not to any others
        folder, ledgers, figures = settings.forms, ledgers or settings.ledgers, settings.figures
    templates = templates or settings.templates
    slugs = sorted(path.stem for path in folder.glob("*.yaml"))
    found = [str(fault) for fault in check_folder(folder, series)]
    readable = []
    for slug in slugs:
        # a form without a fault of its own has its paper checked, whatever is wrong with the others
        with contextlib.suppress(FormFaults):
            readable.append(read_form(folder / f"{slug}.yaml", series))
    sheet = signature_sheet.sheet_form()
    # papers that are no office's yet, such as one just adopted, lie in a folder without the sheet
    belongs = templates == settings.templates or (templates / f"{sheet.slug}.docx").exists()
    advice, faults = _judged([*readable, *([sheet] if belongs else [])], templates)
    found += faults + _orphans(templates, [*slugs, sheet.slug])
    if ledgers is not None:
        found += _judged_ledgers(ledgers, figures, Catalogue(readable))
    for line in advice:
        click.echo(line, err=bool(found))
    if found:
        fail(*found)
    if not advice:
        click.echo(_("%(n)s 种表单，没有发现问题。", n=len(slugs)))


def _judged_ledgers(ledgers: Path, figures: Path | None, catalogue: Catalogue) -> list[str]:
    """The faults of ledgers, and of the figures that count them, a line each."""
    read, faults = ledger_reading.load(ledgers, catalogue)
    if figures is not None:
        faults += figure_reading.load(figures, read, catalogue)[1]
    return [str(fault) for fault in faults]


def _judged(form_types: list[FormType], templates: Path) -> tuple[list[str], list[str]]:
    """The warnings and the errors of the papers of these forms, a line each."""
    advice: list[str] = []
    faults: list[str] = []
    papers = []
    for form_type in form_types:
        path = templates / f"{form_type.slug}.docx"
        try:
            papers.append((form_type, received(path.read_bytes())))
        except FileNotFoundError:
            faults.append(_("%(name)s: 没有模板文件", name=path.name))
        except OSError as error:
            faults.append(f"{path.name}: {why_not(error)}")
    for (form_type, _paper), paper in zip(papers, examined(papers, _printing()), strict=True):
        for finding in paper.findings:
            (faults if finding.severity == ERROR else advice).append(f"{form_type.slug}.docx: {finding}")
    return advice, faults


def _printing() -> Many:
    """As many LibreOffices as there are processors, for this command alone."""
    return Converter(Settings.from_environment().fonts, os.cpu_count() or 1).many


def _orphans(templates: Path, slugs: list[str]) -> list[str]:
    # Word keeps a "~$name.docx" beside each document that is open
    stems = sorted(path.stem for path in templates.glob("*.docx") if not path.name.startswith("~$"))
    return [
        _("%(slug)s.docx: 没有哪种表单用这份模板%(near)s", slug=stem, near=nearest(stem, slugs))
        for stem in stems
        if stem not in slugs
    ]


@forms.command("sample")
@click.argument("form")
@click.option("--worst", is_flag=True, help="每一栏都填到最长")
def sample_form(form: str, worst: bool) -> None:
    """打印一份填好的样例（JSON），由表单类型本身生成。"""
    form_type = form_named(form)
    directory: Directory = NoDirectory()
    if Settings.from_environment().office_file.exists():
        directory = _clerk_directory(open_office(), form_type.filled_by) or directory
    values = samples.for_anyone(form_type, samples.sample(form_type, directory, worst=worst))
    click.echo(json.dumps(values, ensure_ascii=False, indent=2))


def _clerk_directory(office: Office, roles: tuple[str, ...]) -> OfficeDirectory | None:
    people = [one for one in accounts.all(office.store) if one.is_active and set(roles) & set(one.roles)]
    # The last in the office's order: samples are handed in to the units at its head.
    return OfficeDirectory(office, people[-1]) if people else None
