"""Form and paper agree both ways; each disagreement is found, named, and told with its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from andu.formtypes.definition import PAPER_NAMES, FormType
from andu.formtypes.faults import FormFaults
from andu.formtypes.language.catalogue import Catalogue
from andu.papers.checks.contract import ERROR, WARNING, Finding, check, examining
from andu.papers.context import COMMON_NAMES, ROW_NUMBER, SIGN, SIGN_PARTS
from andu.papers.drawing.official import ELEMENTS
from andu.papers.drawing.ooxml import Cell, directive, paragraph, row, table
from andu.papers.template.filters import FILTERS
from tests.formtypes.making import form_of
from tests.papers.making import FACE, docx_of

ROOT = Path(__file__).parents[2]
FORMS = Catalogue.load(ROOT / "forms").all()
TABLE = """
- key: items
  kind: table
  label: 材料清单
  columns:
    - {key: name, kind: text, label: 材料名称}
    - {key: copies, kind: number, label: 份数}
- {key: reporter, kind: text, label: 举报人, confidential: true, printed: false}
- {key: inner, kind: text, label: 内部备注, printed: false}
"""
SIGNED = """
signatures:
  slots:
    - {key: head, label: 单位负责人, roles: [head], unit: own, order: 1}
"""
GOOD = (
    paragraph("{{ number }}{{ first }}{{ sign.head.name }}{{ sign.head.opinion|or_blank('　') }}", FACE)
    + directive("for row in items")
    + paragraph("{{ row.no }}{{ row.name }}{{ row.copies }}{{ loop.index }}", FACE)
    + directive("endfor")
)


@pytest.fixture(scope="module")
def form_type() -> FormType:
    return form_of(TABLE, SIGNED)


def findings(form_type: FormType, more: str, good: str = GOOD) -> list[Finding]:
    return check(form_type, docx_of(good + paragraph(more, FACE)))


@pytest.mark.parametrize("shipped", FORMS, ids=lambda form_type: form_type.slug)
def test_shipped_paper_and_form_agree_and_every_sample_fills_it(shipped: FormType) -> None:
    assert examining.findings(shipped, (ROOT / "doc_templates" / f"{shipped.slug}.docx").read_bytes()) == []


def test_agreement_has_no_findings(form_type: FormType) -> None:
    assert findings(form_type, "") == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("{{ frist }}", ("frist", "是不是“first”")),
        ("{% if nubmer %}有{% endif %}", ("nubmer", "是不是“number”")),
        ("{{ sign.haed.name }}", ("haed", "是不是“head”")),
        ("{{ sign.head.nmae }}", ("nmae", "是不是“name”")),
        ("{% for r in items %}{{ r.nmae }}{% endfor %}", ("材料清单", "nmae", "是不是“name”")),
        ("{% set all = items %}{% for r in all %}{{ r.copy }}{% endfor %}", ("材料清单", "是不是“copies”")),
        ("{{ items }}", ("材料清单", "逐行打印")),
        ("{{ items.name }}", ("材料清单", "items.name")),
        ("{% for x in first %}{{ x }}{% endfor %}", ("第一项", "不是表格")),
        ("{{ first.name }}", ("第一项", "不是表格")),
        ("{{ number.name }}", ("number", "一段文字")),
        ("{{ reporter }}", ("举报人", "保密项")),
        ("{% if reporter %}有{% endif %}", ("举报人", "保密项")),
        ("{{ first|nosuch }}", ("nosuch", "过滤器")),
        ("{{ items[0].name }}", ("按行号",)),
        ("{% if items|length == 2 %}{{ items[3].name }}{% endif %}", ("按行号",)),
        ("{% if items|length == 2 %}{{ items.1.name }}{% endif %}", ("按行号",)),
        ("{% if items|length == 0 %}{{ items[0].name }}{% endif %}", ("按行号",)),
        ("{% if not items|length == 1 %}{{ items[0].name }}{% endif %}", ("按行号",)),
        ("{% if items or first %}{{ items[0].name }}{% endif %}", ("按行号",)),
        ("{% if items or 'x' %}{{ items[0].name }}{% endif %}", ("按行号",)),
        ("{% if (items or 'x')|date %}{{ items[0].name }}{% endif %}", ("按行号",)),
        ("{% if items|or_blank('x') %}{{ items[0].name }}{% endif %}", ("按行号",)),
        ("{% if (items if first else 'x') %}{{ items[0].name }}{% endif %}", ("按行号",)),
        ("{% for r in items %}{{ items[loop.index].name }}{% endfor %}", ("按行号",)),
        ("{{ (first|paragraphs)[5].text }}", ("按行号",)),
        ("{% for p in items[1].name|paragraphs %}{{ p.text }}{% endfor %}", ("按行号",)),
        ("{{ ['甲', '乙'][5] }}", ("按行号",)),
        (
            "{% for p in first|paragraphs %}{% for q in first|paragraphs %}x{% endfor %}{% endfor %}",
            ("循环里又套了",),
        ),
        (
            "{% for p in first|paragraphs %}{% for q in p.text|paragraphs %}x{% endfor %}{% endfor %}",
            ("循环里又套了",),
        ),
        ("{% for r in items %}{% for s in items %}x{% endfor %}{% endfor %}", ("循环里又套了",)),
        ("{% for r in items %}{% for p in first|paragraphs %}x{% endfor %}{% endfor %}", ("循环里又套了",)),
        ("{% for a in [1, 2, 3, 4, 5] %}{% for b in [1, 2, 3, 4, 5] %}x{% endfor %}{% endfor %}", ("循环",)),
        ("{% for a in 'aaaaaaaaaa' %}x{% endfor %}", ("循环里又套了",)),
        ("{{ items|or_blank('无') }}", ("材料清单", "逐行打印")),
        ("{% set all = items %}{{ all }}", ("材料清单", "逐行打印")),
        ("{% set one = items if first else items %}{{ one }}", ("材料清单", "逐行打印")),
        ("{% for r in items %}{{ r }}{% endfor %}", ("材料清单", "一行", "印哪一项")),
        ("{% for r in items %}{% for c in r.name %}甲{% endfor %}{% endfor %}", ("材料名称", "不是表格")),
        ("{% for x in first|or_blank('无') %}甲{% endfor %}", ("第一项", "不是表格")),
        ("{% set one = first %}{% for x in one %}甲{% endfor %}", ("第一项", "不是表格")),
        ("{% for p in first|paragraphs %}{{ p.haed }}{% endfor %}", ("haed", "是不是“head”")),
        ("{{ first|paragraphs }}", ("第一项", "逐行打印")),
        ("{{ copies }}", ("copies", "“材料清单”的一列", "row.copies")),
        ("{% for r in items %}{{ r.name }}{% endfor %}{{ r.name }}", ("“r”", "循环外面")),
        ("{{ sign }}", ("签名栏", "印哪一项")),
        ("{{ sign.head }}", ("单位负责人", "印哪一项")),
        ("{% set r = reporter %}", ("举报人", "保密项")),
        ("{% for r in [reporter] %}{{ r }}{% endfor %}", ("举报人", "保密项")),
        ("{{ first if reporter else '' }}", ("举报人", "保密项")),
        ("{% set note = frist %}", ("frist", "是不是“first”")),
    ],
)
def test_name_that_the_form_does_not_have_or_may_not_show_is_an_error(
    form_type: FormType, more: str, words: tuple[str, ...]
) -> None:
    (found,) = findings(form_type, more)
    assert found.severity == ERROR
    assert [word for word in words if word not in found.message] == []


def test_inner_loop_knows_the_row_of_the_outer_one(form_type: FormType) -> None:
    inner = "{% for p in r.name|paragraphs %}{{ r.copies }}{{ p.text }}{% endfor %}"
    assert findings(form_type, f"{{% for r in items %}}{inner}{{% endfor %}}") == []


def test_finding_is_told_with_the_words_of_its_paragraph(form_type: FormType) -> None:
    (found,) = findings(form_type, "现将线索{{ frist }}移交你单位")
    assert found.where == "现将线索{{ frist }}移交你单位"
    wrong = findings(form_type, "", GOOD.replace("for row in items", "for row in itmes"))
    assert "{% for row in itmes %}" in [one.where for one in wrong]
    long = findings(form_type, "字" * 50 + "{{ frist }}")
    assert [one.where for one in long] == ["字" * 30]


def test_finding_in_a_footer_says_that_it_is_one(form_type: FormType) -> None:
    (found,) = check(form_type, docx_of(GOOD, footer="{{ frist }}"))
    assert found.where == "页脚：{{ frist }}"


def test_one_word_wrong_in_two_paragraphs_is_found_in_both(form_type: FormType) -> None:
    twice = paragraph("甲{{ frist }}", FACE) + paragraph("乙{{ frist }}", FACE)
    found = findings(form_type, "", GOOD + twice)
    assert [one.where for one in found] == ["乙{{ frist }}", "甲{{ frist }}"]


MAYBE = """
- {key: method, kind: choice, label: 方式, required: true, choices: [当面, 密封, 邮寄]}
- {key: sure, kind: yesno, label: 属实, required: true}
- {key: bag, kind: text, label: 密封袋, require_when: {field: method, is: 密封}}
- {key: hidden, kind: text, label: 情形, required: true, show_when: {field: sure, is: 是}}
- {key: both, kind: text, label: 两样, required: true, show_when: {all: [
    {field: method, in: [密封, 邮寄]}, {not: {field: sure, is: 否}}]}}
