"""Making a copy while the office works: the database as it stands at one moment, and everything beside it.

A copy stands in its folder under its own name only when it is whole; one that was cut short never does.
"""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from flask_babel import gettext as _

from andu.clock import OFFICE_ZONE, office_day, parse_stamp, stamp
from andu.disk import why_not
from andu.office.backup import archive, standing
from andu.office.errors import NotYet, Refused
from andu.office.office import HEADS, Office
from andu.security import age, audit
from andu.settings import Settings
from andu.store import Missing, Store, Unwritable, work
from andu.store.files import sync_folder
from andu.store.sqlite import saying_unwritable

log = logging.getLogger("andu")

SUFFIX = ".age"
_SCRATCH = "being-copied"
_PARTIAL = ".andu-partial-"
AGAIN = timedelta(hours=1)
SOURCES = Path("sources")


@dataclass(frozen=True)
class Made:
    """A copy: where it lies, its bytes, and how many seconds it took."""

    path: Path
    size: int
    seconds: float


def make(office: Office, target: Path, recipient: str) -> Made:
    """Write a copy into a folder, under a name of its own, or as the file ``target`` (``….age``).

    Raises ``Refused`` for a place that is none, for a key that is none and for a file that is there already,
    ``NotYet`` while another copy is made, ``Unwritable`` where the disk refuses.
    """
    if not age.is_recipient(recipient):
        raise Refused(_("备份公钥不对：应当是 age1 开头的一行，用 script/andu backup key 生成。"))
    began, now = time.monotonic(), office.clock.now()
    path = _place(target, f"andu-{now.astimezone(OFFICE_ZONE):%Y%m%d-%H%M%S}{SUFFIX}")
    with work.alone(office.store, "backup") as is_mine, saying_unwritable():
        if not is_mine:
            raise NotYet(_("正在备份，请等它做完。"))
        scratch = office.settings.instance / _SCRATCH
        shutil.rmtree(scratch, ignore_errors=True)  # left by one that was killed
        scratch.mkdir(mode=0o700)
        audit.publish_heads(office.store, office.clock, office.heads, at_least_apart=0)
        try:
            _written(path, lambda file: _fill(office, scratch, stamp(now), recipient, file))
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    standing.note_made(office, path)
    if is_elsewhere(office.settings, path.parent):
        standing.note_elsewhere(office, path)
    return Made(path, path.stat().st_size, time.monotonic() - began)


def _place(target: Path, name: str) -> Path:
    path = target / name if target.suffix != SUFFIX else target
    if not path.parent.is_dir():
        raise Refused(_("没有文件夹 %(place)s。", place=path.parent))
    if path.exists():
        raise Refused(_("%(path)s 已经有了，不覆盖。", path=path))
    return path


def _written(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Have a file written beside its place, and put there when it is whole and on the disk."""
    for left in path.parent.glob(f"{_PARTIAL}*"):  # of one that was killed
        left.unlink(missing_ok=True)
    partial = path.with_name(f"{_PARTIAL}{path.name}")
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
        sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def _fill(office: Office, scratch: Path, made_at: str, recipient: str, file: BinaryIO) -> None:
    """Gather what a copy is made of, and write it. The database comes first: the files it names are there."""
    settings = office.settings
    _take(settings.instance, scratch, ["keys/vault-*.key"])
    office.store.copy_to(scratch / "andu.db")
    # once more: a key that was new or set aside meanwhile is needed for one side of the moment or the other
    _take(settings.instance, scratch, ["keys/vault-*.key", "office.yaml", "holidays.yaml"])
    copied = Store(scratch / "andu.db")
    (scratch / HEADS).write_bytes(audit.heads_of_copy(copied, office.heads))
    series = {row["id"]: int(row["counter"]) for row in copied.rows_where("series")}
    copied.close()
    for name, folder in sources(settings).items():
        _take(folder.parent, scratch, [f"{folder.name}/*"], SOURCES / name)
    parts = {str(one.relative_to(scratch)): one for one in sorted(scratch.rglob("*")) if one.is_file()}
    with age.encrypting(file, recipient) as stream:
        archive.write(stream, made_at, series, parts, office.files)


def _take(root: Path, scratch: Path, patterns: list[str], to: Path | None = None) -> None:
    for path in (one for pattern in patterns for one in root.glob(pattern) if one.is_file()):
        place = scratch / (to / path.name if to else path.relative_to(root))
        place.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # moved away at this very moment: taken before
            shutil.copyfile(path, place)


def sources(settings: Settings) -> dict[str, Path]:
    """The folders of form types, papers, ledgers and figures, by their names in a copy."""
    return {
        "forms": settings.forms,
        "doc_templates": settings.templates,
        "ledgers": settings.ledgers,
        "figures": settings.figures,
    }


# --- by itself, once a day ------------------------------------------------------------------------


def daily(office: Office) -> Made | None:
    """Make the copy of today, if the office has said where and it is not made yet; keep as many as it said.

    A copy that fails is noted, and tried again an hour later.
    """
    plan, now = office.config.backup, office.clock.now()
    if plan is None:
        return None
    made, failed = standing.last_made(office), standing.last_failed(office)
    is_done = made is not None and office_day(parse_stamp(made["at"])) >= office_day(now)
    is_waiting = failed is not None and timedelta() <= now - parse_stamp(failed["at"]) < AGAIN
    if is_done or is_waiting:
        return None
    try:
        done = make(office, Path(plan.folder), plan.recipient)
        _prune(Path(plan.folder), plan.keep)
        copy_elsewhere(office, done.path)
    except NotYet:
        return None
    except (Refused, Unwritable, Missing, OSError) as fault:
        why = why_not(fault) if isinstance(fault, OSError) else str(fault)
        standing.note_failed(office, why)
        log.error("backup: %s", why)
        return None
    return done


def _prune(folder: Path, keep: int) -> None:
    for old in sorted(folder.glob(f"andu-*{SUFFIX}"), reverse=True)[keep:]:
        old.unlink()


def copy_elsewhere(office: Office, made: Path) -> bool:
    """Copy a copy to the place elsewhere that the office named; whether that disk is plugged in."""
    plan = office.config.backup
    if plan is None or not plan.elsewhere or not is_elsewhere(office.settings, Path(plan.elsewhere)):
        return False
    place = Path(plan.elsewhere)
    with saying_unwritable():
        _written(place / made.name, lambda file: _same(made, file))
    _prune(place, plan.keep)
    standing.note_elsewhere(office, place / made.name)
    return True


def _same(made: Path, file: BinaryIO) -> None:
    with made.open("rb") as source:
        shutil.copyfileobj(source, file, 1 << 20)


def is_elsewhere(settings: Settings, folder: Path) -> bool:
    """Whether a folder is there and lies on another disk than the data."""
    return folder.is_dir() and folder.stat().st_dev != settings.instance.stat().st_dev
