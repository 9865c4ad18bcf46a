"""Papers get every open answer as text, nothing confidential, and nothing that is not shown."""

from andu.formtypes.directory import NoDirectory
from andu.formtypes.filling.paper_values import paper_values
from tests.formtypes.making import form_of

FORM = form_of("""
- {key: flag, kind: yesno, label: 甲}
- {key: when_yes, kind: text, label: 乙, show_when: {field: flag, is: 是}}
- {key: secret, kind: text, label: 丙, confidential: true}
- {key: unprinted, kind: number, label: 丁, printed: false}
- {key: items, kind: table, label: 戊, columns: [
    {key: day, kind: date, label: 日}, {key: who, kind: person, label: 谁},
    {key: sealed, kind: yesno, label: 封}]}
""")


def test_answers_become_text_and_rows_are_numbered() -> None:
    rows = [{"day": "2026-03-05", "who": "zhangsan", "sealed": False}, {"day": "2026-11-22"}]
    values = {
        "first": "A&B",
        "flag": True,
        "when_yes": "有",
        "secret": "某人",
        "unprinted": 2.5,
        "items": rows,
    }
    assert paper_values(FORM, values, NoDirectory()) == {
        "first": "A&B",
        "flag": "是",
        "when_yes": "有",
        "unprinted": "2.5",
        "items": [
            {"no": "1", "day": "2026年3月5日", "who": "张三", "sealed": "否"},
            {"no": "2", "day": "2026年11月22日", "who": "", "sealed": ""},
        ],
    }


def test_every_open_key_is_there_also_without_an_answer() -> None:
    empty = {"first": "", "flag": "", "when_yes": "", "unprinted": "", "items": []}
    assert paper_values(FORM, {}, NoDirectory()) == empty


def test_value_of_a_hidden_field_is_not_printed() -> None:
    assert paper_values(FORM, {"flag": False, "when_yes": "有"}, NoDirectory())["when_yes"] == ""
