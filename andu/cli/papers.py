"""``paper``: what a person at the machine does with Word templates and finished papers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from flask_babel import gettext as _

from andu.cli.answers import answers_in
from andu.cli.opening import fail, form_named, form_types_here
from andu.disk import why_not
from andu.papers import blanks, signature_sheet
from andu.papers.blanks.memory import remembered
from andu.papers.checks import layout, rest
from andu.papers.checks.contract import ERROR, has_errors
from andu.papers.checks.contract.beside import lost_words
from andu.papers.checks.contract.reading import read
from andu.papers.checks.examination import examined, received
from andu.papers.checks.inspection import inspect
from andu.papers.checks.printed import Unreadable, lacking
from andu.papers.drawing.drafting import draft_paper
from andu.papers.drawing.signature_sheet import draft_sheet
from andu.papers.faces import dressed, labelled, needed, unprintable
from andu.papers.pdf import Converter, PdfFault
from andu.papers.pdf.old_word import as_docx
from andu.papers.template import PaperFault, Template, compile_template
from andu.papers.template.marks import ITEM
from andu.settings import Settings


@click.group()
def paper() -> None:
    """公文模板和公文。"""


@paper.command("draft")
@click.argument("form")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def draft(form: str, out: Path) -> None:
    """按表单类型画一份起步的 Word 模板，再在 Word 里调整。"""
    docx = draft_sheet() if form == signature_sheet.SLUG else draft_paper(form_named(form))
    try:
        out.write_bytes(docx)
    except OSError as error:
        fail(f"{error.filename}: {why_not(error)}")
    click.echo(str(out))


@paper.command("contract")
@click.argument("form")
@click.option("--json", "as_json", is_flag=True, help="按 JSON 输出")
def check_contract(form: str, as_json: bool) -> None:
    """核对一种表单和它的模板，并用样例试填；有错误时退出码为 1。"""
    form_type = form_named(form)
    path = Settings.from_environment().templates / f"{form}.docx"
    if not path.exists():
        fail(_("%(name)s: 没有模板文件", name=path.name))
    try:
        came = received(path.read_bytes())
    except OSError as error:
        fail(f"{error.filename}: {why_not(error)}")
    (found,) = examined([(form_type, came)], Converter(Settings.from_environment().fonts, 2).many)
    if as_json:
        click.echo(json.dumps([one.as_data() for one in found.findings], ensure_ascii=False, indent=2))
    elif not found.findings:
        click.echo(_("“%(title)s”和它的模板相符，样例都能填成。", title=form_type.title))
    else:
        for one in found.findings:
            click.echo((_("错误：") if one.severity == ERROR else _("提醒：")) + str(one))
    if has_errors(found.findings):
        raise SystemExit(1)


@paper.command("rest")
@click.argument("docx", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
def bring_to_rest(docx: Path, out: Path) -> None:
    """让一份模板定下来：接受全部修订，删去批注，解除内容控件，固定域，清除个人信息；逐条说明。"""
    try:
        rested, said = rest.bring_to_rest(docx.read_bytes())
        out.write_bytes(rested)
    except PaperFault as fault:
        fail(f"{docx.name}：{fault}")
    except OSError as error:
        fail(f"{error.filename}: {why_not(error)}")
    for line in said or [_("没有要处理的内容，原样存盘。")]:
        click.echo(line)
    left = [str(one) for one in received(rested).findings if one.severity == ERROR]
    if left:
        fail(*left)


@paper.command("read")
@click.argument("blank", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="按 JSON 输出")
def read_blank(blank: Path, as_json: bool) -> None:
    """读一份空白的 Word 表（docx 或 doc），列出要人填写的每一处。"""
    settings = Settings.from_environment()
    try:
        docx = as_docx(blank.read_bytes(), settings.fonts)
        found = blanks.read(docx, remembered(form_types_here()))
    except PaperFault as fault:
        fail(f"{blank.name}：{fault}")
    except OSError as error:
        fail(f"{blank.name}：{why_not(error)}")
    if as_json:
        click.echo(json.dumps(found.as_data(), ensure_ascii=False, indent=2))
        return
    click.echo(found.title)
    for one in found.fields:
        click.echo("　".join(filter(None, (one.label, one.kind, one.section, one.where))))
    for remark in found.remarks:
        click.echo(remark, err=True)


@paper.command("fill")
@click.argument("template", type=click.Path(path_type=Path))
@click.argument("data", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
def fill_paper(template: Path, data: Path, out: Path) -> None:
    """用一份 JSON 数据套一个 Word 模板，不经过表单，也不编号；试印一遍，印不全的不存盘。"""
    try:
        out.write_bytes(_filled(template.read_bytes(), answers_in(data.read_bytes(), data.name)))
    except TypeError:
        fail(_("%(name)s：内容只能是文字、数字、列表和对象，不能是 null", name=data.name))
    except PaperFault as fault:
        fail(str(fault))
    except OSError as error:
        fail(f"{error.filename}: {why_not(error)}")
    click.echo(str(out))


def _filled(docx: bytes, values: dict[str, Any]) -> bytes:
    """The filled docx; names everything that is missing at once. Raises ``PaperFault``."""
    came = received(docx)
    if not came.passed:
        fail(*[str(one) for one in came.findings if one.severity == ERROR])
    for one in (*came.findings, *lost_words(came.docx)):
        click.echo(str(one), err=True)
    template = compile_template(came.docx)
    wanted = {one.path[0] for one in read(template.sources) if not one.local and not one.optional}
    missing = sorted(name for name in wanted - set(values))
    if missing:
        fail(_("数据里没有模板要的名称：%(names)s", names="、".join(missing)))
    fonts = Settings.from_environment().fonts
    if lost := unprintable(fonts, values):
        fail(_("本机没有能印这些字的字体：%(lost)s", lost=labelled(lost)))
    filled = dressed(template.fill(values), needed(fonts, values))
    _prove(template, values, filled)
    return filled


def _prove(template: Template, values: dict[str, Any], filled: bytes) -> None:
    """Print it, and end with every value that the print does not show whole, by name and place."""
    try:
        lacks = lacking(template, values, Converter(Settings.from_environment().fonts).to_pdf(filled))
    except PdfFault as fault:
        fail(_("试印不成，没有存盘：%(fault)s", fault=fault))
    except Unreadable:
        fail(_("试印的 PDF 读不出来，没有存盘。"))
    if lacks:
        fail(*[lack.told(".".join(part for part in lack.path if part != ITEM)) for lack in lacks])


@paper.command("check")
@click.argument("docx", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--kind", type=click.Choice([*layout.KINDS, layout.INTERNAL]), help="文种；不写的，从红头和标题看"
)
@click.option("--json", "as_json", is_flag=True, help="按 JSON 输出")
def check_layout(docx: Path, kind: str | None, as_json: bool) -> None:
    """按 GB/T 9704—2012 核对一份公文的版式，内部表单核对页面；有错误时退出码为 1。"""
    paper_ = docx.read_bytes()
    dangers = inspect(paper_)
    if dangers:
        fail(*[f"{docx.name}：{one.message}" for one in dangers])
    try:
        pdf = Converter(Settings.from_environment().fonts).to_pdf(paper_)
    except PdfFault as fault:
        fail(_("%(name)s: %(fault)s", name=docx.name, fault=fault))
    found = layout.checked(paper_, pdf, kind or "")
    if as_json:
        click.echo(json.dumps([one.as_data() for one in found.findings], ensure_ascii=False, indent=2))
    else:
        _say_findings(found, is_guess=kind is None)
    if layout.has_errors(found.findings):
        raise SystemExit(1)


def _say_findings(found: layout.Checked, is_guess: bool) -> None:
    if is_guess and found.kind == layout.INTERNAL:
        click.echo(_("没有红头和发文字号，按内部表单核对。"))
    elif is_guess:
        click.echo(_("从红头和标题看，按“%(kind)s”核对。", kind=found.kind or _("一般公文")))
    names = {layout.ERROR: _("错误"), layout.WARNING: _("提醒"), layout.PRACTICE: _("惯例")}
    for one in found.findings:
        click.echo(f"{names[one.severity]} {one.rule} {one}")
    if not found.findings:
        click.echo(_("没有发现问题。"))
