"""Samples of a form type, made from itself: the plain one, and the one that takes the most room.

Used by `script/andu forms sample`, by the checks that every form fills its paper, and by tests. A sample is
valid by construction: the web form accepts it wherever the directory has the people and units it asks for.
"""

from collections.abc import Sequence
from typing import Any

from andu.formtypes.conditions import holds, is_filled, shown_keys
from andu.formtypes.definition import Field, FormType
from andu.formtypes.directory import Directory
from andu.formtypes.kinds import KINDS
from andu.formtypes.rules import RULES


def sample(form_type: FormType, directory: Directory, worst: bool = False) -> dict[str, Any]:
    """Values for all fields, also those that signers fill; `worst`: the longest allowed everywhere."""
    values: dict[str, Any] = {}
    for field in form_type.fields:
        if holds(field.show_when, values):
            value = _worst(form_type, field, values, directory) if worst else _plain(field, values, directory)
            if is_filled(value):
                values[field.key] = value
    for rule in form_type.rules:
        if holds(rule.params["when"], values):
            values = RULES[rule.name].settled(rule.params, values, _others(form_type, values, directory))
    shown = shown_keys(form_type, values)
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
        field = form_type.field(key)
        return KINDS[field.kind].candidates(field, directory, values)

    return others
