"""The feed of one's deadlines (iCalendar, RFC 5545), at an address that is a secret and can be taken back.

A calendar signs in nowhere: whoever has the address has the feed. It is a token for this use alone
(``programs``), made, shown once and revoked like every other.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from icalendar import Calendar, Event

from andu.office.desk import feed
from andu.office.desk.feed import FedDeadline
from andu.office.errors import NotFound
from andu.security import programs
from andu.views.asking import office

blueprint = Blueprint("calendar", __name__, url_prefix="/calendar")
REFRESH = timedelta(hours=1)


@blueprint.get("/<secret>.ics")
def show(secret: str) -> ResponseReturnValue:
    """What is due on the desk of whoever made this address."""
    person = programs.holder(office().store, office().clock, secret, for_calendar=True)
    if person is None:
        raise NotFound
    calendar = Calendar()
    calendar.add("prodid", "-//Andu//deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("案牍期限"))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for one in feed.of(office(), person):
        calendar.add_component(_event(one))
    return Response(calendar.to_ical(), mimetype="text/calendar")


def _event(one: FedDeadline) -> Event:
    event = Event()
    event.add("uid", f"{one.id}@andu")
    event.add("dtstamp", office().clock.now())
    event.add("dtstart", one.at)
    event.add("dtend", one.at)
    event.add("summary", _("%(kind)s %(number)s 到期", kind=one.kind, number=one.number).replace("  ", " "))
    event.add("transp", "TRANSPARENT")
    return event
