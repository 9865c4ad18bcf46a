"""The designer: fields, signatures, deadlines and conditions on plain pages, without script."""

from __future__ import annotations

import io
from typing import Any

import pytest

from andu.formtypes.language.reading import read_text
from andu.formtypes.language.writing import tree
from andu.office.office import Office
from andu.store import verbs
from tests.views.conftest import SignedIn
from tests.views.page import Visitor


@pytest.fixture
def admin(signed_in: SignedIn) -> Visitor:
    return signed_in("wujiu")


@pytest.fixture
def design(admin: Visitor) -> str:
    """The path of a design begun from nothing, called 值班表."""
    admin.get("/designs/new")
    admin.post("/designs", {"title": "值班表", "like": ""})
    return admin.path


def send(admin: Visitor, path: str, **typed: Any) -> None:
    """Open a page and send its form with some answers changed; None takes one away."""
    admin.get(path)
    where = admin.page.xpath("string(//main//form[1]/@action)")
    raw = {**admin.filled(where), **typed}
    admin.post(where, {name: value for name, value in raw.items() if value is not None})


def press(admin: Visitor, design: str, path: str, **typed: Any) -> None:
    """A button of the design's page."""
    admin.get(design)
    (form, *_others) = admin.page.xpath(f"//main//form[@action = '{path}']")
    admin.post(path, {**dict(form.form_values()), **typed})


def made(office: Office, design: str) -> dict[str, Any]:
    return tree(office.store.get("form_design", design.rpartition("/")[2])["yaml"])  # type: ignore[index]


def add(admin: Visitor, design: str, label: str, kind: str, **more: Any) -> str:
    """Add a field; the path of its page."""
    send(admin, f"{design}/fields?section=0", label=label, kind=kind, **more)
    return admin.path


def test_from_nothing_with_a_table_a_condition_two_signatures_and_a_deadline(
    admin: Visitor, office: Office, design: str
) -> None:
    choice = add(admin, design, "班次", "choice")
    send(admin, choice, choices="白班\n夜班", required="true")
    why = add(admin, design, "夜班说明", "longtext")
    send(admin, why, **{"show_when-field": "ban_ci", "show_when-way": "is", "show_when-words": "夜班"})
    table = add(admin, design, "值班人员", "table")
    admin.get(f"{design}/fields?table=zhi_ban_ren_yuan")
    admin.post(f"{design}/fields", {**admin.filled(f"{design}/fields"), "label": "电话", "kind": "phone"})
    for label in ("值班人", "带班领导"):
        press(admin, design, f"{design}/parts/slots", label=label)
    press(admin, design, f"{design}/parts/deadlines", label="交回")
    send(admin, admin.path, rule="workdays", n="2")
    press(admin, design, f"{design}/redraw")
    assert "检查通过" in admin.text(), admin.text()
    admin.post(f"{design}/publish", {**admin.filled(f"{design}/publish"), "note": "启用"})
    assert "已发布" in admin.text()
    found = made(office, design)
    newest = office.store.rows_where("form_version", order_by=f"{verbs.row_order('form_version')} DESC")[0]
    form_type = read_text(newest["yaml"], "zhi_ban_biao")
    assert form_type.field("ye_ban_shuo_ming").show_when.as_data() == {"field": "ban_ci", "is": "夜班"}  # type: ignore[union-attr]
    assert [one.label for one in form_type.field("zhi_ban_ren_yuan").columns] == ["名称", "电话"]
    assert [one.label for one in form_type.signatures.slots] == ["值班人", "带班领导"]
    assert (form_type.deadlines[0].rule, form_type.deadlines[0].n) == ("workdays", 2)
    assert table and found["title"] == "值班表"


def test_what_something_else_needs_is_not_taken_away(admin: Visitor, office: Office, design: str) -> None:
    add(admin, design, "班次", "yesno")
    why = add(admin, design, "说明", "text")
    send(admin, why, **{"require_when-field": "ban_ci", "require_when-way": "is", "require_when-words": "是"})
    press(admin, design, f"{design}/fields/ban_ci/remove")
    assert "“班次”不能去掉，还有用到它的地方：栏目“说明”" in admin.text()
    linked = admin.page.xpath("//main//li/a/@href")
    assert f"{design}/fields/shuo_ming" in linked and f"{design}/fields/ban_ci" in linked
    press(admin, design, f"{design}/fields/matter/remove")
    assert "材料叫什么" in admin.text()
    press(admin, design, f"{design}/fields/shuo_ming/remove")
    press(admin, design, f"{design}/fields/ban_ci/remove")
    assert [one["key"] for one in made(office, design)["sections"][0]["fields"]] == ["matter"]


