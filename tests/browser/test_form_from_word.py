"""An admin makes a form type from a Word form without seeing a form file; a clerk fills it, two people sign.

What the admin does is counted: clicks, and keys struck, from the desk to a form that everybody can fill.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import Desk, Service
from tests.office.blanks import leave_form

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
CLICKS, KEYS = 8, 5
"""As README says it."""


class Counted(Desk):
    """A person whose clicks and keys are counted; choosing a file counts as two clicks."""

    clicks = keys = 0

    def click(self, role: str, name: str | re.Pattern[str]) -> None:
        """Click what is called so."""
        self.clicks += 1
        self.page.get_by_role(role, name=name, exact=isinstance(name, str)).first.click()  # type: ignore[arg-type]

    def type(self, at: Locator, text: str) -> None:
        """Click into an input and type."""
        self.clicks += 1
        self.keys += len(text)
        at.fill(text)

    def choose(self, label: str, path: Path) -> None:
        """Choose a file."""
        self.clicks += 2
        self.page.get_by_label(label).set_input_files(path)


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    """The office's own leave form, as Word has it."""
    path = tmp_path / "休假申请单.docx"
    path.write_bytes(leave_form())
    return path


def test_from_a_word_form_to_a_filed_paper(
    chromium: Browser, service: Service, blank: Path, tmp_path: Path
) -> None:
    admin = Counted(chromium, service, "wujiu")
    admin.click("link", "表单")
    admin.click("button", "做一种新表单")
    admin.choose("空白的 Word 表", blank)
    admin.click("button", "上传并读表")
    expect(admin.page.get_by_role("heading", name="读出来的栏目：休假申请单")).to_be_visible(timeout=120_000)
    expect(admin.page.locator(".sheets img").first).to_be_visible()
    admin.click("button", "全部照此做成表单")
    expect(admin.page.get_by_text("检查通过，可以发布")).to_be_visible(timeout=180_000)
    admin.type(admin.page.get_by_label("说明"), "第一次启用")
    admin.click("button", "发布")
    expect(admin.page.get_by_text("大家现在就可以填")).to_be_visible(timeout=60_000)
    assert (admin.clicks, admin.keys) == (CLICKS, KEYS)

    clerk = Desk(chromium, service, "zhangsan")
    clerk.page.goto("/new")
    clerk.page.get_by_role("button", name=re.compile("填写\\s*休假申请单")).click()
    clerk.fill(
        {
            "f_xing_ming": ["张三"],
            "f_lian_xi_dian_hua": ["13800000000"],
            "f_xiu_jia_zhong_lei": ["病假"],
            "f_xiu_jia_shi_you": ["复查"],
            "f_shen_qing_ri_qi": ["2026-11-30"],
        }
    )
    clerk.page.get_by_role("button", name="提交").click()
    expect(clerk.page.locator(".standing")).to_contain_text("等待“", timeout=60_000)
    url = clerk.page.url
    for username in ("lisi", "zhangsan"):
        signer = Desk(chromium, service, username)
        signer.page.goto(url + "/sign")
        if signer.page.get_by_label("登录密码").count():
            signer.sign()
            signer.page.locator(".standing").wait_for(timeout=60_000)
        signer.close()
    clerk.page.goto(url)
    if "等待“" in clerk.page.locator(".standing").inner_text():
        head = Desk(chromium, service, "lisi")
        head.page.goto(url + "/sign")
        head.sign()
        head.page.locator(".standing").wait_for(timeout=60_000)
        head.close()
        clerk.page.goto(url)
    expect(clerk.page.locator(".standing")).to_contain_text("编号 XJSQ-", timeout=60_000)
    paper = clerk.save("下载 PDF", tmp_path)
    assert paper.name.startswith("XJSQ-") and paper.read_bytes().startswith(b"%PDF")
    admin.close()
    clerk.close()
