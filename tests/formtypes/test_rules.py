"""Rules between fields hold when they should, say what is wrong, and wait where an answer is missing."""

from datetime import UTC, datetime

import pytest

from andu.formtypes.directory import NoDirectory
from andu.formtypes.filling.webform import build, raw_from_values
from andu.formtypes.language.rules import RULES
from tests.formtypes.making import form_of

FIELDS = """
- {key: day, kind: date, label: 开始}
- {key: at, kind: datetime, label: 时刻}
- {key: count, kind: number, label: 实收}
- key: rows
  kind: table
  label: 清单
  columns:
    - {key: copies, kind: number, label: 份数}
    - {key: verdict, kind: choice, label: 结论, choices: [属实, 不属实]}
- {key: flag, kind: yesno, label: 齐全}
- {key: second, kind: text, label: 第二项, show_when: {not: {field: flag, is: 否}}}
"""
NOW = datetime(2026, 11, 22, 1, 2, tzinfo=UTC)  # 09:02 in the office


def said(rule: str, **values: object) -> list[str]:
    form_type = form_of(FIELDS, f"rules:\n  - {rule}\n")
    form = build(form_type, NoDirectory(), now=NOW)(raw_from_values(form_type, values))
    form.validate()
    return [f"{one.key}: {one.message}" for one in form.problems]


TRUE, FALSE = [{"copies": 1, "verdict": "属实"}], [{"copies": 2, "verdict": "不属实"}]
SUM = "{rule: equals_sum, field: count, table: rows, column: copies}"
LESS = SUM.replace("equals_sum", "less_than_sum")
ROWS = [{"copies": 2}, {"copies": 3}]

CASES = [
    (SUM, {"count": 5, "rows": ROWS}, []),
    (SUM, {"count": 4, "rows": ROWS}, ["count: 实收：应当等于“清单”的合计"]),
    (SUM, {"count": 0}, []),
    (SUM, {"count": 1}, ["count: 实收：应当等于“清单”的合计"]),
    (SUM, {"rows": ROWS}, []),
    (SUM.replace("}", ", when: {field: flag, is: 是}}"), {"count": 4, "rows": ROWS, "flag": False}, []),
    (
        SUM.replace("}", ", when: {field: flag, is: 是}}"),
        {"count": 4, "rows": ROWS, "flag": True},
        ["count: 实收：应当等于“清单”的合计"],
    ),
    (SUM.replace("}", ", message: 请重新清点}"), {"count": 4, "rows": ROWS}, ["count: 实收：请重新清点"]),
    (
        "{rule: not_before, field: day, other: at}",
        {"day": "2026-11-21", "at": "2026-11-22T08:00"},
        ["day: 开始：不能早于“时刻”"],
    ),
    ("{rule: not_before, field: day, other: at}", {"day": "2026-11-22", "at": "2026-11-22T08:00"}, []),
    ("{rule: not_before, field: day, other: at}", {"day": "2026-11-21"}, []),
    (
        "{rule: not_after, field: day, other: at}",
        {"day": "2026-11-23", "at": "2026-11-22T08:00"},
        ["day: 开始：不能晚于“时刻”"],
    ),
    ("{rule: not_after, field: day, other: at}", {"day": "2026-11-22", "at": "2026-11-22T08:00"}, []),
    ("{rule: not_in_future, field: at}", {"at": "2026-11-22T09:02"}, []),
    ("{rule: not_in_future, field: at}", {"at": "2026-11-22T09:03"}, ["at: 时刻：不能晚于现在"]),
    ("{rule: not_in_future, field: day}", {"day": "2026-11-22"}, []),
    ("{rule: not_in_future, field: day}", {"day": "2026-11-23"}, ["day: 开始：不能晚于现在"]),
    ("{rule: not_in_future, field: day}", {}, []),
    (
        "{rule: differ, fields: [first, second]}",
        {"first": "甲", "second": "甲"},
        ["first: 第一项：“第一项”、“第二项”不能相同"],
    ),
    ("{rule: differ, fields: [first, second]}", {"first": "甲", "second": "乙"}, []),
    ("{rule: differ, fields: [first, second]}", {}, []),
    ("{rule: differ, fields: [first, second]}", {"first": "甲", "second": "甲", "flag": False}, []),
    ("{rule: at_least_one, fields: [second, count]}", {}, ["second: 第二项：“第二项”、“实收”至少填写一项"]),
    ("{rule: at_least_one, fields: [second, count]}", {"count": 0}, []),
    (
        "{rule: at_least_one, fields: [second, count]}",
        {"flag": False},
        ["count: 实收：“第二项”、“实收”至少填写一项"],
    ),
    ("{rule: refuse, field: count, when: {field: flag, is: 是}, message: 不能这样填}", {"flag": False}, []),
    (
        "{rule: refuse, field: count, when: {field: flag, is: 是}, message: 不能这样填}",
        {"flag": True, "count": 1},
        ["count: 实收：不能这样填"],
    ),
    ("{rule: leaves_out, field: second, words: [举报, 线索]}", {"second": "查阅了单据"}, []),
    ("{rule: leaves_out, field: second, words: [举报, 线索]}", {}, []),
    (
        "{rule: leaves_out, field: second, words: [举报, 线索]}",
        {"second": "您举 报的"},
        ["second: 第二项：这里不能写“举报”“线索”"],
    ),
    ("{rule: differ_rows, table: rows, column: copies}", {"rows": [{"copies": 1}, {"copies": 2}]}, []),
    (
        "{rule: differ_rows, table: rows, column: copies}",
        {"rows": [{"copies": 1}, {"copies": 1}]},
        ["rows: 清单：“清单”里有两行写的是同一个"],
    ),
    ("{rule: every_row, table: rows, column: verdict, in: [属实]}", {"rows": TRUE}, []),
    (
        "{rule: every_row, table: rows, column: verdict, in: [属实]}",
        {"rows": TRUE + FALSE},
        ["rows: 清单：与“清单”各行的结论不一致：每一行都应当是“属实”"],
    ),
    ("{rule: some_row, table: rows, column: verdict, in: [属实]}", {"rows": TRUE + FALSE}, []),
    (
        "{rule: some_row, table: rows, column: verdict, in: [属实]}",
        {"rows": FALSE},
        ["rows: 清单：与“清单”各行的结论不一致：至少一行应当是“属实”"],
    ),
    (LESS, {"count": 4, "rows": ROWS}, []),
    (LESS, {"count": 5, "rows": ROWS}, ["count: 实收：应当少于“清单”的合计"]),
    (LESS, {"count": 6, "rows": ROWS}, ["count: 实收：应当少于“清单”的合计"]),
    (LESS, {"rows": ROWS}, []),
    (SUM, {"count": "x", "rows": ROWS}, ["count: 实收：请填写数字，例如 3"]),
]


@pytest.mark.parametrize(("rule", "values", "problems"), CASES)
def test_rule_holds_or_says_what_is_wrong(rule: str, values: dict[str, object], problems: list[str]) -> None:
    assert said(rule, **values) == problems


def test_every_rule_is_tried_both_ways() -> None:
    for name in RULES:
        outcomes = {bool(problems) for rule, _values, problems in CASES if f"rule: {name}," in rule}
        assert outcomes == {True, False}, name
