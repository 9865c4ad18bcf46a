"""Extensions: a deadline put off, asked for by whoever is to keep it, decided by somebody else. Owns
table ``extension``.

Called by the deadline screens; ``duties`` shows what was asked and decided beside each deadline. By how much,
how often and by whose leave stands in the form type (``extend``); the first end is never lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from andu.clock import chinese_date, office_day, parse_stamp, stamp
from andu.office import events, reasons, records
from andu.office.books import consequences
from andu.office.errors import NotAllowed, NotFound, Refused
from andu.office.office import Office
from andu.office.timing import answering, deadlines
from andu.office.timing.deadlines import Running
from andu.office.timing.due import end_of
from andu.office.turns import recusal
from andu.security import naming, signin
from andu.security.accounts import Account
from andu.security.permissions import may, require
from andu.store import new_id

WAITING, GRANTED, REFUSED = "waiting", "granted", "refused"


@dataclass(frozen=True)
class Extension:
    """One extension. ``until`` is the end asked for, ``was`` the end before it; moments are aware.

    ``state``: waiting, granted, refused; ``answer`` is why it was refused.
    """

    id: str
    deadline_id: str
    state: str
    was: datetime
    until: datetime
    reason: str
    asked_by: str
    asked_id: str
    asked_at: str
    decided_by: str
    decided_at: str | None
    answer: str


class InvalidEnd(Refused):
    """The new end cannot be this one; the message belongs beside its field."""


# --- reading --------------------------------------------------------------------------------------


def of(office: Office, deadline_ids: Sequence[str]) -> dict[str, list[Extension]]:
    """Deadline id → its extensions, the oldest first, in one reading."""
    marks = ", ".join("?" * len(deadline_ids))
    rows = office.store.query(
        f"SELECT * FROM extension WHERE deadline_id IN ({marks}) ORDER BY asked_at, id",
        list(deadline_ids),
    )
    names = naming.in_office(office.store) if rows else {}
    found: dict[str, list[Extension]] = {}
    for row in rows:
        found.setdefault(row["deadline_id"], []).append(_extension(row, names))
    return found


def to_decide(office: Office, actor: Account) -> list[tuple[Extension, Running]]:
    """What waits for this person's decision, the longest waiting first."""
    rows = office.store.query(
        "SELECT deadline_id FROM extension WHERE state = 'waiting' AND asked_by <> ? ORDER BY asked_at",
        [actor.id],
    )
    ids = [row["deadline_id"] for row in rows]
    known = {one.id: one for one in deadlines.some(office, actor, ids)}
    asked = of(office, list(known))
    return [
        (asked[one][-1], known[one])
        for one in ids
        if one in known and may_decide(actor, known[one], asked[one])
    ]


def _extension(row: Mapping[str, Any], names: Mapping[str, str]) -> Extension:
    return Extension(
        id=row["id"],
        deadline_id=row["deadline_id"],
        state=row["state"],
        was=parse_stamp(row["was"]),
        until=parse_stamp(row["until"]),
        reason=row["reason"],
        asked_by=names[row["asked_by"]],
        asked_id=row["asked_by"],
        asked_at=row["asked_at"],
        decided_by=names.get(row["decided_by"] or "", ""),
        decided_at=row["decided_at"],
        answer=row["answer"] or "",
    )


# --- asking ---------------------------------------------------------------------------------------


def why_not(actor: Account, running: Running, had: Sequence[Extension], now: datetime) -> str:
    """Why this person cannot ask for an extension now, in one sentence; empty when they can."""
    if running.limit is None:
        return _("这项期限不能延长。")
    if not running.is_due:
        return _("这项期限已经办结，不用延长。")
    if not answering.answers_for(actor, running):
        return _("延期由承办单位的经办人或负责人申请。")
    if any(one.state == WAITING for one in had):
        return _("已有一次延期申请在等待批准。")
    granted = sum(one.state == GRANTED for one in had)
    if granted >= running.limit.times:
        return _("已延长过 %(n)s 次，不能再延长。", n=granted)
    if end_of(office_day(running.at) + timedelta(days=running.limit.days)) <= now:
        return _("超期已满 %(n)s 日，不能再延长。", n=running.limit.days)
    return ""


