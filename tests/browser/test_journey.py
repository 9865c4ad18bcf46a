"""The whole story, as the people of the sample office would live it, each at a browser of their own."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import docx
import pytest
from playwright.sync_api import Browser, expect

from andu.formtypes.filling import samples
from andu.formtypes.filling.webform import raw_from_values
from andu.office import editions
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.security import accounts
from tests.browser.conftest import Desk, Service

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
NASTY = "甲&乙 <丙> “引号” 'x' \"y\" 😀 喆玥堃 {{ 7*7 }}"


def answers(service: Service, username: str, slug: str, **changes: Any) -> dict[str, list[str]]:
    """The sample of a form type as inputs."""
    office = Office.open(service.settings)
    person = accounts.by_username(office.store, username)
    assert person is not None
    form_type = editions.current(office, slug).form_type
    values = samples.sample(form_type, OfficeDirectory(office, person)) | changes
    office.store.close()
    return raw_from_values(form_type, values)


def text_of(paper: Path) -> str:
    """Every word of a docx, tables included."""
    document = docx.Document(str(paper))
    paragraphs = (node for node in document.element.iter() if node.tag.endswith("}p"))
    # a rare character is a run of its own: its face is named there
    return "\n".join(
        "".join(node.text or "" for node in one.iter() if node.tag.endswith("}t")) for one in paragraphs
    )


def test_from_a_villages_first_report_to_a_voided_number(
    chromium: Browser, service: Service, tmp_path: Path
) -> None:
    # 张三 of 示例一村 registers a clue.
    zhang = Desk(chromium, service, "zhangsan")
    zhang.page.get_by_role("button", name="填写新表").or_(
        zhang.page.get_by_role("link", name="填写新表")
    ).click()
    zhang.page.get_by_role("button", name=re.compile("填写\\s*线索登记表")).click()
    zhang.fill(answers(service, "zhangsan", "clue_registration", summary="反映示例砂场" + NASTY))
    expect(zhang.page.locator("#saving")).to_contain_text("已自动保存")
    zhang.page.reload()
    expect(zhang.page.locator('[name="f_summary"]')).to_have_value("反映示例砂场" + NASTY)
    zhang.page.get_by_role("button", name="提交").click()
    expect(zhang.page.locator(".standing")).to_contain_text("等待“登记人”签字")
    expect(zhang.page.get_by_text("为什么还没有编号")).to_be_visible()
    zhang.page.get_by_role("button", name="去签字").or_(zhang.page.get_by_role("link", name="去签字")).click()
    zhang.sign()
    expect(zhang.page.locator(".standing")).to_contain_text("等待“单位负责人”签字")

    # 李四, head of the village, signs: now it has its number.
    li = Desk(chromium, service, "lisi")
    li.take(zhang.page.url)
    expect(li.page.get_by_text("可靠电子签名")).to_be_visible()
    li.sign()
    expect(li.page.locator(".standing")).to_contain_text("编号 DJ-XS-")

    # 张三 hands it over; the number and the summary are there already.
    zhang.page.reload()
    zhang.page.get_by_role("button", name="接着办：线索移交单").click()
    number = zhang.page.locator('[name="f_clues-0-number"]').input_value()
    assert number.startswith("DJ-XS-")
    assert NASTY in zhang.page.locator('[name="f_clues-0-summary"]').input_value()
    handover = answers(service, "zhangsan", "clue_handover")
    zhang.fill({name: texts for name, texts in handover.items() if not name.startswith("f_clues")})
    zhang.page.get_by_role("button", name="提交").click()
    zhang.page.get_by_role("button", name="去签字").or_(zhang.page.get_by_role("link", name="去签字")).click()
    zhang.sign()
    expect(zhang.page.locator(".standing")).to_contain_text("等待“接收人”签字")

    # 王五 in the office counts: a wrong count is refused beside the field, the right one is a receipt.
    wang = Desk(chromium, service, "wangwu")
    wang.take(zhang.page.url)
    wang.fill(handover | {"f_received_copies": ["9"]})
    wang.go_on()
    expect(wang.page.get_by_text("清点份数与清单合计不一致").first).to_be_visible()
    wang.fill(handover)
    wang.sign()
    expect(wang.page.locator(".standing")).to_contain_text("编号 YJ-")

    # 王五 fills the completion report; 赵六 signs first, and is refused as the second.
    wang.page.goto("/new")
    wang.page.get_by_role("button", name=re.compile("填写\\s*办结报告")).click()
    long = "办理经过。" * 600
    report = answers(service, "wangwu", "completion_report", investigation=f"第一行{NASTY}\n第二行\n{long}")
    wang.fill(report)
    wang.page.get_by_role("button", name="提交").click()
    expect(wang.page.locator(".standing")).to_contain_text("等待“承办单位主要负责人”签字")
    report_url = wang.page.url
    zhao = Desk(chromium, service, "zhaoliu")
    zhao.take(report_url)
    zhao.sign()
    expect(zhao.page.locator(".standing")).to_contain_text("等待“镇扫黑办主任”签字")
    zhao.page.goto(report_url + "/sign")
    expect(zhao.page.get_by_text("须由不同的人完成")).to_be_visible()

    # 褚十四, deputy director, signs second: number, docx and PDF with the values in them.
    chu = Desk(chromium, service, "chushisi")
    chu.take(report_url)
    chu.sign()
    expect(chu.page.locator(".standing")).to_contain_text("编号 BJ-")
    paper = chu.save("下载 Word", tmp_path)
    pdf = chu.save("下载 PDF", tmp_path, reason="领导小组会上要用")
    chu.page.goto(report_url)
    assert paper.name.startswith("BJ-")
    assert "办结报告 第1份 褚十四" in paper.name and paper.suffix == ".docx"
    words = text_of(paper)
    for expected in (NASTY, "赵六", "褚十四", paper.name.split(" ")[0], "第二行", long):
        assert expected in words
    printed = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True
    ).stdout.decode()
    assert all(expected in printed for expected in ("喆玥堃", "{{ 7*7 }}", "赵六", "褚十四"))
    assert "第2份 · 下载 · 褚十四" in " ".join(printed.split())
    expect(chu.page.locator("section", has_text="印出、下载").last).to_contain_text("领导小组会上要用")

    # The register knows it; the director voids another number, and the series says none is missing.
    zhao.page.goto("/register?text=BJ-")
    expect(zhao.page.get_by_text(paper.name.split(" ")[0]).first).to_be_visible()
    zhao.page.goto(f"/register?text={number}")
    zhao.page.get_by_role("link", name=re.compile(rf"^作废\s*{number}$")).click()
    zhao.page.get_by_label("作废理由").fill("重复登记")
    zhao.page.get_by_label("登录密码").fill("andu-shili-2026")
    zhao.page.get_by_role("button", name="作废").click()
    expect(zhao.page.get_by_label("登录密码")).to_have_count(0)
    expect(zhao.page.get_by_text("重复登记").first).to_be_visible()
    zhao.page.goto("/series")
    zhao.page.get_by_role("row", name="线索编号").get_by_role("link").click()
    expect(zhao.page.get_by_text("重复登记").first).to_be_visible()
    expect(zhao.page.get_by_text("连续").first).to_be_visible()
    for desk in (zhang, li, wang, zhao, chu):
        desk.close()


def test_a_draft_survives_a_power_cut_and_a_closed_browser(chromium: Browser, service: Service) -> None:
    zhang = Desk(chromium, service, "zhangsan")
    zhang.page.goto("/new")
    zhang.page.get_by_role("button", name=re.compile("填写\\s*办结报告")).click()
    zhang.page.locator('[name="f_outcome"]').fill("停电之前写的话")
    expect(zhang.page.locator("#saving")).to_contain_text("已自动保存")
    draft = urlsplit(zhang.page.url).path
    zhang.close()
    service.stop()
    service.start()
    zhang = Desk(chromium, service, "zhangsan")
    zhang.page.locator(f"section[aria-labelledby=drafts] a[href='{draft}']").first.click()
    expect(zhang.page.locator('[name="f_outcome"]')).to_have_value("停电之前写的话")
    zhang.close()


def test_the_form_works_with_the_keyboard_alone_and_without_scripts(
    chromium: Browser, service: Service
) -> None:
    zhang = Desk(chromium, service, "zhangsan", scripts=False)
    zhang.page.goto("/new")
    zhang.page.get_by_role("button", name=re.compile("填写\\s*线索登记表")).press("Enter")
    raw = answers(service, "zhangsan", "clue_registration")
    assert zhang.page.locator('[name="f_related_clue"], [name="f_related_number"]').first.is_visible(), (
        "without scripts every question is shown"
    )
    zhang.fill(raw | {"f_registered_at": ["昨天"]})
    zhang.page.get_by_role("button", name="提交").press("Enter")
    expect(zhang.page.get_by_role("alert").or_(zhang.page.locator(".summary")).first).to_contain_text(
        "登记时间"
    )
    zhang.fill({"f_registered_at": raw["f_registered_at"]})
    zhang.page.get_by_role("button", name="提交").press("Enter")
    expect(zhang.page.locator(".standing")).to_contain_text("登记人")
    zhang.context.close()
