"""Every paper of ours is clean in the checker, with the shortest and with the longest answers of its form.

Every page of an official document of the longest answers is read as ``test_shipped_papers`` reads the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from andu.formtypes.definition import FormType
from andu.formtypes.filling.paper_values import paper_values
from andu.formtypes.filling.samples import sample, shortest
from andu.formtypes.language.catalogue import Catalogue
from andu.papers.checks import layout
from andu.papers.checks.printed.telling_apart import told_apart
from andu.papers.fitting import fit, fit_form
from andu.papers.pdf import Converter
from andu.papers.template import compile_template
from andu.settings import Settings
from tests.papers.layout.papers import NUMBER, ROOT
from tests.papers.making import HERE, common_values
from tests.papers.whole_pages import wrong_pages

FORMS = Catalogue.load(ROOT / "forms").all()
NAMES = ("title", "masthead")
"""What names a document is never one character, nor without its kind: these are as in the plain sample."""


def answers(form: FormType, length: str) -> dict[str, Any]:
    """The texts of a paper: as short or as long as the form lets them be."""
    given = shortest(form, HERE) if length == "shortest" else sample(form, HERE, worst=True)
    given |= {key: value for key, value in sample(form, HERE).items() if key in NAMES}
    if "attachments" in given and given["attachments"]:
        given["attachments"] = given["attachments"][:1]  # six of them fill 150 pages
    return paper_values(form, given, HERE)


@pytest.fixture(scope="module")
def converter() -> Iterator[Converter]:
    converter = Converter(Settings().fonts)
    yield converter
    converter.close()


LENGTHS = [
    pytest.param(form, length, id=f"{form.slug}-{length}")
    for form in FORMS
    for length in ("shortest", "longest")
    # the longest of a form of our own is looked at by test_shipped_papers, which prints it anyway
    if length == "shortest" or form.paper != layout.INTERNAL
]


@pytest.mark.parametrize(("form", "length"), LENGTHS)
def test_our_paper_has_no_fault(form: FormType, length: str, converter: Converter) -> None:
    is_official = form.paper != layout.INTERNAL
    number = NUMBER if is_official else "YJ-2026-0003"
    template = compile_template((ROOT / "doc_templates" / f"{form.slug}.docx").read_bytes())
    values = answers(form, length) | common_values(form, number, signed=True)
    docx = template.fill(told_apart(values) if length == "longest" else values)
    if is_official:
        docx, pdf, _way = fit(docx, converter.to_pdf)
        assert layout.check(docx, pdf, form.paper) == []
        assert length == "shortest" or wrong_pages(docx, pdf, False, True) == {}
    else:
        docx, pdf, _way = fit_form(docx, converter.to_pdf)
        assert layout.check_internal(docx, pdf) == []
