"""The audit log on its page: in words, found by person, case, act and day, and read by its indexes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from andu.clock import FixedClock
from andu.office.desk import audit_words
from andu.office.office import Office
from andu.security.events import Events
from andu.store import Store
from tests.conftest import People
from tests.office.conftest import Sign, Submit
from tests.views.conftest import SignedIn
from tests.views.page import Visitor

SEEN = {"seq", "cut", "shown"}


def lines(visitor: Visitor, query: str) -> list[str]:
    visitor.get(f"/audit?{query}")
    rows = visitor.page.xpath("//main//tbody/tr")
    return [" ".join(row.text_content().split()) for row in rows]


def test_the_log_is_found_by_person_case_act_and_day(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign, clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    clue = sign(people.lisi, sign(people.zhangsan, submit(people.zhangsan, "clue_registration")))
    slip = sign(people.zhangsan, submit(people.zhangsan, "clue_handover", clue=clue.id))
    report = submit(people.zhengshier, "completion_report")
    clock.advance(3 * 24 * 3600)
    signed_in("zhangsan").get(f"/records/{clue.id}")
    auditor = signed_in("heshi")
    asked: list[tuple[str, Sequence[Any]]] = []
    rows_where = Store.rows_where

    def watch(self: Store, table: str, where: str = "1=1", params: Sequence[Any] = (), **more: Any) -> Any:
        if table == "audit":
            asked.append(
                (f"SELECT * FROM audit WHERE {where} ORDER BY {more.get('order_by') or 'id'}", params)
            )
        return rows_where(self, table, where, params, **more)

    monkeypatch.setattr(Store, "rows_where", watch)
    hers = lines(auditor, f"person={people.zhangsan.id}&act=record_signed")
    assert len(hers) == 2 and all("张三 签署 材料 线索" in one for one in hers)
    assert "材料 线索登记表 DJ-XS-2026-0001；签字处 登记人" in hers[1], hers
    assert f"/records/{clue.id}" in auditor.page.xpath("//main//tbody//a/@href")
    case = lines(auditor, "case=dj-xs-2026-0001")
    assert any("归档" in one for one in case) and any("查看" in one for one in case)
    assert any(slip.title in one for one in case) and not any(report.title in one for one in case)
    assert len(lines(auditor, "case=dj-xs-2026-0001&since=2026-11-25")) == 1
    assert lines(auditor, "case=DJ-XS-2026-9999") == [] and "没有符合条件的记录" in auditor.text()
    assert lines(auditor, "act=nothing&since=x&until=2026-11-24&chain=cun2")
    assert not [one for one in lines(auditor, "until=2026-11-24&chain=cun2") if "cun1" in one]
    plans = [
        " ".join(row["detail"] for row in office.store.query(f"EXPLAIN QUERY PLAN {sql}", params))
        for sql, params in asked
    ]
    assert len(plans) > 6 and not [plan for plan in plans if "SCAN audit" in plan and "INDEX" not in plan]


def test_every_part_of_an_event_has_a_word_or_is_told_to_nobody() -> None:
    keys = {key for event in Events for key in event.keys}
    assert keys - set(audit_words.parts_told()) - audit_words.NOT_TOLD == set()
