"""Who looked at what in a month: read from the audit log, by case and by person, for whoever answers for it.

A case is named by its first number, a matter without a case by its own; what is said about it stays out. Cost
grows with the month that is asked for, not with the log. Called by the screen of the log and its sheet.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from andu.clock import midnight
from andu.office import conflicts
from andu.office.office import Office
from andu.security import audit, naming
from andu.security.accounts import Account
from andu.security.permissions import require
from andu.store import verbs

LOOKED, PRINTED, TAKEN, OPENED = "looked", "printed", "taken", "opened"
COLUMNS = (LOOKED, PRINTED, TAKEN, OPENED)
_COLUMN = {
    "record_viewed": LOOKED,
    "paper_viewed": LOOKED,
    "paper_printed": PRINTED,
    "signature_sheet_printed": PRINTED,
    "paper_downloaded": TAKEN,
    "scan_downloaded": TAKEN,
    "confidential_viewed": OPENED,
}
DENIED = "access_denied"
NO_NUMBER = ""
MOST = 2000
"""So many lines of cases are shown at most."""


@dataclass(frozen=True)
class Looked:
    """How often one person did each of COLUMNS with one case, or altogether where ``number`` is empty."""

    person: str
    number: str
    counts: Mapping[str, int]
    denied: int = 0


@dataclass(frozen=True)
class Month:
    """Who did what, by case and by person; ``left_out`` so many lines of cases more than are shown."""

    first: date
    by_case: list[Looked]
    by_person: list[Looked]
    left_out: int


def of(office: Office, actor: Account, first: date) -> Month:
    """What the log says of the month that begins on this day; raises ``NotAllowed``."""
    require(actor, "see_audit")
    following = (first + timedelta(days=31)).replace(day=1)
    rows = audit.counted(
        office.store, midnight(first), midnight(following), [*_COLUMN, DENIED], ("record", "register")
    )
    names, numbers = naming.in_office(office.store), _numbers(office, actor, rows)
    by_case: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    by_person: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        column = _COLUMN.get(row["event"], DENIED)
        by_person[row["actor_id"]][column] += row["n"]
        number = numbers.get(row["register"] or row["record"], NO_NUMBER)
        if number and column != DENIED:
            by_case[number, row["actor_id"]][column] += row["n"]
    people = [Looked(names.get(who, ""), "", dict(done), done[DENIED]) for who, done in by_person.items()]
    cases = [Looked(names.get(who, ""), number, dict(done)) for (number, who), done in by_case.items()]
    cases.sort(key=lambda one: (one.number, one.person))
    people.sort(key=lambda one: (-one.denied, one.person))
    return Month(first, cases[:MOST], people, max(len(cases) - MOST, 0))


def _numbers(office: Office, actor: Account, rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """By record and by line of the register, the number of the case: its first one; else its own.

    None of a matter that is shut to who asks.
    """
    found: dict[str, str] = {}
    is_open, params = conflicts.condition(office, actor)
    for column, key in (("register.id", "register"), ("register.record_id", "record")):
        asked = sorted({row[key] for row in rows if row[key]})
        told = office.store.query(
            f"SELECT {column} AS id, coalesce(opened.number, register.number) AS number"
            " FROM register JOIN record ON record.id = register.record_id"
            f" LEFT JOIN register AS opened ON opened.record_id = record.case_id WHERE {verbs.among(column)}"
            f" AND {is_open}",
            [json.dumps(asked), *params],
        )
        found |= {row["id"]: row["number"] for row in told}
    return found
