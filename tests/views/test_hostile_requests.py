"""Requests no browser sends, to every route, by a visitor, a clerk and the admin: no fault of ours.

The routes come from the app, the names of inputs from the views and from the pages themselves: a new route or
field is tried without anybody thinking of it. A fault is an exception, or an answer of 500 and above.
Each route gets some of the odd things in turn, so that each of them meets many routes; under --soak, all.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from andu.settings import ROOT
from tests.conftest import PASSWORD
from tests.views.page import Visitor
from tests.views.test_access_matrix import BODIES, ROWS, opened, path_of, world

__all__ = ["world"]

LONG = "案" * 3000
AT_A_TIME = 3
FORM = "application/x-www-form-urlencoded"
HEADERS: list[dict[str, str]] = [
    {"HTTP_ORIGIN": "null"},
    {"HTTP_ORIGIN": "http://["},
    {"HTTP_ORIGIN": "http://\xe9\xff"},
    {"HTTP_ORIGIN": "http://x:99999999999"},
    {"HTTP_HOST": "["},
    {"HTTP_HOST": "\xff\xfe"},
    {"HTTP_HOST": "a" * 300},
    {"HTTP_HOST": "x:port"},
    {"HTTP_SEC_FETCH_SITE": "\xff"},
    {"HTTP_REFERER": "http://[\x80"},
    {"HTTP_COOKIE": "andu=" + "x" * 9000},
    {"HTTP_COOKIE": "\xff\xfe=%zz; andu=\xe9; andu; =; ;;"},
    {"HTTP_ACCEPT": ";q=\xff,*/*;q=x"},
    {"HTTP_ACCEPT": "application/json", "HTTP_ORIGIN": "http://["},
    {"HTTP_ACCEPT_LANGUAGE": ";;q=9,\xff-\xff"},
    {"HTTP_RANGE": "bytes=9-1"},
    {"HTTP_RANGE": "bytes=x-y,\xff"},
    {"HTTP_RANGE": "bytes=0-" + "9" * 30},
    {"HTTP_RANGE": "bytes=-0"},
    {"HTTP_IF_NONE_MATCH": 'W/"\xff, "', "HTTP_IF_MODIFIED_SINCE": "Mon, 99 Foo 99999 99:99:99"},
    {"HTTP_IF_RANGE": "\xff", "HTTP_RANGE": "bytes=0-1"},
    {"CONTENT_LENGTH": "abc"},
    {"CONTENT_LENGTH": "-1"},
    {"CONTENT_LENGTH": "٣"},
    {"HTTP_X_FORWARDED_FOR": "\xff", "HTTP_X_FORWARDED_PROTO": "javascript", "HTTP_AUTHORIZATION": "Basic é"},
]
VALUES = [
    "", " ", "\0", "a\0b", "²", "-1", "1e309", "NaN", "0x1", "9" * 30, "9" * 5000, "１２", "2026-99-99",
    "0000-00", "9999-12-31", "[", "{{ 7 }}", "%s%(x)s", "'\"<>&;--", "a\r\nX-Y: z", "/\r\nX: y", "http://[",
    "//[", "\\", "../..", "🀀\u202e", "\ufeff", LONG, "*", "^", '"', "“", "%", "_", "a:b:c", "é", "None",
]  # fmt: skip
RAW_QUERIES = [
    "%",
    "%zz=%zz",
    "text=%ff%fe",
    "text=%ed%a0%80",
    "=&&=;",
    "page[]=1&page=2",
    "a=" + "%00" * 200,
]
SEGMENTS = [
    "\xff\xfe",
    "\0",
    "a\nb",
    "..",
    "%2e%2e",
    " ",
    "'",
    "\xed\xa0\x80",
    "x" * 8000,
    "²",
    "-1",
    "9" * 30,
]
KNOWN = re.compile(r'(?:args|form|values|files)(?:\.get|\.getlist)?[(\[]"([\w-]+)"')
SHOWN = re.compile(r'<(?:input|select|textarea|button)[^>]* name="([^"]+)"')


T = TypeVar("T")


class Attacker:
    """Somebody with a session, or none, who sends whatever they like."""

    def __init__(self, app: Flask, username: str) -> None:
        self.app = app
        self.faults: list[str] = []
        self.turn = 0
        self.all = False
        visitor = Visitor(app)
        visitor.get("/sign-in")
        self.token = visitor.token
        if username:
            visitor.sign_in(username, PASSWORD, follow=False)
            self.token = visitor.client.get("/session/alive").json["csrf_token"]
        cookie = visitor.client.get_cookie("andu")
        assert cookie is not None
        self.cookie = f"andu={cookie.value}"

    def some(self, things: Sequence[T]) -> list[T]:
        """The next few of these things; all of them in a soak."""
        if self.all:
            return list(things)
        self.turn += AT_A_TIME
        return [things[(self.turn + each) % len(things)] for each in range(AT_A_TIME)]

    def send(self, method: str, path: str, said: str, query: str = "", body: bytes = b"", **more: str) -> str:
        """One request; what goes wrong is kept under these words."""
        environ = EnvironBuilder("/", method=method, query_string=query, input_stream=io.BytesIO(body))
        given = environ.get_environ()
        given |= {"PATH_INFO": path, "REQUEST_URI": path, "HTTP_COOKIE": self.cookie, **more}
        given.setdefault("CONTENT_LENGTH", str(len(body)))
        try:
            answer, status, _headers = run_wsgi_app(self.app, given, buffered=True)
        except Exception as fault:
            self.faults.append(
                f"{method} {path[:60]} {said[:60]!r}: {type(fault).__name__} {str(fault)[:120]}"
            )
            return ""
        if int(status.split()[0]) >= 500:
            self.faults.append(f"{method} {path[:60]} {said[:60]!r}: {status}")
        return b"".join(answer).decode("utf-8", "replace")

    def post(self, path: str, said: str, body: bytes, kind: str = FORM) -> None:
        """A POST with the right token, which reaches the act."""
        more = {"CONTENT_TYPE": kind, "HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_X_CSRFTOKEN": self.token}
        self.send("POST", path, said, body=body, **more)


quoted = cache(partial(quote, safe=""))


def encoded(names: list[str], value: str, **fixed: str) -> str:
    """All these names with one value."""
    pairs = {**dict.fromkeys(names, value), **fixed}
    return "&".join(f"{quoted(name)}={quoted(said)}" for name, said in pairs.items())


def parts(names: list[str], value: bytes) -> bytes:
    """The same as a form with files; every second one is a file."""
    whole = b""
    for number, name in enumerate(names):
        file = b'; filename="../\xff\x00.pdf"\r\nContent-Type: \xff' if number % 2 else b""
        whole += b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n' % (name.encode(), file)
        whole += value + b"\r\n"
    return whole + b"--b--\r\n"


def bodies(names: list[str], endpoint: str) -> Iterator[tuple[str, bytes, str]]:
    """What is posted: its name, its bytes, its type."""
    for value in VALUES:
        yield value, encoded(names, value).encode(), FORM
    fixed = BODIES.get(endpoint, {})
    for name in fixed:
        for value in ("\0", "²", "[", LONG):
            yield f"{name}={value}", encoded([], "", **{**fixed, name: value}).encode(), FORM
    for raw in (b"\xff\xfe=\xff", b"%", b"&&&=", b"a=%ff&f_title=%ed%a0%80", b"f_x=1&" * 20_000):
        yield repr(raw[:20]), raw, FORM
    multipart = "multipart/form-data"
    whole = parts(names, b"\x00\xff\xed\xa0\x80")
    yield "parts", whole, f"{multipart}; boundary=b"
    yield "no boundary", whole, multipart
    yield "empty boundary", whole, f'{multipart}; boundary=""'
    yield "odd boundary", whole, f"{multipart}; boundary=\xff{'x' * 300}"
    yield "cut", whole[:-20], f"{multipart}; boundary=b"
    yield (
        "no name",
        b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n",
        f"{multipart}; boundary=b",
    )
    yield "no header", b"--b\r\n\r\n\r\nx\r\n--b--\r\n", f"{multipart}; boundary=b"
    yield "json", b'{"a": [1, {"b": "\\ud800"}]}', "application/json"
    yield "odd type", b"\xff\x00", "\xff/\xff; charset=\xff"
    yield "odd charset", b"f_title=%b0", FORM + "; charset=nonsense"


def known_names() -> set[str]:
    """Every name that some view looks for."""
    return {
        name
        for view in (ROOT / "andu/views").rglob("*.py")
        for name in KNOWN.findall(view.read_text("utf-8"))
    } | {name for body in BODIES.values() for name in body}


@pytest.fixture(scope="module", params=["", "zhangsan", "wujiu"], ids=lambda name: name or "visitor")
def attacker(
    request: pytest.FixtureRequest,
    world: tuple[Path, dict[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Attacker, dict[str, str]]]:
    """Somebody, and the ids of what there is."""
    folder = tmp_path_factory.mktemp("attacked") / "instance"
    shutil.copytree(world[0], folder)
    with opened(folder) as app:
        yield Attacker(app, request.param), world[1]


def test_no_request_to_any_route_is_a_fault_of_ours(attacker: tuple[Attacker, dict[str, str]]) -> None:
    one, ids = attacker
    names = known_names()
    for endpoint in dict.fromkeys(row[1] for row in ROWS):
        path = path_of(one.app, endpoint, ids)
        for method in ("GET", "HEAD", "OPTIONS", "PUT"):
            names |= set(SHOWN.findall(one.send(method, path, method)))
    assert {"csrf_token", "username"} <= names
    fields = sorted(names - {"csrf_token"})
    for method, endpoint, _letters in ROWS:
        path = path_of(one.app, endpoint, ids)
        for headers in one.some(HEADERS):
            one.send(method, path, repr(headers), **headers)
        for query in one.some(RAW_QUERIES):
            one.send(method, path, query, query=query)
        if method == "GET":
            for value in one.some(VALUES):
                one.send("GET", path, value, query=encoded(fields, value))
    _post_everything(one, ids, fields)
    assert "\n".join(sorted(set(one.faults))) == ""


@pytest.mark.soak
def test_no_request_at_all_to_any_route_is_a_fault_of_ours(
    attacker: tuple[Attacker, dict[str, str]],
) -> None:
    attacker[0].all = True
    test_no_request_to_any_route_is_a_fault_of_ours(attacker)
    test_no_path_is_a_fault_of_ours(attacker)


def _post_everything(one: Attacker, ids: dict[str, str], fields: list[str]) -> None:
    for method, endpoint, _letters in ROWS:
        if method == "POST" and endpoint != "session.leave":
            path = path_of(one.app, endpoint, ids)
            for said, body, kind in one.some(list(bodies(fields, endpoint))):
                one.post(path, said, body, kind)


def test_no_path_is_a_fault_of_ours(attacker: tuple[Attacker, dict[str, str]]) -> None:
    one, _ids = attacker
    before = len(one.faults)
    for rule in one.app.url_map.iter_rules():
        for segment in one.some(SEGMENTS):
            path = re.sub(r"<[^>]+>", lambda _match, said=segment: said, rule.rule)  # type: ignore[misc]
            for method in ("GET", "POST"):
                one.send(method, path, segment, CONTENT_TYPE=FORM, HTTP_X_CSRFTOKEN=one.token)
    for path in ("", "//", "//x", "/\xff", "/\0", "*", "/.." * 50, "/static/\xff", "/static/..%2fapp.py"):
        one.send("GET", path, path)
    assert one.faults[before:] == []
