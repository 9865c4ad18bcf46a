"""Keeping ledgers: rows made of records when these change, so that reading them is quick. Owns the tables
``ledger``, ``ledger_row``, ``ledger_key``, ``ledger_text`` and ``ledger_sight``.

``refresh`` is called within every transaction that changes a record; ``keep_up`` by the timer, for ledgers
whose file, form types or names changed. Rows hold what everybody may see who may see the
record; whose rows a reader sees is decided when he reads (``ledgers``).
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence

from flask_babel import gettext as _

from andu import folding
from andu.formtypes.beside import ledger_reading
from andu.formtypes.beside.ledgers import Ledger
from andu.office import cases, live, records
from andu.office.books.ledger_cells import Cell, Lookups, row_of
from andu.office.ledger import ledger_counts
from andu.office.ledger.ledger_finding import PLACES, ROOM
from andu.office.ledger.ledger_words import filter_key, sort_key, words
from andu.office.office import Office
from andu.office.published import LEDGERS
from andu.office.records import Record
from andu.security import accounts, units
from andu.store import work

MAKING = f"7 {folding.VERSION}"
"""Changed whenever rows come to be made in another way: every ledger is then built anew."""
BATCH = 200
log = logging.getLogger(__name__)


def refresh(office: Office, record_id: str) -> None:
    """Bring the rows of a record up to date, and those of its cases that look at it.

    Within the caller's transaction, after everything else is written.
    """
    office = live.as_published(office)  # whoever changes a record may hold ledgers of a minute ago
    desk, record = Lookups(office), records.find(office, record_id)
    _enter(desk, record, office.ledgers.over(record.form))
    looking = {ledger.slug for ledger in office.ledgers if ledger.looks_at_case}
    if not looking:
        return
    for case_id in cases.cases_of(office, record):
        for other in cases.members(office, case_id):
            if other.id != record.id:
                over = office.ledgers.over(other.form)
                _enter(desk, other, [ledger for ledger in over if ledger.slug in looking])


def check(office: Office) -> None:
    """Say what is wrong with the files of ledgers, when the service starts."""
    over = office.published.within(LEDGERS)
    for fault in ledger_reading.check_ledgers(office.settings.ledgers, office.catalogue, over):
        log.error(_("台账有错，暂不提供：%(fault)s", fault=fault))


def keep_up(office: Office) -> None:
    """Build anew every ledger that changed, where its file, its form types or the names in it did.

    One process does it for all of every machine; looks only at what each was made of where none did.
    """
    if not (_changed(office) or _gone(office)):
        return
    with work.chore(office.store, "ledgers") as is_mine:
        if is_mine:
            _drop_gone(office)
            for ledger, made in _changed(office):
                if _hash_kept(office, ledger.slug) != made:
                    _build(office, ledger, made)
                else:
                    with office.store.write():
                        ledger_counts.recount(office, ledger)


def _changed(office: Office) -> list[tuple[Ledger, str]]:
    """The ledgers to be built anew, or counted anew, with what they are now made of."""
    names = _names(office)
    made = [(ledger, _hash_of(office, ledger, names)) for ledger in office.ledgers]
    return [
        (ledger, hash_)
        for ledger, hash_ in made
        if _hash_kept(office, ledger.slug) != hash_ or not ledger_counts.is_current(office, ledger)
    ]


def follow_publication(office: Office, at_most: int) -> None:
    """Build anew at once what a publication changed, where the office has no more records than that.

    Else the timer does it within half a minute, and the page of the ledger says so meanwhile.
    """
    found = office.store.query("SELECT 1 FROM record LIMIT ?", [at_most + 1])
    if len(found) <= at_most:
        keep_up(office)


def follow_names(office: Office, at_most: int | None = None) -> None:
    """Build anew what shows names, where a unit or a person has been renamed since.

    ``at_most``: only where there are no more rows than that, so that whoever renames need not wait; else the
    timer does it within a minute.
    """
    if at_most is not None and office.store.count("ledger_row") > at_most:
        return
    keep_up(office)


def _names(office: Office) -> list[str]:
    """The names that rows may show, and which unit stands for another."""
    named = units.all(office.store)
    names = [one.name for one in named] + [one.name for one in accounts.all(office.store)]
    return sorted(names + [f"{one.id}>{one.merged_into}" for one in named if one.merged_into])


def _hash_of(office: Office, ledger: Ledger, names: Sequence[str]) -> str:
    """What the rows of a ledger depend on beside the records."""
    forms = [office.catalogue.get(slug) for slug in ledger.named_forms]
    parts = [MAKING, ledger.version, *(form.version for form in forms if form), *names]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def missing(office: Office) -> list[tuple[str, str]]:
    """Rows that are not as they should be, as (ledger, record), for ``reconcile``.

    Reads everything; a ledger that is still to be built anew is left out.
    """
    desk, found, names = Lookups(office), [], _names(office)
    for ledger in office.ledgers:
        is_current = _hash_kept(office, ledger.slug) == _hash_of(office, ledger, names)
        for record_id in _records_of(office, ledger) if is_current else ():
            record = records.find(office, record_id)
            kept = _kept(office, ledger, record_id)
            row = row_of(desk, ledger, record)
            if (kept and kept["cells"]) != (_as_json(row.cells) if row else None):
                found.append((ledger.slug, record_id))
    return found


# --- building -------------------------------------------------------------------------------------


def _hash_kept(office: Office, slug: str) -> str:
    row = office.store.get("ledger", slug)
    return str(row["hash"]) if row else ""


def _gone(office: Office) -> list[str]:
    return [row["id"] for row in office.store.rows_where("ledger") if office.ledgers.get(row["id"]) is None]


def _drop_gone(office: Office) -> None:
    for slug in _gone(office):
        _empty(office, slug)
        with office.store.write():
            ledger_counts.forget(office, slug)
            office.store.delete("ledger", slug)


def _build(office: Office, ledger: Ledger, made: str) -> None:
    """All rows anew, in many short transactions: people go on working meanwhile. ``made``: of what."""
    with office.store.write():
        _number_of(office, ledger.slug)
        office.store.update("ledger", ledger.slug, {"hash": ""})
    _empty(office, ledger.slug)
    with office.store.write():
        ledger_counts.recount(office, ledger)
    found = _records_of(office, ledger)
    desk = Lookups(office)
    for at in range(0, len(found), BATCH):
        with office.store.write():
            for record_id in found[at : at + BATCH]:
                _enter(desk, records.find(office, record_id), [ledger])
    with office.store.write():
        office.store.update("ledger", ledger.slug, {"hash": made})


def _records_of(office: Office, ledger: Ledger) -> list[str]:
    marks = ", ".join("?" * len(ledger.forms))
    rows = office.store.query(f"SELECT id FROM record WHERE form IN ({marks})", ledger.forms)
    return [row["id"] for row in rows]


def _empty(office: Office, slug: str) -> None:
    """Take all rows out, in short transactions too: a ledger may have a million of them."""
    number = _number_of(office, slug)
    while kept := office.store.rows_where("ledger_row", "ledger = ?", [slug], limit=BATCH):
        with office.store.write():
            for row in kept:
                _take_out(office, number, row)


# --- rows -----------------------------------------------------------------------------------------


def _number_of(office: Office, slug: str) -> int:
    row = office.store.get("ledger", slug)
    if row is None:
        no = office.store.query("SELECT coalesce(max(no), 0) + 1 AS no FROM ledger")[0]["no"]
        office.store.insert("ledger", {"id": slug, "no": no, "hash": ""})
        return int(no)
    return int(row["no"])


def _kept(office: Office, ledger: Ledger, record_id: str) -> dict[str, object] | None:
    rows = office.store.rows_where("ledger_row", "ledger = ? AND record_id = ?", [ledger.slug, record_id])
    return rows[0] if rows else None


def _as_json(cells: Sequence[Cell]) -> str:
    shown = [list(one.moments) if one.moments else one.text for one in cells]
    return json.dumps(shown, ensure_ascii=False)


def _enter(desk: Lookups, record: Record, over: Sequence[Ledger]) -> None:
    for ledger in over:
        row = row_of(desk, ledger, record)
        kept = _kept(desk.office, ledger, record.id)
        cells = _as_json(row.cells) if row else None
        sources = json.dumps([cell.source or None for cell in row.cells]) if row else ""
        is_void = int(record.state == "voided")
        had = (kept["cells"], kept["sources"], kept["is_void"], kept["day"]) if kept else None
        same = row and (cells, sources, is_void, row.day) == had
        if same or not (row or kept):
            _show_all(desk.office, ledger, record.id)  # a share that was taken back took the sight with it
            continue
        number = _number_of(desk.office, ledger.slug)
        if kept:
            _take_out(desk.office, number, kept)
        if row and cells:
            about = {"ledger": ledger.slug, "record_id": record.id, "day": row.day, "is_void": is_void}
            _put_in(desk.office, ledger, number, about | {"cells": cells, "sources": sources}, row.cells)
        _show_all(desk.office, ledger, record.id)


def _show_all(office: Office, ledger: Ledger, record_id: str) -> None:
    """Let the units that see all rows of a ledger see that of a record."""
    for unit_id in {units.now(office.store, one) for one in ledger.seen_by}:
        office.store.execute(
            "INSERT INTO ledger_sight SELECT unit.id, ledger_row.id FROM unit, ledger_row"
            " WHERE unit.id = ? AND ledger_row.ledger = ? AND ledger_row.record_id = ?"
            " ON CONFLICT (unit_id, row_id) DO NOTHING",
            [unit_id, ledger.slug, record_id],
        )


def _take_out(office: Office, number: int, kept: dict[str, object]) -> None:
    row_id = int(str(kept["id"]))
    office.store.drop_words("ledger_text", row_id, row_id)
    seen = "DELETE FROM ledger_sight WHERE unit_id IN (SELECT id FROM unit) AND row_id = ?"
    office.store.execute(seen, [kept["id"]])
    for at, key in enumerate(json.loads(str(kept["keys"]))):
        office.store.execute(
            "DELETE FROM ledger_key WHERE place = ? AND key = ? AND row_id = ?",
            [number * PLACES + at, key, kept["id"]],
        )
    office.store.execute("DELETE FROM ledger_row WHERE id = ?", [kept["id"]])


def _put_in(
    office: Office, ledger: Ledger, number: int, about: dict[str, object], cells: Sequence[Cell]
) -> None:
    first = number * ROOM
    row_id = office.store.query(
        "SELECT coalesce(max(id), ?) + 1 AS id FROM ledger_row WHERE id BETWEEN ? AND ?",
        [first, first, first + ROOM - 1],
    )[0]["id"]
    keys = [
        filter_key(cell.text) if column.filter else sort_key(cell.moments[0] if cell.moments else cell.text)
        for column, cell in zip(ledger.columns, cells, strict=True)
    ]
    office.store.insert("ledger_row", about | {"id": row_id, "keys": json.dumps(keys, ensure_ascii=False)})
    for at, (key, cell) in enumerate(zip(keys, cells, strict=True)):
        entry = {"place": number * PLACES + at, "key": key, "row_id": row_id}
        # what is voided is still in the ledger, but adds nothing to its sums
        amount = cell.amount if ledger.columns[at].total and not about["is_void"] else None
        office.store.insert("ledger_key", entry | {"amount": amount})
    texts = [words(cell.text for cell in cells if bool(cell.source) is taken) for taken in (False, True)]
    office.store.put_words("ledger_text", row_id, dict(zip(("own", "taken"), texts, strict=True)))
    office.store.execute(_SIGHT, [row_id, about["record_id"]] * 2)


_SIGHT = """
    INSERT INTO ledger_sight (unit_id, row_id)
    SELECT unit_id, ? FROM record WHERE id = ? UNION SELECT unit_id, ? FROM record_share WHERE record_id = ?
    ON CONFLICT (unit_id, row_id) DO NOTHING
"""
"""The units that see a row: the record's own and those it is shared with. Triggers follow later shares."""
