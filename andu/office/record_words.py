"""By what words a record is found: title, number, people. Owns ``record_word`` and ``record_text``.

``submitting`` and ``issuing`` enter a record inside their own transactions; the register, and every list of
records that is searched, asks here, so that a search means the same in each.
"""

from __future__ import annotations

from typing import Any

from andu import folding
from andu.office import made
from andu.office.ledger import ledger_words
from andu.office.office import Office
from andu.security import accounts

AT_ONCE = 200
Sql = tuple[str, list[Any]]
"""A condition on table ``record`` with its parameters."""
_FOUND = (
    "record.id IN (SELECT record_id FROM record_text JOIN record_word ON record_word.id = record_text.rowid"
    " WHERE record_text MATCH ?)"
)


def enter(office: Office, record_id: str) -> None:
    """Keep the words of a record, anew at each change. Within the caller's transaction."""
    (row,) = office.store.query(
        "SELECT record.title, author.name AS author, register.number, register.signer FROM record"
        " JOIN account AS author ON author.id = record.author_id"
        " LEFT JOIN register ON register.record_id = record.id WHERE record.id = ?",
        [record_id],
    )
    office.store.execute(
        "INSERT INTO record_word (record_id, folding) VALUES (?, ?)"
        " ON CONFLICT (record_id) DO UPDATE SET folding = excluded.folding",
        [record_id, folding.VERSION],
    )
    number = office.store.rows_where("record_word", "record_id = ?", [record_id])[0]["id"]
    said = ledger_words.words([row["title"], row["number"] or ""])
    people = ledger_words.words([row["author"], row["signer"] or ""])
    office.store.execute("DELETE FROM record_text WHERE rowid = ?", [number])
    office.store.execute(
        "INSERT INTO record_text (rowid, said, people) VALUES (?, ?, ?)", [number, said, people]
    )


def keep_up(office: Office) -> None:
    """Enter the records without words, or folded by other rules; looks only where the rules have changed."""
    while not made.is_as(office, "record_words", folding.VERSION):
        with office.store.write():
            rows = office.store.query(
                "SELECT record.id FROM record LEFT JOIN record_word ON record_word.record_id = record.id"
                " WHERE record_word.folding IS NOT ? LIMIT ?",
                [folding.VERSION, AT_ONCE],
            )
            for row in rows:
                enter(office, row["id"])
            if len(rows) < AT_ONCE:
                made.note(office, "record_words", folding.VERSION)


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
    hits = "SELECT rowid AS id FROM record_text WHERE record_text MATCH ? ORDER BY rowid DESC LIMIT ?"
    sql = f"SELECT record_id FROM ({hits}) AS hit CROSS JOIN record_word WHERE record_word.id = hit.id"
    return sql, [f"{{{column}}} : ({match})", MOST_MATCHED]


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
    return (_FOUND, [f"{{{column}}} : ({match})"]) if match else ("1=0", [])
