"""Ledgers as people read them: pages, totals, counts and choices, each within what the reader may see.

Called by the views, the export, the closing of a month and the figures. The rows are kept by
``ledger_keeping``; here they are only read. Which of them a reader sees is the one condition of ``scope``,
in what is counted, found, chosen from and added up too; and what a cell takes from another record of the case
stands there only for whoever may see that record.
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
from andu.formtypes.ledgers import OWN, Ledger
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
    open_here, params = _open(actor, place)
    cell = f"CASE WHEN {open_here} THEN cells ->> '$[{place}]' ELSE '' END", params
    rows = _counted(office, actor, ledger, cell, since, until)
    if not ledger.columns[place].value.is_overdue:
        return {row["what"]: row["n"] for row in rows}
    counts: dict[str, int] = {}
    for row in rows:
        text = _text(json.loads(row["what"]) if row["what"] else "", stamp(office.clock.now()))
        counts[text] = counts.get(text, 0) + row["n"]
    return counts


def counts_by_day(
    office: Office, actor: Account, ledger_slug: str, since: date, until: date
) -> dict[date, int]:
    """How many rows fall on each day from ``since`` to ``until``; days without any are left out.

    Rows, scope and faults as in ``tally``.
    """
    ledger = get(office, actor, ledger_slug)
    rows = _counted(office, actor, ledger, ("ledger_row.day", []), since, until)
    return {date.fromisoformat(row["what"]): row["n"] for row in rows}


def _counted(
    office: Office, actor: Account, ledger: Ledger, what: _Set, since: date, until: date
) -> list[dict[str, Any]]:
    scope, params = records_for(actor)
    return office.store.query(
        f"SELECT {what[0]} AS what, count(*) AS n"
        " FROM ledger_row JOIN record ON record.id = ledger_row.record_id"
        f" WHERE ledger = ? AND day BETWEEN ? AND ? AND is_void = 0 AND {scope} GROUP BY 1 ORDER BY 1",
        [*what[1], ledger.slug, since.isoformat(), until.isoformat(), *params],
    )


def _open(actor: Account, place: int) -> _Set:
    """A condition on ``ledger_row``: this person may see the record that the cell at this place is from."""
    return _open_source(actor, f"ledger_row.sources ->> '$[{place}]'")


def _open_source(actor: Account, source: str) -> _Set:
    if unit_seeing(actor) is None:
        return "1=1", []
    scope, params = records_for(actor)
    seen = f"SELECT 1 FROM record WHERE record.id = {source} AND {scope}"
    return f"({source} IS NULL OR EXISTS ({seen}))", params


# --- what was asked, as SQL -----------------------------------------------------------------------


class _Found:
    """The rows that fit what a person asked and may see: sets of row numbers, cut.

    Few rows are sorted when found; many are walked in the order of their keys until the page is full.
    """

    def __init__(self, office: Office, actor: Account, ledger: Ledger, asked: Asked, number: int) -> None:
        self.store, self.ledger, self.actor = office.store, ledger, actor
        self.first_place, self.range = number * PLACES, [number * ROOM, number * ROOM + ROOM - 1]
        self.now = stamp(office.clock.now())
        unit_id = unit_seeing(actor)
        # a value, which SQLite asks for row by row, where a join would be turned round
        sight = "(SELECT 1 FROM ledger_sight WHERE unit_id = ? AND row_id = entry.row_id) IS NOT NULL"
        self.seen: _Set = ("1=1", []) if unit_id is None else (sight, [unit_id])
        self.sets = [*self._narrowed(asked)]

    def _narrowed(self, asked: Asked) -> Iterator[_Set]:
        if asked.text:
            match = query(asked.text)
            yield self._saying(match) if match else _NONE
        for key, chosen in asked.chosen.items():
            readable, params = self._readable(key)
            fitting = f"SELECT row_id FROM ledger_key AS entry WHERE place = ? AND key = ? AND {readable}"
            yield fitting, [self._place(key), filter_key(chosen), *params]
        if asked.month:
            days = "SELECT id AS row_id FROM ledger_row WHERE ledger = ? AND day BETWEEN ? AND ?"
            yield days, [self.ledger.slug, f"{asked.month}-01", f"{asked.month}-31"]

    def _saying(self, match: str) -> _Set:
        """The rows that say it: what was taken from another record counts where all such may be seen."""
        text = "SELECT rowid AS row_id FROM ledger_text WHERE ledger_text MATCH ? AND rowid BETWEEN ? AND ?"
        if not self.seen[1]:
            return text, [match, *self.range]
        is_open, params = _open_source(self.actor, "source.value")
        all_open = (
            "NOT EXISTS (SELECT 1 FROM ledger_row, json_each(ledger_row.sources) AS source"
            f" WHERE ledger_row.id = ledger_text.rowid AND NOT {is_open})"
        )
        found = [f"{{own}} : ({match})", *self.range, match, *self.range, *params]
        return f"{text} UNION {text} AND {all_open}", found

    def _readable(self, key: str) -> _Set:
        """A condition on ``entry``: its cell in this column is there for this person."""
        if not self._may_be_shut(key):
            return "1=1", []
        is_open, params = _open(self.actor, self.ledger.place(key) or 0)
        return f"EXISTS (SELECT 1 FROM ledger_row WHERE ledger_row.id = entry.row_id AND {is_open})", params

    def _may_be_shut(self, key: str) -> bool:
        return bool(self.seen[1]) and self.ledger.columns[self.ledger.place(key) or 0].value.of != OWN

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
        return self._opened(rows)

    def _few(self, sort: str) -> _Set:
        if not self.sets:
            return self._many(sort)
        sql, params = self._cut("SELECT entry.row_id", self.sets[0], self.sets[1:])
        key, key_params = self._shown_key(sort)
        few = f"SELECT {key} AS key, id AS row_id FROM ledger_row WHERE id IN ({sql})"
        return f"SELECT * FROM ({few}) AS entry", [*key_params, *params]

    def _many(self, sort: str) -> _Set:
        start = self._keys(sort)
        if self._may_be_shut(sort):
            key, params = self._shown_key(sort)
            own = "SELECT row_id FROM ledger_sight WHERE unit_id = ? AND row_id BETWEEN ? AND ?"
            keys = f"SELECT {key} AS key, id AS row_id FROM ledger_row WHERE id IN ({own})"
            start = keys, [*params, *self.seen[1], *self.range]
        return self._cut("SELECT entry.key, entry.row_id", start, self.sets)

    def _shown_key(self, sort: str) -> _Set:
        """What a row is sorted by, where it is not found by its keys: '' for a cell that stays shut."""
        at = self.ledger.place(sort) or 0
        is_open, params = _open(self.actor, at) if self._may_be_shut(sort) else ("1=1", [])
        return f"CASE WHEN {is_open} THEN keys ->> '$[{at}]' ELSE '' END", params

    def _opened(self, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
        """Rows as this person reads them: cells from records that are not theirs to see are empty."""
        sources = [json.loads(row["sources"]) for row in rows]
        every = {one for row in sources for one in row if one}
        seen = {*every, None}
        if self.seen[1]:
            scope, params = records_for(self.actor)
            marks = ", ".join("?" * len(every))
            found = self.store.query(
                f"SELECT id FROM record WHERE id IN ({marks}) AND {scope}", [*every, *params]
            )
            seen = {None, *(one["id"] for one in found)}
        return [self._row(row, [one in seen for one in of]) for row, of in zip(rows, sources, strict=True)]

    def _row(self, row: Mapping[str, Any], is_open: Sequence[bool]) -> Row:
        told = zip(json.loads(row["cells"]), is_open, strict=True)
        cells = [_text(cell, self.now) if shown else "" for cell, shown in told]
        return Row(row["id"], row["record_id"], row["case_id"], cells, bool(row["is_void"]))

    def totals(self) -> Mapping[str, str]:
        """The sums by column key."""
        summed = {}
        for column in self.ledger.columns:
            if column.total:
                sql, params = self._cut("SELECT sum(entry.amount) AS n", self._keys(column.key), self.sets)
                readable, more = self._readable(column.key)
                found = self.store.query(f"{sql} AND {readable}", [*params, *more])
                summed[column.key] = as_text(found[0]["n"] or 0)
        return summed

    def choices(self, key: str) -> list[str]:
        """One step through the index for each text, not one for each row."""
        sql, params = self._cut("SELECT entry.key", self._keys(key), self.sets)
        readable, more = self._readable(key)
        sql, params = f"{sql} AND {readable}", [*params, *more]
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
