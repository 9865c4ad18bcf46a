"""Accounts: the people who sign in, with their unit, post and roles. Owns table ``account``.

Called by sign-in, the admin's screens and the commands. An ``Account`` is the acting person everywhere
and never carries the password's hash. Every change is audited in its own transaction, in the chain of
the account's unit, and whatever takes rights away ends the account's sessions and tokens with it. ``by`` is
the admin who acts, and anybody else gets ``NotAllowed``; ``None`` stands for the commands and the first
set-up.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from andu.clock import Clock, stamp
from andu.security import audit, case_keys, key_pairs, passwords, sessions, tokens, units, vault_rights
from andu.security.envelopes import OwnKey
from andu.security.events import Events
from andu.security.permissions import MAY, Limit, acts_of, require
from andu.store import Store, new_id, verbs

_USERNAME = re.compile(r"[\w.-]{2,32}")
_MERGED = (
    "SELECT id FROM unit AS former WHERE former.merged_into <> ''"
    " AND former.merged_into = account.unit_id ORDER BY id"
)
_SELECT = (
    f"SELECT account.*, unit.name AS unit_name, {verbs.listed('id', _MERGED)} AS merged,"
    " (SELECT state FROM vault_right WHERE account_id = account.id) AS vault"
    " FROM account JOIN unit ON unit.id = account.unit_id"
)


class AccountRefused(ValueError):
    """The account cannot be made or changed like this; the Chinese message says why."""


@dataclass(frozen=True)
class Account:
    """A person who may sign in; what Flask-Login calls the user. ``roles`` are keys of ``MAY``.

    ``is_confirmed``: holds the right to open what is sealed; ``is_waiting``: sees not even what they sealed
    themselves (``vault_rights``). ``merged`` are the units that were merged into the person's: what is left
    to do of theirs is done here. ``limit``: it is a program that acts, with a token of this person. ``key``:
    the private key of whoever is signed in, while they are (``key_pairs``).
    """

    id: str
    username: str
    name: str
    unit_id: str
    unit_name: str
    post: str
    roles: tuple[str, ...]
    state: str
    must_change: bool
    phone: str = field(default="", repr=False)
    merged: tuple[str, ...] = ()
    is_confirmed: bool = False
    is_waiting: bool = False
    limit: Limit | None = None
    key: OwnKey | None = field(default=None, repr=False, compare=False)

    @property
    def units(self) -> tuple[str, ...]:
        """The own unit, and those merged into it."""
        return (self.unit_id, *self.merged)

    def is_of(self, unit_id: str) -> bool:
        """Whether what is a unit's to do is this person's unit's."""
        return unit_id in self.units

    @property
    def is_active(self) -> bool:
        """False once the account is disabled."""
        return self.state == "active"

    @property
    def is_authenticated(self) -> bool:
        """An account that is loaded is a person who signed in, unless it has been disabled since."""
        return self.is_active

    @property
    def is_anonymous(self) -> bool:
        """Never: visitors have no account."""
        return False

    def get_id(self) -> str:
        """What the session remembers."""
        return self.id


def _account(row: dict[str, Any]) -> Account:
    return Account(
        id=row["id"],
        username=row["username"],
        name=row["name"],
        unit_id=row["unit_id"],
        unit_name=row["unit_name"],
        post=row["post"],
        roles=tuple(json.loads(row["roles"])),
        state=row["state"],
        must_change=bool(row["must_change"]),
        phone=row["phone"],
        merged=tuple(json.loads(row["merged"])),
        is_confirmed=row["vault"] == vault_rights.HELD,
        is_waiting=row["vault"] == vault_rights.WAITING,
    )


# --- reading ---------------------------------------------------------------------------------------


def plain_username(text: str) -> str:
    """A user name as stored: trimmed, half-width, lower case; so may it be typed in any of these ways."""
    return unicodedata.normalize("NFKC", text[:64]).strip().lower()


def get(store: Store, account_id: str) -> Account | None:
    """The account of this id, disabled or not."""
    rows = store.query(f"{_SELECT} WHERE account.id = ?", [account_id])
    return _account(rows[0]) if rows else None


def by_username(store: Store, username: str) -> Account | None:
    """The account of this user name, disabled or not."""
    rows = store.query(f"{_SELECT} WHERE account.username = ?", [plain_username(username)])
    return _account(rows[0]) if rows else None


def all(store: Store) -> list[Account]:
    """Every account, disabled ones too, by unit in the office's order and then by user name."""
    rows = store.query(f"{_SELECT} ORDER BY unit.position, unit.id, account.username")
    return [_account(row) for row in rows]


