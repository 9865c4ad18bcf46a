"""What a person or their unit has handed in, in every state, the newest first, page by page.

Called by the page 我提交的. A page begins behind a place in the order and not at a count, so that each costs
the same however many there are. Searched by the words that ``record_words`` keeps. Reads only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from andu.clock import midnight
from andu.office import record_words
from andu.office.errors import NotAllowed
from andu.office.office import Office
from andu.office.scope import records_for
from andu.security.accounts import Account
from andu.security.permissions import may

PAGE = 20
STATES = ("signing", "returned", "complete", "numbered", "filed", "voided")


@dataclass(frozen=True)
class HandedInFilter:
    """What to look for. ``of_unit``: all of the own unit; ``text`` in title or number; days of the office."""

    of_unit: bool = False
    text: str = ""
    form: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class HandedInLine:
    """One record: what it is called, where it stands, by whom it was handed in."""

    id: str
    title: str
    form: str
    state: str
    author_id: str
    created_at: str
    number: str

    @property
    def place(self) -> str:
        """Where it stands in the order, as an address can carry it."""
        return f"{self.created_at}~{self.id}"


@dataclass(frozen=True)
class HandedInPage:
    """Some of them; ``older`` and ``newer`` are the places behind which the next pages begin, if any."""

    lines: Sequence[HandedInLine]
    older: str = ""
    newer: str = ""


def page(
    office: Office, actor: Account, what: HandedInFilter, older: str = "", newer: str = ""
) -> HandedInPage:
    """The lines behind the place ``older``, or before ``newer``; the newest without. ``NotAllowed``."""
    if not may(actor, "fill"):
        raise NotAllowed(_("您的岗位不填写表单。"))
    towards_newer = bool(newer) and not older
    place = newer if towards_newer else older
    found = _lines(office, actor, what, place, towards_newer)
    more, lines = len(found) > PAGE, found[:PAGE]
    if towards_newer:
        lines.reverse()
    if not lines:
        return HandedInPage([])
    return HandedInPage(
        lines,
        older=lines[-1].place if more or towards_newer else "",
        newer=lines[0].place if (more if towards_newer else place) else "",
    )


def _lines(
    office: Office, actor: Account, what: HandedInFilter, place: str, towards_newer: bool
) -> list[HandedInLine]:
    own = [("record.author_id = ?", actor.id), ("record.taken_by = ?", actor.id)]
    whose = [("record.unit_id = ?", unit) for unit in actor.units] if what.of_unit else own
    found = {
        line.id: line
        for one, of in whose
        for line in _some(office, actor, what, one, of, place, towards_newer)
    }
    return sorted(found.values(), key=lambda line: line.place, reverse=not towards_newer)[: PAGE + 1]


def _some(
    office: Office, actor: Account, what: HandedInFilter, whose: str, of: str, place: str, towards_newer: bool
) -> list[HandedInLine]:
    scope, scope_params = records_for(office, actor)
    sqls, params = _conditions(what)
    order, beyond = ("ASC", ">") if towards_newer else ("DESC", "<")
    if place:
        at, _tilde, record_id = place.partition("~")
        sqls.append(f"(record.created_at, record.id) {beyond} (?, ?)")
        params += [at, record_id]
    rows = office.store.query(
        "SELECT record.id, record.title, record.form, record.state, record.author_id, record.created_at,"
        " coalesce(register.number, '') AS number FROM record"
        " LEFT JOIN register ON register.record_id = record.id"
        f" WHERE {' AND '.join([whose, scope, *sqls])}"
        f" ORDER BY record.created_at {order}, record.id {order} LIMIT ?",
        [of, *scope_params, *params, PAGE + 1],
    )
    return [HandedInLine(**row) for row in rows]


def _conditions(what: HandedInFilter) -> tuple[list[str], list[Any]]:
    used: list[tuple[str, list[Any]]] = []
    if what.text:
        used.append(record_words.saying(what.text))
    if what.since:
        used.append(("record.created_at >= ?", [midnight(what.since)]))
    if what.until:
        used.append(("record.created_at < ?", [midnight(what.until + timedelta(days=1))]))
    named = {"form": what.form, "state": what.state}
    used += [(f"record.{name} = ?", [value]) for name, value in named.items() if value]
    return [sql for sql, _params in used], [value for _sql, params in used for value in params]
