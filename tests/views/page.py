"""A visitor for tests of screens: every page it is shown must be sound HTML that people can use.

Sound: parsed without an error, one h1, a title, a label for each input, no id twice, a CSRF token in each
form that posts, which is judged by us and not by the browser, no script or style inside the page.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

HIDDEN = ("hidden", "submit", "button")
_DOUBLED = re.compile(r".{0,12}[。，、；：！？][。，、；：].{0,8}")
_TOKEN = re.compile(r'(name="csrf_token"[^>]* value=")[^"]+')

_BLANK = re.compile(r">\s+<")
_WORDS = re.compile(r">[^<>&]+<")
_VALUES = re.compile(r'="[^"<>&]*"')
_AGAIN = re.compile(r"(<(option|li|tr)\b(?:(?!<\2\b).)*?</\2>)\1+", re.S)
"""Lines of a list and rows of a table that follow each other alike."""


def faults_of(text: str) -> tuple[str, ...]:
    """Everything that is wrong with a page."""
    return _faults_of(_TOKEN.sub(r"\1token", text))


@lru_cache(maxsize=512)
def _faults_of(text: str) -> tuple[str, ...]:
    """The same page has the same faults, and is shown in many tests."""
    found = list(_grammar(_skeleton(text)))
    page = html.document_fromstring(text)
    found += [f"{len(page.findall('.//h1'))} h1"] if len(page.findall(".//h1")) != 1 else []
    title = (page.findtext(".//title") or "").split("·")[0].strip()
    found += [] if title else ["no title"]
    ids = [node.get("id") for node in page.iterfind(".//*[@id]")]
    found += [f"id {one} twice" for one in set(ids) if ids.count(one) > 1]
    labelled = {label.get("for") for label in page.iterfind(".//label")}
    for control in page.xpath("//input | //select | //textarea"):
        named = control.get("id") in labelled or control.get("aria-label")
        if control.get("type") not in HIDDEN and not named:
            found.append(f"no label for {control.get('name')}")
    for form in page.xpath("//form[translate(@method, 'POST', 'post') = 'post']"):
        if not form.xpath(".//input[@name = 'csrf_token'][@value != '']"):
            found.append(f"no CSRF token in the form to {form.get('action')}")
        if form.xpath(".//*[@required]") and form.get("novalidate") is None:
            found.append(f"the browser speaks instead of the form to {form.get('action')}")
    found += ["script inside" for one in page.iterfind(".//script") if not one.get("src")]
    found += ["style inside" for _one in page.xpath("//style | //*[@style]")]
    found += [f"punctuation doubled: {one}" for one in _doubled(page)]
    found += ["a link that a summary gives leads nowhere" for one in _lost_links(page, ids)]
    return tuple(found)


def _skeleton(text: str) -> str:
    """The page without its words: what of it can be wrong by the grammar of HTML."""
    bare = _VALUES.sub('="x"', _WORDS.sub(">x<", _BLANK.sub("><", text)))
    return _AGAIN.sub(r"\1", bare)


@lru_cache(maxsize=2048)
def _grammar(text: str) -> tuple[str, ...]:
    """What the parser of the standard finds wrong: it is slow, and most pages differ in their words alone."""
    parser = html5lib.HTMLParser()
    parser.parse(text)
    return tuple(f"HTML: {code} at {place} {data}" for place, code, data in parser.errors)


def _doubled(page: Any) -> list[str]:
    """Where a message was put into another and each brought its stop; what people typed is their own."""
    said = page.xpath("//body//text()[not(ancestor::textarea or ancestor::script or ancestor::dd)]")
    return [found[0] for text in said for found in _DOUBLED.finditer(" ".join(str(text).split()))]


def _lost_links(page: Any, ids: list[str]) -> list[str]:
    links = [link.get("href")[1:] for link in page.xpath("//a[starts-with(@href, '#')]")]
    return [link for link in links if link not in ids]


class Visitor:
    """One person at one browser, without JavaScript."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.page: Any = None
        self.path = ""

    def _look(self, response: TestResponse) -> TestResponse:
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 307, 308):
            found = faults_of(response.text)
            assert not found, f"{response.request.path}: {found}"
            self.page = html.document_fromstring(response.text)
            self.path = response.request.path
        return response

    def get(self, path: str, follow: bool = True, **more: Any) -> TestResponse:
        """Open a page."""
        return self._look(self.client.get(path, follow_redirects=follow, **more))

    @property
    def token(self) -> str:
        """The CSRF token of the page in front of the visitor."""
        return str(self.page.xpath("//input[@name = 'csrf_token']/@value")[0])

    def _whose(self) -> dict[str, str]:
        return {"whose": self.page.xpath("string(//input[@name = 'whose']/@value)")}

    def post(
        self, path: str, data: dict[str, Any] | None = None, follow: bool = True, **more: Any
    ) -> TestResponse:
        """Send a form of the page in front of the visitor, as a browser would."""
        headers = {"Sec-Fetch-Site": "same-origin", **more.pop("headers", {})}
        whole = {"csrf_token": self.token, **self._whose(), **(data or {})}
        return self._look(
            self.client.post(path, data=whole, headers=headers, follow_redirects=follow, **more)
        )

    def filled(self, path: str) -> dict[str, Any]:
        """Everything the form to ``path`` would send, buttons left out."""
        (form,) = self.page.xpath(f"//main//form[@action = '{path}']")
        found: dict[str, list[str]] = {}
        for name, value in form.form_values():
            found.setdefault(name, []).append(value.removeprefix("\n"))  # as a browser reads a textarea
        return dict(found)

    def text(self) -> str:
        """The words of the page."""
        return " ".join(self.page.find(".//main").text_content().split())

    def sign_in(self, username: str, password: str, follow: bool = True) -> TestResponse:
        """Sign in through the page."""
        self.get("/sign-in")
        return self.post("/sign-in", {"username": username, "password": password}, follow)
