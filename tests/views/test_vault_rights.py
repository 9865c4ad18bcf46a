"""An admin alone reads no reporter, whatever they change; a second person, or the paper, opens what waits."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from andu import cli
from andu.office.office import Office
from andu.office.records import Record
from andu.office.writing import drafts
from andu.security import accounts, audit, vault_rights
from andu.settings import Settings
from app import create_app
from tests.conftest import PASSWORD, People
from tests.office.conftest import Submit
from tests.views.page import Visitor

NAME, NEW, OWN = "保密姓名甲", "set-by-the-admin-1", "their-own-password-1"
WHY = {"reason": "当面核实本人", "password": PASSWORD}


@pytest.fixture
def clue(people: People, submit: Submit) -> Record:
    return submit(people.zhangsan, "clue_registration", reporter_name=NAME)


class Someone(Visitor):
    """A visitor who is signed in, and looks at the reporter of a clue."""

    def __init__(self, settings: Settings, office: Office, name: str, password: str = PASSWORD) -> None:
        super().__init__(create_app(settings, office))
        self.password = password
        self.sign_in(name, password)

    def sees(self, record: Record) -> bool:
        if self.get(f"/records/{record.id}/confidential").status_code != 200:
            return False
        self.post(f"/records/{record.id}/confidential", {"reason": "核查需要", "password": self.password})
        return NAME in self.text()


def reset(settings: Settings, office: Office, account_id: str, name: str) -> Someone:
    """The admin sets the password of somebody, signs in as them, and sets an own one."""
    admin = Someone(settings, office, "wujiu")
    admin.get(f"/accounts/{account_id}")
    admin.post(f"/accounts/{account_id}/password", {"password": NEW})
    stolen = Someone(settings, office, name, NEW)
    stolen.post("/password", {"current": NEW, "new": OWN, "again": OWN})
    stolen.password = OWN
    return stolen


def test_a_director_reset_by_the_admin_waits_until_another_confirms(
    settings: Settings, office: Office, people: People, clue: Record
) -> None:
    assert Someone(settings, office, "zhaoliu").sees(clue)
    admin = Someone(settings, office, "wujiu")
    admin.get(f"/accounts/{people.zhaoliu.id}")
    assert "“等待恢复”" in admin.text() and "现有 1 份" in admin.text()
    stolen = reset(settings, office, people.zhaoliu.id, "zhaoliu")
    assert not stolen.sees(clue)
    stolen.get("/vault")
    assert "等待恢复" in stolen.text()
    other = Someone(settings, office, "chushisi")
    assert "赵六" in other.text() and "等您确认" in other.text()
    other.get(f"/vault/{people.zhaoliu.id}")
    for wrong in ({**WHY, "reason": "。"}, {**WHY, "password": "another-password"}):
        other.post(f"/vault/{people.zhaoliu.id}", wrong)
        assert not stolen.sees(clue)
    other.post(f"/vault/{people.zhaoliu.id}", WHY)
    assert stolen.sees(clue)
    assert [
        one.data["reason"] for one in audit.recent(office.store, "office") if "confirmed" in one.event
    ] == ["当面核实本人"]


def test_a_director_made_by_the_admin_waits(
    settings: Settings, office: Office, people: People, clue: Record
) -> None:
    accounts.create(
        office.store, office.clock, people.wujiu, username="mudoush", name="木偶", unit_id="shb",
        roles=["director"], password=PASSWORD,
    )  # fmt: skip
    puppet = Someone(settings, office, "mudoush")
    puppet.post("/password", {"current": PASSWORD, "new": OWN, "again": OWN})
    puppet.password = OWN
    assert not puppet.sees(clue)
    assert puppet.get(f"/vault/{people.zhaoliu.id}").status_code == 403  # nor can it confirm anybody


def test_an_admin_who_gets_the_role_from_a_second_admin_waits(
    settings: Settings, office: Office, people: People, clue: Record
) -> None:
    second = accounts.create(
        office.store, office.clock, people.wujiu, username="guanli", name="管二", unit_id="shb",
        roles=["admin"], password=PASSWORD, must_change=False,
    )  # fmt: skip
    accounts.change_roles(office.store, office.clock, second, people.wujiu.id, ["admin", "director"])
    assert not Someone(settings, office, "wujiu").sees(clue)


def test_who_wrote_it_down_and_was_reset_sees_it_no_more_until_confirmed(
    settings: Settings, office: Office, people: People, clue: Record, submit: Submit
) -> None:
    assert Someone(settings, office, "zhangsan").sees(clue)
    stolen = reset(settings, office, people.zhangsan.id, "zhangsan")
    assert not stolen.sees(clue)
    zhangsan = accounts.get(office.store, people.zhangsan.id)
    assert zhangsan and not drafts.sees_confidential(zhangsan, zhangsan.id)
    other = Someone(settings, office, "zhaoliu")
    other.get(f"/vault/{people.zhangsan.id}")
    other.post(f"/vault/{people.zhangsan.id}", WHY)
    assert stolen.sees(clue)


def test_the_code_on_paper_brings_the_right_back(
    settings: Settings, office: Office, people: People, clue: Record
) -> None:
    director = Someone(settings, office, "zhaoliu")
    director.get("/vault")
    director.post("/vault/code", {"password": PASSWORD})
    (code,) = re.findall(r"(?:[2-9A-Z]{4}-){5}[2-9A-Z]{4}", director.text())
    director.post("/vault/code/typed", {"code": "ABCD" * 6})
    assert "这个码不正确" in director.text()
    director.post("/vault/code/typed", {"code": code.lower().replace("-", " ")})
    assert "恢复码核对无误" in director.text() and code not in director.text()
    stolen = reset(settings, office, people.zhaoliu.id, "zhaoliu")
    stolen.get("/vault")
    for wrong in ({"code": "ABCD" * 6, "password": OWN}, {"code": code, "password": NEW}):
        stolen.post("/vault/code/typed", wrong)
        assert not stolen.sees(clue)
    stolen.get("/vault")
    stolen.post("/vault/code/typed", {"code": code, "password": OWN})
    assert stolen.sees(clue)
    again = Someone(settings, office, "zhaoliu", OWN)  # the password of today opens the key from now on
    assert again.sees(clue)
    again.post("/password", {"current": OWN, "new": PASSWORD, "again": PASSWORD})
    assert Someone(settings, office, "zhaoliu").sees(clue)


def test_the_last_who_can_open_is_not_shut_or_robbed_of_the_role(
    settings: Settings, office: Office, people: People, clue: Record
) -> None:
    holders = [one for one in people.values() if one.is_confirmed and one.id != people.zhaoliu.id]
    for one in holders:
        accounts.change_roles(office.store, office.clock, people.wujiu, one.id, ["clerk"])
    for act in (
        lambda: accounts.disable(office.store, office.clock, people.wujiu, people.zhaoliu.id),
        lambda: accounts.change_roles(office.store, office.clock, people.wujiu, people.zhaoliu.id, ["head"]),
    ):
        with pytest.raises(
            accounts.AccountRefused, match="赵六是最后一位能打开举报人信息的同志（现有 1 份）"
        ):
            act()
    assert Someone(settings, office, "zhaoliu").sees(clue)
    admin = Someone(settings, office, "wujiu")
    admin.get(f"/accounts/{people.zhaoliu.id}")
    assert "现在没有别人能确认" in admin.text()


def test_whoever_resets_everybody_makes_no_first_one(
    settings: Settings, office: Office, people: People, clue: Record
) -> None:
    """All who could open it wait; a new director is not the first of an office, and the last stays."""
    for one in people.values():
        if one.is_confirmed:
            accounts.set_password(office.store, office.clock, people.wujiu, one.id, NEW)
    puppet = accounts.create(
        office.store, office.clock, people.wujiu, username="mudoush", name="木偶", unit_id="shb",
        roles=["director"], password=PASSWORD,
    )  # fmt: skip
    assert not puppet.is_confirmed
    with pytest.raises(accounts.AccountRefused, match="最后一位"):
        accounts.disable(office.store, office.clock, people.wujiu, people.zhaoliu.id)


def test_the_machine_confirms_only_where_nobody_is_left(
    settings: Settings, office: Office, people: People, clue: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANDU_INSTANCE", str(settings.instance))
    words = ["vault", "confirm", "zhaoliu", "--reason", "原来的两位都已调离"]
    reset(settings, office, people.zhaoliu.id, "zhaoliu")
    assert "还有人持有" in CliRunner().invoke(cli.main, words).output
    for one in people.values():
        if one.is_confirmed:
            accounts.set_password(office.store, office.clock, people.wujiu, one.id, NEW)
    assert "已确认" in CliRunner().invoke(cli.main, words).output
    again = accounts.get(office.store, people.zhaoliu.id)
    assert again and again.is_confirmed


def test_an_account_that_was_shut_comes_back_waiting(office: Office, people: People) -> None:
    accounts.disable(office.store, office.clock, people.wujiu, people.zhaoliu.id)
    accounts.enable(office.store, office.clock, people.wujiu, people.zhaoliu.id)
    back = accounts.get(office.store, people.zhaoliu.id)
    assert back and back.is_waiting and not back.is_confirmed


def test_an_upgraded_office_goes_on_as_it_was(people: People) -> None:
    assert {one.username for one in people.values() if one.is_confirmed} == {
        one.username for one in people.values() if {"director", "custodian"} & set(one.roles)
    }


def test_whoever_alone_opens_a_case_goes_only_when_somebody_else_does(
    settings: Settings, office: Office, people: People, submit: Submit
) -> None:
    """The other who holds the right has never signed in, so has no key: nothing could be sealed to them."""
    accounts.change_roles(office.store, office.clock, people.wujiu, people.chushisi.id, ["clerk"])
    submit(people.zhangsan, "clue_registration", reporter_name=NAME)
    accounts.create(
        office.store, office.clock, people.wujiu, username="xinren", name="新人", unit_id="shb",
        roles=["custodian"], password=PASSWORD,
    )  # fmt: skip
    new = accounts.by_username(office.store, "xinren")
    assert new
    director = Someone(settings, office, "zhaoliu")
    director.get(f"/vault/{new.id}")
    director.post(f"/vault/{new.id}", WHY)
    assert "还没有用自己的密码登录过" in director.text()
    someone = Someone(settings, office, "xinren")
    someone.post("/password", {"current": PASSWORD, "new": OWN, "again": OWN})
    (code,) = re.findall(r"(?:[2-9A-Z]{4}-){5}[2-9A-Z]{4}", someone.text())
    someone.post("/vault/code/typed", {"code": code})  # typed back at once, off the paper
    assert "恢复码核对无误" in someone.text()
    with office.store.write():  # confirmed, but what was sealed before has not reached them
        vault_rights.give(office.store, office.clock, people.zhaoliu.id, new.id, new.roles)
    admin = Someone(settings, office, "wujiu")
    admin.get(f"/accounts/{people.zhaoliu.id}")
    assert "其中 1 个案卷只有这位同志一人打得开" in admin.text()
    for act in (
        lambda: accounts.disable(office.store, office.clock, people.wujiu, people.zhaoliu.id),
        lambda: accounts.change_roles(office.store, office.clock, people.wujiu, people.zhaoliu.id, ["head"]),
    ):
        with pytest.raises(
            accounts.AccountRefused, match="有 1 个案卷的举报人信息只有赵六打得开。请先让新人"
        ):
            act()
    Someone(settings, office, "zhaoliu")  # signs in: what the other may open is sealed to them
    accounts.disable(office.store, office.clock, people.wujiu, people.zhaoliu.id)
    assert office.store.count("case_key", "is_open = 1") == 0  # what comes is sealed under a next key
    again = submit(people.zhangsan, "clue_registration", reporter_name=NAME)
    someone.password = OWN
    assert someone.sees(again)
    assert not office.store.count(
        "case_envelope", "case_id = ? AND holder = ?", [again.id, people.zhaoliu.id]
    )