def ask(office: Office, actor: Account, deadline_id: str, until: date, reason: str) -> None:
    """Ask that a deadline end with the day ``until``; it waits for a decision.

    Raises ``NotFound``, ``NotAllowed``, ``InvalidEnd`` for a day that cannot be, and ``Refused``.
    """
    reason = reasons.require(reason, _("请写明延期的理由。"))
    with office.store.write():
        running = deadlines.get(office, actor, deadline_id)
        if not answering.answers_for(actor, running):
            raise NotAllowed(_("延期由承办单位的经办人或负责人申请。"))
        had = of(office, [deadline_id]).get(deadline_id, [])
        why = why_not(actor, running, had, office.clock.now())
        if why:
            raise Refused(why)
        _check_end(office, running, until)
        row = {"id": new_id(), "deadline_id": deadline_id, "state": WAITING, "was": stamp(running.at)}
        row |= {"until": stamp(end_of(until)), "reason": reason}
        office.store.insert("extension", row | {"asked_by": actor.id, "asked_at": stamp(office.clock.now())})
        said = {"label": running.label, "until": chinese_date(until), "words": reason}
        events.append(office, running.record_id, actor, "extension_asked", **said)
        about = {"deadline": deadline_id, "extension": row["id"]}
        office.note(running.unit_id, actor.id, "extension_asked", **about)


def _check_end(office: Office, running: Running, until: date) -> None:
    present = office_day(running.at)
    if until <= present:
        raise InvalidEnd(_("不能早于原期限，要晚于 %(day)s。", day=chinese_date(present)))
    if end_of(until) <= office.clock.now():
        raise InvalidEnd(_("这一天已经过去，请填今天或以后的日期。"))
    most = running.limit.days if running.limit else 0
    if (until - present).days > most:
        raise InvalidEnd(_("最多延长 %(n)s 日（原期限 %(day)s）。", n=most, day=chinese_date(present)))


# --- deciding -------------------------------------------------------------------------------------


def may_decide(actor: Account, running: Running, had: Sequence[Extension]) -> bool:
    """Whether an extension waits that this person may grant or refuse: by role, and never one's own."""
    waiting = [one for one in had if one.state == WAITING]
    if not waiting or running.limit is None or not running.is_due:
        return False
    fits = may(actor, "sign") and bool(set(actor.roles) & set(running.limit.roles))
    return fits and actor.id != waiting[0].asked_id


def decide(
    office: Office,
    actor: Account,
    deadline_id: str,
    extension_id: str,
    grants: bool,
    answer: str,
    password: str,
    address: str,
) -> None:
    """Grant or refuse the extension that waits; the deadline then ends at its new end, or as before.

    Raises ``NotFound``, ``NotAllowed`` (another role, or whoever asked), ``Refused`` (decided meanwhile, met
    meanwhile, refused without a reason, the new end already past) and ``SignInRefused``.
    """
    require(actor, "sign")
    _decidable(office, actor, deadline_id, extension_id)
    if not grants:
        reasons.require(answer, _("不同意延期的，请写明理由。"))
    signin.confirm_password(office.store, office.clock, actor, password, address)
    with office.store.write():
        running, waiting = _decidable(office, actor, deadline_id, extension_id)
        if grants and waiting.until <= office.clock.now():
            raise Refused(_("申请延到的日期已经过去，请由承办单位重新申请。"))
        if grants and waiting.until <= running.at:
            raise Refused(_("这项期限改过，现在比申请延到的还晚，不用再延长。"))
        state = GRANTED if grants else REFUSED
        decided = {"state": state, "answer": answer.strip(), "decided_by": actor.id}
        office.store.update("extension", waiting.id, decided | {"decided_at": stamp(office.clock.now())})
        if grants:
            deadlines.put_off(office, deadline_id, waiting.until)
        until = chinese_date(office_day(waiting.until))
        said = {"label": running.label, "until": until, "words": answer.strip()}
        events.append(office, running.record_id, actor, f"extension_{state}", **said)
        about = {"deadline": deadline_id, "extension": waiting.id}
        office.note(running.unit_id, actor.id, f"extension_{state}", **about)
        consequences.follow(office, running.record_id, f"extension_{state}", actor)


def _decidable(
    office: Office, actor: Account, deadline_id: str, extension_id: str
) -> tuple[Running, Extension]:
    running = deadlines.get(office, actor, deadline_id)
    had = of(office, [deadline_id]).get(deadline_id, [])
    asked = next((one for one in had if one.id == extension_id), None)
    if asked is None:
        raise NotFound(extension_id)
    if asked.state != WAITING:
        raise Refused(_("这次延期申请已经由%(name)s办理。", name=asked.decided_by))
    if not running.is_due:
        raise Refused(_("这项期限已经办结，不用延长。"))
    if not may_decide(actor, running, had):
        raise NotAllowed(_("这次延期不由您批准：批准人须有规定的岗位，并且不是申请人本人。"))
    if recusal.named_among(office, actor, records.find(office, running.record_id), actor):
        raise NotAllowed(_("您是这件事里写到的人，应当回避，这次延期请另一位同志批。"))
    return running, asked
