"""The commands of ``script/andu``: what a person at the machine does without a browser.

Each command opens the office and calls the same functions as the screens. Faults go to standard error
in Chinese, and the exit code is 1.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, NoReturn

import click
from flask_babel import gettext as _

from andu.formtypes import samples
from andu.formtypes.catalogue import Catalogue, check_folder
from andu.formtypes.definition import FormType
from andu.formtypes.directory import Directory, NoDirectory
from andu.formtypes.faults import FormFaults, nearest
from andu.formtypes.reading import read_form
from andu.formtypes.webform import data_problems, raw_from_values
from andu.office import (
    drafts,
    editions,
    founding,
    issuing,
    numbering,
    reconcile,
    records,
    register,
    signatures,
    standing,
    submitting,
)
from andu.office.config import Config, ConfigFault, read_config
from andu.office.errors import InvalidAnswers, NotFound, Refused
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from andu.papers import contract
from andu.papers.drafting import draft_paper
from andu.papers.fonts import fonts_missing
from andu.security import accounts, audit
from andu.security.accounts import Account, AccountRefused
from andu.security.passwords import PasswordRefused
from andu.settings import Settings
from andu.store import Damaged

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]", "::1")


def _fail(*lines: str) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    raise SystemExit(1)


def _office() -> Office:
    settings = Settings.from_environment()
    if not settings.office_file.exists():
        _fail(_("还没有办公室数据，请先运行 script/server 或 script/andu prepare。"))
    try:
        return Office.open(settings)
    except ConfigFault as fault:
        _fail(str(fault))
    except FormFaults as faults:
        _fail(*map(str, faults.faults))
    except Damaged as damage:
        _fail(_("数据库的保护被人从外面去掉了（%(what)s）：请停止使用，从备份恢复。", what=str(damage)))


def _config(path: Path) -> Config:
    try:
        return read_config(path)
    except ConfigFault as fault:
        _fail(str(fault))


def _account(office: Office, username: str) -> Account:
    account = accounts.by_username(office.store, username)
    if account is None or not account.is_active:
        _fail(_("没有账号 %(name)s，或已停用。", name=username))
    return account


@click.group()
def main() -> None:
    """Andu 案牍：表单、签字、编号、公文、登记。"""


@main.command()
@click.option("--empty", is_flag=True, help="真实办公室：不载入示例，只建第一个管理员账号")
def prepare(empty: bool) -> None:
    """建立数据目录、数据库和首批账号；已有的一概不动。"""
    settings = Settings.from_environment()
    if empty and settings.office_file.exists() and _config(settings.office_file).accounts:
        _fail(
            _("%(folder)s 里已经是示例办公室，不能当真实办公室用。", folder=settings.instance),
            _("真实办公室请用环境变量 ANDU_INSTANCE 另设数据目录，或先删除这个文件夹，再运行一次。"),
        )
    founding.prepare_folder(settings, example=not empty)
    office = _office()
    click.echo(_("数据库：%(engine)s", engine=office.store.engine()))
    missing = fonts_missing(settings.fonts)
    if missing:
        names = "、".join(missing)
        click.echo(_("注意：缺少字体 %(names)s，PDF 会走样。请运行 script/setup。", names=names), err=True)
    founding.load_people(office)
    if not founding.has_people(office):
        _first_admin(office)
    issuing.recover(office)
    audit.publish_heads(office.store, office.clock, office.heads)
    _print_accounts(office)


def _first_admin(office: Office) -> None:
    username = os.environ.get("ANDU_ADMIN") or click.prompt(_("第一个管理员的用户名"))
    name = os.environ.get("ANDU_ADMIN_NAME") or (
        username if "ANDU_ADMIN" in os.environ else click.prompt(_("姓名"))
    )
    password = os.environ.get("ANDU_ADMIN_PASSWORD") or click.prompt(
        _("密码（至少 10 位）"), hide_input=True, confirmation_prompt=_("再输一次")
    )
    try:
        founding.first_admin(office, username, name, password)
    except (AccountRefused, PasswordRefused) as refusal:
        _fail(str(refusal))
    click.echo(_("已建管理员账号 %(name)s。请用它登录，先建单位，再建账号。", name=username))


def _print_accounts(office: Office) -> None:
    config = read_config(office.settings.office_file)
    if not config.accounts:
        return
    click.echo(_("示例账号（密码都是 %(password)s）：", password=config.sample_password))
    for account in config.accounts:
        click.echo(f"  {account['username']:<12}{account['name']}  {account['post']}")
    if _is_open_to_others(os.environ.get("ANDU_BIND", "")):
        warning = _(
            "警告：示例账号的密码是公开的，而服务不只向本机开放（ANDU_BIND）。\n"
            "网络上的任何人都能用它登录、签字、取号。请勿录入真实材料。"
        )
        click.echo(f"{'*' * 72}\n{warning}\n{'*' * 72}", err=True)


def _is_open_to_others(bind: str) -> bool:
    """Whether any of gunicorn's addresses (HOST:PORT, with commas between) is not this machine's own."""
    addresses = [one.strip() for one in bind.split(",") if one.strip()]
    return any(not f"{one}:".startswith(tuple(f"{host}:" for host in THIS_MACHINE)) for one in addresses)


@main.group()
def forms() -> None:
    """表单类型：检查、样例。"""


def _series() -> set[str]:
    settings = Settings.from_environment()
    path = settings.office_file if settings.office_file.exists() else founding.OFFICES / "example.yaml"
    return set(_config(path).series)


def _form_type(slug: str) -> FormType:
    try:
        form_type = Catalogue.load(Settings.from_environment().forms, _series()).get(slug)
    except FormFaults as faults:
        _fail(*map(str, faults.faults))
    if form_type is None:
        _fail(_("没有表单 %(form)s。", form=slug))
    return form_type


@forms.command("check")
@click.option("--forms", "folder", type=FOLDER, help="表单类型所在目录")
@click.option("--templates", type=FOLDER, help="公文模板所在目录")
def check_forms(folder: Path | None, templates: Path | None) -> None:
    """检查全部表单类型和模板；一次列出所有毛病。"""
    settings, series = Settings.from_environment(), _series()
    folder, templates = folder or settings.forms, templates or settings.templates
    slugs = sorted(path.stem for path in folder.glob("*.yaml"))
    found = [str(fault) for fault in check_folder(folder, series)]
    for slug in slugs:
        # a form without a fault of its own has its paper checked, whatever is wrong with the others
        with contextlib.suppress(FormFaults):
            found += _paper_faults(read_form(folder / f"{slug}.yaml", series), templates / f"{slug}.docx")
    found += _orphans(templates, slugs)
    if found:
        _fail(*found)
    click.echo(_("%(n)s 种表单，没有发现问题。", n=len(slugs)))


def _paper_faults(form_type: FormType, path: Path) -> list[str]:
    if not path.exists():
        return [_("%(name)s: 没有模板文件", name=path.name)]
    return [f"{path.name}: {one.message}" for one in contract.check(form_type, path.read_bytes())]


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
    form_type = _form_type(form)
    directory: Directory = NoDirectory()
    if Settings.from_environment().office_file.exists():
        directory = _clerk_directory(_office(), form_type.filled_by) or directory
    values = samples.for_anyone(form_type, samples.sample(form_type, directory, worst=worst))
    click.echo(json.dumps(values, ensure_ascii=False, indent=2))


def _clerk_directory(office: Office, roles: tuple[str, ...]) -> OfficeDirectory | None:
    people = [one for one in accounts.all(office.store) if one.is_active and set(roles) & set(one.roles)]
    # The last in the office's order: samples are handed in to the units at its head.
    return OfficeDirectory(office, people[-1]) if people else None


@main.command()
@click.argument("form")
@click.argument("data", type=click.File(encoding="utf-8"))
@click.option("--as", "username", required=True, metavar="ACCOUNT", help="填报人账号")
@click.option("--sign-as", "signers", multiple=True, metavar="ACCOUNT", help="依次签字的账号，可重复")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="文书存放目录")
@click.option("--json", "as_json", is_flag=True, help="结果以 JSON 打印")
def fill(form: str, data: Any, username: str, signers: tuple[str, ...], out: Path, as_json: bool) -> None:
    """填一份表单、签字、取号、归档，与网页上做的是同一件事。"""
    answers = _answers(data)
    office = _office()
    clerk, *people = [_account(office, name) for name in (username, *signers)]
    _make_folder(out)
    record = _submit(office, clerk, form, answers)
    try:
        for signer in people:
            record = _sign(office, signer, record, answers)
        result = _save_paper(office, clerk, record, out)
    except Refused as refusal:
        _fail(refusal.message, _standing(office, record))
    except OSError as fault:
        _fail(_("文书没有写进 %(out)s：%(why)s", out=out, why=fault.strerror), _standing(office, record))
    lines = [result["number"], result["docx"], result["pdf"]]
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else "\n".join(lines))


def _answers(data: Any) -> dict[str, Any]:
    try:
        answers = json.load(data)
    except ValueError as error:
        _fail(_("数据文件不是有效的 JSON：%(why)s", why=str(error)))
    if not isinstance(answers, dict):
        _fail(_("数据文件须是一个 JSON 对象：字段键 → 值。"))
    return answers


def _make_folder(out: Path) -> None:
    """Before anything is submitted: a number must not be spent on papers that cannot be put down."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as fault:
        _fail(_("文书存放目录 %(out)s 不能建立或写入：%(why)s。没有提交。", out=out, why=fault.strerror))


