"""What no line may break: the names of a list hold together, wherever they stand."""

from __future__ import annotations

import pytest

from andu.papers.holding import folded, held


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("镇纪委沈十七，综治办王十五。", ["沈十七", "王十五"]),
        ("出席：镇党委书记李四、派出所所长张三", ["李四", "张三"]),
        ("（组长：赵六）", ["赵六"]),
        ("严格落实属地管理，压实工作责任。", []),
    ],
)
def test_the_names_of_a_list_hold_together(text: str, names: list[str]) -> None:
    assert [text[start:end] for start, end in held(text)] == names


def test_no_line_begins_with_the_sign_that_ends_a_bracket() -> None:
    assert folded("线索摘要（去识别）", 4) == ["线索摘要", "（去识", "别）"]