def knows_password(store: Store, account: Account | None, password: str) -> bool:
    """Whether this is the account's password; takes as long for ``None``, and says no.

    No either to one that was changed while it was being compared, which takes a while.
    """
    row = store.get("account", account.id) if account else None
    if not passwords.fits(password, row["password_hash"] if row else None) or row is None:
        return False
    now = store.get("account", row["id"])
    return now is not None and now["password_hash"] == row["password_hash"]


# --- making and changing ---------------------------------------------------------------------------


def require_username(username: str) -> None:
    """Raise ``AccountRefused`` for what is no user name."""
    if not _USERNAME.fullmatch(plain_username(username)):
        raise AccountRefused(_("用户名须为 2 至 32 个字母、数字、点、下划线或短横线。"))


def create(
    store: Store,
    clock: Clock,
    by: Account | None,
    *,
    username: str,
    name: str,
    unit_id: str,
    roles: Sequence[str],
    password: str,
    post: str = "",
    phone: str = "",
    must_change: bool = True,
) -> Account:
    """Make an account; raises ``AccountRefused`` or ``PasswordRefused``.

    The person must change the password at the first sign-in unless ``must_change`` is false.
    """
    _require_admin(by)
    username = plain_username(username)
    require_username(username)
    _require_person(store, name, unit_id, roles)
    passwords.require_good(password, username)
    row = {
        "id": new_id(),
        "username": username,
        "name": name.strip(),
        "unit_id": unit_id,
        "post": post.strip(),
        "roles": json.dumps(_in_order(roles)),
        "phone": phone.strip(),
        "password_hash": passwords.hash_of(password),
        "must_change": int(must_change),
    }
    with store.write():
        account = _enter(store, clock, by, row)
        if not must_change:
            key_pairs.make(store, clock, account.id, password)
    return account


def _enter(store: Store, clock: Clock, by: Account | None, row: dict[str, Any]) -> Account:
    now = stamp(clock.now())
    with store.write():
        if by_username(store, row["username"]):
            raise AccountRefused(_("用户名“%(username)s”已经有人用了。", username=row["username"]))
        store.insert("account", {**row, "created_at": now, "changed_at": now})
        vault_rights.follow_roles(store, clock, _id(by), row["id"], json.loads(row["roles"]))
        account = _known(store, row["id"])
        said = {"account": account.id, "roles": account.roles}
        audit.append(store, clock, account.unit_id, _id(by), Events.account_created, **said)
    return account


def set_password(
    store: Store, clock: Clock, by: Account | None, account_id: str, password: str, keep: str | None = None
) -> None:
    """Give an account a new password; raises ``PasswordRefused``.

    One's own new password must differ from the old one and ends every session but that of the token
    ``keep`` (``signin.set_own_password`` closes the key under it as well); a password set by somebody else
    ends all of them and must be changed at the next sign-in: it opens no key.
    """
    account = _known(store, account_id)
    own = by is not None and by.id == account_id
    if not own:
        _require_admin(by)
    passwords.require_good(password, account.username)
    if own and knows_password(store, account, password):
        raise passwords.PasswordRefused(_("新密码不能与原密码相同。"))
    changes = {"password_hash": passwords.hash_of(password), "must_change": int(not own)}
    with store.write():
        store.update("account", account_id, {**changes, "changed_at": stamp(clock.now())})
        sessions.end_all(store, account_id, but=keep if own else None)
        if not own:
            vault_rights.suspend(store, clock, _id(by), account_id, account.roles)
        if not own:
            tokens.revoke(store, clock, account.unit_id, _id(by), account_id)
        audit.append(store, clock, account.unit_id, _id(by), Events.password_changed, account=account_id)


def change_roles(
    store: Store, clock: Clock, by: Account | None, account_id: str, roles: Sequence[str]
) -> None:
    """Give an account other roles; ends its sessions. Raises ``AccountRefused``, as for one's own."""
    _require_admin(by)
    if by is not None and by.id == account_id:
        raise AccountRefused(_("不能修改自己的角色，请由另一位管理员修改。"))
    account = _known(store, account_id)
    _require_person(store, account.name, account.unit_id, roles)
    _change(store, clock, by, account_id, roles=json.dumps(_in_order(roles)))


def change_details(
    store: Store,
    clock: Clock,
    by: Account | None,
    account_id: str,
    *,
    name: str,
    unit_id: str,
    post: str,
    phone: str,
) -> None:
    """Change name, unit, post and phone; a move to another unit ends the sessions. ``AccountRefused``."""
    _require_admin(by)
    account = _known(store, account_id)
    _require_person(store, name, unit_id, account.roles)
    said = {"name": name.strip(), "unit_id": unit_id, "post": post.strip(), "phone": phone.strip()}
    _change(store, clock, by, account_id, **said)


