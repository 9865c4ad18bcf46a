"""What was sealed under a key in a file is sealed to the handlers of its case, until no row is left.

For the timer. Nothing moves before everybody who may open it has signed in once, and so has a key: until then
all of them open it as before. The files are destroyed when the last row has moved, each opened once under its
new key.
"""

from __future__ import annotations

import logging
from typing import Any

from andu.office import records
from andu.office.errors import NotFound
from andu.office.office import Office
from andu.security import accounts, key_pairs, vault_rights
from andu.security.accounts import Account
from andu.security.vault import VaultFault

log = logging.getLogger("andu")
AT_ONCE = 200


def go_on(office: Office) -> int:
    """Move some rows, and destroy the files when none needs them; how many were moved."""
    moved, why = 0, ""
    if waits_for(office):
        return moved
    for row in office.vault.of_before(AT_ONCE):
        try:
            moved += _move(office, row)
        except VaultFault as fault:
            why = str(fault)
    if why:
        log.warning("sealed rows stay under the key in its file: %s", why)
    office.vault.destroy_files()
    return moved


def waits_for(office: Office) -> list[Account]:
    """Who has to sign in first, while anything is sealed under a key in a file."""
    if not office.vault.of_before(1):
        return []
    keyed = key_pairs.pins(office.store).trusted
    people = [
        accounts.get(office.store, one) for one in vault_rights.holding(office.store) if one not in keyed
    ]
    return [one for one in people if one]


def _move(office: Office, row: dict[str, Any]) -> bool:
    table, _column, item = row["owner"].split(":")
    with office.store.write():
        found = office.store.get(table, item)
        now = office.store.get("sealed", row["id"])
        if now is None or not now["key_id"]:
            return False
        if found is None:  # left behind by a draft that is gone
            office.vault.forget(row["id"])
            return True
        case_id, writer, is_theirs = _belongs(office, table, found)
        if is_theirs and not key_pairs.of(office.store, writer):
            person = accounts.get(office.store, writer)
            if person is not None and person.is_active:  # has a key as soon as they sign in
                return False
        office.vault.move(now, case_id, writer, is_theirs)
    return True


def _belongs(office: Office, table: str, row: dict[str, Any]) -> tuple[str, str, bool]:
    """Its case, its writer, and whether the writer still reads it."""
    record_id = row["record_id"]
    try:
        record = records.find(office, record_id) if record_id else None
    except NotFound:
        record = None
    case_id = (record.case_id or record.id) if record else row["id"]
    if table == "draft":
        return case_id, row["sealed_for"] or row["author_id"], True
    writer = record.sealed_to if record else ""
    return case_id, writer, record is not None and record.may_change
