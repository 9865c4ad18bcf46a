"""What pasting from Word leaves: bookmarks, broken paragraphs, headings without their numbers."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest

from andu.formtypes.kinds import KINDS
from andu.formtypes.kinds.pasted import Mended, mended
from andu.formtypes.language.catalogue import Catalogue
from andu.settings import ROOT
from tests.formtypes.test_kinds import field_of

LONG = "领导小组下设办公室，设在镇扫黑办，由镇党委副书记兼任办公室主任，"
FORMS = Catalogue.load(ROOT / "forms").all()
AS_THEY_ARE = [
    "一、工作原则\n（一）坚持党的领导。实行统一领导。\n1. 派出所\n（1）排查线索。",
    "组　长：张三\n副组长：李四\n成　员：王五",
    f"{LONG}综治办负责日常工作。\n派出所配合。",
    f"{LONG}综治办负责日常工作：\n一是排查。",
    "（二）规范运作，强化线索重核查\n建立健全台账，分级核查。",
    "关于做好工作的通知\n为做好工作，现通知如下。\n一、要求\n抓好落实。",
    "一、要求\n抓好落实。\n张三\n李四\n三、其他\n按此办理。",
    "一、要求\n抓好落实。\n工作重点\n做好摸排。\n工作措施\n做好核查。\n三、其他\n按此办理。",
]


@pytest.mark.parametrize("text", AS_THEY_ARE)
def test_a_text_that_shows_none_of_it_stays_as_it_is(text: str) -> None:
    assert mended(text) == Mended(text)


@pytest.mark.parametrize("form_type", FORMS, ids=lambda form_type: form_type.slug)
def test_no_sample_of_ours_looks_pasted(form_type: object) -> None:
    texts = [str(one.sample) for one in form_type.fields if isinstance(one.sample, str)]  # type: ignore[attr-defined]
    assert [text for text in texts if mended(text).text != text] == []


def test_bookmarks_go_and_what_they_stand_before_stays() -> None:
    found = mended("[bookmark: _GoBack]二、工作重点\n[Bookmark：OLE_LINK1]抓好落实。")
    assert (found.text, found.bookmarks) == ("二、工作重点\n抓好落实。", 2)
    kind, title = KINDS["text"], field_of("kind: text, official_marks: true")
    better, told = kind.mended(title, "f_title", {"f_title": ["[bookmark: a]关于做好工作的通知"]}, 2)
    assert (better, len(told)) == ({"f_title": ["关于做好工作的通知"]}, 1)


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        (f"{LONG}综治办和\n\n派出所负责日常工作。", f"{LONG}综治办和派出所负责日常工作。"),
        ("成员单位有派出所、\n司法所。", "成员单位有派出所、司法所。"),
        ("要抓好《示例方案》\n，认真落实。", "要抓好《示例方案》，认真落实。"),
        (f"（二）将治理问题作为重点。{LONG}了解情\n况。", f"（二）将治理问题作为重点。{LONG}了解情况。"),
    ],
)
def test_a_paragraph_that_a_page_end_broke_is_one_again(typed: str, whole: str) -> None:
    found = mended(typed)
    assert found.text == whole
    assert len(found.joined) == 1 and "/" in found.told(2)[0]


@pytest.mark.parametrize(
    ("typed", "heads"),
    [
        ("现通知如下。\n一、目标\n抓好。\n工作重点\n做好。\n三、要求\n落实。", ["二、工作重点"]),
        ("现通知如下。\n总体要求\n抓好。\n二、重点\n做好。", ["一、总体要求"]),
        (
            "现通知如下。\n一、目标\n（一）总则\n抓好。\n保密机制\n做好。\n（三）督导\n落实。",
            ["（二）保密机制"],
        ),
        (
            "现通知如下。\n指导思想\n抓好。\n工作措施\n（一）排查。\n工作要求\n（一）督查。",
            ["一、指导思想", "二、工作措施", "三、工作要求"],
        ),
    ],
)
def test_a_heading_without_its_number_gets_the_one_that_is_missing(typed: str, heads: list[str]) -> None:
    found = mended(typed)
    assert list(found.numbered) == heads
    bare = "".join(head.split("、")[-1].split("）")[-1] for head in heads)
    assert len(found.text) - len(typed) == len("".join(heads)) - len(bare), "only numbers were added"


def test_the_document_that_exists_is_mended_as_people_have_it() -> None:
    seed = Path(__file__).parents[1] / "papers" / "seeds" / "dunfa_2022_13.json"
    right = seed.read_text("utf-8").split('"text": "')[1].split('"')[0].split("\\n")
    broken = (
        "\n".join(right).replace("综治办和派出所", "综治办和\n\n派出所").replace("了解情况。", "了解情\n况。")
    )
    assert mended(broken).text == "\n".join(right)
    assert len(mended(broken).joined) == 2


def test_the_longest_text_is_looked_through_at_once() -> None:
    text = "\n".join(["工作要求", "抓好落实。"] * 1500 + ["（一）总则，"] * 500)[:20000]
    started = perf_counter()
    mended(text)
    assert perf_counter() - started < 0.5


def test_every_row_of_a_table_is_mended_and_told_by_its_number() -> None:
    table = field_of(
        "kind: table, columns: [{key: title, kind: text, label: 甲}, {key: text, kind: longtext, label: 乙}]"
    )
    raw = {"f_t-0-text": ["好。"], "f_t-3-text": ["[bookmark: x]好。"], "f_t-3-title": ["[bookmark: x]"]}
    better, told = KINDS["table"].mended(table, "f_t", raw, 2)
    assert better == {"f_t-3-text": ["好。"]}, "a line of no official document is left alone"
    assert len(told) == 1 and "第 2 行" in told[0]
