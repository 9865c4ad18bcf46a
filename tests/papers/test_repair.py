"""What a Chinese keyboard makes of tags is repaired, and said; everything else stays byte for byte."""

from __future__ import annotations

import pytest

from andu.papers.checks.repair import repair
from andu.papers.drawing.ooxml import paragraph, run
from andu.papers.template import compile_template
from andu.papers.template.package import read_package
from tests.papers.making import FACE, docx_of, text_of


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("｛｛ a ｝｝", "{{ a }}"),
        ("{｛ a ｝}", "{{ a }}"),
        ("｛{ a }｝", "{{ a }}"),
        ("{ { a } }", "{{ a }}"),
        ("{　｛ a ｝\u00a0}", "{{ a }}"),
        ("｛％ if a ％｝甲｛％ endif ％｝", "{% if a %}甲{% endif %}"),
        ("{ % if a % }甲{％ endif ％}", "{% if a %}甲{% endif %}"),
        ("{{ a|or_blank(“无”) }}", '{{ a|or_blank("无") }}'),
        ("{{ a|or_blank(‘无’) }}", "{{ a|or_blank('无') }}"),
        ("{{ a｜or_blank（‘无’） }}", "{{ a|or_blank('无') }}"),
        ("{{ row．name }}", "{{ row.name }}"),
        ("{{ row。name }}", "{{ row.name }}"),
        ("{{ unit＿name }}", "{{ unit_name }}"),
        ("{% if a in [‘甲’，‘乙’] %}丙{% endif %}", "{% if a in ['甲','乙'] %}丙{% endif %}"),
        ("{{\u00a0a\u3000}}", "{{ a }}"),
        ("{{ a\u200b }}", "{{ a }}"),
        ("{{ ａ１ }}", "{{ a1 }}"),
    ],
)
def test_tag_from_a_chinese_keyboard_is_repaired_and_said(written: str, meant: str) -> None:
    repaired, notes = repair(docx_of(f"前文，{written}。后文"))
    assert text_of(repaired) == f"前文，{meant}。后文"
    assert notes and all("改成了" in note for note in notes)


@pytest.mark.parametrize(
    "text",
    [
        "前文｛甲｝，（乙）“丙”‘丁’　戊",
        "只有一半｛｛ a",
        "另一半 a ｝｝",
        "百分之五％｝和｛％",
        "{{ a|or_blank('（未编号）') }}",
        "{{ a|or_blank('　　年　月　日') }}",
        '{{ a|or_blank("“无”，｛｝") }}',
        "{% if a == '甲，乙' %}丙{% endif %}",
    ],
)
def test_ordinary_text_and_what_stands_between_quotes_stay_byte_for_byte(text: str) -> None:
    docx = docx_of(text)
    assert repair(docx) == (docx, [])


def test_curly_quotes_outside_of_tags_stay_beside_a_repaired_one() -> None:
    repaired, _notes = repair(docx_of("“引文”，（注）｛甲｝｛｛ a ｝｝"))
    assert text_of(repaired) == "“引文”，（注）｛甲｝{{ a }}"


def test_tag_that_word_split_over_runs_is_repaired() -> None:
    pieces = ("甲｛", "｛ a", "｜or_blank（", "‘无", "’） ", "｝", "｝乙")
    runs = "".join(run(piece, FACE) for piece in pieces)
    repaired, notes = repair(docx_of(paragraph(runs, FACE)))
    assert text_of(repaired) == "甲{{ a|or_blank('无') }}乙"
    assert text_of(compile_template(repaired).fill({"a": ""})) == "甲无乙"
    assert notes == ["“｛｛ a｜or_blank（‘无’） ｝｝”改成了“{{ a|or_blank('无') }}”。"]


def test_tags_of_two_paragraphs_are_never_taken_for_one() -> None:
    docx = docx_of(paragraph("｛｛ a", FACE) + paragraph("b ｝｝", FACE))
    assert repair(docx) == (docx, [])


def test_footer_and_title_are_repaired_and_other_parts_stay() -> None:
    docx = docx_of("正文", footer="｛｛ a ｝｝", title="｛｛ b ｝｝")
    repaired, _notes = repair(docx)
    before, after = read_package(docx), read_package(repaired)
    assert sorted(name for name in before if before[name] != after[name]) == [
        "docProps/core.xml",
        "word/footer_default.xml",
    ]
    assert text_of(compile_template(repaired).fill({"a": "甲", "b": "乙"}), "word/footer_default.xml") == "甲"


def test_repairing_twice_changes_nothing_more() -> None:
    once, _notes = repair(docx_of("｛｛ a ｝｝ ｛％ if b ％｝甲｛％ endif ％｝"))
    assert repair(once) == (once, [])
