"""Looking at what needs a second person: one asks with a reason, another approves, and the view ends.

Owns table ``second_look``. Neither opens it alone (``security.pair_boxes``): whoever approves opens the outer
envelope with their password, and what is left opens for whoever asked, until the stated time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from andu.clock import parse_stamp, stamp
from andu.office import conflicts, reasons, records
from andu.office.errors import NotAllowed, NotFound, Refused
from andu.office.office import Office
from andu.office.records import Record
from andu.office.writing import confidential
from andu.security import key_pairs, signin, vault_rights
from andu.security.accounts import Account
from andu.security.envelopes import OwnKey
from andu.security.permissions import may
from andu.security.vault import VaultFault
from andu.store import new_id

VIEW_FOR = timedelta(minutes=30)
ASKED_FOR = timedelta(days=7)


@dataclass(frozen=True)
class SecondLook:
    """Somebody asks to look at a record; ``until`` (a stored moment): approved, and till when."""

    id: str
    record: Record
    asker: Account
    reason: str
    asked_at: str
    until: str | None


def needed(office: Office, record: Record) -> bool:
    """Whether something of a record is opened by two persons alone."""
    return record.sealed_id is not None and office.vault.needs_two(record.sealed_id)


def mine(office: Office, actor: Account, record: Record) -> SecondLook | None:
    """What this person has asked for on a record, while it counts."""
    rows = _rows(office, "record_id = ? AND asked_by = ? AND sealed_id = ?")
    found = [one for one in rows(record.id, actor.id, record.sealed_id) if _counts(office, one)]
    return _look(office, found[-1]) if found else None


def waiting(office: Office, actor: Account) -> list[SecondLook]:
    """What waits for the word of this person; nothing for whoever may not see confidential answers."""
    if not may(actor, vault_rights.ACT):
        return []
    rows = _rows(office, "approved_by IS NULL AND asked_by <> ?")(actor.id)
    shut = conflicts.shut_among(office, actor, [one["record_id"] for one in rows])
    return [_look(office, one) for one in rows if _counts(office, one) and one["record_id"] not in shut]


def _rows(office: Office, where: str) -> Any:
    return lambda *params: office.store.rows_where(
        "second_look", where, list(params), order_by="asked_at, id"
    )


def _counts(office: Office, row: dict[str, Any]) -> bool:
    now = office.clock.now()
    if row["until"]:
        return now < parse_stamp(row["until"])
    return now < parse_stamp(row["asked_at"]) + ASKED_FOR


def _look(office: Office, row: dict[str, Any]) -> SecondLook:
    asker = records.author(office, row["asked_by"])
    record = records.find(office, row["record_id"])
    return SecondLook(row["id"], record, asker, row["reason"], row["asked_at"], row["until"])


def ask(office: Office, actor: Account, record_id: str, reason: str, password: str, address: str) -> None:
    """Ask for a second person's word; raises as ``confidential.ask``, ``Refused`` and ``SignInRefused``."""
    record = confidential.ask(office, actor, record_id)
    if not may(actor, vault_rights.ACT) or not needed(office, record):
        raise NotAllowed(_("这份材料没有要两个人才打得开的内容。"))
    reason = reasons.require(reason, _("请写明查看举报人信息的事由。"))
    signin.confirm_password(office.store, office.clock, actor, password, address)
    with office.store.write():
        if mine(office, actor, record):
            return
        row = {"id": new_id(), "record_id": record.id, "sealed_id": record.sealed_id, "reason": reason}
        row |= {"asked_by": actor.id, "asked_at": stamp(office.clock.now())}
        office.store.insert("second_look", row)
        said = {"record": record.id, "look": row["id"], "reason": reason}
        office.note(record.unit_id, actor.id, "second_look_asked", **said)


def get(office: Office, actor: Account, look_id: str) -> SecondLook:
    """What waits for this person's word, by id; raises ``NotAllowed`` and ``NotFound``."""
    if not may(actor, vault_rights.ACT):
        raise NotAllowed(_("由另一位有保密权限的同志同意。"))
    found = [one for one in waiting(office, actor) if one.id == look_id]
    if not found:
        raise NotFound(look_id)
    return found[0]


def approve(office: Office, actor: Account, look_id: str, password: str, address: str) -> SecondLook:
    """Let somebody look, for so long; raises what ``get`` raises, ``Refused`` and ``SignInRefused``."""
    get(office, actor, look_id)
    signin.confirm_password(office.store, office.clock, actor, password, address)
    key = key_pairs.unlock(office.store, actor.id, password)
    with office.store.write():
        look = get(office, actor, look_id)
        place, token = confidential.where(office, look.record), str(look.record.sealed_id)
        try:
            inner = office.vault.approve(token, place, look.asker.id, actor.id, key or OwnKey(()))
        except VaultFault as fault:
            raise Refused(str(fault)) from fault
        until = stamp(office.clock.now() + VIEW_FOR)
        said = {"approved_by": actor.id, "until": until, "inner_box": inner}
        office.store.update("second_look", look_id, said)
        about = {"record": look.record.id, "look": look_id, "until": until}
        office.note(look.record.unit_id, actor.id, "second_look_approved", **about)
    return look


def opened(office: Office, actor: Account, record: Record, key: OwnKey | None) -> dict[str, Any]:
    """What a second person has let this one see, while it lasts; raises ``VaultLocked``."""
    look = mine(office, actor, record)
    if look is None or look.until is None or key is None:
        return {}
    row = office.store.get("second_look", look.id)
    if row is None:
        raise NotFound(look.id)
    place, inner = confidential.where(office, record), bytes(row["inner_box"])
    return office.vault.open_two(str(record.sealed_id), place, inner, actor.id, row["approved_by"], key)


def reveal(
    office: Office, actor: Account, record_id: str, reason: str, password: str, address: str
) -> dict[str, Any]:
    """As ``confidential.reveal``, with what a second person has let this one see; each is noted."""
    return confidential.reveal(office, actor, record_id, reason, password, address, also=opened)


def purge(office: Office) -> None:
    """Remove what has ended, so that nothing of it opens any more: for the timer."""
    now = office.clock.now()
    ended = "until <= ? OR (until IS NULL AND asked_at <= ?)"
    params = [stamp(now), stamp(now - ASKED_FOR)]
    if office.store.rows_where("second_look", ended, params, limit=1):
        with office.store.write():
            office.store.bind()
            office.store.execute(f"DELETE FROM second_look WHERE {ended}", params)
