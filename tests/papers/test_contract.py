"""Form and paper agree both ways; each disagreement is found and named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from andu.formtypes.catalogue import Catalogue
from andu.formtypes.definition import FormType
from andu.papers.context import COMMON_NAMES, ROW_NUMBER, SIGN_PARTS
from andu.papers.contract import ERROR, WARNING, Finding, check
from andu.papers.filters import FILTERS
from andu.papers.official import ELEMENTS
from andu.papers.ooxml import directive, paragraph
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
def test_shipped_paper_and_form_agree(shipped: FormType) -> None:
    assert check(shipped, (ROOT / "doc_templates" / f"{shipped.slug}.docx").read_bytes()) == []


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
        ("{{ first|upper }}", ("upper", "过滤器")),
    ],
)
def test_name_that_the_form_does_not_have_or_may_not_show_is_an_error(
    form_type: FormType, more: str, words: tuple[str, ...]
) -> None:
    (found,) = findings(form_type, more)
    assert found.severity == ERROR
    assert [word for word in words if word not in found.message] == []


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


def test_local_names_of_a_template_are_its_own_affair(form_type: FormType) -> None:
    more = "{% set note = first %}{{ note }}{% for copy in ['第一联', '第二联'] %}{{ copy }}{% endfor %}"
    assert findings(form_type, more) == []


def test_file_that_is_no_docx_is_a_finding_and_no_exception(form_type: FormType) -> None:
    assert [found.severity for found in check(form_type, b"no docx")] == [ERROR]


def test_readme_explains_every_name_filter_and_element_of_a_paper() -> None:
    readme = (ROOT / "doc_templates" / "README.md").read_text("utf-8")
    words = {*COMMON_NAMES, *SIGN_PARTS, *FILTERS, *ELEMENTS, ROW_NUMBER}
    explained = {word for code in re.findall("`([^`]+)`", readme) for word in re.findall(r"\w+", code)}
    assert words - explained == set()
