"""Rules between fields: a closed registry; each knows its parameters, its test, its message, its sample.

YAML names a rule and its parameters; web forms ask `broken`, samples ask `settled`. A rule looks only at
fields that are shown; where a value it needs is missing it holds, since asking for answers is `required`'s.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from flask_babel import gettext as _

from andu.clock import OFFICE_ZONE
from andu.formtypes.conditions import holds, is_filled
from andu.formtypes.definition import Rule
from andu.formtypes.kinds import DATED, NUMBERS, PROSE, TABLES
from andu.formtypes.language.readers import FieldName, Key, Many, Text


@dataclass(frozen=True)
class Facts:
    """What a rule may look at: the values of shown fields, which fields are shown, and the moment (aware)."""

    values: Mapping[str, Any]
    shown: set[str]
    now: datetime


class RuleKind:
    """Base of all rules."""

    name: ClassVar[str]
    doc: ClassVar[str]
    keys: ClassVar[Mapping[str, Key]]
    needs_when: ClassVar[bool] = False

    def named(self, params: Mapping[str, Any]) -> tuple[str, ...]:
        """Keys of the fields it needs; the first is where its message stands."""
        named = ((name, key) for name, key in self.keys.items() if name != "column")
        return tuple(str(params[name]) for name, key in named if isinstance(key.reads, FieldName))

    def broken(self, params: Mapping[str, Any], facts: Facts) -> bool:
        """Whether the values break it; all it needs is there."""
        raise NotImplementedError

    def message(self, params: Mapping[str, Any], label: Callable[[str], str]) -> str:
        """The message where the form type gives none."""
        raise NotImplementedError

    def settled(self, params: Mapping[str, Any], values: dict[str, Any], others: "Others") -> dict[str, Any]:
        """Sample values changed so that it holds."""
        return values


Others = Callable[[str], Sequence[Any]]
"""Field key, or `table.column` → values that a sample could take instead."""


class EqualsSum(RuleKind):
    """A number equals the sum of a column."""

    name = "equals_sum"
    doc = "The number equals the sum of a column of a table."
    keys = {
        "field": Key(FieldName(NUMBERS), "The number.", "received_copies", True),
        "table": Key(FieldName(TABLES), "The table.", "items", True),
        "column": Key(FieldName(), "The column of the table that is added up; a number.", "copies", True),
    }

    def named(self, params: Mapping[str, Any]) -> tuple[str, ...]:
        return (params["field"], params["table"])

    def broken(self, params: Mapping[str, Any], facts: Facts) -> bool:
        value = facts.values.get(params["field"])
        return value is not None and bool(value != self._sum(params, facts.values))

    def message(self, params: Mapping[str, Any], label: Callable[[str], str]) -> str:
        return _("应当等于“%(table)s”的合计", table=label(params["table"]))

    def settled(self, params: Mapping[str, Any], values: dict[str, Any], others: "Others") -> dict[str, Any]:
        return values | {params["field"]: self._sum(params, values)}

    def _sum(self, params: Mapping[str, Any], values: Mapping[str, Any]) -> int | float:
        return sum(row.get(params["column"]) or 0 for row in values.get(params["table"]) or [])


class LessThanSum(EqualsSum):
    """A number is smaller than the sum of a column."""

    name = "less_than_sum"
    doc = "The number is smaller than the sum of a column of a table."

    def broken(self, params: Mapping[str, Any], facts: Facts) -> bool:
        value = facts.values.get(params["field"])
        return value is not None and bool(value >= self._sum(params, facts.values))

    def message(self, params: Mapping[str, Any], label: Callable[[str], str]) -> str:
        return _("应当少于“%(table)s”的合计", table=label(params["table"]))

    def settled(self, params: Mapping[str, Any], values: dict[str, Any], others: "Others") -> dict[str, Any]:
        return values | {params["field"]: max(self._sum(params, values) - 1, 0)}


class NotBefore(RuleKind):
    """A day or moment is not before another."""

    name = "not_before"
    doc = "The day or moment is not before the other; with a day on either side, days are compared."
    keys = {
        "field": Key(FieldName(DATED), "The later one.", "received_at", True),
        "other": Key(FieldName(DATED), "The earlier one.", "handed_over_at", True),
    }

    def broken(self, params: Mapping[str, Any], facts: Facts) -> bool:
        first, second = (facts.values.get(params[name]) for name in ("field", "other"))
        if not first or not second:
            return False
        length = min(len(first), len(second))
        return self._wrong(first[:length], second[:length])

    def _wrong(self, field: str, other: str) -> bool:
        return field < other

    def message(self, params: Mapping[str, Any], label: Callable[[str], str]) -> str:
        return _("不能早于“%(other)s”", other=label(params["other"]))


class NotAfter(NotBefore):
    """A day or moment is not after another."""

    name = "not_after"
    doc = "The day or moment is not after the other; with a day on either side, days are compared."
    keys = {
        "field": Key(FieldName(DATED), "The earlier one.", "occurred_on", True),
        "other": Key(FieldName(DATED), "The later one.", "registered_at", True),
    }

    def _wrong(self, field: str, other: str) -> bool:
        return field > other

    def message(self, params: Mapping[str, Any], label: Callable[[str], str]) -> str:
        return _("不能晚于“%(other)s”", other=label(params["other"]))


class NotInFuture(RuleKind):
    """A day or moment has come."""

    name = "not_in_future"
    doc = "The day or moment is not later than now, in the office's time zone."
    keys = {"field": Key(FieldName(DATED), "The day or moment.", "registered_at", True)}

    def broken(self, params: Mapping[str, Any], facts: Facts) -> bool:
        value = facts.values.get(params["field"])
        now = facts.now.astimezone(OFFICE_ZONE).strftime("%Y-%m-%dT%H:%M")
        return bool(value and value > now[: len(value)])

    def message(self, params: Mapping[str, Any], label: Callable[[str], str]) -> str:
        return _("不能晚于现在")


class Differ(RuleKind):
    """Fields have different values."""

    name = "differ"
    doc = "No two of the fields have the same value."
    keys = {"fields": Key(Many(FieldName(), 2, 10), "The fields.", "[receiver_unit, giving_unit]", True)}

    def named(self, params: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(params["fields"])

    def broken(self, params: Mapping[str, Any], facts: Facts) -> bool:
        given = [facts.values[key] for key in params["fields"] if is_filled(facts.values.get(key))]
        return any(value in given[:index] for index, value in enumerate(given))

    def message(self, params: Mapping[str, Any], label: Callable[[str], str]) -> str:
        return _("%(labels)s不能相同", labels="、".join(f"“{label(key)}”" for key in params["fields"]))

    def settled(self, params: Mapping[str, Any], values: dict[str, Any], others: "Others") -> dict[str, Any]:
        used: list[Any] = []
        for key in reversed(params["fields"]):
            if values.get(key) in used:
                values = values | {key: next((one for one in others(key) if one not in used), values[key])}
            used.append(values.get(key))
        return values


class AtLeastOne(RuleKind):
    """One of several optional fields is answered."""

    name = "at_least_one"
    doc = "At least one of the fields that are shown is answered."
    keys = {
        "fields": Key(Many(FieldName(), 2, 10), "The fields.", "[reporter_phone, reporter_address]", True)
    }

    def named(self, params: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(params["fields"])

    def broken(self, params: Mapping[str, Any], facts: Facts) -> bool:
        asked = [key for key in params["fields"] if key in facts.shown]
        return bool(asked) and not any(is_filled(facts.values.get(key)) for key in asked)

    def message(self, params: Mapping[str, Any], label: Callable[[str], str]) -> str:
        return _("%(labels)s至少填写一项", labels="、".join(f"“{label(key)}”" for key in params["fields"]))


class DifferRows(RuleKind):
    """No two rows of a table say the same."""

    name = "differ_rows"
    doc = "No two rows of the table have the same answer in a column."
    keys = {
        "table": Key(FieldName(TABLES), "The table.", "opinions", True),
        "column": Key(FieldName(), "The column.", "unit", True),
    }

    def broken(self, params: Mapping[str, Any], facts: Facts) -> bool:
        given = _cells(params, facts.values)
        return any(value in given[:index] for index, value in enumerate(given))

    def message(self, params: Mapping[str, Any], label: Callable[[str], str]) -> str:
        return _("“%(table)s”里有两行写的是同一个", table=label(params["table"]))

    def settled(self, params: Mapping[str, Any], values: dict[str, Any], others: "Others") -> dict[str, Any]:
        rows: list[dict[str, Any]] = []
        for row in values.get(params["table"]) or ():
            used = [one.get(params["column"]) for one in rows]
            found = [row.get(params["column"]), *others(f"{params['table']}.{params['column']}")]
            free = [one for one in found if one is None or one not in used]
            rows += [{**row, params["column"]: free[0]}] if free else []
        return {**values, params["table"]: rows} if rows else values


class EveryRow(RuleKind):
    """Every row of a table has one of these answers."""

    name = "every_row"
    doc = "Every row of the table has one of these answers in a column of choices."
    keys = {
        "table": Key(FieldName(TABLES), "The table.", "findings", True),
        "column": Key(FieldName(), "The column, a choice.", "conclusion", True),
        "in": Key(Many(Text(60), 1, 20), "The answers.", "[不属实, 无法查证]", True),
    }

    def broken(self, params: Mapping[str, Any], facts: Facts) -> bool:
        return any(one not in params["in"] for one in _cells(params, facts.values))

    def message(self, params: Mapping[str, Any], label: Callable[[str], str]) -> str:
        words = "、".join(f"“{one}”" for one in params["in"])
        return _(
            "与“%(table)s”各行的结论不一致：每一行都应当是%(words)s",
            table=label(params["table"]),
            words=words,
        )

    def settled(self, params: Mapping[str, Any], values: dict[str, Any], others: "Others") -> dict[str, Any]:
        rows = values.get(params["table"]) or []
        right = [
            one if one.get(params["column"]) in params["in"] else self._mended(params, one) for one in rows
        ]
        return {**values, params["table"]: right} if rows else values

    def _mended(self, params: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
        return {**row, params["column"]: params["in"][0]}


class SomeRow(EveryRow):
    """At least one row of a table has one of these answers."""

    name = "some_row"
    doc = "At least one row of the table has one of these answers in a column of choices."

    def broken(self, params: Mapping[str, Any], facts: Facts) -> bool:
        given = _cells(params, facts.values)
        return bool(given) and not any(one in params["in"] for one in given)

    def message(self, params: Mapping[str, Any], label: Callable[[str], str]) -> str:
        words = "、".join(f"“{one}”" for one in params["in"])
        return _(
            "与“%(table)s”各行的结论不一致：至少一行应当是%(words)s",
            table=label(params["table"]),
            words=words,
        )

    def settled(self, params: Mapping[str, Any], values: dict[str, Any], others: "Others") -> dict[str, Any]:
        rows = values.get(params["table"]) or []
        if any(one.get(params["column"]) in params["in"] for one in rows) or not rows:
            return values
        return {**values, params["table"]: [self._mended(params, rows[0]), *rows[1:]]}


def _cells(params: Mapping[str, Any], values: Mapping[str, Any]) -> list[Any]:
    """What stands in the column of a rule, row by row; nothing that is blank."""
    rows = values.get(params["table"]) or []
    return [row[params["column"]] for row in rows if is_filled(row.get(params["column"]))]


class LeavesOut(RuleKind):
    """A text without some words."""

    name = "leaves_out"
    doc = "None of these words stands in the text: for what is read by somebody who must not learn of it."
    keys = {
        "field": Key(FieldName(PROSE), "The text.", "explanation", True),
        "words": Key(Many(Text(20), 1, 20), "The words.", "[举报, 线索]", True),
    }

    def broken(self, params: Mapping[str, Any], facts: Facts) -> bool:
        text = "".join(str(facts.values.get(params["field"]) or "").split())
        return any(word in text for word in params["words"])

    def message(self, params: Mapping[str, Any], label: Callable[[str], str]) -> str:
        return _("这里不能写%(words)s", words="".join(f"“{word}”" for word in params["words"]))


class Refuse(RuleKind):
    """Answers that contradict each other."""

    name = "refuse"
    doc = "Refused while `when`, which it must have, holds: for answers that contradict each other."
    keys = {"field": Key(FieldName(), "The field the message stands at.", "involves_umbrella", True)}
    needs_when = True

    def broken(self, params: Mapping[str, Any], facts: Facts) -> bool:
        return True

    def message(self, params: Mapping[str, Any], label: Callable[[str], str]) -> str:
        return _("与前面填的相互矛盾")

    def settled(self, params: Mapping[str, Any], values: dict[str, Any], others: "Others") -> dict[str, Any]:
        for one in others(params["field"]):
            if not holds(params["when"], {**values, params["field"]: one}):
                return {**values, params["field"]: one}
        return values


RULES: dict[str, RuleKind] = {
    rule.name: rule
    for rule in (
        EqualsSum(),
        LessThanSum(),
        NotBefore(),
        NotAfter(),
        NotInFuture(),
        Differ(),
        AtLeastOne(),
        DifferRows(),
        EveryRow(),
        SomeRow(),
        LeavesOut(),
        Refuse(),
    )
}


def is_broken(rule: Rule, facts: Facts) -> bool:
    """Whether the values break the rule; a rule whose `when` does not hold is not asked."""
    return holds(rule.params.get("when"), facts.values) and RULES[rule.name].broken(rule.params, facts)


def message_of(rule: Rule, label: Callable[[str], str]) -> str:
    """The rule's own message, or the usual one of its kind."""
    return rule.message or RULES[rule.name].message(rule.params, label)


def looks_at(rule: Rule) -> tuple[str, ...]:
    """All fields the rule looks at, those of `when` too; the first is where its message stands."""
    when = rule.params.get("when")
    return (*RULES[rule.name].named(rule.params), *(when.fields() if when else ()))
