"""The audit log on a screen: the newest events, and whether its chains are whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from andu.security import accounts, audit, units
from andu.security.audit import Entry
from andu.security.events import labels
from andu.views.asking import needs, office

blueprint = Blueprint("audit", __name__)
SHOWN = 200


@blueprint.get("/audit")
@needs("see_audit")
def recent() -> ResponseReturnValue:
    """The newest events of one unit or of all, and the state of the chains."""
    store = office().store
    chain = request.args.get("chain", "")
    names = {account.id: account.name for account in accounts.all(store)}
    words = _words()
    return render_template(
        "audit/recent.html",
        entries=audit.recent(store, chain or None, SHOWN),
        problems=audit.verify(store, office().heads),
        chain=chain,
        units=units.all(store),
        names=names,
        labels=labels(),
        told=lambda entry: _told(entry, words, names),
    )


def _told(entry: Entry, words: Mapping[str, str], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """The data of an event as (what, which); empty ones are left out, ids of people become names."""
    return [(words.get(key, key), _text(value, names)) for key, value in entry.data.items() if value]


def _text(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    if isinstance(value, dict):
        return "、".join(f"{key}={one}" for key, one in value.items())
    return names.get(str(value), str(value))


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
        "version": _("稿"),
        "what": _("内容"),
    }
