from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from andu.clock import FixedClock
from andu.security import accounts, audit, sessions
from andu.security.accounts import Account, AccountRefused
from andu.security.passwords import PasswordRefused
from andu.store import Store

PASSWORD = "示例密码2026年!"  # what `make` gives everybody
Make = Callable[..., Account]

NEW = "另一个密码2027?"


def last_event(store: Store) -> audit.Entry:
    return audit.recent(store, limit=1)[0]


def test_new_account_must_change_its_password_unless_told_otherwise(make: Make) -> None:
    assert make("zhangsan").must_change
    assert not make("lisi", must_change=False).must_change


def test_account_is_found_by_id_and_by_name_however_typed(store: Store, make: Make) -> None:
    account = make("ZhangSan", roles=["head", "clerk"], post="村联络员")
    assert accounts.get(store, account.id) == account
    assert accounts.by_username(store, " ｚｈａｎｇｓａｎ　") == account
    assert accounts.by_username(store, "lisi") is None
    assert (account.unit_name, account.roles, account.post) == ("示例一村", ("clerk", "head"), "村联络员")


def test_accounts_come_by_unit_and_name_disabled_ones_too(
    store: Store, clock: FixedClock, make: Make
) -> None:
    make("zhaoliu", unit_id="shb")
    make("zhangsan")
    accounts.disable(store, clock, None, make("lisi").id)
    assert [account.username for account in accounts.all(store)] == ["lisi", "zhangsan", "zhaoliu"]


def test_flask_login_can_use_an_account_as_its_user(store: Store, clock: FixedClock, make: Make) -> None:
    account = make()
    assert account.is_authenticated and account.is_active and not account.is_anonymous
    assert account.get_id() == account.id
    accounts.disable(store, clock, None, account.id)
    disabled = accounts.get(store, account.id)
    assert disabled and not disabled.is_active and not disabled.is_authenticated


def test_neither_hash_nor_phone_shows_in_the_text_of_an_account(store: Store, make: Make) -> None:
    account = make(phone="13800000000")
    row = store.get("account", account.id)
    assert row and row["password_hash"].startswith("$argon2id$")
    assert "argon2" not in repr(account) + repr(vars(account))
    assert "13800000000" not in repr(account)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"username": "z"}, "用户名须为"),
        ({"username": "zhang san"}, "用户名须为"),
        ({"username": "LISI"}, "已经有人用了"),
        ({"name": " "}, "请填写姓名"),
        ({"unit_id": "nowhere"}, "没有“nowhere”这个单位"),
        ({"roles": []}, "至少选择一个角色"),
        ({"roles": ["emperor"]}, "没有“emperor”这个角色"),
    ],
)
def test_faulty_account_is_refused_with_the_reason(
    store: Store, make: Make, said: dict[str, Any], why: str
) -> None:
    make("lisi")
    with pytest.raises(AccountRefused, match=why):
        make(**said)
    assert len(accounts.all(store)) == 1


def test_weak_first_password_is_refused(store: Store, make: Make) -> None:
    with pytest.raises(PasswordRefused):
        make(password="short")
    assert accounts.all(store) == []


def test_making_an_account_is_audited_in_its_unit_without_the_password(store: Store, make: Make) -> None:
    account = make(roles=["clerk", "head"])
    event = last_event(store)
    assert (event.chain, event.event, event.actor_id) == ("cun1", "account_created", None)
    assert event.data == {"account": account.id, "roles": ["clerk", "head"]}


def test_own_new_password_ends_all_other_sessions(store: Store, clock: FixedClock, make: Make) -> None:
    account, other = make("zhangsan"), make("lisi")
    here, elsewhere = sessions.open(store, clock, account.id), sessions.open(store, clock, account.id)
    others = sessions.open(store, clock, other.id)
    accounts.set_password(store, clock, account, account.id, NEW, keep=here)
    assert sessions.load(store, clock, here)
    assert sessions.load(store, clock, others)
    assert sessions.load(store, clock, elsewhere) is None


