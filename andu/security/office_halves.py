"""The office's own pair, which opens every case: its private key in two halves. Owns table ``office_half``.

Each half (one is chance, the other the private key masked by it) is sealed to the public key of one officer;
one alone says nothing, and the whole is nowhere in the store. Called by ``office.handover.office_key``, which
joins them while both officers give their passwords.
"""

from __future__ import annotations

import secrets

from andu.clock import Clock
from andu.security import envelopes, key_pairs
from andu.security.envelopes import Closed, OwnKey
from andu.security.key_pairs import OFFICE, KeyPair
from andu.store import Store


def pair(store: Store) -> KeyPair | None:
    """The office's pair that counts now, if it has one."""
    return key_pairs.pins(store).trusted.get(OFFICE)


def officers(store: Store) -> list[str]:
    """The two who hold the halves of the pair that counts now."""
    now = pair(store)
    if now is None:
        return []
    rows = store.rows_where("office_half", "generation = ?", [now.generation], order_by="id")
    return [str(row["holder"]) for row in rows]


def set_up(store: Store, clock: Clock, by_id: str, first: KeyPair, second: KeyPair) -> KeyPair:
    """A new pair in two halves, in the place of any before; within ``store.write()``."""
    private = envelopes.new_private()
    made = key_pairs.enter_office(store, clock, by_id, envelopes.public_of(private))
    mask = secrets.token_bytes(envelopes.KEY_LENGTH)
    store.execute("DELETE FROM office_half")
    for officer, half in ((first, mask), (second, _joined(mask, private))):
        about = _about(made.generation, officer.owner)
        row = {
            "id": f"{made.generation}:{officer.owner}",
            "generation": made.generation,
            "holder": officer.owner,
            "sealed": envelopes.seal(officer.public, half, *about),
        }
        store.insert("office_half", row)
    return made


def join(store: Store, keys: dict[str, OwnKey | None]) -> OwnKey | None:
    """The office's private key, from the halves that these officers open; None where they do not fit."""
    now = pair(store)
    if now is None:
        return None
    halves = [
        half
        for row in store.rows_where("office_half", "generation = ?", [now.generation], order_by="id")
        if (half := _half(row["holder"], now.generation, bytes(row["sealed"]), keys.get(row["holder"])))
    ]
    if len(halves) != 2:
        return None
    private = _joined(*halves)
    return OwnKey((private,)) if envelopes.public_of(private) == now.public else None


def _half(holder: str, generation: int, sealed: bytes, key: OwnKey | None) -> bytes | None:
    for private in key.privates if key else ():
        try:
            return envelopes.unseal(private, sealed, *_about(generation, holder))
        except Closed:
            continue
    return None


def _joined(one: bytes, other: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(one, other, strict=True))


def _about(generation: int, holder: str) -> tuple[object, ...]:
    return ("office half", generation, holder)