def _submit(office: Office, clerk: Account, form: str, answers: dict[str, Any]) -> Record:
    try:
        form_type = editions.current(office, form).form_type
        problems = data_problems(form_type, answers)
        if problems:
            _fail(*[problem.message for problem in problems])
        draft = drafts.start(office, clerk, form, raw_from_values(form_type, answers))
        try:
            return submitting.submit(office, clerk, draft.id, draft.raw, draft.revision)
        except (InvalidAnswers, Refused):
            drafts.discard(office, clerk, draft.id)
            raise
    except NotFound:
        _fail(_("没有表单 %(form)s。", form=form))
    except InvalidAnswers as invalid:
        _fail(*[problem.message for problem in invalid.form.problems])
    except Refused as refusal:
        _fail(refusal.message)


def _sign(office: Office, signer: Account, record: Record, answers: dict[str, Any]) -> Record:
    """Sign the slot whose turn it is; raises ``Refused`` with the name of the signer."""
    slot = signatures.signable(office, signer, record)
    raw = raw_from_values(records.form_type_of(office, record), answers)
    who = _("%(name)s（%(unit)s）", name=signer.name, unit=signer.unit_name)
    try:
        return signatures.sign(
            office, signer, record.id, slot.key if slot else "", record.version, "", "", raw, "",
            at_the_machine=True,
        )  # fmt: skip
    except NotFound as error:
        raise Refused(_("%(who)s看不到这份材料，不能签字。", who=who)) from error
    except InvalidAnswers as invalid:
        why = " ".join(problem.message for problem in invalid.form.problems)
        raise Refused(_("%(who)s签字时要填的内容有误：%(why)s", who=who, why=why)) from invalid
    except Refused as refusal:
        raise Refused(_("%(who)s不能签字：%(why)s", who=who, why=refusal.message)) from refusal


