"""How a ledger will look, with made-up records: nobody who sets one need be allowed to see real ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from andu.clock import stamp
from andu.formtypes.beside.ledgers import CASE, DEADLINE, Ledger, Value
from andu.formtypes.conditions import is_filled
from andu.formtypes.definition import FormType
from andu.formtypes.directory import NoDirectory
from andu.formtypes.filling import samples
from andu.office.books import ledger_cells
from andu.office.books.ledger_cells import Cell, moment
from andu.office.office import Office

MOST_FORMS = 3
"""So many form types are shown, each with a usual record and one with the longest answers."""


def rows(office: Office, ledger: Ledger) -> list[list[str]]:
    """The cells of some rows."""
    found = []
    for slug in ledger.forms[:MOST_FORMS]:
        form_type = office.catalogue.get(slug)
        for worst in (False, True) if form_type else ():
            record = _MadeUp(office, form_type, worst)  # type: ignore[arg-type]
            found.append([ledger_cells.shown(one, record.found(one.value)).text for one in ledger.columns])
    return found


@dataclass(frozen=True)
class _MadeUp:
    """A record that nobody wrote."""

    office: Office
    form_type: FormType
    worst: bool

    @cached_property
    def _answers(self) -> Mapping[str, Any]:
        return samples.sample(self.form_type, NoDirectory(), worst=self.worst)

    def found(self, value: Value) -> Cell:
        """What stands in a column."""
        if value.of == CASE:
            other = self.office.catalogue.get(value.form)
            return _MadeUp(self.office, other, self.worst)._cell(value.name, value.part) if other else Cell()
        if value.of == DEADLINE:
            return Cell("否" if value.is_overdue else moment(stamp(self.office.clock.now())))
        keys = {one.key for one in self.form_type.fields}
        name = next((one for one in (value.name, *value.instead) if one in keys), value.name)
        return self._cell(name, value.part)

    def _cell(self, name: str, part: str) -> Cell:
        known = next((one for one in self.form_type.fields if one.key == name), None)
        if known is None:
            return Cell("" if part else self._word(name))
        value = self._answers.get(name)
        if known.confidential or not is_filled(value):
            return Cell()
        directory = NoDirectory()
        if part:
            return ledger_cells.of_column(known, part, value, directory)
        return ledger_cells.of(known, value, directory)

    def _word(self, name: str) -> str:
        series = self.office.config.series.get(self.form_type.series)
        now = self.office.clock.now()
        words = {
            "number": series.number(now.year, 1) if series else "",
            "title": self.form_type.title,
            "form": self.form_type.title,
            "unit": "示例一村",
            "author": "张三",
            "signer": "李四",
            "state": ledger_cells.state_words()["filed"],
            "progress": "办理中",
            "closed_at": "",
            "closed_by": "",
            "outcome": "",
        }
        return words[name] if name in words else moment(stamp(now))