def disable(store: Store, clock: Clock, by: Account | None, account_id: str) -> None:
    """Shut an account and end its sessions; ``AccountRefused`` for the last admin."""
    _change(store, clock, by, account_id, state="disabled")


def enable(store: Store, clock: Clock, by: Account | None, account_id: str) -> None:
    """Open a disabled account again."""
    _change(store, clock, by, account_id, state="active")


_RIGHTS = {"roles", "unit_id", "state"}


def _change(store: Store, clock: Clock, by: Account | None, account_id: str, **columns: str) -> None:
    _require_admin(by)
    with store.write():
        before = store.get("account", account_id)
        if before is None:
            raise KeyError(f"account: {account_id}")
        changed = {key: value for key, value in columns.items() if before[key] != value}
        if not changed:
            return
        had_admin = _has_admin(store)
        handled = before["state"] == "active" and vault_rights.ACT in acts_of(json.loads(before["roles"]))
        was_last = handled and vault_rights.is_last(store, account_id)
        store.update("account", account_id, {**changed, "changed_at": stamp(clock.now())})
        if had_admin and not _has_admin(store):
            raise AccountRefused(_("至少要保留一位可用的系统管理员。"))
        _follow_rights(store, clock, by, account_id, changed, was_last)
        if _RIGHTS & set(changed):
            sessions.end_all(store, account_id)
            tokens.revoke(store, clock, before["unit_id"], _id(by), account_id)
        said = {key: "…" if key == "phone" else value for key, value in changed.items()}
        audit.append(
            store, clock, before["unit_id"], _id(by), Events.account_changed, account=account_id, changes=said
        )


def _follow_rights(
    store: Store,
    clock: Clock,
    by: Account | None,
    account_id: str,
    changed: dict[str, str],
    was_last: bool,
) -> None:
    """The right to open what is sealed goes with the role, and waits after an account was shut."""
    had = vault_rights.of(store, account_id)
    alone = case_keys.held_alone(store, account_id) if had or "state" in changed else []
    if "roles" in changed:
        vault_rights.follow_roles(store, clock, _id(by), account_id, json.loads(changed["roles"]))
    now = _known(store, account_id)
    if changed.get("state") == "disabled":
        vault_rights.suspend(store, clock, _id(by), account_id, now.roles)
    ends = had is not None and vault_rights.of(store, account_id) is None
    if ends or changed.get("state") == "disabled":
        _refuse_to_orphan(store, now, alone if not was_last else [])
        case_keys.close(store, account_id, for_good=ends)
    is_lost = not now.is_active or vault_rights.ACT not in acts_of(now.roles)
    sealed = store.count("sealed") if was_last and is_lost else 0
    if sealed:
        said = {"name": now.name, "n": sealed}
        raise AccountRefused(
            _(
                "%(name)s是最后一位能打开举报人信息的同志（现有 %(n)s 份）。请先给另一位同志办公室主任或"
                "专管员的角色，由%(name)s在“保密权限”页面确认，再办这一项。",
                **said,
            )
        )


def _refuse_to_orphan(store: Store, account: Account, cases: Sequence[str]) -> None:
    """Nobody goes who alone opens the reporters of a case; says who could take them, and how."""
    if not cases:
        return
    others = [found.name for one in vault_rights.holding(store) if (found := get(store, one))]
    said = {"name": account.name, "n": len(cases), "others": "、".join(others[:5]) or _("另一位同志")}
    raise AccountRefused(
        _(
            "有 %(n)s 个案卷的举报人信息只有%(name)s打得开。请先让%(others)s用自己的密码登录一次，"
            "%(name)s再登录一次，这些案卷就自动封给他们，再办这一项。",
            **said,
        )
    )


def _require_admin(by: Account | None) -> None:
    if by is not None:
        require(by, "manage_accounts")


def _has_admin(store: Store) -> bool:
    return any(account.is_active and "admin" in account.roles for account in all(store))


def _require_person(store: Store, name: str, unit_id: str, roles: Sequence[str]) -> None:
    if not name.strip():
        raise AccountRefused(_("请填写姓名。"))
    unit = units.get(store, unit_id)
    if unit is None or unit.state != "active":
        raise AccountRefused(_("没有“%(unit)s”这个单位。", unit=unit_id))
    if not roles:
        raise AccountRefused(_("请至少选择一个角色。"))
    for role in roles:
        if role not in MAY:
            raise AccountRefused(_("没有“%(role)s”这个角色。", role=role))


def _in_order(roles: Sequence[str]) -> list[str]:
    return [role for role in MAY if role in roles]


def _id(by: Account | None) -> str | None:
    return by.id if by else None


def _known(store: Store, account_id: str) -> Account:
    account = get(store, account_id)
    if account is None:
        raise KeyError(f"account: {account_id}")
    return account
