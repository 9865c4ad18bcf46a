"""An admin makes a form type from nothing: table, condition, two signatures, deadline. Clicks are counted."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Desk, Service
from tests.browser.test_form_from_word import Counted

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
CLICKS, KEYS = 36, 23
"""As README says it."""
ADD = "在“填写内容”里加一栏"


def field(admin: Counted, label: str, kind: str) -> None:
    """A new field; its settings are open afterwards."""
    admin.click("link", re.compile(ADD))
    admin.type(admin.page.get_by_label("名称"), label)
    choose(admin, "种类", kind)
    admin.click("button", "下一步")
    expect(admin.page.get_by_role("heading", name=label, level=1)).to_be_visible()


def choose(admin: Counted, label: str, option: str) -> None:
    """Choose from a list: one click opens it, one chooses."""
    admin.clicks += 2
    admin.page.get_by_label(label, exact=True).first.select_option(label=option)


def block(admin: Counted, name: str) -> None:
    """A ready block."""
    admin.click("link", re.compile(ADD))
    admin.clicks += 2
    option = admin.page.locator("#block option", has_text=name).first.get_attribute("value")
    admin.page.locator("#block").select_option(option)
    admin.click("button", "加上这一组")
    expect(admin.page.get_by_text("已加上这一组")).to_be_visible()


def test_from_nothing_with_a_table_a_condition_two_signatures_and_a_deadline(
    chromium: Browser, service: Service
) -> None:
    admin = Counted(chromium, service, "wujiu")
    admin.click("link", "表单")
    admin.click("button", "做一种新表单")
    admin.type(admin.page.get_by_label("表单名称"), "值班表")
    admin.click("button", "开始")
    expect(admin.page.get_by_role("heading", name="做表单：值班表")).to_be_visible()
    field(admin, "班次", "单项选择")
    admin.type(admin.page.get_by_label("选项", exact=True), "白班\n夜班")
    admin.click("button", "保存")
    field(admin, "夜班说明", "多行文字")
    asked = admin.page.get_by_role("group", name="什么时候才问")
    admin.clicks += 4
    asked.get_by_label("看哪一栏").first.select_option(label="班次")
    asked.get_by_label("怎样").first.select_option(label="是")
    admin.type(asked.get_by_label("什么（一行一个）").first, "夜班")
    admin.click("button", "保存")
    block(admin, "材料清单")
    block(admin, "两处签字")
    admin.type(admin.page.get_by_label("加一个期限"), "交回")
    admin.clicks += 1
    admin.page.locator("section", has=admin.page.locator("#add-deadlines")).get_by_role(
        "button", name="加上"
    ).last.click()
    admin.click("button", "保存")
    admin.click("button", "不用这份，按栏目重新画一份")
    expect(admin.page.get_by_text("检查通过，可以发布")).to_be_visible(timeout=180_000)
    admin.type(admin.page.get_by_label("说明"), "第一次启用")
    admin.click("button", "发布")
    expect(admin.page.get_by_text("大家现在就可以填")).to_be_visible(timeout=60_000)
    assert (admin.clicks, admin.keys) == (CLICKS, KEYS)

    clerk = Desk(chromium, service, "zhangsan")
    clerk.page.goto("/new")
    clerk.page.get_by_role("button", name=re.compile("填写\\s*值班表")).click()
    expect(clerk.page.get_by_label("夜班说明")).to_be_hidden()
    clerk.fill({"f_ban_ci": ["夜班"]})
    expect(clerk.page.get_by_label("夜班说明")).to_be_visible()
    expect(clerk.page.get_by_text("材料清单").first).to_be_visible()
    admin.close()
    clerk.close()
