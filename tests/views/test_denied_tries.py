"""Somebody who knocks at shut doors is in the audit log, with how often, and cannot fill it."""

from __future__ import annotations

from typing import Any

from andu.clock import FixedClock
from andu.office import timer
from andu.office.office import Office
from andu.security import audit, denials
from tests.views.conftest import SignedIn

HOUR = 3600


def denied(office: Office) -> list[dict[str, Any]]:
    found = [one for one in audit.recent(office.store, limit=1000) if one.event == "access_denied"]
    return [dict(one.data) for one in reversed(found)]


def test_one_door_is_one_event_an_hour_and_one_more_that_counts(
    office: Office, signed_in: SignedIn, clock: FixedClock
) -> None:
    clerk = signed_in("zhangsan")
    for _time in range(40):
        assert clerk.get("/accounts/").status_code == 403
    assert [(one["target"], one["tries"]) for one in denied(office)] == [("/accounts/", 1)]
    timer.once(office)
    assert len(denied(office)) == 1
    clock.advance(HOUR)
    timer.once(office)
    timer.once(office)
    assert [(one["target"], one["tries"]) for one in denied(office)] == [
        ("/accounts/", 1),
        ("/accounts/", 39),
    ]


def test_the_next_hour_begins_anew_and_loses_no_try(
    office: Office, signed_in: SignedIn, clock: FixedClock
) -> None:
    for _hour in range(2):
        clerk = signed_in("zhangsan")
        for _time in range(3):
            clerk.get("/accounts/")
        clock.advance(HOUR)
    assert [one["tries"] for one in denied(office)] == [1, 2, 1]


def test_a_thousand_doors_are_bounded_and_all_counted(
    office: Office, signed_in: SignedIn, clock: FixedClock
) -> None:
    clerk = signed_in("zhangsan")
    doors = denials.MOST + 30
    for number in range(doors):
        assert clerk.get(f"/records/{number:032x}").status_code == 404
    told = denied(office)
    assert len({one["target"] for one in told}) == len(told) == denials.MOST + 1
    clock.advance(HOUR)
    timer.once(office)
    assert sum(one["tries"] for one in denied(office)) == doors
    assert len(denied(office)) == denials.MOST + 2
    assert audit.verify(office.store) == []
