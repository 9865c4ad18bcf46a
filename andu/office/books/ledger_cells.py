"""What stands in the cells of one row of a ledger: a record, its case and its deadlines as short texts.

Called by ``ledger_keeping``, and its parts for made-up rows by ``shelf``. Guarantees: only open answers of
the record's own edition are looked at, so nothing confidential can come into a cell; another record of the
case counts once it has its number. A cell says which other record it was taken from, so that only whoever may
see that one reads it (``ledgers``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from andu.clock import OFFICE_ZONE, parse_stamp
from andu.formtypes.beside.ledger_pages import as_text
from andu.formtypes.beside.ledgers import (
    CASE,
    CASE_WORDS,
    DAY,
    DEADLINE,
    MASKED,
    SUBMITTED,
    Column,
    Ledger,
    Value,
)
from andu.formtypes.conditions import holds, is_filled
from andu.formtypes.definition import Field, FormType
from andu.formtypes.directory import Directory
from andu.formtypes.kinds import KINDS
from andu.formtypes.language.readers import KEY
from andu.office import cases, events, records
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from andu.office.timing import deadlines
from andu.security import units

GIVEN = ("numbered", "filed")
_NAME = re.compile(r"[^、；，\s]+")


@dataclass(frozen=True)
class Cell:
    """A text, the number behind it if it is one, and, for what changes with the clock, the moments.

    ``source`` is the other record of the case that it was taken from; '' for the record's own.
    """

    text: str = ""
    amount: float | None = None
    moments: tuple[str, str | None] | None = None
    source: str = ""


class LedgerDirectory(OfficeDirectory):
    """Names as ledgers show them: a unit that was merged stands under the name of the one it is today."""

    def unit_label(self, unit_id: str) -> str:
        """The name of the unit it is today."""
        return super().unit_label(units.now(self._office.store, unit_id))


@dataclass
class Lookups:
    """What is looked up again and again while cells are made: directories by author, form types."""

    office: Office
    _directories: dict[str, OfficeDirectory] = field(default_factory=dict)

    def directory(self, author_id: str) -> OfficeDirectory:
        """What the author of a record may see: the faces of answers are the same as on its paper."""
        if author_id not in self._directories:
            author = records.author(self.office, author_id)
            self._directories[author_id] = LedgerDirectory(self.office, author)
        return self._directories[author_id]


class RecordInBooks:
    """A record with its answers, signers' ones too, and its line in the register if it has one."""

    def __init__(self, desk: Lookups, record: Record) -> None:
        self._office = office = desk.office
        self.record = record
        self.form_type: FormType = records.form_type_of(office, record)
        self.directory = desk.directory(record.author_id)
        self.answers: dict[str, Any] = dict(record.values)
        if any(slot.fields for slot in self.form_type.signatures.slots):
            for one in events.signatures(events.of(office, record.id)):
                self.answers |= one.answers if one.voided is None else {}
        found = office.store.rows_where("register", "record_id = ?", [record.id])
        self.entry: Mapping[str, Any] = found[0] if found else {}

    def cell(self, name: str, part: str) -> Cell:
        """What an answer or a word of the record says."""
        known = next((one for one in self.form_type.fields if one.key == name), None)
        if known is None and name == "outcome" and not part:
            return self._outcome()
        if known is None:
            return Cell("" if part else self._word(name))
        value = self.answers.get(name)
        if known.confidential or not is_filled(value):
            return Cell()
        return of_column(known, part, value, self.directory) if part else of(known, value, self.directory)

    def _word(self, name: str) -> str:
        record, entry = self.record, self.entry
        if name == "number":
            number = entry.get("number", "")
            return f"{number}（已作废）" if record.state == "voided" else number
        if name == "progress":
            return self._progress()
        if name == "moved_at":
            return self._moved_at()
        if name in CASE_WORDS:
            return self._closed(name)
        plain = {
            "title": record.title,
            "form": self.form_type.title,
            "unit": self.directory.unit_label(record.unit_id),
            "author": self.directory.person_label(record.author_id),
            "signer": entry.get("signer", ""),
            "state": state_words().get(record.state, ""),
        }
        moments = {"submitted_at": record.created_at, **entry}
        return plain[name] if name in plain else moment(moments.get(name) or "")

    def _outcome(self) -> Cell:
        """What came of the record's case, by the paper that closed it; empty while it is open."""
        closed = cases.closing(self._office, self.record.case_id) if self.record.case_id else None
        if closed is None:
            return Cell()
        last = records.find(self._office, closed.record_id)
        said = records.form_type_of(self._office, last).case.outcome
        answers = events.answers(self._office, last.id, last.values)
        text = str(answers.get(said) or "") if KEY.fullmatch(said) else said
        source = "" if last.id == self.record.id else last.id
        return Cell(text, source=source)

    def _progress(self) -> str:
        """How far its case is, in one word, whatever papers there are in it."""
        if self.record.state not in cases.HAS_NUMBER:
            return state_words().get(self.record.state, "")
        return "已办结" if self._closed("closed_at") else "办理中"

    def _moved_at(self) -> str:
        """When a paper of its case was last numbered."""
        found = self._office.store.query(
            "SELECT max(register.numbered_at) AS at FROM case_record JOIN register"
            " ON register.record_id = case_record.record_id WHERE case_record.case_id = ?",
            [self.record.case_id],
        )
        return moment(found[0]["at"]) if found else ""

    def _closed(self, name: str) -> str:
        """When the record's case was closed, or by what; empty while it is open."""
        office, case_id = self._office, self.record.case_id
        closed = cases.closing(office, case_id) if case_id else None
        if closed is None:
            return ""
        form_type = office.catalogue.get(closed.form)
        by = f"{form_type.title if form_type else closed.form} {closed.number}"
        return moment(closed.at) if name == "closed_at" else by


