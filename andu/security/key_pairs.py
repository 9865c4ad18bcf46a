"""Key pairs of people: to the public half is sealed what they may open. Owns table ``key_pair``.

The private half stands in the database only closed: under a key from the person's own password (Argon2id),
and under a recovery code that is on paper and nowhere else. A password that somebody else has set opens
nothing; then the old pair waits, and a new one is made beside it (``generation``), to which nothing is sealed
before a second person has confirmed it. The fingerprint of each pair that counts stands in the audit log:
one that was exchanged in the database is named and gets nothing. Called by ``accounts``, ``signin`` and the
acts of ``office.handover``; the office's own pair is ``OFFICE``'s.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from andu.clock import Clock, stamp
from andu.security import audit, envelopes, passwords
from andu.security.envelopes import Closed, OwnKey
from andu.security.events import Events
from andu.store import Store

OFFICE = "office"
"""The owner of the pair that opens everything, whose private half two officers hold in halves."""
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_GROUPS, _LONG = 6, 4


@dataclass(frozen=True)
class KeyPair:
    """A pair as stored; ``private`` is nowhere in it."""

    owner: str
    generation: int
    public: bytes
    fingerprint: str
    is_pinned: bool
    has_code: bool
    made_at: str


def _pair(row: dict[str, Any]) -> KeyPair:
    return KeyPair(
        owner=row["owner"],
        generation=row["generation"],
        public=bytes(row["public"]),
        fingerprint=row["fingerprint"],
        is_pinned=bool(row["is_pinned"]),
        has_code=bool(row["is_code_proved"]),
        made_at=row["made_at"],
    )


def of(store: Store, owner: str) -> list[KeyPair]:
    """Every pair of a person, the first generation first."""
    return [_pair(row) for row in _rows(store, owner)]


def _rows(store: Store, owner: str) -> list[dict[str, Any]]:
    return store.rows_where("key_pair", "owner = ?", [owner], order_by="generation")


# --- which of them count --------------------------------------------------------------------------


@dataclass(frozen=True)
class Pins:
    """The newest pair of each owner that the audit log vouches for, and those it does not."""

    trusted: dict[str, KeyPair]
    refused: tuple[KeyPair, ...]


def pins(store: Store) -> Pins:
    """Which public keys may be sealed to: those whose fingerprint the audit log tells as it stands here."""
    told = {
        (entry.data["account"], entry.data["generation"]): entry.data["fingerprint"]
        for entry in audit.told(store, Events.key_pair_pinned)
    }
    trusted: dict[str, KeyPair] = {}
    refused = []
    for row in store.rows_where("key_pair", "is_pinned = 1", order_by="owner, generation"):
        pair = _pair(row)
        if told.get((pair.owner, pair.generation)) == envelopes.fingerprint(pair.public) == pair.fingerprint:
            trusted[pair.owner] = pair
        else:
            refused.append(pair)
    return Pins(trusted, tuple(refused))


def pin(store: Store, clock: Clock, by_id: str | None, owner: str) -> KeyPair | None:
    """The newest pair of a person counts from now on; inside ``store.write()``. None where there is none."""
    pairs = of(store, owner)
    if not pairs or pairs[-1].is_pinned:
        return pairs[-1] if pairs else None
    store.update("key_pair", _id(owner, pairs[-1].generation), {"is_pinned": 1})
    _tell(store, clock, by_id, Events.key_pair_pinned, pairs[-1])
    return pairs[-1]


def _tell(store: Store, clock: Clock, by_id: str | None, event: Events, pair: KeyPair) -> None:
    said = {"account": pair.owner, "generation": pair.generation, "fingerprint": pair.fingerprint}
    audit.append(store, clock, audit.OFFICE, by_id, event, **said)


# --- making, and closing anew ---------------------------------------------------------------------


def make(store: Store, clock: Clock, owner: str, password: str) -> OwnKey:
    """A new pair, closed under the person's own password; the first of a person counts at once."""
    private = envelopes.new_private()
    with store.write():
        return _enter(store, clock, owner, private, password)


def _enter(store: Store, clock: Clock, owner: str, private: bytes, password: str) -> OwnKey:
    earlier = of(store, owner)
    generation = earlier[-1].generation + 1 if earlier else 1
    public = envelopes.public_of(private)
    row = {
        "id": _id(owner, generation),
        "owner": owner,
        "generation": generation,
        "public": public,
        "fingerprint": envelopes.fingerprint(public),
        "is_pinned": int(not earlier),
        "by_password": _under_password(private, password, owner, generation),
        "made_at": stamp(clock.now()),
    }
    store.insert("key_pair", row)
    event = Events.key_pair_made if earlier else Events.key_pair_pinned
    _tell(store, clock, owner, event, of(store, owner)[-1])
    return OwnKey((private,))


def enter_office(store: Store, clock: Clock, by_id: str, public: bytes) -> KeyPair:
    """The public half of the office's own pair; it counts at once. Within ``store.write()``."""
    earlier = of(store, OFFICE)
    generation = earlier[-1].generation + 1 if earlier else 1
    row = {"id": _id(OFFICE, generation), "owner": OFFICE, "generation": generation, "public": public}
    row |= {"fingerprint": envelopes.fingerprint(public), "is_pinned": 1, "by_password": ""}
    store.insert("key_pair", row | {"made_at": stamp(clock.now())})
    _tell(store, clock, by_id, Events.key_pair_pinned, of(store, OFFICE)[-1])
    return of(store, OFFICE)[-1]


