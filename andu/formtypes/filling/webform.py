"""The web form of a form type: what was typed, what it means, and what is wrong with it.

Views and office build it per request; the command line uses the same. Only declared names are ever read from
what is posted. What is not shown is not stored. Names are prefixed (`f_`), so that no YAML key can meet a
name of WTForms, and are those of `raw`: input name → list of what was typed.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from flask_babel import gettext as _
from wtforms.form import BaseForm

from andu.clock import SystemClock
from andu.formtypes.conditions import holds, is_filled
from andu.formtypes.definition import Field, FormType, Section
from andu.formtypes.directory import Directory
from andu.formtypes.faults import nearest
from andu.formtypes.kinds import KINDS, Start
from andu.formtypes.language.rules import Facts, is_broken, looks_at, message_of

PREFIX = "f_"

Raw = dict[str, list[str]]


@dataclass(frozen=True)
class Problem:
    """One thing to mend.

    `anchor_id` is the id of the input to jump to; `message` is a whole sentence that names the field, for the
    summary and the command line (what stands beside the field, in its `errors`, does not name it again).
    """

    key: str
    anchor_id: str
    label: str
    message: str


class Typed(dict[str, list[str]]):
    """Raw input as WTForms wants it."""

    def getlist(self, name: str) -> list[str]:
        """Everything typed under one name."""
        return self.get(name, [])


class AnswerForm(BaseForm):
    """The form of one form type, or of some of its fields. Made by `build`; fields by key: `form["summary"]`.

    After `validate()`: `values` holds the answers that could be read, without what is hidden, and `problems`
    says in the order of the page what is wrong.
    """

    form_type: ClassVar[FormType]
    directory: ClassVar[Directory]
    asked: ClassVar[tuple[Field, ...]]
    known: ClassVar[Mapping[str, Any]]
    settled: ClassVar[frozenset[str]]  # keys that have been asked, here or before
    now: ClassVar[datetime]

    def __init__(self, formdata: Any = None) -> None:
        """`formdata`: a MultiDict, or a plain mapping of names to lists; None for an empty form."""
        unbound = [(field.key, KINDS[field.kind].form_field(field, self.directory)) for field in self.asked]
        super().__init__(unbound, prefix=PREFIX)
        self.values: dict[str, Any] = {}
        self.typed: Raw = {} if formdata is None else keep_raw(self.form_type, formdata)
        self.process(None if formdata is None else Typed(self.typed))

    def fields_by_section(self) -> list[tuple[Section, list[Any]]]:
        """The sections that ask anything here, each with its fields."""
        found = []
        for section in self.form_type.sections:
            fields = [self[field.key] for field in section.fields if field.key in self]
            if fields:
                found.append((section, fields))
        return found

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything is answered as asked. Fills `values`, `problems` and each field's `errors`."""
        super().validate()
        answers = {**self.known, **{field.short_name: field.data for field in self if is_filled(field.data)}}
        shown = self.form_type.shown(answers)
        answers = {key: value for key, value in answers.items() if key in shown}
        for definition in self.asked:
            field = self[definition.key]
            if definition.key in shown:
                self._complete(definition, field, answers)
            else:
                field.clear()
        self._apply_rules(Facts(answers, shown, self.now))
        self.values = {
            field.short_name: answers[field.short_name] for field in self if field.short_name in answers
        }
        return not self.problems

    def _complete(self, definition: Field, field: Any, answers: Mapping[str, Any]) -> None:
        if any(True for _problem in field.problems()):
            return
        kind = KINDS[definition.kind]
        if definition.key in answers:
            disagreement = kind.agree(definition, answers[definition.key], answers, self.directory)
            field.errors.extend([disagreement] if disagreement else [])
        elif definition.required or (definition.require_when and holds(definition.require_when, answers)):
            field.errors.append(field.missing())

    def _apply_rules(self, facts: Facts) -> None:
        asked = {field.key for field in self.asked}
        for rule in self.form_type.rules:
            keys = looks_at(rule)
            place = next((key for key in keys if key in asked and key in facts.shown), None)
            if place is None or not self.settled.issuperset(keys):
                continue
            if any(self._has_problem(key) for key in keys if key in asked):
                continue
            if is_broken(rule, facts):
                self[place].errors.append(message_of(rule, self._label))

    def _has_problem(self, key: str) -> bool:
        return any(True for _problem in self[key].problems())

    def _label(self, key: str) -> str:
        return self.form_type.field(key).label

    @property
    def said(self) -> list[tuple[str, str]]:
        """Each answer in words beside its label, in the order of the page; [] before `validate()`."""
        return [
            (one.label, KINDS[one.kind].ledger(one, self.values[one.key], self.directory))
            for one in self.asked
            if one.key in self.values
        ]

    @property
    def problems(self) -> list[Problem]:
        """What is wrong, in the order of the page, cells of tables included; [] before `validate()`."""
        return [
            Problem(definition.key, anchor, label, _("%(label)s：%(message)s", label=label, message=message))
            for definition in self.asked
            for anchor, label, message in self[definition.key].problems()
        ]

    @property
    def notes(self) -> list[str]:
        """What is changed in what was typed, field by field in the order of the page."""
        return [
            _("%(label)s：%(message)s", label=definition.label, message=note)
            for definition in self.asked
            for note in self[definition.key].notes
        ]

    @property
    def beside(self) -> dict[str, str]:
        """What stands beside the fields about what was typed: the id of the element, and its words."""
        asked = [self[definition.key] for definition in self.asked]
        notes = {f"{field.id}-note": " ".join(field.notes) for field in asked if field.notes}
        return notes | {f"{field.id}-pasted": "；".join(field.pasted) for field in asked if field.pasted}


