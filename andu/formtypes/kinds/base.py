"""What every kind of field owns: all faces of one value, in one class.

A kind is asked by web forms (inputs, parsing, messages), records (JSON), papers and ledgers (text), samples,
conditions and the reading of form files (its settings). YAML only names kinds; nothing outside this package
asks which kind it has before it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from flask_babel import gettext as _
from wtforms.fields.core import UnboundField
from wtforms.widgets import RadioInput, TextInput

from andu.clock import chinese_date, office_day
from andu.formtypes.conditions import is_filled
from andu.formtypes.definition import Field
from andu.formtypes.directory import Directory
from andu.formtypes.kinds.cleaning import trimmed
from andu.formtypes.kinds.inputs import Option, ValueField
from andu.formtypes.language.readers import Key

Raw = dict[str, list[str]]


@dataclass(frozen=True)
class Start:
    """What is known when a draft begins: who, and when (aware)."""

    me: str
    now: datetime


class Kind:
    """Base of all kinds; one instance each, in `kinds.KINDS`."""

    name: ClassVar[str]
    title: ClassVar[str]  # what `forms/README.md` calls it in Chinese
    doc: ClassVar[str]
    json: ClassVar[str]  # its face in JSON, for the README
    in_table: ClassVar[bool] = True
    holds_many: ClassVar[bool] = False  # its value is a list
    # How conditions may compare it beside `filled`: only where the browser reads an answer as parsing does.
    compared: ClassVar[tuple[str, ...]] = ()
    needs_directory: ClassVar[bool] = False
    is_wide: ClassVar[bool] = False  # its input takes the whole width of a form
    has_paragraphs: ClassVar[bool] = False  # its value may have several
    is_dated: ClassVar[bool] = False  # its value is a day or a moment
    is_counted: ClassVar[bool] = False  # its value is one of a few words: a chart may count by it
    adds_up: ClassVar[bool] = False  # its values can be added
    names_person: ClassVar[bool] = False  # its value is an account
    names_record: ClassVar[bool] = False  # its value is a record
    names_unit: ClassVar[bool] = False  # its value is a unit
    names_period: ClassVar[bool] = False  # its value is a reporting period
    is_yes_or_no: ClassVar[bool] = False
    is_one_word: ClassVar[bool] = False  # its value is one word of a list
    is_prose: ClassVar[bool] = False  # its value is text, of one line or of many
    is_plain_text: ClassVar[bool] = False  # its value is a line of any text
    holds_rows: ClassVar[bool] = False  # its value is the rows of a table
    holds_files: ClassVar[bool] = False  # its value is attachments
    draws_ledger: ClassVar[bool] = False  # its value is an extract of a ledger
    is_for_once: ClassVar[bool] = False  # its value belongs to one record: a copy begins without it
    starts: ClassVar[Mapping[str, str]] = {}  # words that `default` may be, and what they mean
    blank: ClassVar[Any] = ""  # on paper, where there is no answer
    nested: ClassVar[Mapping[str, Any]] = {}  # names within its face on paper: '' is text, a list rows
    widget: ClassVar[Any] = TextInput()
    attributes: ClassVar[Mapping[str, Any]] = {}
    settings: Mapping[str, Key] = {}  # of an instance where it depends on other kinds

    # --- in the browser

    def form_field(self, field: Field, directory: Directory, in_row: bool = False) -> UnboundField:
        """The WTForms field that asks it; `in_row`: as a column of a table."""
        return ValueField(definition=field, kind=self, directory=directory, group=self.grouped(field, in_row))

    def grouped(self, field: Field, in_row: bool) -> bool:
        """Whether it is asked by several inputs that need one legend."""
        return False

    def option_input(self, field: Field) -> Any:
        """The widget of one of its options."""
        return RadioInput()

    def attrs(self, field: Field, typed: str) -> dict[str, Any]:
        """HTML attributes of its input, given what is typed in it."""
        return dict(self.attributes)

    def shown(self, field: Field, typed: str) -> str:
        """What its single input shows for what was typed."""
        return typed

    def options(self, field: Field, typed: list[str], directory: Directory) -> list[Option]:
        """What can be chosen, ticked by what was typed; [] for kinds that are typed."""
        return []

    def missing(self, field: Field) -> str:
        """The message when it must be answered and is not."""
        return _("请填写，例如 %(example)s", example=field.example) if field.example else _("请填写")

    # --- what was typed, and the value

    def clean(self, raw: str) -> str:
        """What was typed without what nobody meant to type."""
        return trimmed(raw)

    def parse(self, field: Field, raws: list[str], directory: Directory) -> Any:
        """The value of what was typed, None for nothing; raises ValueError with a Chinese message."""
        text = self.clean(raws[0]) if raws else ""
        return self.value(field, text, directory) if text else None

    def value(self, field: Field, text: str, directory: Directory) -> Any:
        """The value of one cleaned, not empty text; raises ValueError with a Chinese message."""
        return text

    def notes(self, field: Field, typed: str) -> list[str]:
        """What parsing will change in a way worth telling, in Chinese sentences."""
        return []

    def is_noted(self, field: Field) -> bool:
        """Whether there may be anything to tell about what was typed, in ``notes`` or by ``mended``."""
        return False

    def mended(
        self, field: Field, name: str, raw: Mapping[str, list[str]], most: int
    ) -> tuple[Raw, list[str]]:
        """The inputs that pasting from Word spoilt as they should be, and what was mended, in Chinese.

        Of each sort of mending ``most`` places are named.
        """
        return {}, []

    def raw(self, field: Field, value: Any) -> list[str]:
        """What would have been typed for this value; tolerant of wrong JSON, which parsing then refuses."""
        return [str(value)] if is_filled(value) else []

    def fits(self, value: Any) -> bool:
        """Whether JSON data for it is of the right type at all; what it says is judged by parsing."""
        return isinstance(value, (str, int, float)) and not isinstance(value, bool)

    def schema(self, field: Field) -> dict[str, Any]:
        """The JSON Schema of its stored value; more is understood when it is handed in."""
        return {"type": "string", "minLength": 1}

    def agree(self, field: Field, value: Any, values: Mapping[str, Any], directory: Directory) -> str | None:
        """A Chinese message if the value does not go with the other values."""
        return None

    def start(self, field: Field, start: Start, directory: Directory) -> Any:
        """The value of `default` in a new draft; None without one."""
        if field.default is None:
            return None
        if field.default in self.starts:
            return self.start_word(field, start, directory)
        return self.literal(field, field.default)

    def start_word(self, field: Field, start: Start, directory: Directory) -> Any:
        """The value of a word of `starts`."""
        raise NotImplementedError

    def literal(self, field: Field, text: str) -> Any:
        """The value that a condition or a default names; raises ValueError where it can not be that."""
        return self.value(field, self.clean(str(text)), None)  # type: ignore[arg-type]  # these kinds ask nobody

    def parts(self, field: Field, value: Any) -> Iterator[tuple[str, Mapping[str, Field], Mapping[str, Any]]]:
        """The parts of JSON data within this value: for a table each row's label, columns and data."""
        return iter(())

    # --- what an act fills in for a deadline: the moment it was due, a unit, a count

    def of_moment(self, moment: datetime) -> Any:
        """The value that says this moment; in words, where it is no day."""
        return chinese_date(office_day(moment))

    def of_unit(self, unit_id: str, directory: Directory) -> Any:
        """The value that says this unit; its name, where it is no unit."""
        return directory.unit_label(unit_id)

    def of_count(self, count: Any) -> Any:
        """The value that says this count; as text, where it is no number."""
        return str(count)

    # --- names of inputs: one, but for tables

    def keep(self, field: Field, name: str, raw: Mapping[str, list[str]]) -> Raw:
        """Of what was posted, only what belongs to this field."""
        return {name: list(raw[name])} if name in raw else {}

    def spread(self, field: Field, name: str, value: Any) -> Raw:
        """The posted form of a value."""
        return {name: self.raw(field, value)}

    def gather(self, field: Field, name: str, raw: Mapping[str, list[str]], directory: Directory) -> Any:
        """The value of what was posted; raises ValueError."""
        return self.parse(field, list(raw.get(name, [])), directory)

    def gather_loosely(
        self, field: Field, name: str, raw: Mapping[str, list[str]], directory: Directory
    ) -> Any:
        """The value of what was posted as far as it can be read; None where it cannot."""
        try:
            return self.gather(field, name, raw, directory)
        except ValueError:
            return None

    # --- elsewhere

    def printed(self, field: Field, value: Any, directory: Directory) -> Any:
        """What the paper sees, also where there is no answer."""
        return self.paper(field, value, directory) if is_filled(value) else self.blank

    def paper(self, field: Field, value: Any, directory: Directory) -> Any:
        """What the paper sees of an answer: text, or for a table a list of rows."""
        return str(value)

    def ledger(self, field: Field, value: Any, directory: Directory) -> str:
        """One line of text for lists, the register and the screen; '' where there is no answer."""
        return re.sub(r"\s+", " ", str(self.printed(field, value, directory))).strip()

    def sample(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> Any:
        """A valid value, visibly fictitious; None if there is none. `values`: the sample so far."""
        raise NotImplementedError

    def worst(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> Any:
        """The value that takes the most room."""
        return self.sample(field, directory, values)

    def candidates(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> list[Any]:
        """Values a sample can choose from."""
        return [self.sample(field, directory, values)]

    def written(self, field: Field, directory: Directory) -> Any:
        """The value of the YAML's own sample; raises ValueError if it is not one."""
        return self.gather(field, "f", self.spread(field, "f", field.sample), directory)

    # --- reading of form files

    def source(self, field: Field) -> tuple[tuple[str, ...], Mapping[str, str]]:
        """The form types it takes answers from, and which (own field or table.column → theirs)."""
        return (), {}

    def following(self, field: Field) -> tuple[str, Mapping[str, str]]:
        """The question that answers this one as well, and with what for which answer."""
        return "", {}

    def faults(self, field: Field, fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
        """What is wrong with the settings, as (setting, Chinese message)."""
        return iter(())
