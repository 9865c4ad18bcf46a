"""What a ledger is once read: a saved view over records, frozen data that never computes.

Made only by `ledger_reading`; office projects records into it. A ledger's `version` is the SHA-256 of its
YAML, so that a changed ledger is built anew.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from andu.formtypes.acts import NUMBERED, SUBMITTED
from andu.formtypes.conditions import Condition

RECORD_WORDS = {
    "number": "the record's number; 已作废 stands behind a voided one",
    "title": "what the record is called in lists",
    "form": "title of its form type",
    "unit": "the unit whose record it is",
    "author": "the clerk who submitted it",
    "signer": "the people who signed it",
    "submitted_at": "when it was first submitted",
    "numbered_at": "when it was numbered",
    "filed_at": "when its paper was filed",
    "state": "where it stands",
    "progress": "how far its case is: 办理中, 已办结; before its number, or voided, where it stands itself",
    "moved_at": "when a paper of its case was last numbered",
    "closed_at": "when its case was closed",
    "closed_by": "what closed its case: form type and number",
    "outcome": "what came of its case, as the paper that closed it says (`case.outcome` of its form type)",
}
"""What a record has beside its answers; a field of the same key comes first."""

CASE_WORDS = ("progress", "moved_at", "closed_at", "closed_by", "outcome")
MOMENTS = ("submitted_at", "numbered_at", "filed_at")
DEADLINE_PARTS = {
    "due": "when it is due",
    "met_at": "when it was met",
    "overdue": "是 while it is overdue, or if it was met too late",
}
OWN, CASE, DEADLINE = "own", "case", "deadline"
PLAIN, MASKED, DAY = "plain", "masked", "day"
SHOWN = (PLAIN, MASKED, DAY)
INCLUDED = (NUMBERED, SUBMITTED)


@dataclass(frozen=True)
class Value:
    """Where a cell comes from: the record itself (`own`), another of its case, or a deadline of its case.

    `form` is the other record's form type; `name` a field, a word of `RECORD_WORDS` or, for a deadline, its
    key; `part` a column of a table, or a part of the deadline. `instead` are fields that stand in, in their
    order, for a record whose form has none of that name.
    """

    of: str
    name: str
    part: str = ""
    form: str = ""
    instead: tuple[str, ...] = ()

    @property
    def looks_at_case(self) -> bool:
        """Whether other records of the case decide it."""
        return self.of != OWN or self.name in CASE_WORDS

    @property
    def is_overdue(self) -> bool:
        """Whether it changes with the clock alone."""
        return self.of == DEADLINE and self.part == "overdue"


def value_of(text: str) -> Value | None:
    """What a `value` names, by its shape alone; None where it has none."""
    first, *instead = (one.strip() for one in text.split("|"))
    if instead:
        plain = all(one and "." not in one for one in (first, *instead))
        return Value(OWN, first, instead=tuple(instead)) if plain else None
    steps = text.split(".")
    if steps[0] == CASE:
        return Value(CASE, steps[2], ".".join(steps[3:]), steps[1]) if len(steps) in (3, 4) else None
    if steps[0] == DEADLINE:
        fits = len(steps) == 3 and steps[2] in DEADLINE_PARTS
        return Value(DEADLINE, steps[1], steps[2]) if fits else None
    return Value(OWN, steps[0], ".".join(steps[1:])) if len(steps) <= 2 else None


@dataclass(frozen=True)
class Column:
    """One column. `width` is what it wishes on paper, `max` the characters a cell shows at most.

    On paper it stands in the cell of the column `under` names, '' for a cell of its own.
    """

    key: str
    label: str
    value: Value
    width: int = 8
    max: int = 60
    show: str = PLAIN
    filter: bool = False
    total: bool = False
    under: str = ""


@dataclass(frozen=True)
class Ledger:
    """One ledger over the records of `forms`. `sort` is the key of a column. The units `seen_by` (codes) see
    all its rows, whatever else of those records they may see.
    """

    slug: str
    title: str
    group: str
    order: int
    description: str
    forms: tuple[str, ...]
    include: str
    where: Condition | None
    period: Value
    columns: tuple[Column, ...]
    sort: str
    descending: bool
    seen_by: tuple[str, ...]
    version: str
    source: str

    @property
    def looks_at_case(self) -> bool:
        """Whether another record of a case can change one of its rows."""
        return any(column.value.looks_at_case for column in self.columns)

    @property
    def named_forms(self) -> tuple[str, ...]:
        """Every form type its rows are made from."""
        others = (column.value.form for column in self.columns if column.value.form)
        return tuple(dict.fromkeys((*self.forms, *others)))

    def place(self, key: str) -> int | None:
        """Which column, from 0, has this key."""
        return next((at for at, column in enumerate(self.columns) if column.key == key), None)


class Ledgers:
    """The ledgers of an office by slug, group by group."""

    def __init__(self, found: Iterable[Ledger] = ()) -> None:
        in_order = sorted(found, key=lambda one: (one.order, one.slug))
        groups = list(dict.fromkeys(one.group for one in in_order))
        in_order.sort(key=lambda one: groups.index(one.group))
        self._by_slug = {one.slug: one for one in in_order}

    def get(self, slug: str) -> Ledger | None:
        """The ledger of this slug, or None."""
        return self._by_slug.get(slug)

    def over(self, form: str) -> list[Ledger]:
        """The ledgers whose rows are records of this form type."""
        return [ledger for ledger in self if form in ledger.forms]

    def __iter__(self) -> Iterator[Ledger]:
        return iter(self._by_slug.values())

    def __len__(self) -> int:
        return len(self._by_slug)
