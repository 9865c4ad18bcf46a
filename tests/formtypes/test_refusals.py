"""Bad input of every kind, in every form we ship: each has a clear message of its own, beside its field."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from andu.formtypes.conditions import holds
from andu.formtypes.definition import Field, FormType, Rule
from andu.formtypes.directory import NoDirectory
from andu.formtypes.filling.samples import sample
from andu.formtypes.filling.webform import build, raw_from_values
from andu.formtypes.language.catalogue import Catalogue
from andu.formtypes.language.rules import RULES, message_of

CATALOGUE = Catalogue.load(Path(__file__).parents[2] / "forms")
HERE = NoDirectory()
WRONG = {
    "date": "2026-02-30",
    "datetime": "2026-02-30T25:61",
    "number": "三十",
    "choice": "没有这一项",
    "yesno": "也许",
    "choices": "没有这一项",
    "unit": "没有这个单位",
    "person": "没有这个人",
    "reference": "没有这份材料",
    "period": "2026-13-9",
    "phone": "12",
    "idnumber": "11010519491231002Y",
    "ledger": "没有这本台账",
}
"""By kind: what nobody can mean. Of text, only more than there is room for is wrong."""
RULED = [
    pytest.param(form_type, rule, id=f"{form_type.slug}-{at}-{rule.name}")
    for form_type in CATALOGUE.all()
    for at, rule in enumerate(form_type.rules)
]


def wrong_text(field: Field) -> str | None:
    if field.kind in ("text", "longtext"):
        return "长" * (int(field.settings["max_length"]) + 1) if field.settings.get("max_length") else None
    return WRONG.get(field.kind)


def problems(form_type: FormType, raw: dict[str, list[str]]) -> list[tuple[str, str]]:
    form = build(form_type, HERE, [field.key for field in form_type.fields])(raw)
    form.validate()
    return [(one.key, one.message) for one in form.problems]


@pytest.mark.parametrize("form_type", CATALOGUE.all(), ids=lambda one: one.slug)
def test_what_no_field_can_be_is_told_beside_it(form_type: FormType) -> None:
    raw = raw_from_values(form_type, sample(form_type, HERE))
    assert problems(form_type, raw) == []
    asked = 0
    for field in form_type.fields:
        for column in (*field.columns, field):
            name = f"f_{field.key}" if column is field else f"f_{field.key}-0-{column.key}"
            typed = wrong_text(column)
            if typed is None or not any(raw.get(name, [])):
                continue
            asked += 1
            told = [text for key, text in problems(form_type, {**raw, name: [typed]}) if key == field.key]
            assert told, f"{name} takes {typed}"
            assert any(column.label in text for text in told), f"{name}: {told} does not say where"
    assert asked, "something in it can be wrong"


@pytest.mark.parametrize(("form_type", "rule"), RULED)
def test_each_rule_that_is_broken_says_so_in_its_own_words(form_type: FormType, rule: Rule) -> None:
    label = {field.key: field.label for field in form_type.fields}
    where = RULES[rule.name].named(rule.params)[0]
    wanted = (where, f"{label[where]}：{message_of(rule, label.__getitem__)}")
    told = []
    for one in broken(form_type, rule):
        told.append(problems(form_type, raw_from_values(form_type, one)))
        if wanted in told[-1]:
            return
    pytest.fail(f"{wanted} is never said: {told[:3]}")


def broken(form_type: FormType, rule: Rule) -> Iterator[dict[str, Any]]:
    """Answers that break the rule: samples in which it is asked, with what it looks at changed.

    Another rule may speak up in the first of them; in one of the next it has nothing to say.
    """
    for values in variants(form_type):
        asked = [{**values, **changes} for changes in BREAKING[rule.name](form_type, rule.params, values)]
        asked = [one for one in asked if holds(rule.params.get("when"), one)]
        looked_at = set(RULES[rule.name].named(rule.params))
        yield from (one for one in asked if looked_at <= form_type.shown(one))


def variants(form_type: FormType) -> Iterator[dict[str, Any]]:
    """The sample, and what it would be with another choice in one or two places."""
    yield sample(form_type, HERE)
    choices = [
        {field.key: value}
        for field in form_type.fields
        for value in ((True, False) if field.kind == "yesno" else field.settings.get("choices", ()))
    ]
    for one in choices:
        yield sample(form_type, HERE, given=one)
    for one in choices:
        for other in choices:
            yield sample(form_type, HERE, given={**one, **other})


Answers = dict[str, Any]


def _earlier(form_type: FormType, given: Answers, values: Answers) -> Iterator[Answers]:
    """The first is a day before the second: as the second is, or as the first is, or both as we like."""
    yield from _apart(form_type, given["field"], given["other"], values)


def _later(form_type: FormType, given: Answers, values: Answers) -> Iterator[Answers]:
    yield from _apart(form_type, given["other"], given["field"], values)


def _apart(form_type: FormType, early: str, late: str, values: Answers) -> Iterator[Answers]:
    if values.get(late):
        yield {early: _day(form_type, early, date.fromisoformat(values[late][:10]) - timedelta(days=1))}
    if values.get(early):
        yield {late: _day(form_type, late, date.fromisoformat(values[early][:10]) + timedelta(days=1))}
    first = date(2025, 3, 1)
    yield {early: _day(form_type, early, first), late: _day(form_type, late, first + timedelta(days=8))}


def _to_come(form_type: FormType, given: Answers, _values: Answers) -> Iterator[Answers]:
    """It alone, or with everything else."""
    moments = [field.key for field in form_type.fields if field.kind in ("date", "datetime")]
    for keys in ([given["field"]], moments):
        yield {key: _day(form_type, key, date(2190, 1, 1)) for key in keys}


def _same(_form_type: FormType, given: Answers, values: Answers) -> Iterator[Answers]:
    """Two of them are one, of those that are there or of anybody."""
    anybody = [values[key] for key in given["fields"] if values.get(key)]
    anybody += [one.id for one in HERE.people()]
    for first, second in permutations(given["fields"], 2):
        yield from ({first: one, second: one} for one in anybody)


def _none(_form_type: FormType, given: Answers, _values: Answers) -> Iterator[Answers]:
    yield dict.fromkeys(given["fields"])


def _too_many(_form_type: FormType, given: Answers, _values: Answers) -> Iterator[Answers]:
    yield {given["field"]: 99}


def _contradicting(form_type: FormType, given: Answers, _values: Answers) -> Iterator[Answers]:
    """Every answer the field can have beside the others: those that contradict them are among these."""
    field = form_type.field(given["field"])
    answers = (True, False) if field.kind == "yesno" else field.settings.get("choices", ())
    yield from ({field.key: one} for one in answers)


def _named(_form_type: FormType, given: Answers, values: Answers) -> Iterator[Answers]:
    """One of the words in the midst of the text, torn by the end of a line too."""
    for word in (given["words"][0], "\n".join(given["words"][-1])):
        yield {given["field"]: f"{values[given['field']]}{word}，请知悉。"}


def _twice(_form_type: FormType, given: Answers, values: Answers) -> Iterator[Answers]:
    rows = values[given["table"]]
    yield {given["table"]: [rows[0], *rows]}


def _others(form_type: FormType, given: Answers, values: Answers) -> Iterator[Answers]:
    """Every row says the same, and nothing that is asked for."""
    (column,) = [one for one in form_type.field(given["table"]).columns if one.key == given["column"]]
    for word in column.settings["choices"]:
        if word not in given["in"]:
            yield {given["table"]: [{**row, column.key: word} for row in values[given["table"]]]}


def _day(form_type: FormType, key: str, day: date) -> str:
    return f"{day}" if form_type.field(key).kind == "date" else f"{day}T09:00"


BREAKING: dict[str, Callable[[FormType, Answers, Answers], Iterator[Answers]]] = {
    "not_before": _earlier,
    "not_after": _later,
    "not_in_future": _to_come,
    "differ": _same,
    "at_least_one": _none,
    "equals_sum": _too_many,
    "less_than_sum": _too_many,
    "refuse": _contradicting,
    "leaves_out": _named,
    "differ_rows": _twice,
    "every_row": _others,
    "some_row": _others,
}
