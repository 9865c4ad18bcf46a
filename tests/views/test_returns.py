"""Returns on the screens: the desk of a village, the list of who has not reported, the 通报 out of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from andu.clock import FixedClock
from andu.office.office import Office
from andu.settings import Settings
from tests.conftest import People
from tests.office import returning, small
from tests.office.conftest import Sign, Submit
from tests.views.conftest import SignedIn
from tests.views.page import Visitor

DAY = 24 * 3600
FORM, NOW = "village_return", "2026-11-2"


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return small.laid(settings, tmp_path, returning.FORMS)


def press(visitor: Visitor, label: str) -> None:
    """Press a button that stands in a form of its own."""
    (form,) = visitor.page.xpath(f"//form[@method = 'post'][.//button[text() = '{label}']]")
    visitor.post(form.get("action"), dict(form.form_values()))


def rows_of(visitor: Visitor) -> list[list[str]]:
    return [
        [" ".join(cell.text_content().split()) for cell in row.findall("td")]
        for row in visitor.page.xpath("//main//table/tbody/tr")
    ]


def test_a_clerk_fills_what_the_desk_says_is_owed(
    signed_in: SignedIn, office: Office, people: People, sign: Sign
) -> None:
    visitor = signed_in("zhangsan")
    assert "应报 未报 村级报表：2026年11月下半月 填写 2026年11月30日 24 时前报" in visitor.text()
    press(visitor, "填写")
    path = visitor.path
    answers = visitor.filled(path)
    assert answers["f_period"] == [NOW]
    visitor.post(path, {**answers, "f_found": "0", "act": "submit"})
    assert "已提交" in visitor.text()
    visitor.get("/")
    assert "已报送，签字中" in visitor.text()
    (row,) = office.store.rows_where("record")
    from andu.office import records

    sign(people.lisi, records.find(office, row["id"]))
    visitor.get("/")
    assert "未报" not in visitor.text()
    visitor.get("/returns")
    assert rows_of(visitor) == [
        ["示例一村", "已报", "LB-2026-0001", "2026年11月22日 09:02", "2026年11月下半月 0", ""]
    ]


def test_a_second_return_is_refused_beside_the_field_and_nothing_typed_is_lost(
    signed_in: SignedIn, people: People, submit: Submit, sign: Sign
) -> None:
    sign(people.lisi, submit(people.zhangsan, FORM, period=NOW))
    visitor = signed_in("zhangsan")
    visitor.get("/new")
    visitor.post("/new/village_return", {})
    path = visitor.path
    response = visitor.post(path, {**visitor.filled(path), "f_found": "7", "act": "submit"})
    assert response.status_code == 422
    (wrong,) = visitor.page.xpath("//*[contains(@class, 'faulty')]")
    assert "本单位2026年11月下半月的已经报过，编号 LB-2026-0001。一期只报一份" in wrong.text_content()
    assert visitor.filled(path)["f_found"] == ["7"]


def test_who_has_not_reported_is_a_list_and_the_notice_is_made_from_it(
    signed_in: SignedIn, people: People, clock: FixedClock, submit: Submit, sign: Sign
) -> None:
    sign(people.lisi, submit(people.zhangsan, FORM, period=NOW))
    clock.advance(20 * DAY)
    visitor = signed_in("zhaoliu")
    assert "村级报表：2026年11月下半月1 个单位未报" in visitor.text()
    visitor.get("/returns")
    visitor.get(visitor.page.xpath("//a[contains(., '上一期')]/@href")[0])
    assert [row[:2] for row in rows_of(visitor)] == [["示例一村", "已报"], ["示例二村", "未报，已过期限"]]
    assert "已报 1，还差 1" in visitor.text()
    assert "依据 示发〔2026〕1号：“各村每月两报”" in visitor.text()
    press(visitor, "就未报单位拟写：未报通报")
    answers = visitor.filled(visitor.path)
    assert answers["f_names"] == ["示例二村"]
    assert answers["f_units-0-unit"] == ["cun2"]


def test_no_notice_is_offered_while_the_period_runs_or_to_a_village(
    signed_in: SignedIn, clock: FixedClock
) -> None:
    visitor = signed_in("zhaoliu")
    visitor.get("/returns")
    assert "未报" in visitor.text() and "拟写" not in visitor.text()
    visitor.post("/returns/circular", {"begin": "late_notice", "form": FORM, "period": NOW})
    assert visitor.path == "/returns" and "不用通报" in visitor.page.text_content()
    clock.advance(20 * DAY)
    visitor = signed_in("zhangsan")
    visitor.get(f"/returns?form={FORM}&period={NOW}")
    assert "未报，已过期限" in visitor.text() and "拟写" not in visitor.text()
    data = {"begin": "late_notice", "form": FORM, "period": NOW}
    assert visitor.post("/returns/circular", data).status_code == 403
    assert "示例二村" not in visitor.text()


def test_a_village_is_told_on_its_desk_what_is_late(signed_in: SignedIn, clock: FixedClock) -> None:
    clock.advance(20 * DAY)
    visitor = signed_in("zhangsan")
    assert "1 期已过期限" in visitor.text()
    assert visitor.text().index("2026年11月下半月") < visitor.text().index("2026年12月上半月")


def test_an_office_without_returns_says_so(signed_in: SignedIn, office: Office) -> None:
    office.catalogue._by_slug.clear()
    visitor = signed_in("zhaoliu")
    visitor.get("/returns")
    assert "没有要按期报送的表" in visitor.text()
