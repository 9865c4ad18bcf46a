"""Sealed parts left behind: confidential answers whose writer has handed the rest over to somebody else.

Whoever takes over a draft or a record does not read a reporter's identity with it. It stays sealed to the one
who wrote it down until somebody who may see confidential answers hands it on, with a reason; the
audit log keeps it. Called by the desk and the page of a sealed part.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from andu.office import reasons, records
from andu.office.errors import NotAllowed, NotFound, Refused
from andu.office.office import Office
from andu.office.writing import confidential, drafts
from andu.security import accounts, key_pairs, signin
from andu.security.accounts import Account
from andu.security.envelopes import OwnKey
from andu.security.permissions import may
from andu.security.vault import VaultFault

_LEFT = {
    "draft": "sealed_id IS NOT NULL AND sealed_for IS NOT NULL AND sealed_for <> author_id",
    "record": (
        "sealed_id IS NOT NULL AND taken_by IS NOT NULL AND coalesce(sealed_for, author_id) <> taken_by"
        " AND state IN ('signing', 'returned', 'complete')"
    ),
}


@dataclass(frozen=True)
class Left:
    """A sealed part: of a ``draft`` or ``record``, from whom it stayed with to who goes on with the rest."""

    kind: str
    id: str
    form: str
    unit_id: str
    record_id: str | None
    was: Account
    to: Account


def waiting(office: Office, actor: Account) -> list[Left]:
    """What waits to be handed on by this person; nothing for whoever may not see confidential answers."""
    if not may(actor, "see_confidential"):
        return []
    return [left for kind in _LEFT for left in _left(office, kind, "1=1", [])]


def get(office: Office, actor: Account, kind: str, item_id: str) -> Left:
    """One of them; raises ``NotFound`` and ``NotAllowed``."""
    if not may(actor, "see_confidential"):
        raise NotAllowed(_("保密内容由办公室主任或专管员移交。"))
    found = _left(office, kind, "id = ?", [item_id]) if kind in _LEFT else []
    if not found:
        raise NotFound(item_id)
    return found[0]


def _left(office: Office, kind: str, where: str, params: list[str]) -> list[Left]:
    rows = office.store.rows_where(kind, f"{_LEFT[kind]} AND {where}", params, order_by="created_at, id")
    people = {one.id: one for one in accounts.all(office.store)} if rows else {}
    return [
        Left(
            kind,
            row["id"],
            row["form"],
            row["unit_id"],
            row["record_id"] if kind == "draft" else row["id"],
            people[row["sealed_for"] or row["author_id"]],
            people[row["author_id"] if kind == "draft" else row["taken_by"]],
        )
        for row in rows
    ]


def hand_on(
    office: Office, actor: Account, kind: str, item_id: str, reason: str, password: str, address: str
) -> Left:
    """Let whoever goes on with a draft or record read its sealed part; of a record, in its drafts too.

    Raises ``NotFound``, ``NotAllowed``, ``Refused`` without a reason, and ``SignInRefused``.
    """
    get(office, actor, kind, item_id)
    reason = reasons.require(reason, _("请写明移交保密内容的事由。"))
    signin.confirm_password(office.store, office.clock, actor, password, address)
    key = key_pairs.unlock(office.store, actor.id, password)
    with office.store.write():
        left = get(office, actor, kind, item_id)
        if key is not None:
            _reseal(office, left, key)
        _open(office, left)
        said = {"item": f"{kind}:{item_id}", "to": left.to.id, "reason": reason}
        office.note(left.unit_id, actor.id, "confidential_handed_on", **said)
    return left


def _reseal(office: Office, left: Left, key: OwnKey) -> None:
    """Seal it to whoever goes on, no longer to whoever left; raises ``Refused`` where they have no key."""
    places = [
        (row["sealed_id"], drafts.place_of(row["id"]))
        for row in office.store.rows_where("draft", _DRAFTS, [left.id, left.record_id, left.to.id])
        if row["sealed_id"]
    ]
    if left.record_id:
        record = records.find(office, left.record_id)
        places += [(record.sealed_id, confidential.where(office, record))] if record.sealed_id else []
    try:
        for token, place in places:
            office.vault.hand_on(token, place, key, left.to.id)
    except VaultFault as fault:
        raise Refused(str(fault)) from fault


_DRAFTS = "(id = ? OR record_id = ?) AND author_id = ?"


def _open(office: Office, left: Left) -> None:
    to = left.to.id
    office.store.execute(
        f"UPDATE draft SET sealed_for = NULL WHERE {_DRAFTS}",
        [left.id, left.record_id, to],
    )
    office.store.execute(
        "UPDATE record SET sealed_for = ? WHERE id = ? AND taken_by = ?", [to, left.record_id, to]
    )
