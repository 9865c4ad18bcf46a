"""Keys of cases: to the public half is sealed what says who reported. Owns ``case_key``, ``case_envelope``.

The private half of a case's key is nowhere but in envelopes: one for each handler who is named then (whoever
holds the right over what is sealed, ``vault_rights``), one for the office's own pair where it has one. So
sealing takes public keys alone, and the machine by itself opens nothing. Where no handler has a pair yet the
writer is named until one has. The fingerprint of each key stands in the audit log; one that was exchanged
there is refused, and a next generation made. Called by ``vault``, inside ``store.write()``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from andu.clock import Clock, stamp
from andu.security import audit, envelopes, key_pairs, marks, vault_rights
from andu.security.envelopes import Closed, OwnKey
from andu.security.events import Events
from andu.security.key_pairs import KeyPair, Pins
from andu.store import Store

AT_ONCE = 500


class NobodyHolds(Exception):
    """There is nobody yet to whom anything could be sealed; the Chinese message says so."""


@dataclass(frozen=True)
class CaseKey:
    """The public half of the newest key of a case."""

    case_id: str
    generation: int
    public: bytes


def handlers(store: Store, pins: Pins) -> list[KeyPair]:
    """The pairs that every case is sealed to: of those who hold the right now, and the office's own."""
    owners = [*vault_rights.holding(store), key_pairs.OFFICE]
    return [pins.trusted[one] for one in owners if one in pins.trusted]


# --- sealing --------------------------------------------------------------------------------------


_ROTATION = "rotation of case keys"


def rotation(store: Store) -> int:
    """Which rotation a key that is made now belongs to."""
    return int(marks.get(store, _ROTATION) or 0)


def next_rotation(store: Store) -> int:
    """Every key of before is old from now on; within ``store.write()``."""
    marks.put(store, _ROTATION, str(rotation(store) + 1))
    return rotation(store)


def renew(store: Store, clock: Clock, case_id: str, writer_id: str) -> CaseKey:
    """A next key for a case; within ``store.write()``. Raises ``NobodyHolds``."""
    newest = _newest(store, case_id)
    return _make(store, clock, case_id, newest["generation"] + 1 if newest else 1, writer_id)


def drop_before(store: Store, case_id: str, generation: int) -> None:
    """Nothing is sealed to the earlier keys of a case any more: they go, and their envelopes."""
    for table in ("case_envelope", "case_key"):
        store.execute(f"DELETE FROM {table} WHERE case_id = ? AND generation < ?", [case_id, generation])


def older(store: Store, limit: int) -> list[str]:
    """Cases whose newest key, or any that something is sealed to, is of an earlier rotation."""
    rows = store.query(
        "SELECT DISTINCT case_id FROM case_key WHERE rotation < ? ORDER BY case_id LIMIT ?",
        [rotation(store), limit],
    )
    return [str(row["case_id"]) for row in rows]


def count_older(store: Store) -> int:
    """How many cases are left of the rotation."""
    said = "SELECT count(DISTINCT case_id) AS n FROM case_key WHERE rotation < ?"
    return int(store.query(said, [rotation(store)])[0]["n"])


def for_sealing(store: Store, clock: Clock, case_id: str, writer_id: str) -> CaseKey:
    """The key that is sealed to now, made where there is none yet; raises ``NobodyHolds``."""
    newest = _newest(store, case_id)
    if newest is not None and newest["is_open"] and _is_pinned(store, newest):
        return CaseKey(case_id, newest["generation"], bytes(newest["public"]))
    if newest is not None and newest["is_open"]:
        _refuse(store, clock, f"case:{case_id}", newest["fingerprint"])
    return _make(store, clock, case_id, newest["generation"] + 1 if newest else 1, writer_id)


def _newest(store: Store, case_id: str) -> dict[str, Any] | None:
    rows = store.rows_where("case_key", "case_id = ?", [case_id], order_by="generation DESC", limit=1)
    return rows[0] if rows else None


def _is_pinned(store: Store, row: dict[str, Any]) -> bool:
    said = {"case": row["case_id"], "generation": row["generation"], "fingerprint": row["fingerprint"]}
    is_same = envelopes.fingerprint(bytes(row["public"])) == row["fingerprint"]
    return is_same and audit.is_told(store, row["audit_id"], Events.case_key_made, said)


def _make(store: Store, clock: Clock, case_id: str, generation: int, writer_id: str) -> CaseKey:
    pins = key_pairs.pins(store)
    named = handlers(store, pins)
    if not [one for one in named if one.owner != key_pairs.OFFICE] and writer_id in pins.trusted:
        named.append(pins.trusted[writer_id])
    for one in pins.refused:
        _refuse(store, clock, one.owner, one.fingerprint)
    if not named:
        raise NobodyHolds(
            _("还没有人能打开举报人信息：请先让办公室主任或专管员登录一次，设好自己的密码，再填这一项。")
        )
    private = envelopes.new_private()
    public = envelopes.public_of(private)
    said = {"case": case_id, "generation": generation, "fingerprint": envelopes.fingerprint(public)}
    row = {
        "id": f"{case_id}:{generation}",
        "case_id": case_id,
        "generation": generation,
        "public": public,
        "fingerprint": said["fingerprint"],
        "audit_id": audit.append(store, clock, audit.OFFICE, None, Events.case_key_made, **said),
        "made_at": stamp(clock.now()),
        "rotation": rotation(store),
    }
    store.insert("case_key", row)
    for one in named:
        enclose(store, case_id, generation, private, one)
    return CaseKey(case_id, generation, public)


