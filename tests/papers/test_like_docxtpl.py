"""Rows, cells, merges, comments, tags of every form come out as docxtpl makes them, used as it comes."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docxtpl import DocxTemplate
from lxml import etree

from andu.papers.checks.reread import reread
from andu.papers.template import compile_template
from andu.papers.template.package import read_package
from tests.papers.hostile import BODY
from tests.papers.making import docx_of
from tests.papers.pieces import cell, p, r, row, tbl

DATA: dict[str, Any] = {
    "a": "甲",
    "b": "",
    "n": 2,
    "f": True,
    "cols": ["A", "B", "C", "D"],
    "nothing": [],
    "rows": [
        {"a": "1", "b": "x", "cols": ["p", "q"], "n": 2, "bg": "FF0000"},
        {"a": "2", "b": "y", "cols": ["r"], "n": 1, "bg": "00FF00"},
        {"a": "3", "b": "", "cols": [], "n": 3, "bg": "0000FF"},
    ],
}


def cells(*texts: str) -> str:
    """A row with a cell for each text."""
    return row(*(cell(p(r(text))) for text in texts))


STRUCTURES = {
    "nested tr": tbl(
        cells("{%tr for x in rows %}", ""),
        cells("{{ x.a }}", "{{ x.b }}"),
        cells("{%tr for y in x.cols %}", ""),
        cells("", "{{ y }}"),
        cells("{%tr endfor %}", ""),
        cells("{%tr endfor %}", ""),
    ),
    "tr if": tbl(
        cells("{%tr for x in rows %}", ""),
        cells("{%tr if x.b %}", ""),
        cells("{{ x.a }}", "{{ x.b }}"),
        cells("{%tr else %}", ""),
        cells("无", "{{x.a}}"),
        cells("{%tr endif %}", ""),
        cells("{%tr endfor %}", ""),
    ),
    "dynamic": tbl(
        cells("{%tc for c in cols %}", "{{ c }}", "{%tc endfor %}"),
        cells("{%tr for x in rows %}", "", ""),
        cells("{%tc for c in x.cols %}", "{{ c }}", "{%tc endfor %}"),
        cells("{%tr endfor %}", "", ""),
    ),
    "dynamic with label": tbl(
        cells("序号", "{%tc for c in cols %}", "{{ c }}", "{%tc endfor %}"),
        cells("{%tr for x in rows %}", "", "", ""),
        cells("{{ x.a }}", "{%tc for c in x.cols %}", "{{ c }}", "{%tc endfor %}"),
        cells("{%tr endfor %}", "", "", ""),
    ),
    "cellbg": tbl(
        cells("{%tr for x in rows %}", ""),
        cells("{% cellbg x.bg %}{{ x.a }}", "{{ x.b }}"),
        cells("{%tr endfor %}", ""),
    ),
    "cellbg in if": tbl(
        cells("{%tr for x in rows %}", ""),
        cells("{% cellbg x.bg if x.b else 'auto' %}{{ x.a }}", "{{ x.b }}"),
        cells("{%tr endfor %}", ""),
    ),
    "colspan": tbl(
        cells("{%tr for x in rows %}", "", ""),
        cells("{% colspan x.n %}{{ x.a }}", "{{ x.b }}", ""),
        cells("{%tr endfor %}", "", ""),
    ),
    "colspan in a tc loop": tbl(
        cells("{%tc for x in rows %}", "{% colspan x.n %}{{ x.a }}", "{%tc endfor %}")
    ),
    "colspan length": tbl(
        cells("{% colspan cols|count %}标题", "x"),
        cells("{%tc for c in cols %}", "{{ c }}", "{%tc endfor %}"),
    ),
    "hm": tbl(
        cells("{%tc for x in rows %}", "{% hm %}合", "{%tc endfor %}"),
        cells("{%tc for x in rows %}", "{{ x.a }}", "{%tc endfor %}"),
    ),
    "hm over numbers": tbl(
        cells("{%tc for i in range(4) %}", "{% hm %}合", "{%tc endfor %}"),
        cells("{%tc for i in range(4) %}", "{{ i }}", "{%tc endfor %}"),
    ),
    "less cells over numbers": tbl(
        cells("甲", "乙", "丙", "{%tc for i in range(0) %}", "{{ i }}", "{%tc endfor %}")
    ),
    "vm": tbl(
        cells("{%tr for x in rows %}", ""), cells("{% vm %}合", "{{ x.b }}"), cells("{%tr endfor %}", "")
    ),
    "vm nested": tbl(
        cells("{%tr for x in rows %}", "", ""),
        cells("{%tr for y in x.cols %}", "", ""),
        cells("{% vm %}{{ x.a }}", "{{ y }}", ""),
        cells("{%tr endfor %}", "", ""),
        cells("{%tr endfor %}", "", ""),
    ),
    "less cells": tbl(
        cells("{%tc for c in nothing %}", "{{ c }}", "{%tc endfor %}", "尾"), cells("甲", "乙", "丙", "丁")
    ),
    "less cells 2": tbl(cells("甲", "{%tc if b %}", "{{ b }}", "{%tc endif %}")),
    "comment p": p(r("甲")) + p(r("{#p 注释 #}")) + p(r("乙{# 注 #}丙")),
    "comment tr": tbl(cells("甲"), cells("{#tr 注释 #}"), cells("乙")),
    "comment tc": tbl(cells("甲", "{#tc 注释 #}", "乙")),
    "minus": p(r("甲")) + p(r("{%- if f %}")) + p(r("乙")) + p(r("{%- endif %}")) + p(r("丙")),
    "minus both": p(r("甲 {% if f -%}"))
    + p(r("乙"))
    + p(r("{%- else -%}"))
    + p(r("丁"))
    + p(r("{%- endif %} 丙")),
    "r": p(r("甲"), r("{%r if f %}"), r("乙", "<w:b/>"), r("{%r endif %}"), r("丙")),
    "r for": p(r("甲"), r("{%r for x in cols %}"), r("{{ x }}", "<w:b/>"), r("{%r endfor %}"), r("丙")),
    "p in cell": tbl(
        row(cell(p(r("甲"))), cell(p(r("{%p for c in cols %}")) + p(r("{{ c }}")) + p(r("{%p endfor %}"))))
    ),
    "nested table": tbl(
        row(cell(tbl(cells("{%tr for c in cols %}"), cells("{{ c }}"), cells("{%tr endfor %}")) + p(r("x"))))
    ),
    "table in p loop": p(r("{%p for x in rows %}"))
    + p(r("{{x.a}}"))
    + tbl(cells("{%tr for c in x.cols %}"), cells("{{ c }}"), cells("{%tr endfor %}"))
    + p(r("{%p endfor %}")),
    "set in p": p(r("{%p set k = 'v' %}")) + p(r("{{ k }}")),
    "if elif p": p(r("{%p if b %}"))
    + p(r("1"))
    + p(r("{%p elif a == '甲' %}"))
    + p(r("2"))
    + p(r("{%p else %}"))
    + p(r("3"))
    + p(r("{%p endif %}")),
    "spaces": p(r("甲 {{ a }} 乙"), r(" {% if f %} x {% endif %} "), r("{{a}}{{a}} ")),
    "split": p(r("{"), r("{ a", "<w:b/>"), r(" }"), r("}")),
    "split tag": p(r("{% i"), r("f f %}是{% en"), r("dif %}")),
    "if in a row across cells": tbl(cells("{% if f %}甲", "乙{% endif %}")),
    "tab break": p("<w:r><w:t>甲</w:t><w:tab/><w:t>{{ a }}</w:t><w:br/><w:t>乙</w:t></w:r>"),
    "hyperlink": p('<w:hyperlink w:anchor="x">' + r("{{ a }}") + "</w:hyperlink>"),
    "for else tr": tbl(
        cells("{%tr for x in nothing %}", ""),
        cells("{{ x.a }}", "{{ x.b }}"),
        cells("{%tr else %}", ""),
        cells("空", ""),
        cells("{%tr endfor %}", ""),
    ),
    "endfor tc no spaces": tbl(cells("{%tc for c in cols%}", "{{c}}", "{%tc endfor%}")),
    "bold if": p(r("{% if f %}"), r("粗", "<w:b/>"), r("{% else %}"), r("细"), r("{% endif %}")),
    "date fmt": p(r("{{ '%02d'|format(n) }}")),
}


def canonical(docx: bytes) -> bytes:
    return etree.tostring(etree.fromstring(read_package(docx)[BODY]), method="c14n")


@pytest.mark.parametrize("xml", STRUCTURES.values(), ids=STRUCTURES)
def test_body_is_what_docxtpl_makes_of_it_with_its_own_environment(xml: str) -> None:
    docx, theirs = docx_of(xml), io.BytesIO()
    elsewhere = DocxTemplate(io.BytesIO(docx))
    elsewhere.render(DATA, autoescape=True)
    elsewhere.save(theirs)
    template = compile_template(docx)
    ours = template.fill(DATA)
    assert canonical(ours) == canonical(theirs.getvalue())
    reread(ours, template, DATA)
