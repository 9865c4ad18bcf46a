"""One's deadlines for the calendar of a telephone: of which paper, by when; no title and no name leaves here.

What lies on the desk, and no more, is in the feed. It is read without a session, by whoever knows the secret
address: so it says only the kind and the number of each paper. Reads only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from andu.office.office import Office
from andu.office.timing import deadlines
from andu.security.accounts import Account


@dataclass(frozen=True)
class FedDeadline:
    """``id`` of the deadline, kind of its paper, its number ('' without one), the moment (aware) it ends."""

    id: str
    kind: str
    number: str
    at: datetime


def of(office: Office, actor: Account) -> list[FedDeadline]:
    """What is due on this person's desk, the soonest first."""
    running = deadlines.waiting(office, actor)
    ids = sorted({one.record_id for one in running if one.is_open})
    marks = ", ".join("?" * len(ids))
    rows = office.store.query(f"SELECT record_id, number FROM register WHERE record_id IN ({marks})", ids)
    numbers = {row["record_id"]: row["number"] for row in rows}
    titles = {form_type.slug: form_type.title for form_type in office.catalogue.all()}
    return [
        FedDeadline(one.id, titles.get(one.form, one.form), numbers.get(one.record_id, ""), one.at)
        for one in running
    ]
