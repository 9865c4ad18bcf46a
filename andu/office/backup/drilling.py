"""The drill: a copy is put back into a scratch folder, opened as an office, and looked through.

Only a copy that was opened with the key on paper, and in which everything holds together, counts as one.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _

from andu.office.backup import archive, standing
from andu.office.backup.archive import Contents
from andu.office.config import ConfigFault
from andu.office.desk import reconcile
from andu.office.issue import numbering
from andu.office.office import Office
from andu.security import age
from andu.settings import Settings
from andu.store import Damaged, Unreadable

_SCRATCH = "drill-"


@dataclass(frozen=True)
class Drill:
    """What a drill found: nothing when the copy is good. ``papers`` were compared with their hashes."""

    made_at: str
    problems: list[str]
    papers: int
    seconds: float


def unpack(path: Path, secret: str, folder: Path) -> Contents:
    """Decrypt and unpack a copy into an empty folder.

    Raises ``AgeFault`` and ``ArchiveFault`` for whatever is not a whole copy for this key.
    """
    with path.open("rb") as file, age.decrypting(file, secret) as stream:
        return archive.unpack(stream, folder)


def drill(office: Office, path: Path, secret: str) -> Drill:
    """Try a copy, note that it was tried, and leave nothing of it behind.

    Raises ``AgeFault`` and ``ArchiveFault``.
    """
    began = time.monotonic()
    instance = office.settings.instance
    for left in instance.glob(f"{_SCRATCH}*"):  # of one that was killed
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=instance) as scratch:
        contents = unpack(path, secret, Path(scratch))
        problems = [*problems_of(office.settings, Path(scratch), contents), *_ahead(office, contents)]
    found = Drill(contents.made_at, problems, contents.files, time.monotonic() - began)
    standing.note_drilled(office, path, contents.made_at, len(problems), found.seconds)
    return found


def problems_of(settings: Settings, folder: Path, contents: Contents) -> list[str]:
    """What is wrong with a copy that lies unpacked in a folder: brought up to date, and looked through whole.

    Numbers, registers, versions, bound rows and chains to their heads, every file by its hash, SQLite's own
    check, and everything sealed, opened once.
    """
    put_journals(folder / "numbers", contents.series)
    try:
        copied = Office.open_anyway(settings.by_itself(folder))
    except (ConfigFault, Damaged, Unreadable) as fault:
        return [str(fault)]
    try:
        return list(dict.fromkeys(f"{one.number}：{one.message}" for one in reconcile.check(copied)))
    finally:
        copied.store.close()


def _ahead(office: Office, contents: Contents) -> Iterator[str]:
    """A counter of the copy that our journal has not reached: one of the two is another office's."""
    for series, counter in contents.series.items():
        key, _colon, year = series.rpartition(":")
        seen = numbering.journalled(office, key, int(year))
        if seen < counter:
            said = {"series": series, "n": counter, "seen": seen}
            yield _("%(series)s：备份里已到 %(n)s 号，本机的取号流水只到 %(seen)s 号。", **said)


def put_journals(folder: Path, series: dict[str, int]) -> None:
    """Journals that say what the counters of a copy say, where none says more."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for one, counter in series.items():
        key, _colon, year = one.rpartition(":")
        numbering.note_in(folder / f"{key}-{year}.log", counter)
