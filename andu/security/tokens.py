"""Tokens of programs, as rows: of whom, for what, until when. Owns table ``token``.

The secret is shown once, when it is made; the table holds its SHA-256, so that a copy of the database opens
nothing. Making and revoking stand in the audit log, in the same transaction. Who may have one, and what it
opens: ``programs``. Like sessions, tokens end when an account is shut or moved (``accounts``).
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from andu.clock import Clock, stamp
from andu.security import audit
from andu.security.events import Events
from andu.store import Store, new_id

_PREFIX = "andu_"
_SECRET = re.compile(r"andu_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Token:
    """A token without its secret. ``forms`` is empty where it meets every form type that its person meets.

    ``uses`` are keys of ``programs.USES``; times are stored UTC text.
    """

    id: str
    account_id: str
    purpose: str
    uses: tuple[str, ...]
    forms: tuple[str, ...]
    made_at: str
    until: str
    revoked_at: str | None

    def is_good(self, now: str) -> bool:
        """Whether it opens anything at this moment (stored UTC text)."""
        return self.revoked_at is None and now < self.until


def insert(
    store: Store,
    clock: Clock,
    unit_id: str,
    account_id: str,
    purpose: str,
    uses: Sequence[str],
    forms: Sequence[str],
    days: int,
) -> tuple[Token, str]:
    """A new token and its secret, the only time that it is known here; inside ``store.write()``."""
    secret = _PREFIX + secrets.token_urlsafe(32)
    now = clock.now()
    row: dict[str, Any] = {"id": new_id(), "account_id": account_id, "purpose": purpose, "revoked_at": None}
    row |= {"uses": json.dumps(list(uses)), "forms": json.dumps(list(forms))}
    row |= {"made_at": stamp(now), "until": stamp(now + timedelta(days=days))}
    store.insert("token", {**row, "hash": _hash(secret)})
    said = {"token": row["id"], "uses": list(uses), "forms": list(forms)}
    audit.append(store, clock, unit_id, account_id, Events.token_made, **said)
    return _token(row), secret


def of_account(store: Store, account_id: str) -> list[Token]:
    """The tokens of a person, those no longer good too, the latest first."""
    rows = store.rows_where("token", "account_id = ?", [account_id], order_by="made_at DESC, id DESC")
    return [_token(row) for row in rows]


def of_secret(store: Store, clock: Clock, secret: str) -> Token | None:
    """The token with this secret, if it is good now. Never writes."""
    if not _SECRET.fullmatch(secret):
        return None
    rows = store.rows_where("token", "hash = ?", [_hash(secret)])
    token = _token(rows[0]) if rows else None
    return token if token and token.is_good(stamp(clock.now())) else None


def revoke(
    store: Store, clock: Clock, unit_id: str, by_id: str | None, account_id: str, token_id: str = ""
) -> int:
    """Make this token of an account worth nothing, or all of them; returns how many."""
    one = (" AND id = ?", [token_id]) if token_id else ("", [])
    with store.write():
        rows = store.rows_where(
            "token", f"account_id = ? AND revoked_at IS NULL{one[0]}", [account_id, *one[1]]
        )
        for row in rows:
            store.update("token", row["id"], {"revoked_at": stamp(clock.now())})
            audit.append(store, clock, unit_id, by_id, Events.token_revoked, token=row["id"])
    return len(rows)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _token(row: dict[str, Any]) -> Token:
    said = {name: row[name] for name in Token.__dataclass_fields__}
    return Token(**{**said, "uses": tuple(json.loads(row["uses"])), "forms": tuple(json.loads(row["forms"]))})
