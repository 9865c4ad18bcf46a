"""Each filter through a template: what it prints, and that nothing a clerk types makes it fail."""

from __future__ import annotations

from typing import Any

import pytest

from andu.papers.faults import PaperFault
from andu.papers.template import compile_template
from andu.papers.template.filters import FILTERS
from tests.papers.making import docx_of, part_of, text_of

SIGNED = {"name": "李四", "opinion": "同意", "date": "2026年11月22日"}


def printed(expression: str, value: Any) -> str:
    return text_of(compile_template(docx_of(f"{{{{ a|{expression} }}}}")).fill({"a": value}))


@pytest.mark.parametrize(
    ("expression", "value", "paper"),
    [
        ("date", "2026-11-02", "2026年11月2日"),
        ("date", "2026年11月22日 14:05", "2026年11月22日"),
        ("hanzi_date", "2026年11月22日", "二〇二六年十一月二十二日"),
        ("hanzi_date", "2030-10-10", "二〇三〇年十月十日"),
        ("hanzi_date", "2026/2/20", "二〇二六年二月二十日"),
        ("sequence", 1, "一、"),
        ("sequence('一、')", "21", "二十一、"),
        ("sequence('（一）')", 10, "（十）"),
        ("sequence('1.')", 12, "12."),
        ("sequence('（1）')", 3, "（3）"),
        ("sequence", 100, "100、"),
        ("tick('是', '否')", "否", "□是　☑否"),
        ("tick('来信', '来访', '来信来访')", "来信、来访", "☑来信　☑来访　□来信来访"),
        ("tick('甲、乙')", "甲、乙", "☑甲、乙"),
        ("tick('甲')", "", "□甲"),
        ("tick('甲', '乙')", ["乙"], "□甲　☑乙"),
        ("or_blank('　年')", " ", "　年"),
        ("signed", SIGNED, "同意\n李四\n2026年11月22日"),
        ("signed", {**SIGNED, "opinion": ""}, "李四\n2026年11月22日"),
        ("signed", dict.fromkeys(SIGNED, ""), "\n\n　　年　月　日"),
    ],
)
def test_filter_prints(expression: str, value: Any, paper: str) -> None:
    assert printed(expression, value) == paper


@pytest.mark.parametrize(
    ("number", "words"),
    [
        # the first nine are the examples of 《正确填写票据和结算凭证的基本规定》, 零 left out where it may be
        ("1,409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("12345.67", "壹万贰仟叁佰肆拾伍元陆角柒分"),
        ("10", "壹拾元整"),
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.5", "伍角整"),
        ("100000000", "壹亿元整"),
        ("100005000", "壹亿零伍仟元整"),
        ("1000500000000", "壹万零伍亿元整"),
        ("1000000000000", "壹万亿元整"),
        ("10001", "壹万零壹元整"),
        ("1010", "壹仟零壹拾元整"),
        (2.675, "贰元陆角捌分"),
        ("-3", "负叁元整"),
        ("￥1，200元", "壹仟贰佰元整"),
    ],
)
def test_amount_is_written_as_on_bills(number: str | float, words: str) -> None:
    assert printed("amount", number) == f"人民币{words}"


@pytest.mark.parametrize("expression", ["date", "hanzi_date", "amount"])
@pytest.mark.parametrize(
    "typed", ["", "约三百", "2026-13-40", "9" * 40, "NaN", "1e999", "Infinity", "二〇二六年"]
)
def test_what_cannot_be_read_is_printed_as_typed(expression: str, typed: str) -> None:
    assert printed(expression, typed) == typed


def test_rich_text_has_the_face_that_the_template_says_and_the_text_as_typed() -> None:
    docx = docx_of("甲{{r a|rich(bold=true, color='FF0000', size=16, font='黑体') }}乙")
    filled = compile_template(docx).fill({"a": "A&B <w:p>\n二"})
    assert text_of(filled) == "甲A&B <w:p>\n二乙"
    body = part_of(filled, "word/document.xml")
    assert [each.tag.rpartition("}")[2] for each in body.iter("{*}b")] == ["b"]


@pytest.mark.parametrize(
    "wrong", ["color='red\"/>'", "font='a\"b'", "size=999", "size='9'", "style='x'", "url_id='rId1'"]
)
def test_option_of_rich_text_that_is_no_face_is_a_fault(wrong: str) -> None:
    with pytest.raises(PaperFault):
        compile_template(docx_of(f"{{{{r a|rich({wrong}) }}}}")).fill({"a": "甲"})


@pytest.mark.parametrize(("expression", "value"), [("qr(500)", "x"), ("qr(1)", "x"), ("qr", "长" * 3000)])
def test_qr_code_of_no_sensible_size_or_of_too_much_text_is_a_fault(expression: str, value: str) -> None:
    with pytest.raises(PaperFault, match="二维码"):
        printed(expression, value)


def test_every_filter_may_stand_in_a_template() -> None:
    unfit = [
        name
        for name in FILTERS
        if not compile_template(docx_of(f"{{{{{'r' * (name == 'rich')} a|{name} }}}}"))
    ]
    assert unfit == []
