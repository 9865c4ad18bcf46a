"""Conditions of `show_when` and `require_when`: plain data, decided alike on the server and in the browser.

Read by `reading`, held by web forms, papers and samples; static/js decides the same data the same way, held
to it by tests/formtypes/condition_cases.json. Nothing is evaluated: a condition is compared, never run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

COMPARISONS = ("is", "in", "contains", "filled")


@dataclass(frozen=True)
class Condition:
    """A checked condition. `data` is {field, is|in|contains|filled} or {all|any: [...]} or {not: ...}."""

    data: Mapping[str, Any]

    def as_data(self) -> dict[str, Any]:
        """Plain JSON data for the browser."""
        return dict(self.data)

    def fields(self) -> tuple[str, ...]:
        """Keys of the fields it looks at, each once, in order."""
        return tuple(dict.fromkeys(_fields(self.data)))


def holds(condition: Condition | Mapping[str, Any] | None, values: Mapping[str, Any]) -> bool:
    """Whether the condition is true of these values; no condition is always true."""
    if condition is None:
        return True
    return _holds(condition.data if isinstance(condition, Condition) else condition, values)


def is_filled(value: Any) -> bool:
    """Whether a question is answered: 否 and 0 are answers, nothing and an empty list are not."""
    return value is not None and value != "" and value != [] and value != {}


def _holds(data: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    if "all" in data:
        return all(_holds(part, values) for part in data["all"])
    if "any" in data:
        return any(_holds(part, values) for part in data["any"])
    if "not" in data:
        return not _holds(data["not"], values)
    value = values.get(data["field"])
    if "is" in data:
        return _same(value, data["is"])
    if "in" in data:
        return any(_same(value, wanted) for wanted in data["in"])
    if "contains" in data:
        return isinstance(value, list) and any(_same(item, data["contains"]) for item in value)
    return is_filled(value) is data["filled"]


def _same(value: Any, wanted: Any) -> bool:
    # Python holds True == 1; a tick is not a number, in the browser neither.
    return isinstance(value, bool) is isinstance(wanted, bool) and bool(value == wanted)


def _fields(data: Mapping[str, Any]) -> list[str]:
    if "field" in data:
        return [str(data["field"])]
    parts = data.get("all") or data.get("any") or ([data["not"]] if "not" in data else [])
    return [key for part in parts for key in _fields(part)]
