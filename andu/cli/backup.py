"""``backup``, ``backup drill``, ``backup key`` and ``restore``: copies of the office for one key on paper."""

from __future__ import annotations

from pathlib import Path

import click
from click_default_group import DefaultGroup
from flask_babel import gettext as _

from andu.cli.opening import fail, open_office
from andu.clock import chinese_time, parse_stamp
from andu.office.backup import drilling, making, restoring, standing
from andu.office.backup.archive import ArchiveFault
from andu.security import age
from andu.security.age import AgeFault
from andu.settings import Settings

Key = click.option("--key", "key_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
                   help="写有备份密钥的文件；不写就在提示后输入纸上的密钥")  # fmt: skip
Copy = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=DefaultGroup, default="make", default_if_no_args=True)
def backup() -> None:
    """备份：做一份、演练恢复、生成备份密钥。"""


@backup.command("make")
@click.argument("target", required=False, type=click.Path(path_type=Path))
@click.option("--to", "recipient", metavar="AGE1…", help="备份公钥；不写就用 office.yaml 里的")
def make(target: Path | None, recipient: str | None) -> None:
    """把整个办公室备份成一个加密文件；服务照常运行。TARGET 是文件夹，或以 .age 结尾的文件。"""
    office = open_office()
    plan = office.config.backup
    place = target or (Path(plan.folder) if plan else None)
    key = recipient or (plan.recipient if plan else None)
    if place is None or key is None:
        fail(_("请写明备份到哪里、用哪个公钥（--to），或在 office.yaml 里写 backup。"))
    made = making.make(office, place, key)
    said = {"path": made.path, "size": made.size / (1 << 20), "n": made.seconds}
    click.echo(_("已备份：%(path)s（%(size).1f MB，%(n).1f 秒）", **said))


@backup.command("key")
def key() -> None:
    """生成一对备份密钥：私钥抄在纸上锁好，公钥写进 office.yaml。"""
    secret, public = age.new_pair()
    click.echo(_("备份私钥（抄两份，分开锁好；丢了，备份就再也打不开；不要留在任何电脑上）："))
    click.echo(f"\n  {secret}\n")
    click.echo(_("备份公钥（写进 office.yaml 的 backup.recipient）："))
    click.echo(f"\n  {public}\n")


@backup.command("drill")
@click.argument("file", required=False, type=Copy)
@Key
def drill(file: Path | None, key_file: Path | None) -> None:
    """演练：把备份（默认最近一份）恢复到临时目录，逐项核对，再删掉。"""
    office = open_office()
    made = standing.last_made(office)
    path = file or (Path(made["path"]) if made else None)
    if path is None or not path.is_file():
        fail(_("没有找到备份文件，请先备份，或写明文件。"))
    try:
        found = drilling.drill(office, path, _secret(key_file))
    except (AgeFault, ArchiveFault) as fault:
        fail(str(fault))
    if found.problems:
        fail(*found.problems, _("演练没有通过：这份备份恢复出来是上面的样子。"))
    said = {"time": chinese_time(parse_stamp(found.made_at)), "papers": found.papers, "n": found.seconds}
    click.echo(_("演练通过：%(time)s 的备份，%(papers)s 个文件逐个核对，用了 %(n).1f 秒。", **said))


@click.command()
@click.argument("file", type=Copy)
@Key
@click.option("--replace", "replacing", is_flag=True, help="数据目录里已有办公室：换下它，原来的改名保留")
def restore(file: Path, key_file: Path | None, replacing: bool) -> None:
    """由备份恢复办公室；此后每个编号序列都要对照纸质文书确认，才再取号。"""
    settings = Settings.from_environment()
    try:
        done = restoring.restore(settings, file, _secret(key_file), replacing)
    except (AgeFault, ArchiveFault) as fault:
        fail(str(fault))
    click.echo(restoring.words(done))
    if done.aside:
        click.echo(_("原来的数据在 %(place)s，确认无误后再删。", place=done.aside))
    for path in done.differing:
        click.echo(_("注意：备份里的 %(path)s 与现在用的不同，要用就自己放回去。", path=path))
    for problem in done.problems:
        click.echo(_("注意：%(what)s", what=problem), err=True)
    for one in done.numbers:
        if one.numbers:
            said = {"label": one.label, "numbers": "、".join(one.numbers)}
            click.echo(_("备份以后给出过：%(label)s %(numbers)s", **said))
    click.echo(_("请启动服务，由办公室主任在工作台上对照纸质文书逐个确认编号；确认以前不取号。"))


def _secret(key_file: Path | None) -> str:
    """The secret key: out of a file as age writes them, or typed."""
    if key_file is None:
        return str(click.prompt(_("备份私钥"), hide_input=True))
    lines = key_file.read_text(encoding="utf-8", errors="replace").upper().split()
    return next((word for word in lines if word.startswith("AGE-SECRET-KEY-")), "")
