"""What was read off a blank form, looked over: one taken for two, two for one, one that was missed."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import docx
import pytest

from andu.office.office import Office
from tests.office.blanks import saved
from tests.papers.making import part_of
from tests.views.conftest import SignedIn
from tests.views.page import Visitor
from tests.views.test_design_parts import made

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def loan_form() -> bytes:
    """借用单: four blanks that are found, and two cells that nobody would take for one."""
    document = docx.Document()
    document.add_heading("工具借用单", 0)
    table = document.add_table(rows=3, cols=4, style="Table Grid")
    rows = (("借用人", "", "联系人及电话", ""), ("借用人（归还时）", "", "备注", ""), ("", "", "", ""))
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    return saved(document)


@pytest.fixture
def admin(signed_in: SignedIn) -> Visitor:
    visitor = signed_in("wujiu")
    visitor.get("/designs/new")
    files = {"file": (io.BytesIO(loan_form()), "借用单.docx")}
    visitor.post("/designs/word", files, content_type="multipart/form-data")
    assert visitor.path.endswith("/proposals"), visitor.text()
    return visitor


def send(admin: Visitor, **typed: Any) -> None:
    path = admin.path
    admin.post(path, {**admin.filled(path), **typed})


def paper(office: Office, path: str) -> list[str]:
    design = office.store.get("form_design", path.split("/")[2])
    assert design is not None
    body = part_of(office.files.get(design["paper_sha"]), "word/document.xml")
    return ["".join(one.text or "" for one in line.iter(f"{W}t")) for line in body.iter(f"{W}tc")]


def labels(office: Office, path: str) -> Mapping[str, str]:
    tree = made(office, "/".join(path.split("/")[:3]))
    return {one["key"]: one["label"] for part in tree["sections"] for one in part["fields"]}


def test_one_is_split_and_two_become_one(admin: Visitor, office: Office) -> None:
    send(admin, **{"split-1": "联系人、电话", "same-2": "1"})
    assert admin.path.endswith("/check"), admin.text()
    assert labels(office, admin.path) == {
        "jie_yong_ren": "借用人",
        "lian_xi_ren": "联系人",
        "dian_hua": "电话",
        "bei_zhu": "备注",
    }
    cells = paper(office, admin.path)
    assert cells[1] == cells[5] == "{{ jie_yong_ren }}"
    assert cells[3] == "{{ lian_xi_ren }}　{{ dian_hua }}"


def test_what_cannot_be_merged_is_told_and_nothing_is_lost(admin: Visitor) -> None:
    send(admin, **{"same-1": "9", "label-0": "谁来借"})
    assert "那一处不能合并" in admin.text()
    assert admin.page.xpath("string(//input[@name='label-0']/@value)") == "谁来借"
    send(admin, **{"same-1": ""})
    assert admin.path.endswith("/check"), admin.text()


def test_one_that_was_missed_is_added_where_it_was_clicked(admin: Visitor, office: Office) -> None:
    places = {
        one.get("value"): one.text_content() for one in admin.page.xpath("//select[@id='place']/option")
    }
    assert "t0-2-1" in places
    send(admin, add="t0-2-1", **{"label-0": "谁来借"})
    assert "已加上第 5 处" in admin.text()
    assert admin.page.xpath("string(//input[@name='label-0']/@value)") == "谁来借"
    assert "t0-2-1" not in admin.page.xpath("//select[@id='place']/option/@value")
    send(admin, **{"label-4": "归还日期", "kind-4": "date", "label-0": "谁来借"})
    assert admin.path.endswith("/check"), admin.text()
    assert "归还日期" in labels(office, admin.path).values()
    assert paper(office, admin.path)[9] == "{{ gui_huan_ri_qi }}"


def test_without_script_it_is_chosen_from_the_list(admin: Visitor) -> None:
    send(admin, **{"add-chosen": "1"})
    assert "请先选漏掉的是哪一处" in admin.text()
    send(admin, **{"add-chosen": "1", "place": "t0-2-3"})
    assert "已加上第 5 处" in admin.text()
