"""Where 署名 and date would stand without 正文, lines come closer together, or the last of them go along."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from lxml import etree

from andu.papers.checks import layout
from andu.papers.fitting import AS_IT_IS, STEPS, Fit, fit, fitted
from andu.papers.pdf import Converter
from andu.settings import Settings
from tests.papers.making import part_of, text_of
from tests.papers.official_pages import filled

ONE = [{"no": "1", "title": "示例名单", "text": "张三。"}]
SENTENCE = "为做好示例工作，现就有关事项通知如下，请结合实际，认真抓好贯彻落实。"
short = partial(filled, title="关于做好示例工作的通知", cc="")


def lines_of_text(count: int) -> str:
    """A body of one paragraph that fills so many lines."""
    return (SENTENCE * 40)[: 28 * count - 3]


@pytest.fixture(scope="module")
def converter() -> Iterator[Converter]:
    converter = Converter(Settings().fonts)
    yield converter
    converter.close()


def test_a_notice_with_a_list_keeps_its_signature_beside_its_text(converter: Converter) -> None:
    loose = filled()
    assert layout.signature_lacks_text(loose, converter.to_pdf(loose))
    docx, pdf, way = fit(loose, converter.to_pdf)
    assert way.pitch in STEPS and not way.carried
    assert not layout.signature_lacks_text(docx, pdf)
    assert not layout.has_errors(layout.check(docx, pdf, "通知"))
    assert text_of(docx) == text_of(loose)


def test_a_paper_that_fits_is_left_alone(converter: Converter) -> None:
    docx = filled(body="示例通知。\n特此通知。", attachments=[])
    assert fit(docx, converter.to_pdf)[::2] == (docx, AS_IT_IS)


@pytest.mark.parametrize(("count", "attachments"), [(6, []), (7, []), (8, []), (29, []), (5, ONE), (8, ONE)])
def test_the_last_lines_go_along_where_tighter_ones_do_not_help(
    converter: Converter, count: int, attachments: list[Any]
) -> None:
    loose = short(body=lines_of_text(count), attachments=attachments)
    assert layout.signature_lacks_text(loose, converter.to_pdf(loose))
    docx, pdf, way = fit(loose, converter.to_pdf)
    assert way.carried
    assert not layout.signature_lacks_text(docx, pdf)
    assert not layout.has_errors(layout.check(docx, pdf, "通知"))
    assert "".join(text_of(docx).split()) == "".join(text_of(loose).split())
    assert fitted(loose, Fit(**way.__dict__)) == docx, "the same paper is made again from what was kept"


def test_署名_goes_up_to_the_page_that_ends_early_where_tighter_lines_make_room(converter: Converter) -> None:
    loose = short(body=f"{lines_of_text(2)}\n特此通知。", attachments=ONE, note="联系人：张三")
    now = layout.signed(loose, converter.to_pdf(loose))
    assert now.page == 2 and now.left > 3
    docx, pdf, way = fit(loose, converter.to_pdf)
    assert layout.signed(docx, pdf).page == 1 and way.pitch in STEPS
    assert not layout.has_errors(layout.check(docx, pdf, "通知"))


def test_a_long_last_paragraph_leaves_its_first_lines_where_there_is_room(converter: Converter) -> None:
    loose = short(body=f"{lines_of_text(23)}\n{lines_of_text(9)}", attachments=[])
    now = layout.signed(loose, converter.to_pdf(loose))
    assert now.page == 3 and now.left > 4, "the whole paragraph went along with 署名"
    docx, pdf, way = fit(loose, converter.to_pdf)
    then = layout.signed(docx, pdf)
    assert way.carried and then.page == 3 and then.left < 2 and not then.lacks_text
    assert not layout.has_errors(layout.check(docx, pdf, "通知"))
    assert "".join(text_of(docx).split()) == "".join(text_of(loose).split())


def test_a_paper_that_nothing_helps_is_left_alone(converter: Converter) -> None:
    docx = short(body="特此通知。", addressees="示例单位，" * 30 + "各村", attachments=ONE)
    found, pdf, way = fit(docx, converter.to_pdf)
    assert layout.signature_lacks_text(found, pdf)
    assert (found, way) == (docx, AS_IT_IS)


def test_only_the_lines_between_title_and_attachments_come_closer() -> None:
    docx = filled()
    before, after = (paragraphs(one) for one in (docx, fitted(docx, Fit(553))))
    texts = ["".join(each.itertext()).strip() for each in before]
    first = next(n for n, text in enumerate(texts) if text.startswith("关于印发"))
    changed = [n for n, (old, new) in enumerate(zip(before, after, strict=True)) if shape(old) != shape(new)]
    assert changed
    assert first < min(changed) and max(changed) < texts.index("附件")


def paragraphs(docx: bytes) -> list[etree._Element]:
    return list(part_of(docx, "word/document.xml").iter("{*}p"))


def shape(paragraph: etree._Element) -> bytes:
    found = paragraph.find("{*}pPr")
    return b"" if found is None else etree.tostring(found)
