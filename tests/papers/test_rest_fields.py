"""Content controls and fields say what they hold: bound and computing ones become text, or are refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from andu.papers.checks.examination import received
from andu.papers.checks.rest import bring_to_rest
from andu.papers.template import compile_template
from andu.papers.template.package import read_package
from tests.papers import hostile
from tests.papers.hostile import BODY, OFFICE, with_body, with_kind, with_parts
from tests.papers.making import docx_of
from tests.papers.pieces import cell, field, lines, p, r, row, said, simple, tbl, turn

BINDING = (
    "<w:dataBinding w:prefixMappings=\"xmlns:d='http://purl.org/dc/elements/1.1/' "
    "xmlns:c='http://schemas.openxmlformats.org/package/2006/metadata/core-properties'\" "
    'w:xpath="/c:coreProperties[1]/d:title[1]" w:storeItemID="{6C3C8BC8-F283-45AE-878A-BAB7291924A1}"/>'
)


def control(content: str, properties: str = BINDING) -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


CONTROLS = {
    "in a paragraph": p(r("事由："), control(r("{{ a }}"))),
    "around a paragraph": control(p(r("事由：{{ a }}"))),
    "around a cell": tbl(row(control(cell(p(r("事由：{{ a }}")))))),
    "around a row": tbl(control(row(cell(p(r("事由：{{ a }}")))))),
    "within another": control(p(r("事由："), control(r("{{ a }}"), "<w:date/>")), "<w:dropDownList/>"),
    "date": p(r("事由："), control(r("{{ a }}"), '<w:date w:fullDate="2020-01-01T00:00:00Z"/>')),
}


@pytest.mark.parametrize("xml", CONTROLS.values(), ids=CONTROLS)
def test_content_control_becomes_what_it_holds(xml: str) -> None:
    came = received(with_body(xml))
    assert came.passed
    assert "内容控件" in said(came)
    assert b"w:sdt" not in read_package(came.docx)[BODY]
    assert lines(compile_template(came.docx).fill({"a": "领资料"})) == ["事由：领资料"]


def test_control_bound_to_a_title_that_is_a_tag_prints_the_tag() -> None:
    docx = with_parts(
        {BODY: read_package(with_body(p(r("事由："), control(r("单击此处输入")))))[BODY]},
        docx_of("示例镇", title="{{ a }}"),
    )
    came = received(docx)
    assert lines(compile_template(came.docx).fill({"a": "领资料"})) == ["事由：领资料"]


def test_custom_data_is_dropped_with_all_that_leads_to_it() -> None:
    docx = with_kind(
        "customXml/item1.xml",
        "application/xml",
        "<a>某修订人</a>",
        f"{OFFICE}/customXml",
        with_body(p(r("甲"))),
    )
    came = received(docx)
    assert "自定义 XML" in said(came)
    assert not any(name.startswith("customXml") for name in read_package(came.docx))
    assert b"customXml" not in read_package(came.docx)["word/_rels/document.xml.rels"]


REFUSED = {
    "DATE": "issued_on", "TIME": "issued_on", "SAVEDATE": "issued_on", "PRINTDATE": "issued_on",
    "CREATEDATE": "issued_on", "EDITTIME": "issued_on", "AUTHOR": "author_name", "LASTSAVEDBY": "author_name",
    "FILENAME": "FILENAME", "NUMWORDS": "NUMWORDS", "MERGEFIELD 姓名": "邮件合并",
    "= SUM(ABOVE)": "由表单来算",
    'DOCPROPERTY "Author"': "author_name", "DOCPROPERTY LastSavedTime": "issued_on",
}  # fmt: skip


@pytest.mark.parametrize("wrap", [field, simple])
@pytest.mark.parametrize(("code", "way"), REFUSED.items())
def test_field_that_computes_anew_is_refused_and_frozen_by_one_act(
    code: str, way: str, wrap: Callable[[str, str], str]
) -> None:
    xml = p(r("日期："), wrap(f" {code} ", "2020"), r("完"))
    came = received(with_body(xml))
    assert not came.passed
    assert way in said(came) and "正文：日期：2020完" in said(came)
    rested, told = bring_to_rest(with_body(xml))
    assert lines(rested) == ["日期：2020完"]
    assert b"instr" not in read_package(rested)[BODY] and b"fldChar" not in read_package(rested)[BODY]
    assert any("已固定成文字“2020”" in line for line in told)
    assert received(rested).passed


@pytest.mark.parametrize(
    "code",
    ["PAGE", "NUMPAGES \\* MERGEFORMAT", "SECTIONPAGES", "PAGEREF a", "REF a \\r \\h", "SEQ 图 \\* ARABIC"],
)
def test_field_that_the_paper_decides_stays(code: str) -> None:
    docx = with_body(p(field(code, "1"), simple(code, "1")))
    came = received(docx)
    assert (came.passed, came.docx) == (True, docx)


def test_field_that_shows_a_tag_becomes_the_tag() -> None:
    came = received(with_body(p(r("日期："), field("DATE", "{{ a }}"), simple("AUTHOR", "{{ b }}"))))
    assert came.passed and "域 DATE 已固定" in said(came)
    assert lines(compile_template(came.docx).fill({"a": "今日", "b": "张三"})) == ["日期：今日张三"]


def test_field_of_a_property_that_is_a_tag_becomes_the_tag() -> None:
    body = read_package(with_body(p(r("题："), field("TITLE", "去年的标题"))))[BODY]
    came = received(with_parts({BODY: body}, docx_of("x", title="{{ a }}")))
    assert lines(compile_template(came.docx).fill({"a": "今年"})) == ["题：今年"]


def test_field_within_another_is_judged_on_its_own() -> None:
    nested = turn("begin") + f"<w:r>{hostile.code('HYPERLINK &quot;https://example.org&quot;')}</w:r>"
    nested += turn("separate") + r("见") + field("DATE", "2020") + turn("end")
    assert "DATE" in said(received(with_body(p(nested))))
    rested, _told = bring_to_rest(with_body(p(nested)))
    assert lines(rested) == ["见2020"]
    assert b"HYPERLINK" in read_package(rested)[BODY]


def test_field_within_an_instruction_is_refused_with_it() -> None:
    code = turn("begin") + f"<w:r>{hostile.code('IF ')}</w:r>" + field("DATE", "1")
    code += f"<w:r>{hostile.code(' = 1')}</w:r>" + turn("separate") + r("甲") + turn("end")
    assert "IF" in said(received(with_body(p(code))))
    rested, _told = bring_to_rest(with_body(p(code)))
    assert lines(rested) == ["甲"]


def test_form_field_of_the_old_kind_becomes_what_it_shows() -> None:
    box = "<w:ffData><w:checkBox><w:default w:val='1'/></w:checkBox></w:ffData>"
    entries = "".join(f"<w:listEntry w:val='{word}'/>" for word in "甲乙")
    choice = f"<w:ffData><w:ddList><w:result w:val='1'/>{entries}</w:ddList></w:ffData>"
    xml = "".join(
        f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar>{hostile.code(code)}</w:r>{turn("end")}'
        for data, code in ((box, "FORMCHECKBOX"), (choice, "FORMDROPDOWN"))
    )
    came = received(with_body(p(xml)))
    assert came.passed
    assert lines(came.docx) == ["☑乙"]


def marked(name: str, *runs: str) -> str:
    """These runs as a bookmark."""
    start = f'<w:bookmarkStart w:id="{len(name)}" w:name="{name}"/>'
    return f'{start}{"".join(runs)}<w:bookmarkEnd w:id="{len(name)}"/>'


HEADING = '<w:pStyle w:val="bt"/>'


def styled(xml: str) -> bytes:
    """A docx with this in its body and a style for headings."""
    styles = read_package(hostile.PLAIN)["word/styles.xml"].decode()
    style = (
        '<w:style w:type="paragraph" w:styleId="bt"><w:name w:val="heading 1"/>'
        '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style></w:styles>'
    )
    return with_parts({"word/styles.xml": styles.replace("</w:styles>", style)}, with_body(xml))


@pytest.mark.parametrize("wrap", [field, simple])
@pytest.mark.parametrize(
    ("there", "code", "shown", "prints"),
    [
        (p(marked("年度", r("{{ "), r("a }}"))), "REF 年度 \\h", "2025年", "今年"),
        (p(marked("年度", r("2026年"))), "REF 年度 \\* MERGEFORMAT", "2025年", "2026年"),
        (p(marked("年度", r("二"))), "REF 年度 \\* Arabic", "2", "2"),
        (p(r("无书签")), "REF 年度", "2025年", "2025年"),
        (p(r("一、总则"), properties=HEADING), 'STYLEREF "heading 1"', "一、旧章", "一、旧章"),
        (p(r("一、总则"), properties=HEADING), 'TOC \\o "1-3"', "一、旧章……1", "一、旧章……1"),
        (p(r("{{ a }}"), properties=HEADING), 'TOC \\o "1-3"', "{{ a }}……1", "今年……1"),
    ],
    ids=["tag", "words", "format", "nowhere", "running title", "contents", "contents with the tag"],
)
def test_field_that_quotes_the_paper_becomes_words_and_says_which(
    there: str, code: str, shown: str, prints: str, wrap: Callable[[str, str], str]
) -> None:
    came = received(styled(there + p(r("见："), wrap(f" {code} ", shown))))
    assert came.passed
    assert f"域 {code.split()[0]} 已固定成文字“" in said(came)
    assert f"见：{prints}" in lines(compile_template(came.docx).fill({"a": "今年"}))
    assert b"instr" not in read_package(came.docx)[BODY]


@pytest.mark.parametrize(
    ("there", "code"),
    [
        (p(marked("年度", r("{{ a }}"))), "REF 年度 \\* Upper"),
        (p(marked("年度", r("{% if a %}甲{% endif %}"))), "REF 年度"),
        (marked("年度", p(r("{{ a }}")), p(r("乙"))), "REF 年度"),
        (p(r("{{ a }}"), properties=HEADING), 'STYLEREF "标题 1"'),
        (p(r("{{ a }}"), properties=HEADING), "STYLEREF 1"),
        (p(r("{{ a }}"), properties=HEADING), 'TOC \\o "1-3" \\h'),
        (p(marked("_Toc1", r("{{ a }}"))), "TOC \\f"),
    ],
    ids=["format", "condition", "paragraphs", "running title", "by level", "contents", "marked for contents"],
)
def test_field_that_quotes_a_value_with_other_words_is_refused(there: str, code: str) -> None:
    came = received(styled(there + p(r("见："), field(code, "旧文"))))
    assert not came.passed
    assert f"{code.split()[0]}（引用的地方要填" in said(came) and "“旧文”" in said(came)
    rested, _told = bring_to_rest(styled(there + p(r("见："), field(code, "旧文"))))
    assert "见：旧文" in lines(rested)


def test_list_of_contents_keeps_the_numbers_of_its_pages() -> None:
    contents = turn("begin") + f"<w:r>{hostile.code('TOC')}</w:r>" + turn("separate") + r("一、总则")
    xml = p(contents + field("PAGEREF _Toc1", "1")) + p(
        r("二、附则"), field("PAGEREF _Toc2", "3"), turn("end")
    )
    came = received(with_body(xml))
    assert came.passed and "域 TOC 已固定成文字“一、总则1二、附则3”" in said(came)
    body = read_package(came.docx)[BODY]
    assert body.count(b'"begin"') == body.count(b'"separate"') == body.count(b'"end"') == 2
