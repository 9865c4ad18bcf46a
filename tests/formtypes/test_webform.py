"""The web form: names, what is kept, what is wrong and where, and what is never read."""

import time
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from andu.formtypes.directory import NoDirectory, PlainDirectory
from andu.formtypes.filling.webform import (
    Problem,
    build,
    data_problems,
    keep_raw,
    raw_from_values,
    read_loosely,
    starting_raw,
)
from tests.formtypes.making import answered, form_of, messages, typed

TABLE = """
- key: items
  kind: table
  label: 清单
  required: true
  min_rows: 1
  max_rows: 3
  columns:
    - {key: name, kind: text, label: 名称, required: true}
    - {key: copies, kind: number, label: 份数, integer: true, min: 1}
    - {key: sealed, kind: yesno, label: 密封}
- {key: total, kind: number, label: 合计}
"""
EMPTY = NoDirectory()


def test_keys_that_are_names_of_wtforms_do_no_harm() -> None:
    names = [
        "validate",
        "data",
        "errors",
        "process",
        "meta",
        "populate_obj",
        "values",
        "form_type",
        "items",
        "pop",
        "keys",
    ]
    fields = "\n".join(f"- {{key: {name}, kind: number, label: {name}, required: true}}" for name in names)
    columns = ", ".join(f"{{key: {name}, kind: number, label: {name}, required: true}}" for name in names)
    form_type = form_of(fields + f"\n- {{key: rows, kind: table, label: 表, columns: [{columns}]}}")
    assert {one.key for one in answered(form_type).problems} == set(names)
    given_values = dict.fromkeys(names, 1) | {"rows": [dict.fromkeys(names, 2)]}
    form = answered(form_type, **given_values)
    assert form.problems == []
    assert form.values == given_values


def test_names_are_prefixed_and_rows_are_numbered() -> None:
    form_type = form_of(TABLE)
    raw = raw_from_values(form_type, {"first": "甲", "items": [{"name": "乙", "copies": 2, "sealed": False}]})
    assert raw == {
        "f_first": ["甲"],
        "f_items-0-name": ["乙"],
        "f_items-0-copies": ["2"],
        "f_items-0-sealed": ["否"],
    }
    form = typed(form_type, raw)
    assert [cell.name for cell in form["items"].rows[0]] == [
        "f_items-0-name",
        "f_items-0-copies",
        "f_items-0-sealed",
    ]
    assert [cell.name for cell in form["items"].blank_row()] == [
        "f_items-__n__-name",
        "f_items-__n__-copies",
        "f_items-__n__-sealed",
    ]


def test_only_declared_names_are_kept() -> None:
    posted = MultiDict(
        [
            ("f_first", "甲"),
            ("state", "filed"),
            ("number", "1"),
            ("f_unit_id", "u"),
            ("__proto__", "x"),
            ("f___class__", "x"),
            ("f_items-0-name", "乙"),
            ("f_items-0-state", "x"),
            ("f_items-²-name", "x"),
            ("f_items-٣-name", "x"),
            ("f_items-01-name", "x"),
            ("f_items-99999999999-name", "x"),
            ("f_items--1-name", "x"),
            ("f_first-0-name", "x"),
            ("first", "x"),
        ]
    )
    form_type = form_of(TABLE)
    assert keep_raw(form_type, posted) == {"f_first": ["甲"], "f_items-0-name": ["乙"]}
    form = build(form_type, EMPTY)(posted)
    assert form.validate()
    assert form.values == {"first": "甲", "items": [{"name": "乙"}]}


def test_nothing_typed_is_lost_when_it_is_wrong() -> None:
    form = typed(
        form_of(TABLE + "- {key: day, kind: date, label: 日期}"),
        {
            "f_day": ["下周三"],
            "f_total": ["很多"],
            "f_items-0-name": [" 甲 "],
            "f_items-0-copies": ["两份"],
        },
    )
    assert form["day"].typed == ["下周三"]
    assert 'value="下周三"' in form["day"]() and 'type="text"' in form["day"]()
    assert 'value="很多"' in form["total"]()
    cells = list(form["items"].rows[0])
    assert 'value=" 甲 "' in cells[0]() and 'value="两份"' in cells[1]()


def test_day_that_can_be_read_goes_into_the_native_input() -> None:
    form = typed(
        form_of("- {key: day, kind: date, label: 日}\n- {key: at, kind: datetime, label: 时}"),
        {
            "f_day": ["2026年11月22日"],
            "f_at": ["2026/11/22 9:05"],
        },
    )
    assert 'type="date"' in form["day"]() and 'value="2026-11-22"' in form["day"]()
    assert 'type="datetime-local"' in form["at"]() and 'value="2026-11-22T09:05"' in form["at"]()
    assert 'type="date"' in build(form.form_type, EMPTY)()["day"]()


