"""Every shipped paper shows every value of the samples it is printed with, on pages a clerk is proud of."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict

import pytest

from andu.formtypes.definition import FormType
from andu.formtypes.language.catalogue import Catalogue
from andu.papers.checks import layout
from andu.papers.checks.contract import INTERNAL
from andu.papers.checks.examination import received
from andu.papers.checks.printed.telling_apart import told_apart
from andu.papers.checks.proof import proven
from andu.papers.fitting import Fit, fit, fit_form, fitted
from andu.papers.pdf import Converter, PdfFault
from andu.papers.signature_sheet import SLUG, sheet_form
from andu.papers.template import compile_template
from andu.papers.template.title_shape import keep_whole
from andu.settings import ROOT
from tests.papers.making import context_of
from tests.papers.whole_pages import broken_by_hand, standing_of, wrong_pages

PAPERS = ROOT / "doc_templates"
SLUGS = [form_type.slug for form_type in Catalogue.load(ROOT / "forms").all()]


class Printer:
    """LibreOffice, which prints nothing twice."""

    def __init__(self) -> None:
        self.converter = Converter(ROOT / ".fonts", os.cpu_count() or 1)
        self.known: dict[bytes, bytes | PdfFault] = {}

    def many(self, papers: list[bytes]) -> list[bytes | PdfFault]:
        made = self.converter.many(papers)
        self.known |= zip(papers, made, strict=True)
        return made

    def one(self, docx: bytes) -> bytes:
        if docx not in self.known:
            self.known[docx] = self.converter.to_pdf(docx)
        made = self.known[docx]
        assert isinstance(made, bytes)
        return made


@pytest.fixture(scope="module")
def printer() -> Iterator[Printer]:
    keep_whole(PAPERS / "words.txt")
    made = Printer()
    yield made
    made.converter.close()


@pytest.mark.parametrize("slug", SLUGS)
def test_prints_show_every_value_and_their_pages_are_whole(slug: str, printer: Printer) -> None:
    form_type = Catalogue.load(ROOT / "forms").get(slug)
    assert form_type is not None
    docx = received((PAPERS / f"{slug}.docx").read_bytes()).docx
    printer.known.clear()
    assert proven([(form_type, docx)], printer.many) == [[]]
    template = compile_template(docx)
    # an official document of the longest values has 150 pages; tests/papers/layout reads a shorter one
    for worst in (False, True) if form_type.paper == INTERNAL else (False,):
        context = context_of(form_type, worst, "DJ-XS-2026-0006", signed=True)
        filled = template.fill(told_apart(context) if worst else context)
        if not worst:
            drawn = standing_of(filled, printer.one(filled))
            assert [words for one in drawn for words in broken_by_hand(one)] == []
        assert_whole(form_type, filled, printer, worst)


def test_signature_sheet_shows_the_longest_opinion(printer: Printer) -> None:
    docx = received((PAPERS / f"{SLUG}.docx").read_bytes()).docx
    assert proven([(sheet_form(), docx)], printer.many) == [[]]


def assert_whole(form_type: FormType, filled: bytes, printer: Printer, is_longest: bool) -> None:
    """Nothing torn, no signature without its matter, no page nearly empty but the last of a 公文."""
    is_form = form_type.paper == INTERNAL
    docx, pdf, way = (fit_form if is_form else fit)(filled, printer.one)
    assert fitted(filled, Fit(**json.loads(json.dumps(asdict(way))))) == docx, "made again from what was kept"
    if is_form:
        assert layout.check_internal(docx, pdf) == []
    assert wrong_pages(docx, pdf, is_form, is_longest) == {}
