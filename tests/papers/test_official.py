"""The official papers, measured in their PDF against GB/T 9704—2012: what holds for all of them."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.papers.making import part_of, text_of
from tests.papers.official_pages import (
    BOTTOM,
    CHAR,
    DAYS,
    DOCUMENTS,
    LEFT,
    PAPER,
    PAPERS,
    RIGHT,
    SHORT,
    SIGNERS,
    TOP,
    UNSIGNED,
    UPRIGHT,
    WITH_LIST,
    black,
    faces_of,
    filled,
    lines,
    middle,
    only,
    pdf_of,
    red,
)


@pytest.mark.parametrize("name", (*UPRIGHT, "long"))
def test_heading_begins_72_mm_below_the_edge_of_the_paper(name: str) -> None:
    assert red(name)[0].top == pytest.approx(72, abs=0.7)
    assert middle(red(name)[0]) == pytest.approx((LEFT + RIGHT) / 2, abs=1.5)


@pytest.mark.parametrize("name", UPRIGHT)
def test_red_rule_is_156_mm_wide_and_4_mm_below_the_number(name: str) -> None:
    rule = red(name)[-1]
    number = next(band for band in black(name) if band.top > red(name)[0].bottom)
    assert (rule.left, rule.right) == (pytest.approx(LEFT, abs=0.4), pytest.approx(RIGHT, abs=0.4))
    assert rule.top - number.bottom == pytest.approx(4, abs=0.5)
    assert 0.2 <= rule.bottom - rule.top <= 0.6
    assert number.top - red(name)[-2].bottom == pytest.approx(2 * 10.2 + 4, abs=2), "two lines between them"


@pytest.mark.parametrize("name", UPRIGHT)
def test_title_stands_two_lines_below_the_rule_and_is_centred(name: str) -> None:
    title = next(band for band in black(name) if band.top > red(name)[-1].bottom)
    assert title.top - red(name)[-1].bottom == pytest.approx(2 * 10.2 + 3, abs=1.5)
    assert middle(title) == pytest.approx((LEFT + RIGHT) / 2, abs=1.5)


@pytest.mark.parametrize("day", DAYS)
def test_署名_is_centred_over_a_date_of_any_length_four_characters_before_the_edge(day: str) -> None:
    organ, date = [line for line in lines(day) if line.text in (day, "示例镇人民政府")][-2:]
    assert date.text == day
    assert middle(organ) == pytest.approx(middle(date), abs=1)
    assert RIGHT - date.right == pytest.approx(4 * CHAR, abs=0.5)


@pytest.mark.parametrize("name", SIGNERS, ids=len)
def test_署名_of_any_length_is_centred_over_the_date_and_stays_within_the_lines(name: str) -> None:
    found = lines(f"signed {name}")
    at = next(at for at, line in enumerate(found) if line.text == DAYS[0])
    count = 1 if len(name) <= 28 else 2
    signed, date = found[at - count : at], found[at]
    assert "".join(line.text for line in signed) == name
    for line in signed:
        assert middle(line) == pytest.approx(middle(date), abs=0.5)
        assert line.left > LEFT - 0.5 and line.right < RIGHT + 0.5
    inset = RIGHT - date.right
    assert inset == pytest.approx(4 * CHAR, abs=0.5) if len(name) <= 15 else inset > 4 * CHAR


@pytest.mark.parametrize("name", ["notice", "circular", "minutes", "joint", "dunfa", "xifa"])
def test_number_is_centred_and_of_the_prescribed_form(name: str) -> None:
    line = next(line for line in lines(name) if re.search("〔.*号$", line.text))
    assert re.fullmatch(r"[\u4e00-\u9fff]{1,10}〔(19|20)\d{2}〕[1-9]\d*号", line.text)
    assert middle(line) == pytest.approx((LEFT + RIGHT) / 2, abs=1)


@pytest.mark.parametrize("name", SHORT)
def test_first_page_shows_body_text_of_a_plain_paper(name: str) -> None:
    number = next(line for line in lines(name) if re.search("〔.*号$", line.text))
    text = [
        line
        for line in lines(name)
        if line.page == 1 and line.top > number.top + 40 and line.left > 38 and line.right > 175
    ]
    assert text


def test_full_page_has_22_lines_of_28_characters() -> None:
    long = lines("long")
    whole = [line for line in long if re.fullmatch("国+", line.text)]
    assert {len(line.text) for line in whole[1:-1]} == {28}
    full_page = [line for line in long if line.page == 2 and TOP - 1 < line.top < BOTTOM]
    assert len(full_page) == 22
    assert full_page[0].top - TOP < 5
    assert BOTTOM - full_page[-1].bottom < 3


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_text_stays_in_the_text_area(name: str) -> None:
    for line in lines(name):
        assert line.left > LEFT - 0.5 and line.right < RIGHT + 0.5, "no mark hangs out of it"
        assert line.bottom < BOTTOM + 1 or re.fullmatch(r"—\d+—", line.text), line


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name.startswith("fullest")])
def test_first_page_shows_body_text_below_the_longest_title_and_addressees(name: str) -> None:
    assert [line for line in lines(name) if line.page == 1 and "国国国" in line.text]


def test_paragraph_starts_two_characters_in_and_returns_to_the_margin() -> None:
    notice = lines("notice")
    first = only(notice, "为推动扫黑除恶工作常态化")
    following = notice[notice.index(first) + 1]
    assert first.left - LEFT == pytest.approx(2 * 5.56, abs=0.6)
    assert following.left == pytest.approx(LEFT, abs=0.5)


def test_seal_leaves_four_characters_beside_the_date_and_the_signer_stands_over_it() -> None:
    notice = lines("notice")
    date = next(line for line in notice if line.text == "2026年11月2日")
    signer = next(line for line in notice if line.text == "中共示例镇委员会")
    assert RIGHT - date.right == pytest.approx(4 * 5.56, abs=1)
    assert (signer.left + signer.right) / 2 == pytest.approx((date.left + date.right) / 2, abs=0.5)
    assert signer.page == date.page
    assert date.top - signer.top == pytest.approx(10.2, abs=0.5)


@pytest.mark.parametrize(
    "name", [name for name in DOCUMENTS if name not in (*WITH_LIST, *UNSIGNED, "longest organ")]
)
def test_signer_never_stands_alone_on_a_page(name: str) -> None:
    found = lines(name)
    day = next(line for line in found if re.fullmatch(r"\d{4}年\d+月\d+日", line.text))
    above = [line for line in found if line.page == day.page and line.top < day.top - 15]
    assert any(re.search("[，。国]", line.text) for line in above), above
    assert (
        len({line.page for line in found if line.text in (day.text, "中共示例镇委员会") and line.left > 90})
        == 1
    )


@pytest.mark.parametrize("name", WITH_LIST)
def test_list_of_attachments_goes_with_the_signature(name: str) -> None:
    day = next(line for line in lines(name) if re.fullmatch(r"\d{4}年\d+月\d+日", line.text))
    assert only(lines(name), "附件：").page == day.page


@pytest.mark.parametrize("slug", list(PAPERS))
def test_no_seal_is_drawn_and_no_blank_one_is_asked_for(slug: str) -> None:
    assert "盖章" not in text_of(PAPERS[slug])
    assert list(part_of(PAPERS[slug], "word/document.xml").iter("{*}drawing", "{*}pict")) == []


def test_page_numbers_stand_outside_below_the_text_area_between_dashes() -> None:
    long = lines("long")
    folios = [line for line in long if re.fullmatch(r"—\d+—", line.text)]
    assert [line.text for line in folios] == [f"—{number}—" for number in range(1, folios[-1].page + 1)]
    for line in folios:
        outer = RIGHT - line.right if line.page % 2 else line.left - LEFT
        assert outer == pytest.approx(4.94, abs=0.6)
        assert (line.top + line.bottom) / 2 - BOTTOM == pytest.approx(7, abs=1)


def test_attachments_are_listed_under_each_other_without_punctuation() -> None:
    long = lines("long")
    first, second = only(long, "附件：1."), only(long, "2.联络员名单")
    assert first.left - LEFT == pytest.approx(2 * 5.56, abs=0.6)
    wrapped = long[long.index(first) + 1]
    name = first.left + 4 * 5.56 + 1
    assert wrapped.left == pytest.approx(name, abs=1)
    assert second.left == pytest.approx(first.left + 3 * 5.56, abs=1)
    assert not re.search(r"[。；，、]$", second.text)


def test_each_attachment_has_its_own_page_with_its_title_on_the_third_line() -> None:
    long = lines("long")
    for number, title in ((1, "示例镇某某工作"), (2, "联络员名单")):
        head = next(line for line in long if line.text == f"附件{number}")
        page = [line for line in long if line.page == head.page]
        assert page[0] == head
        assert page[1].text.startswith(title)
        middles = [(line.top + line.bottom) / 2 for line in page[:2]]
        assert middles[1] - middles[0] == pytest.approx(2 * 10.2, abs=1)


def test_single_attachment_carries_no_number() -> None:
    notice = lines("notice")
    assert [line.text for line in notice if line.text.startswith("附件")][0].startswith("附件：墩集镇")
    assert "附件" in [line.text for line in notice]


@pytest.mark.parametrize(
    ("name", "title"), [("dunfa", "墩集镇扫黑除恶专项斗争联动机制"), ("issuing", "示例方案")]
)
def test_what_a_notice_issues_stands_on_a_new_page_without_being_called_附件(name: str, title: str) -> None:
    found = lines(name)
    day = next(line for line in found if re.fullmatch(r"\d{4}年\d+月\d+日", line.text))
    head = next(line for line in found if line.page > day.page)
    assert head.text == title
    assert (head.top + head.bottom) / 2 - TOP == pytest.approx(2.5 * 10.2, abs=1), "on the third line"
    named = [line.text for line in found if line.text.startswith("附件")]
    attached = ["附件：1.示例镇某某工作领导小组及其办公室成员名单和", "附件1", "附件2"]
    assert named == (attached if name == "issuing" else [])


def test_imprint_stands_at_the_foot_of_the_last_page_only() -> None:
    long = lines("long")
    last = max(line.page for line in long)
    rules = [
        band for band in black("long", last) if band.bottom - band.top < 0.6 and band.right - band.left > 150
    ]
    assert len(rules) == 3
    assert rules[-1].bottom == pytest.approx(BOTTOM, abs=0.6)
    assert (rules[0].left, rules[0].right) == (pytest.approx(LEFT, abs=0.5), pytest.approx(RIGHT, abs=0.5))
    copies, printed = only(long, "抄送："), only(long, "印发")
    assert copies.page == printed.page == last
    assert copies.text.endswith("县纪委。")
    assert printed.text.endswith("2026年11月2日印发") or only(long, "中共示例镇委员会办公室").page == last
    assert copies.left - LEFT == pytest.approx(4.94, abs=0.5)


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if not re.search("letter|fullest", name)])
def test_imprint_ends_the_last_page_and_lies_on_no_text(name: str) -> None:
    found = [line for line in lines(name) if not re.fullmatch(r"—\d+—", line.text)]
    printed = next(line for line in reversed(found) if line.text.endswith("印发"))
    assert printed.page == lines(name)[-1].page
    assert BOTTOM - printed.bottom == pytest.approx(0.5, abs=0.6)
    marks = [line for line in found if line.page == printed.page and line.text.startswith("抄送：")]
    top = (marks or [printed])[0].top
    under = ("印发", "办公室", "抄送", "领导小组")
    text = [
        line for line in found if line.page == printed.page and not any(word in line.text for word in under)
    ]
    assert [line for line in text if line.bottom > top + 0.5] == []


def test_urgency_stands_at_the_top_left_and_only_if_there_is_one() -> None:
    notice = lines("notice")
    long = lines("long")
    urgent = only(long, "特急")
    assert urgent.left == pytest.approx(LEFT, abs=0.5)
    assert urgent.top - TOP < 5
    assert notice[0].text == "中共示例镇委员会文件"


def test_faces_are_those_of_the_standard() -> None:
    fonts = subprocess.run(
        ["pdffonts", str(pdf_of("long"))], capture_output=True, check=True, text=True
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
    faces = faces_of(DOCUMENTS["long"])
    assert faces["一、总体要求"] == "黑体"
    assert faces["（一）提高认识。"] == "楷体_GB2312"
    assert faces["各单位要认真落实。"] == "仿宋_GB2312"
    assert faces["1. 第一点"] == "仿宋_GB2312"
    assert faces["关于做好示例工作的通知"] == "方正小标宋简体"


def test_title_is_of_size_two_and_not_bold() -> None:
    body = part_of(PAPER, "word/document.xml")
    (title,) = [run for run in body.iter("{*}r") if "".join(run.itertext()) == "{{ title|title_lines }}"]
    assert title.find("{*}rPr/{*}sz").values() == ["44"]
    assert list(body.iter("{*}b")) == []


def test_only_heading_and_rule_are_red() -> None:
    body = part_of(PAPER, "word/document.xml")
    coloured = [
        paragraph
        for paragraph in body.iter("{*}p")
        if any(c.values() == ["FF0000"] for c in paragraph.iter("{*}color"))
    ]
    texts = ["".join(paragraph.itertext()) for paragraph in coloured]
    assert texts.count("{{ issuer_name }}文件") == 5, "one for each size"
    assert set(texts) == {"{{ issuer_name }}文件", "{{ issuer_name|title_lines(22) }}文件"}


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("中共示例镇委员会", 36),
        ("中共示例市示例区委员会办公室", 26),
        ("中共示例市示例区示例街道工作委员会", 22),
        ("中共示例市示例区示例街道工作委员会办公室", 18),
        ("中共示例市示例区示例街道工作委员会办公室联络组", 16),
    ],
)
def test_long_name_of_the_organ_is_set_smaller_rather_than_broken(name: str, size: int) -> None:
    body = part_of(filled(issuer_name=name), "word/document.xml")
    (heading,) = [run for run in body.iter("{*}r") if "".join(run.itertext()) == f"{name}文件"]
    assert heading.find("{*}rPr/{*}sz").values() == [str(2 * size)]
    assert size * len(f"{name}文件") < 156 / 25.4 * 72


def test_last_paragraph_stays_with_the_signature_whatever_its_level() -> None:
    body = part_of(
        filled(body="现通知如下。\n（一）要求。各单位要认真落实。", attachments=[]), "word/document.xml"
    )
    (last,) = [each for each in body.iter("{*}p") if "".join(each.itertext()).startswith("（一）要求")]
    assert last.find("{*}pPr/{*}keepNext") is not None
