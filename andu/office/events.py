"""What happened to a record, in the past tense; its state is the fold of these. Owns ``record_event``.

Written by the acts inside their own write transaction, next to the audit event of the same name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from andu.clock import stamp
from andu.office.office import Office
from andu.security.accounts import Account
from andu.store import new_id


@dataclass(frozen=True)
class Event:
    """One event of a record. ``at`` is stored UTC text."""

    event: str
    at: str
    actor_id: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Signature:
    """A given signature: who, in which slot, on which version, and with what words.

    ``voided`` is the reason why it no longer counts, or ``None``.
    """

    slot: str
    version: int
    account_id: str
    name: str
    post: str
    unit: str
    opinion: str
    at: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    voided: str | None = None


def append(office: Office, record_id: str, actor: Account | None, event: str, **data: Any) -> None:
    """Append an event; inside ``store.write()``."""
    office.store.insert(
        "record_event",
        {
            "id": new_id(),
            "record_id": record_id,
            "seq": office.store.count("record_event", "record_id = ?", [record_id]) + 1,
            "at": stamp(office.clock.now()),
            "actor_id": actor.id if actor else None,
            "event": event,
            "data": json.dumps(data, ensure_ascii=False),
        },
    )


def of(office: Office, record_id: str) -> list[Event]:
    """All events of a record, oldest first."""
    rows = office.store.rows_where("record_event", "record_id = ?", [record_id], order_by="seq")
    return [_event(row) for row in rows]


def under_way(office: Office) -> dict[str, list[Event]]:
    """The events of every record that still waits for signatures or mending, by record id, in one reading."""
    rows = office.store.query(
        "SELECT record_event.* FROM record_event JOIN record ON record.id = record_event.record_id"
        " WHERE record.state IN ('signing', 'returned') ORDER BY record_event.record_id, record_event.seq"
    )
    found: dict[str, list[Event]] = {}
    for row in rows:
        found.setdefault(row["record_id"], []).append(_event(row))
    return found


def _event(row: Mapping[str, Any]) -> Event:
    return Event(row["event"], row["at"], row["actor_id"], json.loads(row["data"]))


def signatures(events: Iterable[Event]) -> list[Signature]:
    """Every signature ever given, oldest first; those that no longer count carry the reason."""
    given: list[Signature] = []
    for event in events:
        if event.event == "record_signed":
            given.append(Signature(at=event.at, account_id=event.actor_id or "", **event.data))
        elif event.event in ("signature_declined", "record_revised"):
            reason = str(event.data["reason"])
            given = [one if one.voided else _void(one, reason) for one in given]
    return given


def answers(office: Office, record_id: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """All open answers of a record: the clerk's ``values``, and those of the signatures that count."""
    found = {**values}
    for one in signatures(of(office, record_id)):
        found |= one.answers if one.voided is None else {}
    return found


def _void(signature: Signature, reason: str) -> Signature:
    return Signature(**{**signature.__dict__, "voided": reason})