def test_own_new_password_need_not_be_changed_again(store: Store, clock: FixedClock, make: Make) -> None:
    account = make()
    accounts.set_password(store, clock, account, account.id, NEW)
    changed = accounts.get(store, account.id)
    assert changed and not changed.must_change
    assert accounts.knows_password(store, changed, NEW)
    assert not accounts.knows_password(store, changed, PASSWORD)
    assert (last_event(store).event, last_event(store).actor_id) == ("password_changed", account.id)


def test_own_new_password_must_be_another_one(store: Store, clock: FixedClock, make: Make) -> None:
    account = make()
    with pytest.raises(PasswordRefused, match="不能与原密码相同"):
        accounts.set_password(store, clock, account, account.id, PASSWORD)


def test_password_set_by_admin_ends_every_session_and_must_be_changed(
    store: Store, clock: FixedClock, make: Make
) -> None:
    account, admin = make("zhangsan", must_change=False), make("wujiu", roles=["admin"])
    token = sessions.open(store, clock, account.id)
    accounts.set_password(store, clock, admin, account.id, NEW, keep=token)
    changed = accounts.get(store, account.id)
    assert changed and changed.must_change
    assert sessions.load(store, clock, token) is None
    assert last_event(store).actor_id == admin.id


def test_weak_new_password_changes_nothing(store: Store, clock: FixedClock, make: Make) -> None:
    account = make()
    with pytest.raises(PasswordRefused):
        accounts.set_password(store, clock, account, account.id, "short")
    assert accounts.knows_password(store, account, PASSWORD)


def test_disabling_and_other_roles_and_another_unit_end_the_sessions(
    store: Store, clock: FixedClock, make: Make
) -> None:
    admin = make("wujiu", roles=["admin"])
    account = make()

    def is_ended_by(change: Any, *args: Any, **said: Any) -> bool:
        token = sessions.open(store, clock, account.id)
        change(store, clock, admin, account.id, *args, **said)
        return sessions.load(store, clock, token) is None

    assert is_ended_by(accounts.change_roles, ["clerk", "head"])
    assert is_ended_by(accounts.change_details, name="张三", unit_id="shb", post="", phone="")
    assert is_ended_by(accounts.disable)
    accounts.enable(store, clock, admin, account.id)
    assert not is_ended_by(accounts.change_details, name="张三丰", unit_id="shb", post="", phone="1")


def test_each_change_is_audited_but_the_phone_is_not_told(
    store: Store, clock: FixedClock, make: Make
) -> None:
    account = make()
    accounts.change_details(
        store, clock, None, account.id, name="张三", unit_id="cun1", post="支书", phone="138"
    )
    assert last_event(store).data == {"account": account.id, "changes": {"post": "支书", "phone": "…"}}
    accounts.change_roles(store, clock, None, account.id, ["head"])
    assert last_event(store).data["changes"] == {"roles": '["head"]'}


def test_change_that_changes_nothing_leaves_no_event(store: Store, clock: FixedClock, make: Make) -> None:
    account = make()
    accounts.change_roles(store, clock, None, account.id, ["clerk"])
    assert last_event(store).event == "account_created"


def test_nobody_changes_her_own_roles(store: Store, clock: FixedClock, make: Make) -> None:
    admin = make("wujiu", roles=["admin"])
    with pytest.raises(AccountRefused, match="不能修改自己的角色"):
        accounts.change_roles(store, clock, admin, admin.id, ["admin", "director"])


def test_last_admin_can_be_neither_disabled_nor_made_another(
    store: Store, clock: FixedClock, make: Make
) -> None:
    admin, second = make("wujiu", roles=["admin"]), make("shiba", roles=["admin"])
    accounts.disable(store, clock, None, second.id)
    with pytest.raises(AccountRefused, match="至少要保留一位"):
        accounts.disable(store, clock, None, admin.id)
    with pytest.raises(AccountRefused, match="至少要保留一位"):
        accounts.change_roles(store, clock, None, admin.id, ["clerk"])
    assert accounts.get(store, admin.id) == admin


def test_unknown_account_cannot_be_changed(store: Store, clock: FixedClock) -> None:
    for change in (accounts.disable, accounts.enable):
        with pytest.raises(KeyError):
            change(store, clock, None, "nobody")
