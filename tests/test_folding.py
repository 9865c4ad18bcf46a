"""One folding of text: what differs without meaning anything is one text, what means something stays."""

from __future__ import annotations

import pytest

from andu import folding
from andu.office.ledger.ledger_words import query, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("DJ-XS-2026-0001", "ＤＪ－ＸＳ－２０２６－０００１"),
        ("DJ-XS-2026-0001", "dj—xs—2026—0001"),
        ("示镇政发〔2026〕3号", "示镇政发[2026] 3 号"),
        ("示镇政发〔2026〕3号", "示镇政发（２０２６）３号"),
        ("阿依古丽·买买提", "阿依古丽•买买提"),
        ("阿依古丽·买买提", "阿依古丽・买买提"),
        ("阿依古丽‧买买提", "阿依古丽买买提"),
        ("张　三", "张三"),
        ("“示例”工程", "「示例」工程"),
        ("砂石料场；煤矿", "砂石料场, 煤矿"),
        ("Café", "CAFE"),
        ("１００％", "100%"),
    ],
)
def test_what_differs_without_meaning_is_one_text(one: str, other: str) -> None:
    assert folding.fold(one) == folding.fold(other)


@pytest.mark.parametrize(("one", "other"), [("100%", "100"), ("a_b", "ab"), ("甲+乙", "甲乙"), ("3/5", "35")])
def test_a_sign_that_says_something_stands_for_itself(one: str, other: str) -> None:
    assert folding.fold(one) != folding.fold(other)
    assert folding.fits(other, other) and not folding.fits(one, other)


def test_every_word_asked_for_is_to_be_found_and_nothing_is_found_for_no_word() -> None:
    assert folding.fits("三丰 移交", "张三丰的移交单")
    assert not folding.fits("三丰 签收", "张三丰的移交单")
    assert not folding.fits("·", "阿依古丽·买买提") and query("·") == ""


@pytest.mark.parametrize("text", ["%", "_", "𰻝", "😀", "鿽", "𫰡"])
def test_signs_and_rare_characters_reach_the_index(text: str) -> None:
    assert text not in words([f"甲{text}乙"]).split() and words([f"甲{text}乙"]).count(" ") == 2
    assert query(text)
