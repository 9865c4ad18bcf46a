"""Conditions decide by one truth table, which the browser's own test reads too."""

import json
from pathlib import Path
from typing import Any

import pytest

from andu.formtypes.conditions import Condition, holds
from tests.formtypes.making import answered, form_of

CASES = json.loads((Path(__file__).parent / "condition_cases.json").read_text("utf-8"))

CHAIN = """
- {key: has, kind: yesno, label: 有无}
- {key: what, kind: choice, label: 什么, choices: [甲, 乙], show_when: {field: has, is: 是}}
- {key: more, kind: text, label: 说明, required: true, show_when: {field: what, is: 乙}}
- {key: why, kind: text, label: 理由, require_when: {field: has, is: 否}}
"""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_condition_decides_as_the_shared_table_says(case: dict[str, Any]) -> None:
    assert holds(case["condition"], case["values"]) is case["holds"]
    assert holds(Condition(case["condition"]), case["values"]) is case["holds"]


def test_no_condition_always_holds() -> None:
    assert holds(None, {})


def test_condition_names_its_fields_once_and_is_plain_data() -> None:
    data = {
        "any": [
            {"field": "a", "is": 1},
            {"not": {"all": [{"field": "b", "filled": True}, {"field": "a", "is": 2}]}},
        ]
    }
    condition = Condition(data)
    assert condition.fields() == ("a", "b")
    assert json.loads(json.dumps(condition.as_data())) == data


def test_value_of_a_hidden_field_does_not_show_others() -> None:
    form = form_of(CHAIN)
    assert form.shown({"has": False, "what": "乙", "more": "x"}) == {"first", "has", "why"}
    assert form.shown({"has": True, "what": "乙"}) == {"first", "has", "what", "more", "why"}


def test_hidden_answer_is_not_stored_and_its_errors_do_not_count() -> None:
    form = answered(form_of(CHAIN), has=False, what="丙", more="x", why="因为")
    assert form.problems == []
    assert form.values == {"has": False, "why": "因为"}


def test_field_is_required_while_its_condition_holds() -> None:
    form_type = form_of(CHAIN)
    assert [one.key for one in answered(form_type, has=False).problems] == ["why"]
    assert answered(form_type, has=True).problems == []
    assert [one.key for one in answered(form_type, has=True, what="乙").problems] == ["more"]
