"""A reporter stays safe, in a browser: the code on paper, a named report, a reset, two persons to look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from andu.clock import FixedClock
from andu.office.office import Office
from andu.settings import Settings
from tests.conftest import MORNING, PASSWORD
from tests.office import small
from tests.views.test_in_browser import address, browser, pytestmark
from tests.views.test_leaving_in_browser import picture

__all__ = ["address", "browser", "pytestmark"]

FORM = """
title: 实名反映登记
group: 示例
filled_by: [clerk]
series: doc
record_title: [subject]
sections:
  - title: 内容
    fields:
      - {key: subject, kind: text, label: 事由}
      - {key: phone, kind: text, label: 联系办法, confidential: true}
      - {key: name, kind: text, label: 举报人姓名, confidential: true, eyes: handlers and second person}
signatures:
  slots:
    - {key: head, label: 负责人, roles: [head]}
"""
GIVEN, NEW = "first-by-the-admin-1", "second-by-the-admin-1"
OWN, LAST = "her-own-password-1", "her-own-password-2"
PHONE, NAME, WHY = "示例电话 555-0101", "示例举报人某某", "回访需要核对身份"


@pytest.fixture
def settings(tmp_path: Path, quick_passwords: None) -> Settings:
    """An office with one form, whose name of the reporter two persons open."""
    settings = Settings(instance=tmp_path / "instance", clock=FixedClock(MORNING), testing=True)
    return small.found(settings, tmp_path, {"named_report": FORM})


@pytest.fixture
def office(settings: Settings) -> Iterator[Office]:
    """That office."""
    office = small.opened(settings)
    yield office
    office.store.close()


def at_the_door(page: Page, username: str, password: str = PASSWORD) -> Page:
    """Sign in on this page, whoever was there before."""
    page.context.clear_cookies()
    page.goto("/sign-in")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: not url.endswith("/sign-in"))
    return page


def own_password(page: Page, was: str, now: str) -> None:
    """Set one's own password on the page that opens instead of any other."""
    expect(page.get_by_label("现在的密码")).to_be_visible()
    page.get_by_label("现在的密码").fill(was)
    page.get_by_label("新密码", exact=True).fill(now)
    page.get_by_label("再输一遍新密码").fill(now)
    page.locator("main").get_by_role("button", name="修改密码").click()


def look(page: Page, record: str, password: str) -> None:
    """Look at the reporter of a record, with a reason and the password."""
    page.goto(f"{record}/confidential")
    page.get_by_label("查看事由").fill(WHY)
    page.get_by_label("您的登录密码").fill(password)
    page.get_by_role("button", name="查看", exact=True).click()


