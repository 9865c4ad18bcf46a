"""``fill``: a form filled, signed, numbered and filed without a browser, through the same functions."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import click
from flask_babel import gettext as _

from andu.cli.answers import answers_in
from andu.cli.opening import account_named, fail, open_office
from andu.disk import why_not
from andu.formtypes.filling.webform import raw_from_values
from andu.office import access, records
from andu.office.books import register
from andu.office.desk import standing
from andu.office.errors import InvalidAnswers, NotFound, Refused
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import signatures
from andu.office.writing import handing_in
from andu.office.writing.handing_in import InvalidValues
from andu.security.accounts import Account


@click.command()
@click.argument("form")
@click.argument("data", type=click.File("rb"))
@click.option("--as", "username", required=True, metavar="ACCOUNT", help="填报人账号")
@click.option("--sign-as", "signers", multiple=True, metavar="ACCOUNT", help="依次签字的账号，可重复")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="文书存放目录")
@click.option("--json", "as_json", is_flag=True, help="结果以 JSON 打印")
def fill(form: str, data: Any, username: str, signers: tuple[str, ...], out: Path, as_json: bool) -> None:
    """填一份表单、签字、取号、归档，与网页上做的是同一件事。"""
    answers = answers_in(data.read(), data.name)
    office = open_office()
    clerk, *people = [account_named(office, name) for name in (username, *signers)]
    _make_folder(out)
    record = _submit(office, clerk, form, answers)
    try:
        for signer in people:
            record = _sign(office, signer, record, answers)
        result = _save_paper(office, clerk, record, out)
    except Refused as refusal:
        fail(refusal.message, _standing(office, record))
    except OSError as fault:
        fail(_("文书没有写进 %(out)s：%(why)s", out=out, why=why_not(fault)), _standing(office, record))
    lines = [result["number"], result["docx"], result["pdf"]]
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else "\n".join(lines))


def _make_folder(out: Path) -> None:
    """Before anything is submitted: a number must not be spent on papers that cannot be put down."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as fault:
        fail(_("文书存放目录 %(out)s 不能建立或写入：%(why)s。没有提交。", out=out, why=why_not(fault)))


def _submit(office: Office, clerk: Account, form: str, answers: dict[str, Any]) -> Record:
    try:
        return handing_in.hand_in(office, clerk, form, answers)
    except NotFound:
        fail(_("没有表单 %(form)s。", form=form))
    except InvalidValues as invalid:
        fail(*[problem.message for problem in invalid.problems])
    except InvalidAnswers as invalid:
        fail(*[problem.message for problem in invalid.form.problems])
    except Refused as refusal:
        fail(refusal.message)


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
        why = access.notice(office, signer)
        raise Refused(_("%(who)s看不到这份材料，不能签字。%(why)s", who=who, why=why)) from error
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
        content, name = register.serve(office, clerk, entry.id, media, "send")
        path = out / name
        path.write_bytes(content)
        result[media] = str(path)
    return result
