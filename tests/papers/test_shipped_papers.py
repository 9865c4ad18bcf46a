"""Every shipped paper shows every value of the samples it is printed with: no honest paper is accused."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from andu.formtypes.catalogue import Catalogue
from andu.papers.checks.examination import received
from andu.papers.checks.proof import proven
from andu.papers.pdf import Converter
from andu.settings import ROOT

SLUGS = [form_type.slug for form_type in Catalogue.load(ROOT / "forms").all()]


@pytest.fixture(scope="module")
def converter() -> Iterator[Converter]:
    made = Converter(ROOT / ".fonts", os.cpu_count() or 1)
    yield made
    made.close()


@pytest.mark.parametrize("slug", SLUGS)
def test_print_of_each_sample_shows_every_value(slug: str, converter: Converter) -> None:
    form_type = Catalogue.load(ROOT / "forms").get(slug)
    assert form_type is not None
    docx = received((ROOT / "doc_templates" / f"{slug}.docx").read_bytes()).docx
    assert proven([(form_type, docx)], converter.many) == [[]]
