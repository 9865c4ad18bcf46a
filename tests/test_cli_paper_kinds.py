"""Templates of every kind that once printed something else: each gives the right paper or is refused by name.

From file to file, as somebody at the machine tries them: ``paper contract`` with a form, and ``paper fill``.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from andu.cli import main
from andu.papers.template.package import read_package
from tests.papers.hostile import BODY, OFFICE, with_body, with_kind, with_parts
from tests.papers.making import docx_of
from tests.papers.pieces import WHO, WORD, cell, field, gone, lines, p, r, row, tbl

SLUG = "slip"
FORM = """
title: 领取单
group: 示例
filled_by: [clerk]
series: doc
record_title: [subject]
sections:
  - title: 内容
    fields:
      - {key: subject, kind: text, label: 事由, required: true, max_length: 200}
signatures:
  slots:
    - {key: clerk, label: 经办人, roles: [clerk], author: true}
"""
SUBJECT = "领取宣传资料二十份"
DATA = {"subject": SUBJECT, "number": "BJ-2026-0001", "sign": {"clerk": {"name": "张三"}}}
TAG = "{{ subject }}"
REST = p(r("编号：{{ number }}　经办人：{{ sign.clerk.name }}"))


def body(*content: str) -> bytes:
    """A paper with this before the names that it has besides."""
    return with_body("".join(content) + REST)


def control(content: str, path: str) -> str:
    """A content control bound to what stands there."""
    core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    names = f"xmlns:d='http://purl.org/dc/elements/1.1/' xmlns:c='{core}' xmlns:x='urn:x'"
    binding = f'<w:dataBinding w:prefixMappings="{names}" w:xpath="{path}" w:storeItemID="{{1}}"/>'
    return f"<w:sdt><w:sdtPr>{binding}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def commented() -> bytes:
    said = f'<w:commentRangeStart w:id="1"/>{r(TAG)}<w:commentRangeEnd w:id="1"/>'
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    part = f'<w:comments xmlns:w="{word}"><w:comment {WHO}>{p(r("请核"))}</w:comment></w:comments>'
    docx = body(p(said, '<w:r><w:commentReference w:id="1"/></w:r>'))
    return with_kind("word/comments.xml", f"{WORD}comments+xml", part, f"{OFFICE}/comments", docx)


def bound_to_the_title() -> bytes:
    said = p(r("事由："), control(r("去年的事由"), "/c:coreProperties[1]/d:title[1]"))
    return with_parts({BODY: read_package(body(said))[BODY]}, docx_of("示例镇", title=TAG))


def box(content: str, height: int, down: int = 0) -> str:
    style = f"position:absolute;margin-left:0;margin-top:{down}pt;width:300pt;height:{height}pt"
    inner = f"<v:textbox><w:txbxContent>{p(r(content))}</w:txbxContent></v:textbox>"
    return p(f'<w:r><w:pict><v:rect style="{style}" filled="f" stroked="f">{inner}</v:rect></w:pict></w:r>')


def bookmarked(*runs: str) -> str:
    return f'<w:bookmarkStart w:id="9" w:name="此事"/>{"".join(runs)}<w:bookmarkEnd w:id="9"/>'


MATHS = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
RIGHT = {
    "plain": body(p(r(f"事由：{TAG}"))),
    "bound to custom data": with_kind(
        "customXml/item1.xml",
        "application/xml",
        '<a xmlns="urn:x">去年的事由</a>',
        f"{OFFICE}/customXml",
        body(p(r("事由："), control(r(TAG), "/x:a[1]"))),
    ),
    "bound to the title": bound_to_the_title(),
    "a reference": body(p(bookmarked(r(TAG))), p(r("事由："), field("REF 此事", "去年的事由"))),
}
REFUSED = {
    "inserted words": (body(p(r(TAG), f"<w:ins {WHO}>{r('加的字')}</w:ins>")), "修订"),
    "deleted tag": (body(p(r(TAG), f"<w:del {WHO}>{gone(TAG)}</w:del>")), "修订"),
    "comment": (commented(), "批注"),
    "hidden": (body(p(r(TAG, "<w:vanish/>"))), "隐藏"),
    "date": (body(p(r(TAG), field("DATE", "2025年1月1日"))), "issued_on"),
    "formula": (body(p(f"<m:oMath {MATHS}><m:r><m:t>{TAG}</m:t></m:r></m:oMath>")), "公式"),
    "below five points": (body(p(r(TAG, '<w:sz w:val="6"/>'))), "小得"),
    "higher than its line": (
        body(p(r(TAG, '<w:sz w:val="28"/>'), properties='<w:spacing w:line="200" w:lineRule="exact"/>')),
        "固定行高",
    ),
}
CUT = {
    "fixed box": (body(box(TAG, 20)), "切掉"),
    "fixed row": (
        body(tbl(row(cell(p(r(TAG))), properties='<w:trHeight w:val="300" w:hRule="exact"/>'))),
        "切掉",
    ),
    "two boxes in one place": (
        body(box(TAG, 200), box("请各村接到通知后按时报送，逾期不候，特此说明", 200, -14)),
        "叠在一起",
    ),
}


def contract(folder: Path, docx: bytes, monkeypatch: pytest.MonkeyPatch) -> Result:
    (folder / f"{SLUG}.yaml").write_text(FORM, encoding="utf-8")
    (folder / f"{SLUG}.docx").write_bytes(docx)
    for name in ("ANDU_FORMS", "ANDU_TEMPLATES"):
        monkeypatch.setenv(name, str(folder))
    return CliRunner().invoke(main, ["paper", "contract", SLUG])


def fill(folder: Path, docx: bytes, **data: str) -> Result:
    (folder / "t.docx").write_bytes(docx)
    (folder / "d.json").write_text(json.dumps({**DATA, **data}), encoding="utf-8")
    words = [str(folder / name) for name in ("t.docx", "d.json", "o.docx")]
    return CliRunner().invoke(main, ["paper", "fill", *words])


@pytest.mark.parametrize("docx", RIGHT.values(), ids=RIGHT)
def test_paper_shows_what_was_typed(docx: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = contract(tmp_path, docx, monkeypatch)
    assert done.exit_code == 0, done.output
    assert fill(tmp_path, docx).exit_code == 0
    filled = (tmp_path / "o.docx").read_bytes()
    assert f"事由：{SUBJECT}" in lines(filled)
    assert "去年" not in read_package(filled)[BODY].decode()


@pytest.mark.parametrize(("docx", "words"), REFUSED.values(), ids=REFUSED)
def test_template_that_hides_or_changes_words_is_refused_by_name(
    docx: bytes, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for done in (contract(tmp_path, docx, monkeypatch), fill(tmp_path, docx)):
        assert (done.exit_code, words in done.output) == (1, True), done.output
    assert not (tmp_path / "o.docx").exists()


@pytest.mark.parametrize(("docx", "words"), CUT.values(), ids=CUT)
def test_template_whose_print_cannot_be_read_is_refused_with_value_and_place(
    docx: bytes, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = contract(tmp_path, docx, monkeypatch)
    assert (done.exit_code, words in done.output, "事由" in done.output) == (1, True, True), done.output
    assert done.output.count("处）") == done.output.count("错误："), "its place is said once"
    done = fill(tmp_path, docx, subject=SUBJECT * 8)
    told = (words in done.output, "“subject”的内容" in done.output)
    assert (done.exit_code, *told) == (1, True, True), done.output
    assert not (tmp_path / "o.docx").exists()


def test_rare_name_comes_through_whole_and_with_a_face(tmp_path: Path) -> None:
    assert fill(tmp_path, RIGHT["plain"], subject="王𫰡、李喆到场").exit_code == 0
    filled = (tmp_path / "o.docx").read_bytes()
    assert "事由：王𫰡、李喆到场" in lines(filled)
    assert "w:rFonts" in read_package(filled)[BODY].decode().split("𫰡")[0].rpartition("<w:r>")[2]
