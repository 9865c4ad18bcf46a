"""The official paper, measured in its PDF against GB/T 9704—2012: positions in millimetres, ink by colour."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from andu.formtypes.reading import read_form
from andu.papers.pdf import Converter
from andu.papers.template import compile_template
from andu.settings import Settings
from tests.papers.making import Band, Line, context_of, ink_of, is_black, is_red, lines_of, part_of, text_of

ROOT = Path(__file__).parents[2]
NOTICE = read_form(ROOT / "forms" / "official_notice.yaml", None)
PAPER = (ROOT / "doc_templates" / "official_notice.docx").read_bytes()
NUMBER = "示发〔2026〕13号"
LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0
"""The text area (版心): 156 × 225 mm."""


def filled(**changes: Any) -> bytes:
    return compile_template(PAPER).fill({**context_of(NOTICE, number=NUMBER, signed=True), **changes})


LONG: dict[str, Any] = {
    "title": "关于做好示例工作的通知",
    "urgency": "特急",
    "body": "为做好示例工作，现通知如下。\n一、总体要求\n（一）提高认识。各单位要认真落实。\n1. 第一点\n"
    + "国" * 1500,
    "attachments": [
        {
            "no": "1",
            "title": "示例镇某某工作领导小组及其办公室成员名单和职责分工情况表",
            "text": "一、成员\n张三。",
        },
        {"no": "2", "title": "联络员名单", "text": "李四。"},
    ],
    "note": "联系人：张三，电话：0555-2345678",
    "cc": "县扫黑办，县纪委",
    "print_organ": "",
    "printed_on": "",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """notice.pdf: the sample, the notice of the seed; long.pdf: a long one with two attachments."""
    folder = tmp_path_factory.mktemp("official")
    names = ("notice", "long")
    made = Converter(Settings().fonts).many([filled(), filled(**LONG)])
    for name, pdf in zip(names, made, strict=True):
        assert isinstance(pdf, bytes), pdf
        (folder / f"{name}.pdf").write_bytes(pdf)
    return folder


@pytest.fixture(scope="module")
def notice(folder: Path) -> list[Line]:
    return lines_of(folder / "notice.pdf")


@pytest.fixture(scope="module")
def long(folder: Path) -> list[Line]:
    return lines_of(folder / "long.pdf")


@pytest.fixture(scope="module", params=["notice", "long"])
def red(folder: Path, request: pytest.FixtureRequest) -> list[Band]:
    return ink_of(folder / f"{request.param}.pdf", 1, is_red)


def only(lines: list[Line], words: str) -> Line:
    found = [line for line in lines if words in line.text]
    assert len(found) == 1, (words, found)
    return found[0]


def test_heading_begins_72_mm_below_the_edge_of_the_paper(red: list[Band]) -> None:
    assert red[0].top == pytest.approx(72, abs=0.7)
    assert (red[0].left + red[0].right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=1)


def test_red_rule_is_156_mm_wide_and_4_mm_below_the_number(folder: Path, red: list[Band]) -> None:
    rule = red[-1]
    number = next(band for band in ink_of(folder / "notice.pdf", 1, is_black) if band.top > red[0].bottom)
    assert (rule.left, rule.right) == (pytest.approx(LEFT, abs=0.4), pytest.approx(RIGHT, abs=0.4))
    assert rule.top - number.bottom == pytest.approx(4, abs=0.5)
    assert 0.2 <= rule.bottom - rule.top <= 0.6


def test_number_is_centred_and_of_the_prescribed_form(notice: list[Line]) -> None:
    line = only(notice, "〔2026〕")
    assert re.fullmatch(r"[\u4e00-\u9fff]{1,10}〔(19|20)\d{2}〕[1-9]\d*号", line.text)
    assert (line.left + line.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=1)


def test_first_page_shows_body_text(notice: list[Line]) -> None:
    assert only(notice, "为推动扫黑除恶工作常态化").page == 1


def test_full_page_has_22_lines_of_28_characters(long: list[Line]) -> None:
    whole = [line for line in long if re.fullmatch("国+", line.text)]
    assert {len(line.text) for line in whole[1:-1]} == {28}
    full_page = [line for line in long if line.page == 2 and TOP - 1 < line.top < BOTTOM]
    assert len(full_page) == 22
    assert full_page[0].top - TOP < 5
    assert BOTTOM - full_page[-1].bottom < 3


def test_text_stays_in_the_text_area(notice: list[Line], long: list[Line]) -> None:
    for line in [*notice, *long]:
        hanging = 6 if line.text[-1] in "，。、；：" else 0.5
        assert line.left > LEFT - 0.5 and line.right < RIGHT + hanging, line


def test_paragraph_starts_two_characters_in_and_returns_to_the_margin(notice: list[Line]) -> None:
    first = only(notice, "为推动扫黑除恶工作常态化")
    following = notice[notice.index(first) + 1]
    assert first.left - LEFT == pytest.approx(2 * 5.56, abs=0.6)
    assert following.left == pytest.approx(LEFT, abs=0.5)


def test_seal_leaves_four_characters_beside_the_date_and_the_signer_stands_over_it(
    notice: list[Line],
) -> None:
    date = next(line for line in notice if line.text == "2026年11月2日")
    signer = next(line for line in notice if line.text == "中共示例镇委员会")
    assert RIGHT - date.right == pytest.approx(4 * 5.56, abs=1)
    assert (signer.left + signer.right) / 2 == pytest.approx((date.left + date.right) / 2, abs=2.5)
    assert signer.page == date.page
    assert date.top - signer.top == pytest.approx(10.2, abs=0.5)


def test_signer_never_stands_alone_on_a_page(notice: list[Line], long: list[Line]) -> None:
    for lines in (notice, long):
        signer = next(line for line in lines if line.text == "中共示例镇委员会")
        before = [line for line in lines if line.page == signer.page and TOP - 1 < line.top < signer.top]
        assert before


def test_no_seal_is_drawn_and_no_blank_one_is_asked_for() -> None:
    assert "盖章" not in text_of(PAPER)
    assert list(part_of(PAPER, "word/document.xml").iter("{*}drawing", "{*}pict")) == []


def test_page_numbers_stand_outside_below_the_text_area_between_dashes(long: list[Line]) -> None:
    folios = [line for line in long if re.fullmatch(r"—\d+—", line.text)]
    assert [line.text for line in folios] == [f"—{number}—" for number in range(1, folios[-1].page + 1)]
    for line in folios:
        outer = RIGHT - line.right if line.page % 2 else line.left - LEFT
        assert outer == pytest.approx(4.94, abs=0.6)
        assert (line.top + line.bottom) / 2 - BOTTOM == pytest.approx(7, abs=1)


def test_attachments_are_listed_under_each_other_without_punctuation(long: list[Line]) -> None:
    first, second = only(long, "附件：1."), only(long, "2.联络员名单")
    assert first.left - LEFT == pytest.approx(2 * 5.56, abs=0.6)
    wrapped = long[long.index(first) + 1]
    name = first.left + 4 * 5.56 + 1
    assert wrapped.left == pytest.approx(name, abs=1)
    assert second.left == pytest.approx(first.left + 3 * 5.56, abs=1)
    assert not re.search(r"[。；，、]$", second.text)


def test_each_attachment_has_its_own_page_with_its_title_on_the_third_line(long: list[Line]) -> None:
    for number, title in ((1, "示例镇某某工作"), (2, "联络员名单")):
        head = next(line for line in long if line.text == f"附件{number}")
        page = [line for line in long if line.page == head.page]
        assert page[0] == head
        assert page[1].text.startswith(title)
        middles = [(line.top + line.bottom) / 2 for line in page[:2]]
        assert middles[1] - middles[0] == pytest.approx(2 * 10.2, abs=1)


def test_single_attachment_carries_no_number(notice: list[Line]) -> None:
    assert [line.text for line in notice if line.text.startswith("附件")][0].startswith("附件：墩集镇")
    assert "附件" in [line.text for line in notice]


def test_imprint_stands_at_the_foot_of_the_last_page_only(folder: Path, long: list[Line]) -> None:
    last = max(line.page for line in long)
    rules = [
        band
        for band in ink_of(folder / "long.pdf", last, is_black)
        if band.bottom - band.top < 0.6 and band.right - band.left > 150
    ]
    assert len(rules) == 3
    assert rules[-1].bottom == pytest.approx(BOTTOM, abs=0.6)
    assert (rules[0].left, rules[0].right) == (pytest.approx(LEFT, abs=0.5), pytest.approx(RIGHT, abs=0.5))
    copies, printed = only(long, "抄送："), only(long, "印发")
    assert copies.page == printed.page == last
    assert copies.text.endswith("县纪委。")
    assert printed.text.endswith("2026年11月2日印发") or only(long, "中共示例镇委员会办公室").page == last
    assert copies.left - LEFT == pytest.approx(4.94, abs=0.5)


def test_urgency_stands_at_the_top_left_and_only_if_there_is_one(
    notice: list[Line], long: list[Line]
) -> None:
    urgent = only(long, "特急")
    assert urgent.left == pytest.approx(LEFT, abs=0.5)
    assert urgent.top - TOP < 5
    assert notice[0].text == "中共示例镇委员会文件"


def test_faces_are_those_of_the_standard(folder: Path) -> None:
    fonts = subprocess.run(
        ["pdffonts", str(folder / "long.pdf")], capture_output=True, check=True, text=True
    ).stdout
    found = set(re.findall(r"\+([\w-]+)", fonts))
    assert found == {
        "FandolSong-Bold",
        "FandolFang-Regular",
        "FandolHei-Regular",
        "FandolKai-Regular",
        "FandolSong-Regular",
    }


def test_levels_of_the_text_are_set_in_their_faces() -> None:
    body = part_of(filled(**LONG), "word/document.xml")
    faces = {
        "".join(run.itertext()): run.find("{*}rPr/{*}rFonts").values()[1]
        for run in body.iter("{*}r")
    }  # fmt: skip
    assert faces["一、总体要求"] == "黑体"
    assert faces["（一）提高认识。"] == "楷体_GB2312"
    assert faces["各单位要认真落实。"] == "仿宋_GB2312"
    assert faces["1. 第一点"] == "仿宋_GB2312"
    assert faces["关于做好示例工作的通知"] == "方正小标宋简体"


def test_title_is_of_size_two_and_not_bold() -> None:
    body = part_of(PAPER, "word/document.xml")
    (title,) = [run for run in body.iter("{*}r") if "".join(run.itertext()) == "{{ title }}"]
    assert title.find("{*}rPr/{*}sz").values() == ["44"]
    assert list(body.iter("{*}b")) == []


def test_only_heading_and_rule_are_red() -> None:
    body = part_of(PAPER, "word/document.xml")
    coloured = [
        paragraph
        for paragraph in body.iter("{*}p")
        if any(c.values() == ["FF0000"] for c in paragraph.iter("{*}color"))
    ]
    assert ["".join(paragraph.itertext()) for paragraph in coloured] == ["{{ issuer_name }}文件"]
