"""What the figures count, once read: sheets of numbers and charts over ledgers; data that never computes.

Made only by `figure_reading`; office counts what they name.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

BAR, LINE, TIMELINESS, UNITS = "bar", "line", "timeliness", "units"
KINDS = (BAR, LINE, TIMELINESS, UNITS)
MOST_NUMBERS, MOST_CHARTS = 6, 7
"""So many fit on the two sheets a print has."""


@dataclass(frozen=True)
class Number:
    """A number at the top: rows of `ledger`, of these those where the column `filled` is not empty; or
    deadlines of the key `deadline`, or the return `returns`, that were in time; or, with `overdue`, all that
    are open and late.
    """

    label: str
    ledger: str = ""
    filled: str = ""
    deadline: str = ""
    returns: str = ""
    overdue: bool = False


@dataclass(frozen=True)
class UnitColumn:
    """A column of a table of units: rows of `ledger` whose column `by` names it; or deadlines of the key
    `deadline`, or the return `returns`, of the unit that were in time, of those that ended.
    """

    label: str
    ledger: str = ""
    by: str = ""
    deadline: str = ""
    returns: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart: rows of `ledger` by the texts of the column `by` (bar) or by week (line); or how the units
    kept their deadlines (timeliness); or a table with a line for each unit (units). `empty` is what an empty
    cell is called.
    """

    label: str
    kind: str
    ledger: str = ""
    by: str = ""
    empty: str = ""
    columns: tuple[UnitColumn, ...] = ()


@dataclass(frozen=True)
class FigureSheet:
    """Figures that belong together, on one page of the screen and two sheets of paper."""

    slug: str
    title: str
    order: int
    description: str
    numbers: tuple[Number, ...]
    charts: tuple[Chart, ...]


class Figures:
    """The sheets of an office, in their order."""

    def __init__(self, found: Iterable[FigureSheet] = ()) -> None:
        self._sheets = sorted(found, key=lambda one: (one.order, one.slug))

    def get(self, slug: str) -> FigureSheet | None:
        """The sheet of this slug, or None."""
        return next((one for one in self._sheets if one.slug == slug), None)

    def __iter__(self) -> Iterator[FigureSheet]:
        return iter(self._sheets)

    def __len__(self) -> int:
        return len(self._sheets)
