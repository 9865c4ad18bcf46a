"""Where 署名 and date would stand alone, the lines between title and 落款 come closer together."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from andu.papers.checks import layout
from andu.papers.fitting import LINE, STEPS, fit, tightened
from andu.papers.pdf import Converter
from andu.settings import Settings
from tests.papers.making import part_of, text_of
from tests.papers.official_pages import filled, seed

ONE = [{"no": "1", "title": "示例名单", "text": "张三。"}]


@pytest.fixture(scope="module")
def converter() -> Iterator[Converter]:
    converter = Converter(Settings().fonts)
    yield converter
    converter.close()


def test_the_notice_of_the_seed_keeps_its_signature_beside_its_text(converter: Converter) -> None:
    loose = seed("dunfa_2022_13")
    assert layout.signature_lacks_text(loose, converter.to_pdf(loose))
    docx, pdf, pitch = fit(loose, converter.to_pdf)
    assert pitch in STEPS
    assert not layout.signature_lacks_text(docx, pdf)
    assert not layout.has_errors(layout.check(docx, pdf, "通知"))
    assert text_of(docx) == text_of(loose)


def test_a_paper_that_fits_is_left_alone(converter: Converter) -> None:
    docx = filled(body="示例通知。\n特此通知。", attachments=[])
    assert fit(docx, converter.to_pdf)[::2] == (docx, LINE)


def test_a_paper_that_no_step_helps_is_left_alone(converter: Converter) -> None:
    docx = filled(body="国" * 190, attachments=ONE * 6)
    fitted, pdf, pitch = fit(docx, converter.to_pdf)
    assert layout.signature_lacks_text(fitted, pdf)
    assert (fitted, pitch) == (docx, LINE)


def test_only_the_lines_between_title_and_attachments_come_closer() -> None:
    docx = seed("dunfa_2022_13")
    before, after = (
        [*part_of(one, "word/document.xml").iter("{*}p")] for one in (docx, tightened(docx, 553))
    )
    texts = ["".join(each.itertext()).strip() for each in before]
    first, last = next(n for n, text in enumerate(texts) if text.startswith("关于印发")), texts.index("附件")
    changed = [n for n, (old, new) in enumerate(zip(before, after, strict=True)) if shape(old) != shape(new)]
    assert changed
    assert first < min(changed) and max(changed) < last


def shape(paragraph: object) -> object:
    from lxml import etree

    found = paragraph.find("{*}pPr")  # type: ignore[attr-defined]
    return etree.tostring(found) if found is not None else None
