"""Lists that grow for years are turned page by page, and say what they show of how much."""

from __future__ import annotations

import pytest

from andu.office import record_words, records
from andu.office.books import register
from andu.office.desk import reconcile, series
from andu.office.office import Office
from andu.office.scope import records_for
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


def test_a_long_register_is_turned_page_by_page_and_then_goes_on_from_its_last_line(
    signed_in: SignedIn, office: Office, five: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "PAGE", 1)
    monkeypatch.setattr(register.search, "__defaults__", (1, 1, None))
    monkeypatch.setattr(register, "MOST", 2)
    for who in ("zhaoliu", "zhangsan"):
        visitor = signed_in(who)
        visitor.get("/register")
        assert "找到 2 件以上" in visitor.text()
        seen = numbers(visitor)
        for words in ("下一页", "更早的", "下一页", "更早的"):
            follow(visitor, words)
            seen += numbers(visitor)
        assert seen == [f"BJ-2026-000{n}" for n in (5, 4, 3, 2, 1)]
        assert "（较早的）" in visitor.text()
        assert not visitor.page.xpath("//main//a[contains(., '更早的') or contains(., '下一页')]")
        visitor.get("/register?page=99999")
        assert numbers(visitor) == ["BJ-2026-0004"], "no page is further than the lines that are counted"
        assert visitor.get("/register?before=x%7Cy%7Cz").status_code == 200


def test_words_in_very_many_papers_are_looked_for_in_the_newest_and_the_page_says_so(
    signed_in: SignedIn, five: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = signed_in("zhaoliu")
    visitor.get("/register?text=BJ")
    assert len(numbers(visitor)) == 5
    assert "只在其中最新的一些里找" not in visitor.text()
    monkeypatch.setattr(record_words, "MOST_MATCHED", 3)
    visitor.get("/register?text=BJ&person=李四")
    assert numbers(visitor) == [f"BJ-2026-000{n}" for n in (5, 4, 3)]
    assert "只在其中最新的一些里找" in visitor.text()


def test_which_unit_sees_which_record_is_kept_as_shares_and_records_say(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    slip = sign(people.zhaoliu, submit(people.wangwu, "supervision", handling_unit="cun1"))
    submit(people.zhangsan, "completion_report")
    for person in people.values():
        scope, params = records_for(office, person)
        rows = office.store.rows_where("record", scope, params, order_by="updated_at DESC, id DESC")
        assert [one.id for one in records.recent(office, person, 9)] == [row["id"] for row in rows]
    assert slip.id in [one.id for one in records.recent(office, people.lisi, 9)]
    with office.store.write():
        office.store.execute("DELETE FROM record_share WHERE record_id = ?", [slip.id])
    assert slip.id not in [one.id for one in records.recent(office, people.lisi, 9)]
    with office.store.write():
        office.store.execute("UPDATE record SET unit_id = 'cun2' WHERE id = ?", [slip.id])
        office.store.execute("UPDATE record SET updated_at = '2027' WHERE id = ?", [slip.id])
    assert records.recent(office, people.zhengshier, 9)[0].id == slip.id
    assert not [fault for fault in reconcile.check(office) if fault.number == "登记簿"]
    with office.store.write():
        office.store.execute("UPDATE record_sight SET numbered_at = NULL")
    assert [fault.number for fault in reconcile.check(office)].count("登记簿") == 1
