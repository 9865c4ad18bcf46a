"""The office at work: one object that holds the parts every act needs, and opens them in order.

``Office.open`` is called once per process by app.py, by each command and by the tests. Acts take the
office first and the acting person second; nothing here is a singleton.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from flask_babel import gettext as _

from andu.clock import Clock, chinese_time, parse_stamp
from andu.formtypes.beside.figures import Figures
from andu.formtypes.beside.ledgers import Ledgers
from andu.formtypes.language.catalogue import Catalogue
from andu.office import published, sources
from andu.office.config import Config
from andu.office.published import Published
from andu.office.sources import Sources
from andu.office.workdays import Workdays
from andu.papers.checks import layout, printed
from andu.papers.checks.layout import Finding
from andu.papers.checks.printed import Lack
from andu.papers.checks.proof import Many
from andu.papers.pdf import Converter
from andu.papers.pdf.remembering import remembering
from andu.papers.template import Template
from andu.papers.template.title_shape import keep_whole
from andu.security import audit, marks
from andu.security.vault import Vault
from andu.settings import Settings
from andu.store import Files, Kept, Store, StoredFiles, Unreadable
from andu.store.lines import FolderJournal, Journal, Lines, StoredJournal

DATABASE, HEADS = "andu.db", "audit-heads.jsonl"
MOVED = "moved"
"""The mark of a store whose office was moved to another (``office.backup.moving``)."""
if TYPE_CHECKING:
    from andu.store.bucket import Bucket

P = ParamSpec("P")
R = TypeVar("R")
ToPdf = Callable[..., bytes]
Ahead = Callable[[str], int]
Judge = Callable[[bytes, bytes, str], list[Finding]]
Lacking = Callable[[Template, Mapping[str, Any], bytes], list[Lack]]


@dataclass(frozen=True)
class Office:
    """The parts of one running office.

    ``to_pdf`` turns docx bytes into PDF bytes; a preview says for whom, ``asked_by=account.id``, and waits
    behind the papers to be filed. ``ahead`` says how many papers come before the one this account waits for.
    ``judge`` is the layout checker: docx, PDF and kind of an official document to findings. ``lacking`` says
    which values of a paper its PDF does not show; ``many`` prints samples before a paper is published (None:
    it is published unprinted, where a stand-in makes the PDFs).
    """

    settings: Settings
    clock: Clock
    store: Store
    files: Kept
    config: Config
    catalogue: Catalogue
    ledgers: Ledgers
    figures: Figures
    vault: Vault
    to_pdf: ToPdf
    ahead: Ahead
    judge: Judge
    lacking: Lacking
    many: Many | None
    workdays: Workdays
    faults: tuple[str, ...] = ()
    published: Published = field(default_factory=Published)

    @classmethod
    def open(cls, settings: Settings, to_pdf: ToPdf | None = None, judge: Judge | None = None) -> Office:
        """Open the office of ``settings.instance`` as its files are.

        Raises ``ConfigFault`` for its office file, ``FormFaults`` for its form types, ``HolidaysFault`` for
        its table of holidays. A broken ledger or sheet of figures is only left out.
        """
        store = _opened(settings)
        return cls._of(settings, store, sources.strictly(settings, store), to_pdf, judge)

    @classmethod
    def open_anyway(cls, settings: Settings) -> Office:
        """As ``open``, for the service and the commands: a faulty file does not stop them.

        Its last good text stays in force, and ``faults`` says what is wrong. Raises as ``open`` does where
        there never was a good one.
        """
        store = _opened(settings)
        return cls._of(settings, store, sources.with_last_good(settings, store), None, None)

    @classmethod
    def _of(
        cls, settings: Settings, store: Store, found: Sources, to_pdf: ToPdf | None, judge: Judge | None
    ) -> Office:
        sources.keep(settings, store, settings.clock, found)
        keep_whole(settings.templates / "words.txt")
        converter = Converter(settings.fonts, settings.papers_at_once, settings.instance / "waiting")
        return cls(
            settings=settings,
            clock=settings.clock,
            store=store,
            files=files_of(settings, store),
            config=found.config,
            catalogue=found.catalogue,
            ledgers=found.ledgers,
            figures=found.figures,
            vault=Vault(store, settings.clock, settings.instance / "keys"),
            to_pdf=_outside_writes(store, to_pdf or remembering(converter.to_pdf)),
            ahead=converter.ahead,
            judge=_outside_writes(store, judge or layout.check),
            lacking=printed.lacking if judge is None else _nothing,
            many=None if to_pdf or judge else converter.many,
            workdays=found.workdays,
            faults=found.faults,
            published=found.published,
        )

    def read_again(self) -> Office:
        """The same office with what has been published since; its files are read as by ``open_anyway``."""
        found = sources.with_last_good(self.settings, self.store)
        return replace(
            self,
            config=found.config,
            catalogue=found.catalogue,
            ledgers=found.ledgers,
            figures=found.figures,
            workdays=found.workdays,
            faults=found.faults,
            published=found.published,
        )

    def note(self, unit_id: str, actor_id: str | None, event: str, **data: Any) -> None:
        """Write an audit event into the chain of a unit, within the transaction that is open."""
        audit.append(self.store, self.clock, unit_id, actor_id, event, **data)

    @property
    def heads(self) -> Path | Lines:
        """What, outside the database that keeps the newest hash of every audit chain."""
        return heads_of(self.settings)

    @property
    def journal(self) -> Journal:
        """Where the highest numbers given are noted."""
        return journal_of(self.settings)

    @property
    def checkup(self) -> Path:
        """The file beside the database that says how far the audit log was looked through, and when last."""
        return self.settings.instance / "audit-checked.json"


def _nothing(template: Template, context: Mapping[str, Any], pdf: bytes) -> list[Lack]:
    """Where the PDFs are judged by a stand-in, nothing is looked for in them."""
    return []


def store_of(settings: Settings) -> Store:
    """The store of an office, not yet opened."""
    return Store(settings.instance / DATABASE, settings.store, settings.driver)


def _opened(settings: Settings) -> Store:
    """The store, brought up to date; ``Unreadable`` for one whose office has moved away."""
    store = store_of(settings)
    store.migrate()
    moved = marks.facts(store, MOVED)
    if moved:
        store.close()
        said = {"time": chinese_time(parse_stamp(moved["at"])), "to": moved["to"]}
        raise Unreadable(
            _(
                "这里的数据已在 %(time)s 搬到 %(to)s，不再使用，以免一个号给两次。"
                "请检查 ANDU_STORE；要搬回来，在新的那边运行 script/andu move-store。",
                **said,
            )
        )
    return store


def published_of(settings: Settings) -> Published:
    """What was published in the browser, for commands that need no whole office; nothing before one began."""
    if not settings.office_file.exists():
        return Published()
    store = _opened(settings)
    try:
        return published.read(store)
    finally:
        store.close()


def files_of(settings: Settings, store: Store) -> Kept:
    """The filed bytes of an office: in a bucket; else in its database on a server, or in a folder."""
    if bucket := bucket_of(settings):
        return bucket
    return StoredFiles(store) if settings.store else Files(settings.instance / "files")


def bucket_of(settings: Settings) -> Bucket | None:
    """The bucket of an office that has one."""
    if not settings.files:
        return None
    from andu.store.bucket import Bucket  # its module is wanted by nobody else

    return Bucket(settings.files)


def is_there(settings: Settings) -> bool:
    """Whether an office has been founded here: its file, and a database."""
    has_database = bool(settings.store) or (settings.instance / DATABASE).exists()
    return has_database and settings.office_file.exists()


def heads_of(settings: Settings) -> Path | Lines:
    """The same, for whoever cannot open the office."""
    if settings.journal_store:
        return journal_of(settings).lines(HEADS)
    return settings.instance / HEADS


def journal_of(settings: Settings) -> Journal:
    """The place of the journal of numbers: a folder, or a database of its own."""
    if settings.journal_store:
        return _place_on_server(settings.journal_store, settings.driver)
    return FolderJournal(settings.journal)


@cache
def _place_on_server(address: str, driver: str) -> Journal:
    return StoredJournal(address, driver)


def _outside_writes(store: Store, act: Callable[P, R]) -> Callable[P, R]:
    """The act, which runs other programs and takes its time: never while a write keeps everybody waiting."""

    @wraps(act)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        store.require_no_write("another program")
        return act(*args, **kwargs)

    return guarded
