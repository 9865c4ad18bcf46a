"""An admin makes, changes and withdraws ledgers without a shell; what is there already stands in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from andu.office.books import ledger_keeping
from andu.office.live import as_published
from andu.office.office import Office
from andu.office.records import Record
from andu.security import accounts
from tests.conftest import with_key
from tests.views.conftest import SignedIn
from tests.views.page import Visitor

ALL = "/settings/books/ledgers"
CLUES = f"{ALL}/clue_registration"


@pytest.fixture
def admin(signed_in: SignedIn) -> Visitor:
    return signed_in("wujiu")


def send(admin: Visitor, page: str, act: str, **typed: Any) -> None:
    """Change what is typed, and press a button; the page in front of the admin may hold typed things."""
    admin.post(page, {**admin.filled(page), **typed, "act": act})


def number_of(admin: Visitor, value: str) -> str:
    """The number, on the page, of the column that shows a value."""
    (name,) = admin.page.xpath(f"//input[@value = '{value}'][contains(@name, '-value')]/@name")
    return str(name).removeprefix("c").removesuffix("-value")


def made(admin: Visitor, title: str = "值守线索簿", form: str = "completion_report") -> str:
    """A new ledger, published as it begins; its page."""
    admin.get(ALL)
    admin.get(f"{ALL}/new?title={title}&form={form}")
    send(admin, f"{ALL}/new", "publish", note="值守室要用")
    assert "已发布" in admin.text(), admin.text()
    return admin.path


def test_a_new_ledger_is_seen_at_once_with_the_records_there_were(
    admin: Visitor, signed_in: SignedIn, filed: Record
) -> None:
    clerk = signed_in("zhangsan")
    page = made(admin)
    slug = page.rpartition("/")[2]
    assert "值守线索簿" in clerk.get("/ledgers").text
    clerk.get(f"/ledgers/{slug}")
    assert "共 1 条" in clerk.text() and "正在重新整理" not in clerk.text()


def test_columns_are_chosen_from_lists_and_old_records_have_them(
    admin: Visitor, signed_in: SignedIn, filed: Record
) -> None:
    page = made(admin)
    send(admin, page, "show", source="own")
    offered = {one.text_content().strip() for one in admin.page.xpath("//fieldset[@id = 'offered']//label")}
    assert "处理结果" in offered, offered
    send(admin, page, "add", source="own", new=["outcome"])
    n = number_of(admin, "outcome")
    send(admin, page, "publish", note="加结论", **{f"c{n}-label": "怎么样", f"c{n}-filter": "true"})
    assert "已发布" in admin.text()
    clerk = signed_in("zhangsan")
    clerk.get(f"/ledgers/{page.rpartition('/')[2]}")
    assert "怎么样" in clerk.text()
    (first,) = clerk.page.xpath("//span[@data-label = '怎么样']")
    assert first.text_content().strip() == filed.values["outcome"]


def test_what_is_wrong_stands_beside_it_and_nothing_typed_is_lost(admin: Visitor, office: Office) -> None:
    admin.get(CLUES)
    n = number_of(admin, "number")
    send(admin, CLUES, "publish", note="改短", title="新名称", **{f"c{n}-label": "很" * 30, "group": ""})
    assert "最多 20 个字" in admin.page.get_element_by_id(f"wrong-columns-{n}").text_content()
    assert "请写归在哪个标题下" in admin.page.get_element_by_id("wrong-group").text_content()
    typed = admin.filled(CLUES)
    assert typed["title"] == ["新名称"] and typed[f"c{n}-label"] == ["很" * 30] and typed["note"] == ["改短"]
    assert office.store.count("publication") == 0


def test_a_ledger_is_tried_out_with_made_up_records_before_it_counts(admin: Visitor, office: Office) -> None:
    admin.get(CLUES)
    send(admin, CLUES, "preview", title="改了名")
    assert "编出来的内容" in admin.text() and "XS-2026-0001" in admin.text()
    assert office.store.count("publication") == 0


def test_the_audit_log_has_before_and_after_and_the_page_shows_both(admin: Visitor, office: Office) -> None:
    admin.get(CLUES)
    send(admin, CLUES, "publish", note="改个名", title="线索总簿")
    (event,) = office.store.rows_where("audit", "event = 'office_changed'")
    said = json.loads(event["data"])
    assert said["part"] == "ledgers/clue_registration" and said["was"] != said["now"]
    assert "+title: 线索总簿" in admin.text() and "改个名" in admin.text()


def test_two_admins_at_one_ledger_are_both_told(admin: Visitor, signed_in: SignedIn, office: Office) -> None:
    admin.get(CLUES)
    other = signed_in("wujiu")
    other.get(CLUES)
    send(other, CLUES, "publish", note="我先", title="他的名称")
    send(admin, CLUES, "publish", note="我后", title="我的名称")
    assert "刚刚有人改过它" in admin.text() and admin.filled(CLUES)["title"] == ["我的名称"]
    ledger = as_published(office).ledgers.get("clue_registration")
    assert ledger and ledger.title == "他的名称"


def test_withdrawn_it_is_gone_for_everybody_and_comes_back_as_it_was(
    admin: Visitor, signed_in: SignedIn, filed: Record, office: Office
) -> None:
    clerk, page = signed_in("zhangsan"), made(admin)
    slug = page.rpartition("/")[2]
    admin.post(f"{page}/withdraw", {"note": "不用了"})
    assert "已停用" in admin.text()
    assert clerk.get(f"/ledgers/{slug}").status_code == 404
    assert not office.store.rows_where("ledger_row", "ledger = ?", [slug])
    admin.get(page)
    (form,) = admin.page.xpath("//form[contains(@action, '/back/')]/@action")
    admin.post(form, {"note": "又要用"})
    clerk.get(f"/ledgers/{slug}")
    assert "共 1 条" in clerk.text()


def test_a_ledger_that_figures_count_is_not_withdrawn(admin: Visitor) -> None:
    admin.get(CLUES)
    admin.post(f"{CLUES}/withdraw", {"note": "不用了"})
    assert "统计“" in admin.text()


def test_what_the_page_cannot_say_is_kept(admin: Visitor, office: Office) -> None:
    before = office.ledgers.get("outgoing_documents")
    assert before
    page = f"{ALL}/outgoing_documents"
    admin.get(page)
    send(admin, page, "publish", note="改名", title="发文总簿")
    after = as_published(office).ledgers.get("outgoing_documents")
    assert after and after.title == "发文总簿"
    assert (after.forms, after.columns, after.where) == (before.forms, before.columns, before.where)
    assert (after.period, after.sort, after.seen_by) == (before.period, before.sort, before.seen_by)


def test_nothing_confidential_is_offered_or_taken(admin: Visitor, office: Office) -> None:
    page = made(admin, form="clue_registration")
    send(admin, page, "show", source="own")
    secret = next(iter(office.catalogue.get("clue_registration").confidential_keys))  # type: ignore[union-attr]
    assert not admin.page.xpath(f"//input[@name = 'new'][@value = '{secret}']")
    send(admin, page, "add", new=[secret])
    send(admin, page, "publish", note="硬要")
    assert "保密字段，不能进台账" in admin.text()


def test_whoever_changes_a_record_with_an_older_office_writes_rows_of_the_new_ledger(
    admin: Visitor, office: Office, submit: Callable[..., Record]
) -> None:
    page = made(admin, form="clue_registration")
    slug = page.rpartition("/")[2]
    send(admin, page, "publish", include="submitted", note="一提交就要")
    assert office.ledgers.get(slug) is None, "this office was read before"
    clerk = with_key(office, next(one for one in accounts.all(office.store) if one.username == "zhangsan"))
    record = submit(clerk, "clue_registration")
    now = as_published(office)
    assert office.store.rows_where("ledger_row", "ledger = ? AND record_id = ?", [slug, record.id])
    assert ledger_keeping.missing(now) == []


def test_odd_things_typed_are_answered_on_the_page(admin: Visitor) -> None:
    admin.get(CLUES)
    odd = {
        "order": "9" * 5000,
        "c1-place": "9" * 5000,
        "c1-key": "../x",
        "c2-value": "case..",
        "forms": ["no", "*"],
    }
    send(admin, CLUES, "publish", note="试试", **odd)
    assert "有 " in admin.text() and "处需要改一下" in admin.text()
    page = CLUES.replace("ledgers/clue_registration", "figures/campaign")
    admin.get(page)
    send(
        admin,
        page,
        "publish",
        note="试试",
        **{"n1-place": "9" * 5000, "g1-kind": "no", "n1-what": "ledger:no"},
    )
    assert "处需要改一下" in admin.text()
    assert admin.get("/settings/books/no_such").status_code == 404
    assert admin.get(f"{ALL}/no_such").status_code == 404
