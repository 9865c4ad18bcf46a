"""Lists that grow for years are turned page by page, and say what they show of how much."""

from __future__ import annotations

import pytest

from andu.office.desk import series
from andu.office.office import Office
from andu.security import audit, checkup
from andu.views import audit as audit_page
from tests.conftest import People
from tests.office.conftest import Sign, Submit
from tests.views.conftest import SignedIn
from tests.views.page import Visitor


@pytest.fixture
def five(people: People, submit: Submit, sign: Sign) -> None:
    """Five completion reports, numbered and filed."""
    for _n in range(5):
        record = submit(people.zhangsan, "completion_report")
        sign(people.zhaoliu, sign(people.lisi, record))


def numbers(visitor: Visitor) -> list[str]:
    return [one.text_content().strip() for one in visitor.page.xpath("//main//td[@class = 'number']")]


def follow(visitor: Visitor, words: str) -> None:
    (link,) = visitor.page.xpath(f"//main//a[contains(., '{words}')]/@href")
    assert visitor.get(link).status_code == 200


def test_a_long_year_of_a_series_begins_at_its_end_and_is_turned_back(
    signed_in: SignedIn, five: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series, "PAGE", 2)
    visitor = signed_in("zhaoliu")
    visitor.get("/series/completion/2026")
    assert numbers(visitor) == ["BJ-2026-0005"]
    assert "第 1 号到第 5 号连续，一个不缺" in visitor.text()
    follow(visitor, "前面的号")
    assert numbers(visitor) == ["BJ-2026-0003", "BJ-2026-0004"]
    follow(visitor, "后面的号")
    assert numbers(visitor) == ["BJ-2026-0005"]


def test_a_very_long_year_says_of_its_page_whether_a_number_is_missing(
    signed_in: SignedIn, office: Office, five: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series, "PAGE", 2)
    monkeypatch.setattr(series, "WHOLE", 4)
    visitor = signed_in("zhaoliu")
    visitor.get("/series/completion/2026?page=2")
    assert "本页第 3 号到第 4 号连续，一个不缺。全年共 5 号" in visitor.text()
    with office.store.write():
        office.store.execute("UPDATE register SET seq = 14 WHERE number = 'BJ-2026-0004'")
    visitor.get("/series/completion/2026?page=2")
    assert "缺第 4 号" in visitor.text()
    visitor.get("/series/completion/2026?page=7")
    assert numbers(visitor) == ["BJ-2026-0004"], "a number beyond the counter is shown where it stands"


def test_the_audit_log_is_read_back_to_its_first_row_and_from_a_day(
    signed_in: SignedIn, office: Office, five: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_page, "SHOWN", 9)
    visitor = signed_in("heshi")
    for where in ("/audit", "/audit?chain=cun1"):
        seen, pages = [], 0
        visitor.get(where)
        while True:
            seen += [one.text_content() for one in visitor.page.xpath("//main//tbody/tr/td[last()]")]
            pages += 1
            if not visitor.page.xpath("//main//a[contains(., '更早的')]"):
                break
            follow(visitor, "更早的")
        assert len(seen) == len(set(seen)), "none twice"
        assert pages > 2
        assert "cun1 #1" in seen
        follow(visitor, "最新的")
    assert len(visitor.page.xpath("//main//tbody/tr")) == 9
    visitor.get("/audit?until=2026-11-21")
    assert not visitor.page.xpath("//main//tbody/tr")
    visitor.get("/audit?until=2026-11-22")
    assert visitor.page.xpath("//main//tbody/tr")
    assert visitor.get("/audit?before=%7C%7C&until=x").status_code == 200


def test_a_long_audit_log_says_what_was_verified(
    signed_in: SignedIn, office: Office, five: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit.publish_heads(office.store, office.clock, office.heads)
    monkeypatch.setattr(checkup, "SHORT", 3)
    visitor = signed_in("heshi")
    visitor.get("/audit")
    assert "已核对本页各条和各链的末端" in visitor.text()
    assert "全部日志正在后台第一次核对" in visitor.text()
    checkup.go_on(office.store, office.clock, office.checkup)
    visitor.get("/audit")
    assert "全部日志每天核对一遍，上次核对完是 2026年11月22日 09:02" in visitor.text()
