"""Tries that were denied: each is a fact for the audit log, and no row of it each.

The first of a person at one place is written at once. Those that follow within the hour are counted
(``throttle``), and their number is written when the hour is over; so are all those at other places, once a
person has tried ``MOST``. However often somebody knocks, the log grows by no more than that.
"""

from __future__ import annotations

import json
from datetime import timedelta

from andu.clock import Clock
from andu.security import audit, throttle
from andu.security.accounts import Account
from andu.security.events import Events
from andu.store import Store

HOUR = timedelta(hours=1)
MOST = 50
"""Places that are told apart within an hour, for each person."""
LONGEST = 300
ELSEWHERE = ("", "…")
"""Act and target of the tries at all other places."""
_PREFIX = "denied:"


def note(store: Store, clock: Clock, account: Account, act: str, target: str) -> None:
    """Note that this person was denied an act (the name of a route) at a target (a path)."""
    with store.write():
        key = _key(account, act, target[:LONGEST])
        if not throttle.is_counting(store, clock, key, HOUR):
            places = throttle.counted(store, clock, f"denied-places:{account.id}", HOUR)
            key = key if places <= MOST else _key(account, *ELSEWHERE)
        _settle(store, clock, throttle.ended(store, clock, key, HOUR))
        if throttle.counted(store, clock, key, HOUR) == 1:
            _write(store, clock, key, 1)


def settle(store: Store, clock: Clock) -> None:
    """Write how many more tries there were at each place whose hour is over."""
    if throttle.ended(store, clock, _PREFIX, HOUR):
        with store.write():
            _settle(store, clock, throttle.ended(store, clock, _PREFIX, HOUR))


def _settle(store: Store, clock: Clock, ended: dict[str, int]) -> None:
    for key, tries in ended.items():
        throttle.drop(store, key)
        if tries > 1:
            _write(store, clock, key, tries - 1)


def _key(account: Account, act: str, target: str) -> str:
    return _PREFIX + json.dumps([account.unit_id, account.id, act, target], ensure_ascii=False)


def _write(store: Store, clock: Clock, key: str, tries: int) -> None:
    chain, actor_id, act, target = json.loads(key.removeprefix(_PREFIX))
    audit.append(store, clock, chain, actor_id, Events.access_denied, act=act, target=target, tries=tries)
