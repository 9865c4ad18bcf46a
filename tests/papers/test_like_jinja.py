"""What others write in their templates prints here what it prints with docxtpl and Jinja as they come."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docxtpl import DocxTemplate

from andu.papers.checks.reread import reread
from andu.papers.faults import PaperFault
from andu.papers.template import compile_template
from tests.papers.making import docx_of, text_of
from tests.papers.pieces import cell, p, r, row, tbl

DATA: dict[str, Any] = {
    "name": "zhang san",
    "text": "甲A&B <关于> 'x'\n第二行",
    "spaced": "  甲 ",
    "empty": "",
    "n": 3.14159,
    "whole": 7,
    "figure": "42.5",
    "yes": True,
    "words": ["乙", "甲", "B", "a", "甲"],
    "none_there": [],
    "rows": [
        {"name": "宣传单", "kind": "纸", "copies": 20},
        {"name": "海报", "kind": "纸", "copies": 3},
        {"name": "横幅", "kind": "布", "copies": 5},
    ],
    "group": {"b": "二", "a": "一"},
}
SAME = [
    "{{ missing|default('无') }}", "{{ missing|d('无') }}", "{{ empty|default('无') }}",
    "{{ empty|default('无', true) }}", "{{ name|default('无') }}", "{{ empty or '无' }}",
    "{{ words|count }}{{ words|length }}{{ name|length }}", "{{ words|first }}{{ words|last }}",
    "{{ none_there|first }}{{ none_there|last }}空", "{{ words|join('、') }}", "{{ words|join }}",
    "{{ rows|join('、', attribute='name') }}", "{{ rows|map(attribute='name')|join('、') }}",
    "{{ name|upper }}{{ name|lower }}{{ name|title }}{{ name|capitalize }}", "[{{ spaced|trim }}]",
    "{{ name|trim('zn') }}", "{{ name|replace('a', '&') }}", "{{ name|replace('a', 'b', 1) }}",
    "{{ n|round }}{{ n|round(2) }}{{ n|round(1, 'ceil') }}{{ n|round|int }}",
    "{{ figure|int }}{{ figure|float }}{{ name|int }}{{ name|int(9) }}{{ name|float(1.5) }}",
    "{{ -3|abs }}", "{{ words|sort|join }}", "{{ words|sort(reverse=true)|join }}",
    "{{ words|sort(case_sensitive=true)|join }}", "{{ words|unique|join }}", "{{ words|reverse|join }}",
    "{{ rows|sort(attribute='copies')|map(attribute='name')|join }}", "{{ rows|sum(attribute='copies') }}",
    "{{ rows|map(attribute='copies')|sum }}", "{{ rows|map(attribute='copies')|min }}",
    "{{ (rows|max(attribute='copies')).name }}", "{{ (rows|first).name }}", "{{ none_there|max }}空",
    "{{ name|wordcount }}", "{{ name|truncate(5) }}|{{ name|truncate(6, true, '…', 0) }}",
    "{{ '%s有%d份'|format(name, whole) }}", "{{ '%.2f'|format(n) }}", "{{ '%(a)s'|format(a=name) }}",
    "{{ text|e }}", "{{ text|escape }}", "{{ name|center(20) }}|", "{{ text|indent(4) }}",
    "{{ name|wordwrap(5) }}", "{{ whole|string }}", "{{ name|list|join('-') }}",
    "{% for pair in words|batch(2, '—') %}({{ pair|join(',') }}){% endfor %}",
    "{% for pair in words|slice(2) %}({{ pair|join(',') }}){% endfor %}",
    "{% for key, value in group|dictsort %}{{ key }}{{ value }}{% endfor %}",
    "{% for key, value in group|items %}{{ key }}{{ value }}{% endfor %}",
    "{% for key, value in group.items() %}{{ key }}{{ value }}{% endfor %}",
    "{% for key in group %}{{ key }}{% endfor %}{{ group.keys()|join }}{{ group.values()|join }}",
    "{{ name.upper() }}{{ spaced.strip() }}{{ '、'.join(words) }}{{ name.replace('a', 'o') }}",
    "{% for one in rows|groupby('kind') %}{{ one.grouper }}{{ one.list|map(attribute='name')|join }}"
    "{% endfor %}",
    "{% for kind, list in rows|groupby('kind') %}{{ kind }}{{ list|length }}{% endfor %}",
    "{{ rows|selectattr('kind', 'equalto', '纸')|map(attribute='name')|join }}",
    "{{ rows|rejectattr('kind', 'eq', '纸')|map(attribute='name')|join }}",
    "{{ rows|selectattr('copies', 'gt', 4)|list|length }}", "{{ words|select('in', ['甲', '乙'])|join }}",
    "{{ words|reject('lower')|join }}",
    "{{ words|map('upper')|join }}",
    "{{ words|map('replace', '甲', '丁')|join }}",
    "{% if missing is defined %}有{% else %}无{% endif %}", "{% if missing is undefined %}无{% endif %}",
    "{% if missing %}有{% else %}无{% endif %}", "{% if not missing %}无{% endif %}",
    "{% if name is string and whole is number and words is iterable and group is mapping %}是{% endif %}",
    "{% if whole is odd and whole is divisibleby 7 and not whole is even %}是{% endif %}",
    "{% if yes is true and name is not none and n is float and whole is integer %}是{% endif %}",
    "{% if '甲' in words and 'zhang' in name and '丁' not in words %}是{% endif %}",
    "{% if whole > 5 and whole <= 7 and whole != 6 and n < 4 %}是{% endif %}",
    "{% if 3 < whole < 9 %}是{% endif %}", "{{ '有' if name else '无' }}{{ '有' if empty }}末",
    "{{ name[0] }}{{ name[:5] }}{{ name[-3:] }}{{ words[1] }}{{ words[-1] }}{{ words[:2]|join }}",
    "{{ rows[0].name }}{{ rows[0]['name'] }}{{ group['a'] }}{{ rows.0.name }}",
    "{% for r in rows %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}"
    "{{ loop.first }}"
    "{{ loop.last }}{{ loop.length }}{{ loop.depth }}{{ loop.previtem.name if not loop.first }}"
    ""
    "{{ loop.nextitem.name if not loop.last }}{{ loop.cycle('单', '双') }}"
    "{% if loop.changed(r.kind) %}*{% endif %}{% endfor %}",
    "{% for r in rows if r.kind == '纸' %}{{ r.name }}{% else %}空{% endfor %}",
    "{% for r in none_there %}x{% else %}空{% endfor %}",
    "{% for letter in '甲乙' %}{{ letter }}、{% endfor %}",
    "{% for a in [1, 2] %}{% for b in ['x', 'y'] %}{{ a }}{{ b }}{{ loop.index }} {% endfor %}{% endfor %}",
    "{% set a = name %}{{ a }}{% set a, b = 1, 2 %}{{ a }}{{ b }}",
    "{% set list = ['甲', '乙'] %}{{ list|join }}",
    "{% for i in range(3) %}{{ i }}{% endfor %}{% for i in range(2, 9, 3) %}{{ i }}{% endfor %}",
    "{% for r in rows %}{{ loop.index + 10 }}{{ loop.index0 - 1 }}{% if loop.index % 2 %}单{% endif %}"
    "{% endfor %}",
    "{% if whole == 1 %}一{% elif whole == 7 %}七{% else %}其他{% endif %}", "甲{# 注释 #}乙",
    "{{ yes }}{{ whole }}{{ n }}{{ 1.0 }}{{ 'a' }}{{ \"b\" }}",
    "{_{ name }_}{_% if %_}",
    "{{ “双引号” }}{{ ‘单’ }}",
    "{% raw %}[x]{% endraw %}", "{{ words|first|upper }}{{ (words|last)|default('无') }}",
    "{{ [3, 1, 2]|sort|join(',') }}{{ (1, 2)|length }}{{ {'k': '值'}.k }}", "{{ text|lower|e }}",
]  # fmt: skip


def by_docxtpl(docx: bytes, data: dict[str, Any]) -> str:
    template = DocxTemplate(io.BytesIO(docx))
    template.render(data, autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return text_of(out.getvalue())


@pytest.mark.parametrize("tags", SAME)
def test_tags_of_others_print_what_they_print_elsewhere(tags: str) -> None:
    docx = docx_of(tags)
    template = compile_template(docx)
    filled = template.fill(DATA)
    assert text_of(filled) == by_docxtpl(docx, DATA)
    reread(filled, template, DATA)


REFUSED = {
    "{{ name|safe }}": "safe",
    "{{ name|attr('x') }}": "attr",
    "{{ words|random }}": "random",
    "{{ words|tojson }}": "tojson",
    "{{ name|urlize }}": "urlize",
    "{{ whole * 2 }}": "由表单来算",
    "{% for a in words %}{{ a * loop.length }}{% endfor %}": "由表单来算",
    "{% for a in words %}{{ 'a' * loop.length }}{% endfor %}": "由表单来算",
    "{% for a in words %}{{ loop.length ** 9 }}{% endfor %}": "由表单来算",
    "{% for a in words %}{{ '%d' % loop.length }}{% endfor %}": "由表单来算",
    "{% for a in words %}{{ loop.previtem * 1000000000 }}{% endfor %}": "不允许",
    "{{ name ~ name }}": "{{ a }}{{ b }}",
    "{% for i in range(1001) %}x{% endfor %}": "range",
    "{% for i in range(whole) %}x{% endfor %}": "range",
    "{{ name.encode() }}": "encode",
    "{{ '{}'.format(name) }}": "format",
    "{% macro m() %}{% endmacro %}": "宏",
    "{{ name|center(1000000000) }}": "0 到 200",
    "{{ words|map('center', 1000000000)|join }}": "0 到 200",
    "{{ name|indent(width=1000000000) }}": "0 到 40",
    "{{ words|batch(whole)|list|length }}": "写明数",
    "{{ words|batch(1000000000, 'x')|list|length }}": "1 到 100",
    "{{ '%1000000000d'|format(whole) }}": "格式",
    "{{ '%*d'|format(1000000000, whole) }}": "格式",
    "{{ '%r'|format(name) }}": "格式",
    "{{ long|replace('长', long) }}": "太长",
    "{{ [long, long]|join(long)|replace('长', long) }}": "太长",
    "{% set a = long %}" + "{% set a = [a, a]|join %}" * 60 + "{{ a }}": "太长",
    "{% set a = [long] %}" + "{% set a = [a, a] %}" * 60 + "{{ a|join }}": "逐行打印",
    "{% set a = [long] %}" + "{% set a = [a, a] %}" * 60 + "{{ a|upper }}": "逐行打印",
    "{% set a = [long] %}" + "{% set a = [a, a] %}" * 60 + "{{ a|amount }}": "逐行打印",
    "{% set a = [long] %}" + "{% set a = [a, a] %}" * 60 + "{{ '%s'|format(a) }}": "逐行打印",
    "{% set a = {'x': long} %}" + "{% set a = {'x': a, 'y': a} %}" * 60 + "{{ a|tick('x') }}": "逐行打印",
    "{% set a = [long] %}" + "{% set a = [a, a]|sum(start=[]) %}" * 60 + "{{ a|length }}": "只有数",
    "{{ lines" + "|indent(40)" * 60 + " }}": "太长",
    "{% set a = long %}" + "{% set a = '%s%s'|format(a, a) %}" * 60 + "{{ a }}": "太长",
    "{{ rows|map(attribute='__class__')|join }}": "__class__",
    "{{ rows|selectattr('__class__')|list|length }}": "__class__",
    "{{ rows|sort(attribute='keys')|length }}": "keys",
    "{{ (rows|groupby('kind')|first).__class__ }}": "__class__",
    "{% for r in rows %}{{ loop.__class__ }}{% endfor %}": "__class__",
    "{% for r in rows recursive %}{{ loop(rows) }}{% endfor %}": "loop",
}


@pytest.mark.parametrize(("tags", "why"), REFUSED.items())
def test_what_could_run_or_grow_is_refused_and_said(tags: str, why: str) -> None:
    with pytest.raises(PaperFault, match=why.replace("{", r"\{").replace("}", r"\}")):
        compile_template(docx_of(tags)).fill({**DATA, "long": "长" * 20_000, "lines": "行\n" * 20_000})


@pytest.mark.parametrize(
    ("tag", "way"),
    [
        ("甲{{r name }}乙", "请写成 {{ name }}"),
        ("甲{{r group.a }}乙", "请写成 {{ group.a }}"),
        ("{{p name }}", "单独的一段里写 {{ name }}"),
        ("{{p name }}", "name|paragraphs"),
    ],
)
def test_place_for_markup_that_is_given_text_says_what_to_write_instead(tag: str, way: str) -> None:
    with pytest.raises(PaperFault) as caught:
        compile_template(docx_of(tag))
    assert way in str(caught.value)


def test_place_is_told_in_words_also_behind_a_tag_that_stands_within_markup() -> None:
    shaded = tbl(row(cell(p(r("{% cellbg name %}标题"))), cell(p(r("{{r name }}")))))
    with pytest.raises(PaperFault) as caught:
        compile_template(docx_of(shaded))
    assert "标题" in str(caught.value)
    assert "w:fill" not in str(caught.value)
