"""The page of one's own tokens: made with the password, shown once, taken back."""

from __future__ import annotations

import re

from andu.office.office import Office
from andu.security import programs
from tests.conftest import PASSWORD
from tests.views.conftest import SignedIn

SECRET = re.compile(r"andu_[A-Za-z0-9_-]{43}")


def test_a_token_is_shown_once_and_works_until_it_is_taken_back(signed_in: SignedIn, office: Office) -> None:
    visitor = signed_in("zhangsan")
    visitor.get("/tokens/")
    asked = {"purpose": "月报取数", "uses": ["see", "fill"], "days": "90", "password": PASSWORD}
    assert visitor.post("/tokens/", asked).status_code == 200
    (secret,) = SECRET.findall(visitor.text())
    held = programs.holder(office.store, office.clock, secret)
    assert held is not None and held.username == "zhangsan"
    visitor.get("/tokens/")
    assert "月报取数" in visitor.text() and not SECRET.search(visitor.text())
    token = office.store.rows_where("token")[0]["id"]
    visitor.post(f"/tokens/{token}/revoke", {})
    assert "已作废" in visitor.text()
    assert programs.holder(office.store, office.clock, secret) is None


def test_no_token_without_the_password(signed_in: SignedIn, office: Office) -> None:
    visitor = signed_in("zhangsan")
    visitor.get("/tokens/")
    asked = {"purpose": "月报取数", "uses": ["see"], "days": "90", "password": "wrong"}
    assert visitor.post("/tokens/", asked).status_code == 422
    assert office.store.rows_where("token") == []


def test_the_admin_is_offered_none(signed_in: SignedIn, office: Office) -> None:
    visitor = signed_in("wujiu")
    visitor.get("/tokens/")
    assert not visitor.page.xpath("//input[@name = 'uses']")
    asked = {"purpose": "月报取数", "uses": ["see"], "days": "90", "password": PASSWORD}
    assert visitor.post("/tokens/", asked).status_code == 403
    assert office.store.rows_where("token") == []
