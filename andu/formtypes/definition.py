"""What a form type is once read: frozen data, nothing that computes.

Made only by `reading`; used by everything else. A form type never changes after it is made, and its version
is the SHA-256 of the very bytes of its YAML, so that a record can point to the edition it was filled in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from andu.formtypes.acts import (
    Case,
    Deadline,
    Expected,
    MissingReturns,
    Next,
    Share,
    Signatures,
    Slot,
    Urgent,
)
from andu.formtypes.conditions import Condition, holds

HANDLERS = "handlers"
EYES = (HANDLERS, "handlers and second person")
"""Whose eyes a confidential field needs."""


@dataclass(frozen=True)
class Field:
    """One question, or one column of a table. `settings` holds what its kind alone understands."""

    key: str
    kind: str
    label: str
    required: bool = False
    help: str = ""
    example: str = ""
    sample: Any = None
    default: str | None = None
    show_when: Condition | None = None
    require_when: Condition | None = None
    confidential: bool = False
    eyes: str = "handlers"
    printed: bool = True
    settings: Mapping[str, Any] = field(default_factory=dict)
    line: int = 0

    @property
    def needs_second_person(self) -> bool:
        """Whether one who handles reporters opens it only together with another."""
        return self.eyes != HANDLERS

    @property
    def left_out(self) -> bool:
        """Whether the plain sample leaves it without an answer: `sample: ""`."""
        return bool(self.sample == "")

    @property
    def columns(self) -> tuple["Field", ...]:
        """The columns of a table; empty for every other kind."""
        return tuple(self.settings.get("columns") or ())


@dataclass(frozen=True)
class Section:
    """A part of the form with its own heading and help."""

    title: str
    help: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Rule:
    """A rule between fields: its name in the closed registry `rules.RULES`, its parameters, its message."""

    name: str
    params: Mapping[str, Any]
    message: str


@dataclass(frozen=True)
class FormType:
    """One form type in one edition."""

    slug: str
    title: str
    description: str
    group: str
    order: int
    filled_by: tuple[str, ...]
    series: str
    paper: str
    record_title: tuple[str, ...]
    share_with: tuple[Share, ...]
    reports_to: tuple[str, ...]
    next: tuple[Next, ...]
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...]
    signatures: Signatures
    case: Case
    deadlines: tuple[Deadline, ...]
    urgent: Urgent | None
    chases: Mapping[str, str]
    duplicates: tuple[str, ...]
    expected: Expected | None
    missing_returns: MissingReturns | None
    version: str
    source: str

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All fields in the order of the form."""
        return tuple(field for section in self.sections for field in section.fields)

    @cached_property
    def _by_key(self) -> dict[str, Field]:
        return {field.key: field for field in self.fields}

    def named_at(self, place: str, values: Mapping[str, Any]) -> list[Any]:
        """What these values answer at a field, or in each row at ``table.column``; nothing that is blank."""
        key, _dot, column = place.partition(".")
        found = [row.get(column) for row in values.get(key) or ()] if column else [values.get(key)]
        return [one for one in found if one not in (None, "")]

    def shown(self, values: Mapping[str, Any]) -> set[str]:
        """Keys of the fields shown with these answers; what is hidden does not count for later conditions."""
        found: set[str] = set()
        counted: dict[str, Any] = {}
        for one in self.fields:
            if holds(one.show_when, counted):
                found.add(one.key)
                if one.key in values:
                    counted[one.key] = values[one.key]
        return found

    def field(self, key: str) -> Field:
        """The field with this key; KeyError if the form has none."""
        return self._by_key[key]

    def slot(self, key: str) -> Slot:
        """The signature slot with this key; KeyError if the form has none."""
        for slot in self.signatures.slots:
            if slot.key == key:
                return slot
        raise KeyError(key)

    @cached_property
    def clerk_fields(self) -> tuple[Field, ...]:
        """The fields the clerk fills: all but those a signer fills when signing."""
        signed = {key for slot in self.signatures.slots for key in slot.fields}
        return tuple(field for field in self.fields if field.key not in signed)

    @cached_property
    def two_person_keys(self) -> frozenset[str]:
        """Keys of the confidential fields that nobody opens alone."""
        return frozenset(field.key for field in self.fields if field.needs_second_person)

    @cached_property
    def confidential_keys(self) -> frozenset[str]:
        """Keys of the fields that go to the vault and appear on no paper and in no ledger."""
        return frozenset(field.key for field in self.fields if field.confidential)


# What office adds to the fields of every paper; no field may have such a key.
PAPER_NAMES: Final[dict[str, str]] = {
    "number": "the record's number; a placeholder in previews",
    "form_title": "title of the form type",
    "unit_name": "name of the unit whose record it is",
    "author_name": "name of the clerk who submitted",
    "office_name": "name of the office, such as 示例镇",
    "issuer_name": "the organ that issues official documents",
    "printer_name": "the organ that prints official documents",
    "issued_on": "day of the last signature, else of submission: 2026年11月22日",
    "submitted_at": "moment of submission: 2026年11月22日 14:05",
    "confidential_code": "code that stands for the confidential person, such as R-7F3K; or empty",
    "check_code": "tells this version of the record from all others: K7Q2-9FJM-3X0T; empty on a draft",
    "sign": "signatures by slot key, each with label, name, post, unit, opinion, date, time",
}
