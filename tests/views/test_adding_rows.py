"""A reference that adds a row for the record chosen in it adds one row for one record."""

from __future__ import annotations

from tests.conftest import People
from tests.office.conftest import Sign, Submit, sign, submit
from tests.views.conftest import SignedIn
from tests.views.page import Visitor

__all__ = ["sign", "submit"]


def numbers(visitor: Visitor) -> list[str]:
    """The numbers in the rows of the table."""
    inputs = visitor.filled(visitor.path)
    return [texts[0] for name, texts in inputs.items() if name.endswith("-number") and any(texts)]


def carry(visitor: Visitor, **typed: str) -> list[str]:
    visitor.post(visitor.path, {**visitor.filled(visitor.path), **typed, "act": "prefill:clue"})
    return numbers(visitor)


def test_one_record_is_one_row_however_often_it_is_carried_over(
    signed_in: SignedIn, people: People, submit: Submit, sign: Sign
) -> None:
    registered = [submit(people.zhangsan, "clue_registration") for _clue in range(2)]
    first, second = (sign(people.lisi, sign(people.zhangsan, one)) for one in registered)
    visitor = signed_in("zhaoliu")
    visitor.get("/new")
    visitor.post("/new/study_record")
    for _time in range(3):
        (number,) = carry(visitor, f_clue=first.id)
    (edited,) = carry(visitor, **{"f_clue": first.id, "f_clues-0-number": f"{number}（复）"})
    assert edited == f"{number}（复）"
    assert len(carry(visitor, f_clue=first.id)) == 1
    assert len(carry(visitor, f_clue=second.id)) == 2
    assert len(carry(visitor, f_clue=second.id)) == 2
