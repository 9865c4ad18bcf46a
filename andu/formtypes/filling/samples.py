"""Samples of a form type, made from itself: the plain one, and the one that takes the most room.

Used by `script/andu forms sample`, by the checks that every form fills its paper, and by tests. A sample is
valid by construction: the web form accepts it wherever the directory has the people and units it asks for.
The shortest sample and the branches are for papers: they leave out what may be left out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any

from andu.formtypes.conditions import Condition, holds, is_filled
from andu.formtypes.definition import Field, FormType
from andu.formtypes.directory import Directory
from andu.formtypes.kinds import KINDS
from andu.formtypes.language.rules import RULES

MOST_COMBINATIONS = 5000
"""Answers tried together until a condition comes out as wanted."""

Answer = Callable[[Field, dict[str, Any]], Any]
NOTHING: Mapping[str, Any] = {}


def sample(
    form_type: FormType, directory: Directory, worst: bool = False, given: Mapping[str, Any] = NOTHING
) -> dict[str, Any]:
    """Values for all fields, also those that signers fill; `worst`: the longest allowed everywhere.

    `given`: answers that are settled, None for none.
    """

    def answer(field: Field, values: dict[str, Any]) -> Any:
        return _worst(form_type, field, values, directory) if worst else _plain(field, values, directory)

    return _answered(form_type, directory, answer, given)


def shortest(form_type: FormType, directory: Directory, given: Mapping[str, Any] = NOTHING) -> dict[str, Any]:
    """The least that may be answered: only what must be, in the fewest characters and rows."""

    def answer(field: Field, values: dict[str, Any]) -> Any:
        asked = field.required or (field.require_when and holds(field.require_when, values))
        return _short(field, values, directory) if asked else None

    return _answered(form_type, directory, answer, given)


def branches(form_type: FormType, directory: Directory) -> Iterator[dict[str, Any]]:
    """For each condition of the form, answers that make it true and answers that make it false.

    What no answers can bring about is left out. None stands for no answer.
    """
    asked = [one for field in form_type.fields for one in (field.show_when, field.require_when)]
    asked += [rule.params.get("when") for rule in form_type.rules]
    conditions = {str(one.data): one for one in asked if one is not None}
    for condition in conditions.values():
        for wanted in (True, False):
            found = _bringing_about(form_type, condition, wanted, directory)
            if found is not None:
                yield found


def answers_to(form_type: FormType, key: str, directory: Directory) -> list[Any]:
    """The answers a sample can give to one question, none included."""
    field = form_type.field(key)
    return [None, *KINDS[field.kind].candidates(field, directory, {})]


def _bringing_about(
    form_type: FormType, condition: Condition, wanted: bool, directory: Directory
) -> dict[str, Any] | None:
    keys = list(condition.fields())
    for key in keys:
        shown = form_type.field(key).show_when
        keys += [one for one in (shown.fields() if shown else ()) if one not in keys]
    answers = [answers_to(form_type, key, directory) for key in keys]
    for combination in islice(product(*answers), MOST_COMBINATIONS):
        given = dict(zip(keys, combination, strict=True))
        shown_ones = form_type.shown(given)
        if holds(condition, {key: value for key, value in given.items() if key in shown_ones}) is wanted:
            return given
    return None


def _answered(
    form_type: FormType, directory: Directory, answer: Answer, given: Mapping[str, Any]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in form_type.fields:
        if holds(field.show_when, values):
            value = given[field.key] if field.key in given else answer(field, values)
            if is_filled(value):
                values[field.key] = value
    for rule in form_type.rules:
        if holds(rule.params["when"], values):
            values = RULES[rule.name].settled(rule.params, values, _others(form_type, values, directory))
    shown = form_type.shown(values)
    return {key: value for key, value in values.items() if key in shown}


def for_anyone(form_type: FormType, values: dict[str, Any]) -> dict[str, Any]:
    """A sample without the people and units that a new draft names by itself: anyone may hand it in."""

    def is_given(field: Field) -> bool:
        kind = KINDS[field.kind]
        return kind.needs_directory and field.default in kind.starts

    return {key: value for key, value in values.items() if not is_given(form_type.field(key))}


def _plain(field: Field, values: dict[str, Any], directory: Directory) -> Any:
    if field.left_out:
        return None
    kind = KINDS[field.kind]
    written = kind.written(field, directory) if field.sample is not None else None
    if is_filled(written) and kind.agree(field, written, values, directory) is None:
        return written
    return kind.sample(field, directory, values)


def _short(field: Field, values: dict[str, Any], directory: Directory) -> Any:
    kind = KINDS[field.kind]
    found = [kind.sample(field, directory, values), *kind.candidates(field, directory, values)]
    value = min(filter(is_filled, found), key=lambda one: len(str(one)), default=None)
    if field.columns and value:
        needed = {column.key for column in field.columns if column.required}
        rows = [{key: cell for key, cell in row.items() if key in needed} for row in value]
        return rows[: max(1, field.settings["min_rows"])]
    if isinstance(value, str) and "min_length" in field.settings and not field.settings.get("says_something"):
        return value[: max(1, field.settings["min_length"])]
    return value


def _worst(form_type: FormType, field: Field, values: dict[str, Any], directory: Directory) -> Any:
    kind = KINDS[field.kind]
    watchers = [one for one in form_type.fields if one.show_when and field.key in one.show_when.fields()]
    if not watchers:
        return kind.worst(field, directory, values)

    def shows(candidate: Any) -> tuple[int, int]:
        then = values | {field.key: candidate}
        return sum(holds(one.show_when, then) for one in watchers), len(str(candidate))

    return max(kind.candidates(field, directory, values), key=shows, default=None)


def _others(form_type: FormType, values: dict[str, Any], directory: Directory) -> Any:
    def others(key: str) -> Sequence[Any]:
        key, _dot, name = key.partition(".")
        field = form_type.field(key)
        field = next((column for column in field.columns if column.key == name), field)
        return KINDS[field.kind].candidates(field, directory, values)

    return others