def _standing(office: Office, record: Record) -> str:
    """Where a submitted record stands now, so that nobody takes it for lost."""
    now = records.find(office, record.id)
    stands = standing.of(office, now)
    where = stands.sentence + stands.why_no_number
    return _("材料“%(title)s”已经提交（%(id)s）：%(where)s", title=now.title, id=now.id, where=where)


def _save_paper(office: Office, clerk: Account, record: Record, out: Path) -> dict[str, str]:
    entry = register.of_record(office, clerk, record.id)
    if entry is None or entry.docx_sha is None:
        raise Refused(_("还没有归档的文书，所以没有文件写进 %(out)s。", out=out))
    result = {"number": entry.number, "record": record.id}
    for media in ("docx", "pdf"):
        content, name = register.serve(office, clerk, entry.id, media, "download")
        path = out / name
        path.write_bytes(content)
        result[media] = str(path)
    return result


@main.group()
def series() -> None:
    """编号序列：检查、恢复备份后的确认。"""


@series.command("check")
def check_series() -> None:
    """报告断号、重号、未归档的编号、缺失或被改动的文件。"""
    faults = reconcile.check(_office())
    if faults:
        _fail(*[f"{fault.number}: {fault.message}" for fault in faults])
    click.echo(_("编号连续，文件齐全，没有发现问题。"))


@series.command("confirm")
@click.argument("key")
@click.argument("year", type=int)
@click.argument("last", type=int)
@click.option("--reason", required=True, help="说明，写入登记")
@click.option("--as", "username", required=True, metavar="ACCOUNT", help="确认人账号")
def confirm_series(key: str, year: int, last: int, reason: str, username: str) -> None:
    """恢复旧备份后，确认纸面上已用到的末号，解除取号锁定。"""
    office = _office()
    if key not in office.config.series:
        _fail(_("没有序列 %(key)s。", key=key))
    try:
        numbering.confirm(office, _account(office, username), key, year, last, reason)
    except Refused as refusal:
        _fail(refusal.message)
    click.echo(_("已确认，下一个号是 %(n)s。", n=last + 1))


@main.group("audit")
def audit_group() -> None:
    """审计日志。"""


@audit_group.command("verify")
def verify_audit() -> None:
    """核对审计日志的哈希链。"""
    office = _office()
    problems = audit.verify(office.store, office.heads)
    if problems:
        _fail(*problems)
    click.echo(_("审计日志完整。"))


@main.group()
def paper() -> None:
    """公文模板。"""


@paper.command("draft")
@click.argument("form")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def draft(form: str, out: Path) -> None:
    """按表单类型画一份起步的 Word 模板，再在 Word 里调整。"""
    out.write_bytes(draft_paper(_form_type(form)))
    click.echo(str(out))


if __name__ == "__main__":
    sys.exit(main(prog_name="script/andu"))
