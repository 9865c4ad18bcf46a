"""People of one name are told apart wherever they are named, and nobody else is named at length."""

from __future__ import annotations

from andu.security import naming
from andu.security.accounts import Account


def one(id: str, name: str, unit: str = "示例一村", post: str = "") -> Account:
    return Account(id, id, name, unit, unit, post, ("clerk",), "active", must_change=False)


def test_whoever_has_a_name_of_their_own_is_called_by_it() -> None:
    assert naming.named([one("a", "张三"), one("b", "李四")]) == {"a": "张三", "b": "李四"}


def test_post_then_unit_then_both_then_the_user_name_tell_two_apart() -> None:
    def told(*people: Account) -> list[str]:
        return list(naming.named(people).values())

    assert told(one("a", "张三", post="文书"), one("b", "张三", post="会计")) == [
        "张三（文书）",
        "张三（会计）",
    ]
    assert told(one("a", "张三"), one("b", "张三", "派出所")) == ["张三（示例一村）", "张三（派出所）"]
    assert told(one("a", "张三", post="文书"), one("b", "张三", "派出所", "文书")) == [
        "张三（示例一村）",
        "张三（派出所）",
    ]
    three = (
        one("a", "张三", post="文书"),
        one("b", "张三", "派出所", "文书"),
        one("c", "张三", "派出所"),
    )
    assert told(*three) == ["张三（示例一村 · 文书）", "张三（派出所 · 文书）", "张三（派出所）"]
    assert told(one("a", "张三"), one("b", "张三")) == ["张三（示例一村 · a）", "张三（示例一村 · b）"]


def test_in_full_the_unit_always_stands_there_and_more_only_where_needed() -> None:
    people = [one("a", "张三"), one("b", "李四", post="文书"), one("c", "李四", post="会计")]
    assert naming.in_full(people) == {
        "a": "张三（示例一村）",
        "b": "李四（示例一村 · 文书）",
        "c": "李四（示例一村 · 会计）",
    }
    assert naming.in_full(people, with_posts=True)["a"] == "张三（示例一村）"
    twins = naming.in_full([one("a", "张三", post="文书"), one("b", "张三", post="文书")])
    assert twins == {"a": "张三（示例一村 · a）", "b": "张三（示例一村 · b）"}