def ensure(store: Store, clock: Clock, owner: str, password: str) -> OwnKey | None:
    """What this password opens; a first pair where the person has none yet."""
    if not _rows(store, owner):
        return make(store, clock, owner, password)
    return unlock(store, owner, password)


def unlock(store: Store, owner: str, password: str) -> OwnKey | None:
    """The private halves that this password opens; None for none of them."""
    found = [private for row in _rows(store, owner) if (private := _by_password(row, password)) is not None]
    return OwnKey(tuple(found)) if found else None


def follow_password(store: Store, clock: Clock, owner: str, was: OwnKey | None, password: str) -> OwnKey:
    """The person has set this password: what ``was`` opens is closed under it, or else a new pair made.

    Where the one before could not be opened it stays as it is, and waits for its code or for a second person.
    """
    known = was.by_fingerprint() if was else {}
    mine = [row for row in _rows(store, owner) if row["fingerprint"] in known]
    with store.write():
        if not mine:
            _drop_unconfirmed(store, owner)
            return make(store, clock, owner, password)
        for row in mine:
            private = known[row["fingerprint"]]
            closed = _under_password(private, password, owner, row["generation"])
            store.bind()
            store.update("key_pair", row["id"], {"by_password": closed})
    return OwnKey(tuple(known[row["fingerprint"]] for row in mine))


def _drop_unconfirmed(store: Store, owner: str) -> None:
    """A pair that nothing was ever sealed to, since nobody has confirmed it, is worth nothing."""
    store.execute("DELETE FROM key_pair WHERE owner = ? AND is_pinned = 0", [owner])


# --- the code on paper ----------------------------------------------------------------------------


def new_code() -> str:
    """A code for paper: 24 letters, 118 bits of chance."""
    return "-".join("".join(secrets.choice(LETTERS) for _n in range(_LONG)) for _g in range(_GROUPS))


def keep_code(store: Store, owner: str, key: OwnKey, code: str) -> None:
    """Close what is open under a new code as well; it counts as proved only when it was typed back."""
    known = key.by_fingerprint()
    with store.write():
        store.bind()
        for row in _rows(store, owner):
            if row["fingerprint"] in known:
                about = _about("code", owner, row["generation"])
                closed = envelopes.lock(_code_key(code), known[row["fingerprint"]], *about)
                said = {"by_code": base64.b64encode(closed).decode(), "is_code_proved": 0}
                store.update("key_pair", row["id"], said)


def prove_code(store: Store, owner: str) -> None:
    """The code was typed back off the paper."""
    with store.write():
        store.bind()
        store.execute("UPDATE key_pair SET is_code_proved = 1 WHERE owner = ? AND by_code <> ''", [owner])


def by_code(store: Store, owner: str, code: str) -> OwnKey | None:
    """The private halves that a code off the paper opens; None for none of them."""
    found = []
    for row in _rows(store, owner):
        if not row["by_code"]:
            continue
        try:
            about = _about("code", owner, row["generation"])
            found.append(envelopes.unlock(_code_key(code), base64.b64decode(row["by_code"]), *about))
        except Closed:
            continue
    return OwnKey(tuple(found)) if found else None


def take_back(store: Store, owner: str, key: OwnKey, password: str) -> None:
    """The code has opened a pair that waited: it is closed under the password of today, and counts again."""
    known = key.by_fingerprint()
    with store.write():
        store.bind()
        _drop_unconfirmed(store, owner)
        for row in _rows(store, owner):
            if row["fingerprint"] in known:
                closed = _under_password(known[row["fingerprint"]], password, owner, row["generation"])
                store.update("key_pair", row["id"], {"by_password": closed})


# --- closing under a password or a code -----------------------------------------------------------


def _under_password(private: bytes, password: str, owner: str, generation: int) -> str:
    salt, cost = secrets.token_bytes(16), passwords.cost()
    closed = envelopes.lock(
        passwords.key_of(password, salt, cost), private, *_about("password", owner, generation)
    )
    said = {
        "salt": base64.b64encode(salt).decode(),
        "cost": cost,
        "closed": base64.b64encode(closed).decode(),
    }
    return json.dumps(said)


def _by_password(row: dict[str, Any], password: str) -> bytes | None:
    if not row["by_password"]:
        return None
    said = json.loads(row["by_password"])
    key = passwords.key_of(password, base64.b64decode(said["salt"]), said["cost"])
    try:
        about = _about("password", row["owner"], row["generation"])
        return envelopes.unlock(key, base64.b64decode(said["closed"]), *about)
    except Closed:
        return None


def _code_key(code: str) -> bytes:
    plain = "".join(char for char in code.upper() if char in LETTERS)
    return HKDF(SHA256(), envelopes.KEY_LENGTH, salt=None, info=b"andu recovery code").derive(plain.encode())


def _about(how: str, owner: str, generation: int) -> Iterable[object]:
    return ("key pair", how, owner, generation)


def _id(owner: str, generation: int) -> str:
    return f"{owner}:{generation}"
