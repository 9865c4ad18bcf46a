"""What builds on a record: the later papers that name it, its id or its number. Owns table ``builds_on``.

``submitting`` enters each version; voiding asks what it will touch, and the page of a record says which of
the papers it names have been voided. Whoever asks is told only of what they may see, of the rest how many.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from andu.office import cases, events
from andu.office.errors import NotFound
from andu.office.office import Office
from andu.office.records import Record
from andu.office.scope import records_for
from andu.office.timing import deadlines
from andu.office.timing.deadlines import Running
from andu.security.accounts import Account
from andu.store import verbs

NUMBER = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*-20\d{2}-\d+|[\u4e00-\u9fff]+〔20\d{2}〕\d+号")
"""How a number stands within a text; what is before it in Chinese may be no part of it."""

_BRACKETS = str.maketrans("[]【】()", "〔〕〔〕〔〕")


@dataclass(frozen=True)
class Named:
    """A paper as another one's page names it: ``number`` is empty while it has none. ``directly``: it names
    the other one; else it is only a later step of the same case.
    """

    record_id: str
    title: str
    state: str
    number: str = ""
    directly: bool = True


@dataclass(frozen=True)
class Later:
    """What stands on a record: later papers (of ``hidden`` more only that they are), the deadlines it met or
    ended, those it began itself, and the cases it closed.
    """

    papers: Sequence[Named]
    hidden: int
    met: Sequence[Running]
    begun: Sequence[Running]
    cases: Sequence[str]

    def __bool__(self) -> bool:
        return bool(self.papers or self.hidden or self.met or self.begun or self.cases)


def enter(office: Office, record_id: str, values: Mapping[str, Any]) -> None:
    """Keep which earlier records these answers name, anew for each version; within the caller's write."""
    office.store.execute("DELETE FROM builds_on WHERE record_id = ?", [record_id])
    named = json.dumps(sorted({name for text in _texts(values) for name in _names(text)}))
    office.store.execute(
        "INSERT INTO builds_on (record_id, on_id) SELECT ?, id FROM ("
        f" SELECT id FROM record WHERE {verbs.among('id')}"
        f" UNION SELECT record_id FROM register WHERE {verbs.among('number')}) AS named"
        " WHERE id <> ?",
        [record_id, named, named, record_id],
    )


def wrong(office: Office) -> list[str]:
    """The records of which ``builds_on`` says something else than their answers do.

    A row too many is any that no answer names. A row too few is asked for where an answer is nothing but the
    id of a record, or a number that was allotted before the version was handed in.
    """
    kept = office.store.query(
        "SELECT builds_on.record_id, on_id, record.data, register.number FROM builds_on"
        " JOIN record ON record.id = builds_on.record_id LEFT JOIN register ON register.record_id = on_id"
    )
    extra = {
        row["record_id"]
        for row in kept
        if not {row["on_id"], row["number"]}
        & {name for text in _texts(json.loads(row["data"])) for name in _names(text)}
    }
    return sorted(extra | {row["id"] for row in office.store.query(_MISSING)})


def later(office: Office, actor: Account, record: Record) -> Later:
    """What stands on a record now, or stood on it when it was voided, as this person may see it."""
    touched = _told(office, record) if record.state == "voided" else touches(office, record.id)
    papers, hidden = _papers(office, actor, _LATER, [record.id, record.id, record.created_at, record.id])
    titles = [paper.title for case_id in touched["cases"] for paper in _first(office, actor, case_id)]
    begun = [one for one in deadlines.of_record(office, actor, record) if one.is_due]
    return Later(papers, hidden, deadlines.some(office, actor, touched["deadlines"]), begun, titles)


def touches(office: Office, record_id: str) -> dict[str, list[str]]:
    """The ids of the deadlines that a record met or ended, and of the cases it closed; voiding undoes it."""
    met = office.store.rows_where("deadline", "met_by = ? OR lapsed_by = ?", [record_id, record_id])
    closed = office.store.rows_where("case_closing", "record_id = ?", [record_id])
    return {"deadlines": [row["id"] for row in met], "cases": [row["case_id"] for row in closed]}


def voided(office: Office, actor: Account, record: Record) -> Sequence[Named]:
    """The voided papers that a record names, as far as this person may see them."""
    return _papers(office, actor, _VOIDED, [record.id])[0]


_PART, _IS_TEXT, _TEXT = verbs.every_text("record.data", "part")
_MISSING = f"""
    WITH said AS (SELECT record.id, kept.created_at AS at, {_TEXT} AS text FROM record
        JOIN record_version AS kept ON kept.record_id = record.id AND kept.version = record.version,
        {_PART} WHERE {_IS_TEXT}),
      named AS (SELECT said.id, earlier.id AS on_id FROM said JOIN record AS earlier ON earlier.id = text
        UNION SELECT said.id, record_id FROM said JOIN register ON number = text AND numbered_at < at)
    SELECT DISTINCT id FROM named WHERE id <> on_id
      AND NOT EXISTS (SELECT 1 FROM builds_on WHERE record_id = named.id AND builds_on.on_id = named.on_id)
"""
_NAMED = "record.id IN (SELECT on_id FROM builds_on WHERE record_id = ?)"
_VOIDED = f"{_NAMED} AND record.state = 'voided'", "1"
_LATER = (
    "(record.id IN (SELECT record_id FROM builds_on WHERE on_id = ?) OR record.id IN ("
    " SELECT other.record_id FROM case_record JOIN case_record AS other USING (case_id)"
    " WHERE case_record.record_id = ?) AND record.created_at > ? AND record.id <> ?)"
    " AND record.state <> 'voided'",
    "EXISTS (SELECT 1 FROM builds_on WHERE builds_on.record_id = record.id AND on_id = ?)",
)
"""A condition on what stands on a record, and whether it names that record itself."""


def _papers(
    office: Office, actor: Account, where: tuple[str, str], params: list[str]
) -> tuple[list[Named], int]:
    condition, directly = where
    scope, seen = records_for(office, actor)
    rows = office.store.query(
        "SELECT record.id AS record_id, record.title, record.state, register.number,"
        f" ({scope}) AS is_open, {directly} AS directly"
        " FROM record LEFT JOIN register ON register.record_id = record.id"
        f" WHERE {condition} ORDER BY record.created_at, record.id",
        [*seen, *params[: directly.count("?")], *params],
    )
    told = [
        Named(row["record_id"], row["title"], row["state"], row["number"] or "", bool(row["directly"]))
        for row in rows
        if row["is_open"]
    ]
    return told, len(rows) - len(told)


def _told(office: Office, record: Record) -> dict[str, list[str]]:
    happened = [one.data for one in events.of(office, record.id) if one.event == "number_voided"]
    told = happened[-1].get("touched") if happened else None
    return dict(told) if told else {"deadlines": [], "cases": []}


def _first(office: Office, actor: Account, case_id: str) -> list[Record]:
    try:
        return cases.papers(office, actor, case_id)[:1]
    except NotFound:
        return []


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(part)


def _names(text: str) -> Iterator[str]:
    """What a text may name: all of it, and each number within it with ever fewer characters before it."""
    yield text
    for found in NUMBER.findall(unicodedata.normalize("NFKC", text).translate(_BRACKETS)):
        yield found
        if "〔" in found:
            yield from (found[start:] for start in range(max(0, found.index("〔") - 12), found.index("〔")))
