"""我提交的: nothing that was handed in is on no page, whatever its state and however old."""

from __future__ import annotations

import pytest

from andu.clock import FixedClock
from andu.office.desk import handed_in
from andu.office.issue import voiding
from andu.office.office import Office
from andu.office.records import Record
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit
from tests.views.conftest import SignedIn
from tests.views.page import Visitor


def listed(visitor: Visitor, path: str = "/handed-in") -> list[str]:
    """The ids of the records on a page, in their order."""
    visitor.get(path)
    found = visitor.page.xpath("//section[.//h2[@id='found']]//td/a/@href")
    return [one.removeprefix("/records/") for one in found]


def walk(visitor: Visitor, path: str, label: str) -> list[list[str]]:
    """Every page from this one on, by the link of this label."""
    pages = [listed(visitor, path)]
    while links := visitor.page.xpath(f"//nav[@class='pages']//a[contains(., '{label}')]/@href"):
        pages.append(listed(visitor, links[0]))
    return pages


@pytest.fixture
def many(office: Office, people: People, submit: Submit, clock: FixedClock) -> list[str]:
    """Seven of 张三, the newest first, two of them in the same second."""
    found = []
    for n in range(7):
        clock.advance(60 if n != 3 else 0)
        found.append(submit(people.zhangsan, "completion_report").id)
    return found[::-1]


def test_what_fell_off_the_desk_is_found_page_by_page_there_and_back(
    signed_in: SignedIn, many: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handed_in, "PAGE", 3)
    clerk = signed_in("zhangsan")
    pages = walk(clerk, "/handed-in", "较早的")
    assert [len(page) for page in pages] == [3, 3, 1]
    assert sorted(one for page in pages for one in page) == sorted(many)
    assert pages[0][0] == many[0] and pages[-1] == many[-1:]
    back = clerk.page.xpath("//nav[@class='pages']//a[contains(., '较新的')]/@href")[0]
    assert walk(clerk, back, "较新的") == pages[1::-1]
    assert listed(clerk, "/handed-in?older=2000-01-01T00:00:00Z~") == []


def test_every_state_is_there_and_can_be_chosen(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign, filed: Record
) -> None:
    waiting = submit(people.zhangsan, "completion_report")
    voided = submit(people.zhangsan, "completion_report")
    voided = sign(people.zhaoliu, sign(people.lisi, voided))
    (row,) = office.store.rows_where("register", "record_id = ?", [voided.id])
    voiding.void(office, people.zhaoliu, row["id"], "对象有误", PASSWORD, "10.0.0.1")
    clerk = signed_in("zhangsan")
    assert {waiting.id, voided.id, filed.id} == set(listed(clerk))
    for state, one in (("signing", waiting), ("filed", filed), ("voided", voided)):
        assert listed(clerk, f"/handed-in?state={state}") == [one.id]
    assert listed(clerk, "/handed-in?form=clue_registration") == []
    (numbered,) = office.store.rows_where("register", "record_id = ?", [filed.id])
    assert listed(clerk, f"/handed-in?text={numbered['number']}") == [filed.id]
    assert listed(clerk, "/handed-in?text=没有这样的标题") == []
    assert len(listed(clerk, "/handed-in?since=2026-11-22&until=2026-11-22")) == 3
    assert listed(clerk, "/handed-in?until=2026-11-21") == []


def test_a_unit_sees_its_own_and_nobody_elses(
    signed_in: SignedIn, people: People, submit: Submit, many: list[str]
) -> None:
    head = signed_in("lisi")
    assert listed(head) == []
    assert set(listed(head, "/handed-in?of=unit")) == set(many) and "张三" in head.text()
    other = signed_in("zhengshier")
    assert listed(other) == [] and listed(other, "/handed-in?of=unit") == []
    director = signed_in("zhaoliu")
    assert listed(director, "/handed-in?of=unit") == []


def test_a_page_is_read_from_an_index_and_sorted_by_it(office: Office, people: People) -> None:
    asked: list[str] = []
    query = office.store.query

    def listen(sql: str, params: object = ()) -> list[dict[str, object]]:
        if "ORDER BY record.created_at" in sql:
            asked.extend(row["detail"] for row in query(f"EXPLAIN QUERY PLAN {sql}", params))  # type: ignore[arg-type]
        return query(sql, params)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office.store, "query", listen)
        place = "2026-11-22T01:00:00Z~x"
        for of_unit in (False, True):
            for more in ({}, {"state": "signing"}):
                what = handed_in.HandedInFilter(of_unit=of_unit, **more)  # type: ignore[arg-type]
                handed_in.page(office, people.zhangsan, what, older=place)
    steps = " | ".join(asked)
    assert "USING INDEX record_unit_made" in steps and "USING INDEX record_author_made" in steps
    assert "TEMP B-TREE" not in steps and "SCAN record" not in steps, steps
