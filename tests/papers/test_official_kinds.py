"""What each kind of official paper has of its own, measured: upward, letter, joint, record of a meeting."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from tests.papers.official_pages import (
    BOTTOM,
    CHAR,
    DOCUMENTS,
    JOINT,
    LEFT,
    NUMBER,
    ORGAN,
    RIGHT,
    black,
    faces_of,
    lines,
    middle,
    only,
    red,
)


@pytest.mark.parametrize("name", ["report", "request"])
def test_upward_document_names_who_signed_on_the_line_of_its_number(name: str) -> None:
    number, signer = only(lines(name), NUMBER), only(lines(name), "签发人：")
    assert signer.text == "签发人：李四"
    assert (number.top, number.bottom) == pytest.approx((signer.top, signer.bottom), abs=0.5)
    assert number.left - LEFT == pytest.approx(5.64, abs=0.5)
    assert RIGHT - signer.right == pytest.approx(5.64, abs=0.7)
    faces = faces_of(DOCUMENTS[name])
    assert (faces["李四"], faces[f"{NUMBER}签发人："]) == ("楷体_GB2312", "仿宋_GB2312")


def test_letter_has_its_lines_and_no_number_on_its_first_page() -> None:
    heading, *rules = red("letter")
    assert heading.top == pytest.approx(30, abs=0.7)
    assert "文件" not in lines("letter")[0].text
    assert [(line.left, line.right) for line in rules] == [pytest.approx((20, 190), abs=0.4)] * 4
    upper, lower = rules[:2], rules[2:]
    assert upper[0].top - heading.bottom == pytest.approx(4, abs=0.5)
    assert 297 - lower[1].bottom == pytest.approx(20, abs=0.5)
    thick = [line.bottom - line.top > 0.5 for line in rules]
    assert thick == [True, False, False, True], "上粗下细, and at the foot 上细下粗"
    assert red("letter", 2) == []
    folios = [(line.page, line.text) for line in lines("letter") if re.fullmatch(r"—\d+—", line.text)]
    assert folios == [(page, f"—{page}—") for page in range(2, lines("letter")[-1].page + 1)]


def test_number_of_a_letter_stands_at_the_right_edge_below_the_line() -> None:
    number, title = black("letter")[:2]
    assert RIGHT - only(lines("letter"), NUMBER).right == pytest.approx(0, abs=0.6)
    assert number.top - red("letter")[2].bottom == pytest.approx(4.94, abs=0.5), "7/8 of a character"
    assert title.top - number.bottom == pytest.approx(2 * 10.2 + 4, abs=1.5), "two lines"
    urgent, beside = only(lines("long letter"), "特急"), only(lines("long letter"), NUMBER)
    assert urgent.left == pytest.approx(LEFT, abs=0.5)
    assert urgent.top == pytest.approx(beside.top, abs=0.7)


def test_imprint_of_a_letter_has_no_rules_no_organ_and_no_day() -> None:
    last = lines("letter")[-1].page
    copies = only(lines("letter"), "抄送：")
    assert (copies.page, copies.text) == (last, "抄送：示例县扫黑办。")
    assert BOTTOM - copies.bottom == pytest.approx(0.5, abs=1)
    assert "印发" not in "".join(line.text for line in lines("letter"))
    wide = [band for band in black("letter", last) if band.right - band.left > 150]
    assert wide == []


@pytest.mark.parametrize("name", ["joint", "xifa"])
def test_joint_heading_names_the_organs_in_order_with_the_word_beside_their_middle(name: str) -> None:
    first = [line for line in lines(name) if line.page == 1 and line.bottom < red(name)[-1].top - 15]
    organs = "".join(line.text for line in first).replace("文件", "")
    second = "西岗镇人民政府" if name == "xifa" else "示例镇人民政府"
    assert organs.endswith(f"委员会{second}")
    (word,) = [line for line in first if "文件" in line.text]
    top, bottom = red(name)[0].top, red(name)[-2].bottom
    assert (word.top + word.bottom) / 2 == pytest.approx((top + bottom) / 2, abs=1.5)
    assert word.right == pytest.approx(max(line.right for line in first), abs=0.1)


def test_joint_document_ends_with_all_organs_over_one_day() -> None:
    found = lines("xifa")
    day = next(line for line in found if line.text == "2019年4月12日")
    ours, theirs = found[found.index(day) - 2 : found.index(day)]
    assert (ours.text, theirs.text) == ("中共西岗镇委员会", "西岗镇人民政府")
    assert ours.top == pytest.approx(theirs.top, abs=0.1) and theirs.right < RIGHT
    assert middle(theirs) == pytest.approx(middle(day), abs=2.5)
    assert middle(theirs) - middle(ours) > 50, "room for two seals of 42 mm beside each other"
    assert RIGHT - day.right == pytest.approx(4 * CHAR, abs=1)


def test_third_organ_of_a_joint_document_signs_below_with_room_for_its_seal() -> None:
    found = lines("three")
    end = found.index(next(line for line in found if line.text == "2026年11月2日"))
    first, second, third = found[end - 3 : end]
    assert [first.text, second.text, third.text] == ["中共示例镇委员会", "示例镇人民政府", "示例镇人民武装部"]
    assert middle(third) == pytest.approx(middle(second), abs=1)
    assert third.top - second.top == pytest.approx(5 * 10.2, abs=1), "two seals of 42 mm do not touch"


@pytest.mark.parametrize("name", [name for name, organs in JOINT.items() if max(map(len, organs)) < 26])
def test_names_in_a_joint_heading_are_set_smaller_rather_than_broken(name: str) -> None:
    first = [line for line in lines(name) if line.page == 1 and line.bottom < red(name)[-1].top - 15]
    texts = [line.text for line in first if line.text != "文件"]
    assert "".join(texts).replace("文件", "") == "".join(JOINT[name])
    assert len({round(line.top) for line in first if line.text != "文件"}) == len(JOINT[name])
    assert red(name)[0].top == pytest.approx(72, abs=0.7)


def test_a_name_too_long_for_any_size_is_broken_between_words_in_the_middle_of_its_cell() -> None:
    name = "longest organ"
    first = [line for line in lines(name) if line.page == 1 and line.bottom < red(name)[-1].top - 15]
    texts = [line.text for line in first if line.text != "文件"]
    assert len(texts) == 3 and "".join(texts).replace("文件", "") == ORGAN[:32] + ORGAN[:8]
    assert min(map(len, texts[:2])) >= 8, "no line of a few characters, drawn apart"
    assert texts[0].endswith(("委员会", "工作", "街道", "示例区")), texts
    assert red(name)[0].top == pytest.approx(72, abs=0.7)


@pytest.mark.parametrize("name", JOINT)
def test_organs_of_any_length_sign_over_the_date_and_do_not_touch(name: str) -> None:
    organs = JOINT[name]
    found = [line for line in lines(name) if line.page == lines(name)[-1].page]
    date = next(line for line in found if line.text == "2026年11月2日")
    signed = [next(line for line in reversed(found) if line.text == organ) for organ in organs]
    assert middle(signed[-1]) == pytest.approx(middle(date), abs=0.5)
    if sum(map(len, organs)) <= 22:
        assert signed[1].left - signed[0].right >= CHAR - 0.5
    else:
        assert {round(middle(line) - middle(date)) for line in signed} == {0}
        gaps = [below.top - above.top for above, below in pairwise(signed)]
        assert gaps == [pytest.approx(5 * 10.2, abs=1)] * len(gaps), "room for their seals"
    assert all(line.left > LEFT - 0.5 and line.right < RIGHT + 0.5 for line in signed)


def test_title_of_a_joint_document_names_all_organs() -> None:
    texts = [line.text for line in lines("xifa") if line.page == 1]
    start = texts.index("西发〔2019〕30号") + 1
    assert texts[start : start + 4] == [
        "中共西岗镇委员会",
        "西岗镇人民政府",
        "关于在全镇集中开展涉黑涉恶线索核查",
        "“百日会战”行动的实施方案",
    ]


def test_attendance_is_listed_after_the_text_with_its_labels() -> None:
    found = lines("minutes")
    present, absent, guests = (only(found, f"{label}：") for label in ("出席", "请假", "列席"))
    assert present.left - LEFT == pytest.approx(2 * CHAR, abs=0.6)
    wrapped = found[found.index(present) + 1]
    assert wrapped.left - present.left == pytest.approx(3 * CHAR, abs=0.6)
    assert present.top < absent.top < guests.top
    faces = faces_of(DOCUMENTS["minutes"])
    assert (faces["出席"], faces["：镇纪委郑十"]) == ("黑体", "仿宋_GB2312")
    assert "中共示例镇委员会" not in [line.text for line in found], "a record bears no seal and no 署名"


def test_request_names_whom_to_ask_below_its_day() -> None:
    found = lines("request")
    note = only(found, "（联系人：张三，电话：0555-2345678）")
    day = next(line for line in found if line.text == "2026年11月2日")
    assert note.page == day.page
    assert note.top - day.top == pytest.approx(10.2, abs=0.5)
    assert note.left - LEFT == pytest.approx(2 * CHAR, abs=2.5)
