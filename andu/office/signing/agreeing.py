"""Papers opened and agreed to one after another, then signed under one password. Owns table ``agreed``.

Agreeing signs nothing: it keeps that this person had this version before them, with which opinion, for half a
day. ``signatures.sign_several`` signs what was agreed to. Only where the office file says ``sign_together``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _

from andu.clock import stamp
from andu.office import cases, records
from andu.office.errors import NotAllowed, Refused
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import signatures
from andu.office.signing.signatures import ToSign
from andu.office.turns.slots import Turn
from andu.security.accounts import Account
from andu.security.permissions import may, require

LASTS = timedelta(hours=12)


@dataclass(frozen=True)
class Agreed:
    """A paper this person has agreed to, and where they are to sign."""

    record: Record
    turn: Turn
    opinion: str


def may_agree(office: Office, actor: Account, record: Record, turn: Turn) -> bool:
    """Whether this paper may be signed together with others: not where the signer fills something."""
    setting = office.config.sign_together
    if setting is None or turn.slot.fields or cases.why_late(office, actor, record):
        return False
    has_secret = record.sealed_id is not None or bool(records.form_type_of(office, record).confidential_keys)
    return setting.confidential or not has_secret


def is_full(office: Office, found: Sequence[Agreed]) -> bool:
    """Whether no more may be signed at once."""
    return office.config.sign_together is not None and len(found) >= office.config.sign_together.most


def agree(office: Office, actor: Account, record_id: str, slot: str, version: int, opinion: str) -> None:
    """Keep that this person has opened this version and agrees. Signs nothing.

    Raises ``NotFound``, ``NotAllowed`` (not this person's turn, or a paper to be signed by itself) and
    ``Refused`` (another version, or as many as may be signed at once are there).
    """
    record = records.get(office, actor, record_id)
    turn = signatures.turn(office, actor, record)
    if turn is None or turn.slot.key != slot:
        raise NotAllowed(signatures.why_not(office, actor, record))
    if record.version != version:
        raise Refused(_("您看的是第 %(n)s 稿，内容刚刚改过。请看过新稿再签。", n=version))
    if not may_agree(office, actor, record, turn):
        raise NotAllowed(_("这份材料要单独签字，请输密码。"))
    if is_full(office, [one for one in agreed(office, actor) if one.record.id != record_id]):
        raise Refused(_("一次最多签这么多份，请先把已同意的签完。"))
    row = {"account_id": actor.id, "record_id": record_id, "slot": slot, "version": version}
    with office.store.write():
        _forget(office, actor, record_id)
        office.store.insert("agreed", row | {"opinion": opinion, "at": stamp(office.clock.now())})


def agreed(office: Office, actor: Account) -> list[Agreed]:
    """What this person has agreed to and can still sign as they saw it, in the order of agreeing."""
    if office.config.sign_together is None or not may(actor, "sign_named"):
        return []
    since = stamp(office.clock.now() - LASTS)
    rows = office.store.rows_where(
        "agreed", "account_id = ? AND at >= ?", [actor.id, since], order_by="at, record_id"
    )
    marks = ", ".join("?" * len(rows))
    ids = [row["record_id"] for row in rows]
    known = {one.id: one for one in records.select(office, actor, f"record.id IN ({marks})", ids)}
    found = []
    for row in rows:
        record = known.get(row["record_id"])
        turn = signatures.turn(office, actor, record) if record else None
        is_as_seen = record and turn and (turn.slot.key, record.version) == (row["slot"], row["version"])
        if record and turn and is_as_seen and may_agree(office, actor, record, turn):
            found.append(Agreed(record, turn, row["opinion"]))
    return found


def take_back(office: Office, actor: Account, record_id: str) -> None:
    """This person agrees no more: the paper waits for them as before."""
    require(actor, "sign_named")
    with office.store.write():
        _forget(office, actor, record_id)


def sign(
    office: Office, actor: Account, record_ids: Sequence[str], password: str, address: str
) -> tuple[list[Record], dict[str, str]]:
    """Sign what was agreed to, of these records alone: those that stood on the page.

    Answers what was signed, and by title why the others were not. Raises ``SignInRefused``, ``Refused``.
    """
    require(actor, "sign_named")
    listed = [one for one in agreed(office, actor) if one.record.id in record_ids]
    if not listed:
        raise Refused(_("没有可以一并签字的材料，请重新打开待签的材料。"))
    wanted = [ToSign(one.record.id, one.turn.slot.key, one.record.version, one.opinion) for one in listed]
    left = signatures.sign_several(office, actor, wanted, password, address)
    with office.store.write():
        for one in listed:
            _forget(office, actor, one.record.id)
    done = [records.find(office, one.record.id) for one in listed if one.record.id not in left]
    return done, {one.record.title: left[one.record.id] for one in listed if one.record.id in left}


def _forget(office: Office, actor: Account, record_id: str) -> None:
    office.store.execute("DELETE FROM agreed WHERE account_id = ? AND record_id = ?", [actor.id, record_id])