def test_from_the_first_sign_in_to_a_view_of_two(browser: Browser, address: str) -> None:
    names = ("wujiu", "wen", "zhaoliu", "zhang")
    desks = {who: browser.new_context(base_url=address).new_page() for who in names}
    admin, wen = at_the_door(desks["wujiu"], "wujiu"), desks["wen"]
    # the admin makes a director; she sets a password of her own, and keeps the code on paper
    admin.goto("/accounts/new")
    for label, said in (("用户名", "wen"), ("姓名", "温二十"), ("职务", "办公室主任")):
        admin.get_by_label(label).fill(said)
    admin.get_by_label("密码").fill(GIVEN)
    admin.get_by_label("单位", exact=True).select_option("shb")
    admin.locator("[name=roles][value=director]").check()
    admin.get_by_role("button", name="建立").click()
    expect(admin.locator("main")).to_contain_text("温二十")
    own_password(at_the_door(wen, "wen", GIVEN), GIVEN, OWN)
    expect(wen.get_by_role("heading", name="您的恢复码")).to_be_visible()
    code = wen.locator(".code strong").inner_text()
    picture(wen, "first-code")
    wen.locator("#code").fill(code[:-1] + ("2" if code[-1] != "2" else "3"))
    wen.get_by_role("button", name="核对").click()
    expect(wen.locator("[data-summary]")).to_contain_text("不正确")
    wen.locator("#code").fill(code)
    wen.get_by_role("button", name="核对").click()
    expect(wen.get_by_role("status")).to_contain_text("核对无误")
    picture(wen, "code-proved")

    # another who has the right confirms her; from then on reports are sealed to both
    zhao = at_the_door(desks["zhaoliu"], "zhaoliu")
    zhao.goto("/vault")
    zhao.locator("tr", has_text="温二十").get_by_role("link", name="去确认").click()
    zhao.get_by_label("怎样核实的").fill("当面核实本人")
    zhao.get_by_label("您的登录密码").fill(PASSWORD)
    picture(zhao, "confirm")
    zhao.locator("main").get_by_role("button").click()
    expect(zhao.get_by_role("status")).to_contain_text("温二十可以打开举报人信息")
    at_the_door(wen, "wen", OWN)

    # a village clerk registers a named report
    zhang = at_the_door(desks["zhang"], "zhangsan")
    zhang.goto("/new")
    zhang.get_by_role("button", name=re.compile("填写\\s*实名反映登记")).click()
    for label, said in (("事由", "反映示例砂场一事"), ("联系办法", PHONE), ("举报人姓名", NAME)):
        zhang.get_by_label(label).fill(said)
    picture(zhang, "named-report")
    zhang.get_by_role("button", name="提交").click()
    expect(zhang.locator(".standing")).to_contain_text("等待“负责人”签字")
    record = zhang.url
    look(wen, record, OWN)
    expect(wen.locator("main")).to_contain_text(PHONE)
    expect(wen.locator("main")).not_to_contain_text(NAME)

    # the admin gives her a new password: what is sealed waits, and the page said so before
    admin.goto("/accounts/")
    admin.locator("tr", has_text="温二十").get_by_role("link").first.click()
    expect(admin.locator("main")).to_contain_text("“等待恢复”")
    picture(admin, "before-reset")
    admin.locator("form[action$='/password']").get_by_label("密码").fill(NEW)
    admin.locator("form[action$='/password']").get_by_role("button").click()
    own_password(at_the_door(wen, "wen", NEW), NEW, LAST)
    wen.goto("/vault")
    expect(wen.locator("tr", has_text="温二十")).to_contain_text("等待恢复")
    picture(wen, "waiting")
    wen.goto(f"{record}/confidential")
    expect(wen.locator("main")).not_to_contain_text(PHONE)

    # the code on paper opens it again
    wen.goto("/vault")
    wen.locator("#code").fill(code)
    wen.get_by_label("您现在的登录密码").fill(LAST)
    wen.get_by_role("button", name="恢复", exact=True).click()
    expect(wen.get_by_role("status")).to_contain_text("已恢复")
    look(wen, record, LAST)
    expect(wen.locator("main")).to_contain_text(PHONE)

    # the name takes two: she asks, the other lets her look for half an hour
    wen.goto(f"{record}/confidential")
    wen.get_by_role("link", name="请第二人同意").click()
    wen.get_by_label("事由").fill(WHY)
    wen.get_by_label("您的登录密码").fill(LAST)
    wen.locator("main").get_by_role("button").click()
    expect(wen.locator("main")).to_contain_text("还没有人答复")
    zhao.goto("/")
    zhao.locator("a[href^='/second-person/']").first.click()
    expect(zhao.locator("main")).to_contain_text(WHY)
    picture(zhao, "approve")
    zhao.get_by_label("您的登录密码").fill(PASSWORD)
    zhao.locator("main").get_by_role("button").click()
    expect(zhao.get_by_role("status")).to_contain_text("可以看 30 分钟")
    look(wen, record, LAST)
    expect(wen.locator("main")).to_contain_text(NAME)
    picture(wen, "two-persons")
    for page in desks.values():
        page.context.close()
