"""Numbers set aside in the browser: the paper's own, or a block for others; explained and never given."""

from __future__ import annotations

from andu.office.desk import reconcile
from andu.office.issue import numbering
from andu.office.office import Office
from tests.views.conftest import SignedIn


def test_the_next_number_is_said_with_a_reason(signed_in: SignedIn, office: Office) -> None:
    director = signed_in("zhaoliu")

    def reserve(following: str, reason: str = "今年纸上已用到 12 号") -> None:
        director.get("/series")
        typed = {"series": "clue", "following": following, "reason": reason}
        director.post("/series/next", {**director.filled("/series/next"), **typed})

    reserve("1")
    assert "请写 2 到 9999 的整数" in director.text()
    reserve("13", "")
    assert "请写明原因" in director.text()
    reserve("13")
    assert "下一个号是 13 号" in director.text()
    reserve("13")
    assert "要写 14 到" in director.text()
    year = numbering.this_year(office)
    assert numbering.expected(office, "clue").endswith("0013")
    assert numbering.journalled(office, "clue", year) == 12
    director.get(f"/series/clue/{year}")
    assert "第 1 号至第 12 号：今年纸上已用到 12 号" in director.text()
    assert "缺第" not in director.text()
    (event,) = office.store.rows_where("audit", "event = 'numbers_reserved'")
    assert "12" in str(event["data"])
    assert signed_in("wujiu").post("/series/next", {"series": "clue"}).status_code in (400, 403)
    assert reconcile.check(office) == []
