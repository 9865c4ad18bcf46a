"""Dry runs: what only shows with certain answers is found before a clerk gives them, and says with which."""

from __future__ import annotations

from typing import Any

import pytest

from andu.formtypes.definition import FormType
from andu.papers.checks import rehearsal
from andu.papers.checks.contract import ERROR, Finding
from andu.papers.checks.contract.examining import examine, findings, payload
from andu.papers.checks.rehearsal import cast_of, context_of
from andu.papers.drawing.ooxml import directive, paragraph
from andu.papers.faults import PaperFault
from andu.papers.template import Template
from tests.formtypes.making import form_of
from tests.papers.making import FACE, docx_of

FORM = """
- {key: result, kind: choice, label: 核查结论, required: true, choices: [不属实, 属实]}
- {key: issue, kind: longtext, label: 情况, show_when: {field: result, is: 属实}}
- key: files
  kind: table
  label: 附件
  max_rows: 30
  columns: [{key: name, kind: text, label: 名称, required: true}]
"""
SIGNED = "signatures: {slots: [{key: head, label: 负责人, roles: [head]}]}"
GOOD = (
    paragraph("{{ number }}{{ first }}{{ result }}{{ issue }}{{ sign.head.name }}", FACE)
    + directive("for row in files")
    + paragraph("{{ row.name }}", FACE)
    + directive("endfor")
)


@pytest.fixture(scope="module")
def form_type() -> FormType:
    return form_of(FORM, SIGNED)


def found(form_type: FormType, more: str) -> list[Finding]:
    return findings(form_type, docx_of(GOOD + paragraph(more, FACE)))


def test_paper_that_every_sample_fills_has_no_findings(form_type: FormType) -> None:
    assert found(form_type, "{% if result == '属实' %}是{% else %}否{% endif %}") == []


@pytest.mark.parametrize(
    ("more", "sample"),
    [
        ("{{ first|tick(9) }}", "空白草稿"),
        ("{% if result and not files %}{{ first|tick(9) }}{% endif %}", "最短样例"),
        ("{% if files|length == 1 %}{{ first|tick(9) }}{% endif %}", "一般样例"),
        ("{% if files|length == 20 %}{{ first|tick(9) }}{% endif %}", "“附件” 20 行的样例"),
        ("{% if files|length == 30 %}{{ first|tick(9) }}{% endif %}", "最长样例"),
        (
            "{% if result == '不属实' and not files and not first %}{{ first|tick(9) }}{% endif %}",
            "当“核查结论”为“不属实”时",
        ),
        ("{% if issue and sign.head.name == '' %}{{ first|tick(9) }}{% endif %}", "最长样例（未签字）"),
        (
            "{% for p in issue|paragraphs %}{% if p.level == 3 %}{{ first|tick(9) }}{% endif %}{% endfor %}",
            "各级标题",
        ),
    ],
)
def test_fault_that_shows_only_with_some_answers_is_an_error_and_names_them(
    form_type: FormType, more: str, sample: str
) -> None:
    (one,) = found(form_type, more)
    assert one.severity == ERROR
    assert sample in one.message
    assert "tick(9)" in one.message, "the words of the paragraph"


def test_samples_are_not_tried_while_a_name_is_wrong(form_type: FormType) -> None:
    (one,) = found(form_type, "{{ frist }}")
    assert "试填" not in one.message


def test_something_left_unprinted_does_not_keep_the_samples_from_being_tried(form_type: FormType) -> None:
    paper = docx_of(GOOD.replace("{{ first }}", "{{ number|tick(9) }}"))
    messages = [one.message for one in findings(form_type, paper)]
    assert any("没有印在纸上" in message for message in messages)
    assert any("空白草稿" in message for message in messages)


def contexts(form_type: FormType) -> list[dict[str, Any]]:
    return [context_of(form_type, sample) for sample in cast_of(form_type)]


def test_samples_reach_both_branches_of_every_condition_and_all_numbers_of_rows(form_type: FormType) -> None:
    seen = contexts(form_type)
    assert {one["result"] for one in seen} == {"", "不属实", "属实"}
    assert {bool(one["issue"]) for one in seen if one["result"] == "属实"} == {True, False}
    assert {len(one["files"]) for one in seen} == {0, 1, 20, 30}
    assert {one["sign"]["head"]["name"] for one in seen} == {"", "示例"}
    assert {len(one["first"]) for one in seen} >= {0, 200}


def test_condition_over_several_fields_comes_out_both_ways() -> None:
    deep = form_of(
        """
        - {key: source, kind: choice, label: 来源, choices: [甲, 乙, 丙]}
        - {key: known, kind: yesno, label: 知情, show_when: {not: {field: source, is: 甲}}}
        - key: who
          kind: text
          label: 何人
          show_when: {any: [{field: source, is: 甲}, {field: known, is: 是}]}
        """
    )
    seen = {(one["source"], one["known"], bool(one["who"])) for one in contexts(deep)}
    assert ("甲", "", True) in seen
    assert ("", "是", True) in seen, "shown by the other half of its condition"
    assert ("", "", False) in seen


def test_examine_answers_for_each_paper_in_plain_data(form_type: FormType) -> None:
    good, bad = docx_of(GOOD), docx_of(GOOD + paragraph("现将{{ frist }}移交", FACE))
    first, second = examine(payload([(form_type, good), (form_type, bad)]))
    assert first == []
    assert second == [
        {
            "severity": "error",
            "message": "表单里没有“frist”这一项，是不是“first”？",
            "where": "现将{{ frist }}移交",
        }
    ]


def test_what_is_filled_is_read_again_as_the_office_does(
    form_type: FormType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(docx: bytes, template: Template, context: object) -> None:
        raise PaperFault("读不回来")

    monkeypatch.setattr(rehearsal, "reread", refuse)
    (one,) = found(form_type, "x")
    assert "读不回来" in one.message


def test_braces_that_shall_be_printed_pass(form_type: FormType) -> None:
    assert found(form_type, "{_{ 字 }_}") == []
