"""What counts as a reason, where an act asks for one."""

from __future__ import annotations

import pytest

from andu.office import reasons
from andu.office.errors import Refused


@pytest.mark.parametrize(
    "text",
    ["。", "12345", "a", "aaaa", "哈哈哈哈", "无", "同上", "同上。", " 暂 无 ", "不要", "没有理由",
     "测试", "测试测试", "测试 1",
     "ＴＥＳＴ", "abcd", "asdf", "dcba", "qwerty", "abcdabcd", "嗯嗯", "看看", "……"],
)  # fmt: skip
def test_words_that_say_nothing_are_no_reason(text: str) -> None:
    with pytest.raises(Refused, match="请用文字写清楚"):
        reasons.require(text, "请写明理由。")


@pytest.mark.parametrize(
    "text",
    ["重复", "开错了", "缺附件", "同上月数字重复", "测试时误填的一份", "没有附件",
     "不要求报送", "duplicate", "出差", "其他村已报"],
)  # fmt: skip
def test_a_reason_may_be_short(text: str) -> None:
    assert reasons.require(f" {text} ", "") == text
