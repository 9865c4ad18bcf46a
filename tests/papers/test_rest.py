"""A template is at rest when it comes in: what is undecided is refused with its place, or decided."""

from __future__ import annotations

import re
import time
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from lxml import etree

from andu.cli import main
from andu.papers.checks.examination import received
from andu.papers.checks.inspection import inspect
from andu.papers.checks.rest import bring_to_rest
from andu.papers.template import W, compile_template
from andu.papers.template.package import CONTENT_TYPES, read_package
from tests.papers import hostile
from tests.papers.hostile import BODY, OFFICE, with_body, with_kind, with_parts
from tests.papers.making import docx_of
from tests.papers.pieces import WHO, WORD, cell, field, gone, lines, p, r, row, said, tbl, turn


def lxml_body(docx: bytes) -> etree._Element:
    return etree.fromstring(read_package(docx)[BODY])


REVISIONS = {
    "inserted": (p(r("甲"), f"<w:ins {WHO}>{r('乙')}</w:ins>"), ["甲乙"]),
    "deleted": (p(r("甲"), f"<w:del {WHO}>{gone('乙')}</w:del>", r("丙")), ["甲丙"]),
    "inserted, then deleted": (p(r("甲"), f"<w:ins {WHO}><w:del {WHO}>{gone('乙')}</w:del></w:ins>"), ["甲"]),
    "moved": (
        p(r("甲"), f'<w:moveFromRangeStart {WHO} w:name="m"/><w:moveFrom {WHO}>{r("丙")}</w:moveFrom>')
        + p('<w:moveFromRangeEnd w:id="1"/>', f"<w:moveTo {WHO}>{r('丙')}</w:moveTo>", r("乙")),
        ["甲", "丙乙"],
    ),
    "format of a run": (p(r("甲", f"<w:b/><w:rPrChange {WHO}><w:rPr/></w:rPrChange>")), ["甲"]),
    "format of a paragraph": (
        p(r("甲"), properties=f'<w:jc w:val="center"/><w:pPrChange {WHO}><w:pPr/></w:pPrChange>'),
        ["甲"],
    ),
    "end of a paragraph inserted": (
        p(r("甲"), properties=f"<w:rPr><w:ins {WHO}/></w:rPr>") + p(r("乙")),
        ["甲", "乙"],
    ),
    "ends of paragraphs deleted": (
        p(r("甲"), properties=f"<w:rPr><w:del {WHO}/></w:rPr>")
        + p(r("乙"), properties=f"<w:rPr><w:del {WHO}/></w:rPr>")
        + p(r("丙"), properties='<w:jc w:val="center"/>'),
        ["甲乙丙"],
    ),
    "whole paragraph deleted": (
        p(f"<w:del {WHO}>{gone('甲')}</w:del>", properties=f"<w:rPr><w:del {WHO}/></w:rPr>") + p(r("乙")),
        ["乙"],
    ),
    "row deleted": (
        tbl(row(cell(p(r("甲")))), row(cell(p(r("乙"))), properties=f"<w:del {WHO}/>")),
        ["甲"],
    ),
    "row inserted": (
        tbl(row(cell(p(r("甲")))), row(cell(p(r("乙"))), properties=f"<w:ins {WHO}/>")),
        ["甲", "乙"],
    ),
    "all rows deleted": (tbl(row(cell(p(r("甲"))), properties=f"<w:del {WHO}/>")) + p(r("乙")), ["乙"]),
    "cell deleted": (
        tbl(row(cell(p(r("甲"))), cell(p(r("乙")), f"<w:cellDel {WHO}/>"))),
        ["甲"],
    ),
    "cell inserted": (tbl(row(cell(p(r("甲"))), cell(p(r("乙")), f"<w:cellIns {WHO}/>"))), ["甲", "乙"]),
    "format of a cell": (
        tbl(row(cell(p(r("甲")), f"<w:tcPrChange {WHO}><w:tcPr/></w:tcPrChange>"))),
        ["甲"],
    ),
    "numbering": (
        p(r("甲"), properties=f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/><w:ins {WHO}/></w:numPr>'),
        ["甲"],
    ),
    "field deleted": (
        p(
            r("甲"),
            f"<w:del {WHO}>{turn('begin')}<w:r><w:delInstrText>PAGE</w:delInstrText></w:r>",
            f"{turn('end')}</w:del>",
        ),
        ["甲"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("xml", "kept"), REVISIONS.values(), ids=REVISIONS)
def test_revision_is_refused_with_its_place_and_accepted_by_one_act(xml: str, kept: list[str]) -> None:
    docx = with_body(xml)
    came = received(docx)
    assert not came.passed
    assert "修订" in said(came) and "正文" in said(came)
    rested, told = bring_to_rest(docx)
    assert lines(rested) == kept
    assert received(rested).passed
    assert any("已接受修订" in line for line in told)
    assert "某修订人" not in str(read_package(rested)[BODY], "utf-8")


def test_paragraph_that_ran_on_has_the_format_of_the_one_it_ran_into() -> None:
    rested, _told = bring_to_rest(with_body(REVISIONS["ends of paragraphs deleted"][0]))
    joined = next(one for one in lxml_body(rested).iter(f"{W}p") if "".join(one.itertext()) == "甲乙丙")
    assert joined.find(f"{W}pPr/{W}jc") is not None


def test_revision_in_a_footer_is_refused_there() -> None:
    docx = docx_of("{{ a }}", footer="页脚的字")
    footer = read_package(docx)["word/footer_default.xml"].decode()
    docx = with_parts(
        {"word/footer_default.xml": re.sub(r"(<w:r>.*?</w:r>)", rf"<w:ins {WHO}>\1</w:ins>", footer)}, docx
    )
    assert "页脚：页脚的字" in said(received(docx))
    assert received(bring_to_rest(docx)[0]).passed


def test_revision_of_a_style_and_of_a_list_is_refused() -> None:
    change = f"<w:rPr><w:b/><w:rPrChange {WHO}><w:rPr/></w:rPrChange></w:rPr>"
    styles = read_package(hostile.PLAIN)["word/styles.xml"].decode()
    style = f'<w:style w:styleId="a"><w:name w:val="a"/>{change}</w:style></w:styles>'
    for docx in (
        with_parts({"word/styles.xml": styles.replace("</w:styles>", style)}),
        with_kind(
            "word/numbering.xml", f"{WORD}numbering+xml", numbering(f'<w:lvl w:ilvl="0">{change}</w:lvl>')
        ),
    ):
        assert "格式改动" in said(received(docx))
        assert received(bring_to_rest(docx)[0]).passed


def numbering(levels: str) -> str:
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return (
        f'<w:numbering xmlns:w="{main}"><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )


def commented(inner: str, people: bool = True) -> bytes:
    start, end = '<w:commentRangeStart w:id="0"/>', '<w:commentRangeEnd w:id="0"/>'
    body = with_body(p(start, r("事由"), end, '<w:r><w:rPr/><w:commentReference w:id="0"/></w:r>'))
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    part = f'<w:comments xmlns:w="{main}">{inner}</w:comments>'
    docx = with_kind("word/comments.xml", f"{WORD}comments+xml", part, f"{OFFICE}/comments", body)
    return with_kind("word/people.xml", f"{WORD}people+xml", "<a>某审稿人</a>", docx=docx) if people else docx


def test_comment_is_refused_with_its_place_and_removed_by_one_act() -> None:
    comment = f'<w:comment w:id="0" w:author="某审稿人">{p(r("内部意见"))}</w:comment>'
    docx = commented(comment)
    assert "批注" in said(received(docx)) and "事由" in said(received(docx))
    rested, told = bring_to_rest(docx)
    parts = read_package(rested)
    assert "已删去 1 条批注。" in told
    assert not any("comments" in name or "people" in name for name in parts)
    assert b"omment" not in parts[BODY] + parts[CONTENT_TYPES] + parts["word/_rels/document.xml.rels"]
    assert received(rested).passed and inspect(rested) == []


def test_what_deleted_comments_left_behind_goes_without_a_word() -> None:
    came = received(commented(""))
    assert came.passed
    assert not any("comments" in name or "people" in name for name in read_package(came.docx))
    assert b"omment" not in read_package(came.docx)[BODY]


PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def traced() -> bytes:
    core = (
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>题</dc:title>'
        "<dc:creator>张三</dc:creator><cp:lastModifiedBy>李四</cp:lastModifiedBy><cp:revision>7</cp:revision>"
        "<cp:lastPrinted>2020-01-01T00:00:00Z</cp:lastPrinted>"
        '<dcterms:created xsi:type="dcterms:W3CDTF">2020-01-01T00:00:00Z</dcterms:created>'
        "</cp:coreProperties>"
    )
    app = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        "<TotalTime>9</TotalTime><Company>王五公司</Company><Manager>王五</Manager></Properties>"
    )
    custom = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties">'
        '<property name="Owner"><a>赵六</a></property><property name="Kept"><a>{{ a }}</a></property>'
        "</Properties>"
    )
    docx = with_parts({"docProps/core.xml": core, "docProps/app.xml": app}, with_body(p(r("{{ a }}"))))
    kind = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    return with_kind("docProps/custom.xml", kind, custom, docx=docx)


TRACES = ("张三", "李四", "王五", "赵六", "2020-01-01", "TotalTime", "revision")


def test_no_person_and_no_time_stays_in_a_filled_paper_or_in_a_template_at_rest() -> None:
    rested, told = bring_to_rest(traced())
    assert any("作者" in line for line in told)
    for docx in (compile_template(traced()).fill({"a": "甲"}), rested):
        everything = b"".join(read_package(docx).values()).decode()
        assert [trace for trace in TRACES if trace in everything] == []
    assert "甲" in read_package(compile_template(traced()).fill({"a": "甲"}))["docProps/custom.xml"].decode()
    assert read_package(rested).keys() == read_package(traced()).keys(), "the way in is still there"
    assert Document(BytesIO(rested)).paragraphs[0].text == "{{ a }}"


def test_names_of_editors_and_paths_of_a_computer_go() -> None:
    shape = (
        '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        'wordprocessingDrawing"><wp:docPr id="1" name="图 1" descr="C:\\Users\\张三\\Desktop\\章.png"/>'
        "</wp:inline></w:drawing></w:r>"
    )
    xml = p('<w:permStart w:id="1" w:ed="某单位\\张三"/>', r("甲"), '<w:permEnd w:id="1"/>', shape)
    came = received(with_body(xml))
    assert came.passed
    body = read_package(came.docx)[BODY].decode()
    assert "张三" not in body and 'descr="章.png"' in body and 'name="图 1"' in body


def test_thousands_of_runs_and_revisions_of_one_paragraph_take_seconds_and_not_minutes() -> None:
    runs = (r(f"字{n}", '<w:color w:val="FF0000"/>') for n in range(4_000))
    changed = (f"<w:ins {WHO}>{r(f'改{n}')}</w:ins>" for n in range(4_000))
    docx = with_body(p(*runs, *changed))
    began = time.process_time()
    assert "修订" in said(received(docx))
    # quadratic, it took five times as long
    assert time.process_time() - began < 4


def test_fields_within_fields_end_somewhere() -> None:
    came = received(with_body(p((turn("begin") + f"<w:r>{hostile.code('REF a ')}</w:r>") * 60)))
    assert "套得太深" in said(came)


def rest_command(*files: Path) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["paper", "rest", *map(str, files)])
    return done.exit_code, done.output


def test_command_brings_a_template_to_rest_and_says_line_by_line(tmp_path: Path) -> None:
    xml = p(r("甲"), f"<w:ins {WHO}>{r('乙')}</w:ins>", field("DATE", "2020"))
    (tmp_path / "a.docx").write_bytes(with_body(xml))
    code, output = rest_command(tmp_path / "a.docx", tmp_path / "b.docx")
    assert code == 0
    assert len(output.splitlines()) == 2 and "插入" in output and "DATE" in output
    assert lines((tmp_path / "b.docx").read_bytes()) == ["甲乙2020"]


def test_command_says_what_it_cannot_decide_and_what_it_cannot_open(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(with_body(p(r("{{ a }}", "<w:vanish/>"))))
    code, output = rest_command(tmp_path / "a.docx", tmp_path / "b.docx")
    assert code == 1 and "看不到" in output
    (tmp_path / "c.docx").write_bytes(b"PK")
    for name in ("c.docx", "none.docx"):
        code, output = rest_command(tmp_path / name, tmp_path / "b.docx")
        assert code == 1 and name in output
        assert "Traceback" not in output


def test_template_at_rest_comes_back_byte_for_byte() -> None:
    for path in sorted(Path("doc_templates").glob("*.docx")):
        came = received(path.read_bytes())
        assert (came.docx, came.findings) == (path.read_bytes(), ()), path.name
