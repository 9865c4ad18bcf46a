"""What the bindings of rows say, in words: which row of which table is not as the application left it.

Called by ``audit.verify`` and ``reconcile``, for ``andu series check`` and ``andu audit verify``; reads
everything, so no page calls it. How rows are bound: ``andu.store.binding``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from andu.store import Store, comparing
from andu.store.comparing import Break, Difference

CHAIN = ".rows"
"""Under this name the chain of bindings stands in the heads file; no unit can be called so."""

_ABOUT = {
    "register": "number",
    "account": "username",
    "unit": "name",
    "record_event": "record_id",
    "record_version": "record_id",
    "deadline": "record_id",
    "scan": "record_id",
    "attachment": "record_id",
    "extension": "deadline_id",
    "chase": "deadline_id",
    "token": "purpose",
    "sealed": "owner",
    "form_version": "slug",
    "publication": "name",
}


@dataclass(frozen=True)
class Problem:
    """A row that is not as it was left. ``subject``: its number, its record, or else table and row."""

    table: str
    key: str
    subject: str
    message: str


def problems(store: Store) -> list[Problem]:
    """Every row that was altered, deleted or put in from outside."""
    names = _names()
    return [_problem(one, names) for one in comparing.differences(store)]


def _problem(one: Difference, names: Mapping[str, str]) -> Problem:
    words = {
        comparing.ALTERED: _("被人从系统之外改动过"),
        comparing.DELETED: _("被人从系统之外删除了"),
        comparing.FOREIGN: _("不是本系统写入的，是从外面加进来的"),
    }
    about = _about(one.table, one.row)
    row = f"{one.key}（{about}）" if about else one.key
    said = {"name": names[one.table], "table": one.table, "row": row, "what": words[one.how]}
    message = _("%(name)s（表 %(table)s）的行 %(row)s %(what)s。", **said)
    subject = one.key if one.table == "record" else about
    return Problem(one.table, one.key, subject or f"{one.table} {one.key}", message)


def _about(table: str, row: Mapping[str, Any] | None) -> str:
    return str(row.get(_ABOUT.get(table, "")) or "") if row else ""


def breaks(store: Store, published: Mapping[int, str]) -> Iterator[str]:
    """What is wrong with the chain of bindings itself."""
    words = {
        comparing.MISSING: _("数据行校验记录：缺第 %(first)s 至 %(last)s 条。"),
        comparing.ALTERED: _("数据行校验记录：第 %(first)s 条被改动。"),
        comparing.REWRITTEN: _("数据行校验记录：第 %(first)s 条与链头文件不符，被整体改写过。"),
        comparing.UNTOLD: _("数据行校验记录：第 %(first)s 条所属的审计事件不见了或被改动。"),
    }
    for one in comparing.breaks(store, published):
        yield _in_words(one, words)


def _in_words(one: Break, words: Mapping[str, str]) -> str:
    return words[one.what] % {"first": one.first, "last": one.last}


def taken_over(store: Store) -> str | None:
    """What cannot be known, since the rows were there before rows were bound; None when all were bound."""
    count = comparing.taken_over(store)
    if not count:
        return None
    return _("其中 %(n)s 行是升级时登记的，升级以前是否被改动过无从查证。", n=count)


def _names() -> dict[str, str]:
    return {
        "unit": _("单位"),
        "account": _("账号"),
        "deputy": _("代签授权"),
        "form_version": _("表单版本"),
        "record": _("材料"),
        "record_version": _("材料的各稿"),
        "record_event": _("签署和办理经过"),
        "record_share": _("材料的共享"),
        "sealed": _("保密信息"),
        "attachment": _("附件"),
        "scan": _("扫描件"),
        "series": _("编号计数"),
        "gap": _("空号说明"),
        "register": _("登记簿"),
        "deadline": _("期限"),
        "extension": _("延期"),
        "case_record": _("案卷所含材料"),
        "case_closing": _("案卷办结"),
        "case_branch": _("案卷的分支"),
        "closed_month": _("台账月结"),
        "in_force": _("生效的表单和配置"),
        "paper_proof": _("样张已打印核对的记录"),
        "chase": _("催办和督办的期限"),
        "token": _("接口令牌"),
        "publication": _("发布的记录"),
        "vault_right": _("保密权限"),
        "second_factor": _("两步登录"),
        "key_pair": _("公钥"),
        "case_key": _("案卷密钥"),
        "case_envelope": _("案卷密钥的信封"),
        "sealed_box": _("保密信息的信封"),
        "pair_box": _("要两个人打开的信封"),
        "second_look": _("第二人同意的查看"),
        "office_half": _("办公室恢复钥匙的一半"),
    }
