"""Signing in and out, and what becomes of typed text when a login expires."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.typing import ResponseReturnValue

from andu.clock import FixedClock
from andu.office.office import Office
from andu.office.writing import drafts
from andu.security import accounts
from tests.conftest import PASSWORD, People
from tests.office.conftest import Submit
from tests.views.conftest import SignedIn
from tests.views.page import Visitor

HALF_AN_HOUR = 31 * 60


def test_signing_in_leads_to_the_desk(visitor: Visitor) -> None:
    visitor.sign_in("zhangsan", PASSWORD)
    assert visitor.path == "/"
    assert "张三，示例一村" in visitor.text()


def test_signing_in_leads_to_the_page_that_was_asked_for(visitor: Visitor) -> None:
    visitor.get("/register?text=1")
    assert visitor.path == "/sign-in"
    visitor.post("/sign-in", {**visitor.filled("/sign-in"), "username": "zhangsan", "password": PASSWORD})
    assert visitor.path == "/register"


@pytest.mark.parametrize(
    "elsewhere", ["https://other.example/", "//other.example/", "/\\other.example", "/nothing"]
)
def test_signing_in_never_leads_elsewhere(visitor: Visitor, elsewhere: str) -> None:
    visitor.get("/sign-in")
    visitor.post("/sign-in", {"username": "zhangsan", "password": PASSWORD, "next": elsewhere})
    assert visitor.path == "/"


def test_an_unknown_name_and_a_wrong_password_get_one_answer(visitor: Visitor) -> None:
    answers = []
    for username in ("zhangsan", "nobody"):
        visitor.sign_in(username, "not-the-password")
        answers.append(visitor.text())
    assert visitor.path == "/sign-in"
    assert answers[0] == answers[1]


def test_signing_in_goes_on_under_a_new_token(visitor: Visitor) -> None:
    visitor.get("/sign-in")
    before = visitor.client.get_cookie("andu")
    visitor.post("/sign-in", {"username": "zhangsan", "password": PASSWORD})
    after = visitor.client.get_cookie("andu")
    assert before and after and before.value != after.value
    visitor.client.set_cookie("andu", before.value)
    assert visitor.get("/", follow=False).status_code == 302


def test_the_cookie_is_closed_to_scripts_and_other_sites(visitor: Visitor) -> None:
    cookie = visitor.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def everything(office: Office) -> dict[str, int]:
    """How many rows each table holds."""
    return {name: office.store.count(name) for name in office.store.tables()}


def test_visitors_write_nothing(app: Flask, office: Office) -> None:
    before = everything(office)
    for path in ("/sign-in", "/", "/session/alive", "/records/" + "x" * 8000, "/register?text=1", "/nothing"):
        for _visit in range(3):
            app.test_client().get(path)
        app.test_client().post(path)
    visitor = Visitor(app)
    visitor.get("/sign-in")
    visitor.get("/sign-in")
    visitor.client.post("/sign-in", data={"username": "zhangsan", "password": "not-the-password"})
    assert everything(office) == before


def test_the_token_of_one_visitor_serves_no_other(app: Flask) -> None:
    attacker, person = Visitor(app), Visitor(app)
    attacker.get("/sign-in")
    person.get("/sign-in")
    sent = {"username": "zhangsan", "password": PASSWORD}
    person.client.post("/sign-in", data={**sent, "csrf_token": attacker.token})
    assert person.client.get("/").status_code == 302
    person.client.post("/sign-in", data={**sent, "csrf_token": person.token})
    assert person.client.get("/").status_code == 200


def test_a_visitor_cannot_write_a_session_of_their_own(app: Flask) -> None:
    visitor = Visitor(app)
    visitor.get("/sign-in")
    cookie = visitor.client.get_cookie("andu")
    assert cookie is not None
    for forged in (
        cookie.value[:-1],
        "eyJfdXNlcl9pZCI6MX0." + cookie.value.split(".")[1],
        "x" * 4000,
        "é",
        ".",
    ):
        visitor.client.set_cookie("andu", forged)
        assert visitor.client.get("/").status_code == 302


def test_a_session_signed_out_of_leaves_no_row(signed_in: SignedIn, office: Office) -> None:
    visitor = signed_in("zhangsan")
    assert len(office.store.rows_where("session")) == 1
    visitor.post("/sign-out")
    assert "已退出" in visitor.page.text_content()
    assert office.store.rows_where("session") == []


def test_signing_out_ends_the_session(signed_in: SignedIn) -> None:
    visitor = signed_in("zhangsan")
    token = visitor.client.get_cookie("andu")
    visitor.post("/sign-out")
    assert token is not None
    visitor.client.set_cookie("andu", token.value)
    assert visitor.get("/session/alive").status_code == 401


def test_an_idle_session_ends_and_a_used_one_does_not(signed_in: SignedIn, clock: FixedClock) -> None:
    visitor = signed_in("zhangsan")
    for _minute in range(3):
        clock.advance(20 * 60)
        assert visitor.get("/session/alive").status_code == 200
    clock.advance(HALF_AN_HOUR)
    assert visitor.get("/session/alive").status_code == 401


def test_a_slow_page_takes_away_no_message_that_came_meanwhile(
    app: Flask, people: People, submit: Submit, signed_in: SignedIn
) -> None:
    record = submit(people.zhangsan, "clue_registration")
    li = signed_in("lisi")
    desk = app.view_functions["desk.show"]

    def slow_desk() -> ResponseReturnValue:
        page = desk()
        # before this page has left, another one gives a message to the next
        li.client.get(f"/records/{record.id}/sign", follow_redirects=False)
        return page

    app.view_functions["desk.show"] = slow_desk
    li.client.get("/")
    li.get(f"/records/{record.id}")
    assert "现在轮到“登记人”签字" in li.text()


def test_a_disabled_account_is_out_at_once(signed_in: SignedIn, office: Office, people: People) -> None:
    visitor = signed_in("zhangsan")
    accounts.disable(office.store, office.clock, people.wujiu, people.zhangsan.id)
    assert visitor.get("/session/alive").status_code == 401


def test_an_initial_password_opens_only_the_page_that_changes_it(
    app: Flask, office: Office, people: People
) -> None:
    accounts.set_password(office.store, office.clock, people.wujiu, people.zhangsan.id, "first-password")
    visitor = Visitor(app)
    visitor.sign_in("zhangsan", "first-password")
    assert visitor.path == "/password"
    visitor.get("/register")
    assert visitor.path == "/password"
    own = {"current": "first-password", "new": "my-own-password", "again": "my-own-password"}
    visitor.post("/password", own)
    assert visitor.path == "/"


def test_a_wrong_present_password_changes_nothing(signed_in: SignedIn, app: Flask) -> None:
    visitor = signed_in("zhangsan")
    visitor.get("/password")
    own = {"current": "not-the-password", "new": "my-own-password", "again": "my-own-password"}
    assert visitor.post("/password", own).status_code == 422
    assert "密码不正确" in visitor.text()
    visitor = Visitor(app)
    visitor.sign_in("zhangsan", PASSWORD)
    assert visitor.path == "/"


def test_an_expired_login_loses_nothing_that_was_typed(
    signed_in: SignedIn, office: Office, people: People, clock: FixedClock
) -> None:
    visitor = signed_in("zhangsan")
    draft = drafts.start(office, people.zhangsan, "official_notice")
    visitor.get(f"/drafts/{draft.id}")
    typed = {**visitor.filled(f"/drafts/{draft.id}"), "f_title": "关于<示例>的“通知”", "act": "save"}
    clock.advance(HALF_AN_HOUR)
    assert visitor.post(f"/drafts/{draft.id}", typed).status_code == 401
    assert "刚才填写的内容还在" in visitor.text()
    visitor.post("/sign-in", {**visitor.filled("/sign-in"), "username": "zhangsan", "password": PASSWORD})
    assert "刚才填写的内容还在" in visitor.text()
    visitor.post(f"/drafts/{draft.id}", visitor.filled(f"/drafts/{draft.id}"))
    assert drafts.get(office, people.zhangsan, draft.id).raw["f_title"] == ["关于<示例>的“通知”"]


def test_a_mistyped_password_on_the_way_back_loses_nothing_either(
    signed_in: SignedIn, office: Office, people: People, clock: FixedClock
) -> None:
    visitor = signed_in("zhangsan")
    draft = drafts.start(office, people.zhangsan, "official_notice")
    visitor.get(f"/drafts/{draft.id}")
    clock.advance(HALF_AN_HOUR)
    visitor.post(f"/drafts/{draft.id}", {"f_title": "第一行", "base_revision": "1"})
    for password in ("wrong-password", PASSWORD):
        visitor.post("/sign-in", {**visitor.filled("/sign-in"), "username": "zhangsan", "password": password})
    assert visitor.filled(f"/drafts/{draft.id}")["f_title"] == ["第一行"]


def test_the_next_person_at_that_desk_reads_nothing_of_what_was_typed(
    signed_in: SignedIn, office: Office, people: People, clock: FixedClock
) -> None:
    visitor = signed_in("zhangsan")
    draft = drafts.start(office, people.zhangsan, "clue_registration")
    visitor.get(f"/drafts/{draft.id}")
    clock.advance(HALF_AN_HOUR)
    typed = {"f_reporter_name": "举报人甲", "base_revision": "1"}
    response = visitor.post(f"/drafts/{draft.id}", typed)
    assert (response.status_code, "举报人甲" in response.text) == (401, False)
    response = visitor.post(
        "/sign-in", {**visitor.filled("/sign-in"), "username": "wangwu", "password": PASSWORD}
    )
    assert "举报人甲" not in response.text
    assert "没有交给您" in visitor.page.text_content()


def test_what_the_sign_in_page_carries_cannot_be_made_up(visitor: Visitor) -> None:
    visitor.get("/sign-in")
    forged = {"carried": "gAAAAA", "username": "zhangsan", "password": PASSWORD}
    visitor.post("/sign-in", forged)
    assert visitor.path == "/"


@pytest.mark.parametrize("carried", ["汉字", "gAAAAA汉字", "\n", "é" * 200, "\0", "gAAAAA=="])
def test_what_no_seal_could_be_is_taken_for_nothing(visitor: Visitor, carried: str) -> None:
    visitor.get("/sign-in")
    typed = {"carried": carried, "username": "zhangsan", "password": "wrong"}
    assert visitor.post("/sign-in", typed).status_code == 422
    visitor.post("/sign-in", {**typed, "password": PASSWORD})
    assert visitor.path == "/"


@pytest.mark.parametrize(
    "following", ["/register\r\nSet-Cookie: a=b", "/\n", "/register?text=\n", "/records/\r", "/\u2028", "/\0"]
)
def test_a_following_page_with_line_breaks_is_none(visitor: Visitor, following: str) -> None:
    assert visitor.get("/sign-in", query_string={"next": following}).status_code == 200
    assert visitor.filled("/sign-in").get("next", [""]) == [""]
    typed = {"next": following, "username": "zhangsan", "password": PASSWORD}
    answer = visitor.post("/sign-in", typed, follow=False)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_a_password_is_never_carried_through_the_sign_in_page(
    signed_in: SignedIn, people: People, clock: FixedClock
) -> None:
    visitor = signed_in("zhangsan")
    clock.advance(HALF_AN_HOUR)
    typed = {"opinion": "同意", "password": "my-secret-word", "whose": people.zhangsan.id}
    response = visitor.post("/records/some/sign", typed)
    assert "my-secret-word" not in response.text
    visitor.post("/sign-in", {**visitor.filled("/sign-in"), "username": "zhangsan", "password": PASSWORD})
    carried = visitor.filled("/records/some/sign")
    assert (carried["opinion"], "password" in carried) == (["同意"], False)


def test_a_page_from_before_the_last_sign_in_is_confirmed_once_more(
    app: Flask, signed_in: SignedIn, office: Office, people: People
) -> None:
    visitor = signed_in("zhangsan")
    draft = drafts.start(office, people.zhangsan, "official_notice")
    stale = {"csrf_token": visitor.token, "whose": people.zhangsan.id}
    visitor.sign_in("zhangsan", PASSWORD)
    response = visitor.post(f"/drafts/{draft.id}", {**stale, "f_title": "旧页", "base_revision": "1"})
    assert response.status_code == 400
    visitor.post(f"/drafts/{draft.id}", visitor.filled(f"/drafts/{draft.id}"))
    assert drafts.get(office, people.zhangsan, draft.id).raw["f_title"] == ["旧页"]


def test_scripts_are_told_of_an_expired_login_in_their_own_way(
    signed_in: SignedIn, office: Office, people: People, clock: FixedClock
) -> None:
    visitor = signed_in("zhangsan")
    draft = drafts.start(office, people.zhangsan, "official_notice")
    clock.advance(HALF_AN_HOUR)
    response = visitor.post(
        f"/drafts/{draft.id}/autosave", {"base_revision": "1"}, headers={"Accept": "application/json"}
    )
    assert (response.status_code, response.mimetype) == (401, "application/json")


def test_alive_names_the_account_and_gives_a_token_that_works(
    signed_in: SignedIn, office: Office, people: People
) -> None:
    visitor = signed_in("zhangsan")
    alive = visitor.get("/session/alive").json
    assert alive is not None
    assert alive["account"] == people.zhangsan.id
    response = visitor.post("/new/official_notice", {"csrf_token": alive["csrf_token"]})
    assert response.status_code == 200
    assert office.store.count("draft") == 1
