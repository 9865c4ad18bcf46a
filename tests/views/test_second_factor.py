"""Two steps at the door, turned on and off by oneself; where one is signed in, and out of everywhere else."""

from __future__ import annotations

import re

import pyotp
import pytest

from andu.clock import FixedClock
from andu.office.config import ConfigFault, parse_config
from andu.office.office import Office
from andu.security import accounts, second_factor
from andu.settings import Settings
from app import create_app
from tests.conftest import PASSWORD, People
from tests.views.page import Visitor


def at_the_door(settings: Settings, office: Office, code: str = "") -> Visitor:
    visitor = Visitor(create_app(settings, office))
    visitor.get("/sign-in")
    visitor.post("/sign-in", {"username": "zhaoliu", "password": PASSWORD, "code": code})
    return visitor


def test_from_the_qr_code_to_the_second_step_and_back(
    settings: Settings, office: Office, people: People, clock: FixedClock
) -> None:
    me = at_the_door(settings, office)
    me.get("/my-sign-ins")
    me.post("/my-sign-ins/begin", {"password": "another-password"})
    assert "密钥：" not in me.text()
    me.post("/my-sign-ins/begin", {"password": PASSWORD})
    assert me.page.xpath("//img[starts-with(@src, 'data:image/png')]")
    (secret,) = re.findall(r"密钥：([A-Z2-7]{32})", me.text())
    me.post("/my-sign-ins/on", {"code": "12345"})
    assert "这个码不正确" in me.text()
    me.post("/my-sign-ins/on", {"code": pyotp.TOTP(secret).at(clock.now())})
    paper = re.findall(r"(?:[2-9A-Z]{4}-){2}[2-9A-Z]{4}", me.text())
    assert len(paper) == 10
    me.get("/my-sign-ins")
    assert secret not in me.text() and "备用码还剩 10 个" in me.text()
    clock.advance(30)
    assert "动态码" in at_the_door(settings, office).text()
    assert at_the_door(settings, office, pyotp.TOTP(secret).at(clock.now())).path == "/"
    assert at_the_door(settings, office, paper[0]).path == "/"
    me.get("/my-sign-ins")
    me.post("/my-sign-ins/off", {"password": PASSWORD})
    assert at_the_door(settings, office).path == "/"


def test_every_other_sign_in_is_ended(settings: Settings, office: Office) -> None:
    here, elsewhere = at_the_door(settings, office), at_the_door(settings, office)
    here.get("/my-sign-ins")
    assert here.text().count("登录，") == 2 and here.text().count("就是这里") == 1
    here.post("/my-sign-ins/end-others")
    assert "已退出别处的 1 个登录" in here.text()
    assert here.get("/").request.path == "/" and elsewhere.get("/").request.path == "/sign-in"


def test_where_the_admin_turns_it_off_what_is_sealed_waits(
    settings: Settings, office: Office, people: People, clock: FixedClock
) -> None:
    me = at_the_door(settings, office)
    me.get("/my-sign-ins")
    me.post("/my-sign-ins/begin", {"password": PASSWORD})
    (secret,) = re.findall(r"密钥：([A-Z2-7]{32})", me.text())
    me.post("/my-sign-ins/on", {"code": pyotp.TOTP(secret).at(clock.now())})
    admin = Visitor(create_app(settings, office))
    admin.sign_in("wujiu", PASSWORD)
    admin.get(f"/accounts/{people.zhaoliu.id}")
    admin.post(f"/accounts/{people.zhaoliu.id}/second-factor")
    assert at_the_door(settings, office).path == "/"
    now = accounts.get(office.store, people.zhaoliu.id)
    assert now and now.is_waiting and not now.is_confirmed


def asked_of(whom: str, settings: Settings, office: Office) -> None:
    """The admin sets of whom the office asks a code."""
    admin = Visitor(create_app(settings, office))
    admin.sign_in("wujiu", PASSWORD)
    admin.get("/settings")
    admin.post("/settings/second-factor", {"second-factor": whom})


HANDLERS, EVERYBODY = ["zhaoliu", "wujiu"], ["zhangsan", "zhaoliu", "wujiu", "heshi"]


@pytest.mark.parametrize(("whom", "asked"), [("handlers", HANDLERS), ("all", EVERYBODY)])
def test_of_whom_the_office_asks_it_they_set_it_up_before_anything_else(
    whom: str, asked: list[str], settings: Settings, office: Office, clock: FixedClock
) -> None:
    asked_of(whom, settings, office)
    app = create_app(settings, office)
    for username in ("zhangsan", "zhaoliu", "wujiu", "heshi"):
        visitor = Visitor(app)
        visitor.sign_in(username, PASSWORD)
        assert (visitor.path == "/my-sign-ins") is (username in asked), username
        for path in ("/", "/settings", "/register", "/figures"):
            assert (visitor.client.get(path).location == "/my-sign-ins") is (username in asked), path
    me = Visitor(app)
    me.sign_in("zhaoliu", PASSWORD)
    assert "设好以前，别的都打不开" in me.text()
    me.post("/my-sign-ins/begin", {"password": PASSWORD})
    (secret,) = re.findall(r"密钥：([A-Z2-7]{32})", me.text())
    me.post("/my-sign-ins/on", {"code": pyotp.TOTP(secret).at(clock.now())})
    me.get("/")
    assert me.path == "/"
    me.get("/my-sign-ins")
    assert "停用两步登录" not in me.text()
    me.post("/my-sign-ins/off", {"password": PASSWORD})
    assert "不能停用" in me.text() and second_factor.is_on(office.store, account_of(office, "zhaoliu"))


def account_of(office: Office, username: str) -> str:
    return next(one.id for one in accounts.all(office.store) if one.username == username)


def test_what_was_typed_when_the_office_began_to_ask_is_not_lost(settings: Settings, office: Office) -> None:
    app = create_app(settings, office)
    me, admin = Visitor(app), Visitor(app)
    me.sign_in("zhaoliu", PASSWORD)
    admin.sign_in("wujiu", PASSWORD)
    admin.get("/settings")
    admin.post("/settings/second-factor", {"second-factor": "handlers"})
    answer = me.post("/new/completion_report", {"f_note": "打到一半"})
    assert answer.status_code == 403 and "设两步登录" in me.text()
    assert me.page.xpath("//input[@name = 'f_note' and @value = '打到一半']")


def test_an_office_file_names_whom_it_asks() -> None:
    with pytest.raises(ConfigFault) as fault:
        parse_config("name: 甲\nissuer: 甲\nprinter: 乙\nsecond_factor: handler\n", "office.yaml")
    assert str(fault.value).startswith("office.yaml:4") and "是否应为“handlers”" in str(fault.value)
