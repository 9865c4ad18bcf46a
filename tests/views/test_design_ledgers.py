"""A form type on its way says which field goes to which column of which ledger; both come at once."""

from __future__ import annotations

import io
import json

import pytest

from andu.office.live import as_published
from andu.office.office import Office
from andu.office.records import Record
from tests.views.conftest import SignedIn
from tests.views.page import Visitor
from tests.views.test_designs import publish, read_zip, write_zip


@pytest.fixture
def admin(signed_in: SignedIn) -> Visitor:
    return signed_in("wujiu")


def begun(admin: Visitor, slug: str) -> str:
    """The next edition of a form type; the path of its design."""
    admin.get(f"/forms/{slug}")
    admin.post(f"/forms/{slug}/design")
    return admin.path


def put(admin: Visitor, design: str, ledger: str, label: str, column: str, head: str = "") -> None:
    """Choose the column of a field, on the page of a ledger; ``column`` by its head."""
    page = f"{design}/ledgers/{ledger}"
    admin.get(page)
    (select,) = admin.page.xpath(f"//select[@aria-label = '“{label}”写进哪一列']")
    (value,) = select.xpath(f"option[normalize-space(.) = '{column}']/@value")
    n = select.get("name").removeprefix("column-")
    admin.post(page, {**admin.filled(page), f"column-{n}": value, f"head-{n}": head})


def test_a_new_column_comes_with_the_edition_and_old_records_stand_in_it(
    admin: Visitor, signed_in: SignedIn, filed: Record
) -> None:
    clerk, design = signed_in("zhangsan"), begun(admin, "completion_report")
    put(admin, design, "completion_report", "反映问题", "新开一列", "反映了什么")
    assert "“反映问题”写进“反映了什么”" in admin.text()
    clerk.get("/ledgers/completion_report")
    assert "反映了什么" not in clerk.text(), "nothing comes before it is published"
    admin.get(f"{design}/check")
    assert "台账跟着变的" in admin.text() and "加一列“反映了什么”：反映问题" in admin.text()
    publish(admin, design)
    clerk.get("/ledgers/completion_report")
    (cell,) = clerk.page.xpath("//span[@data-label = '反映了什么']")
    assert cell.text_content().strip()[:20] == str(filed.values["reported_issue"])[:20]


def test_a_new_form_type_opens_a_ledger_of_its_own(admin: Visitor, office: Office) -> None:
    admin.get("/designs/new")
    admin.post("/designs", {"title": "值班表", "like": ""})
    design = admin.path
    admin.get(f"{design}/ledgers")
    admin.post(f"{design}/ledgers", {**admin.filled(f"{design}/ledgers"), "title": "值班簿"})
    page = admin.path
    (first, *_more) = admin.page.xpath("//select/@name")
    admin.post(page, {**admin.filled(page), first: "+"})
    publish(admin, design)
    ledger = as_published(office).ledgers.get(page.rpartition("/")[2])
    assert ledger and ledger.title == "值班簿" and len(ledger.columns) == 3
    (event,) = office.store.rows_where("audit", "event = 'office_changed'")
    assert json.loads(event["data"])["part"] == f"ledgers/{ledger.slug}"


@pytest.mark.parametrize(
    ("slug", "ledger", "label", "column", "words"),
    [
        ("completion_report", "completion_report", "反映问题", "报告编号", "写的不是表单的栏目"),
        ("completion_report", "completion_report", "反映问题", "线索摘要", "已经写着本表的“线索名称/摘要”"),
        ("urging", "supervisions", "承办单位", "不进", "也给“督办单”用"),
    ],
    ids=["no field", "taken", "shared"],
)
def test_what_cannot_be_had_is_refused_in_words_and_nothing_chosen_is_lost(
    admin: Visitor, slug: str, ledger: str, label: str, column: str, words: str
) -> None:
    design = begun(admin, slug)
    put(admin, design, ledger, label, column)
    assert words in admin.text(), admin.text()
    chosen = admin.page.xpath(f"//select[@aria-label = '“{label}”写进哪一列']/option[@selected]")
    assert [one.text_content().strip() for one in chosen] == ([] if column == "不进" else [column])


def test_a_field_taken_out_of_a_ledger_takes_its_column_along(admin: Visitor) -> None:
    design = begun(admin, "completion_report")
    put(admin, design, "completion_report", "反馈方式", "不进")
    admin.get(f"{design}/check")
    assert "去掉一列“反馈方式”" in admin.text()
    admin.get(f"{design}/ledgers")
    leave = f"{design}/ledgers/completion_report/leave"
    admin.post(leave, admin.filled(leave))
    admin.get(f"{design}/check")
    assert "台账跟着变的" not in admin.text()


def test_a_package_brings_what_goes_to_which_ledger(admin: Visitor, office: Office) -> None:
    parts = read_zip(admin.client.get("/forms/completion_report/package.zip").data)
    said = json.loads(parts["ledgers.json"])
    assert said["completion_report"]["fields"]["clue_summary"] == {"column": "summary", "label": "线索摘要"}
    parts["ledgers.json"] = json.dumps({"ban_jie_bu": said["completion_report"]}).encode()
    admin.get("/designs/new")
    admin.post(
        "/designs/package",
        {"package": (io.BytesIO(write_zip(parts)), "a.zip")},
        content_type="multipart/form-data",
    )
    assert admin.path.endswith("/check") and "台账跟着变的" in admin.text()
    assert (
        "加一列“线索摘要”：线索名称/摘要" in admin.text()
        and as_published(office).ledgers.get("ban_jie_bu") is None
    )


@pytest.mark.parametrize("said", [b"[1]", b"{", b'{"a": 1}', b"[" * 100_000])
def test_a_package_with_odd_ledgers_is_refused_in_words(admin: Visitor, said: bytes) -> None:
    parts = read_zip(admin.client.get("/forms/completion_report/package.zip").data)
    parts["ledgers.json"] = said
    admin.get("/designs/new")
    admin.post(
        "/designs/package",
        {"package": (io.BytesIO(write_zip(parts)), "a.zip")},
        content_type="multipart/form-data",
    )
    assert "台账说明读不出来" in admin.text()


def test_two_admins_at_the_ledgers_of_one_draft_are_both_told(admin: Visitor, signed_in: SignedIn) -> None:
    design = begun(admin, "completion_report")
    page = f"{design}/ledgers/completion_report"
    admin.get(page)
    mine = admin.filled(page)
    other = signed_in("wujiu")
    put(other, design, "completion_report", "反映问题", "新开一列")
    (name,) = admin.page.xpath("//select[@aria-label = '“调查情况”写进哪一列']/@name")
    admin.post(page, {**mine, name: "+"})
    assert "刚刚改过这份草稿" in admin.text()
