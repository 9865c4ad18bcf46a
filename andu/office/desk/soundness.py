"""Whether the parts of an office belong together: what is missing, older than the rest, or open to others.

Called at the start of the service, by ``andu doctor``, by ``andu series check`` and by the admin's page of
forms; each answer is one Chinese sentence that says what it is, where it should lie, and what to do. Reads
little, however much there is, and changes nothing.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from flask_babel import gettext as _

from andu.clock import chinese_time, parse_stamp
from andu.office.desk import left_undone
from andu.office.issue import after_restore, numbering
from andu.office.office import Office
from andu.security import audit
from andu.settings import Settings
from andu.store import FilesAway

TOLERATED = timedelta(minutes=5)
"""A clock is set right by so much without a word."""
LEAST_FREE = 200 * 1024 * 1024


def troubles(office: Office) -> list[str]:
    """Everything that is wrong with this office's files, its folder, and the clock."""
    found = [*office.faults, *missing(office)]
    clock = why_clock_is_wrong(office)
    undone = left_undone.troubles(office)
    return [*found, *([clock] if clock else []), *folder_troubles(office.settings), *undone]


def missing(office: Office) -> list[str]:
    """Parts that are gone, or older than the rest."""
    return [*_restored(office), *_keys(office), *_journals(office), *_heads(office), *_files(office)]


def _restored(office: Office) -> Iterator[str]:
    moments, waiting = numbering.restored(office), after_restore.to_confirm(office)
    if moments and waiting:
        said = {"time": chinese_time(moments[1]), "n": len(waiting)}
        yield _(
            "系统由 %(time)s 的备份恢复，还有 %(n)s 个编号序列没有对照纸质文书确认，暂停取号。"
            "请办公室主任在工作台上确认。",
            **said,
        )


def _keys(office: Office) -> Iterator[str]:
    key_id = office.vault.missing_key()
    if key_id:
        place = office.settings.instance / "keys"
        yield _(
            "旧的保密密钥不见了：%(place)s 里没有 vault-%(key)s.key。升级以前封存、还没换密钥的打不开。"
            "请从备份放回整个 keys 文件夹。",
            place=place,
            key=key_id,
        )


def _journals(office: Office) -> Iterator[str]:
    for key, year in numbering.opened(office):
        if numbering.journal_is_lost(office, key, year):
            yield _(
                "取号流水不见了或不全：%(place)s 里 %(key)s-%(year)s.log 只到 %(seen)s 号，"
                "数据库已到 %(last)s 号。这个序列已暂停取号。请从备份放回流水，"
                "或核对纸质文书后运行 series confirm。",
                place=office.journal,
                key=key,
                year=year,
                seen=numbering.journalled(office, key, year),
                last=numbering.counter(office, key, year),
            )


def _heads(office: Office) -> Iterator[str]:
    """The file of heads against the note in the database of when it was last written."""
    said = audit.standing_of_heads(office.store, office.heads)
    words = {
        audit.GONE: _("审计日志的链头文件 %(file)s 不见了，无法查明日志尾部是否被删。请从备份放回。"),
        audit.OLDER: _("审计日志的链头文件 %(file)s 比数据库旧，可能换成了旧文件。请放回最新的那一份。"),
        audit.AHEAD: _(
            "数据库比审计日志的链头文件 %(file)s 旧：可能放回了旧备份。请先核对编号（series check），"
            "再看审计日志缺了哪些条（audit verify）。"
        ),
    }
    if said:
        yield words[said] % {"file": office.heads}


def _files(office: Office) -> Iterator[str]:
    try:
        place, is_missing = office.files.gone(), _is_newest_missing(office)
    except FilesAway as away:
        yield str(away)
        return
    if office.settings.files and is_missing:
        yield _(
            "最近归档的文书不在存储桶 %(place)s 里：请检查 ANDU_FILES，或从备份放回。",
            place=office.settings.files,
        )
    if place and office.store.rows_where("form_version", limit=1):
        yield _(
            "存放文书和附件的文件夹 %(place)s 不见了，已归档的文书都打不开。请从备份放回。",
            place=place,
        )


def _is_newest_missing(office: Office) -> bool:
    """Whether the newest paper, or where there is none the newest template, is not where the files are."""
    newest = office.store.query(
        "SELECT pdf_sha AS sha FROM register WHERE pdf_sha IS NOT NULL ORDER BY id DESC LIMIT 1"
    ) or office.store.query("SELECT template_sha AS sha FROM form_version ORDER BY id DESC LIMIT 1")
    return bool(newest) and bool(office.settings.files) and office.files.check(newest[0]["sha"]) == "missing"


def why_clock_is_wrong(office: Office) -> str | None:
    """The clock stands before the newest event of the log."""
    newest, now = audit.newest_moment(office.store), office.clock.now()
    if newest is None or now >= parse_stamp(newest) - TOLERATED:
        return None
    said = {"now": chinese_time(now), "last": chinese_time(parse_stamp(newest))}
    return _(
        "电脑时钟现在是 %(now)s，早于最近一次办理的时间 %(last)s：时钟可能被拨回，请校准。"
        "早于最后一个编号的日期时不取号。",
        **said,
    )


# --- the folder itself: also for an office that cannot be opened ------------------------------------


def folder_troubles(settings: Settings) -> list[str]:
    """A folder that cannot be written, a disk that is full, files that others may read."""
    if not settings.instance.is_dir():
        return []
    return [*_unwritable(settings), *_full(settings), *_open_to_others(settings.instance)]


def _unwritable(settings: Settings) -> Iterator[str]:
    for place in dict.fromkeys((settings.instance, settings.journal)):
        if place.is_dir() and not os.access(place, os.W_OK | os.X_OK):
            yield _(
                "文件夹 %(place)s 只读，什么都存不下来。请检查磁盘是否只读挂载、文件夹属于谁。", place=place
            )


def _full(settings: Settings) -> Iterator[str]:
    for place in dict.fromkeys((settings.instance, settings.journal)):
        free = shutil.disk_usage(place).free if place.is_dir() else LEAST_FREE
        if free < LEAST_FREE:
            yield _(
                "%(place)s 所在的磁盘快满了，只剩 %(free)s MB，请尽快清理。", place=place, free=free >> 20
            )


def _open_to_others(instance: Path) -> Iterator[str]:
    private = (*instance.glob("andu.db*"), *instance.glob("*.jsonl"), *instance.glob("numbers/*.log"))
    for path in (*private, *instance.glob("keys"), *instance.glob("keys/*.key")):
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield _("%(path)s 别人也能读，请运行 chmod -R go= %(place)s", path=path, place=instance)
