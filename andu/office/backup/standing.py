"""How the copies of this office stand: the last one made, the last that passed its drill, the last elsewhere.

Noted in the database and in the audit log by whoever made or tried one. Read by the admin's page, by
``andu doctor`` and by the daily copy itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from andu.clock import chinese_time, parse_stamp, stamp
from andu.office.office import Office
from andu.security import audit, marks

MADE, FAILED, DRILLED, ELSEWHERE = "backup made", "backup failed", "backup drilled", "backup elsewhere"
GOOD, ADVICE, WRONG = "good", "advice", "wrong"

FRESH = timedelta(hours=48)
"""A copy older than that is told in red: a day's copy has failed."""
DRILLED_WITHIN = timedelta(days=92)
ELSEWHERE_WITHIN = timedelta(days=8)


@dataclass(frozen=True)
class Light:
    """One thing to know: its ``level``, and in words what it is and how to mend it."""

    level: str
    text: str


def note_made(office: Office, path: Path) -> None:
    """A copy was made and lies whole in its place."""
    with office.store.write():
        marks.note(office.store, MADE, at=stamp(office.clock.now()), path=str(path))
        office.note(audit.OFFICE, None, "backup_made", file=path.name)


def note_failed(office: Office, why: str) -> None:
    """The copy of today was not made."""
    with office.store.write():
        marks.note(office.store, FAILED, at=stamp(office.clock.now()), why=why)


def note_elsewhere(office: Office, path: Path) -> None:
    """A copy lies on another disk than the data."""
    with office.store.write():
        marks.note(office.store, ELSEWHERE, at=stamp(office.clock.now()), path=str(path))


def note_drilled(office: Office, path: Path, made_at: str, problems: int, seconds: float) -> None:
    """A copy was tried; only one without problems counts."""
    with office.store.write():
        if not problems:
            marks.note(office.store, DRILLED, at=stamp(office.clock.now()), of=made_at, seconds=seconds)
        office.note(audit.OFFICE, None, "backup_drilled", file=path.name, problems=problems)


def last_made(office: Office) -> dict[str, Any] | None:
    """``at`` (stored moment) and ``path`` of the last copy made."""
    return marks.facts(office.store, MADE)


def last_failed(office: Office) -> dict[str, Any] | None:
    """``at`` and ``why`` of the last daily copy that was not made."""
    return marks.facts(office.store, FAILED)


def lights(office: Office) -> list[Light]:
    """How the copies stand, red, yellow or green; the drill is a light of its own."""
    return [*_plan(office), _made(office), _drilled(office), _elsewhere(office)]


def _plan(office: Office) -> Iterator[Light]:
    if office.config.backup is None:
        yield Light(ADVICE, _("没有设每日备份：请在 office.yaml 里写 backup（offices/README.md）。"))


def _made(office: Office) -> Light:
    made, failed = last_made(office), last_failed(office)
    if failed and (made is None or failed["at"] > made["at"]):
        said = {"time": chinese_time(parse_stamp(failed["at"])), "why": failed["why"]}
        return Light(WRONG, _("%(time)s 的备份没有做成：%(why)s", **said))
    if made is None:
        return Light(WRONG, _("还没有做过备份。运行 script/andu backup 文件夹 --to 公钥。"))
    said = {"time": chinese_time(parse_stamp(made["at"])), "path": made["path"]}
    if _age(office, made) > FRESH:
        return Light(
            WRONG, _("最近一次备份是 %(time)s，太旧了。请查服务是否在运行、备份文件夹是否还在。", **said)
        )
    return Light(GOOD, _("最近一次备份：%(time)s，%(path)s", **said))


def _drilled(office: Office) -> Light:
    passed = marks.facts(office.store, DRILLED)
    how = _("请取出纸上的备份密钥，运行 script/andu backup drill。")
    if passed is None:
        return Light(WRONG, _("备份还没有演练过，不知道能不能恢复。%(how)s", how=how))
    said = {"time": chinese_time(parse_stamp(passed["at"])), "n": round(passed["seconds"]), "how": how}
    if _age(office, passed) > DRILLED_WITHIN:
        return Light(WRONG, _("最近一次通过的备份演练是 %(time)s，太久了。%(how)s", **said))
    return Light(GOOD, _("最近一次通过的备份演练：%(time)s，用了 %(n)s 秒", **said))


def _elsewhere(office: Office) -> Light:
    copied = marks.facts(office.store, ELSEWHERE)
    how = _(
        "请把备份存到另一块盘：script/andu backup 移动硬盘上的文件夹，或在 office.yaml 写 backup.elsewhere。"
    )
    if copied is None:
        return Light(ADVICE, _("还没有存在别处的备份，这台电脑坏了就都没了。%(how)s", how=how))
    said = {"time": chinese_time(parse_stamp(copied["at"])), "path": copied["path"], "how": how}
    if _age(office, copied) > ELSEWHERE_WITHIN:
        return Light(ADVICE, _("别处的备份是 %(time)s 的，太旧了。%(how)s", **said))
    return Light(GOOD, _("别处的备份：%(time)s，%(path)s", **said))


def _age(office: Office, facts: dict[str, Any]) -> timedelta:
    return office.clock.now() - parse_stamp(facts["at"])
