"""What a template may not say is refused with what to write instead."""

from __future__ import annotations

from typing import Any

import pytest

from andu.papers.faults import PaperFault
from andu.papers.template import compile_template
from tests.papers.making import docx_of
from tests.papers.pieces import cell, p, r, row, tbl

DATA: dict[str, Any] = {"name": "张三", "count": 2, "rows": [{"name": "甲"}], "words": ["甲", "乙"]}


def cells(*texts: str) -> str:
    return row(*(cell(p(r(text))) for text in texts))


REFUSED = {
    "{{ name|safe }}": "去掉“|safe”",
    "{{ rows|tojson }}": "{% for x in 名称 %} 逐行打印",
    "{{ name|strftime('%Y') }}": "日期按表单里的写法印",
    "{{ name|money }}": "没有“money”这个过滤器：能用的列在 doc_templates/README.md",
    "{{ name｜upper }}": "全角符号“｜”，请改成半角",
    "{{ name|default（'无'） }}": "全角符号“（”，请改成半角",
    "{% for w in words %}{% break %}{% endfor %}": "没有“break”这种标签，能用的是 if、for 和 set",
    "{% with x = name %}{{ x }}{% endwith %}": "请写成 {% set x = 名称 %}",
    "{% set x %}甲{% endset %}{{ x }}": "请写成 {% set x = 名称 %}",
    "{% macro f(x) %}{{ x }}{% endmacro %}{{ f(name) }}": "请写成 {% set x = 名称 %}",
    "{% for i in range(count) %}{{ i }}{% endfor %}": "写 {% for x in 名称 %}，序号用 {{ loop.index }}",
    "{{ name.split('、')[0] }}": "要用过滤器，如 {{ a|upper }}",
    "{{ count + 1 }}": "请由表单来算",
    "{{ name ~ name }}": "请写成 {{ a }}{{ b }}",
    "{%tr for x in rows %}": "“{%tr … %}”要放在表格里，自己占一行",
    "{% vm %}合": "只能用在循环里",
    "{{r name }}": "请写成 {{ name }}；要带字体、颜色的，写成 {{r name|rich(bold=true) }}",
    "{{p name }}": "请在单独的一段里写 {{ name }}",
    "{{ words }}": "要逐行打印",
}
IN_TABLES = {
    "one row opens and closes": (cells("{%tr for x in rows %}{{ x.name }}", "{%tr endfor %}"),),
    "two begin in one row": (
        cells("{%tr for x in rows %}", "{%tr if x.name %}"),
        cells("{{ x.name }}", ""),
        cells("{%tr endif %}", "{%tr endfor %}"),
    ),
}


def why_not(xml: str) -> str:
    with pytest.raises(PaperFault) as fault:
        compile_template(docx_of(xml)).fill(DATA)
    return str(fault.value)


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_says_what_to_write_instead(text: str) -> None:
    said = why_not(tbl(cells(text, "")) if "vm" in text else p(r(text)))
    assert REFUSED[text] in said
    assert "%%" not in said


@pytest.mark.parametrize("rows", IN_TABLES.values(), ids=IN_TABLES)
def test_tags_that_share_a_row_are_told_apart(rows: tuple[str, ...]) -> None:
    assert "一行表格里只能有一个 {%tr" in why_not(tbl(*rows))
