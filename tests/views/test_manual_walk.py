"""The manual is walked: every button, link, heading and field it names stands on a screen it is about.

The screens of an office at work are fetched as each of its people; what they say is kept under the part of
the manual that their 帮助 leads to. A name that is on none of these has to be on the desk, or is one that is
there only in a state that another test brings about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from lxml import html

from andu.views import manual
from tests.conftest import PASSWORD
from tests.views import test_access_matrix as matrix
from tests.views.page import Visitor
from tests.views.test_access_matrix import opened, world
from tests.views.test_help import BOLD, NOT_A_BUTTON

__all__ = ["world"]
SAID = " | ".join(
    f"//{one}"
    for one in ["a", "button", "summary", "h1", "h2", "h3", "label", "legend", "th", "option", "span", "p"]
)
WHO = {
    "zhangsan": ("",),
    "lisi": ("desk.", "signing."),
    "zhaoliu": ("desk.", "register.", "audit.", "vault.", "deputies.", "giving.", "records."),
    "wujiu": ("",),
}
"""Who opens which screens: all of them, or what the others do not get to see."""
NOT_READ = (  # files, and what is no screen
    "api.",
    "static",
    "printing.",
    "scans.download",
    "scans.page",
    "help.",
    "register.download",
    "calendar.",
)
IN_A_STATE = {
    "clerk": {"整理“正文”", "撤销", "就是这件", "去签收", "接着办：…", "退回待改", "退出别处的登录"},
    "signatory": {
        "谁不能看", "签收", "签字并看下一件", "同意，看下一件", "一并签字",
        "先不签", "签齐了没有取上号", "记下",
    },
    "admin": {
        "去看", "机关代字", "能接的都交给", "下一个号", "留出", "等您同意的查看",
        "等待恢复", "等待确认", "去确认", "确认", "没有人能签的材料", "改由他人签字", "可以打开",
        "同名的同志",
        "发一封试试", "发一条试试", "全部照此做成表单", "合并、拆开", "漏掉的地方", "加上勾了的", "列出各列",
    },
}  # fmt: skip
"""What is only there while something is so: shown by the tests of that."""


def spoken(page: object) -> Iterator[str]:
    """What stands on a page, button by button, without counts and what is for screen readers."""
    for node in page.xpath(SAID):  # type: ignore[attr-defined]
        for unseen in node.xpath(".//*[contains(@class, 'unseen')]"):
            unseen.text = ""
        yield re.sub(r"[\s（(]*[0-9+]*[)）]*$", "", " ".join(node.text_content().split()))


def paths(app: Flask, ids: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every screen there is, with an address of it; of papers and cases also one that has its number."""
    for method, endpoint, _letters in matrix.ROWS:
        if method == "GET" and not endpoint.startswith(NOT_READ):
            yield endpoint, matrix.path_of(app, endpoint, dict(ids))
    yield "records.show", f"/records/{ids['whole_case']}"
    yield "cases.show", f"/cases/{ids['whole_case']}"


def walked(app: Flask, ids: dict[str, str]) -> dict[str, set[str]]:
    """What the screens say, by the page of the manual that they lead to; under '' what is on the desk."""
    found: dict[str, set[str]] = {"": set()}
    shown = manual.screens()
    for who, opened_by in WHO.items():
        visitor = Visitor(app)
        visitor.sign_in(who, PASSWORD, follow=False)
        for endpoint, path in paths(app, ids):
            if not endpoint.startswith(opened_by):
                continue
            answer = visitor.client.get(path, follow_redirects=True)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                words = set(spoken(html.document_fromstring(answer.text)))
                part = str(shown.get(endpoint) or shown.get(endpoint.partition(".")[0]) or "clerk")
                found.setdefault(part.partition("#")[0], set()).update(words)
                found[""] |= words if endpoint == "desk.show" else set()
            answer.close()
    return found


@pytest.fixture(scope="module")
def said(world: tuple[Path, dict[str, str]]) -> dict[str, set[str]]:
    with opened(world[0]) as app:
        return walked(app, world[1])


@pytest.mark.parametrize("name", ["clerk", "signatory", "admin"])
def test_what_the_manual_names_is_on_the_screens_it_is_about(name: str, said: dict[str, set[str]]) -> None:
    text = (manual.MANUAL / f"{name}.md").read_text("utf-8")
    named = {one for one in BOLD.findall(text) if one not in NOT_A_BUTTON} - IN_A_STATE[name]
    there = said[name] | said[""]
    every = " ".join(sorted(there))
    lost = sorted(one for one in named if one not in there and one not in every)
    assert not lost, lost
