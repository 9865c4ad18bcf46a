"""A value that nobody would see on the paper is refused before anybody fills it in."""

from __future__ import annotations

import pytest

from andu.papers.checks.examination import received
from andu.papers.template.package import read_package
from tests.papers import hostile
from tests.papers.hostile import with_body, with_parts
from tests.papers.pieces import cell, p, r, row, said, tbl

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