def build(
    form_type: FormType,
    directory: Directory,
    keys: Collection[str] | None = None,
    known: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> type[AnswerForm]:
    """The form class for these keys (all the clerk fills, if None).

    `known`: earlier values, which conditions and rules may look at. `now`: the moment (aware) for rules about
    the future; the system's clock if None.
    """
    of_clerk = {field.key for field in form_type.clerk_fields}
    wanted = of_clerk if keys is None else set(keys)
    return type(
        "AnswerForm",
        (AnswerForm,),
        {
            "form_type": form_type,
            "directory": directory,
            "asked": tuple(field for field in form_type.fields if field.key in wanted),
            "known": dict(known or {}),
            "settled": frozenset(wanted if known is None else wanted | of_clerk | set(known)),
            "now": now or SystemClock().now(),
        },
    )


def input_name(key: str) -> str:
    """The name under which a field is posted (for tables, how the names of its inputs begin)."""
    return f"{PREFIX}{key}"


def keep_raw(form_type: FormType, formdata: Any) -> Raw:
    """Of what was posted, only what the form declares, with its names; a MultiDict or a mapping to lists."""
    raw = formdata.to_dict(flat=False) if hasattr(formdata, "to_dict") else dict(formdata)
    kept: Raw = {}
    for field in form_type.fields:
        kept |= KINDS[field.kind].keep(field, input_name(field.key), raw)
    return kept | dict(_followed(form_type, kept))


def _followed(form_type: FormType, raw: Raw) -> Iterator[tuple[str, list[str]]]:
    """What nobody chose and another answer says."""
    for field in form_type.fields:
        followed, answers = KINDS[field.kind].following(field)
        name = input_name(field.key)
        said = "".join(raw.get(input_name(followed), ())) if followed else ""
        if said in answers and not any(raw.get(name, ())):
            yield name, [answers[said]]


def raw_from_values(form_type: FormType, values: Mapping[str, Any]) -> Raw:
    """What would have been typed for these values; only for the keys given. Unknown keys are left out."""
    raw: Raw = {}
    for field in form_type.fields:
        if field.key in values:
            raw |= KINDS[field.kind].spread(field, input_name(field.key), values[field.key])
    return raw


def starting_raw(
    form_type: FormType, directory: Directory, me: str, now: datetime, keys: Collection[str] | None = None
) -> Raw:
    """What a new draft begins with: the `default` of each field, for this person at this moment (aware).

    `keys`: of these fields, such as a signer's; of all the clerk fills, if None.
    """
    asked = form_type.clerk_fields if keys is None else [form_type.field(key) for key in keys]
    start = Start(me, now)
    values = {field.key: KINDS[field.kind].start(field, start, directory) for field in asked}
    return raw_from_values(form_type, {key: value for key, value in values.items() if is_filled(value)})


def read_loosely(form_type: FormType, raw: Mapping[str, list[str]], directory: Directory) -> dict[str, Any]:
    """The answers that can be read from what was typed so far, for previews; the rest is left out."""
    values = {
        field.key: KINDS[field.kind].gather_loosely(field, input_name(field.key), raw, directory)
        for field in form_type.fields
    }
    given = {key: value for key, value in values.items() if is_filled(value)}
    shown = form_type.shown(given)
    return {key: value for key, value in given.items() if key in shown}


def data_problems(form_type: FormType, values: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with JSON data before it is read as a form: unknown keys, values of a wrong type."""
    return list(_data_problems({field.key: field for field in form_type.fields}, values, ""))


def _data_problems(fields: Mapping[str, Field], values: Mapping[str, Any], where: str) -> Iterator[Problem]:
    for key, value in values.items():
        if key not in fields:
            near = nearest(str(key), fields)
            message = _("%(where)s没有“%(key)s”这一项%(near)s", where=where, key=key, near=near)
            yield Problem(str(key), "", str(key), message)
            continue
        field, kind = fields[key], KINDS[fields[key].kind]
        if value is not None and not kind.fits(value):
            label = f"{where} {field.label}".strip()
            message = _("%(label)s：数据的类型不对，应当是 %(json)s", label=label, json=kind.json)
            yield Problem(key, "", label, message)
        elif value is not None:
            for part, columns, row in kind.parts(field, value):
                yield from _data_problems(columns, row, part)
