"""Records: valid answers, submitted, in versions. Owns table ``record``; each reading takes the reader.

Written by ``andu.office.writing.submitting`` and, for its state alone, by signing, issuing and voiding.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from andu.formtypes.definition import FormType
from andu.office import editions
from andu.office.errors import NotFound
from andu.office.office import Office
from andu.office.scope import records_for, unit_seeing
from andu.security import accounts
from andu.security.accounts import Account
from andu.security.permissions import may


@dataclass(frozen=True)
class Record:
    """A submitted record. ``values`` are its open answers; confidential ones lie in the vault.

    ``state``: signing, returned, complete (all signed, no number yet), numbered, filed, voided.
    ``awaits_receipt``: its paper is filed, and a slot that the number did not wait for is not signed yet.
    ``taken_by``: who took it over from its author; ``sealed_for``: to whom its confidential answers were
    handed on.
    """

    id: str
    form: str
    form_version: str
    unit_id: str
    author_id: str
    title: str
    state: str
    version: int
    values: Mapping[str, Any]
    sealed_id: str | None
    code: str
    created_at: str
    updated_at: str
    case_id: str | None = None
    awaits_receipt: bool = False
    taken_by: str | None = None
    sealed_for: str | None = None

    @property
    def keeper(self) -> str:
        """The account that answers for it: its author, or whoever took it over from them."""
        return self.taken_by or self.author_id

    @property
    def sealed_to(self) -> str:
        """The account that gets the confidential answers back: the author, until they were handed on."""
        return self.sealed_for or self.author_id

    @property
    def may_change(self) -> bool:
        """True while no number has been given."""
        return self.state in ("signing", "returned", "complete")

    def unit_at(self, place: str) -> str | None:
        """The unit named by 'own', 'field:<key>' or a code; None for 'any', '' where it is not answered."""
        if place.startswith("field:"):
            return str(self.values.get(place.removeprefix("field:")) or "")
        return {"own": self.unit_id, "any": None}.get(place, place)


def record_of(row: Mapping[str, Any]) -> Record:
    """The record of a row of table ``record``."""
    rest = {key: value for key, value in row.items() if key not in ("data", "idempotency_key")}
    rest["awaits_receipt"] = bool(row["awaits_receipt"])
    return Record(values=json.loads(row["data"]), **rest)


def find(office: Office, record_id: str) -> Record:
    """A record by id, for acts of the office itself; raises ``NotFound``."""
    row = office.store.get("record", record_id)
    if row is None:
        raise NotFound(record_id)
    return record_of(row)


def get(office: Office, actor: Account, record_id: str) -> Record:
    """A record this person may see; raises ``NotFound`` for any other."""
    rows = select(office, actor, "record.id = ?", [record_id])
    if not rows:
        raise NotFound(record_id)
    return rows[0]


def select(
    office: Office, actor: Account, where: str, params: list[Any], limit: int | None = None
) -> list[Record]:
    """Records this person may see that fit a condition of our own code, the latest first."""
    scope, scope_params = records_for(office, actor)
    rows = office.store.rows_where(
        "record",
        f"({where}) AND {scope}",
        [*params, *scope_params],
        order_by="updated_at DESC, id DESC",
        limit=limit,
    )
    return [record_of(row) for row in rows]


def recent(office: Office, actor: Account, limit: int = 20) -> list[Record]:
    """The latest records of this person's view."""
    unit_id = unit_seeing(actor)
    if unit_id is None:
        return select(office, actor, "1=1", [], limit)
    scope, params = records_for(office, actor)
    rows = office.store.query(
        "SELECT record.* FROM record_sight CROSS JOIN record"
        f" WHERE record_sight.unit_id = ? AND record.id = record_sight.record_id AND {scope}"
        " ORDER BY record_sight.updated_at DESC, record_sight.record_id DESC LIMIT ?",
        [unit_id, *params, limit],
    )
    return [record_of(row) for row in rows]


def returned(office: Office, actor: Account, most: int = 50) -> list[Record]:
    """Records sent back to this person's unit, to be mended: the latest first, at most so many."""
    if not may(actor, "fill"):
        return []
    marks = ", ".join("?" * len(actor.units))
    returned_here = f"record.state = 'returned' AND record.unit_id IN ({marks})"
    return select(office, actor, returned_here, list(actor.units), most)


def form_type_of(office: Office, record: Record) -> FormType:
    """The form type of a record, in the edition it was submitted with."""
    return editions.get(office, record.form_version).form_type


def author(office: Office, account_id: str) -> Account:
    """The person who filled a record in; still known when the account has been disabled."""
    found = accounts.get(office.store, account_id)
    if found is None:
        raise NotFound(account_id)
    return found
