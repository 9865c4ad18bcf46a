"""Numbers: one counter per series and year, never reused, never skipped. Owns ``series`` and ``gap``.

``allot`` runs inside the one transaction that also writes the register, so a number that exists is
registered. Beside the database lies a journal of the highest numbers given (threat S22): when an older
copy of the database is put back, its counter is behind the journal, and the series stays locked until
somebody confirms which numbers are already on paper. So it does when the journal itself is gone, and after a
restore from a copy, whatever the journal says: it may have been lost with the rest. While the clock of the
machine stands before the day of the last number, no number is given at all.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

from flask_babel import gettext as _

from andu.clock import chinese_date, chinese_time, office_day, parse_stamp, stamp
from andu.office import reasons
from andu.office.errors import NotAllowed, NotFound, Refused
from andu.office.office import Office
from andu.security import marks
from andu.security.accounts import Account
from andu.security.permissions import may
from andu.store import new_id, work
from andu.store.lines import FileLines, Lines

LAST, DIGITS = 400, 8
_LINE = re.compile(rb"[0-9]{8}")
_NAME = re.compile(r"(.+)-([0-9]{4})\.log")


def this_year(office: Office) -> int:
    """The year a number given now belongs to, in the office's time zone."""
    return office_day(office.clock.now()).year


def opened(office: Office) -> list[tuple[str, int]]:
    """Every ``(key, year)`` from which a number was ever given, by the database or by the journal."""
    rows = {(row["key"], int(row["year"])) for row in office.store.rows_where("series")}
    logs = map(_NAME.fullmatch, office.journal.names())
    return sorted(rows | {(found[1], int(found[2])) for found in logs if found})


def counter(office: Office, key: str, year: int) -> int:
    """The last number given in a series and year; 0 when none was."""
    row = office.store.get("series", f"{key}:{year}")
    return int(row["counter"]) if row else 0


def why_locked(office: Office, key: str) -> str | None:
    """Why this series gives no number now, for whoever waits for one; ``None`` when it does."""
    year = this_year(office)
    last, seen = counter(office, key, year), journalled(office, key, year)
    said = {"label": office.config.series[key].label, "last": last, "seen": seen}
    if is_to_confirm(office, key, year):
        return _(
            "“%(label)s”暂停取号：系统由备份恢复，备份以后给出的编号还没有对照纸质文书确认。"
            "请办公室主任在工作台上办理。",
            **said,
        )
    if seen > last:
        return _(
            "“%(label)s”暂停取号：数据库里最后是 %(last)s 号，但取号流水已到 %(seen)s 号，"
            "可能恢复过旧备份。请管理员核对纸质文书后用 series confirm 命令确认。",
            **said,
        )
    if journal_is_lost(office, key, year):
        return _(
            "“%(label)s”暂停取号：数据库里最后是 %(last)s 号，取号流水却不见了或只到 %(seen)s 号，"
            "无法查明数据库是不是旧的。请管理员放回流水，或核对纸质文书后用 series confirm 命令确认。",
            **said,
        )
    return why_clock_is_wrong(office)


RESTORED = "restored"


def restored(office: Office) -> tuple[datetime, datetime] | None:
    """When a copy was put back, and when that copy had been made; ``None`` where none ever was."""
    facts = marks.facts(office.store, RESTORED)
    return (parse_stamp(facts["at"]), parse_stamp(facts["made_at"])) if facts else None


def note_restored(office: Office, made_at: str) -> None:
    """From now on every series waits for its confirmation; inside ``store.write()``."""
    marks.note(office.store, RESTORED, at=stamp(office.clock.now()), made_at=made_at)


def is_to_confirm(office: Office, key: str, year: int) -> bool:
    """Whether the numbers of a series were not compared with paper since a copy was put back."""
    moments = restored(office)
    if moments is None or year > office_day(moments[0]).year:
        return False
    return marks.get(office.store, _confirmed(key, year)) != stamp(moments[0])


def _confirmed(key: str, year: int) -> str:
    return f"confirmed {key}:{year}"


def journal_is_lost(office: Office, key: str, year: int) -> bool:
    """Whether the journal lacks a number whose paper is filed: it was written down before that."""
    seen = journalled(office, key, year)
    if seen >= counter(office, key, year):
        return False
    filed = office.store.query(
        "SELECT seq FROM register WHERE series = ? AND year = ? AND docx_sha IS NOT NULL"
        " ORDER BY seq DESC LIMIT 1",
        [key, year],
    )
    return bool(filed) and seen < filed[0]["seq"]


def why_clock_is_wrong(office: Office) -> str | None:
    """The clock stands before the day of the last number: said with both days; ``None`` when it does not."""
    last, now = last_day(office), office.clock.now()
    if last is None or office_day(now) >= last:
        return None
    said = {"now": chinese_time(now), "last": chinese_date(last)}
    return _(
        "暂停取号：电脑时钟现在是 %(now)s，早于最后一个编号的日期 %(last)s，时钟可能被拨回。"
        "请管理员校准时钟。",
        **said,
    )


def last_day(office: Office) -> date | None:
    """The day, in the office, on which the last number of all was given."""
    days = [
        rows[0]["numbered_at"]
        for key, year in _counted(office)
        if (rows := office.store.query(_NEWEST, [key, year]))
    ]
    return office_day(parse_stamp(max(days))) if days else None


_NEWEST = "SELECT numbered_at FROM register WHERE series = ? AND year = ? ORDER BY seq DESC LIMIT 1"


def _counted(office: Office) -> list[tuple[str, int]]:
    """The newest year of every series."""
    rows = office.store.query("SELECT key, MAX(year) AS year FROM series GROUP BY key")
    return [(row["key"], int(row["year"])) for row in rows]


