"""What surrounds every answer, and who may make a browser act."""

from __future__ import annotations

import pytest
from flask import Flask

from andu.office.office import Office
from andu.settings import Settings
from app import create_app
from tests.conftest import PASSWORD, People
from tests.views.conftest import SignedIn
from tests.views.page import Visitor

PAGES = ["/sign-in", "/", "/register", "/nothing", "/static/css/andu.css", "/static/js/andu.js"]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers(visitor: Visitor, path: str) -> None:
    with visitor.client.get(path) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_are_kept_by_nobody(visitor: Visitor) -> None:
    assert visitor.get("/sign-in").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 302),
        ({"Sec-Fetch-Site": "none"}, 302),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://localhost"}, 302),
        ({"Origin": "http://localhost:81"}, 403),
        ({"Origin": "https://other.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Origin": "http://\u00e9\u00ff"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({}, 302),
    ],
)
def test_only_our_own_pages_can_act(visitor: Visitor, headers: dict[str, str], status: int) -> None:
    visitor.get("/sign-in")
    sent = {"csrf_token": visitor.token, "username": "zhangsan", "password": PASSWORD}
    assert visitor.client.post("/sign-in", data=sent, headers=headers).status_code == status


def test_what_another_site_posts_is_never_carried_through_the_sign_in_page(visitor: Visitor) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://other.example"}):
        answer = visitor.client.post("/drafts/some", data={"f_title": "planted"}, headers=headers)
        assert answer.status_code == 403
        assert "planted" not in answer.text


def test_a_post_without_a_token_does_nothing(signed_in: SignedIn, office: Office, people: People) -> None:
    visitor = signed_in("zhangsan")
    answer = visitor.client.post("/new/official_notice", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 400
    assert office.store.rows_where("draft") == []


def test_over_https_the_cookie_is_bound_to_the_host(settings: Settings, office: Office) -> None:
    from dataclasses import replace

    secure = replace(office, settings=replace(settings, https=True))
    cookie = create_app(secure.settings, secure).test_client().get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("__Host-andu=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_an_unforeseen_fault_shows_an_id_and_nothing_else(
    signed_in: SignedIn, app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = signed_in("zhangsan")
    app.testing = False

    def fail(*_any: object) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr("andu.office.records.recent", fail)
    answer = visitor.get("/")
    assert answer.status_code == 500
    assert "inside" not in answer.text
    (record,) = [one for one in caplog.records if one.name == "andu"]
    assert str(record.args[0]) in visitor.text()  # type: ignore[index]


def test_too_much_is_refused_in_words(signed_in: SignedIn, app: Flask) -> None:
    visitor = signed_in("zhangsan")
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = visitor.post("/new/official_notice", {"f_text": "x" * 2000})
    assert answer.status_code == 413
    assert "60 MB" in visitor.text()
