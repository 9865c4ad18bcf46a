"""By what ways notices go out, to whom and when, as the admin has set it. Owns tables ``notice_way``,
``notice_told`` (written by ``telling``) and the e-mail addresses in ``person_setting``.

A way keeps what its last try came to. Passwords and keys of robots are told to no page; the audit log says
that a way was changed, not how.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _

from andu.clock import stamp
from andu.office.errors import NotFound, Refused
from andu.office.office import Office
from andu.security import accounts, own_settings
from andu.security.accounts import Account
from andu.security.permissions import require
from andu.store import new_id

ACT = "manage_accounts"
PLAN, MAIL, WECOM, DINGTALK = "plan", "mail", "wecom", "dingtalk"
ROBOTS = (WECOM, DINGTALK)
PLAIN, STARTTLS, TLS = "plain", "starttls", "tls"
SECURITY = (PLAIN, STARTTLS, TLS)
EMAIL = "email"
MOST_ROBOTS = 20
_ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+")


@dataclass(frozen=True)
class NoticeWay:
    """One way out, or the plan. ``said`` is what was set, ``fault`` why the last try failed."""

    id: str
    kind: str
    said: Mapping[str, Any]
    is_on: bool
    tried_at: str
    fault: str


@dataclass(frozen=True)
class Plan:
    """When: each working day at ``digest``, and soon after something new waits, if ``at_once``."""

    is_on: bool
    digest: time
    at_once: bool


def plan(office: Office) -> Plan:
    """The plan; as shipped, nothing is sent."""
    found = _way(office, PLAN)
    if found is None:
        return Plan(False, time(8, 30), True)
    return Plan(found.is_on, time.fromisoformat(found.said["digest"]), bool(found.said["at_once"]))


def mail(office: Office) -> NoticeWay | None:
    """The server for e-mail, if one is set."""
    return _way(office, MAIL)


def robots(office: Office) -> list[NoticeWay]:
    """The robots of groups, in the order they were added."""
    rows = office.store.rows_where("notice_way", "kind IN (?, ?)", list(ROBOTS), order_by="id")
    return [_of_row(row) for row in rows]


def addresses(office: Office) -> dict[str, str]:
    """The e-mail addresses of people, by account."""
    return own_settings.of_all(office.store, EMAIL)


def set_plan(office: Office, actor: Account, is_on: bool, digest: str, at_once: bool) -> None:
    """Switch notices on or off; raises ``NotAllowed``, ``Refused``."""
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", digest):
        raise Refused(_("时间写成 08:30 这样。"))
    _keep(office, actor, PLAN, PLAN, {"digest": digest, "at_once": at_once}, is_on)


def set_mail(office: Office, actor: Account, said: Mapping[str, str]) -> None:
    """Set the server: server, port, security, user, password (kept, if empty), sender; no server ends it.

    Raises ``NotAllowed``, ``Refused``.
    """
    server, port = said["server"].strip(), said["port"].strip() or "25"
    if not server:
        return _drop(office, actor, MAIL)
    if not re.fullmatch(r"[A-Za-z0-9._:-]{1,200}", server):
        raise Refused(_("邮件服务器写主机名或者 IP 地址，例如 mail.example.cn。"))
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        raise Refused(_("端口是 1 到 65535 的数字。"))
    if not _ADDRESS.fullmatch(said["sender"].strip()):
        raise Refused(_("发件地址写成 andu@example.cn 这样。"))
    was = mail(office)
    password = said["password"] or (was.said["password"] if was else "")
    kept = {"server": server, "port": int(port), "user": said["user"].strip(), "password": password}
    kept |= {"sender": said["sender"].strip(), "security": said["security"]}
    if kept["security"] not in SECURITY:
        raise Refused(_("页面不完整，请刷新后再试。"))
    if kept["security"] == PLAIN and kept["user"]:
        raise Refused(_("要用户名和密码的服务器，请选加密的连接：不加密会把密码原样发出去。"))
    return _keep(office, actor, MAIL, MAIL, kept, True)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        is_reached = bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets that do not close, a port that is none
        return False
    return is_reached and parts.scheme in ("http", "https") and not re.search(r"\s", url)


def add_robot(office: Office, actor: Account, kind: str, said: Mapping[str, str]) -> None:
    """Add the robot of a group: label, url, secret (钉钉 加签, may be empty), unit ('' for the whole office).

    Raises ``NotAllowed``, ``Refused``.
    """
    label, url = said["label"].strip(), said["url"].strip()
    if kind not in ROBOTS or not label:
        raise Refused(_("请写明是哪个群，并选企业微信或者钉钉。"))
    if not _is_address(url):
        raise Refused(_("机器人的地址以 https:// 开头，从群里的机器人设置复制过来。"))
    if len(robots(office)) >= MOST_ROBOTS:
        raise Refused(_("最多 %(n)s 个群。", n=MOST_ROBOTS))
    kept = {"label": label, "url": url, "secret": said["secret"].strip(), "unit": said["unit"]}
    _keep(office, actor, new_id(), kind, kept, True)


def drop_robot(office: Office, actor: Account, way_id: str) -> None:
    """Tell a group no more; raises ``NotAllowed``, ``NotFound``."""
    robot(office, way_id)
    _drop(office, actor, way_id)


def robot(office: Office, way_id: str) -> NoticeWay:
    """One robot; raises ``NotFound``."""
    found = _way(office, way_id)
    if found is None or found.kind not in ROBOTS:
        raise NotFound(way_id)
    return found


def set_addresses(office: Office, actor: Account, typed: Mapping[str, str]) -> None:
    """The e-mail addresses by account; '' for none. Raises ``NotAllowed``, ``Refused``."""
    require(actor, ACT)
    was, known = addresses(office), {one.id: one for one in accounts.all(office.store)}
    changed = {key: text.strip() for key, text in typed.items() if key in known}
    changed = {key: text for key, text in changed.items() if text != was.get(key, "")}
    for key, text in changed.items():
        if text and not _ADDRESS.fullmatch(text):
            raise Refused(_("%(name)s 的邮箱写得不对：%(text)s", name=known[key].name, text=text[:60]))
    with office.store.write():
        for key, text in changed.items():
            own_settings.put(office.store, key, EMAIL, text)
            office.note(actor.unit_id, actor.id, "notices_changed", way=f"email:{key}")


def tried(office: Office, way: NoticeWay, fault: str, rests: bool = True) -> None:
    """Keep what the last try of a way came to, '' when it went; and whether the way rests after it."""
    with office.store.write():
        values = {"tried_at": stamp(office.clock.now()) if rests else "", "fault": fault[:200]}
        office.store.update("notice_way", way.id, values)


def failing(office: Office) -> list[NoticeWay]:
    """The ways whose last try failed."""
    return [_of_row(row) for row in office.store.rows_where("notice_way", "fault <> ''", order_by="id")]


def _way(office: Office, way_id: str) -> NoticeWay | None:
    row = office.store.get("notice_way", way_id)
    return None if row is None else _of_row(row)


def _of_row(row: Mapping[str, Any]) -> NoticeWay:
    return NoticeWay(
        row["id"], row["kind"], json.loads(row["said"]), bool(row["is_on"]), row["tried_at"], row["fault"]
    )


def _keep(
    office: Office, actor: Account, way_id: str, kind: str, said: Mapping[str, Any], is_on: bool
) -> None:
    require(actor, ACT)
    row = {"kind": kind, "said": json.dumps(said, ensure_ascii=False), "is_on": int(is_on)}
    row |= {"tried_at": "", "fault": ""}
    with office.store.write():
        if office.store.get("notice_way", way_id) is None:
            office.store.insert("notice_way", {"id": way_id, **row})
        else:
            office.store.update("notice_way", way_id, row)
        office.note(actor.unit_id, actor.id, "notices_changed", way=way_id)


def _drop(office: Office, actor: Account, way_id: str) -> None:
    require(actor, ACT)
    with office.store.write():
        if office.store.get("notice_way", way_id) is not None:
            office.store.delete("notice_way", way_id)
            office.note(actor.unit_id, actor.id, "notices_changed", way=way_id)
