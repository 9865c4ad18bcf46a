from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from andu.clock import FixedClock
from andu.security import sessions
from andu.security.accounts import Account
from andu.security.envelopes import OwnKey
from andu.store import Store

Make = Callable[..., Account]

MINUTE, HOUR = 60, 3600


def test_session_remembers_its_person_and_its_data(store: Store, clock: FixedClock, make: Make) -> None:
    account = make()
    token = sessions.open(store, clock, account.id, {"csrf": "喆"})
    assert sessions.load(store, clock, token) == sessions.Session(account.id, {"csrf": "喆"})
    assert sessions.load(store, clock, token + "x") is None


def test_visitor_has_a_session_too(store: Store, clock: FixedClock) -> None:
    assert sessions.load(store, clock, sessions.open(store, clock)) == sessions.Session(None, {})


def test_the_private_key_lies_in_a_session_closed_under_its_token_alone(
    store: Store, clock: FixedClock, make: Make
) -> None:
    own, token = OwnKey.fresh(), sessions.renew(store, clock, "", make().id, {})
    sessions.hold(store, token, own)
    living = sessions.load(store, clock, token)
    assert living and living.key == own
    (row,) = store.rows_where("session")
    assert own.privates[0] not in bytes(row["held"]) and own.privates[0] != bytes(row["held"])
    with store.write():
        store.update("session", row["id"], {"id": hashlib.sha256(b"another").hexdigest()})
    moved = sessions.load(store, clock, "another")
    assert moved and moved.key is None


def test_token_is_long_random_and_nowhere_in_the_database(store: Store, clock: FixedClock) -> None:
    first, second = sessions.open(store, clock), sessions.open(store, clock)
    assert first != second
    assert len(first) >= 43
    everything = b"".join(path.read_bytes() for path in store.path.parent.iterdir() if path.is_file())
    assert first.encode() not in everything


def test_session_ends_after_thirty_idle_minutes(store: Store, clock: FixedClock) -> None:
    token = sessions.open(store, clock)
    clock.advance(30 * MINUTE - 1)
    assert sessions.load(store, clock, token)
    clock.advance(1)
    assert sessions.load(store, clock, token) is None


def test_used_session_lives_on_but_never_beyond_twelve_hours(store: Store, clock: FixedClock) -> None:
    token = sessions.open(store, clock)
    for _ in range(12 * 3 - 1):
        clock.advance(20 * MINUTE)
        assert sessions.load(store, clock, token)
        sessions.save(store, clock, token, {})
    clock.advance(20 * MINUTE)
    assert sessions.load(store, clock, token) is None


def test_unchanged_session_is_written_at_most_once_a_minute(store: Store, clock: FixedClock) -> None:
    token = sessions.open(store, clock, None, {"a": 1})
    clock.advance(59)
    assert not sessions.save(store, clock, token, {"a": 1})
    clock.advance(1)
    assert sessions.save(store, clock, token, {"a": 1})
    assert not sessions.save(store, clock, token, {"a": 1})


def test_changed_data_are_written_at_once(store: Store, clock: FixedClock) -> None:
    token = sessions.open(store, clock)
    assert sessions.save(store, clock, token, {"draft": 2})
    assert sessions.load(store, clock, token) == sessions.Session(None, {"draft": 2})


def test_late_save_does_not_bring_back_a_session_that_has_ended(store: Store, clock: FixedClock) -> None:
    token, idle = sessions.open(store, clock), sessions.open(store, clock)
    sessions.end(store, token)
    assert not sessions.save(store, clock, token, {"a": 1})
    assert sessions.load(store, clock, token) is None
    clock.advance(HOUR)
    assert not sessions.save(store, clock, idle, {"a": 1})
    assert sessions.load(store, clock, idle) is None


def test_session_ended_while_it_is_being_saved_stays_ended(
    store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = sessions.open(store, clock)
    write = store.write

    def write_after_somebody_else() -> AbstractContextManager[None]:
        monkeypatch.undo()
        sessions.end(Store(store.path), token)
        return write()

    monkeypatch.setattr(store, "write", write_after_somebody_else)
    assert not sessions.save(store, clock, token, {"a": 1})
    assert sessions.load(store, clock, token) is None


def test_token_planted_before_sign_in_is_worth_nothing_after_it(
    store: Store, clock: FixedClock, make: Make
) -> None:
    account = make()
    planted = sessions.open(store, clock)
    token = sessions.renew(store, clock, planted, account.id, {"a": 1})
    assert token != planted
    assert sessions.load(store, clock, planted) is None
    assert sessions.load(store, clock, token) == sessions.Session(account.id, {"a": 1})


def test_renewing_does_not_stretch_the_twelve_hours_of_the_same_person(
    store: Store, clock: FixedClock, make: Make
) -> None:
    account = make()
    token = sessions.open(store, clock, account.id)
    for _ in range(24):
        assert sessions.load(store, clock, token)
        clock.advance(30 * MINUTE - 1)
        token = sessions.renew(store, clock, token, account.id, {})
    clock.advance(24)
    assert sessions.load(store, clock, token) is None


def test_twelve_hours_begin_with_the_sign_in(store: Store, clock: FixedClock, make: Make) -> None:
    account = make()
    visitor = sessions.open(store, clock)
    clock.advance(20 * MINUTE)
    sessions.renew(store, clock, visitor, account.id, {})
    assert store.count("session", "created_at = ?", ["2026-11-22T01:22:03Z"]) == 1


def test_all_sessions_of_one_person_end_and_nobody_elses(store: Store, clock: FixedClock, make: Make) -> None:
    account, other = make("zhangsan"), make("lisi")
    mine = [sessions.open(store, clock, account.id) for _ in range(3)]
    others = sessions.open(store, clock, other.id)
    assert sessions.end_all(store, account.id, but=mine[0]) == 2
    assert [bool(sessions.load(store, clock, token)) for token in [*mine, others]] == [
        True,
        False,
        False,
        True,
    ]
    assert sessions.end_all(store, account.id) == 1


def test_purge_removes_what_is_over_and_keeps_what_lives(store: Store, clock: FixedClock) -> None:
    sessions.open(store, clock)
    clock.advance(20 * MINUTE)
    young = sessions.open(store, clock)
    clock.advance(10 * MINUTE)
    assert sessions.purge(store, clock) == 1
    assert sessions.load(store, clock, young)
