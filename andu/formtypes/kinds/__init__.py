"""The closed list of field kinds: YAML names them, `KINDS` holds them, and everything else asks only that.

A new kind is one class in this package and one line here.
"""

from typing import Final

from andu.formtypes.kinds.base import Kind, Start
from andu.formtypes.kinds.choosing import ChoiceKind, ChoicesKind, YesNoKind
from andu.formtypes.kinds.earlier import AttachmentsKind, ReferenceKind
from andu.formtypes.kinds.identity import IdNumberKind, PhoneKind
from andu.formtypes.kinds.ledger import LedgerKind
from andu.formtypes.kinds.moments import DateKind, DateTimeKind
from andu.formtypes.kinds.number import NumberKind
from andu.formtypes.kinds.period import PeriodKind
from andu.formtypes.kinds.table import TableKind
from andu.formtypes.kinds.text import LongTextKind, TextKind
from andu.formtypes.kinds.who import PersonKind, UnitKind

__all__ = [
    "DATED", "KINDS", "Kind", "NUMBERS", "PEOPLE", "PERIODS", "PROSE", "RECORDS", "Start", "TABLES", "TEXTS",
    "TICKS", "UNITS", "WORDS",
]  # fmt: skip

_ALL: tuple[Kind, ...] = (
    TextKind(),
    LongTextKind(),
    NumberKind(),
    DateKind(),
    DateTimeKind(),
    PeriodKind(),
    ChoiceKind(),
    ChoicesKind(),
    YesNoKind(),
    PersonKind(),
    UnitKind(),
    PhoneKind(),
    IdNumberKind(),
    AttachmentsKind(),
    ReferenceKind(),
    LedgerKind(),
)
_IN_TABLES: Final[dict[str, Kind]] = {kind.name: kind for kind in _ALL if kind.in_table}

KINDS: Final[dict[str, Kind]] = {kind.name: kind for kind in (*_ALL, TableKind(lambda: _IN_TABLES))}


def _those(of: str) -> tuple[str, ...]:
    """The names of the kinds that say so of themselves."""
    return tuple(name for name, kind in KINDS.items() if getattr(kind, of))


# Of which kinds a field must be where a form type names one: asked of the kinds, listed nowhere else.
DATED: Final = _those("is_dated")
NUMBERS: Final = _those("adds_up")
PEOPLE: Final = _those("names_person")
PERIODS: Final = _those("names_period")
PROSE: Final = _those("is_prose")
RECORDS: Final = _those("names_record")
TABLES: Final = _those("holds_rows")
TEXTS: Final = _those("is_plain_text")
TICKS: Final = _those("is_yes_or_no")
UNITS: Final = _those("names_unit")
WORDS: Final = _those("is_one_word")
