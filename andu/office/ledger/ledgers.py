"""Ledgers as people read them: pages, totals, counts and choices, each within what the reader may see.

Called by the views, the export, the closing of a month and the figures. The rows are kept by
``ledger_keeping`` and found by ``ledger_finding``; here they are only read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from andu.clock import stamp
from andu.formtypes.beside.ledgers import Ledger
from andu.office import access, conflicts
from andu.office.errors import NotAllowed, NotFound
from andu.office.ledger import ledger_counts
from andu.office.ledger.ledger_finding import (
    MOST,
    PLACES,
    Asked,
    Found,
    FoundRow,
    Sql,
    cell_open,
    rows_for,
    text_now,
)
from andu.office.office import Office
from andu.office.scope import records_for, unit_seeing
from andu.security.accounts import Account
from andu.security.permissions import may
from andu.store import verbs

PAGE = 50


@dataclass(frozen=True)
class LedgerPage:
    """One page of rows, ``number`` counted from 1; ``totals`` by column, of all rows found.

    ``is_more``: there are more than ``total``, and nothing is added up.
    """

    rows: list[FoundRow]
    total: int
    number: int
    totals: Mapping[str, str]
    sort: str
    descending: bool
    is_built: bool
    is_more: bool = False

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // PAGE))


def get(office: Office, actor: Account, slug: str) -> Ledger:
    """A ledger; raises ``NotAllowed`` for whoever may not see the register or its forms, ``NotFound``."""
    if not may(actor, "see_register"):
        raise NotAllowed(_("您的岗位不能查看台账。"))
    found = office.ledgers.get(slug)
    if found is None:
        raise NotFound(slug)
    access.require(office, actor, *found.named_forms)
    return found


def by_group(office: Office, actor: Account) -> list[tuple[str, list[Ledger]]]:
    """All ledgers this person may see, under their headings; raises ``NotAllowed``."""
    if not may(actor, "see_register"):
        raise NotAllowed(_("您的岗位不能查看台账。"))
    shut = access.shut(office, actor)
    groups: dict[str, list[Ledger]] = {}
    for ledger in office.ledgers:
        if not shut.intersection(ledger.named_forms):
            groups.setdefault(ledger.group, []).append(ledger)
    return [*groups.items()]


def page(office: Office, actor: Account, ledger: Ledger, asked: Asked, number: int = 1) -> LedgerPage:
    """One page of the rows this person may see that fit."""
    kept = office.store.get("ledger", ledger.slug)
    sort = asked.sort if ledger.place(asked.sort) is not None else ledger.sort
    descending = ledger.descending if asked.descending is None or not asked.sort else asked.descending
    if kept is None:
        return LedgerPage([], 0, 1, {}, sort, descending, False)
    found = Found(office, actor, ledger, asked, kept["no"])
    number = min(max(1, number), MOST // PAGE)
    rows = found.rows(sort, descending, PAGE, (number - 1) * PAGE)
    total, is_built = min(found.total, MOST), bool(kept["hash"])
    return LedgerPage(rows, total, number, found.totals(), sort, descending, is_built, found.total > MOST)


def all_rows(office: Office, actor: Account, ledger: Ledger, asked: Asked, most: int) -> list[FoundRow]:
    """Every row that fits, in order, at most so many."""
    kept = office.store.get("ledger", ledger.slug)
    sort = asked.sort if ledger.place(asked.sort) is not None else ledger.sort
    descending = ledger.descending if asked.descending is None or not asked.sort else asked.descending
    return Found(office, actor, ledger, asked, kept["no"]).rows(sort, descending, most) if kept else []


def totals(office: Office, actor: Account, ledger: Ledger, asked: Asked) -> Mapping[str, str]:
    """The sums of the columns that have one, by key, of all rows that fit."""
    kept = office.store.get("ledger", ledger.slug)
    return Found(office, actor, ledger, asked, kept["no"]).totals() if kept else {}


def amounts(office: Office, ledger: Ledger, rows: Sequence[FoundRow]) -> dict[int, list[float | None]]:
    """For each column with a sum, the number in each of these rows; None where there is none to show."""
    kept = office.store.get("ledger", ledger.slug)
    found: dict[int, list[float | None]] = {}
    for at, column in enumerate(ledger.columns):
        if column.total and kept:
            numbers = office.store.query(
                "SELECT row_id, amount FROM ledger_key WHERE place = ?", [kept["no"] * PLACES + at]
            )
            by_row = {one["row_id"]: one["amount"] for one in numbers}
            found[at] = [by_row.get(row.id) if row.cells[at] else None for row in rows]
    return found


def is_built(office: Office, ledger: Ledger) -> bool:
    """Whether all rows of a ledger are there: not while it is being built."""
    kept = office.store.get("ledger", ledger.slug)
    return bool(kept and kept["hash"])


def choices(office: Office, actor: Account, ledger: Ledger) -> dict[str, list[str]]:
    """Column key → the texts one can choose there, for columns with a filter; at most 100 each."""
    kept = office.store.get("ledger", ledger.slug)
    if kept is None:
        return {}
    found = Found(office, actor, ledger, Asked(), kept["no"])
    return {column.key: found.choices(column.key) for column in ledger.columns if column.filter}


def tally(
    office: Office, actor: Account, ledger_slug: str, column_key: str, since: date, until: date
) -> dict[str, int]:
    """How many rows of a ledger have each text in a column; '' where the cell is empty.

    Only rows this person may see, whose period (a day of the office, both ends included) is from ``since`` to
    ``until``, and whose number is not voided. Raises ``NotFound`` for an unknown ledger or column,
    ``NotAllowed`` for whoever may not see the register.
    """
    ledger = get(office, actor, ledger_slug)
    place = ledger.place(column_key)
    if place is None:
        raise NotFound(column_key)
    kept = ledger_counts.by_text(office, actor, ledger, place, since, until)
    if kept is not None:
        cells: Sql = (verbs.element("cells", place), [])
        return _without_shut(office, actor, ledger, kept, cells, since, until)
    open_here, params = cell_open(actor, place, records_for(office, actor))
    cell = f"CASE WHEN {open_here} THEN {verbs.element('cells', place)} ELSE '' END", params
    rows = _counted(office, actor, ledger, cell, since, until)
    if not ledger.columns[place].value.is_overdue:
        return {row["what"]: row["n"] for row in rows}
    counts: dict[str, int] = {}
    for row in rows:
        text = text_now(json.loads(row["what"]) if row["what"] else "", stamp(office.clock.now()))
        counts[text] = counts.get(text, 0) + row["n"]
    return counts


def filled(
    office: Office, actor: Account, ledger_slug: str, column_key: str, since: date, until: date
) -> int:
    """How many rows say something in a column. Rows, scope and faults as in ``tally``."""
    ledger = get(office, actor, ledger_slug)
    place = ledger.place(column_key)
    kept = None if place is None else ledger_counts.filled(office, actor, ledger, place, since, until)
    if kept is not None:
        is_said: Sql = f"CASE WHEN {verbs.element('cells', place or 0)} = '' THEN '' ELSE 'x' END", []
        return _without_shut(office, actor, ledger, {"x": kept}, is_said, since, until).get("x", 0)
    counts = tally(office, actor, ledger_slug, column_key, since, until)
    return sum(n for text, n in counts.items() if text)


def counts_by_day(
    office: Office, actor: Account, ledger_slug: str, since: date, until: date
) -> dict[date, int]:
    """How many rows fall on each day from ``since`` to ``until``; days without any are left out.

    Rows, scope and faults as in ``tally``.
    """
    ledger = get(office, actor, ledger_slug)
    kept = ledger_counts.by_day(office, actor, ledger, since, until)
    day: Sql = ("ledger_row.day", [])
    if kept is None:
        kept = {row["what"]: row["n"] for row in _counted(office, actor, ledger, day, since, until)}
    else:
        kept = _without_shut(office, actor, ledger, kept, day, since, until)
    return {date.fromisoformat(day): n for day, n in kept.items()}


def _without_shut(
    office: Office,
    actor: Account,
    ledger: Ledger,
    kept: Mapping[str, int],
    what: Sql,
    since: date,
    until: date,
) -> dict[str, int]:
    """The counts that are kept, less those of the rows that are shut to this person."""
    shut = conflicts.shut_records(office, actor)
    rows = _counted(office, actor, ledger, what, since, until, shut) if shut else []
    off = {row["what"] or "": row["n"] for row in rows}
    left = {text: n - off.get(text, 0) for text, n in kept.items()}
    return {text: n for text, n in left.items() if n}


def _counted(
    office: Office,
    actor: Account,
    ledger: Ledger,
    what: Sql,
    since: date,
    until: date,
    of_records: tuple[str, list[str]] | None = None,
) -> list[dict[str, Any]]:
    """Row by row, where no counts are kept: all rows of the time, or those of the reader's unit."""
    scope, params = of_records or rows_for(office, actor, ledger)
    unit_id = unit_seeing(actor)
    rows, of = "ledger_row", []
    if unit_id is not None:
        rows, of = "ledger_sight AS sight CROSS JOIN ledger_row", [unit_id]
        scope = f"ledger_row.id = sight.row_id AND sight.unit_id = ? AND {scope}"
    return office.store.query(
        f"SELECT {what[0]} AS what, count(*) AS n"
        f" FROM {rows} CROSS JOIN record WHERE record.id = ledger_row.record_id"
        f" AND ledger = ? AND day BETWEEN ? AND ? AND is_void = 0 AND {scope} GROUP BY 1 ORDER BY 1",
        [*what[1], ledger.slug, since.isoformat(), until.isoformat(), *of, *params],
    )
