"""``doctor``: whether this machine can do what an office needs, one line for each thing that was looked at.

Works before an office is founded. 错 stops the papers from being right, and exits 1; 注意 is advice. With
``--deploy`` also whether the office may open its doors (``office.deployment``).
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from flask_babel import gettext as _

from andu.cli.opening import open_office, unwritable
from andu.formtypes.faults import FormFaults
from andu.office import deployment
from andu.office.backup import standing
from andu.office.config import ConfigFault, read_config
from andu.office.desk import soundness
from andu.office.office import Office, bucket_of, is_there, store_of
from andu.office.workdays import HolidaysFault
from andu.papers.pdf import Converter, PdfFault
from andu.papers.pdf.fonts import coverage_of, fonts_missing
from andu.papers.pdf.soffice import PYTHON, without_network
from andu.papers.pdf.trial import faces_wrong
from andu.settings import DRIVERS, Settings
from andu.store import Damaged, FilesAway, Unreadable, Unwritable, claim, probing
from andu.store.sqlite import journal_mode, sqlite3

GOOD, ADVICE, WRONG = "好", "注意", "错"
Said = tuple[str, str]
GIB = 1 << 30


@click.command()
@click.option("--deploy", is_flag=True, help="正式启用前：还要查 HTTPS、属主、备份、账号、保密承诺等")
@click.option("--store", "url", metavar="URL", help="只试一台 PostgreSQL（或兼容的）服务器合不合用")
@click.option("--module", type=click.Choice(DRIVERS), help="用哪个驱动连接，默认 ANDU_STORE_DRIVER")
def doctor(deploy: bool, url: str | None, module: str | None) -> None:
    """逐项检查本机：字体、LibreOffice、打印组件、数据库、磁盘、数据目录。"""
    if url is not None:
        raise SystemExit(int(_another_store(url, module or Settings.from_environment().driver)))
    settings = Settings.from_environment()
    worst = False
    for check in (*CHECKS, _deployment) if deploy else CHECKS:
        for level, what in check(settings):
            click.echo(f"{level}\t{what}")
            worst = worst or level == WRONG
    raise SystemExit(int(worst))


def _another_store(url: str, module: str) -> bool:
    """Try a server, one line for each thing; whether one of them went wrong."""
    words, worst = _probed(), False
    try:
        for one in probing.probes(url, module):
            worst = worst or bool(one.fault)
            click.echo(
                f"{WRONG if one.fault else GOOD}\t{words[one.key]}" + f"：{one.fault}" * bool(one.fault)
            )
    except probing.Unreachable as fault:
        click.echo(f"{WRONG}\t" + _("连不上：%(why)s", why=fault))
        return True
    if not worst:
        click.echo(
            f"{ADVICE}\t" + _("这台服务器合用：建好空库，用 script/andu move-store 搬，或设 ANDU_STORE 新建")
        )
    return worst


def _probed() -> dict[str, str]:
    """What each probe of a server is called."""
    return {
        "tables": _("能建自己的模式和表"),
        "texts": _("汉字（含生僻字）和符号原样存取"),
        "empty": _("空文字不等于没有"),
        "numbers": _("大整数和字节原样存取"),
        "order": _("文字按编码排序"),
        "json": _("读得出 JSON 里的各项"),
        "json_index": _("能按 JSON 里的一项建索引"),
        "holds": _("文字里找文字，逐字相符"),
        "words": _("按词组检索"),
        "conflicts": _("有了就不再加，或者改成新的"),
        "constraints": _("条件唯一、检查约束都拦得住"),
        "null_safe": _("没有和没有算相同"),
        "rollback": _("撤销的什么也不留"),
        "guards": _("触发器拦得住删除"),
        "counter": _("四处同时取号，不重不漏"),
        "durable": _("提交就落盘"),
        "clock": _("服务器的钟和本机相差不到五秒"),
    }


def _programs(_settings: Settings) -> Iterator[Said]:
    for name, use in (
        ("soffice", _("生成 PDF")),
        ("pdftoppm", _("显示纸面图片")),
        ("pdffonts", _("核对字体")),
        ("pdftotext", _("核对文字")),
        ("fc-match", _("查找字体")),
        ("wkhtmltopdf", _("打印清单")),
    ):
        found = shutil.which(name, path=os.defpath)
        if found:
            yield GOOD, _("%(name)s（%(use)s）在 %(place)s", name=name, use=use, place=found)
        else:
            yield WRONG, _("没有 %(name)s（%(use)s），请运行 script/setup", name=name, use=use)


def _warm(_settings: Settings) -> Iterator[Said]:
    try:
        done = subprocess.run(
            [PYTHON, "-I", "-c", "import uno"], capture_output=True, timeout=60, check=False
        )
        works = done.returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        works = False
    if works:
        yield GOOD, _("python3-uno 可用，LibreOffice 常开待命")
    else:
        yield ADVICE, _("没有 python3-uno，每份 PDF 都要重新启动 LibreOffice，会慢十倍；请运行 script/setup")
    if without_network():
        yield GOOD, _("LibreOffice 断网运行（unshare）")
    else:
        yield ADVICE, _("本机不允许断开 LibreOffice 的网络（unshare）；仍不执行宏，不更新链接")


def _faces(settings: Settings) -> Iterator[Said]:
    missing = fonts_missing(settings.fonts)
    for name in missing:
        yield (
            WRONG,
            _(
                "缺少字体 %(name)s（字体目录 %(place)s），请运行 script/setup",
                name=name,
                place=settings.fonts,
            ),
        )
    if not coverage_of(settings.fonts, "HanaMinB"):
        yield WRONG, _("缺少生僻字的字体（fonts-hanazono），人名里的生僻字印不出来；请运行 script/setup")
    elif not missing:
        yield GOOD, _("公文用字体齐全")


def _real_page(settings: Settings) -> Iterator[Said]:
    converter = Converter(settings.fonts)
    try:
        wrong = faces_wrong(converter.many)
    except PdfFault as fault:
        wrong = [_("试印没有成功：%(why)s", why=str(fault))]
    finally:
        converter.close()
    yield from ((WRONG, what) for what in wrong)
    if not wrong:
        yield GOOD, _("试印一份公文，每种字体都印成该用的字体并已嵌入，生僻字完整")


def _database(settings: Settings) -> Iterator[Said]:
    if settings.store:
        try:
            yield GOOD, _("数据库：%(engine)s", engine=store_of(settings).engine())
        except (Unwritable, Unreadable) as fault:
            yield WRONG, str(fault)
    elif journal_mode(sqlite3.sqlite_version_info) == "wal":
        yield GOOD, _("SQLite %(version)s", version=sqlite3.sqlite_version)
    else:
        yield (
            ADVICE,
            _(
                "SQLite %(version)s 有已知缺陷，改用较慢的写法；请运行 script/setup",
                version=sqlite3.sqlite_version,
            ),
        )


def _files(settings: Settings) -> Iterator[Said]:
    """The bucket, tried out with something of our own."""
    if bucket := bucket_of(settings):
        try:
            bucket.try_out()
            yield GOOD, _("存储桶 %(place)s 写、读、列、删都行，已有的不会被覆盖", place=settings.files)
        except (FilesAway, Unreadable) as fault:
            yield WRONG, str(fault)


def _disk(settings: Settings) -> Iterator[Said]:
    free = shutil.disk_usage(_existing(settings.instance)).free
    level = WRONG if free < GIB else ADVICE if free < 5 * GIB else GOOD
    yield level, _("数据目录所在磁盘还剩 %(free).1f GB", free=free / GIB)
    if settings.journal_store:
        yield GOOD, _("编号底账和链头在另一个数据库里（ANDU_JOURNAL）")
    elif settings.store:
        yield (
            ADVICE,
            _(
                "编号底账 %(place)s 只在这台机器上；几台机器一起用时，ANDU_JOURNAL 要指到另一个数据库",
                place=settings.journal,
            ),
        )
    elif _existing(settings.journal).stat().st_dev == _existing(settings.instance).stat().st_dev:
        yield (
            ADVICE,
            _(
                "编号底账 %(place)s 与数据在同一块盘上，最好用 ANDU_JOURNAL 放到另一块盘",
                place=settings.journal,
            ),
        )
    else:
        yield GOOD, _("编号底账在另一块盘上：%(place)s", place=settings.journal)


def _existing(path: Path) -> Path:
    return next(place for place in (path, *path.parents) if place.exists())


def _instance(settings: Settings) -> Iterator[Said]:
    if not settings.instance.exists():
        yield ADVICE, _("还没有数据目录 %(place)s，script/server 会建立", place=settings.instance)
        return
    mode = stat.S_IMODE(settings.instance.stat().st_mode)
    if mode & 0o077:
        yield (
            WRONG,
            _("数据目录 %(place)s 别人也能打开，请运行 chmod 700 %(place)s", place=settings.instance),
        )
    else:
        yield GOOD, _("数据目录 %(place)s 只有本账号能打开", place=settings.instance)


def _office(settings: Settings) -> Iterator[Said]:
    if not settings.office_file.exists():
        yield ADVICE, _("还没有办公室数据，请先运行 script/server 或 script/andu prepare。")
        return
    try:
        config = read_config(settings.office_file)
    except ConfigFault as fault:
        yield WRONG, _("办公室文件读不了：%(why)s", why=" ".join(str(fault).split()))
    else:
        yield GOOD, _("办公室文件可用，编号序列 %(n)s 个", n=len(config.series))


def _soundness(settings: Settings) -> Iterator[Said]:
    """Whether the parts of the office belong together; opens its database only when there is one."""
    found = soundness.folder_troubles(settings)
    if is_there(settings):
        try:
            found = soundness.troubles(Office.open_anyway(settings))
        except Unwritable as fault:
            found = found or [unwritable(fault, settings.instance)]
        except (ConfigFault, HolidaysFault, FormFaults, Damaged, Unreadable) as fault:
            yield WRONG, _("办公室打不开：%(why)s", why="；".join(str(fault).splitlines()))
    yield from ((WRONG, said) for said in found)
    if not found:
        yield GOOD, _("密钥、取号流水、链头文件、文书文件夹齐全，时钟不早于最后一次办理")
    serving = claim.holder(settings.instance)
    if serving:
        yield GOOD, _("服务正在运行：%(who)s", who=serving)


LEVELS = {standing.GOOD: GOOD, standing.ADVICE: ADVICE, standing.WRONG: WRONG}


def _deployment(_settings: Settings) -> Iterator[Said]:
    """What must be in order before the doors open."""
    yield from ((LEVELS[light.level], light.text) for light in deployment.lights(open_office()))


CHECKS: tuple[Callable[[Settings], Iterator[Said]], ...] = (
    _programs,
    _warm,
    _faces,
    _real_page,
    _database,
    _files,
    _disk,
    _instance,
    _office,
    _soundness,
)
