"""Likely duplicates: earlier records that say much the same. Owns ``likeness`` and ``likeness_text``.

A form type names the fields that count (``duplicates``); confidential ones cannot. The clerk judges: nothing
is linked or refused by itself, and nobody is shown a record that is not theirs to see.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _

from andu import folding
from andu.formtypes.definition import FormType
from andu.office import made, records
from andu.office.ledger import ledger_words
from andu.office.office import Office
from andu.office.records import Record
from andu.office.scope import records_for
from andu.security.accounts import Account
from andu.store import verbs, work

_TEXT = "likeness_text"
ALIKE = 0.5
"""Two texts are alike when this share of their pairs of characters is common to both (Dice's coefficient)."""
SHORTEST = 2
MOST_PAIRS = 60
MOST_LOOKED_AT = 30
MOST_HITS, MOST_WEIGHED = 200, 1000
LONGEST_WHOLE = 24
MOST_SHOWN = 5
AT_ONCE = 200


@dataclass(frozen=True)
class Likeness:
    """An earlier record that may be about the same matter, its number (or none yet), and what is alike."""

    record: Record
    number: str
    why: Sequence[str]


def enter(office: Office, form_type: FormType, record_id: str, values: Mapping[str, Any]) -> None:
    """Keep the words of a record, anew for each version. Within the caller's transaction."""
    if not form_type.duplicates:
        return
    words = ledger_words.words(run for _path, text in _texts(form_type, values) for run in folding.runs(text))
    known = office.store.rows_where("likeness", "record_id = ?", [record_id])
    if known:
        office.store.update("likeness", known[0]["id"], {"folding": folding.VERSION})
    else:
        row = [record_id, folding.VERSION]
        office.store.execute("INSERT INTO likeness (record_id, folding) VALUES (?, ?)", row)
        known = office.store.rows_where("likeness", "record_id = ?", [record_id])
    office.store.put_words(_TEXT, known[0]["id"], {"words": words})


def keep_up(office: Office) -> None:
    """Enter the records without words, older than ``duplicates`` of their form, or folded by other rules.

    Looks at the records only where a form or the rules have changed.
    """
    if not any(_is_due(office, one) for one in office.catalogue.all()):
        return
    with work.chore(office.store, "likeness") as is_mine:
        for form_type in office.catalogue.all() if is_mine else ():
            while _is_due(office, form_type):
                _enter_some(office, form_type)


def _how(form_type: FormType) -> tuple[str, str]:
    return f"likeness {form_type.slug}", f"{folding.VERSION} {sorted(form_type.duplicates)}"


def _is_due(office: Office, form_type: FormType) -> bool:
    return bool(form_type.duplicates) and not made.is_as(office, *_how(form_type))


def _enter_some(office: Office, form_type: FormType) -> None:
    with office.store.write():
        rows = office.store.query(
            "SELECT record.* FROM record LEFT JOIN likeness ON likeness.record_id = record.id"
            " WHERE form = ? AND likeness.folding IS DISTINCT FROM ? LIMIT ?",
            [form_type.slug, folding.VERSION, AT_ONCE],
        )
        for record in map(records.record_of, rows):
            enter(office, form_type, record.id, record.values)
        if len(rows) < AT_ONCE:
            made.note(office, *_how(form_type))


def of_record(office: Office, actor: Account, record: Record) -> list[Likeness]:
    """Earlier or later records that say much the same as this one."""
    form_type = records.form_type_of(office, record)
    return of_values(office, actor, form_type, record.values, record.id) if form_type.duplicates else []


def of_values(
    office: Office,
    actor: Account,
    form_type: FormType,
    values: Mapping[str, Any],
    record_id: str | None,
) -> list[Likeness]:
    """Records that say much the same as these answers, the likest first; the record itself is left out."""
    texts = _texts(form_type, values)
    found = []
    for record in _candidates(office, actor, form_type, texts):
        if record.id != record_id:
            why, score = _compared(form_type, texts, _texts(form_type, record.values))
            found += [(score, record, why)] if why else []
    found.sort(key=lambda one: one[0], reverse=True)
    return [Likeness(record, _number(office, record), why) for _score, record, why in found[:MOST_SHOWN]]


def _candidates(
    office: Office, actor: Account, form_type: FormType, texts: Sequence[tuple[str, str]]
) -> list[Record]:
    """The records worth comparing: what has the whole of a text, then what shares its rarest pairs.

    Of each only the newest are looked at: a pair that stands in thousands of records tells nothing.
    """
    hits = _hits(office, texts)
    worth: dict[int, float] = {}
    for found in hits.values():
        for one in found:
            worth[one] = worth.get(one, 0.0) + 1 / len(found)
    likest = heapq.nlargest(MOST_WEIGHED, worth, key=lambda one: (worth[one], one))
    scope, params = records_for(office, actor)
    rows = office.store.query(
        # in this order: by its form the planner would look at all records of it
        "SELECT likeness.id, likeness.record_id FROM likeness CROSS JOIN record"
        f" WHERE record.id = likeness.record_id AND likeness.id IN ({', '.join('?' * len(likest))})"
        " AND record.form = ?"
        f" AND record.state <> 'voided' AND {scope}",
        [*likest, form_type.slug, *params],
    )
    seen = {row["id"]: row["record_id"] for row in rows}
    ids = [seen[one] for one in likest if one in seen][:MOST_LOOKED_AT]
    found_rows = office.store.rows_where("record", f"id IN ({', '.join('?' * len(ids))})", ids)
    known = {row["id"]: row for row in found_rows}
    return [records.record_of(known[one]) for one in ids]


def _hits(office: Office, texts: Sequence[tuple[str, str]]) -> dict[str, list[int]]:
    """What is asked of the index → the newest rows that have it."""
    wholes = [ledger_words.query(text) for _path, text in texts if len(text) <= LONGEST_WHOLE]
    pairs = [verbs.phrase([pair]) for _path, text in texts for pair in sorted(_pairs(text))]
    asked = [one for one in dict.fromkeys([*wholes, *pairs]) if one][:MOST_PAIRS]
    at_row, says = verbs.word_row(_TEXT), verbs.saying(_TEXT)
    newest = f"SELECT {at_row} AS id FROM likeness_text WHERE {says} ORDER BY {at_row} DESC LIMIT ?"
    sql = " UNION ALL ".join(f"SELECT {at} AS asked, id FROM ({newest}) AS hit" for at in range(len(asked)))
    rows = office.store.query(sql, [part for one in asked for part in (one, MOST_HITS)]) if asked else []
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(asked[row["asked"]], []).append(row["id"])
    return found


def _texts(form_type: FormType, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The texts that count, each with its path; one for every row of a table."""
    found = []
    for path in form_type.duplicates:
        key, _dot, column = path.partition(".")
        given = values.get(key)
        texts = [row.get(column) for row in given or ()] if column else [given]
        found += [(path, str(text)) for text in texts if text and len(str(text)) >= SHORTEST]
    return found


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[str]:
    cut = ledger_words.words(folding.runs(text)).split()
    return frozenset(word for word in cut if len(word) == SHORTEST)


def _compared(
    form_type: FormType, ours: Sequence[tuple[str, str]], theirs: Sequence[tuple[str, str]]
) -> tuple[list[str], float]:
    best: dict[str, float] = {}
    for path, text in ours:
        for other_path, other in theirs:
            if path == other_path:
                best[path] = max(best.get(path, 0.0), _alike(text, other))
    why = [_reason(form_type, path, share) for path, share in best.items() if share >= ALIKE]
    return why, sum(share for share in best.values() if share >= ALIKE)


def _alike(one: str, other: str) -> float:
    a, b = _pairs(one), _pairs(other)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def _reason(form_type: FormType, path: str, share: float) -> str:
    key, _dot, column = path.partition(".")
    field = form_type.field(key)
    label = next((one.label for one in field.columns if one.key == column), field.label)
    return _("%(label)s相同", label=label) if share == 1 else _("%(label)s相近", label=label)


def _number(office: Office, record: Record) -> str:
    rows = office.store.rows_where("register", "record_id = ?", [record.id])
    return str(rows[0]["number"]) if rows else ""
