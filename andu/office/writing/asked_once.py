"""What a program asked for once: the draft that came of it, by the key the program gave. Owns ``asked_once``.

Whoever asks again under the same key, because the answer got lost on the way, gets what was made then;
nothing is made twice. A key is the person's own, and is remembered for a week.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from flask_babel import gettext as _

from andu.clock import Clock, stamp
from andu.office.errors import Refused
from andu.office.office import Office
from andu.security.accounts import Account
from andu.store import Store

KEPT = timedelta(days=7)


class AskedOtherwise(Refused):
    """The key was given before, and something else was asked for then."""


def made(office: Office, actor: Account, key: str, body: str) -> str | None:
    """The id of the draft that was begun under this key; None when it is new. Raises ``AskedOtherwise``."""
    row = office.store.get("asked_once", _id(actor, key))
    if row is None:
        return None
    if row["body"] != _hash(body):
        raise AskedOtherwise(_("这个 Idempotency-Key 已经用在另一个请求上，请换一个。"))
    return str(row["draft_id"])


def note(office: Office, actor: Account, key: str, body: str, draft_id: str) -> None:
    """Remember the draft, within the transaction that began it."""
    row = {"id": _id(actor, key), "body": _hash(body), "draft_id": draft_id}
    office.store.insert("asked_once", {**row, "at": stamp(office.clock.now())})


def forget(office: Office, actor: Account, key: str) -> None:
    """Nothing came of it: the same key may be tried again. Within the caller's transaction."""
    office.store.delete("asked_once", _id(actor, key))


def purge(store: Store, clock: Clock) -> int:
    """Forget what was asked for longer ago; returns how many."""
    over = [stamp(clock.now() - KEPT)]
    if not store.rows_where("asked_once", "at <= ?", over, limit=1):
        return 0
    with store.write():
        return store.execute("DELETE FROM asked_once WHERE at <= ?", over)


def _id(actor: Account, key: str) -> str:
    return _hash(f"{actor.id}\n{key}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
