"""Who is told now: each working day at the hour of the plan, and soon after something new waits for them.

``tell`` is called by the timer in a thread of its own, in one process at a time; nobody is told twice.
What fails is kept with its way, shown to the admin, and tried again after a while.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

from flask_babel import gettext as _

from andu.clock import OFFICE_ZONE, office_day, parse_stamp, stamp
from andu.office.notices import counting, sending, ways
from andu.office.notices.sending import OneRefused, Unsent
from andu.office.notices.ways import NoticeWay, Plan
from andu.office.office import Office
from andu.security import accounts
from andu.security.accounts import Account
from andu.store import work

APART = timedelta(minutes=15)
"""Nobody is told more often, whatever comes."""
AGAIN = timedelta(minutes=10)
"""After this a way that failed is tried again."""
LATEST = time(20)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Told:
    """What somebody, or a group, was told last: on which day the digest, when, and what waited then."""

    day: str = ""
    at: str = ""
    waiting: frozenset[str] = frozenset()


def tell(office: Office) -> int:
    """Tell whoever is to be told now; how many messages went. Raises nothing for a server that fails.

    Whether there is anybody is looked at first: who only looks takes no lease.
    """
    plan = ways.plan(office)
    if not plan.is_on or not _is_anybody(office, plan):
        return 0
    with work.alone(office.store, "notices") as is_mine:
        return _mails(office, plan) + _robots(office, plan) if is_mine else 0


def _is_anybody(office: Office, plan: Plan) -> bool:
    mail, now = ways.mail(office), office.clock.now()
    known = {one.id: one for one in accounts.all(office.store) if one.is_active}
    by_mail = ways.addresses(office) if mail and not _rests(office, mail) else {}
    groups = [(one, [known[one]]) for one in by_mail if one in known]
    groups += [
        (way.id, list(counting.people(office, way.said["unit"])))
        for way in ways.robots(office)
        if not _rests(office, way)
    ]
    return any(
        _is_time(office, plan, told, now) or _is_news(plan, told, counting.waiting_ids(office, group), now)
        for told, group in ((_told(office, told_id), group) for told_id, group in groups)
    )


def _is_news(plan: Plan, told: _Told, ids: Collection[str], now: datetime) -> bool:
    return plan.at_once and bool(set(ids) - told.waiting) and _is_day(now) and _is_apart(told, now)


def trial(office: Office, way: NoticeWay, to: str = "") -> None:
    """One message to see whether a way works; raises ``Unsent``."""
    text = _("%(office)s 案牍：这是一条试发的通知。", office=office.config.name)
    try:
        if way.kind == ways.MAIL:
            sending.mail(way, to, text, text)
        else:
            sending.robot(way, text)
    except Unsent as fault:
        ways.tried(office, way, str(fault), rests=not isinstance(fault, OneRefused))
        raise
    ways.tried(office, way, "")


def _mails(office: Office, plan: Plan) -> int:
    way = ways.mail(office)
    if way is None:
        return 0
    known = {one.id: one for one in accounts.all(office.store) if one.is_active}
    sent, refused = 0, []
    for account_id, address in sorted(ways.addresses(office).items()):
        if account_id not in known or _rests(office, way):
            continue
        send = partial(sending.mail, way, address)
        try:
            sent += _one(office, plan, way, _Reader(account_id, [known[account_id]], "", send))
        except OneRefused as fault:
            refused.append(str(fault))
        way = ways.mail(office) or way
    if refused:
        ways.tried(office, way, "；".join(refused), rests=False)
    return sent


def _robots(office: Office, plan: Plan) -> int:
    sent = 0
    for way in ways.robots(office):
        if not _rests(office, way):
            group = counting.people(office, way.said["unit"])
            send = partial(_say, way)
            sent += _one(office, plan, way, _Reader(way.id, group, way.said["unit"], send))
    return sent


def _rests(office: Office, way: NoticeWay) -> bool:
    return bool(way.fault and way.tried_at) and office.clock.now() - parse_stamp(way.tried_at) < AGAIN


def _say(way: NoticeWay, head: str, _text: str) -> None:
    sending.robot(way, head)


@dataclass(frozen=True)
class _Reader:
    """One person or one group: whose counts they are, and how they are told head and text."""

    id: str
    group: Sequence[Account]
    unit_id: str
    send: Callable[[str, str], None]


def _one(office: Office, plan: Plan, way: NoticeWay, to: _Reader) -> int:
    """Tell one person or group, if it is time; 1 when a message went."""
    now, told = office.clock.now(), _told(office, to.id)
    is_digest = _is_time(office, plan, told, now)
    ids = counting.waiting_ids(office, to.group)
    if not (is_digest or _is_news(plan, told, ids, now)):
        return 0
    words = counting.of(office, to.group, to.unit_id).words()
    day = office_day(now).isoformat() if is_digest else told.day
    new = _Told(day, stamp(now), frozenset(ids))
    if not words:
        _keep(office, to.id, new)
        return 0
    head = _("%(office)s 案牍：%(what)s", office=office.config.name, what="，".join(words))
    try:
        to.send(head, "\n".join([*words, "", "请登录办理。这里只有件数，没有材料内容。"]))
    except OneRefused:
        _keep(office, to.id, new)
        raise
    except Unsent as fault:
        log.warning("a notice was not sent: %s", fault)
        ways.tried(office, way, str(fault))
        return 0
    ways.tried(office, way, "")
    _keep(office, to.id, new)
    return 1


def _is_time(office: Office, plan: Plan, told: _Told, now: datetime) -> bool:
    """Whether the digest of this day is due: on a working day, from its hour on, not late in the evening."""
    today, hour = office_day(now), now.astimezone(OFFICE_ZONE).time()
    is_new = told.day != today.isoformat()
    return is_new and plan.digest <= hour < max(LATEST, plan.digest) and office.workdays.is_workday(today)


def _is_day(now: datetime) -> bool:
    return time(7) <= now.astimezone(OFFICE_ZONE).time() < LATEST


def _is_apart(told: _Told, now: datetime) -> bool:
    return not told.at or now - parse_stamp(told.at) >= APART


def _told(office: Office, told_id: str) -> _Told:
    row = office.store.get("notice_told", told_id)
    return _Told(row["day"], row["at"], frozenset(json.loads(row["waiting"]))) if row else _Told()


def _keep(office: Office, told_id: str, told: _Told) -> None:
    row = {"day": told.day, "at": told.at, "waiting": json.dumps(sorted(told.waiting))}
    with office.store.write():
        if office.store.get("notice_told", told_id) is None:
            office.store.insert("notice_told", {"id": told_id, **row})
        else:
            office.store.update("notice_told", told_id, row)
