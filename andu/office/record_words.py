"""By what words a record is found: title, number, people, and what stands in it. Owns ``record_word`` and
``record_text``.

``consequences`` enters a record inside the transaction of its event; the register, every list of records that
is searched, and the search over everything ask here, so that a search means the same in each. Confidential
answers lie in the vault and are no words of a record.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from andu import folding
from andu.clock import office_day, parse_stamp
from andu.office import days_asked, made
from andu.office.ledger import ledger_words
from andu.office.office import Office
from andu.security import accounts, units
from andu.store import verbs, work

AT_ONCE = 200
_ID = re.compile(r"[0-9a-f]{32}")
Sql = tuple[str, list[Any]]
"""A condition on table ``record`` with its parameters."""
_TEXT = "record_text"
_FOUND = (
    "record.id IN (SELECT record_id FROM record_text"
    f" JOIN record_word ON record_word.id = {verbs.word_row(_TEXT)} WHERE {verbs.saying(_TEXT)})"
)


def enter(office: Office, record_id: str) -> None:
    """Keep the words of a record, anew at each change. Within the caller's transaction."""
    (row,) = office.store.query(
        "SELECT record.*, author.name AS author, register.number, register.signer, register.numbered_at"
        " FROM record JOIN account AS author ON author.id = record.author_id"
        " LEFT JOIN register ON register.record_id = record.id WHERE record.id = ?",
        [record_id],
    )
    office.store.execute(
        "INSERT INTO record_word (record_id, folding) VALUES (?, ?)"
        " ON CONFLICT (record_id) DO UPDATE SET folding = excluded.folding",
        [record_id, _making()],
    )
    number = office.store.rows_where("record_word", "record_id = ?", [record_id])[0]["id"]
    said = ledger_words.words([row["title"], row["number"] or ""])
    people = ledger_words.words([row["author"], row["signer"] or ""])
    answers = ledger_words.words(_texts(json.loads(row["data"])))
    days = {office_day(parse_stamp(row[at])) for at in ("created_at", "numbered_at") if row[at]}
    about = [_mark("form", row["form"]), _mark("unit", row["unit_id"]), _mark("by", row["author_id"])]
    about += [_mark("day", f"{day:%Y%m%d}") for day in days]
    kept = {"said": said, "people": people, "answers": answers, "about": " ".join(about)}
    office.store.put_words(_TEXT, number, kept)


def _making() -> str:
    """How words are made; changed with the rules of folding, or with what is kept."""
    return f"{folding.VERSION}, answers"


def _texts(value: Any) -> Iterator[str]:
    """The texts of answers, those of tables included; ids are none."""
    if isinstance(value, str):
        yield from () if _ID.fullmatch(value) else (value,)
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _mark(kind: str, key: str) -> str:
    """One word that stands for a form, a unit, an author or a day: found by what that is called today."""
    return ledger_words.one_word(f"{kind}_{key}")


def keep_up(office: Office) -> None:
    """Enter the records without words, or folded by other rules; looks only where the rules have changed."""
    if made.is_as(office, "record_words", _making()):
        return
    with work.chore(office.store, "record_words") as is_mine:
        while is_mine and not made.is_as(office, "record_words", _making()):
            _enter_some(office)


def _enter_some(office: Office) -> None:
    with office.store.write():
        rows = office.store.query(
            "SELECT record.id FROM record LEFT JOIN record_word ON record_word.record_id = record.id"
            " WHERE record_word.folding IS DISTINCT FROM ? LIMIT ?",
            [_making(), AT_ONCE],
        )
        for row in rows:
            enter(office, row["id"])
        if len(rows) < AT_ONCE:
            made.note(office, "record_words", _making())


MOST_MATCHED = 5000
"""So many of the newest records that fit some words are looked at."""


def newest_saying(text: str) -> Sql:
    """The ids of the newest records whose title or number has every word of a text, as a SELECT."""
    return _newest("said", text)


def newest_of_people(office: Office, text: str) -> Sql:
    """As ``newest_saying``, of the people: by the names then, and of the author by today's name."""
    found, params = _newest("people", text)
    for one in accounts.all(office.store):
        if folding.fits(text, one.name):
            latest = "SELECT id AS record_id FROM record WHERE author_id = ? ORDER BY updated_at DESC LIMIT ?"
            found += f" UNION SELECT record_id FROM ({latest}) AS his"
            params += [one.id, MOST_MATCHED]
    return found, params


def _newest(column: str, text: str) -> Sql:
    match = ledger_words.query(text)
    if not match:
        return "SELECT id AS record_id FROM record WHERE 1 = 0", []
    row = verbs.word_row(_TEXT)
    hits = f"SELECT {row} AS id FROM record_text WHERE {verbs.saying(_TEXT)} ORDER BY {row} DESC LIMIT ?"
    sql = f"SELECT record_id FROM ({hits}) AS hit CROSS JOIN record_word WHERE record_word.id = hit.id"
    return sql, [verbs.within(column, match), MOST_MATCHED]


def with_everything(office: Office, text: str) -> str:
    """What to ask ``record_text`` for, so that each word is in title, number, people or answers, or is the
    unit, the form or the day of a record; '' for nothing to ask."""
    return verbs.all_of([_anywhere(office, term) for term in text.split() if folding.fold(term)])


def _anywhere(office: Office, term: str) -> str:
    names = units.names(office.store)
    of_units = [
        one
        for one in units.all(office.store)
        if any(folding.fits(term, names.get(known, "")) for known in (one.id, one.merged_into))
    ]
    marks = [_mark("unit", one.id) for one in of_units]
    marks += [_mark("form", one.slug) for one in office.catalogue.all() if folding.fits(term, one.title)]
    marks += [_mark("by", one.id) for one in accounts.all(office.store) if folding.fits(term, one.name)]
    found = [verbs.phrase([one]) for one in marks]
    day = days_asked.digits(term, office_day(office.clock.now()))
    found += [verbs.beginning(_mark("day", day)), ledger_words.query(day)] if day else []
    return verbs.any_of([ledger_words.query(term), *found])


def saying(text: str) -> Sql:
    """The records whose title or number has every word of a text; none where it has no word."""
    return _matching("said", text)


def of_people(office: Office, text: str) -> Sql:
    """The records whose author, by today's name, or whose author or signers, by the name then, fit a text."""
    found, params = _matching("people", text)
    authors = [one.id for one in accounts.all(office.store) if folding.fits(text, one.name)]
    return f"({found} OR record.author_id IN ({', '.join('?' * len(authors))}))", [*params, *authors]


def numbered(office: Office, text: str) -> list[str]:
    """The records whose number is this one, however it is typed."""
    found, params = saying(text)
    rows = office.store.query(
        f"SELECT record.id, register.number FROM record JOIN register ON register.record_id = record.id"
        f" WHERE {found}",
        params,
    )
    return [row["id"] for row in rows if folding.fold(row["number"]) == folding.fold(text)]


def _matching(column: str, text: str) -> Sql:
    match = ledger_words.query(text)
    return (_FOUND, [verbs.within(column, match)]) if match else ("1=0", [])
