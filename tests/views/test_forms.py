"""The page of forms tells the admin what is wrong with a template; a clerk only meets forms that work."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from andu.office.office import Office
from andu.settings import ROOT, Settings
from app import create_app
from tests.conftest import PASSWORD, nothing_wrong
from tests.office.test_editions import FORM, rewrite
from tests.views.conftest import SignedIn, blank_pdf
from tests.views.page import Visitor


@pytest.fixture
def office(settings: Settings, tmp_path: Path) -> Iterator[Office]:
    """The sample office, with papers of its own."""
    templates = tmp_path / "papers"
    shutil.copytree(ROOT / "doc_templates", templates)
    office = Office.open(dataclasses.replace(settings, templates=templates), blank_pdf, nothing_wrong)
    yield office
    office.store.close()


def test_forms_and_papers_that_agree_are_said_to(signed_in: SignedIn) -> None:
    admin = signed_in("wujiu")
    admin.get("/forms")
    assert admin.text().count("正常") >= 4
    admin.get(f"/forms/{FORM}")
    assert "模板和表单相符" in admin.text()


def test_new_paper_with_a_fault_is_told_with_its_place_and_clerks_go_on_with_the_old_one(
    app: Flask, signed_in: SignedIn, office: Office
) -> None:
    rewrite(office, "{{ handling_unit }}", "{{ handling_nuit }}")
    admin = signed_in("wujiu")
    admin.get("/forms")
    assert "新版有错，仍用原版" in admin.text()
    admin.get(f"/forms/{FORM}")
    assert "是不是“handling_unit”" in admin.text() and "{{ handling_nuit }}" in admin.text()
    clerk = signed_in("wangwu")
    clerk.get("/new")
    clerk.post(f"/new/{FORM}")
    assert clerk.path.startswith("/drafts/")


def test_form_whose_only_paper_has_a_fault_is_offered_to_nobody(settings: Settings, office: Office) -> None:
    with office.store.write():
        office.store.execute("DELETE FROM form_version WHERE slug = ?", [FORM])
    rewrite(office, "{{ handling_unit }}", "{{ handling_nuit }}")
    app = create_app(settings, office)
    clerk, admin = Visitor(app), Visitor(app)
    clerk.sign_in("wangwu", PASSWORD)
    clerk.get("/new")
    assert not clerk.page.xpath(f"//form[contains(@action, '{FORM}')]")
    answer = clerk.post(f"/new/{FORM}")
    assert answer.status_code == 409 and "没有通过检查" in clerk.text()
    admin.sign_in("wujiu", PASSWORD)
    admin.get(f"/forms/{FORM}")
    assert "暂时不能填写" in admin.text() and "handling_nuit" in admin.text()


def test_repair_is_told_as_advice(signed_in: SignedIn, office: Office) -> None:
    rewrite(office, "{{ handling_unit }}", "｛｛ handling_unit ｝｝")
    admin = signed_in("wujiu")
    admin.get("/forms")
    assert "有 1 处提醒" in admin.text()
    admin.get(f"/forms/{FORM}")
    assert "已自动改正" in admin.text()


def test_who_signs_and_what_is_enough_is_told_in_words(signed_in: SignedIn) -> None:
    admin = signed_in("wujiu")
    admin.get("/forms/verification_report")
    assert "签到什么程度算齐：成员单位负责同志签字，并有镇负责同志或扫黑办主任签字" in admin.text()
    assert "还可以改用“镇负责同志、成员单位负责同志或扫黑办主任，任何一人签字”（literal）" in admin.text()
    admin.get("/forms/custody_register")
    assert "“申请人”一栏所选的人" in admin.text()
    admin.get("/forms/clue_handover")
    assert "“接收单位”一栏的单位" in admin.text()
