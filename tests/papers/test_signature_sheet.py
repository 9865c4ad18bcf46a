"""The signature sheet: as drawn, sound by its names, legible on its pages, its code read off the print."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from andu.papers.checks.contract import examining
from andu.papers.codes import sheets
from andu.papers.drawing.signature_sheet import draft_sheet
from andu.papers.pdf import Converter
from andu.papers.signature_sheet import SLUG, sheet_form
from andu.papers.template import compile_template
from andu.papers.template.package import read_package
from andu.settings import Settings
from tests.papers.making import common_values, text_of

SHEET = (Path(__file__).parents[2] / "doc_templates" / f"{SLUG}.docx").read_bytes()
LONG = "镇负责同志或者成员单位负责同志、扫黑办主任"


def filled(slots: int, **changes: Any) -> bytes:
    blank = {"label": LONG, "opinion": "", "name": "", "how": "", "date": ""}
    rows = [{**blank, "no": str(number)} for number in range(1, slots + 1)]
    values = {"of_form": "核查报告", "version": "2", "statement": "", "slots": rows}
    return compile_template(SHEET).fill({**common_values(sheet_form()), **values, **changes})


def test_shipped_sheet_is_as_drawn() -> None:
    assert read_package(SHEET) == read_package(draft_sheet())


def test_sheet_agrees_with_its_names_in_every_sample() -> None:
    assert examining.findings(sheet_form(), SHEET) == []


def test_statement_stands_above_the_signatures_only_where_there_is_one() -> None:
    words = "本人对本核查报告的真实性、完整性及结论负责。"
    text = text_of(filled(1, statement=words))
    assert text.index(words) < text.index("签字位")
    assert "负责。" not in text_of(filled(1))


def test_every_printed_page_tells_its_version(settings: Settings) -> None:
    converter = Converter(settings.fonts)
    try:
        pdf = converter.to_pdf(filled(14))
    finally:
        converter.close()
    found = sheets(pdf)
    assert len(found) > 1
    assert {sheet.codes for sheet in found} == {("K7Q2-9FJM-3X0T",)}
