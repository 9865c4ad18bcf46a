"""An admin makes and changes sheets of figures without a shell."""

from __future__ import annotations

from typing import Any

import pytest

from andu.office.live import as_published
from andu.office.office import Office
from tests.views.conftest import SignedIn
from tests.views.page import Visitor

ALL = "/settings/books/figures"
SHEET = f"{ALL}/campaign"


@pytest.fixture
def admin(signed_in: SignedIn) -> Visitor:
    return signed_in("wujiu")


def send(admin: Visitor, page: str, act: str, **typed: Any) -> None:
    admin.post(page, {**admin.filled(page), **typed, "act": act})


def test_a_new_sheet_is_made_from_lists_and_seen_by_others_in_the_next_request(
    admin: Visitor, signed_in: SignedIn
) -> None:
    clerk = signed_in("zhangsan")
    page = f"{ALL}/new"
    admin.get(ALL)
    admin.get(f"{page}?title=报结情况")
    first = {"n1-label": "报结", "n1-what": "ledger:completion_report"}
    chart = {"g1-label": "按反馈方式", "g1-kind": "bar", "g1-ledger": "completion_report"}
    send(admin, page, "show", **first, **chart)
    assert admin.page.xpath("//select[@name = 'g1-by']/option[@value = 'feedback_method']"), (
        "the columns of the ledger"
    )
    send(admin, page, "publish", note="值班要看", **{"g1-by": "feedback_method"})
    assert "已发布" in admin.text(), admin.text()
    clerk.get("/figures")
    assert "报结情况" in clerk.page.xpath("string(//select[@id = 'sheet'])")


def test_what_a_shipped_sheet_says_is_said_again_unchanged(admin: Visitor, office: Office) -> None:
    for slug in ("campaign", "assessment"):
        before = office.figures.get(slug)
        assert before
        admin.get(f"{ALL}/{slug}")
        send(admin, f"{ALL}/{slug}", "publish", note="改一个字", description="改过的说明。")
        after = as_published(office).figures.get(slug)
        assert after and after.description == "改过的说明。"
        assert (after.title, after.order, after.numbers, after.charts) == (
            before.title,
            before.order,
            before.numbers,
            before.charts,
        )


def test_what_is_wrong_stands_beside_its_line_in_words(admin: Visitor, office: Office) -> None:
    admin.get(SHEET)
    send(admin, SHEET, "publish", note="试试", **{"n1-what": "", "g2-by": "", "g1-label": ""})
    wrong = {one.get("id"): one.text_content() for one in admin.page.xpath("//p[@class = 'wrong']")}
    assert wrong == {
        "wrong-numbers-1": "请选数什么。",
        "wrong-charts-1": "请写名称。",
        "wrong-charts-2": "请选按哪一列分；换了台账，先按“列出各列”。",
    }
    assert admin.filled(SHEET)["note"] == ["试试"] and office.store.count("publication") == 0


def test_only_what_shows_no_person_can_be_chosen_for_a_chart(admin: Visitor) -> None:
    admin.get(SHEET)
    offered = admin.page.xpath("//select[@name = 'g2-by']/option/@value")
    assert "source" in offered and "unit" in offered
    assert not {"summary", "author", "number"} & set(offered)
    send(admin, SHEET, "publish", note="硬要", **{"g2-by": "summary"})
    assert "请选按哪一列分" in admin.text()


def test_a_sheet_is_tried_out_with_made_up_numbers(admin: Visitor, office: Office) -> None:
    admin.get(f"{ALL}/assessment")
    send(admin, f"{ALL}/assessment", "preview", title="换个名称")
    assert "数是编出来的" in admin.text() and "示例一村" in admin.text()
    assert office.store.count("publication") == 0


def test_a_sheet_withdrawn_is_gone_and_comes_back(admin: Visitor, signed_in: SignedIn) -> None:
    clerk = signed_in("zhangsan")
    admin.get(f"{ALL}/assessment")
    admin.post(f"{ALL}/assessment/withdraw", {"note": "今年不考核"})
    clerk.get("/figures")
    assert "平安建设考核情况" not in clerk.page.text_content()
    admin.get(f"{ALL}/assessment")
    admin.post(f"{ALL}/assessment/back/0", {"note": "又要考核"})
    clerk.get("/figures")
    assert "平安建设考核情况" in clerk.page.text_content()
