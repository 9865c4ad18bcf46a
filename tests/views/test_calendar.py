"""The feed of deadlines: number and kind, for whoever has the address, until it is taken back."""

from __future__ import annotations

import re

from flask import Flask
from icalendar import Calendar

from andu.office.office import Office
from andu.security import accounts
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit
from tests.views.conftest import SignedIn

ADDRESS = re.compile(r"/calendar/andu_[A-Za-z0-9_-]{43}\.ics")
NAME, MATTER = "李某某（示例举报人）", "反映示例一村的一件事情经过"


def test_a_calendar_shows_what_is_due_and_no_more(
    signed_in: SignedIn, app: Flask, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = submit(people.zhangsan, "clue_registration", reporter_name=NAME, summary=MATTER)
    sign(people.lisi, sign(people.zhangsan, clue))
    visitor = signed_in("zhangsan")
    visitor.get("/tokens/")
    visitor.post(
        "/tokens/", {"purpose": "手机日历", "uses": ["calendar"], "days": "90", "password": PASSWORD}
    )
    (address,) = ADDRESS.findall(visitor.text())
    answer = app.test_client(use_cookies=False).get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    due = office.store.rows_where("deadline", "record_id = ?", [clue.id])
    number = office.store.rows_where("register", "record_id = ?", [clue.id])[0]["number"]
    assert {str(event["uid"]) for event in events} >= {f"{row['id']}@andu" for row in due}
    assert any(number in str(event["summary"]) for event in events)
    assert MATTER not in answer.text and NAME not in answer.text and "张三" not in answer.text
    token = office.store.rows_where("token")[0]["id"]
    visitor.post(f"/tokens/{token}/revoke", {})
    assert app.test_client().get(address).status_code == 404


def test_no_other_address_opens_a_calendar(signed_in: SignedIn, app: Flask) -> None:
    visitor = signed_in("zhangsan")
    visitor.get("/tokens/")
    visitor.post("/tokens/", {"purpose": "取数", "uses": ["see"], "days": "90", "password": PASSWORD})
    (secret,) = re.findall(r"andu_[A-Za-z0-9_-]{43}", visitor.text())
    for address in (secret, "andu_" + "a" * 43, "x"):
        assert app.test_client().get(f"/calendar/{address}.ics").status_code == 404


def test_the_calendar_of_somebody_shut_is_empty_for_good(
    signed_in: SignedIn, app: Flask, office: Office, people: People
) -> None:
    visitor = signed_in("zhangsan")
    visitor.get("/tokens/")
    visitor.post(
        "/tokens/", {"purpose": "手机日历", "uses": ["calendar"], "days": "90", "password": PASSWORD}
    )
    (address,) = ADDRESS.findall(visitor.text())
    accounts.disable(office.store, office.clock, None, people.zhangsan.id)
    assert app.test_client().get(address).status_code == 404
