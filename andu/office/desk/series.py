"""Series as an office looks at them: the numbers of a year, page by page, and whether none is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from andu.office.books.register import SELECT, Entry, entry_of
from andu.office.errors import NotAllowed, NotFound
from andu.office.issue import numbering
from andu.office.office import Office
from andu.office.scope import records_for
from andu.security.accounts import Account
from andu.security.permissions import may

PAGE = 200
WHOLE = 20_000
"""So many numbers of one year are counted whenever somebody looks; beyond, those of the page."""
MOST_NAMED = 100


@dataclass(frozen=True)
class SeriesPage:
    """The numbers ``first`` to ``until`` of a series in one year, of ``last`` altogether; pages count from 1.

    ``missing`` are numbers without a row and without a reason: of the whole year where ``is_whole``, else of
    this page. ``locked`` says why it gives no number now.
    """

    key: str
    label: str
    year: int
    entries: list[Entry]
    gaps: list[Mapping[str, Any]]
    missing: list[int]
    first: int
    until: int
    last: int
    number: int
    is_whole: bool
    locked: str | None = None

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.last // PAGE))


def series_years(office: Office) -> list[tuple[str, str, int, int]]:
    """``(key, label, year, last number)`` of every series opened so far, newest year first."""
    known = office.config.series
    return [
        (key, known[key].label if key in known else key, year, numbering.counter(office, key, year))
        for key, year in sorted(numbering.opened(office), key=lambda one: (-one[1], one[0]))
    ]


def series_page(office: Office, actor: Account, key: str, year: int, number: int = 0) -> SeriesPage:
    """One page of the numbers of a series and year in order, with voids, explained gaps, and what is missing.

    The last page where none is asked for. Shows whole series, so it asks for ``see_all``, and leaves out only
    what is shut to this person. Raises ``NotAllowed``, ``NotFound``.
    """
    if not (may(actor, "see_register") and may(actor, "see_all")):
        raise NotAllowed(_("号段连续性由办公室查看；您可以在登记簿中查看本单位的文书。"))
    if key not in office.config.series or not 2000 <= year <= 2999:
        raise NotFound(key)
    last = max(numbering.counter(office, key, year), _highest(office, key, year))
    pages = max(1, -(-last // PAGE))
    number = number if 0 < number <= pages else pages
    first, until = (number - 1) * PAGE + 1, min(number * PAGE, last)
    gaps = office.store.rows_where("gap", "series = ? AND year = ?", [key, year], order_by="first")
    is_whole = last <= WHOLE
    return SeriesPage(
        key=key,
        label=office.config.series[key].label,
        year=year,
        entries=_entries(office, actor, key, year, first, until),
        gaps=list(gaps),
        missing=_missing(office, key, year, *((1, last) if is_whole else (first, until)), gaps),
        first=first,
        until=until,
        last=last,
        number=number,
        is_whole=is_whole,
        locked=numbering.why_locked(office, key) if year == numbering.this_year(office) else None,
    )


_IN_IT = "register.series = ? AND register.year = ? AND register.seq BETWEEN ? AND ?"


def _highest(office: Office, key: str, year: int) -> int:
    rows = office.store.query(
        "SELECT max(seq) AS seq FROM register WHERE series = ? AND year = ?", [key, year]
    )
    return int(rows[0]["seq"] or 0)


def _entries(office: Office, actor: Account, key: str, year: int, first: int, until: int) -> list[Entry]:
    scope, params = records_for(office, actor)
    sql = f"{SELECT} WHERE {_IN_IT} AND {scope} ORDER BY register.seq"
    return [entry_of(row) for row in office.store.query(sql, [key, year, first, until, *params])]


def _missing(
    office: Office, key: str, year: int, first: int, until: int, gaps: Sequence[Mapping[str, Any]]
) -> list[int]:
    """The numbers of this span that neither stand in the register nor in an explained gap; at most 100."""
    explained = {n for gap in gaps for n in range(max(first, gap["first"]), min(until, gap["last"]) + 1)}
    where = [key, year, first, until]
    if office.store.count("register", _IN_IT, where) + len(explained) == until - first + 1:
        return []
    there = {row["seq"] for row in office.store.query(f"SELECT seq FROM register WHERE {_IN_IT}", where)}
    return [n for n in range(first, until + 1) if n not in there | explained][:MOST_NAMED]
