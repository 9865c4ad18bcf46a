"""The office at work: one object that holds the parts every act needs, and opens them in order.

``Office.open`` is called once per process by app.py, by each command and by the tests. Acts take the
office first and the acting person second; nothing here is a singleton.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from flask_babel import gettext as _

from andu.clock import Clock
from andu.formtypes import figure_reading, ledger_reading
from andu.formtypes.catalogue import Catalogue
from andu.formtypes.definition import FormType
from andu.formtypes.faults import FormFaults
from andu.formtypes.figures import Figures
from andu.formtypes.ledgers import Ledgers
from andu.formtypes.reading import read_text
from andu.office.config import Config, read_config, require_known_access, require_known_rules
from andu.office.workdays import Workdays, read_workdays
from andu.papers.checks import layout
from andu.papers.checks.layout import Finding
from andu.papers.pdf import Converter
from andu.papers.template.title_shape import keep_whole
from andu.security import audit
from andu.security.vault import Vault
from andu.settings import Settings
from andu.store import Files, Store

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")
ToPdf = Callable[..., bytes]
Ahead = Callable[[str], int]
Judge = Callable[[bytes, bytes, str], list[Finding]]


@dataclass(frozen=True)
class Office:
    """The parts of one running office.

    ``to_pdf`` turns docx bytes into PDF bytes; a preview says for whom, ``asked_by=account.id``, and waits
    behind the papers to be filed. ``ahead`` says how many papers come before the one this account waits for.
    ``judge`` is the layout checker: docx, PDF and kind of an official document to findings.
    """

    settings: Settings
    clock: Clock
    store: Store
    files: Files
    config: Config
    catalogue: Catalogue
    ledgers: Ledgers
    figures: Figures
    vault: Vault
    to_pdf: ToPdf
    ahead: Ahead
    judge: Judge
    workdays: Workdays

    @classmethod
    def open(cls, settings: Settings, to_pdf: ToPdf | None = None, judge: Judge | None = None) -> Office:
        """Open the office of ``settings.instance``.

        Raises ``ConfigFault`` for its office file and ``FormFaults`` for its form types, so that a
        service with a broken form does not start half; ``HolidaysFault`` for its table of holidays. A
        broken ledger or sheet of figures is only left out.
        """
        store = Store(settings.instance / "andu.db")
        store.migrate()
        config = read_config(settings.office_file)
        keep_whole(settings.templates / "words.txt")
        converter = Converter(settings.fonts, settings.papers_at_once, settings.instance / "waiting")
        catalogue = Catalogue.load(settings.forms, config.series, _in_use(store))
        require_known_rules(config, catalogue)
        require_known_access(config, catalogue)
        ledgers = ledger_reading.load(settings.ledgers, catalogue)[0]
        return cls(
            settings=settings,
            clock=settings.clock,
            store=store,
            files=Files(settings.instance / "files"),
            config=config,
            catalogue=catalogue,
            ledgers=ledgers,
            figures=figure_reading.load(settings.figures, ledgers, catalogue)[0],
            vault=Vault(store, settings.instance / "keys"),
            to_pdf=_outside_writes(store, to_pdf or converter.to_pdf),
            ahead=converter.ahead,
            judge=_outside_writes(store, judge or layout.check),
            workdays=read_workdays(settings.instance),
        )

    def note(self, unit_id: str, actor_id: str | None, event: str, **data: Any) -> None:
        """Write an audit event into the chain of a unit, within the transaction that is open."""
        audit.append(self.store, self.clock, unit_id, actor_id, event, **data)

    @property
    def heads(self) -> Path:
        """The file outside the database that keeps the newest hash of every audit chain."""
        return heads_of(self.settings)

    @property
    def checkup(self) -> Path:
        """The file beside the database that says how far the audit log was looked through, and when last."""
        return self.settings.instance / "audit-checked.json"


def _in_use(store: Store) -> dict[str, FormType]:
    """The form types that drafts or records are of, as they were last published."""
    rows = store.query(
        "SELECT slug, yaml FROM form_version"
        " WHERE slug IN (SELECT form FROM record UNION SELECT form FROM draft) ORDER BY created_at, rowid"
    )
    newest = {row["slug"]: row["yaml"] for row in rows}
    found = {}
    for slug, text in newest.items():
        try:
            found[slug] = read_text(text, slug)
        except FormFaults as fault:
            log.error(_("表单“%(slug)s”存下的版本读不出来：%(fault)s", slug=slug, fault=fault))
    return found


def heads_of(settings: Settings) -> Path:
    """The same, for whoever cannot open the office."""
    return settings.instance / "audit-heads.jsonl"


def _outside_writes(store: Store, act: Callable[P, R]) -> Callable[P, R]:
    """The act, which runs other programs and takes its time: never while a write keeps everybody waiting."""

    @wraps(act)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        store.require_no_write("another program")
        return act(*args, **kwargs)

    return guarded
