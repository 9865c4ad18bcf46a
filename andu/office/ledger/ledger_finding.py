"""Finding the rows of a ledger that fit what a person asked and may see, as SQL over what is kept of them.

Used by ``ledgers`` alone, which hands out what is found. Which rows a reader sees is the one condition of
``scope``, in what is counted, found, chosen from and added up too; and what a cell takes from another record
of the case stands there only for whoever may see that record.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from andu.clock import stamp
from andu.formtypes.beside.ledger_pages import as_text
from andu.formtypes.beside.ledgers import OWN, Ledger
from andu.office import access, conflicts
from andu.office.ledger.ledger_words import filter_key, query
from andu.office.office import Office
from andu.office.scope import records_for, unit_seeing
from andu.security import units
from andu.security.accounts import Account
from andu.store import verbs

MOST_CHOICES = 100
MOST = 10_000
"""So many rows are counted, turned by pages and added up; of more one chooses, by month or text."""
FEW = 200
"""So many rows are sorted when found."""
ROOM, PLACES = 1_000_000_000, 1000
"""Rows have numbers of their own range in each ledger, and columns places of their own."""
Sql = tuple[str, list[Any]]
"""A piece of SQL with its parameters."""
Scope = tuple[str, list[str]]
_TEXT = "ledger_text"
_NONE: Sql = ("SELECT id AS row_id FROM ledger_row WHERE 1 = 0", [])


@dataclass(frozen=True)
class Asked:
    """What to show: ``text`` in a row, ``chosen`` texts by column key, ``month`` as 2026-11; sorted."""

    text: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    month: str = ""
    sort: str = ""
    descending: bool | None = None


@dataclass(frozen=True)
class FoundRow:
    """One line: the record it is about, its texts by column, and whether its number is voided.

    ``is_open``: this person may look at the record as well.
    """

    id: int
    record_id: str
    case_id: str | None
    cells: Sequence[str]
    is_void: bool
    is_open: bool = True


class Found:
    """The rows that fit what a person asked and may see: sets of row numbers, cut.

    Few rows are sorted when found; many are walked in the order of their keys until the page is full.
    """

    def __init__(self, office: Office, actor: Account, ledger: Ledger, asked: Asked, number: int) -> None:
        self.store, self.ledger, self.actor = office.store, ledger, actor
        self.first_place, self.range = number * PLACES, [number * ROOM, number * ROOM + ROOM - 1]
        self.now = stamp(office.clock.now())
        self.scope: Scope = records_for(office, actor)
        self.row_scope = rows_for(office, actor, ledger)
        unit_id = unit_seeing(actor)
        # a value, which SQLite asks for row by row, where a join would be turned round
        sight = "(SELECT 1 FROM ledger_sight WHERE unit_id = ? AND row_id = entry.row_id) IS NOT NULL"
        self.seen: Sql = ("1=1", []) if unit_id is None else (sight, [unit_id])
        self.shut = shut_rows(office, actor)
        self.sets = [*self._narrowed(asked)]

    def _narrowed(self, asked: Asked) -> Iterator[Sql]:
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

    def _saying(self, match: str) -> Sql:
        """The rows that say it: what was taken from another record counts where all such may be seen."""
        row = verbs.word_row(_TEXT)
        text = (
            f"SELECT {row} AS row_id FROM ledger_text WHERE {verbs.saying(_TEXT)} AND {row} BETWEEN ? AND ?"
        )
        if not (self.seen[1] or self.shut[1]):
            return text, [match, *self.range]
        is_open, params = _source_open(self.actor, "source.value", self.scope)
        all_open = (
            f"NOT EXISTS (SELECT 1 FROM ledger_row, {verbs.elements('ledger_row.sources', 'source')}"
            f" WHERE ledger_row.id = {row} AND NOT {is_open})"
        )
        found = [verbs.within("own", match), *self.range, match, *self.range, *params]
        return f"{text} UNION {text} AND {all_open}", found

    def _readable(self, key: str) -> Sql:
        """A condition on ``entry``: its cell in this column is there for this person."""
        if not self._may_be_shut(key):
            return "1=1", []
        is_open, params = cell_open(self.actor, self.ledger.place(key) or 0, self.scope)
        return f"EXISTS (SELECT 1 FROM ledger_row WHERE ledger_row.id = entry.row_id AND {is_open})", params

    def _may_be_shut(self, key: str) -> bool:
        column = self.ledger.columns[self.ledger.place(key) or 0]
        return bool(self.seen[1] or self.shut[1]) and column.value.of != OWN

    def _place(self, key: str) -> int:
        return self.first_place + (self.ledger.place(key) or 0)

    @cached_property
    def total(self) -> int:
        """How many rows there are; counted up to one more than ``MOST``."""
        if self.sets:
            start, rest = self.sets[0], self.sets[1:]
        elif self.seen[1] and not self.shut[1]:
            seen = "SELECT row_id FROM ledger_sight WHERE unit_id = ? AND row_id BETWEEN ? AND ?"
            return self._counted(seen, [*self.seen[1], *self.range])
        else:
            start, rest = self._keys(self.ledger.columns[0].key), []
        return self._counted(*self._cut("SELECT 1", start, rest))

    def _counted(self, sql: str, params: list[Any]) -> int:
        counting = f"SELECT count(*) AS n FROM ({sql} LIMIT ?) AS fitting"
        return int(self.store.query(counting, [*params, MOST + 1])[0]["n"])

    def _keys(self, key: str) -> Sql:
        return "SELECT key, row_id, amount FROM ledger_key WHERE place = ?", [self._place(key)]

    def _cut(self, what: str, start: Sql, others: Sequence[Sql]) -> Sql:
        """Something of what is in all of these and may be seen; ``start`` is gone through, others asked."""
        named = [(f"set{at}", sql, params) for at, (sql, params) in enumerate(others)]
        known = ", ".join(f"{name} AS MATERIALIZED ({sql})" for name, sql, _params in named)
        inside = [f"entry.row_id IN (SELECT row_id FROM {name})" for name, _sql, _params in named]
        where = " AND ".join([self.seen[0], self.shut[0], *inside])
        params = [param for _name, _sql, more in named for param in more]
        with_sets = f"WITH {known} " if known else ""
        return f"{with_sets}{what} FROM ({start[0]}) AS entry WHERE {where}", [
            *params,
            *start[1],
            *self.seen[1],
            *self.shut[1],
        ]

    def rows(self, sort: str, descending: bool, limit: int, offset: int = 0) -> list[FoundRow]:
        """So many rows in order; each looked at once more, whether this person may see it."""
        way = "DESC" if descending else "ASC"
        found, params = self._few(sort) if self.total <= FEW else self._many(sort)
        (scope, scope_params), (row_scope, row_params) = self.scope, self.row_scope
        rows = self.store.query(
            f"SELECT ledger_row.*, record.case_id, ({scope}) AS is_open FROM ("
            f"{found} ORDER BY entry.key {way}, entry.row_id {way} LIMIT ? OFFSET ?) AS entry"
            " JOIN ledger_row ON ledger_row.id = entry.row_id"
            f" JOIN record ON record.id = ledger_row.record_id WHERE {row_scope}"
            f" ORDER BY entry.key {way}, entry.row_id {way}",
            [*scope_params, *params, limit, offset, *row_params],
        )
        return self._opened(rows)

    def _few(self, sort: str) -> Sql:
        if not self.sets:
            return self._many(sort)
        sql, params = self._cut("SELECT entry.row_id", self.sets[0], self.sets[1:])
        key, key_params = self._shown_key(sort)
        few = f"SELECT {key} AS key, id AS row_id FROM ledger_row WHERE id IN ({sql})"
        return f"SELECT * FROM ({few}) AS entry", [*key_params, *params]

    def _many(self, sort: str) -> Sql:
        start = self._keys(sort)
        if self.seen[1] and self._may_be_shut(sort):
            key, params = self._shown_key(sort)
            own = "SELECT row_id FROM ledger_sight WHERE unit_id = ? AND row_id BETWEEN ? AND ?"
            keys = f"SELECT {key} AS key, id AS row_id FROM ledger_row WHERE id IN ({own})"
            start = keys, [*params, *self.seen[1], *self.range]
        return self._cut("SELECT entry.key, entry.row_id", start, self.sets)

    def _shown_key(self, sort: str) -> Sql:
        """What a row is sorted by, where it is not found by its keys: '' for a cell that stays shut."""
        at = self.ledger.place(sort) or 0
        is_open, params = cell_open(self.actor, at, self.scope) if self._may_be_shut(sort) else ("1=1", [])
        return f"CASE WHEN {is_open} THEN {verbs.element('keys', at)} ELSE '' END", params

    def _opened(self, rows: Sequence[Mapping[str, Any]]) -> list[FoundRow]:
        """Rows as this person reads them: cells from records that are not theirs to see are empty."""
        sources = [json.loads(row["sources"]) for row in rows]
        every = {one for row in sources for one in row if one}
        seen = {*every, None}
        if self.seen[1] or self.shut[1]:
            scope, params = self.scope
            marks = ", ".join("?" * len(every))
            found = self.store.query(
                f"SELECT id FROM record WHERE id IN ({marks}) AND {scope}", [*every, *params]
            )
            seen = {None, *(one["id"] for one in found)}
        return [self._row(row, [one in seen for one in of]) for row, of in zip(rows, sources, strict=True)]

    def _row(self, row: Mapping[str, Any], is_open: Sequence[bool]) -> FoundRow:
        told = zip(json.loads(row["cells"]), is_open, strict=True)
        cells = [text_now(cell, self.now) if shown else "" for cell, shown in told]
        case_id = row["case_id"] if row["is_open"] else None
        return FoundRow(
            row["id"], row["record_id"], case_id, cells, bool(row["is_void"]), bool(row["is_open"])
        )

    def totals(self) -> Mapping[str, str]:
        """The sums by column key; none of more rows than are counted."""
        summed = {}
        for column in self.ledger.columns if self.total <= MOST else ():
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


def rows_for(office: Office, actor: Account, ledger: Ledger) -> Scope:
    """A condition on ``record``: this person sees its row, with the record or since the ledger says so."""
    units_seeing = {units.now(office.store, one) for one in ledger.seen_by}
    return (
        access.condition(office, actor) if unit_seeing(actor) in units_seeing else records_for(office, actor)
    )


def shut_rows(office: Office, actor: Account) -> Sql:
    """A condition on ``entry``: its row is not about what is shut to this person (``conflicts``)."""
    shut = conflicts.shut_records(office, actor)
    if shut is None:
        return "1=1", []
    joined = "record JOIN ledger_row ON ledger_row.record_id = record.id"
    rows = f"SELECT ledger_row.id FROM {joined} WHERE {shut[0]}"
    return f"entry.row_id NOT IN ({rows})", [*shut[1]]


def cell_open(actor: Account, place: int, scope: Scope) -> Sql:
    """A condition on ``ledger_row``: this person may see the record that the cell at this place is from."""
    return _source_open(actor, verbs.element("ledger_row.sources", place), scope)


def _source_open(actor: Account, source: str, scope: Scope) -> Sql:
    if unit_seeing(actor) is None and not scope[1]:
        return "1=1", []
    seen = f"SELECT 1 FROM record WHERE record.id = {source} AND {scope[0]}"
    return f"({source} IS NULL OR EXISTS ({seen}))", [*scope[1]]


def text_now(cell: Any, now: str) -> str:
    """What a cell shows now: its text, or whether a deadline (due, met) is overdue."""
    if isinstance(cell, str):
        return cell
    due, met_at = cell
    return "是" if (met_at or now) > due else ""
