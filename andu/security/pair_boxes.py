"""What two persons open together and neither alone: for each pair of handlers an envelope within an envelope.
Owns table ``pair_box``.

The outer one opens with the key of whoever approves, and leaves the inner one, which opens with the key of
whoever asked: the one never has what the other could read. The office's own key, which two officers join,
opens them too. Called by ``vault``, inside ``store.write()``.
"""

from __future__ import annotations

from itertools import permutations

from andu.security import case_keys, envelopes, key_pairs
from andu.security.envelopes import Closed, OwnKey
from andu.security.key_pairs import OFFICE, KeyPair
from andu.store import Store


def enough(store: Store) -> bool:
    """Whether two people have keys with whom what needs two could be opened again."""
    return len(_people(store)) > 1


def _people(store: Store) -> list[KeyPair]:
    handlers = case_keys.handlers(store, key_pairs.pins(store))
    return [one for one in handlers if one.owner != OFFICE]


def close(store: Store, token: str, place: str, key: bytes) -> None:
    """Put a key into the envelopes of every two handlers, and of the office; in the place of any before."""
    drop(store, token)
    for asker, other in permutations(_people(store), 2):
        inner = envelopes.seal(asker.public, key, *_about("inner", token, place, asker.owner, other.owner))
        box = envelopes.seal(other.public, inner, *_about("outer", token, place, asker.owner, other.owner))
        _put(store, token, asker, other, box)
    office = key_pairs.pins(store).trusted.get(OFFICE)
    if office is not None:
        box = envelopes.seal(office.public, key, *_about("office", token, place, OFFICE, OFFICE))
        _put(store, token, office, office, box)


def _put(store: Store, token: str, asker: KeyPair, other: KeyPair, box: bytes) -> None:
    row = {"id": f"{token}:{asker.fingerprint}:{other.fingerprint}", "sealed_id": token, "box": box}
    row |= {"asker": asker.owner, "other": other.owner, "fingerprint": other.fingerprint}
    store.insert("pair_box", row)


def open_outer(store: Store, token: str, place: str, asker: str, other: str, key: OwnKey) -> bytes:
    """What whoever approves opens for whoever asked; raises ``Closed``."""
    about = _about("outer", token, place, asker, other)
    known = key.by_fingerprint()
    for row in store.rows_where(
        "pair_box", "sealed_id = ? AND asker = ? AND other = ?", [token, asker, other]
    ):
        if row["fingerprint"] in known:
            return envelopes.unseal(known[row["fingerprint"]], bytes(row["box"]), *about)
    raise Closed(token)


def open_inner(inner: bytes, token: str, place: str, asker: str, other: str, key: OwnKey) -> bytes:
    """The key itself, opened by whoever asked out of what the other has opened; raises ``Closed``."""
    for private in key.privates:
        try:
            return envelopes.unseal(private, inner, *_about("inner", token, place, asker, other))
        except Closed:
            continue
    raise Closed(token)


def by_office(store: Store, token: str, place: str, key: OwnKey) -> bytes:
    """The key itself, opened by the two officers together; raises ``Closed``."""
    known = key.by_fingerprint()
    for row in store.rows_where("pair_box", "sealed_id = ? AND asker = ?", [token, OFFICE]):
        if row["fingerprint"] in known:
            about = _about("office", token, place, OFFICE, OFFICE)
            return envelopes.unseal(known[row["fingerprint"]], bytes(row["box"]), *about)
    raise Closed(token)


def drop(store: Store, token: str) -> None:
    """Remove every envelope of one sealed part."""
    store.execute("DELETE FROM pair_box WHERE sealed_id = ?", [token])


def _about(which: str, token: str, place: str, asker: str, other: str) -> tuple[object, ...]:
    return ("two persons", which, token, place, asker, other)