def test_problems_come_in_the_order_of_the_page_with_the_input_to_jump_to() -> None:
    form = typed(
        form_of(TABLE + "- {key: how, kind: choice, label: 方式, required: true, choices: [甲, 乙]}"),
        {
            "f_items-0-name": ["甲"],
            "f_items-0-copies": ["x"],
            "f_items-4-copies": ["0"],
            "f_total": ["y"],
        },
    )
    assert form.problems == [
        Problem("items", "f_items-0-copies", "清单 第 1 行 份数", "清单 第 1 行 份数：请填写整数，例如 3"),
        Problem("items", "f_items-1-name", "清单 第 2 行 名称", "清单 第 2 行 名称：请填写"),
        Problem("items", "f_items-1-copies", "清单 第 2 行 份数", "清单 第 2 行 份数：不能小于 1"),
        Problem("total", "f_total", "合计", "合计：请填写数字，例如 3"),
        Problem("how", "f_how", "方式", "方式：请选择一项"),
    ]
    assert form["total"].errors == ["请填写数字，例如 3"]
    ids = [cell.id for row in form["items"].rows for cell in row] + [one.id for one in form["how"].options]
    assert {one.anchor_id for one in form.problems} <= {*ids, "f_total"}


def test_blank_rows_do_not_count() -> None:
    form_type = form_of(TABLE)
    form = typed(
        form_type, {"f_items-0-name": [" \u3000"], "f_items-1-name": ["甲"], "f_items-2-copies": [""]}
    )
    assert form.values == {"items": [{"name": "甲"}]}
    assert messages(typed(form_type, {"f_items-0-name": [""]})) == ["清单：请至少填写一行"]
    assert messages(typed(form_type, {})) == ["清单：请至少填写一行"]


def test_too_many_rows_are_shown_and_refused_and_never_more_than_bounded() -> None:
    form_type = form_of(TABLE)
    form = answered(form_type, items=[{"name": str(n)} for n in range(5)])
    assert messages(form) == ["清单：最多 3 行，现在有 5 行"]
    assert [row["name"].text for row in form["items"].rows] == ["0", "1", "2", "3", "4"]
    flood = {f"f_items-{n}-name": ["x"] for n in range(9999)}
    assert len(keep_raw(form_type, flood)) == 23
    assert len(typed(form_type, flood)["items"].rows) == 23


def test_fields_of_signers_are_not_on_the_clerks_form() -> None:
    form_type = form_of(
        TABLE,
        """
        rules:
          - {rule: equals_sum, field: total, table: items, column: copies}
        signatures:
          slots:
            - {key: giver, label: 甲, roles: [clerk]}
            - {key: receiver, label: 乙, roles: [head], fields: [total]}
    """,
    )
    clerk = answered(
        form_type, first="x", items=[{"name": "甲", "copies": 2}, {"name": "乙", "copies": 3}], total=4
    )
    assert clerk.problems == []
    assert "total" not in clerk and "total" not in clerk.values
    assert [[one.definition.key for one in fields] for _section, fields in clerk.fields_by_section()] == [
        ["first", "items"]
    ]

    def receiver(total: str) -> list[str]:
        form = build(form_type, EMPTY, form_type.slot("receiver").fields, known=clerk.values)(
            {"f_total": [total]}
        )
        form.validate()
        assert set(form.values) <= {"total"}
        return messages(form)

    assert receiver("4") == ["合计：应当等于“清单”的合计"]
    assert receiver("5") == []


def test_rule_waits_until_every_field_it_looks_at_has_been_asked() -> None:
    form_type = form_of(
        "- {key: later, kind: text, label: 后填}",
        """
        rules: [{rule: at_least_one, fields: [first, later]}]
        signatures: {slots: [{key: s, label: 签, roles: [head], fields: [later]}]}
        """,
    )
    assert answered(form_type).problems == []
    signer = build(form_type, EMPTY, ["later"], known={})({})
    signer.validate()
    assert messages(signer) == ["后填：“第一项”、“后填”至少填写一项"]
    signer = build(form_type, EMPTY, ["later"], known={"first": "甲"})({})
    assert signer.validate()


def test_condition_of_a_signers_field_looks_at_what_the_clerk_said() -> None:
    form_type = form_of(
        """
        - {key: sealed, kind: yesno, label: 密封}
        - {key: bag, kind: text, label: 袋号, show_when: {field: sealed, is: 是}, required: true}
    """,
        "signatures: {slots: [{key: s, label: 签, roles: [head], fields: [bag]}]}",
    )
    for sealed, problems in ((True, ["bag"]), (False, [])):
        form = build(form_type, EMPTY, ["bag"], known={"sealed": sealed})({})
        form.validate()
        assert [one.key for one in form.problems] == problems


