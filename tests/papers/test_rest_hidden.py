"""A value that nobody would see on the paper is refused before anybody fills it in."""

from __future__ import annotations

import pytest

from andu.papers.checks.examination import received
from andu.papers.template.package import read_package
from tests.papers import hostile
from tests.papers.hostile import with_body, with_parts
from tests.papers.pieces import cell, p, r, row, said, tbl

MATHS = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'


def filled(color: str) -> str:
    return f"<w14:textFill {W14}><w14:solidFill>{color}</w14:solidFill></w14:textFill>"


def scheme(name: str, more: str) -> str:
    return f'<w14:schemeClr w14:val="{name}">{more}</w14:schemeClr>'


def box(content: str, attributes: str = "") -> str:
    shape = f'<v:rect style="width:200pt;height:50pt" {attributes}><v:textbox>'
    return f"<w:r><w:pict>{shape}<w:txbxContent>{content}</w:txbxContent></v:textbox></v:rect></w:pict></w:r>"


HIDDEN = {
    "hidden": p(r("事由："), r("{{ a }}", "<w:vanish/>")),
    "hidden by its style": p(r("事由："), r("{{ a }}", '<w:rStyle w:val="h2"/>')),
    "hidden by the style of its paragraph": p(r("事由：{{ a }}"), properties='<w:pStyle w:val="hp"/>'),
    "white": p(r("事由："), r("{{ a }}", '<w:color w:val="FFFFFF"/>')),
    "nearly white": p(r("事由："), r("{{ a }}", '<w:color w:val="FAFAFA"/>')),
    "white of the theme": p(r("{{ a }}", '<w:color w:val="auto" w:themeColor="background1"/>')),
    "black on black": p(r("{{ a }}", '<w:color w:val="000000"/><w:shd w:val="clear" w:fill="000000"/>')),
    "white in a white cell": tbl(
        row(cell(p(r("{{ a }}", '<w:color w:val="FFFFFF"/>')), '<w:shd w:val="clear" w:fill="FFFFFF"/>'))
    ),
    "tiny": p(r("{{ a }}", '<w:sz w:val="2"/>')),
    "three points": p(r("{{ a }}", '<w:sz w:val="6"/>')),
    "one upon the other": p(r("{{ a }}", '<w:spacing w:val="-270"/><w:sz w:val="28"/>')),
    "a tenth as wide": p(r("{{ a }}", '<w:w w:val="10"/>')),
    "higher than its line": p(
        r("{{ a }}", '<w:sz w:val="28"/>'), properties='<w:spacing w:line="200" w:lineRule="exact"/>'
    ),
    "white fill": p(r("{{ a }}", filled('<w14:srgbClr w14:val="FFFFFF"/>'))),
    "fill of the ground": p(r("{{ a }}", filled('<w14:schemeClr w14:val="bg1"/>'))),
    "nearly white fill": p(
        r("{{ a }}", filled(scheme("tx1", '<w14:lumMod w14:val="5000"/><w14:lumOff w14:val="95000"/>')))
    ),
    "fill one sees through": p(
        r("{{ a }}", filled('<w14:srgbClr w14:val="000000"><w14:alpha w14:val="100000"/></w14:srgbClr>'))
    ),
    "white fill in a box": p(box(p(r("{{ a }}", filled('<w14:schemeClr w14:val="bg1"/>'))))),
    "black fill on black": p(
        r("{{ a }}", '<w:highlight w:val="black"/>' + filled('<w14:srgbClr w14:val="000000"/>'))
    ),
    "no fill": p(r("{{ a }}", f'<w14:textFill {W14}><w14:noFill/></w14:textFill>')),
    "squeezed": p(r("{{ a }}", '<w:w w:val="1"/>')),
    "hidden row": tbl(row(cell(p(r("{{ a }}"))), properties="<w:hidden/>")),
    "split over runs": p(r("{", "<w:vanish/>"), r("{ a }}")),
}  # fmt: skip
SEEN = {
    "end of a paragraph": p(r("{{ a }}"), properties="<w:rPr><w:vanish/></w:rPr>"),
    "switched off": p(r("{{ a }}", '<w:rStyle w:val="h2"/><w:vanish w:val="0"/>')),
    "only on the web": p(r("{{ a }}", "<w:webHidden/>")),
    "white on black": tbl(
        row(cell(p(r("{{ a }}", '<w:color w:val="FFFFFF"/>')), '<w:shd w:val="clear" w:fill="333333"/>'))
    ),
    "highlighted": p(r("{{ a }}", '<w:color w:val="FFFFFF"/><w:highlight w:val="black"/>')),
    "white fill on blue": p(
        r(
            "{{ a }}",
            '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="203864"/>'
            + filled('<w14:schemeClr w14:val="bg1"/>'),
        )
    ),
    "white fill in a dark box": p(
        box(p(r("{{ a }}", filled('<w14:schemeClr w14:val="bg1"/>'))), 'fillcolor="#203864"')
    ),
    "dark fill": p(r("{{ a }}", filled(scheme("tx1", '<w14:lumMod w14:val="75000"/>')))),
    "half of the ground's light": p(r("{{ a }}", filled(scheme("bg1", '<w14:lumMod w14:val="50000"/>')))),
    "five points": p(r("{{ a }}", '<w:sz w:val="10"/>')),
    "a little closer": p(r("{{ a }}", '<w:spacing w:val="-20"/><w:w w:val="66"/><w:sz w:val="28"/>')),
    "an exact line as in 公文": p(
        r("{{ a }}", '<w:sz w:val="44"/>'), properties='<w:spacing w:line="560" w:lineRule="exact"/>'
    ),
    "a line that grows": p(
        r("{{ a }}", '<w:sz w:val="44"/>'), properties='<w:spacing w:line="200" w:lineRule="atLeast"/>'
    ),
    "grey": p(r("{{ a }}", '<w:color w:val="808080"/>')),
    "tags that print nothing": p(
        r("{% if a %}", "<w:vanish/>"), r("{{ a }}"), r("{% endif %}", "<w:vanish/>")
    ),
    "small spacer": p(r(" ", '<w:sz w:val="2"/>'), r("{{ a }}")),
}  # fmt: skip


