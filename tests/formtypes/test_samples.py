"""Samples are valid by construction, plain and longest ones, also where rules bind fields together."""

import pytest

from andu.formtypes.directory import NoDirectory, PlainDirectory, PlainPerson
from andu.formtypes.filling.samples import sample
from andu.formtypes.filling.webform import build, raw_from_values
from tests.formtypes.making import form_of

EVERYTHING = """
- {key: t, kind: text, label: 文字, required: true, max_length: 20}
- {key: l, kind: longtext, label: 长文, required: true, max_length: 700}
- {key: d, kind: text, label: 数码, required: true, digits: true, min_length: 6, max_length: 8}
- {key: n, kind: number, label: 数, required: true, min: 5, max: 8}
- {key: day, kind: date, label: 日, required: true}
- {key: at, kind: datetime, label: 时, required: true}
- {key: c, kind: choice, label: 选, required: true, choices: [甲, 很长很长的一项]}
- {key: m, kind: choices, label: 多选, required: true, choices: [甲, 乙, 丙]}
- {key: y, kind: yesno, label: 是否, required: true}
- {key: only_yes, kind: text, label: 是才填, required: true, show_when: {field: y, is: 是}}
- {key: only_first, kind: text, label: 甲才填, required: true, show_when: {field: c, is: 甲}}
- {key: only_no, kind: text, label: 否才填, required: true, show_when: {field: y, is: 否}}
- {key: u, kind: unit, label: 单位, required: true}
- {key: v, kind: unit, label: 另一单位, required: true}
- {key: p, kind: person, label: 人, required: true, of_unit: v}
- {key: ph, kind: phone, label: 电话, required: true}
- {key: id, kind: idnumber, label: 证号, required: true}
- {key: tb, kind: table, label: 表, required: true, min_rows: 2, max_rows: 5, columns: [
    {key: k, kind: number, label: 份, min: 1, max: 99}, {key: w, kind: text, label: 名, max_length: 9}]}
- {key: total, kind: number, label: 合计, required: true}
"""
RULES = """
rules:
  - {rule: equals_sum, field: total, table: tb, column: k}
  - {rule: not_before, field: day, other: at}
  - {rule: not_in_future, field: at}
  - {rule: at_least_one, fields: [only_yes, only_no]}
signatures: {slots: [{key: s, label: 签, roles: [head], fields: [total]}]}
"""


@pytest.mark.parametrize("worst", [False, True])
def test_web_form_accepts_its_own_sample(worst: bool) -> None:
    form_type = form_of(EVERYTHING, RULES)
    values = sample(form_type, NoDirectory(), worst)
    form = build(form_type, NoDirectory(), [field.key for field in form_type.fields])(
        raw_from_values(form_type, values)
    )
    assert form.validate(), form.problems
    assert form.values == values
    assert {"total", "tb", "p"} <= set(values)


def test_worst_sample_is_the_longest_allowed_everywhere_and_shows_most() -> None:
    values = sample(form_of(EVERYTHING, RULES), NoDirectory(), worst=True)
    assert len(values["t"]) == 20 and len(values["l"]) == 700 and values["d"] == "88888888"
    assert values["n"] == 8 and len(values["tb"]) == 5 and values["total"] == 5 * 99
    assert values["m"] == ["甲", "乙", "丙"]
    assert values["c"] == "甲", "the choice that shows another field, not the longest"
    assert "\n" in values["l"]


def test_sample_of_the_yaml_wins_and_people_are_found_where_they_are() -> None:
    form_type = form_of("""
        - {key: t, kind: text, label: 文字, sample: 写好的}
        - {key: p, kind: person, label: 人, sample: 李四}
        - {key: q, kind: person, label: 人, sample: 无此人}
    """)
    town = PlainDirectory({"u": "示例村"}, [PlainPerson("p1", "张三", "u"), PlainPerson("p2", "李四", "u")])
    assert sample(form_type, town) == {"first": "示例第一项", "t": "写好的", "p": "p2", "q": "p1"}
    assert sample(form_type, PlainDirectory()) == {"first": "示例第一项", "t": "写好的"}


def test_empty_sample_leaves_a_field_out_of_the_plain_sample_only() -> None:
    form_type = form_of("""
        - {key: day, kind: date, label: 日期, sample: ""}
        - {key: tb, kind: table, label: 表, columns: [
            {key: k, kind: number, label: 份}, {key: w, kind: text, label: 名, sample: ""}]}
    """)
    plain, worst = (sample(form_type, NoDirectory(), worst) for worst in (False, True))
    assert set(plain) == {"first", "tb"} and set(plain["tb"][0]) == {"k"}
    assert set(worst) == {"first", "day", "tb"} and set(worst["tb"][0]) == {"k", "w"}


def test_sample_that_must_be_less_than_a_sum_is_less() -> None:
    form_type = form_of(
        """
        - {key: tb, kind: table, label: 表, columns: [{key: k, kind: number, label: 份, min: 1, max: 9}]}
        - {key: got, kind: number, label: 实收, min: 0}
    """,
        "rules:\n  - {rule: less_than_sum, field: got, table: tb, column: k}\n",
    )
    for worst in (False, True):
        values = sample(form_type, NoDirectory(), worst)
        assert values["got"] == sum(row["k"] for row in values["tb"]) - 1


def test_sample_of_the_yaml_that_the_filler_may_not_choose_gives_way() -> None:
    form_type = form_of("- {key: u, kind: unit, label: 单位, only_own: true, sample: 镇扫黑办}")
    assert sample(form_type, NoDirectory())["u"] == "cun1"


def test_sample_of_fields_that_must_differ_differs() -> None:
    form_type = form_of(
        """
        - {key: u, kind: unit, label: 甲, required: true}
        - {key: v, kind: unit, label: 乙, required: true}
    """,
        "rules:\n  - {rule: differ, fields: [v, u]}\n",
    )
    for worst in (False, True):
        values = sample(form_type, NoDirectory(), worst)
        assert values["u"] != values["v"]
