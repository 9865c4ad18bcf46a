"""Rows of ledgers counted by day for the figures. Owns ``ledger_counted``; triggers keep ``ledger_count``.

``ledger_counted`` says what is counted: the rows, and the columns that sheets of figures name; it is begun
anew with the ledger and when the sheets change (``ledger_keeping``). ``ledgers`` reads here what it would
else count row by row. A unit's counts have no cells taken from other records: it may not see those.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from andu.formtypes.beside.ledgers import OWN, Ledger
from andu.office.office import Office
from andu.office.scope import counts_for
from andu.security.accounts import Account

ROWS = -1
_ALL = (
    "SELECT ledger, at, '' AS seen_by, day, text, count(*) AS n"
    " FROM ledger_told WHERE ledger = ? GROUP BY 1, 2, 4, 5"
)
_OF_UNITS = (
    "SELECT ledger, at, sight.unit_id, day, text, count(*) AS n"
    " FROM ledger_told CROSS JOIN ledger_sight AS sight WHERE sight.row_id = ledger_told.row_id"
    " AND sight.unit_id IN (SELECT id FROM unit) AND ledger = ? AND source IS NULL GROUP BY 1, 2, 3, 4, 5"
)


def by_day(office: Office, actor: Account, ledger: Ledger, since: date, until: date) -> dict[str, int] | None:
    """How many rows fall on each day; None where that is not kept for this reader."""
    return _kept(office, actor, ledger, ROWS, "day", since, until)


def by_text(
    office: Office, actor: Account, ledger: Ledger, place: int, since: date, until: date
) -> dict[str, int] | None:
    """How many rows have each text in a column; None where that is not kept for this reader."""
    if not _wanted(office, ledger).get(place):
        return None
    return _kept(office, actor, ledger, place, "text", since, until)


def filled(
    office: Office, actor: Account, ledger: Ledger, place: int, since: date, until: date
) -> int | None:
    """How many rows say something in a column; None where that is not kept for this reader."""
    counts = _kept(office, actor, ledger, place, "text", since, until)
    return None if counts is None else sum(n for text, n in counts.items() if text)


def is_current(office: Office, ledger: Ledger) -> bool:
    """Whether just that is counted what the sheets of figures ask for."""
    rows = office.store.rows_where("ledger_counted", "ledger = ?", [ledger.slug])
    return {row["at"]: bool(row["whole"]) for row in rows} == _wanted(office, ledger)


def recount(office: Office, ledger: Ledger) -> None:
    """Count the rows there are, for the sheets there are. Within the caller's transaction."""
    forget(office, ledger.slug)
    for at, whole in _wanted(office, ledger).items():
        office.store.execute(
            "INSERT INTO ledger_counted (ledger, at, whole) VALUES (?, ?, ?)", [ledger.slug, at, int(whole)]
        )
    for counted in (_ALL, _OF_UNITS):
        office.store.execute(f"INSERT INTO ledger_count {counted}", [ledger.slug])


def forget(office: Office, slug: str) -> None:
    """Count nothing of this ledger from now on. Within the caller's transaction."""
    for table in ("ledger_counted", "ledger_count"):
        office.store.execute(f"DELETE FROM {table} WHERE ledger = ?", [slug])


def wrong_days(office: Office, ledger: Ledger) -> list[str]:
    """The days of which something else is kept than the rows say; reads all of them."""
    due, params = f"{_ALL} UNION ALL {_OF_UNITS}", [ledger.slug] * 2
    kept = "SELECT * FROM ledger_count WHERE ledger = ? AND n <> 0"
    rows = office.store.query(
        f"SELECT day FROM (SELECT * FROM ({due}) AS a EXCEPT {kept}) AS missing"
        f" UNION SELECT day FROM ({kept} EXCEPT SELECT * FROM ({due}) AS b) AS extra ORDER BY day",
        [*params, ledger.slug, ledger.slug, *params],
    )
    return [row["day"] for row in rows]


def _wanted(office: Office, ledger: Ledger) -> Mapping[int, bool]:
    """What the sheets count of this ledger: by place, and whether by the whole text."""
    wanted: dict[int, bool] = {}
    for sheet in office.figures:
        named = [(one.ledger, one.filled, False) for one in sheet.numbers]
        named += [(chart.ledger, chart.by, True) for chart in sheet.charts]
        named += [(one.ledger, one.by, True) for chart in sheet.charts for one in chart.columns]
        for slug, column, whole in named:
            if slug == ledger.slug:
                place = ledger.place(column)
                wanted[ROWS] = True
                if place is not None and not ledger.columns[place].value.is_overdue:
                    wanted[place] = whole or wanted.get(place, False)
    return wanted


def _kept(
    office: Office, actor: Account, ledger: Ledger, place: int, by: str, since: date, until: date
) -> dict[str, int] | None:
    seen_by = counts_for(office, actor)
    is_own = place == ROWS or ledger.columns[place].value.of == OWN
    if seen_by is None or (seen_by and not is_own):
        return None
    known = "SELECT 1 AS is_kept FROM ledger_counted WHERE ledger = ? AND at = ?"
    if not office.store.query(known, [ledger.slug, place]):
        return None
    rows = office.store.query(
        f"SELECT {by} AS what, sum(n) AS n FROM ledger_count"
        " WHERE ledger = ? AND at = ? AND seen_by = ? AND day BETWEEN ? AND ? GROUP BY 1 HAVING sum(n) <> 0"
        " ORDER BY 1",
        [ledger.slug, place, seen_by, since.isoformat(), until.isoformat()],
    )
    return {row["what"]: row["n"] for row in rows}