def styled(xml: str) -> bytes:
    styles = read_package(hostile.PLAIN)["word/styles.xml"].decode()
    more = (
        '<w:style w:type="character" w:styleId="h1"><w:name w:val="h1"/><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="h2"><w:name w:val="h2"/><w:basedOn w:val="h1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="hp"><w:name w:val="hp"/><w:rPr><w:vanish/></w:rPr></w:style>'
        "</w:styles>"
    )
    return with_parts({"word/styles.xml": styles.replace("</w:styles>", more)}, with_body(xml))


@pytest.mark.parametrize("xml", HIDDEN.values(), ids=HIDDEN)
def test_value_where_nobody_sees_it_is_refused_with_its_place(xml: str) -> None:
    came = received(styled(xml))
    assert not came.passed
    assert "{{ a }}" in said(came) and "看不到" in said(came)


@pytest.mark.parametrize("xml", SEEN.values(), ids=SEEN)
def test_what_can_be_seen_or_prints_nothing_is_left_alone(xml: str) -> None:
    came = received(styled(xml))
    assert came.findings == ()


def test_hidden_words_of_the_template_are_told() -> None:
    came = received(styled(p(r("事由"), r("填表说明", "<w:vanish/>"))))
    assert came.passed and "“填表说明”是隐藏文字" in said(came)


@pytest.mark.parametrize(
    ("xml", "where"),
    [
        (p(f"<m:oMath {MATHS}><m:r><m:t>{{{{ a }}}}</m:t></m:r></m:oMath>"), "公式"),
        (p(f"<m:oMath {MATHS}><m:r><m:t>{{{{ </m:t></m:r><m:r><m:t>a }}}}</m:t></m:r></m:oMath>"), "公式"),
        (p('<w:r><w:pict><v:shape><v:textpath string="{{ a }}"/></v:shape></w:pict></w:r>'), "艺术字"),
    ],
    ids=["formula", "formula in pieces", "WordArt"],
)
def test_tag_where_no_program_prints_a_value_is_refused_with_the_way_out(xml: str, where: str) -> None:
    came = received(with_body(p(r("本表共计")) + xml))
    assert not came.passed
    assert f"写在{where}里" in said(came) and "普通文字" in said(came)


def test_tag_in_a_diagram_is_refused_with_the_way_out() -> None:
    kind = "application/vnd.openxmlformats-officedocument.drawingml.diagramData+xml"
    main = "http://schemas.openxmlformats.org/drawingml/2006/main"
    part = f'<d xmlns:a="{main}"><a:t>{{{{ </a:t><a:t>a }}}}</a:t></d>'
    docx = hostile.with_kind("word/diagrams/data1.xml", kind, part, f"{hostile.OFFICE}/diagramData")
    came = received(docx)
    assert not came.passed
    assert "“{{ a }}”写在SmartArt 图里" in said(came)