def expected(office: Office, key: str) -> str:
    """The number that comes next, for a paper that is made only to be judged; somebody may take it first."""
    year = this_year(office)
    return office.config.series[key].number(year, counter(office, key, year) + 1)


def allot(office: Office, key: str, now: datetime) -> tuple[int, int, str]:
    """Take the next number of a series: ``(year, n, text)``; inside ``store.write()``.

    ``now``: the moment of the number, from which its year is. Raises ``Refused`` while the series is locked.
    """
    locked = why_locked(office, key)
    if locked:
        raise Refused(locked)
    year = office_day(now).year
    n = counter(office, key, year) + 1
    _set_counter(office, key, year, n)
    return year, n, office.config.series[key].number(year, n)


def _set_counter(office: Office, key: str, year: int, value: int) -> None:
    row_id = f"{key}:{year}"
    if office.store.get("series", row_id):
        office.store.update("series", row_id, {"counter": value})
    else:
        office.store.insert("series", {"id": row_id, "key": key, "year": year, "counter": value})


def _journal(office: Office, key: str, year: int) -> Lines:
    return office.journal.lines(f"{key}-{year}.log")


def _journals(office: Office, key: str, year: int) -> list[Lines]:
    """Where this journal may lie: who moved it to another disk may have left the old one behind."""
    left = office.settings.instance / "numbers" / f"{key}-{year}.log"
    return [_journal(office, key, year), FileLines(left)]


def journalled(office: Office, key: str, year: int) -> int:
    """The highest number in the journal. Lines of writers at the same time may change places,
    so the last lines are compared, not just the last one."""
    return max(map(_last_in, _journals(office, key, year)))


def _last_in(journal: Lines) -> int:
    return max((int(one) for one in journal.last(LAST, DIGITS) if _LINE.fullmatch(one)), default=0)


def journal(office: Office, key: str, year: int, n: int) -> None:
    """Note a number that has been committed; synced to the disk before it returns.

    Called after the commit, so that the journal is never ahead of an unharmed database.
    """
    _append(_journal(office, key, year), n)


def note_in(path: Path, n: int) -> None:
    """Have the journal at ``path`` say at least ``n``."""
    if _last_in(FileLines(path)) < n:
        _append(FileLines(path), n)


def _append(journal: Lines, n: int) -> None:
    journal.append(f"{n:0{DIGITS}d}".encode())


def confirm(office: Office, actor: Account, key: str, year: int, last_on_paper: int, reason: str) -> None:
    """Unlock a series after an older database came back, or its journal was lost: numbers up to
    ``last_on_paper`` are on paper.

    The numbers that the database lost are entered as an explained gap. Raises ``NotAllowed`` for
    whoever may not void a number either, and ``Refused`` when ``last_on_paper`` is lower than the
    journal or no reason is given.
    """
    if not may(actor, "void_number"):
        raise NotAllowed(_("确认末号须由办公室主任办理。"))
    with office.store.write():
        last, seen = counter(office, key, year), journalled(office, key, year)
        is_restored = is_to_confirm(office, key, year)
        if not is_restored and seen <= last and not journal_is_lost(office, key, year):
            raise Refused(_("这个序列没有锁定，不需要确认。"))
        if last_on_paper < seen:
            raise Refused(_("取号流水已到 %(seen)s 号，确认的末号不能比它小。", seen=seen))
        if last_on_paper < last:
            raise Refused(_("数据库里已到 %(last)s 号，确认的末号不能比它小。", last=last))
        reason = reasons.require(reason, _("请写明原因。"))
        gap = {"series": key, "year": year, "first": last + 1, "last": last_on_paper}
        by = {"reason": reason, "confirmed_by": actor.id, "at": stamp(office.clock.now())}
        if last_on_paper > last:
            office.store.insert("gap", {"id": new_id(), **gap, **by})
        if last_on_paper:
            _set_counter(office, key, year, last_on_paper)
        moments = restored(office)
        if moments:
            marks.put(office.store, _confirmed(key, year), stamp(moments[0]))
        work.hasten(office.store, work.PAPER)
        office.note("office", actor.id, "series_confirmed", **gap)
    if last_on_paper:
        journal(office, key, year, last_on_paper)


MOST_RESERVED = 1000


def reserve(office: Office, actor: Account, key: str, following: int, reason: str) -> None:
    """The next number of this year is ``following``; those before it are set aside, with the reason.

    So a year begins where the paper left off, and a block is kept for others. Raises ``NotAllowed`` for
    whoever may not void a number, ``NotFound``, ``Refused``.
    """
    if not may(actor, "void_number"):
        raise NotAllowed(_("留号须由办公室主任办理。"))
    if key not in office.config.series:
        raise NotFound(key)
    with office.store.write():
        locked = why_locked(office, key)
        if locked:
            raise Refused(locked)
        year = this_year(office)
        last = counter(office, key, year)
        if not last + 1 < following <= last + 1 + MOST_RESERVED:
            said = {"least": last + 2, "most": last + 1 + MOST_RESERVED}
            raise Refused(_("下一个号要写 %(least)s 到 %(most)s 之间的数。", **said))
        reason = reasons.require(reason, _("请写明原因。"))
        gap = {"series": key, "year": year, "first": last + 1, "last": following - 1}
        by = {"reason": reason, "confirmed_by": actor.id, "at": stamp(office.clock.now())}
        office.store.insert("gap", {"id": new_id(), **gap, **by})
        _set_counter(office, key, year, following - 1)
        office.note("office", actor.id, "numbers_reserved", **gap)
    journal(office, key, year, following - 1)
