"""Moving an office from its file to a database on a server, or back: copied whole, then looked through.

Nobody writes to the source meanwhile, and nothing in it is changed but for a note, at the very end, that it
has moved: from then on it is not opened any more, so that no number is given in two places. The folder of
data stays where it is. What went wrong before that note leaves the source in use as it was.
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from flask_babel import gettext as _

from andu.clock import OFFICE_ZONE, stamp
from andu.office.desk import reconcile
from andu.office.errors import Refused
from andu.office.issue import filling
from andu.office.office import DATABASE, MOVED, Office, bucket_of, files_of, store_of
from andu.papers.template import PaperFault
from andu.security import audit, marks
from andu.settings import Settings
from andu.store import Altered, Kept, Missing, Store, claim
from andu.store.copying import Copied, into_empty, into_sqlite, refuse_full
from andu.store.files import sync_folder

PAPERS = 10


@dataclass(frozen=True)
class Moved:
    """What was copied and compared: tables with their rows, counters, files by their hash, papers made twice.

    ``aside`` is where a file of SQLite lies now that stood in the way back.
    """

    tables: list[Copied]
    series: dict[str, int]
    chains: int
    files: int
    papers: int
    seconds: float
    aside: Path | None = None


def move(here: Office, to: str, driver: str, as_it_is: bool = False, files: str | None = None) -> Moved:
    """Move an office to the empty database at an address, or ('') into a file of its folder.

    ``files``: the bucket of its files from then on, '' for none; not said: as it is here. ``as_it_is``: with
    whatever is wrong in it, as a copy that was put back waits for its numbers. Raises ``Refused`` while a
    service runs, for what is wrong else, and for what differs afterwards; ``Unreadable`` where the target is
    not empty, or will not do.
    """
    settings = replace(here.settings, store=to, driver=driver)
    if files is not None:
        settings = replace(settings, files=files)
    if to == here.settings.store:
        raise Refused(_("数据已经在那里。"))
    _refuse_served(settings)
    known = _problems(here)
    if known and not as_it_is:
        raise Refused("\n".join((_("现在的数据有问题，先处理好再搬："), *known)))
    with _nobody_writes(here.settings) as held:
        moved = _moved(here, _target(settings), settings, known)
        if not to:
            moved = replace(moved, aside=_take_its_place(settings))
        kind = "postgresql" if to else "sqlite"
        marks.note(held, MOVED, to=kind, at=stamp(here.clock.now()))
    return moved


def _refuse_served(settings: Settings) -> None:
    serving = claim.holder(settings.instance)
    if serving:
        raise Refused(_("服务正在运行（%(who)s），请先停止它再搬。", who=serving))


def _moved(here: Office, target: Store, settings: Settings, known: list[str]) -> Moved:
    """Copied, compared, and told in the audit log of the new place."""
    began, files = time.monotonic(), files_of(settings, target)
    tables = (_into_server if settings.store else _into_file)(here, target, files)
    there = replace(here, settings=settings, store=target, files=files)
    found = _problems(there)
    if found != known:
        words = _("搬过去的与原来的不一样，原来的照旧使用；新库请清空再来：")
        raise Refused("\n".join((words, *(one for one in found if one not in known))))
    moved = Moved(
        tables=tables,
        series={row["id"]: int(row["counter"]) for row in target.rows_where("series", order_by="id")},
        chains=target.query("SELECT count(DISTINCT chain) AS n FROM audit")[0]["n"],
        files=len(files.all()),
        papers=_papers_alike(here, there),
        seconds=time.monotonic() - began,
    )
    _tell(there, moved)
    target.close()
    gc.collect()  # the last connection to a file of SQLite leaves nothing beside it
    return moved


def _tell(there: Office, moved: Moved) -> None:
    rows = sum(one.rows for one in moved.tables)
    counted = {"tables": len(moved.tables), "rows": rows, "files": moved.files, "papers": moved.papers}
    kind = "postgresql" if there.settings.store else "sqlite"
    with there.store.write():
        there.note(audit.OFFICE, None, "store_moved", to=kind, **counted)
    audit.publish_heads(there.store, there.clock, there.heads, at_least_apart=0)


@contextmanager
def _nobody_writes(settings: Settings) -> Iterator[Store]:
    """A write on a connection of its own, in which nothing is written yet: everybody else only reads."""
    held = store_of(settings)
    try:
        with held.write():
            yield held
    finally:
        held.close()


def _target(settings: Settings) -> Store:
    """Where the copy comes to lie; a file gets its name when it is whole."""
    if settings.store:
        return store_of(settings)
    return Store(settings.instance / f"{DATABASE}.moving")


def require_empty(settings: Settings) -> None:
    """``Unreadable`` where the database on a server has an office already."""
    target = store_of(settings)
    target.migrate()
    with target.snapshot() as db:
        refuse_full(db, ["account", "audit", "series", "stored_file"])
    target.close()


def _into_server(here: Office, target: Store, files: Kept) -> list[Copied]:
    """Rows and files in one transaction: all of it is there, or the database is as empty as it was."""
    target.migrate()
    with here.store.snapshot() as source, target.filling() as empty:
        tables = into_empty(source, empty)
        copy_files(here.files, files)
    return tables


def _into_file(here: Office, target: Store, files: Kept) -> list[Copied]:
    target.path.unlink(missing_ok=True)  # left by one that was killed
    copy_files(here.files, files)
    with here.store.snapshot() as source:
        return into_sqlite(source, target.path)


def copy_files(source: Kept, target: Kept) -> int:
    """Each by its hash, which both sides are asked for; how many they are."""
    shas = source.all()
    for sha in shas:
        target.put(source.get(sha))
    return len(shas)


def move_files(here: Office, to: str) -> int:
    """Copy every file into the bucket at an address, or ('') to where they lie without one; how many.

    Nothing is removed where they are: that place counts until ANDU_FILES says another. Raises ``Refused``
    while a service runs, and for files that are missing or altered.
    """
    settings = replace(here.settings, files=to)
    if to == here.settings.files:
        raise Refused(_("文件已经在那里。"))
    _refuse_served(settings)
    if bucket := bucket_of(settings):
        bucket.try_out()
    with _nobody_writes(here.settings):
        try:
            copied = copy_files(here.files, files_of(settings, here.store))
        except (Missing, Altered) as fault:
            raise Refused(_("文件 %(sha)s 不见了或被改动过，先处理好再搬。", sha=fault)) from fault
    with here.store.write():
        kind = "s3" if to else "postgresql" if settings.store else "folder"
        here.note(audit.OFFICE, None, "files_moved", to=kind, files=copied)
    return copied


def _take_its_place(settings: Settings) -> Path | None:
    """The new file gets its name; the one that was left when the office moved away is kept under another."""
    path, aside = settings.instance / DATABASE, None
    if path.exists():
        now = settings.clock.now().astimezone(OFFICE_ZONE)
        aside = path.with_name(f"{DATABASE}.before-{now:%Y%m%d-%H%M%S}")
        for end in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                path.with_name(path.name + end).rename(aside.with_name(aside.name + end))
    path.with_name(f"{DATABASE}.moving").rename(path)
    sync_folder(path.parent)
    return aside


def _problems(office: Office) -> list[str]:
    """What ``series check`` and ``audit verify`` find."""
    found = [f"{one.number}：{one.message}" for one in reconcile.check(office)]
    return list(dict.fromkeys((*found, *audit.verify(office.store, office.heads))))


def _papers_alike(here: Office, there: Office) -> int:
    """The newest papers, made again from what each side holds: the same bytes; how many they were."""
    asked = "SELECT id FROM register WHERE docx_sha IS NOT NULL ORDER BY filed_at DESC, id LIMIT ?"
    ids = [row["id"] for row in here.store.query(asked, [PAPERS])]
    for one in ids:
        if _made_again(here, one) != _made_again(there, one):
            raise Refused(_("搬过去的文书与原来的不一样（%(id)s），原来的照旧使用。", id=one))
    return len(ids)


def _made_again(office: Office, register_id: str) -> tuple[bytes, bytes]:
    """The docx from its frozen snapshot, and the PDF as it was filed."""
    (row,) = office.store.rows_where("register", "id = ?", [register_id])
    try:
        docx = filling.fill(office, row["template_sha"], json.loads(row["snapshot"]))
    except PaperFault as fault:  # a paper of long ago that today's rules refuse, on both sides alike
        docx = str(fault).encode()
    return docx, office.files.get(row["pdf_sha"])
