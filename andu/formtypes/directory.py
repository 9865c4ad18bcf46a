"""What a form may ask of the world around it: units, people, earlier records and files already attached.

Field kinds call it; office gives the real one, bound to the actor so that it never shows her more than she
may see. `NoDirectory` and `PlainDirectory` stand in where there is no database (samples, checks, tests).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from andu.formtypes.beside import ledger_pages


@dataclass(frozen=True)
class Choice:
    """One thing that can be chosen: the id that is stored, and the Chinese words that are shown."""

    id: str
    label: str
    group: str = ""  # the heading it stands under, where kinds of things are mixed


class Directory(Protocol):
    """The questions a form may ask. Every answer is limited to what the actor may see."""

    @property
    def own_unit(self) -> str | None:
        """The unit of the person who fills the form; None where nobody in particular does."""
        ...

    @property
    def superior(self) -> str:
        """What the office calls the level above, to which it reports; empty where it does not say."""
        ...

    @property
    def today(self) -> date | None:
        """The day it is in the office; None where no day in particular is meant, as for samples."""
        ...

    def units(self) -> list[Choice]:
        """All active units, in the office's order."""
        ...

    def people(self, unit: str | None = None, roles: Collection[str] = ()) -> list[Choice]:
        """Active people, of one unit if given, with any one of the roles if any is given."""
        ...

    def records(self, form: str) -> list[Choice]:
        """Earlier records of one form type that the actor may refer to, newest first."""
        ...

    def find_unit(self, text: str) -> str | None:
        """The id of the unit with this id or name; None if there is none."""
        ...

    def find_person(self, text: str) -> str | None:
        """The id of the person with this id, username or unique name; None if there is none."""
        ...

    def find_record(self, form: str, text: str) -> str | None:
        """The id of the record of this form type with this id or number; None if there is none."""
        ...

    def unit_label(self, unit: str) -> str:
        """The unit's name as papers print it; the id itself if it is unknown."""
        ...

    def person_label(self, person: str) -> str:
        """The person's name as papers print it; the id itself if it is unknown."""
        ...

    def record_label(self, record: str) -> str:
        """The record's number (or title while it has none); the id itself if it is unknown."""
        ...

    def attachment_label(self, attachment: str) -> str | None:
        """The attachment's file name; None if there is no such file on this draft or record."""
        ...

    def ledgers(self) -> list[Choice]:
        """The ledgers that the actor may see, by slug."""
        ...

    def ledger_extract(self, ledger: str, month: str) -> Mapping[str, Any]:
        """What the actor sees of a month (2026-10) of a ledger; ValueError with a Chinese message."""
        ...


@dataclass(frozen=True)
class PlainPerson:
    """A person of a `PlainDirectory`."""

    id: str
    name: str
    unit: str
    roles: tuple[str, ...] = ()


class PlainDirectory:
    """A directory held in memory: units by id, people, records by form, files by id."""

    def __init__(
        self,
        units: Mapping[str, str] | None = None,
        people: Sequence[PlainPerson] = (),
        records: Mapping[str, Mapping[str, str]] | None = None,
        attachments: Mapping[str, str] | None = None,
        own_unit: str | None = None,
    ) -> None:
        self._own_unit = own_unit
        self._units = dict(units or {})
        self._people = {person.id: person for person in people}
        self._records = {form: dict(found) for form, found in (records or {}).items()}
        self._attachments = dict(attachments or {})

    @property
    def own_unit(self) -> str | None:
        return self._own_unit

    @property
    def superior(self) -> str:
        return ""

    @property
    def today(self) -> date | None:
        return None

    def units(self) -> list[Choice]:
        return [Choice(key, name) for key, name in self._units.items()]

    def people(self, unit: str | None = None, roles: Collection[str] = ()) -> list[Choice]:
        return [
            Choice(person.id, person.name)
            for person in self._people.values()
            if (unit is None or person.unit == unit) and (not roles or set(roles) & set(person.roles))
        ]

    def records(self, form: str) -> list[Choice]:
        return [Choice(key, label) for key, label in self._records.get(form, {}).items()]

    def find_unit(self, text: str) -> str | None:
        return _find(text, self.units())

    def find_person(self, text: str) -> str | None:
        return _find(text, self.people())

    def find_record(self, form: str, text: str) -> str | None:
        return _find(text, self.records(form))

    def unit_label(self, unit: str) -> str:
        return self._units.get(unit, unit)

    def person_label(self, person: str) -> str:
        return self._people[person].name if person in self._people else person

    def record_label(self, record: str) -> str:
        return next((found[record] for found in self._records.values() if record in found), record)

    def attachment_label(self, attachment: str) -> str | None:
        return self._attachments.get(attachment)

    def ledgers(self) -> list[Choice]:
        return [Choice(key, extract["title"]) for key, extract in ledger_pages.examples().items()]

    def ledger_extract(self, ledger: str, month: str) -> Mapping[str, Any]:
        return ledger_pages.examples()[ledger]


class NoDirectory(PlainDirectory):
    """A directory of visibly fictitious people and units, so that samples need no database."""

    def __init__(self) -> None:
        super().__init__(
            units={"cun1": "示例一村", "shb": "镇扫黑办", "zzb": "综治办", "zhengfu": "镇党政办"},
            people=[
                PlainPerson("zhangsan", "张三", "cun1", ("clerk",)),
                PlainPerson("lisi", "李四", "cun1", ("head",)),
                PlainPerson("wangwu", "王五", "shb", ("clerk",)),
                PlainPerson("zhaoliu", "赵六", "shb", ("head", "director")),
                PlainPerson("qianqi", "钱七", "zzb", ("clerk", "head", "custodian")),
                PlainPerson("sunba", "孙八", "zhengfu", ("clerk", "head", "leader")),
            ],
            attachments={"sample": "示例附件.pdf"},
            own_unit="cun1",
        )


def _find(text: str, choices: list[Choice]) -> str | None:
    if any(choice.id == text for choice in choices):
        return text
    named = [choice.id for choice in choices if choice.label == text]
    return named[0] if len(named) == 1 else None
