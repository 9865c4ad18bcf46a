"""Putting a copy back, where the office was lost or has to go back to an earlier day.

Everything is unpacked and looked through beside its place first; only a whole copy takes it. What was there
is set aside, never removed, and its number journal goes over: it may know of numbers that the copy does not.
Afterwards every series waits until somebody has compared the numbers with the papers (``issue.numbering``).
"""

from __future__ import annotations

import filecmp
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from flask_babel import gettext as _

from andu.clock import OFFICE_ZONE, chinese_time, parse_stamp
from andu.office.backup import drilling, moving
from andu.office.backup.making import SOURCES, sources
from andu.office.errors import Refused
from andu.office.issue import after_restore, numbering
from andu.office.issue.after_restore import ToConfirm
from andu.office.office import Office, bucket_of
from andu.security import audit, sessions
from andu.settings import Settings
from andu.store import Files, claim, work
from andu.store.files import sync_folder


@dataclass(frozen=True)
class Restored:
    """What came back: a copy of which moment, what is wrong in it, where the former office lies now.

    ``numbers`` wait to be compared with paper; ``differing`` are form types, papers, ledgers and figures of
    the copy that are not those in use now.
    """

    made_at: str
    problems: list[str]
    aside: Path | None
    numbers: list[ToConfirm]
    differing: list[Path]


def restore(settings: Settings, path: Path, secret: str, replacing: bool) -> Restored:
    """Put a copy in the place of ``settings.instance``; ``replacing``: also where an office is.

    Where the store is on a server, rows and files go there; files into a bucket, where there is one. Raises
    ``Refused`` while a service runs here, and where an office is and none should be replaced; ``Unreadable``
    where the database on the server is not empty; ``AgeFault`` and ``ArchiveFault`` for a copy that is not
    whole. Then nothing has changed.
    """
    place = settings.instance
    serving = claim.holder(place)
    if serving:
        raise Refused(_("服务正在运行（%(who)s），请先停止它再恢复。", who=serving))
    is_there = place.exists() and any(place.iterdir())
    if is_there and not replacing:
        raise Refused(
            _("%(place)s 里已有数据。要用备份换下它，请加 --replace：原来的会改名保留。", place=place)
        )
    if settings.store:
        moving.require_empty(settings)
    scratch = place.with_name(f"{place.name}.restoring")
    shutil.rmtree(scratch, ignore_errors=True)  # left by one that was killed
    scratch.mkdir(parents=True, mode=0o700)
    contents = drilling.unpack(path, secret, scratch)
    problems = drilling.problems_of(settings, scratch, contents)
    if is_there:
        _journals_over(place / "numbers", scratch / "numbers")
    numbers = _told(settings, scratch, path.name, contents.made_at)
    if settings.store:
        _into_server(settings, scratch)
    elif bucket := bucket_of(settings):
        moving.copy_files(Files(scratch / "files"), bucket)
        shutil.rmtree(scratch / "files")
    aside = _aside(settings) if is_there else None
    if place.exists():
        place.rmdir()
    scratch.rename(place)
    sync_folder(place.parent)
    return Restored(contents.made_at, problems, aside, numbers, _differing(settings))


def _journals_over(was: Path, now: Path) -> None:
    for path in was.glob("*.log"):
        shutil.copyfile(path, now / path.name)
        (now / path.name).chmod(0o600)


def _told(settings: Settings, folder: Path, name: str, made_at: str) -> list[ToConfirm]:
    """Say in the database that it came from a copy: numbers wait, and everybody signs in again."""
    office = Office.open_anyway(replace(settings, instance=folder, store="", files=""))
    with office.store.write():
        numbering.note_restored(office, made_at)
        sessions.end_every(office.store)
        work.forget_owners(office.store)
        office.note(audit.OFFICE, None, "backup_restored", file=name, made_at=made_at)
    numbers = after_restore.to_confirm(office)
    office.store.close()
    return numbers


def _into_server(settings: Settings, folder: Path) -> None:
    """What was unpacked goes into the empty database that ``settings`` name."""
    office = Office.open_anyway(replace(settings, instance=folder, store="", files=""))
    moving.move(office, settings.store, settings.driver, as_it_is=True, files=settings.files)
    office.store.close()


def _aside(settings: Settings) -> Path:
    now = settings.clock.now().astimezone(OFFICE_ZONE)
    place = settings.instance
    aside = place.with_name(f"{place.name}.before-{now:%Y%m%d-%H%M%S}")
    place.rename(aside)
    return aside


def _differing(settings: Settings) -> list[Path]:
    """What the copy holds of form types and papers that is not what is in use now."""
    there = settings.instance / SOURCES
    return [
        path
        for name, folder in sources(settings).items()
        for path in sorted((there / name).glob("*"))
        if not (folder / path.name).is_file() or not filecmp.cmp(path, folder / path.name, shallow=False)
    ]


def words(restored: Restored) -> str:
    """Of which moment the office is now."""
    return _("已恢复到 %(time)s 的备份。", time=chinese_time(parse_stamp(restored.made_at)))
