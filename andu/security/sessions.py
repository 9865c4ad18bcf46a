"""Sessions on the server, so that one can be ended from here. Owns table ``session``.

Called by the session interface of the views, and by accounts when rights are taken away. The visitor's
cookie holds a random token of 256 bits; the table holds only its SHA-256, so that a copy of the database
opens no session. The private key of whoever signed in lies there closed under a key from that token: it
opens with the cookie alone, and is never in it. A session ends after 30 idle minutes and, whatever happens,
after 12 hours.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from andu.clock import Clock, parse_stamp, stamp
from andu.security import envelopes
from andu.security.envelopes import Closed, OwnKey
from andu.store import Store

IDLE = timedelta(minutes=30)
AHEAD = timedelta(minutes=5)
"""So far ahead of the clock a session may lie; a clock is set right by so much."""
ABSOLUTE = timedelta(hours=12)
TOUCH = timedelta(minutes=1)


@dataclass(frozen=True)
class Session:
    """A session as loaded: whose it is (``None``: not signed in), what it remembers, the person's own key."""

    account_id: str | None
    data: dict[str, Any]
    key: OwnKey | None = None


def _key(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def open(
    store: Store, clock: Clock, account_id: str | None = None, data: dict[str, Any] | None = None
) -> str:
    """Begin a session and return its token, the only time that it is known here."""
    token = secrets.token_urlsafe(32)
    now = stamp(clock.now())
    row = {"account_id": account_id, "data": _json(data or {}), "created_at": now, "seen_at": now}
    with store.write():
        store.insert("session", {"id": _key(token), **row})
    return token


def load(store: Store, clock: Clock, token: str) -> Session | None:
    """The session of this token, or ``None`` when there is none or its time is over. Never writes."""
    row = _living(store, clock, token)
    return Session(row["account_id"], json.loads(row["data"]), _held(token, row["held"])) if row else None


def hold(store: Store, token: str, key: OwnKey | None) -> None:
    """Keep a person's own key for as long as this session lasts, closed under its token."""
    held = envelopes.lock(_closing(token), key.held, "session") if key else b""
    with store.write():
        store.execute("UPDATE session SET held = ? WHERE id = ?", [held, _key(token)])


def _held(token: str, held: bytes) -> OwnKey | None:
    try:
        return OwnKey.from_bytes(envelopes.unlock(_closing(token), bytes(held), "session")) if held else None
    except Closed:
        return None


def _closing(token: str) -> bytes:
    text = token.encode("utf-8", "surrogatepass")
    return HKDF(SHA256(), envelopes.KEY_LENGTH, salt=None, info=b"andu session").derive(text)


def _living(store: Store, clock: Clock, token: str) -> dict[str, Any] | None:
    row = store.get("session", _key(token))
    if row is None:
        return None
    now = clock.now()
    idle, age = now - parse_stamp(row["seen_at"]), now - parse_stamp(row["created_at"])
    is_from_the_future = min(idle, age) < -AHEAD  # the clock was set back: nobody knows how old it is
    return None if is_from_the_future or idle >= IDLE or age >= ABSOLUTE else row


def save(store: Store, clock: Clock, token: str, data: dict[str, Any] | None = None) -> bool:
    """Keep that the session was used and, when given, what it remembers; call it after every request.

    Without ``data`` what it remembers stays as it is by now: a slow request that changed nothing takes
    nothing back that a quick one has changed beside it. Writes only when the data changed or a minute has
    passed. False when it had nothing to write; a session that has ended meanwhile is not brought back.
    """
    row = _living(store, clock, token)
    changed = {} if data is None or row is None or row["data"] == _json(data) else {"data": _json(data)}
    if row is None or (not changed and clock.now() - parse_stamp(row["seen_at"]) < TOUCH):
        return False
    with store.write():
        if store.get("session", row["id"]) is None:
            return False
        store.update("session", row["id"], {**changed, "seen_at": stamp(clock.now())})
    return True


def renew(
    store: Store,
    clock: Clock,
    token: str,
    account_id: str | None,
    data: dict[str, Any],
    key: OwnKey | None = None,
) -> str:
    """Go on under a new token, the old one being worth nothing from now on; ``key``: what it holds then.

    Call it whenever the session changes hands (sign-in, sign-out): a token planted before a sign-in
    must not be signed in. The 12 hours begin again only when the account is another one.
    """
    with store.write():
        old = store.get("session", _key(token))
        end(store, token)
        new = open(store, clock, account_id, data)
        if old is not None and old["account_id"] == account_id:
            store.update("session", _key(new), {"created_at": old["created_at"]})
        hold(store, new, key)
    return new


def end(store: Store, token: str) -> None:
    """End this session, if there is one."""
    with store.write():
        store.delete("session", _key(token))


def end_all(store: Store, account_id: str, but: str | None = None) -> int:
    """End every session of an account, save the one of the token ``but``; returns how many."""
    with store.write():
        return store.execute(
            "DELETE FROM session WHERE account_id = ? AND id <> ?", [account_id, _key(but) if but else ""]
        )


@dataclass(frozen=True)
class SignedIn:
    """A living session of an account: stored moments of its sign-in and last use; is it this one."""

    began: str
    seen: str
    is_this: bool


def of(store: Store, clock: Clock, account_id: str, this: str | None) -> list[SignedIn]:
    """The living sessions of an account, the newest first; ``this``: the token of the one that asks."""
    alive = [stamp(clock.now() - IDLE), stamp(clock.now() - ABSOLUTE)]
    rows = store.rows_where(
        "session",
        "account_id = ? AND seen_at > ? AND created_at > ?",
        [account_id, *alive],
        order_by="created_at DESC, id",
    )
    mine = _key(this) if this else ""
    return [SignedIn(row["created_at"], row["seen_at"], row["id"] == mine) for row in rows]


def end_every(store: Store) -> None:
    """End the sessions of everybody."""
    with store.write():
        store.execute("DELETE FROM session")


def purge(store: Store, clock: Clock) -> int:
    """Remove the sessions whose time is over; returns how many."""
    oldest = [stamp(clock.now() - IDLE), stamp(clock.now() - ABSOLUTE)]
    over = "seen_at <= ? OR created_at <= ?"
    if not store.rows_where("session", over, oldest, limit=1):
        return 0
    with store.write():
        return store.execute(f"DELETE FROM session WHERE {over}", oldest)


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True)