def _refuse(store: Store, clock: Clock, whose: str, fingerprint: str) -> None:
    """Note once that a public key is not the one the audit log knows."""
    said = {"of": whose, "fingerprint": fingerprint}
    if not any(entry.data == said for entry in audit.told(store, Events.key_refused)):
        audit.append(store, clock, audit.OFFICE, None, Events.key_refused, **said)


def enclose(store: Store, case_id: str, generation: int, private: bytes, to: KeyPair) -> None:
    """Put the private half of a case's key into an envelope for one more person."""
    about = _about(case_id, generation, to.owner, to.fingerprint)
    row = {
        "id": f"{case_id}:{generation}:{to.owner}:{to.generation}",
        "case_id": case_id,
        "generation": generation,
        "holder": to.owner,
        "fingerprint": to.fingerprint,
        "sealed": envelopes.seal(to.public, private, *about),
    }
    store.insert("case_envelope", row)


def _about(case_id: str, generation: int, holder: str, fingerprint: str) -> tuple[object, ...]:
    return ("case key", case_id, generation, holder, fingerprint)


# --- opening --------------------------------------------------------------------------------------


def private_of(store: Store, case_id: str, generation: int, key: OwnKey) -> bytes:
    """The private half of a case's key, from an envelope that this person can open; raises ``Closed``."""
    known = key.by_fingerprint()
    rows = store.rows_where("case_envelope", "case_id = ? AND generation = ?", [case_id, generation])
    for row in rows:
        if row["fingerprint"] in known:
            return _opened(row, known[row["fingerprint"]])
    raise Closed(case_id)


def _opened(row: dict[str, Any], private: bytes) -> bytes:
    about = _about(row["case_id"], row["generation"], row["holder"], row["fingerprint"])
    return envelopes.unseal(private, bytes(row["sealed"]), *about)


# --- handing on -----------------------------------------------------------------------------------


def catch_up(store: Store, owner: str, key: OwnKey, limit: int = AT_ONCE) -> int:
    """Seal what this person holds to every handler who has come since; how many envelopes were made.

    A writer who held a case until somebody else could holds it no longer then.
    """
    made = 0
    for one in handlers(store, key_pairs.pins(store)):
        for row in _missing(store, key, one, limit - made):
            enclose(store, row["case_id"], row["generation"], _opened(row, row["private"]), one)
            made += 1
    holding = vault_rights.holding(store)
    if made:
        store.bind()
    if made and owner not in (*holding, key_pairs.OFFICE):
        marks = ", ".join("?" * len(holding))
        held = f"SELECT case_id FROM case_envelope AS other WHERE other.holder IN ({marks})"
        store.execute(
            f"DELETE FROM case_envelope WHERE holder = ? AND case_id IN ({held})", [owner, *holding]
        )
    return made


def catch_up_all(store: Store, owner: str, key: OwnKey) -> None:
    """As ``catch_up``, until nothing is left."""
    while catch_up(store, owner, key) == AT_ONCE:
        pass


def held_with(store: Store, key: OwnKey) -> list[tuple[str, int]]:
    """The cases, with their generations, of which this key opens an envelope."""
    rows = [
        row
        for mine in key.by_fingerprint()
        for row in store.rows_where("case_envelope", "fingerprint = ?", [mine], order_by="id")
    ]
    return [(row["case_id"], row["generation"]) for row in rows]


def _missing(store: Store, key: OwnKey, to: KeyPair, limit: int) -> Iterable[dict[str, Any]]:
    """Envelopes that this key opens, of keys that ``to`` has no envelope of."""
    for mine, private in key.by_fingerprint().items():
        if mine == to.fingerprint or limit <= 0:
            continue
        rows = store.query(
            "SELECT mine.* FROM case_envelope AS mine WHERE mine.fingerprint = ? AND NOT EXISTS"
            " (SELECT 1 FROM case_envelope AS other WHERE other.case_id = mine.case_id"
            " AND other.generation = mine.generation AND other.fingerprint = ?)"
            " ORDER BY mine.case_id, mine.generation LIMIT ?",
            [mine, to.fingerprint, limit],
        )
        yield from ({**row, "private": private} for row in rows)


# --- leaving --------------------------------------------------------------------------------------


def held_alone(store: Store, holder: str) -> list[str]:
    """The cases that open for this person and for nobody else who holds the right and is at work."""
    rows = store.query(
        "SELECT DISTINCT mine.case_id FROM case_envelope AS mine WHERE mine.holder = ? AND NOT EXISTS"
        " (SELECT 1 FROM case_envelope AS other JOIN vault_right ON vault_right.account_id = other.holder"
        " JOIN account ON account.id = other.holder WHERE other.case_id = mine.case_id"
        " AND other.generation = mine.generation AND other.holder <> mine.holder"
        " AND vault_right.state = 'held' AND account.state = 'active') ORDER BY mine.case_id",
        [holder],
    )
    return [str(row["case_id"]) for row in rows]


def close(store: Store, holder: str, for_good: bool) -> None:
    """Somebody goes: what is written later is sealed to a next generation of each key that they know.

    ``for_good``: they handle reporters no longer, and their envelopes go; else those wait for them.
    """
    held = "SELECT case_id FROM case_envelope WHERE holder = ?"
    store.execute(f"UPDATE case_key SET is_open = 0 WHERE is_open = 1 AND case_id IN ({held})", [holder])
    if for_good:
        store.execute("DELETE FROM case_envelope WHERE holder = ?", [holder])
