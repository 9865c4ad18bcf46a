"""Ledgers as people read them: pages, totals, counts and choices, each within what the reader may see.

Called by the views, the export, the closing of a month and the figures. The rows are kept by
``ledger_keeping``; here they are only read. Which of them a reader sees is the one condition of ``scope``,
in what is counted, found, chosen from and added up too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from andu.clock import stamp
from andu.formtypes.ledger_pages import as_text
from andu.formtypes.ledgers import Ledger
from andu.office.books.ledger_words import filter_key, query
from andu.office.errors import NotAllowed, NotFound
from andu.office.office import Office
from andu.office.scope import records_for, unit_seeing
from andu.security.accounts import Account
from andu.security.permissions import may

PAGE = 50
MOST_CHOICES = 100
FEW = 200
"""So many rows are sorted when found."""
ROOM, PLACES = 1_000_000_000, 1000
"""Rows have numbers of their own range in each ledger, and columns places of their own."""
_Set = tuple[str, list[Any]]
_NONE: _Set = ("SELECT NULL AS row_id WHERE 0", [])


@dataclass(frozen=True)
class Asked:
    """What to show: ``text`` in a row, ``chosen`` texts by column key, ``month`` as 2026-11; sorted."""

    text: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    month: str = ""
    sort: str = ""
    descending: bool | None = None


@dataclass(frozen=True)
class Row:
    """One line: the record it is about, its texts by column, and whether its number is voided."""

    id: int
    record_id: str
    case_id: str | None
    cells: Sequence[str]
    is_void: bool


@dataclass(frozen=True)
class Page:
    """One page of rows, ``number`` counted from 1; ``totals`` by column, of all rows found."""

    rows: list[Row]
    total: int
    number: int
    totals: Mapping[str, str]
    sort: str
    descending: bool
    is_built: bool

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // PAGE))


def get(office: Office, actor: Account, slug: str) -> Ledger:
    """A ledger; raises ``NotAllowed`` for whoever may not see the register, ``NotFound``."""
    if not may(actor, "see_register"):
        raise NotAllowed(_("您的岗位不能查看台账。"))
    found = office.ledgers.get(slug)
    if found is None:
        raise NotFound(slug)
    return found


def by_group(office: Office, actor: Account) -> list[tuple[str, list[Ledger]]]:
    """All ledgers under their headings; raises ``NotAllowed``."""
    if not may(actor, "see_register"):
        raise NotAllowed(_("您的岗位不能查看台账。"))
    groups: dict[str, list[Ledger]] = {}
    for ledger in office.ledgers:
        groups.setdefault(ledger.group, []).append(ledger)
    return [*groups.items()]


def page(office: Office, actor: Account, ledger: Ledger, asked: Asked, number: int = 1) -> Page:
    """One page of the rows this person may see that fit."""
    kept = office.store.get("ledger", ledger.slug)
    sort = asked.sort if ledger.place(asked.sort) is not None else ledger.sort
    descending = ledger.descending if asked.descending is None or not asked.sort else asked.descending
    if kept is None:
        return Page([], 0, 1, {}, sort, descending, False)
    found = _Found(office, actor, ledger, asked, kept["no"])
    number = max(1, number)
    rows = found.rows(sort, descending, PAGE, (number - 1) * PAGE)
    return Page(rows, found.total, number, found.totals(), sort, descending, bool(kept["hash"]))


def all_rows(office: Office, actor: Account, ledger: Ledger, asked: Asked, most: int) -> list[Row]:
    """Every row that fits, in order, at most so many."""
    kept = office.store.get("ledger", ledger.slug)
    sort = asked.sort if ledger.place(asked.sort) is not None else ledger.sort
    descending = ledger.descending if asked.descending is None or not asked.sort else asked.descending
    return _Found(office, actor, ledger, asked, kept["no"]).rows(sort, descending, most) if kept else []


def totals(office: Office, actor: Account, ledger: Ledger, asked: Asked) -> Mapping[str, str]:
    """The sums of the columns that have one, by key, of all rows that fit."""
    kept = office.store.get("ledger", ledger.slug)
    return _Found(office, actor, ledger, asked, kept["no"]).totals() if kept else {}


def amounts(office: Office, ledger: Ledger, rows: Sequence[Row]) -> dict[int, list[float | None]]:
    """For each column with a sum, the number in each of these rows; None where there is none to add."""
    kept = office.store.get("ledger", ledger.slug)
    found: dict[int, list[float | None]] = {}
    for at, column in enumerate(ledger.columns):
        if column.total and kept:
            numbers = office.store.query(
                "SELECT row_id, amount FROM ledger_key WHERE place = ?", [kept["no"] * PLACES + at]
            )
            by_row = {one["row_id"]: one["amount"] for one in numbers}
            found[at] = [by_row.get(row.id) for row in rows]
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
    found = _Found(office, actor, ledger, Asked(), kept["no"])
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
    if ledger.columns[place].value.is_overdue:
        counts: dict[str, int] = {}
        for row in _counted(office, actor, ledger, f"cells ->> '$[{place}]'", since, until):
            text = _text(json.loads(row["what"]) if row["what"] else "", stamp(office.clock.now()))
            counts[text] = counts.get(text, 0) + row["n"]
        return counts
    rows = _counted(office, actor, ledger, f"cells ->> '$[{place}]'", since, until)
    return {row["what"]: row["n"] for row in rows}


def counts_by_day(
    office: Office, actor: Account, ledger_slug: str, since: date, until: date
) -> dict[date, int]:
    """How many rows fall on each day from ``since`` to ``until``; days without any are left out.

    Rows, scope and faults as in ``tally``.
    """
    ledger = get(office, actor, ledger_slug)
    rows = _counted(office, actor, ledger, "ledger_row.day", since, until)
    return {date.fromisoformat(row["what"]): row["n"] for row in rows}


def _counted(
    office: Office, actor: Account, ledger: Ledger, what: str, since: date, until: date
) -> list[dict[str, Any]]:
    scope, params = records_for(actor)
    return office.store.query(
        f"SELECT {what} AS what, count(*) AS n"
        " FROM ledger_row JOIN record ON record.id = ledger_row.record_id"
        f" WHERE ledger = ? AND day BETWEEN ? AND ? AND is_void = 0 AND {scope} GROUP BY 1 ORDER BY 1",
        [ledger.slug, since.isoformat(), until.isoformat(), *params],
    )


# --- what was asked, as SQL -----------------------------------------------------------------------


class _Found:
    """The rows that fit what a person asked and may see: sets of row numbers, cut.

    Few rows are sorted when found; many are walked in the order of their keys until the page is full.
    """

    def __init__(self, office: Office, actor: Account, ledger: Ledger, asked: Asked, number: int) -> None:
        self.store, self.ledger, self.actor = office.store, ledger, actor
        self.first_place, self.range = number * PLACES, [number * ROOM, number * ROOM + ROOM - 1]
        self.now = stamp(office.clock.now())
        self.sets = [*self._narrowed(asked)]
        unit_id = unit_seeing(actor)
        # a value, which SQLite asks for row by row, where a join would be turned round
        sight = "(SELECT 1 FROM ledger_sight WHERE unit_id = ? AND row_id = entry.row_id) IS NOT NULL"
        self.seen: _Set = ("1=1", []) if unit_id is None else (sight, [unit_id])

    def _narrowed(self, asked: Asked) -> Iterator[_Set]:
        if asked.text:
            match = query(asked.text)
            text = (
                "SELECT rowid AS row_id FROM ledger_text WHERE ledger_text MATCH ? AND rowid BETWEEN ? AND ?"
            )
            yield (text, [match, *self.range]) if match else _NONE
        for key, chosen in asked.chosen.items():
            fitting = "SELECT row_id FROM ledger_key WHERE place = ? AND key = ?"
            yield fitting, [self._place(key), filter_key(chosen)]
        if asked.month:
            days = "SELECT id AS row_id FROM ledger_row WHERE ledger = ? AND day BETWEEN ? AND ?"
            yield days, [self.ledger.slug, f"{asked.month}-01", f"{asked.month}-31"]

    def _place(self, key: str) -> int:
        return self.first_place + (self.ledger.place(key) or 0)

    @cached_property
    def total(self) -> int:
        """How many rows there are."""
        if self.sets:
            start, rest = self.sets[0], self.sets[1:]
        elif self.seen[1]:
            seen = "SELECT row_id FROM ledger_sight WHERE unit_id = ? AND row_id BETWEEN ? AND ?"
            return int(
                self.store.query(f"SELECT count(*) AS n FROM ({seen})", [*self.seen[1], *self.range])[0]["n"]
            )
        else:
            start, rest = self._keys(self.ledger.columns[0].key), []
        return int(self.store.query(*self._cut("SELECT count(*) AS n", start, rest))[0]["n"])

    def _keys(self, key: str) -> _Set:
        return "SELECT key, row_id, amount FROM ledger_key WHERE place = ?", [self._place(key)]

    def _cut(self, what: str, start: _Set, others: Sequence[_Set]) -> _Set:
        """Something of what is in all of these and may be seen; ``start`` is gone through, others asked."""
        named = [(f"set{at}", sql, params) for at, (sql, params) in enumerate(others)]
        known = ", ".join(f"{name} AS MATERIALIZED ({sql})" for name, sql, _params in named)
        where = " AND ".join(
            [self.seen[0], *(f"entry.row_id IN (SELECT row_id FROM {name})" for name, _sql, _params in named)]
        )
        params = [param for _name, _sql, more in named for param in more]
        with_sets = f"WITH {known} " if known else ""
        return f"{with_sets}{what} FROM ({start[0]}) AS entry WHERE {where}", [
            *params,
            *start[1],
            *self.seen[1],
        ]

    def rows(self, sort: str, descending: bool, limit: int, offset: int = 0) -> list[Row]:
        """So many rows in order; each looked at once more, whether this person may see it."""
        way = "DESC" if descending else "ASC"
        found, params = self._few(sort) if self.total <= FEW else self._many(sort)
        scope, scope_params = records_for(self.actor)
        rows = self.store.query(
            "SELECT ledger_row.*, record.case_id FROM ("
            f"{found} ORDER BY entry.key {way}, entry.row_id {way} LIMIT ? OFFSET ?) AS entry"
            " JOIN ledger_row ON ledger_row.id = entry.row_id"
            f" JOIN record ON record.id = ledger_row.record_id WHERE {scope}"
            f" ORDER BY entry.key {way}, entry.row_id {way}",
            [*params, limit, offset, *scope_params],
        )
        return [self._row(row) for row in rows]

    def _few(self, sort: str) -> _Set:
        if not self.sets:
            return self._many(sort)
        sql, params = self._cut("SELECT entry.row_id", self.sets[0], self.sets[1:])
        key = f"keys ->> '$[{self.ledger.place(sort) or 0}]' AS key"
        return (
            f"SELECT * FROM (SELECT {key}, id AS row_id FROM ledger_row WHERE id IN ({sql})) AS entry",
            params,
        )

    def _many(self, sort: str) -> _Set:
        return self._cut("SELECT entry.key, entry.row_id", self._keys(sort), self.sets)

    def _row(self, row: Mapping[str, Any]) -> Row:
        cells = [_text(cell, self.now) for cell in json.loads(row["cells"])]
        return Row(row["id"], row["record_id"], row["case_id"], cells, bool(row["is_void"]))

    def totals(self) -> Mapping[str, str]:
        """The sums by column key."""
        summed = {}
        for column in self.ledger.columns:
            if column.total:
                sql, params = self._cut("SELECT sum(entry.amount) AS n", self._keys(column.key), self.sets)
                summed[column.key] = as_text(self.store.query(sql, params)[0]["n"] or 0)
        return summed

    def choices(self, key: str) -> list[str]:
        """One step through the index for each text, not one for each row."""
        sql, params = self._many(key)
        texts: list[str] = []
        while len(texts) < MOST_CHOICES:
            after = " AND entry.key > ?" if texts else ""
            next_one = f"{sql}{after} ORDER BY entry.key LIMIT 1"
            row = self.store.query(next_one, [*params, *texts[-1:]])
            if not row:
                break
            texts.append(row[0]["key"])
        return [text for text in texts if text]


def _text(cell: Any, now: str) -> str:
    """What a cell shows now: its text, or whether a deadline (due, met) is overdue."""
    if isinstance(cell, str):
        return cell
    due, met_at = cell
    return _("是") if (met_at or now) > due else ""