def test_what_is_typed_in_a_draft_is_read_loosely_for_previews() -> None:
    form_type = form_of(TABLE)
    raw = {
        "f_first": ["甲"],
        "f_total": ["很多"],
        "f_items-0-name": ["乙"],
        "f_items-0-copies": ["x"],
        "f_items-1-copies": ["y"],
    }
    assert read_loosely(form_type, raw, EMPTY) == {"first": "甲", "items": [{"name": "乙"}]}
    assert read_loosely(form_type, {}, EMPTY) == {}


def test_raw_of_some_values_has_only_their_names_and_survives_the_way_back() -> None:
    form_type = form_of(TABLE)
    assert raw_from_values(form_type, {"total": 0, "unknown": 1}) == {"f_total": ["0"]}
    values = {"first": "甲", "items": [{"name": "乙", "copies": 1, "sealed": False}], "total": 2.5}
    assert answered(form_type, **values).values == values


def test_new_draft_is_typed_as_its_defaults_say() -> None:
    form_type = form_of(
        """
        - {key: u, kind: unit, label: 单位, default: own}
        - {key: t, kind: datetime, label: 时间, default: now}
        """
    )
    now = datetime(2026, 11, 22, 1, 2, tzinfo=UTC)
    assert starting_raw(form_type, PlainDirectory({"u1": "村"}, own_unit="u1"), "p1", now) == {
        "f_u": ["u1"],
        "f_t": ["2026-11-22T09:02"],
    }


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"frist": "x"}, "“first”"),
        ({"first": {"a": 1}}, "第一项"),
        ({"first": True}, "第一项"),
        ({"total": [1]}, "合计"),
        ({"items": "x"}, "清单"),
        ({"items": [{"nmae": "x"}]}, "清单 第 1 行没有“nmae”这一项；是否应为“name”"),
        ({"items": [{"name": "x"}, {"copies": []}]}, "清单 第 2 行 份数"),
    ],
)
def test_json_data_of_a_wrong_shape_is_named(data: dict[str, object], said: str) -> None:
    (problem,) = data_problems(form_of(TABLE), data)
    assert said in problem.message


def test_right_json_data_has_no_problems() -> None:
    assert (
        data_problems(
            form_of(TABLE),
            {"first": None, "items": [{"name": "x", "copies": 2, "sealed": None}], "total": "3"},
        )
        == []
    )


PAYLOAD = "</label><script>alert(1)</script>\" onload='x' <b>&amp;"


class Elements(HTMLParser):
    """The elements of a piece of HTML, and their text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _value in attrs}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_words_from_yaml_and_people_make_no_element() -> None:
    quoted = "'" + PAYLOAD.replace("'", "''")[:55] + "'"
    form_type = form_of(f"""
        - {{key: a, kind: choice, label: {quoted}, choices: [{quoted}, b]}}
        - {{key: b, kind: choices, label: {quoted}, choices: [{quoted}, b]}}
        - {{key: c, kind: unit, label: {quoted}}}
        - {{key: d, kind: longtext, label: {quoted}}}
        - {{key: e, kind: table, label: {quoted}, columns: [
            {{key: x, kind: choice, label: {quoted}, choices: [{quoted}]}}]}}
        - {{key: g, kind: attachments, label: {quoted}}}
    """)
    directory = PlainDirectory({"u": PAYLOAD}, attachments={"f": PAYLOAD})
    form = typed(
        form_type, {"f_first": [PAYLOAD], "f_d": [PAYLOAD], "f_c": [PAYLOAD], "f_g": ["f"]}, directory
    )
    fields = [one for one in form if one.short_name != "e"] + list(form["e"].rows[0])
    found = Elements("".join([str(piece) for one in fields for piece in (one(), one.label())]))
    assert found.names == {"input", "select", "option", "textarea", "div", "label"}
    assert not {"onload", "onerror"} & found.attributes
    assert PAYLOAD in found.words


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["f_first", "f_total", "f_items-0-name", "f_items-1-copies", "f_items-7-sealed"]),
        st.lists(st.text(max_size=20), max_size=2),
    )
)
def test_whatever_is_posted_valid_values_stay_valid(raw: dict[str, list[str]]) -> None:
    form_type = form_of(TABLE)
    form = typed(form_type, raw)
    for field in form:
        assert isinstance(str(field.label), str)
    if not form.problems:
        again = typed(form_type, raw_from_values(form_type, form.values))
        assert (again.values, again.problems) == (form.values, [])


def test_form_of_a_request_is_cheap() -> None:
    form_type = form_of(TABLE + "\n".join(f"- {{key: k{n}, kind: text, label: 第{n}项}}" for n in range(30)))
    build(form_type, EMPTY)({}).validate()
    began = time.process_time()
    for _round in range(20):
        build(form_type, EMPTY)({"f_first": ["x"]}).validate()
    # About a millisecond each; the bound is wide because test machines are slow at times.
    assert (time.process_time() - began) / 20 < 0.02
