"""A long title breaks between words, in a shape that pleases, and loses nothing."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from unicodedata import east_asian_width

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andu.papers.template.filters import FILTERS
from andu.papers.template.title_shape import PER_LINE, keep_whole, one_line, shape

TITLES = [
    "关于印发《墩集镇扫黑除恶专项斗争联动机制工作方案》的通知",
    "关于在全镇集中开展涉黑涉恶线索核查“百日会战”行动的实施方案",
    "关于张三等人涉嫌强迫交易线索核查情况的报告",
    "关于请求解决扫黑除恶专项斗争工作经费的请示",
    "关于商请协助核查李四有关银行账户交易情况的函",
    "关于表扬2026年度平安建设（扫黑除恶）工作先进单位和先进个人的通报",
    "关于转发《县扫黑除恶专项斗争领导小组办公室关于建立扫黑除恶专项斗争工作线索和工作情况有关制度的通知》的通知",
    "关于调整镇扫黑除恶专项斗争领导小组及其办公室组成人员、职责分工和联系村居的通知",
    "示例镇扫黑除恶专项斗争领导小组2026年第三次全体会议纪要",
]


def width(line: str) -> float:
    """In full-width characters."""
    return sum(1 if east_asian_width(character) in "WFA" else 0.5 for character in line)


@pytest.mark.parametrize("title", TITLES)
def test_title_is_whole_fits_its_lines_and_is_balanced(title: str) -> None:
    lines = shape(title)
    assert "".join(lines) == title
    widths = [width(line) for line in lines]
    assert max(widths) <= PER_LINE
    assert len(lines) <= -(-width(title) // PER_LINE) + 1
    turns = [one > two for one, two in pairwise(widths)]
    assert turns == sorted(turns), "grows, then shrinks: 梯形 or 菱形, never widest at both ends"
    assert max(widths) - min(widths) < PER_LINE / 2


@pytest.mark.parametrize("title", TITLES)
def test_no_line_starts_or_ends_with_a_mark_that_belongs_to_the_other(title: str) -> None:
    for line in shape(title)[1:]:
        assert not re.match("[的等、，》”）〕]", line)
    for line in shape(title)[:-1]:
        assert not re.search("[《“（〔]$", line)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于做好示例工作的通知", ["关于做好示例工作的通知"]),
        (TITLES[0], ["关于印发《墩集镇扫黑除恶", "专项斗争联动机制工作方案》的通知"]),
        (TITLES[1], ["关于在全镇集中开展涉黑涉恶", "线索核查“百日会战”行动的实施方案"]),
        (TITLES[3], ["关于请求解决扫黑除恶", "专项斗争工作经费的请示"]),
        (TITLES[5], ["关于表扬2026年度平安建设（扫黑除恶）", "工作先进单位和先进个人的通报"]),
    ],
)
def test_title_breaks_between_words(title: str, lines: list[str]) -> None:
    assert shape(title) == lines


@pytest.mark.parametrize(
    ("title", "whole"),
    [
        ("关于在全镇各村各单位深入学习宣传贯彻《示例工作条例》的通知", "《示例工作条例》的通知"),
        ("关于做好全镇各村各单位二〇二六年度线索核查办理的工作方案", "的工作方案"),
        ("关于商请协助核查李四等人有关问题线索的函", "李四等人"),
        ("关于对全镇各村各单位开展线索核查（试行阶段）情况考核的办法", "（试行阶段）"),
    ],
)
def test_names_and_kinds_are_not_torn_apart(title: str, whole: str) -> None:
    assert [line for line in shape(title) if whole in line]


@pytest.mark.parametrize("typed", [" ", "　", "\n", " \n "])
def test_break_typed_by_the_clerk_is_kept_and_stands_nowhere_else(typed: str) -> None:
    title = f"关于印发《墩集镇扫黑除恶专项斗争{typed}联动机制工作方案》的通知"
    assert shape(title) == ["关于印发《墩集镇扫黑除恶专项斗争", "联动机制工作方案》的通知"]
    assert one_line(title) == "关于印发《墩集镇扫黑除恶专项斗争联动机制工作方案》的通知"


def test_space_beside_a_word_in_latin_letters_is_no_break() -> None:
    assert shape("关于做好 A 类 WPS 工作的通知") == ["关于做好 A 类 WPS 工作的通知"]
    assert one_line("关于 A 类的通知") == "关于 A 类的通知"


@given(st.text("关于的、《》“”（）扫黑除恶专项斗争abc12", min_size=1, max_size=120))
@settings(max_examples=150, deadline=None)
def test_any_title_arrives_whole_and_in_lines_that_fit(title: str) -> None:
    lines = shape(title)
    assert "".join(lines) == title
    for before, line in pairwise(lines):
        assert line[0] not in "的》”）、" or width(before) > PER_LINE - 1.5, "a word fills the line"
    assert all(width(line) <= PER_LINE for line in lines)


def test_filter_gives_a_template_the_lines() -> None:
    assert FILTERS["title_lines"](TITLES[3]) == "关于请求解决扫黑除恶\n专项斗争工作经费的请示"
    assert FILTERS["title_lines"](TITLES[3], 30) == TITLES[3]
    assert FILTERS["one_line"]("工作 方案") == "工作方案"


def test_a_text_that_is_no_title_is_left_in_one_piece_at_once() -> None:
    text = "关于示例工作的若干意见和具体办法" * 200
    assert shape(text) == [text]


def test_words_of_the_offices_work_stay_whole(tmp_path: Path) -> None:
    title = "关于2026年第三季度整脏治乱线索核查工作情况的通报"
    file = tmp_path / "words.txt"
    file.write_text("# 本单位的词\n整脏治乱\n", encoding="utf-8")
    assert not any("整脏治乱" in line for line in shape(title))
    keep_whole(file)
    assert any("整脏治乱" in line for line in shape(title))


@pytest.mark.parametrize(
    "title",
    ["关于2026年第三季度涉黑涉恶线索核查工作情况的通报", "关于2026年第三季度扫黑除恶专项斗争工作情况的报告"],
)
def test_the_shipped_words_keep_the_offices_titles_whole(title: str) -> None:
    keep_whole(Path(__file__).parents[2] / "doc_templates" / "words.txt")
    assert not any(line.endswith(("涉黑", "扫黑")) for line in shape(title))
