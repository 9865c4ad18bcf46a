"""LibreOffice makes the PDF; a broken docx fails alone; a preview says that it is one."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from andu.formtypes.reading import read_form
from andu.papers.drafting import draft_paper
from andu.papers.pdf import Converter, PdfFault, mark_draft, pictures
from andu.papers.template import compile_template
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
    monkeypatch.setattr("andu.papers.pdf.TIMEOUT", 0.3)
    with pytest.raises(PdfFault, match="超时"):
        Converter(Settings().fonts).to_pdf(docx)


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
