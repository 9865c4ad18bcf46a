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

__all__ = ["DATED", "KINDS", "Kind", "Start"]

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
DATED: Final[tuple[str, ...]] = tuple(name for name, kind in KINDS.items() if kind.is_dated)
