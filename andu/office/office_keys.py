"""What may stand in an office file: its keys, their types, and that what it names is there.

Called by ``config`` before anything is built from the file. Tells each fault as ``path：words``, the path so
that its line can be found, and the nearest right word where one was meant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.faults import nearest
from andu.formtypes.roles import ROLES

TEXTS = ("name", "issuer", "printer", "superior", "sample_password")
REQUIRED = ("name", "issuer", "printer")
UNIT = {"id": str, "name": str}
ACCOUNT = {"username": str, "name": str, "unit": str, "roles": list}
MORE = {"units": ("full_name", "category"), "accounts": ("post",)}
PARTS = {
    "conflict": ("person", "unit", "surname"),
    "access_needs": ("form", "person", "until", "for"),
    "backup": ("folder", "recipient", "keep", "elsewhere"),
    "sign_together": ("most", "confidential"),
}
KEYS_OF = {"series": ("label", "pattern"), "campaigns": ("label", "since", "until")}


def faults(data: Mapping[str, Any], known: Collection[str]) -> Iterator[str]:
    """The faults of an office file, the gravest first; ``known`` are its keys."""
    yield from _unknown("", data, known)
    for key in REQUIRED:
        if not data.get(key):
            yield _("%(key)s：缺少 %(key)s", key=key)
    for key in TEXTS:
        if not isinstance(data.get(key) or "", str | int):
            yield _("%(key)s：应当是一段文字", key=key)
    for key, keys in KEYS_OF.items():
        if not isinstance(data.get(key) or {}, dict):
            yield _("%(key)s：应当分行写“键: 值”，每行一项", key=key)
        else:
            for name, value in (data.get(key) or {}).items():
                yield from _unknown(f"{key}.{name}", value, keys)
    for key, keys in PARTS.items():
        yield from _unknown(key, data.get(key), keys)
    for key, needed in (("units", UNIT), ("accounts", ACCOUNT)):
        yield from _of_list(key, data.get(key) or [], needed)
    yield from _people(data.get("units") or [], data.get("accounts") or [])


def _unknown(path: str, data: Any, known: Collection[str]) -> Iterator[str]:
    for key in data if isinstance(data, dict) else ():
        if key not in known:
            where = f"{path}.{key}" if path else str(key)
            said = {"where": where, "key": key, "near": nearest(str(key), known)}
            yield _("%(where)s：不认识的键 %(key)s%(near)s", **said)


def _of_list(key: str, items: Any, needed: Mapping[str, type]) -> Iterator[str]:
    if not isinstance(items, list):
        yield _("%(key)s：应当是一个列表，每行以“- ”开头", key=key)
        return
    for index, item in enumerate(items):
        yield from _unknown(f"{key}[{index}]", item, (*needed, *MORE[key]))
        wrong = not isinstance(item, dict) or [
            name for name, kind in needed.items() if not isinstance(item.get(name), kind)
        ]
        if wrong:
            names = "、".join(needed)
            what = key if wrong is True else "、".join(wrong)
            said = {"key": key, "n": index, "names": names, "what": what}
            yield _("%(key)s[%(n)s]：每项要有 %(names)s；不对的是 %(what)s", **said)
        elif any(not isinstance(item.get(name) or "", str) for name in MORE[key]):
            yield _("%(key)s[%(n)s]：%(names)s 应当是文字", key=key, n=index, names="、".join(MORE[key]))


def _people(units: list[Mapping[str, Any]], accounts: list[Mapping[str, Any]]) -> Iterator[str]:
    """Nobody and no unit twice; each account in a unit of the file, with roles that there are."""
    ids = [unit["id"] for unit in units]
    yield from _twice("units", "id", ids)
    yield from _twice("accounts", "username", [account["username"] for account in accounts])
    for index, account in enumerate(accounts):
        if account["unit"] not in ids:
            said = {"n": index, "unit": account["unit"], "near": nearest(account["unit"], ids)}
            yield _("accounts[%(n)s].unit：没有单位“%(unit)s”%(near)s", **said)
        for role in account["roles"]:
            if role not in ROLES:
                said = {"n": index, "role": role, "near": nearest(str(role), ROLES)}
                yield _("accounts[%(n)s].roles：没有角色“%(role)s”%(near)s", **said)


def _twice(path: str, key: str, values: list[str]) -> Iterator[str]:
    for index, value in enumerate(values):
        if value in values[:index]:
            said = {"path": path, "n": index, "key": key, "value": value}
            yield _("%(path)s[%(n)s].%(key)s：“%(value)s”写了两次", **said)
