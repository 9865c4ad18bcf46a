"""What happened to a record, in the past tense; its state is the fold of these. Owns ``record_event``.

Written by the acts inside their own write transaction, next to the audit event of the same name. An event
holds keys, names and the words that were typed: the sentences about it are made when it is shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from andu.clock import stamp
from andu.office.config import ANY, SignsInstead
from andu.office.office import Office
from andu.security.accounts import Account
from andu.security.permissions import may
from andu.store import new_id


@dataclass(frozen=True)
class Event:
    """One event of a record. ``at`` is stored UTC text."""

    event: str
    at: str
    actor_id: str | None
    data: Mapping[str, Any]

    @property
    def why(self) -> str:
        """Of one that takes signatures back: the sentence that says so. Of old ones it was kept itself."""
        if "reason" in self.data:
            return str(self.data["reason"])
        if self.event == "signature_declined":
            name = in_place_of(self.data["name"], self.data["for_name"])
            return _("%(name)s 退回：%(words)s", name=name, words=self.data["words"])
        said = _("%(name)s 修改了内容（第 %(n)s 稿）。", name=self.data["name"], n=self.data["version"])
        return said + _("此前的签字随之作废。") if self.data["voids"] else said


@dataclass(frozen=True)
class Signature:
    """A given signature: who, in which slot, on which version, and with what words.

    ``voided`` is the reason why it no longer counts, or ``None``. ``for_id`` and ``for_name`` are of the
    absent person for whom a deputy signed. ``how`` is empty on the screen, ``paper`` by hand; then
    ``confirmed_by`` names who read it off the ``scan`` with this id, and ``at`` is the day written there.
    ``recused`` names those who had to stand aside here.
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
    for_id: str = ""
    for_name: str = ""
    how: str = ""
    confirmed_by: str = ""
    scan: str = ""
    recused: str = ""

    @property
    def signer(self) -> str:
        """The name as it stands on screens and papers: 赵六, 赵六（代李四）, or 赵六（李四回避）."""
        return in_place_of(self.name, self.for_name, self.recused)

    @property
    def in_ink(self) -> str:
        """How a signature on paper came in, in words; empty for one on the screen."""
        return _("纸面签署，由%(name)s核对录入", name=self.confirmed_by) if self.how == "paper" else ""


def in_place_of(name: str, for_name: str, recused: str = "") -> str:
    """The name of a signer, for whom if not for themself, and who stood aside."""
    why = [f"代{for_name}"] if for_name else []
    why += [f"{recused}回避"] if recused else []
    return f"{name}（{'，'.join(why)}）" if why else name


@dataclass(frozen=True)
class Recusal:
    """Who must not sign a version of a record, since the matter names them, and who signs in their place.

    ``people`` are names by account; ``slots`` are those that go to the ``ways`` of the office instead.
    """

    people: Mapping[str, str] = field(default_factory=dict)
    slots: tuple[str, ...] = ()
    ways: tuple[SignsInstead, ...] = ()

    def admits(self, person: Account) -> bool:
        """Whether the office lets this person sign in their place."""
        return may(person, "sign") and any(
            set(way.roles) & set(person.roles) and way.unit in (ANY, *person.units) for way in self.ways
        )

    def units_at(self, slot: str) -> set[str]:
        """The units whose people sign this slot instead; none where it goes its usual way."""
        return {way.unit for way in self.ways if way.unit != ANY} if slot in self.slots else set()

    def at(self, slot: str) -> str:
        """The names of those in whose place this slot is signed; empty where it goes its usual way."""
        return "、".join(self.people.values()) if slot in self.slots else ""

    @property
    def data(self) -> dict[str, Any]:
        """As its event keeps it."""
        ways = [{"roles": list(way.roles), "unit": way.unit} for way in self.ways]
        return {"people": dict(self.people), "slots": list(self.slots), "ways": ways}


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


def of_several(office: Office, record_ids: Sequence[str]) -> dict[str, list[Event]]:
    """The events of these records, by record id, oldest first, in one reading."""
    if not record_ids:
        return {}
    marks = ", ".join("?" * len(record_ids))
    rows = office.store.rows_where(
        "record_event", f"record_id IN ({marks})", record_ids, order_by="record_id, seq"
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
            known = {"at": event.at, "account_id": event.actor_id or ""}
            given.append(Signature(**{**known, **event.data}))
        elif event.event in ("signature_declined", "record_revised"):
            given = [one if one.voided else _void(one, event.why) for one in given]
    return given


def rule(events: Sequence[Event]) -> str | None:
    """The key of the rule of signatures that came into force when the version now under way was submitted."""
    begun = [one for one in events if one.event in ("record_submitted", "record_revised")]
    return begun[-1].data.get("rule") if begun else None


def given_to(events: Iterable[Event]) -> dict[str, str]:
    """Slot → the account it was handed over to, in the version now under way."""
    given: dict[str, str] = {}
    for event in events:
        if event.event == "slot_given":
            given[str(event.data["slot"])] = str(event.data["account_id"])
        elif event.event == "record_revised":
            given = {}
    return given


def recusal(events: Iterable[Event]) -> Recusal:
    """Who must not sign the version now under way, as it was found when that was submitted."""
    found = Recusal()
    for event in events:
        if event.event == "signers_recused":
            ways = tuple(SignsInstead(tuple(one["roles"]), one["unit"]) for one in event.data["ways"])
            found = Recusal(event.data["people"], tuple(event.data["slots"]), ways)
        elif event.event == "record_revised":
            found = Recusal()
    return found


def answers(office: Office, record_id: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """All open answers of a record: the clerk's ``values``, and those of the signatures that count."""
    found = {**values}
    for one in signatures(of(office, record_id)):
        found |= one.answers if one.voided is None else {}
    return found


def _void(signature: Signature, reason: str) -> Signature:
    return Signature(**{**signature.__dict__, "voided": reason})