def state_words() -> dict[str, str]:
    """Where a record stands, in one word."""
    return {
        "signing": "待签字",
        "returned": "已退回",
        "complete": "待编号",
        "numbered": "已编号",
        "filed": "已归档",
        "voided": "已作废",
    }


def moment(stamp: str | None) -> str:
    """A stored moment as ledgers show it, in the office's time: 2026-11-22 14:05."""
    return f"{parse_stamp(stamp).astimezone(OFFICE_ZONE):%Y-%m-%d %H:%M}" if stamp else ""


def of(known: Field, value: Any, directory: Directory) -> Cell:
    """The cell of an answer."""
    amount = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    return Cell(KINDS[known.kind].ledger(known, value, directory), amount)


def of_column(known: Field, part: str, rows: Any, directory: Directory) -> Cell:
    """The cell of one column of a table: all its rows together."""
    column = next((one for one in known.columns if one.key == part), None)
    if column is None:
        return Cell()
    found = [of(column, row[part], directory) for row in rows if is_filled(row.get(part))]
    amounts = [one.amount for one in found if one.amount is not None]
    return Cell("、".join(one.text for one in found), sum(amounts) if amounts else None)


@dataclass(frozen=True)
class LedgerRow:
    """What a ledger says of one record; ``day`` decides its month."""

    day: str
    cells: list[Cell]


def row_of(desk: Lookups, ledger: Ledger, record: Record) -> LedgerRow | None:
    """The row of a record in a ledger; None where it does not belong there."""
    own = RecordInBooks(desk, record)
    if not own.entry and ledger.include != SUBMITTED or not holds(ledger.where, own.answers):
        return None
    others = _Case(desk, own) if ledger.looks_at_case else None
    cells = [shown(column, _found(column.value, own, others)) for column in ledger.columns]
    return LedgerRow(own.cell(ledger.period.name, "").text[:10], cells)


def _found(value: Value, own: RecordInBooks, others: _Case | None) -> Cell:
    if value.of == CASE and others:
        other = others.latest(value.form)
        return replace(other.cell(value.name, value.part), source=other.record.id) if other else Cell()
    if value.of == DEADLINE and others:
        return others.deadline(value)
    keys = {one.key for one in own.form_type.fields}
    name = next((one for one in (value.name, *value.instead) if one in keys), value.name)
    return own.cell(name, value.part)


class _Case:
    """The other records of the case a record is in, asked for only when a column wants them."""

    def __init__(self, desk: Lookups, own: RecordInBooks) -> None:
        self._desk = desk
        office, record = desk.office, own.record
        found = {
            one.id: one for case in cases.cases_of(office, record) for one in cases.members(office, case)
        }
        self._members, self._own = [*found.values()] or [record], record
        self._matters: dict[str, RecordInBooks | None] = {}
        self._due: dict[str, tuple[str, str | None, str]] | None = None

    def latest(self, form: str) -> RecordInBooks | None:
        if form not in self._matters:
            given = [one for one in self._members if one.form == form and one.state in GIVEN]
            self._matters[form] = RecordInBooks(self._desk, given[-1]) if given else None
        return self._matters[form]

    def deadline(self, value: Value) -> Cell:
        if self._due is None:
            # of several of one key, as of several loans in a case, a row tells of its own
            every, own = [one.id for one in self._members], [self._own.id]
            self._due = deadlines.latest(self._desk.office, every) | deadlines.latest(self._desk.office, own)
        due, met_at, source = self._due.get(value.name, ("", None, ""))
        if not due:
            return Cell()
        if value.is_overdue:
            return Cell(moments=(due, met_at), source=source)
        return Cell(moment({"due": due, "met_at": met_at}[value.part]), source=source)


def shown(column: Column, cell: Cell) -> Cell:
    """A cell as its column shows it: masked, cut, added up."""
    text = as_text(cell.amount) if column.total and cell.amount is not None else cell.text
    if column.show == MASKED:
        text = _NAME.sub(lambda found: f"{found[0][0]}**", text)
    if column.show == DAY:
        text = text[:10]
    if len(text) > column.max:
        text = text[: column.max - 1] + "…"
    return replace(cell, text=text)
