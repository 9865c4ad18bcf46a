"""LibreOffice makes the PDF; a broken docx fails alone; a preview says that it is one."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from PIL import Image
from pypdf import PdfReader

from andu.formtypes.language.reading import read_form
from andu.papers import sheets
from andu.papers.drawing.drafting import draft_paper
from andu.papers.pdf import Converter, PdfFault, mark_draft, mark_void, pictures, soffice
from andu.settings import ROOT, Settings


@pytest.fixture(scope="module")
def converter() -> Converter:
    return Converter(Settings().fonts)


@pytest.fixture(scope="module")
def docx() -> bytes:
    """An unfilled drafted paper: LibreOffice shows its braces as text."""
    return draft_paper(read_form(ROOT / "forms" / "completion_report.yaml", None))


@pytest.fixture(scope="module")
def pdf(converter: Converter, docx: bytes) -> bytes:
    return converter.to_pdf(docx)


def test_a_broken_docx_fails_alone_and_says_so(converter: Converter, docx: bytes) -> None:
    found = converter.many([b"not a docx", docx, docx[: len(docx) // 2]])
    assert isinstance(found[0], PdfFault)
    assert "docx" in str(found[0])
    assert isinstance(found[1], bytes)
    assert found[1].startswith(b"%PDF")
    assert isinstance(found[2], PdfFault)


def test_a_crash_of_libreoffice_is_a_fault_and_not_an_empty_paper(
    docx: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "soffice").write_text("#!/bin/sh\nexit 7\n")
    (tmp_path / "soffice").chmod(0o755)
    monkeypatch.setattr("os.defpath", str(tmp_path))
    with pytest.raises(PdfFault, match="7"):
        Converter(Settings().fonts).to_pdf(docx)


def test_a_libreoffice_that_hangs_is_killed_with_all_its_children(
    docx: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "soffice").write_text("#!/bin/sh\n/bin/sleep 60 &\nwait\n")
    (tmp_path / "soffice").chmod(0o755)
    monkeypatch.setattr("os.defpath", str(tmp_path))
    monkeypatch.setattr(soffice, "TIMEOUT", 0.3)
    monkeypatch.setattr(soffice, "STARTING", 0.3)
    with pytest.raises(PdfFault, match="超时"):
        Converter(Settings().fonts).to_pdf(docx)


def test_official_faces_are_printed_in_theirs_and_every_character_can_be_read(converter: Converter) -> None:
    names = ["方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"]
    words = "关于做好〔2026〕13号文件 镇长 人名喆玥堃昇瑄彧𠮷 ①☑😀"
    made = Document()
    for name, bold in [(name, False) for name in names] + [("仿宋_GB2312", True)]:
        run = made.add_paragraph().add_run(words)
        run.font.name, run.bold = name, bold
        run.font.element.rPr.rFonts.set(qn("w:eastAsia"), name)
    docx = io.BytesIO()
    made.save(docx)
    pdf = converter.to_pdf(docx.getvalue())
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    lines = [line.replace(" ", "") for line in read.stdout.decode().splitlines() if line.strip()]
    assert lines == [words.replace(" ", "")] * (len(names) + 1)
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    # what LibreOffice falls back to by itself; a paper of the office names the face of each rare character
    assert sorted(font["/BaseFont"].split("+")[1] for font in page["/Resources"]["/Font"].values()) == [
        "FandolFang-Regular",
        "FandolHei-Regular",
        "FandolKai-Regular",
        "FandolSong-Bold",
        "FandolSong-Regular",
        "HanaMinA",
    ]
    # the bold run of 仿宋, the last one, is drawn with a thicker line; headlines have a bold file
    drawn = page.get_contents().get_data()
    assert drawn.find(b"2 Tr") > len(drawn) // 2


def test_a_preview_is_marked_on_every_page_and_keeps_its_text(pdf: bytes) -> None:
    marked = PdfReader(io.BytesIO(mark_draft(pdf)))
    plain = PdfReader(io.BytesIO(pdf))
    assert len(marked.pages) == len(plain.pages)
    for before, after in zip(plain.pages, marked.pages, strict=True):
        assert "不作正式" not in before.extract_text()
        assert "不作正式" in after.extract_text()
        assert before.extract_text()[:40] in after.extract_text()


def test_a_page_becomes_a_picture(pdf: bytes) -> None:
    assert all(picture.startswith(b"\x89PNG") for picture in pictures(pdf, 40))
    with pytest.raises(PdfFault):
        pictures(b"no pdf")


def test_nothing_on_a_page_hides_that_its_paper_is_void_and_the_mark_hides_nothing() -> None:
    white = "<html><body style='background: #fff'><p>示例正文一段话。</p></body></html>"
    upright = sheets.print_list(white)
    marked = mark_void(upright)
    (page,) = PdfReader(io.BytesIO(marked)).pages
    assert "示例正文一段话" in page.extract_text() and "作废" in page.extract_text()
    picture = Image.open(io.BytesIO(pictures(marked, 50)[0])).convert("RGB")
    assert sum(red > green + 40 for red, green, _blue in picture.get_flattened_data()) > 500
    assert min(picture.get_flattened_data()) < (60, 60, 60)
