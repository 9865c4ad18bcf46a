"""The manual of docs/manual, and which part of it a screen leads to. Called by ``help`` and ``screen``.

The manual is Markdown, of our own writing; no HTML in it is let through. ``screens.yaml`` beside it says for
each screen under which heading its help stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from flask import request, url_for
from flask_babel import lazy_gettext as _l
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from andu.security.accounts import Account
from andu.security.permissions import may
from andu.settings import ROOT

MANUAL = ROOT / "docs" / "manual"
PAGES = {"clerk": _l("经办人"), "signatory": _l("签字人"), "admin": _l("管理员"), "operator": _l("运行维护")}


def part(page: str) -> tuple[Markup, Sequence[str]]:
    """A part of the manual as HTML, and its headings."""
    path = MANUAL / f"{page}.md"
    return rendered(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def rendered(path: Path, _changed: int) -> tuple[Markup, Sequence[str]]:
    """A part of the manual as HTML, and its headings, each with its own text as id."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(path.read_text("utf-8"))
    headings = []
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag != "h1":
            headings.append(tokens[at + 1].content)
            token.attrSet("id", anchor(headings[-1]))
        if token.type in ("fence", "code_block"):
            token.attrSet("tabindex", "0")  # wider than a phone, it is moved by keys too
        for inner in token.children or ():
            _lazily(inner)
        _join(token.children or [])
    return Markup(reader.renderer.render(tokens, reader.options, {})), headings  # noqa: S704 - html is off


def _join(words: Sequence[Token]) -> None:
    """The end of a line of the file is no blank between Chinese words."""
    for at, token in enumerate(words):
        if token.type != "softbreak":
            continue
        before = "".join(one.content for one in words[:at])[-1:]
        after = "".join(one.content for one in words[at + 1 :])[:1]
        if not (before.isascii() and after.isascii()):
            token.type, token.content = "text", ""


def _lazily(token: Token) -> None:
    if token.type == "image":
        token.attrSet("loading", "lazy")


def anchor(heading: str) -> str:
    """The id of a heading."""
    return heading.replace(" ", "")


@lru_cache(maxsize=1)
def screens() -> dict[str, Any]:
    """Screen (endpoint, or what its endpoints begin with) → ``page#heading``."""
    found: dict[str, Any] = yaml.safe_load((MANUAL / "screens.yaml").read_text("utf-8"))
    return found


@lru_cache(maxsize=1)
def desks() -> dict[str, str]:
    """Where 帮助 on the desk leads to for who fills nothing: by the first of these acts that they may do."""
    found: dict[str, str] = yaml.safe_load((MANUAL / "desks.yaml").read_text("utf-8"))
    return found


def of_this_screen(account: Account | None = None) -> str:
    """The address of the help for the page that is shown; the desk leads each to what they are there for."""
    endpoint = request.endpoint or ""
    place = str(screens().get(endpoint) or screens().get(endpoint.partition(".")[0]) or "clerk")
    if endpoint == "desk.show" and account and not may(account, "fill"):
        place = next((there for act, there in desks().items() if may(account, act)), place)
    page, _hash, heading = place.partition("#")
    return url_for("help.show", page=page, _anchor=anchor(heading) if heading else None)
