"""Every value is looked for on the print itself: what hides, clips or loses it is named with its place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from andu.papers.checks.printed import Lack, lacking, lacks_of, texts_of
from andu.papers.drawing.ooxml import paragraph
from andu.papers.pdf import Converter
from andu.papers.template import compile_template
from andu.settings import ROOT
from tests.papers.making import FACE, docx_of

BLACK = '<w:color w:val="000000"/><w:shd w:val="clear" w:fill="000000"/>'
OFF = '<w:pPr><w:ind w:left="11000" w:right="-4000"/></w:pPr>'
FORMULA = (
    '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
    "<m:r><m:t>{{ subject }}</m:t></m:r></m:oMath>"
)
LONG = (
    "领取宣传资料二十份，供示例一村张贴，望予发放为盼，并请于三日内反馈张贴情况，另附照片若干张以备查验核对，"
    "如有不足请说明原因，并注明补领数量和补领时间，由经办人签字确认后交回备案存查，特此说明。"
)
CONTEXT = {
    "subject": LONG,
    "number": "2026-0010",
    "items": [{"name": "宣传单", "copies": "20"}, {"name": "海报", "copies": "3"}],
}


@pytest.fixture(scope="module")
def converter() -> Iterator[Converter]:
    made = Converter(ROOT / ".fonts")
    yield made
    made.close()


@cache
def _pdf(converter: Converter, docx: bytes) -> bytes:
    return converter.to_pdf(docx)


def lacks(converter: Converter, body: str, **context: object) -> list[Lack]:
    """What the print of this body does not show."""
    template = compile_template(docx_of(body))
    values = {**CONTEXT, **context}
    return lacking(template, values, _pdf(converter, template.fill(values)))


def run(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}<w:sz w:val="28"/></w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def said(properties: str, words: str = "{{ subject }}") -> str:
    return f"<w:p>{run('事由：')}{run(words, properties)}</w:p>"


def row(words: str, height: int, rule: str) -> str:
    return (
        '<w:tbl><w:tblPr><w:tblW w:w="9000" w:type="dxa"/></w:tblPr>'
        '<w:tblGrid><w:gridCol w:w="9000"/></w:tblGrid>'
        f'<w:tr><w:trPr><w:trHeight w:val="{height}" w:hRule="{rule}"/></w:trPr>'
        f'<w:tc><w:tcPr><w:tcW w:w="9000" w:type="dxa"/></w:tcPr><w:p>{run(words)}</w:p></w:tc></w:tr>'
        "</w:tbl><w:p/>"
    )


def frame(rule: str, words: str = "{{ subject }}") -> str:
    placed = f'<w:framePr w:w="4000" w:h="500" w:hRule="{rule}" w:wrap="around" w:x="1" w:y="1"/>'
    return f"<w:p><w:pPr>{placed}</w:pPr>{run(words)}</w:p><w:p>{run('下文')}</w:p>"


def tight(height: int) -> str:
    """A paragraph whose lines are exactly so high, in twentieths of a point."""
    spacing = f'<w:pPr><w:spacing w:line="{height}" w:lineRule="exact"/></w:pPr>'
    return f"<w:p>{spacing}{run('事由：')}{run('{{ subject }}')}</w:p>"


def floating(words: str, down: int) -> str:
    """A text box that lies over the text, so many points down the page."""
    style = f"position:absolute;margin-left:20pt;margin-top:{down}pt;width:400pt;height:150pt;z-index:1"
    shape = f'<v:rect xmlns:v="urn:schemas-microsoft-com:vml" style="{style}" filled="f" stroked="f">'
    content = f"<v:textbox><w:txbxContent><w:p>{run(words)}</w:p></w:txbxContent></v:textbox>"
    return f"<w:p><w:r><w:pict>{shape}{content}</v:rect></w:pict></w:r></w:p>"


def merged(*words: str) -> str:
    """A row for each, whose first cells are one."""
    width = '<w:tcW w:w="4500" w:type="dxa"/>'
    rows = ""
    for number, each in enumerate(words):
        merge = f'<w:vMerge w:val="{"continue" if number else "restart"}"/>'
        first = f"<w:tc><w:tcPr>{width}{merge}</w:tcPr><w:p>{run(each)}</w:p></w:tc>"
        rows += f"<w:tr>{first}<w:tc><w:tcPr>{width}</w:tcPr><w:p>{run(f'第{number}行')}</w:p></w:tc></w:tr>"
    grid = '<w:tblGrid><w:gridCol w:w="4500"/><w:gridCol w:w="4500"/></w:tblGrid>'
    return f'<w:tbl><w:tblPr><w:tblW w:w="9000" w:type="dxa"/></w:tblPr>{grid}{rows}</w:tbl><w:p/>'


def boxes(apart: int) -> str:
    """Two of them, so many points from each other."""
    return floating("{{ subject }}", 0) + floating("{{ number }}为此件编号，另有说明若干字在此", apart)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (said("<w:vanish/>"), "missing"),
        (said('<w:color w:val="FFFFFF"/>'), "unseen"),
        (said('<w:color w:val="FEFDFC"/>'), "unseen"),
        (said(BLACK), "unseen"),
        (said("").replace('<w:sz w:val="28"/>', '<w:sz w:val="2"/>'), "tiny"),
        (said("").replace('<w:sz w:val="28"/>', '<w:sz w:val="6"/>'), "tiny"),
        (said('<w:w w:val="10"/>'), "tiny"),
        (f"<w:p>{run('事由：')}{FORMULA}</w:p>", "missing"),
        (tight(160), "overlapped"),
        (boxes(0), "overlapped"),
        (boxes(5), "overlapped"),
        (row("{{ subject }}", 500, "exact"), "clipped"),
        (row("{{ number }}", 120, "exact"), "clipped"),
        (frame("exact"), "clipped"),
        (f"<w:p>{OFF}{run('{{ number }}')}</w:p>", "outside"),
        (merged("总数", "{{ number }}"), "missing"),
        (merged("{{ subject }}", "{{ subject }}", "{{ number }}"), "missing"),
    ],
    ids=["hidden", "white", "nearly white", "black on black", "tiny", "three points", "narrow", "formula",
        "close lines", "boxes", "boxes askew", "row", "low row", "frame", "off page",
        "cell under another", "third cell under another"],
)  # fmt: skip
def test_value_that_nobody_can_read_is_named(converter: Converter, body: str, reason: str) -> None:
    found = lacks(converter, body)
    assert found, "it was said to be printed"
    assert {one.path for one in found} <= {("subject",), ("number",)}
    assert found[0].reason in (reason, "missing"), found
    if body.startswith("<w:p><w:r><w:rPr>"):
        assert found[0].words == "事由：……"


@pytest.mark.parametrize(
    ("body", "context"),
    [
        (said(""), {}),
        (said('<w:color w:val="C00000"/>'), {}),
        (said('<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="203864"/>'), {}),
        (row("{{ subject }}", 500, "atLeast"), {}),
        (frame("atLeast"), {}),
        (said('<w:spacing w:val="-16"/><w:i/>'), {"subject": "（甲）、《乙》fifty-five, W.A.V.É. ﬁﬂ ½ 葛󠄀城"}),
        (f"<w:p>{''.join(run('{{ number }}', '<w:i/>') for _time in range(9))}</w:p>", {"number": "f"}),
        (said('<w:shadow/><w:b/>'), {}),
        (said('<w:outline/>'), {}),
        (said('<w:w w:val="33"/>'), {}),
        (tight(280), {}),
        (boxes(200), {}),
        (merged("{{ number }}", "{{ number }}", "{{ number }}"), {}),
        (said(""), {"subject": "第一段。\n\t第二段。\n" + LONG * 40}),
        (row("{{ subject }}", 300, "atLeast"), {"subject": LONG * 30}),
        (said("<w:caps/>"), {"subject": "abc ﬁne ① ㎡ Ⅳ é 2026—2027"}),
        (said('<w:b/><w:u w:val="single"/>'), {"subject": "全角　空格 与  多个空格，和“引号”（括号）"}),
        (paragraph("{{ subject }}{{ number }}{{ subject }}", FACE), {"subject": "甲", "number": "甲甲"}),
        (
            f"<w:p>{run('{%p for row in items %}')}</w:p>"
            f"<w:p>{run('{{ row.name }}{{ row.copies }}份')}</w:p><w:p>{run('{%p endfor %}')}</w:p>",
            {"items": [{"name": "宣传单", "copies": "2"}] * 90},
        ),
    ],
    ids=[
        "plain", "red", "white on blue", "growing row", "growing frame",
        "a little closer", "slanted pieces", "shadow", "outline", "narrow",
        "close lines", "boxes apart", "one cell over rows", "over pages", "a cell over pages",
        "other forms of letters", "spaces", "the same again", "many equal lines",
    ],
)  # fmt: skip
def test_value_that_is_printed_is_found(converter: Converter, body: str, context: dict[str, object]) -> None:
    assert lacks(converter, body, **context) == []


def test_one_of_two_equal_values_is_missed(converter: Converter) -> None:
    body = said("", "{{ number }}") + said("<w:vanish/>", "{{ number }}")
    (found,) = lacks(converter, body)
    assert (found.value, found.reason) == ("2026-0010", "missing")


def test_character_less_is_found_and_said(converter: Converter) -> None:
    template = compile_template(docx_of(said("")))
    pdf = _pdf(converter, template.fill({**CONTEXT, "subject": LONG.replace("照片", "照")}))
    (found,) = lacks_of(texts_of(template, CONTEXT), pdf)
    assert found.piece.startswith("片若干张") or "照片" in found.piece
    assert "没有完整地印出来" in found.told("事由")