def test_fields_are_moved_and_numbered(admin: Visitor, office: Office, design: str) -> None:
    for label in ("甲", "乙"):
        add(admin, design, label, "text")
    press(admin, design, f"{design}/fields/yi/move", way="up")
    assert "已移动“乙”" in admin.text()
    assert [one["key"] for one in made(office, design)["sections"][0]["fields"]] == ["matter", "yi", "jia"]
    send(admin, f"{design}/order", **{"number-jia": "5"})
    assert [one["key"] for one in made(office, design)["sections"][0]["fields"]] == ["jia", "matter", "yi"]


def test_what_the_designer_cannot_say_is_kept(admin: Visitor, office: Office) -> None:
    admin.get("/forms/clue_handover")
    admin.post("/forms/clue_handover/design")
    design = admin.path
    before = made(office, design)
    for path in (
        "about",
        "signatures",
        *(f"fields/{one['key']}" for part in before["sections"] for one in part["fields"]),
    ):
        admin.get(f"{design}/{path}")
        admin.post(f"{design}/{path}", admin.filled(admin.path))
    for name, count in (("slots", len(before["signatures"]["slots"])), ("sections", len(before["sections"]))):
        for number in range(1, count + 1):
            admin.get(f"{design}/parts/{name}/{number}")
            admin.post(f"{design}/parts/{name}/{number}", admin.filled(admin.path))
    for number in range(1, len(before["deadlines"]) + 1):
        admin.get(f"{design}/parts/deadlines/{number}")
        admin.post(f"{design}/parts/deadlines/{number}", admin.filled(admin.path))
    assert made(office, design) == before


def test_two_admins_lose_nothing(signed_in: SignedIn, office: Office, admin: Visitor, design: str) -> None:
    other = signed_in("wujiu")
    other.get(f"{design}/fields/matter")
    typed = {**other.filled(other.path), "label": "事由"}
    send(admin, f"{design}/about", description="值班用")
    response = other.post(f"{design}/fields/matter", typed)
    assert response.status_code == 422 and "刚刚改过" in other.text()
    assert other.page.xpath("string(//input[@name='label']/@value)") == "事由"
    other.post(f"{design}/fields/matter", other.filled(other.path))
    found = made(office, design)
    assert (found["description"], found["sections"][0]["fields"][0]["label"]) == ("值班用", "事由")


def test_tried_out_without_number_and_record(admin: Visitor, office: Office, design: str) -> None:
    admin.get(f"{design}/try")
    response = admin.post(f"{design}/try", {**admin.filled(f"{design}/try"), "f_matter": ""})
    assert response.status_code == 422 and "事项" in admin.text()
    response = admin.post(f"{design}/try", {**admin.filled(f"{design}/try"), "f_matter": "值夜班"})
    assert response.mimetype == "application/pdf"
    assert office.store.count("record") == office.store.count("draft") == 0


def test_a_fault_is_told_and_keeps_it_from_being_published(admin: Visitor, design: str) -> None:
    number = add(admin, design, "人数", "number")
    send(admin, number, min="很多")
    admin.get(design)
    assert "应当是数字" in admin.text()
    admin.get(f"{design}/check")
    assert "标红的改好了才能发布" in admin.text() and not admin.page.xpath(
        "//form[contains(@action, 'publish')]"
    )


def test_the_paper_goes_out_and_comes_back(admin: Visitor, design: str) -> None:
    docx = admin.client.get(f"{design}/paper.docx").data
    admin.get(design)
    form = {**admin.filled(f"{design}/paper"), "file": (io.BytesIO(docx), "值班表.docx")}
    admin.post(f"{design}/paper", form, content_type="multipart/form-data")
    assert "模板已换上" in admin.text() and "检查通过" in admin.text()
