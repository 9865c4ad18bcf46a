"""Drafts that are shut to somebody: they name that very person, or belong to a matter that is shut to them.

Called by ``drafts`` at every reading. What somebody has typed in themself they go on seeing, whoever it is
about; of what their unit writes down nothing else is shut to them before it is handed on (``conflicts``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from andu.formtypes.filling.webform import read_loosely
from andu.office import conflicts, editions
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.security.accounts import Account

_ID = re.compile(r"[0-9a-f]{32}")
_WITHIN_NAMES = dict.fromkeys(map(ord, " \u3000·•‧・"))


def among(office: Office, actor: Account, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """The ids of those of these rows of drafts that are shut to this person."""
    named = {one: _named(row["raw"], row["record_id"]) for one, row in _by_id(rows).items()}
    shut = conflicts.shut_among(office, actor, {one for ids in named.values() for one in ids})
    of_matters = {one for one, ids in named.items() if not shut.isdisjoint(ids)}
    return of_matters | {row["id"] for row in rows if _names(office, actor, row)}


def named_in(raw: Mapping[str, Any], record_id: str | None) -> set[str]:
    """The ids of the records that a draft may be about: what it revises, and what its answers name."""
    return _named(json.dumps(raw), record_id)


def _named(raw: str, record_id: str | None) -> set[str]:
    return {*_ID.findall(raw), record_id or ""}


def _by_id(rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {row["id"]: row for row in rows}


def _names(office: Office, actor: Account, row: Mapping[str, Any]) -> bool:
    """Whether a colleague's draft names this person where the form says whom it is about."""
    if actor.id == row["author_id"] or not _may_name(actor, row["raw"]):
        return False
    form_type = editions.current(office, row["form"]).form_type
    raw = {name: [str(one) for one in typed] for name, typed in json.loads(row["raw"]).items()}
    values = read_loosely(form_type, raw, OfficeDirectory(office, actor))
    keys = conflicts.keys_of(office, form_type, values)
    return actor.id in conflicts.shut_from(office, keys, row["unit_id"], [actor])


def _may_name(actor: Account, raw: str) -> bool:
    """Cheap, and true at least where it does: most drafts name nobody who reads them."""
    return actor.id in raw or actor.name.translate(_WITHIN_NAMES) in raw.translate(_WITHIN_NAMES)
