"""Somebody leaves with work open, in a real browser: from the admin's page to the paper that is filed."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page, expect

from andu.office import records
from andu.office.office import Office
from andu.office.writing import drafts
from andu.security import accounts
from tests.conftest import PASSWORD, People
from tests.office.conftest import Submit
from tests.views.test_in_browser import Sit, address, browser, pytestmark, sit

__all__ = ["address", "browser", "pytestmark", "sit"]


def picture(page: Page, name: str) -> None:
    """Keep what the page looks like, where somebody asks for it: wide and narrow."""
    folder = os.environ.get("ANDU_TEST_PICTURES")
    if folder:
        for width, height in ((1366, 768), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1366, "height": 768})


def sign(page: Page) -> None:
    """Sign on the page that is open."""
    page.get_by_label("登录密码").first.fill(PASSWORD)
    page.get_by_role("button", name="签字", exact=True).click()


def test_the_admin_hands_over_and_the_successors_finish_what_was_begun(
    sit: Sit, office: Office, people: People, submit: Submit
) -> None:
    record = submit(people.zhangsan, "completion_report")
    draft = drafts.start(office, people.zhangsan, "completion_report", {"f_outcome": ["正在办理"]})
    admin = sit("wujiu")
    admin.goto("/accounts/")
    admin.locator("tr", has_text="zhangsan").get_by_role("button", name="停用").click()
    expect(admin.get_by_role("heading", name="交接：张三")).to_be_visible()
    picture(admin, "leave")
    admin.get_by_label("您的登录密码").fill(PASSWORD)
    admin.get_by_role("button", name="交接并停用").click()
    expect(admin.locator("[data-summary]")).to_contain_text("请选择由谁接手")
    picture(admin, "leave-faults")
    assert accounts.get(office.store, people.zhangsan.id) == people.zhangsan
    admin.get_by_label("能接的都交给").select_option(label="李四（示例一村）")
    admin.get_by_label("您的登录密码").fill(PASSWORD)
    admin.get_by_role("button", name="交接并停用").click()
    expect(admin.get_by_role("status")).to_contain_text("已停用张三")
    expect(admin.locator("tr", has_text="zhangsan")).to_contain_text("已停用")

    head = sit("lisi")
    expect(head.locator(f"section[aria-labelledby=drafts] a[href='/drafts/{draft.id}']")).to_be_visible()
    head.locator(f"a[href='/records/{record.id}/sign']").first.click()
    sign(head)
    expect(head.locator("main")).to_contain_text("由李四接办")
    picture(head, "record")

    # now the only head of the village leaves as well, with a second report waiting for them
    waiting = submit(people.lisi, "completion_report")
    colleague = accounts.create(
        office.store, office.clock, None, username="xiaoer", name="小二", unit_id="cun1",
        roles=["clerk", "head"], password=PASSWORD, must_change=False,
    )  # fmt: skip
    admin.goto(f"/accounts/{people.lisi.id}/leave")
    admin.get_by_label("能接的都交给").select_option(colleague.id)
    admin.get_by_label("您的登录密码").fill(PASSWORD)
    admin.get_by_role("button", name="交接并停用").click()
    expect(admin.get_by_role("status")).to_contain_text("已停用李四")
    successor, director = sit("xiaoer"), sit("zhaoliu")
    successor.goto("/handed-in?of=unit")
    picture(successor, "handed-in")
    successor.goto("/queue")
    successor.locator(f"a[href='/records/{waiting.id}/sign']").first.click()
    sign(successor)
    for one in (record, waiting):
        director.goto(f"/records/{one.id}/sign")
        sign(director)
        expect(director.locator("main")).to_contain_text("已归档，编号")
        assert records.find(office, one.id).state == "filed"


def test_what_nobody_can_sign_is_found_on_the_desk_and_given_to_another(
    sit: Sit, office: Office, people: People, submit: Submit
) -> None:
    record = submit(people.zhangsan, "completion_report")
    with office.store.write():  # as the database of an office that had no handover yet
        office.store.update("account", people.lisi.id, {"state": "disabled"})
    clerk = sit("zhangsan")
    expect(clerk.locator("section[aria-labelledby=stuck]")).to_contain_text(record.title)
    picture(clerk, "desk-stuck")
    clerk.goto(f"/records/{record.id}")
    picture(clerk, "record-stuck")
    admin = sit("wujiu")
    picture(admin, "admin-desk")
    admin.locator("section[aria-labelledby=stuck]").get_by_role("link", name="改由他人签字").click()
    picture(admin, "give")
    admin.get_by_label("改由谁签").select_option(people.chenshisan.id)
    admin.get_by_label("您的登录密码").fill(PASSWORD)
    admin.get_by_role("button", name="改由他签字").click()
    expect(admin.get_by_role("status")).to_contain_text("已改由他人签字")
    signer = sit("chenshisan")
    signer.locator(f"a[href='/records/{record.id}/sign']").first.click()
    sign(signer)
    clerk.goto(f"/records/{record.id}")
    expect(clerk.locator("main")).to_contain_text("改由 陈十三 签字")
