"""A faulty form file is refused with file, line, key, what is wrong, the nearest right word; all at once."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andu.formtypes.definition import FormType
from andu.formtypes.faults import Fault, FormFaults
from andu.formtypes.kinds import KINDS
from andu.formtypes.language.reading import read_form, read_text
from tests.formtypes.making import HEAD, form_of, yaml_of

FORMS = Path(__file__).parents[2] / "forms"


def faults_of(text: str, series: list[str] | None = None) -> list[Fault]:
    with pytest.raises(FormFaults) as refused:
        read_text(text, "example", "example.yaml", series)
    return refused.value.faults


def field(text: str) -> str:
    return yaml_of(f"- {{{text}}}")


def a(text: str) -> str:
    """A file whose second field is of this kind and has these settings."""
    return field(f"key: a, label: 甲, kind: {text}")


def slot(text: str) -> str:
    """A file with one signature."""
    return HEAD + f"signatures: {{slots: [{{key: s, label: 签, roles: [head], {text}}}]}}\n"


def recusing(place: str, more: str = "") -> str:
    """A file with one signature, which whoever stands in this field does not give."""
    one = f"{{key: s, label: 签, roles: [head]{more}}}"
    return HEAD + f"signatures: {{recuse: [{place}], slots: [{one}]}}\n"


def receipt(text: str, rest: str = "") -> str:
    """A file with a signature, and a receipt given once it has its number."""
    first = "    - {key: s, label: 签, roles: [head]}\n"
    second = f"    - {{key: r, label: 收, roles: [head], after_number: true, {text}}}\n"
    return f"{HEAD}signatures:\n  slots:\n{first}{second}{rest}"


B = "{key: b, kind: text, label: 乙"
IN_RULE = "  enough: [{key: e, label: 都签, sets: [[s, r]]}]\n"


# (what is wrong, the file, the line, the end of the key's path, words of the message)
FAULTY = [
    ("unknown key", HEAD + "discription: x\n", 10, "discription", ["没有“discription”这个键", "description"]),
    ("unknown field key", a("text, requird: true"), 10, "requird", ["“required”"]),
    ("unknown kind", a("numbr"), 10, "kind", ["没有“numbr”这种字段", "“number”"]),
    ("setting of another kind", a("date, max_length: 3"), 10, "max_length", ["max_length"]),
    ("missing key", field("key: a, kind: text"), 10, "fields[1]", ["缺少“label”"]),
    ("missing setting", a("choice"), 10, "fields[1]", ["缺少“choices”"]),
    ("not a flag", a("text, required: yes"), 10, "required", ["true 或 false"]),
    ("not whole", a("text, max_length: many"), 10, "max_length", ["整数"]),
    ("not a number", a("number, min: .inf"), 10, "min", ["数字"]),
    ("empty", field("key: a, kind: text, label: "), 10, "label", ["空的"]),
    ("not a list", a("choice, choices: 乙"), 10, "choices", ["列表"]),
    ("empty list", a("choice, choices: []"), 10, "choices", ["1 到 80 项"]),
    ("not a mapping", yaml_of("- just text"), 10, "fields[1]", ["键: 值"]),
    ("a group for a value", field("key: [a], kind: text, label: 甲"), 10, "key", ["不是一组"]),
    ("bad name", field("key: Überall, kind: text, label: 甲"), 10, "key", ["小写字母"]),
    ("too long", field("key: a, kind: text, label: " + "长" * 61), 10, "label", ["最多 60"]),
    ("field twice", field("key: first, kind: text, label: 甲"), 10, "key", ["第 9 行已经有了"]),
    ("paper's own name", field("key: number, kind: text, label: 甲"), 10, "key", ["公文模板自己用的名字"]),
    ("template's own word", field("key: not, kind: text, label: 甲"), 10, "key", ["公文模板自己用的名字"]),
    ("choice twice", a("choice, choices: [乙, 乙]"), 10, "choices", ["写了两次"]),
    ("least over most", a("text, min_length: 9, max_length: 3"), 10, "min_length", ["大于"]),
    ("min over max", a("number, min: 9, max: 3"), 10, "min", ["大于"]),
    ("no day", a("date, earliest: 2026-2-1"), 10, "earliest", ["应当是日期"]),
    ("rows", a(f"table, min_rows: 9, max_rows: 3, columns: [{B}}}]"), 10, "min_rows", ["大于"]),
    ("column twice", a(f"table, columns: [{B}}}, {B}}}]"), 10, "columns[1].key", ["重复"]),
    (
        "table in a table",
        a("table, columns: [{key: b, kind: table, label: 乙}]"),
        10,
        "columns[0].kind",
        ["没有“table”这种字段"],
    ),
    (
        "condition in a column",
        a(f"table, columns: [{B}, show_when: {{field: first, filled: true}}}}]"),
        10,
        "show_when",
        ["没有“show_when”"],
    ),
    ("bad sample", a("number, sample: 三"), 10, "sample", ["请填写数字"]),
    (
        "bad column sample",
        a("table, columns: [{key: b, kind: date, label: 乙, sample: 昨天}]"),
        10,
        "columns[0].sample",
        ["请填写日期"],
    ),
    ("bad default", a("datetime, default: noww"), 10, "default", ["“now”"]),
    ("default of a person", a("person, default: mee"), 10, "default", ["“me”"]),
    ("unknown role", a("person, roles: [haed]"), 10, "roles[0]", ["“head”"]),
    ("of no unit", a("person, of_unit: onw"), 10, "of_unit", ["“own”"]),
    ("follows nothing", a("unit, follows: b, by_answer: {甲: shb}"), 10, "follows", ["“b”"]),
    ("follows without units", a("unit, follows: a"), 10, "by_answer", ["by_answer"]),
    (
        "condition on nothing",
        a("text, show_when: {field: frist, filled: true}"),
        10,
        "show_when",
        ["“first”"],
    ),
    (
        "condition on itself",
        a("text, require_when: {field: a, filled: true}"),
        10,
        "require_when",
        ["“a”不存在"],
    ),
    ("unknown comparison", a("text, show_when: {field: first, iss: x}"), 10, "iss", ["“is”"]),
    ("half a condition", a("text, show_when: {field: first}"), 10, "show_when", ["field 加 is"]),
    ("in without a list", a("text, show_when: {field: first, in: x}"), 10, "in", ["列表"]),
    (
        "contains of one word",
        a("text, show_when: {field: first, contains: x}"),
        10,
        "show_when",
        ["不能用 contains 比较，只能用 filled"],
    ),
    (
        "a number compared",
        a("text, show_when: {field: n, is: 3}").replace(
            "- {key: a", "- {key: n, kind: number, label: 数}\n      - {key: a"
        ),
        11,
        "show_when",
        ["“n”是 number 字段，不能用 is 比较，只能用 filled"],
    ),
    (
        "a unit compared",
        a("text, show_when: {field: u, in: [cun1]}").replace(
            "- {key: a", "- {key: u, kind: unit, label: 甲}\n      - {key: a"
        ),
        11,
        "show_when",
        ["不能用 in 比较，只能用 filled"],
    ),
    (
        "one of several compared with contains",
        a("text, show_when: {field: c, contains: 乙}").replace(
            "- {key: a", "- {key: c, kind: choice, label: 甲, choices: [乙]}\n      - {key: a"
        ),
        11,
        "show_when",
        ["只能用 is、in、filled"],
    ),
    (
        "several compared with is",
        a("text, show_when: {field: c, is: 乙}").replace(
            "- {key: a", "- {key: c, kind: choices, label: 甲, choices: [乙]}\n      - {key: a"
        ),
        11,
        "show_when",
        ["只能用 contains、filled"],
    ),
    ("no sample of what is required", a('text, required: true, sample: ""'), 10, "sample", ["不能是空的"]),
    ("of no form", HEAD.replace("[clerk]", "[clrek]"), 3, "filled_by[0]", ["“clerk”"]),
    ("title of nothing", HEAD.replace("[first]", "[frist]"), 5, "record_title[0]", ["“first”"]),
    (
        "next for no unit field",
        HEAD + "next: [{form: f, unit: 'field:first'}]\n",
        10,
        "next[0].unit",
        ["unit 字段"],
    ),
    ("share with a text", HEAD + "share_with: [first]\n", 10, "share_with[0]", ["unit 字段"]),
    ("unknown paper", HEAD + "paper: 通知书\n", 10, "paper", ["“通知”"]),
    ("unknown rule", HEAD + "rules:\n  - {rule: equal_sum}\n", 11, "rules[0].rule", ["“equals_sum”"]),
    ("rule without parameter", HEAD + "rules:\n  - {rule: not_in_future}\n", 11, "rules[0]", ["缺少“field”"]),
    (
        "rule on a wrong kind",
        HEAD + "rules:\n  - {rule: not_in_future, field: first}\n",
        11,
        "rules[0].field",
        ["date、datetime"],
    ),
    ("slot of no field", slot("fields: [frist]"), 10, "fields[0]", ["“first”"]),
    ("slot of no unit field", slot("unit: 'field:first'"), 10, "unit", ["unit 字段"]),
    ("slot of an odd unit", slot("unit: 'felid:first'"), 10, "unit", ["own、any"]),
    (
        "slot twice",
        HEAD + "signatures:\n  slots:\n" + "    - {key: s, label: 签, roles: [head]}\n" * 2,
        13,
        "slots[1].key",
        ["写了两次"],
    ),
    ("receipt with fields", receipt("order: 2, fields: [first]"), 13, "slots[1].fields", ["不能再填字段"]),
    ("receipt too early", receipt("order: 1"), 13, "slots[1].order", ["次序要排在取号以前各处之后"]),
    ("receipt in a rule", receipt("order: 2", IN_RULE), 13, "slots[1].after_number", ["签字规则 enough"]),
    ("recused by nothing", recusing("nothing"), 10, "recuse[0]", ["没有字段“nothing”"]),
    (
        "recused by what a signer fills",
        recusing("first", ", fields: [first]"),
        10,
        "recuse[0]",
        ["签字时才填"],
    ),
    ("receipt alone", slot("after_number: true"), 10, "slots[0].after_number", ["不能只有取号以后的签收"]),
    ("signed title", slot("fields: [first]"), 5, "record_title[0]", ["不能作标题"]),
    (
        "prefill into nothing",
        a("reference, form: other, prefill: {frist: number}"),
        10,
        "prefill.frist",
        ["“first”"],
    ),
    ("a key twice", HEAD + "title: 又一个\n", 10, "title", ["写了两次"]),
    ("an alias", HEAD + "rules: &a []\nnext: *a\n", 10, "-", ["引用"]),
    ("a tag", HEAD + "description: !!python/object:os.system x\n", 10, "-", ["标记"]),
    ("two documents", HEAD + "---\ntitle: x\n", 10, "-", ["一种表单"]),
    ("no YAML", HEAD + "description: [\n", 10, "-", ["不是正确的 YAML"]),
    ("nothing", "", 1, "-", ["空的"]),
    ("a list", "- a\n", 1, "-", ["键: 值"]),
    ("too deep", "[" * 40, 1, "-", ["嵌套太深"]),
    ("too large", HEAD + "#" * 300_000, 1, "-", ["256 KB"]),
    ("a control character", HEAD + "description: \x01\n", 1, "-", ["不是正确的 YAML"]),
]


@pytest.mark.parametrize(("what", "text", "line", "key", "words"), FAULTY, ids=[one[0] for one in FAULTY])
def test_fault_is_named_with_file_line_key_and_nearest_word(
    what: str, text: str, line: int, key: str, words: list[str]
) -> None:
    found = faults_of(text)
    fitting = [one for one in found if one.key.endswith(key) and all(word in one.message for word in words)]
    assert fitting, found
    assert (fitting[0].file, fitting[0].line) == ("example.yaml", line)


def test_one_fault_is_told_once() -> None:
    assert len(faults_of(a("text, requird: true"))) == 1
    assert len(faults_of(a("numbr, integer: true"))) == 1


def test_all_faults_of_a_file_come_at_once_in_the_order_of_its_lines() -> None:
    text = yaml_of(
        """
        - {key: a, kind: numbr, label: 甲}
        - {key: b, kind: text, label: 乙, requird: true, show_when: {field: c, filled: true}}
        - {key: c, kind: choice, label: 丙}
    """,
        "rules:\n  - {rule: differ, fields: [b, x]}\npeper: internal\n",
    )
    lines = [one.line for one in faults_of(text, ["doc"])]
    assert set(lines) >= {4, 10, 11, 12, 14, 15}
    assert lines == sorted(lines)


def test_unknown_series_is_named_only_where_the_office_is_known() -> None:
    assert form_of().series == "example"
    assert [one.key for one in faults_of(yaml_of(), ["exampel"])] == ["series"]


def test_scalars_stay_text_unless_a_key_is_a_number() -> None:
    form = form_of("- {key: a, kind: choice, label: no, choices: [yes, no, 010, null, 1e3, 2026-11-22]}")
    assert form.field("a").label == "no"
    assert form.field("a").settings["choices"] == ("yes", "no", "010", "null", "1e3", "2026-11-22")


def test_condition_values_become_what_their_field_holds() -> None:
    form = form_of("""
        - {key: flag, kind: yesno, label: 甲}
        - {key: how, kind: choice, label: 乙, choices: ["010", "（一）"]}
        - key: a
          kind: text
          label: 丙
          show_when: {all: [{field: flag, is: 是}, {field: how, in: [010, (一)]}]}
    """)
    condition = form.field("a").show_when
    assert condition is not None
    assert condition.as_data() == {
        "all": [{"field": "flag", "is": True}, {"field": "how", "in": ["010", "（一）"]}]
    }


def test_any_kind_can_be_asked_whether_it_is_filled() -> None:
    needs = {
        "choice": ", choices: [乙]",
        "choices": ", choices: [乙]",
        "reference": ", form: other",
        "table": ", columns: [{key: c, kind: text, label: 列}]",
    }
    for kind in KINDS:
        form = form_of(f"""
            - {{key: a, label: 甲, kind: {kind}{needs.get(kind, "")}}}
            - {{key: b, label: 乙, kind: text, show_when: {{field: a, filled: true}}}}
        """)
        assert form.field("b").show_when is not None


def test_condition_value_that_no_answer_can_have_is_a_fault() -> None:
    text = yaml_of("""
        - {key: how, kind: choice, label: 甲, choices: [当面, 密封]}
        - {key: a, kind: text, label: 乙, show_when: {field: how, is: 密风}}
    """)
    assert [(one.line, "“密封”" in one.message) for one in faults_of(text)] == [(11, True)]


def test_version_is_the_hash_of_the_very_text() -> None:
    one, same, other = form_of(), form_of(), form_of(rest="description: x\n")
    assert one.version == same.version != other.version
    assert one.source == yaml_of()


def test_slug_is_the_name_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "my_form.yaml").write_text(HEAD, "utf-8")
    assert read_form(tmp_path / "my_form.yaml").slug == "my_form"
    (tmp_path / "My-Form.yaml").write_text(HEAD, "utf-8")
    with pytest.raises(FormFaults, match="文件名"):
        read_form(tmp_path / "My-Form.yaml")


def test_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_bytes("title: 线索".encode("gb18030"))
    with pytest.raises(FormFaults, match="UTF-8"):
        read_form(tmp_path / "bad.yaml")


SHIPPED = [path.read_text("utf-8") for path in sorted(FORMS.glob("*.yaml"))]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SHIPPED), st.data())
def test_any_damage_gives_a_form_type_or_faults_and_nothing_else(text: str, data: st.DataObject) -> None:
    lines = text.split("\n")[:60]
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at] = data.draw(
        st.sampled_from(
            ["", "- a", "  x: [", "    ? {a: b}", "key: {}", lines[at] * 2, lines[at][2:], lines[at] + " x"]
        )
    )
    try:
        read = read_text("\n".join(lines), "example")
    except FormFaults as refused:
        assert all(fault.line >= 1 and fault.message for fault in refused.faults)
    else:
        assert isinstance(read, FormType)
