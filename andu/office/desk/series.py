"""Series as an office looks at them: every number of a year in order, and whether none is missing."""

from __future__ import annotations

from collections.abc import Mapping
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


@dataclass(frozen=True)
class SeriesPage:
    """All numbers of a series in one year. ``missing`` are numbers without a row and without a reason;
    ``locked`` says why it gives no number now.
    """

    key: str
    label: str
    year: int
    entries: list[Entry]
    gaps: list[Mapping[str, Any]]
    missing: list[int]
    last: int
    locked: str | None = None


def series_years(office: Office) -> list[tuple[str, str, int, int]]:
    """``(key, label, year, last number)`` of every series opened so far, newest year first."""
    known = office.config.series
    return [
        (key, known[key].label if key in known else key, year, numbering.counter(office, key, year))
        for key, year in sorted(numbering.opened(office), key=lambda one: (-one[1], one[0]))
    ]


def series_page(office: Office, actor: Account, key: str, year: int) -> SeriesPage:
    """All numbers of a series and year in order, with voids, explained gaps, and what is missing.

    Shows whole series, so it asks for ``see_all``, and leaves out only what is shut to this person. Raises
    ``NotAllowed``, ``NotFound``.
    """
    if not (may(actor, "see_register") and may(actor, "see_all")):
        raise NotAllowed(_("号段连续性由办公室查看；您可以在登记簿中查看本单位的文书。"))
    if key not in office.config.series or not 2000 <= year <= 2999:
        raise NotFound(key)
    in_it = "WHERE register.series = ? AND register.year = ?"
    numbers = office.store.query(f"SELECT seq FROM register {in_it}", [key, year])
    scope, params = records_for(office, actor)
    rows = office.store.query(f"{SELECT} {in_it} AND {scope} ORDER BY register.seq", [key, year, *params])
    gaps = office.store.rows_where("gap", "series = ? AND year = ?", [key, year], order_by="first")
    last = numbering.counter(office, key, year)
    explained = {n for gap in gaps for n in range(gap["first"], gap["last"] + 1)}
    there = {row["seq"] for row in numbers} | explained
    missing = [n for n in range(1, last + 1) if n not in there]
    label = office.config.series[key].label
    locked = numbering.why_locked(office, key) if year == numbering.this_year(office) else None
    return SeriesPage(key, label, year, [entry_of(row) for row in rows], list(gaps), missing, last, locked)
