"""``move-store``, ``move-files``: the office to a server, its files to a bucket, and back; in words."""

from __future__ import annotations

import click
from flask_babel import gettext as _

from andu.cli.opening import open_office
from andu.office.backup import moving
from andu.office.backup.moving import Moved
from andu.settings import Settings, files_address, store_address


@click.command("move-store")
@click.option("--to", "to", required=True, metavar="URL", help="postgresql://… 的空库，或 sqlite（搬回）")
def move_store(to: str) -> None:
    """把办公室搬到 PostgreSQL 的空库，或搬回 SQLite 文件；逐表、逐号、逐个文件核对。先停止服务。"""
    address, driver = store_address(to), Settings.from_environment().driver
    moved = moving.move(open_office(), address, driver)
    for line in _report(moved, bool(address)):
        click.echo(line)


@click.command("move-files")
@click.option("--to", "to", required=True, metavar="URL", help="s3://桶/前缀?endpoint=…，或 store（搬回）")
def move_files(to: str) -> None:
    """把文书和附件搬到存储桶（S3），或搬回数据目录、数据库；逐个核对哈希。先停止服务。"""
    address = files_address(to)
    n = moving.move_files(open_office(), address)
    click.echo(_("文件：%(n)s 个，逐个核对哈希。原处的一个也没有删。", n=n))
    if address:
        click.echo(_("现在把 ANDU_FILES 设成这个地址，密钥放在环境里，再启动服务。"))
    else:
        click.echo(_("现在去掉 ANDU_FILES，再启动服务。"))


def _report(moved: Moved, is_server: bool) -> list[str]:
    rows = sum(one.rows for one in moved.tables)
    lines = [
        _("表：%(n)s 张，%(rows)s 行，两边逐行相同", n=len(moved.tables), rows=rows),
        *(f"  {one.table}\t{one.rows}\t{one.digest[:16]}" for one in moved.tables if one.rows),
        _("编号：%(n)s 个序列，计数器相同", n=len(moved.series)),
        *(f"  {series}\t{counter}" for series, counter in moved.series.items()),
        _("审计日志：%(n)s 条链，从头到尾完整", n=moved.chains),
        _("文件：%(n)s 个，逐个核对哈希", n=moved.files),
        _("文书：最近 %(n)s 份，在两边重新生成，逐字节相同", n=moved.papers),
        _("已搬好，用了 %(n).1f 秒。原来的数据一字未动，只记下已搬走，不再打开。", n=moved.seconds),
    ]
    if moved.aside:
        lines.append(_("数据目录里原有的文件改名保留：%(path)s", path=moved.aside))
    how = (
        _("现在把 ANDU_STORE 设成新的地址，再启动服务。要搬回来：script/andu move-store --to sqlite")
        if is_server
        else _("现在去掉 ANDU_STORE，再启动服务。")
    )
    return [*lines, how]