- key: pages
  kind: table
  label: 页
  columns: [{key: count, kind: number, label: 页数}, {key: name, kind: text, label: 名称, required: true}]
"""
PRINTS_ALL = paragraph("{{ number }}{{ first }}{{ method }}{{ sure }}{{ bag }}", FACE) + (
    paragraph("{{ hidden }}{{ both }}{% for row in pages %}{{ row.count }}{{ row.name }}{% endfor %}", FACE)
)


@pytest.mark.parametrize(
    "sentence",
    [
        "密封袋（{{ bag }}）",
        "经核查，{{ hidden }}",
        "属于{{ hidden }}情形",
        "共{{ first }}份",
        "代号{{ confidential_code }}，请保密",
        "{% for row in pages %}共{{ row.count }}页{% endfor %}",
        "{% if method %}袋号{{ bag }}。{% endif %}",
        "{% if method == '当面' %}袋号{{ bag }}。{% endif %}",
        "{% if method != '密封' %}袋号{{ bag }}。{% endif %}",
        "{% if method in ['密封', '邮寄'] %}袋号{{ bag }}。{% endif %}",
        "{% if bag or first %}袋号{{ bag }}。{% endif %}",
        "{% if bag %}有{% else %}袋号{{ bag }}。{% endif %}",
        "{% if sure == '是' %}袋号{{ bag }}。{% endif %}",
        "{% if method == '密封' %}属于{{ both }}情形{% endif %}",
    ],
)
def test_what_may_be_empty_is_not_printed_bare_in_a_sentence(sentence: str) -> None:
    (found,) = check(form_of(MAYBE), docx_of(PRINTS_ALL + paragraph(sentence, FACE)))
    assert found.severity == WARNING
    assert "可能没有内容" in found.message
    assert found.where == sentence[:30]


def test_default_that_an_empty_answer_does_not_bring_about_is_told() -> None:
    (found,) = check(form_of(MAYBE), docx_of(PRINTS_ALL + paragraph("{{ bag|default('无') }}", FACE)))
    assert (found.severity, "default('…', true)" in found.message) == (WARNING, True)


@pytest.mark.parametrize(
    "sentence",
    [
        "{{ bag }}",
        "密封袋编号：{{ bag }}",
        "密封袋编号 {{ bag }}",
        "方式：{{ method }}　密封袋：{{ bag }}　　情形：{{ hidden }}",
        "以{{ method }}方式移交",
        "袋号{{ bag|or_blank('无') }}。",
        "袋号{{ bag|default('无', true) }}。",
        "{{ bag|d('无', boolean=true) }}",
        "{{ bag|default('') }}",
        "{{ method|default('无') }}",
        "袋号{{ bag or '无' }}。",
        "袋号{{ bag if bag else '无' }}。",
        "{% if bag %}袋号{{ bag }}。{% endif %}",
        "{% if bag != '' and first %}袋号{{ bag }}。{% endif %}",
        "{% if not bag %}无{% else %}袋号{{ bag }}。{% endif %}",
        "{% set number_of_bag = bag %}{% if bag %}袋号{{ number_of_bag }}。{% endif %}",
        "{% if method == '密封' %}袋号{{ bag }}。{% endif %}",
        "{% if sure == '是' %}属于{{ hidden }}情形{% endif %}",
        "{% if sure != '否' and method in ['密封', '邮寄'] %}属于{{ both }}情形{% endif %}",
        "{% for row in pages %}{% if row.count %}共{{ row.count }}页{% endif %}{{ row.name }}。{% endfor %}",
        "{% for row in pages if row.count %}共{{ row.count }}页{% endfor %}",
    ],
)
def test_label_condition_or_blank_make_up_for_what_may_be_empty(sentence: str) -> None:
    assert check(form_of(MAYBE), docx_of(PRINTS_ALL + paragraph(sentence, FACE))) == []


@pytest.mark.parametrize(
    ("printed", "severity", "word"),
    [
        ("{{ first }}", ERROR, "“第一项”（first）没有印"),
        ("{{ number }}", ERROR, "编号"),
        ("{{ sign.head.name }}", ERROR, "单位负责人"),
        ("{{ row.copies }}", WARNING, "份数"),
    ],
)
def test_what_the_form_asks_and_the_paper_leaves_out_is_found(
    form_type: FormType, printed: str, severity: str, word: str
) -> None:
    (found,) = findings(form_type, "", GOOD.replace(printed, ""))
    assert found.severity == severity
    assert word in found.message


def test_name_that_is_only_tested_does_not_count_as_printed(form_type: FormType) -> None:
    (found,) = findings(form_type, "{% if first %}有{% endif %}", GOOD.replace("{{ first }}", ""))
    assert "第一项" in found.message


def test_official_document_need_not_show_its_signatures() -> None:
    outward = form_of(TABLE, SIGNED + "paper: 通知\n")
    assert findings(outward, "", GOOD.replace("{{ sign.head.name }}", "")) == []


@pytest.mark.parametrize(
    "more",
    [
        "{{ remark|default('无') }}",
        "{{ remark|d('') }}",
        "{% if remark %}{{ remark }}{% endif %}",
        "{% if not remark %}无{% else %}{{ remark }}{% endif %}",
        "{% if remark is defined %}备注：{{ remark }}。{% endif %}",
        "{% if remark is defined and first %}{{ remark }}{% endif %}",
        "{{ remark or '无' }}",
        "{{ remark if remark else '无' }}",
        "{% if remark %}{% for r in remark %}{{ r.x }}{% endfor %}{% endif %}",
    ],
)
def test_name_that_need_not_be_there_is_told_and_fills(form_type: FormType, more: str) -> None:
    found = findings(form_type, more)
    assert {one.severity for one in found} == {WARNING}
    assert all("remark" in one.message and "当作没有" in one.message for one in found)


@pytest.mark.parametrize(
    "more",
    [
        "{{ remark }}{% if remark %}有{% endif %}",
        "{% if remark == '甲' %}有{% endif %}",
        "{{ remark|upper }}",
        "{% if remark %}有{% endif %}{{ remark }}",
        "{% if remark.x %}有{% endif %}",
    ],
)
def test_name_that_is_used_as_if_it_were_there_is_an_error(form_type: FormType, more: str) -> None:
    assert ERROR in {one.severity for one in findings(form_type, more)}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("{{ items|map(attribute='nmae')|join('、') }}", "是不是“name”"),
        ("{{ items|join('、', attribute='nmae') }}", "是不是“name”"),
        ("{{ (items|first).nmae }}", "是不是“name”"),
        ("{% for r in items|sort(attribute='no') %}{{ r.nmae }}{% endfor %}", "是不是“name”"),
        ("{% for r in items|selectattr('name') %}{{ r.nmae }}{% endfor %}", "是不是“name”"),
        ("{% for two in items|batch(2) %}{% for r in two %}{{ r.nmae }}{% endfor %}{% endfor %}", "“name”"),
        ("{% for g in items|groupby('nmae') %}{{ g.grouper }}{% endfor %}", "是不是“name”"),
        (
            "{% for g in items|groupby('name') %}{% for r in g.list %}{{ r.nmae }}{% endfor %}{% endfor %}",
            "是不是“name”",
        ),
        ("{{ items|upper }}", "逐行打印"),
        ("{{ items|first }}", "印哪一项"),
        ("{{ frist|upper|trim }}", "是不是“first”"),
        ("{{ reporter|default('无') }}", "保密项"),
        ("{{ frist|default('无') }}", "是不是“first”"),
    ],
)
def test_what_filters_make_of_rows_and_texts_is_followed(form_type: FormType, more: str, words: str) -> None:
    (found,) = findings(form_type, more)
    assert (found.severity, words in found.message) == (ERROR, True), found


@pytest.mark.parametrize(
    "printed",
    [
        "{{ items|map(attribute='name')|join('、') }}{{ items|map(attribute='copies')|join }}",
        "{% for r in items|sort(attribute='name') %}{{ r.name }}{{ r.copies|int }}{% endfor %}",
        "{% for two in items|batch(2) %}{% for r in two %}{{ r.name }}{{ r.copies }}{% endfor %}{% endfor %}",
        "{% for g in items|groupby('name') %}{{ g.grouper }}{% for r in g.list %}{{ r.copies }}{% endfor %}"
        "{% endfor %}",
        "{% for r in items|default([]) %}{{ r.name|upper }}{{ r.copies|replace('a', 'b') }}{% endfor %}",
    ],
)
def test_what_is_printed_through_filters_counts_as_printed(form_type: FormType, printed: str) -> None:
    assert findings(form_type, printed, GOOD[: GOOD.index(directive("for row in items"))]) == []


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (paragraph("办理意见：{%p if first %}", FACE) + directive("endif"), ("整段", "“办理意见：”")),
        (directive("if first") + paragraph("{%p endif %}此处盖章", FACE), ("整段", "“此处盖章”")),
        (paragraph("{#p 说明 #}正文", FACE), ("整段", "“正文”")),
        (
            table([900] * 2, [row([Cell(paragraph(text, FACE), 900) for text in texts]) for texts in (
                ("{%tr if first %}", "备注"), ("{{ first }}", ""), ("{%tr endif %}", ""))]),
            ("整行", "“备注”"),
        ),
        (
            table([900] * 2, [row([Cell(paragraph(text, FACE), 900) for text in texts]) for texts in (
                ("{%tc if first %}甲", "{%tc endif %}"),)]),
            ("整个单元格", "“甲”"),
        ),
    ],
)  # fmt: skip
def test_words_that_vanish_with_a_tag_are_an_error(
    form_type: FormType, xml: str, words: tuple[str, ...]
) -> None:
    (found,) = check(form_type, docx_of(GOOD + xml))
    assert found.severity == ERROR
    assert [word for word in words if word not in found.message] == []
    assert found.where


def test_row_tag_outside_of_a_table_is_an_error(form_type: FormType) -> None:
    more = paragraph("{%tr if first %}", FACE)
    assert any("不在表格里" in one.message for one in check(form_type, docx_of(GOOD + more)))


def test_field_that_counts_on_in_a_second_copy_is_told(form_type: FormType) -> None:
    field = '<w:p><w:fldSimple w:instr=" SEQ 图 "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p>'
    copies = directive("for copy in ['第一联', '第二联']") + field + directive("endfor")
    (found,) = check(form_type, docx_of(GOOD + copies))
    assert (found.severity, "SEQ" in found.message) == (WARNING, True)
    rows = directive("for r in items") + field + paragraph("{{ r.name }}", FACE) + directive("endfor")
    assert check(form_type, docx_of(GOOD + field + rows)) == []


def test_local_names_of_a_template_are_its_own_affair(form_type: FormType) -> None:
    more = "{% set note = first %}{{ note }}{% for copy in ['第一联', '第二联'] %}{{ copy }}{% endfor %}"
    assert findings(form_type, more) == []


def test_file_that_is_no_docx_is_a_finding_and_no_exception(form_type: FormType) -> None:
    assert [found.severity for found in check(form_type, b"no docx")] == [ERROR]


@pytest.mark.parametrize("name", [*COMMON_NAMES, SIGN])
def test_no_field_may_have_the_name_of_what_every_paper_has(name: str) -> None:
    with pytest.raises(FormFaults, match=name):
        form_of(f"- {{key: {name}, kind: text, label: 某项}}\n")


def test_names_of_every_paper_are_the_same_for_forms_and_papers() -> None:
    assert {*COMMON_NAMES, SIGN} == {*PAPER_NAMES}


def test_readme_explains_every_name_filter_and_element_of_a_paper() -> None:
    readme = (ROOT / "doc_templates" / "README.md").read_text("utf-8")
    words = {*COMMON_NAMES, *SIGN_PARTS, *FILTERS, *ELEMENTS, ROW_NUMBER}
    explained = {word for code in re.findall("`([^`]+)`", readme) for word in re.findall(r"\w+", code)}
    assert words - explained == set()


@pytest.mark.parametrize(
    "more",
    [
        "{% if items|length == 1 %}{{ items[0].name }}{% endif %}",
        "{% if items %}{{ items[0].name }}{% endif %}",
        "{% if items|length != 0 %}{{ items[0].name }}{% endif %}",
        "{% if items|length == 0 %}无{% else %}{{ items[0].name }}{% endif %}",
        "{% for copy in ['第一联', '第二联'] %}{% for row in items %}{{ row.name }}{% endfor %}{% endfor %}",
        "{% for row in items %}{% for p in row.name|paragraphs %}{{ p.text }}{% endfor %}{% endfor %}",
    ],
)
def test_first_row_where_there_is_one_and_loops_that_do_not_multiply_are_right(
    form_type: FormType, more: str
) -> None:
    assert findings(form_type, more) == []
