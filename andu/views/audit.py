"""The audit log on a screen: its events, the newest first, and whether its chains are whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from andu.clock import midnight
from andu.security import audit, checkup, naming, units
from andu.security.audit import Entry, LogPlace
from andu.security.events import labels
from andu.views.asking import day_asked, needs, office

blueprint = Blueprint("audit", __name__)
SHOWN = 200


@blueprint.get("/audit")
@needs("see_audit")
def recent() -> ResponseReturnValue:
    """The newest events of one unit or of all, or those before a day, and the state of the chains."""
    here, store = office(), office().store
    chain = request.args.get("chain", "")
    names = naming.in_office(store)
    words, before = _words(), _before()
    entries = audit.recent(store, chain or None, SHOWN + 1, before)
    shown = entries[:SHOWN]
    return render_template(
        "audit/recent.html",
        entries=shown,
        older=_key(shown[-1]) if len(entries) > SHOWN else None,
        is_newest=before is None,
        until=request.args.get("until", "") if before and not before.seq else "",
        look=checkup.look(store, here.heads, here.checkup, shown),
        chain=chain,
        units=units.all(store),
        names=names,
        labels=labels(),
        told=lambda entry: _told(entry, words, names),
    )


def _key(entry: Entry) -> str:
    return f"{entry.at}|{entry.chain}|{entry.seq}"


def _before() -> LogPlace | None:
    """Where to go on: behind a row named in a link, or at the end of a day."""
    at, _bar, rest = request.args.get("before", "").partition("|")
    chain, _bar, seq = rest.rpartition("|")
    if at and chain and seq.isascii() and seq.isdigit() and len(seq) < 16:
        return LogPlace(at, chain, int(seq))
    day = day_asked("until")
    return LogPlace(midnight(day + timedelta(days=1))) if day else None


def _told(entry: Entry, words: Mapping[str, str], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """The data of an event as (what, which); empty ones are left out, ids of people become names."""
    return [(words.get(key, key), _text(value, names)) for key, value in entry.data.items() if value]


def _text(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return "、".join(_text(one, names) if isinstance(one, str) else _pair(one, names) for one in value)
    if isinstance(value, dict):
        return "、".join(f"{key}={one}" for key, one in value.items())
    return names.get(str(value), str(value))


def _pair(value: Any, names: Mapping[str, str]) -> str:
    """A pair, as of a thing and who took it over."""
    return " → ".join(_text(one, names) for one in value if one) if isinstance(value, list) else str(value)


def _words() -> dict[str, str]:
    return {
        "account": _("账号"),
        "act": _("动作"),
        "address": _("地址"),
        "attachment": _("附件"),
        "changes": _("变更"),
        "docx_sha": _("docx 摘要"),
        "draft": _("草稿"),
        "fields": _("栏目"),
        "form": _("表单"),
        "item": _("事项"),
        "items": _("事项"),
        "kind": _("格式"),
        "list": _("清单"),
        "number": _("编号"),
        "pdf_sha": _("PDF 摘要"),
        "purpose": _("环节"),
        "reason": _("原因"),
        "record": _("材料"),
        "register": _("登记"),
        "roles": _("角色"),
        "rows": _("行数"),
        "slot": _("签字处"),
        "target": _("对象"),
        "tries": _("次数"),
        "to": _("改由"),
        "version": _("稿"),
        "what": _("内容"),
    }
