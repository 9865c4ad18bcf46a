"""What was tried again and again and is not done: told to the admin, who has it tried once more.

Read by ``soundness``, and with it by 运行状况, the admin's desk, the start of a service and ``andu doctor``.
"""

from __future__ import annotations

from flask_babel import gettext as _

from andu.office.office import Office
from andu.security.accounts import Account
from andu.security.permissions import require
from andu.store import work

ACT = "manage_accounts"
SHOWN = 3


def troubles(office: Office) -> list[str]:
    """One sentence about all of it; nothing while everything that waits is still tried."""
    found = work.stuck(office.store)
    if not found:
        return []
    cut_short = _("做到一半就断了")
    said = "；".join(f"{_called(office, one)}（{one.fault or cut_short}）" for one in found[:SHOWN])
    words = {"n": len(found), "times": work.TRIES, "what": said}
    return [
        _(
            "试了 %(times)s 次还没有做成、停下来等人处理的有 %(n)s 件：%(what)s。"
            "请先消除原因，再由管理员在“运行状况”点“再试一次”",
            **words,
        )
    ]


def _called(office: Office, one: work.Stuck) -> str:
    if one.kind != work.PAPER:
        return _chores().get(one.key, one.key)
    rows = office.store.rows_where("register", "record_id = ?", [one.key])
    return _("文书归档 %(number)s", number=rows[0]["number"] if rows else one.key)


def _chores() -> dict[str, str]:
    return {
        "ledgers": _("重建台账"),
        "concerns": _("整理材料写到了谁"),
        "record_words": _("整理检索用的字词"),
        "likeness": _("整理查重用的字词"),
        "reminders": _("写期限提醒"),
        "return reminders": _("写报送提醒"),
        "audit-checkup": _("核对审计日志"),
    }


def try_again(office: Office, actor: Account) -> int:
    """Have all of it tried again, by whichever machine comes first; how many. Raises ``NotAllowed``."""
    require(actor, ACT)
    with office.store.write():
        count = work.try_again(office.store)
        if count:
            office.note(actor.unit_id, actor.id, "work_tried_again", items=count)
    return count
