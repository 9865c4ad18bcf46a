"""The shape of the database on PostgreSQL: what ``migrations`` says, statement by statement, in its words.

Each migration is written once. Here its statements are read (tables, indexes, views, triggers; nothing else
there is) and said again: tables of words as ``tsvector``, triggers as functions, JSON as ``jsonb``.
A number that SQLite would give a row by itself is the highest so far and one, given by a trigger: whoever
writes is alone, and no sequence has to be advanced when rows are copied.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from andu.store import postgresql_words as says
from andu.store.verbs import IN_ORDER

ROWS_SINCE = "audit_by_person_act_and_record"
"""Up to this step an office on PostgreSQL was empty: what the steps do to rows is left out."""
ROW_NO = "row_no"

_TYPES = {"TEXT": "text", "INTEGER": "bigint", "REAL": "double precision", "BLOB": "bytea"}
_DATE = re.compile(r"date\(([\w.]+), '\+8 hours'\)")
_DAY = (
    r"CASE WHEN \1 ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}' THEN"
    r" to_char(CAST(substr(\1, 1, 19) AS timestamp) + interval '8 hours', 'YYYY-MM-DD') END"
)
_MEMBER = re.compile(r"json_extract\(([\w.]+), '\$\.(\w+)'\)( = 1)?")
_PLACE = re.compile(r"\b([\w.]+) ->> ([\w.]+)")
_IGNORE = re.compile(r"INSERT OR IGNORE INTO (\w+)(.*)", re.S)
_TRIGGER = re.compile(
    r"CREATE TRIGGER (?:IF NOT EXISTS )?(\w+) (BEFORE|AFTER) ((?:INSERT|DELETE|UPDATE)(?: OF [\w, ]+)?)"
    r" ON (\w+)(?: WHEN (.*?))? BEGIN (.*?);? ?END",
    re.S,
)
_MORE = re.compile(r"INSERT INTO (\w+) (.*) ON CONFLICT DO UPDATE SET n = n \+ excluded\.n", re.S)
_RAISE = re.compile(r"SELECT RAISE\(ABORT, ('[^']*')\)")
_OWN_NUMBER = re.compile(r"(\w+) INTEGER PRIMARY KEY")

Keys = Callable[[str], list[str]]
"""The columns of the primary key of a table."""


class NotPortable(ValueError):
    """A statement of a migration that PostgreSQL has no words for here."""


def statements(statement: str, keys: Keys) -> Iterator[str]:
    """What one statement of a migration is on PostgreSQL."""
    text = " ".join(statement.split())
    if text.startswith("CREATE VIRTUAL TABLE"):
        yield from _words(text.split()[3])
    elif text.startswith("CREATE TABLE"):
        yield from _table(text)
    elif text.startswith("CREATE TRIGGER"):
        yield from _trigger(text, keys)
    elif text.startswith("CREATE VIEW"):
        yield _said(text).replace("CROSS JOIN", "JOIN")
    elif re.match(r"(CREATE (UNIQUE )?INDEX|DROP|ALTER TABLE|INSERT INTO|UPDATE|DELETE FROM) ", text):
        yield _said(text)
    else:
        raise NotPortable(text[:80])


def changes_rows(statement: str) -> bool:
    """Whether a statement is about rows and not about the shape."""
    return bool(re.match(r"\s*(INSERT|UPDATE|DELETE)\b", statement))


def _said(text: str) -> str:
    """Types, dates and members of JSON."""
    for theirs, ours in _TYPES.items():
        text = re.sub(rf"(\b\w+) {theirs}\b", rf"\1 {ours}", text)
    text = text.replace("DEFAULT x''", "DEFAULT ''")
    text = _DATE.sub(_DAY, text)
    text = _MEMBER.sub(lambda m: says.is_true(m[1], m[2]) if m[3] else says.member(m[1], m[2]), text)
    return _PLACE.sub(r"(CAST(\1 AS jsonb) ->> CAST(\2 AS integer))", text)


def _table(text: str) -> Iterator[str]:
    name = re.sub(r"CREATE TABLE (IF NOT EXISTS )?", "", text).split("(")[0].strip()
    body = re.sub(r"\) STRICT(, WITHOUT ROWID)?$", ")", text)
    if body == text:
        raise NotPortable(f"{name} is not STRICT")
    own = _OWN_NUMBER.search(body)
    if name in IN_ORDER:
        body = body.removesuffix(")") + f", {ROW_NO} bigint NOT NULL UNIQUE)"
    yield _said(body)
    if own or name in IN_ORDER:
        yield from _numbered(name, own[1] if own else ROW_NO)


def _numbered(table: str, column: str) -> Iterator[str]:
    act = f"NEW.{column} := coalesce(NEW.{column}, (SELECT coalesce(max({column}), 0) + 1 FROM {table}));"
    yield from _function(f"{table}_is_numbered", "BEFORE INSERT", table, act)


def _words(table: str) -> Iterator[str]:
    yield f"CREATE TABLE {table} (id bigint PRIMARY KEY, words tsvector NOT NULL)"
    yield f"DROP INDEX IF EXISTS {table}_words"
    yield f"CREATE INDEX {table}_words ON {table} USING gin (words)"


def _trigger(text: str, keys: Keys) -> Iterator[str]:
    found = _TRIGGER.fullmatch(text)
    if not found:
        raise NotPortable(text[:80])
    name, moment, act, table, when, body = found.groups()
    body = "; ".join(_act(one.strip(), keys) for one in body.split(";") if one.strip())
    body = f"IF {when} THEN {body}; END IF;" if when else f"{body};"
    yield from _function(name, f"{moment} {act}", table, _said(body))


def _act(text: str, keys: Keys) -> str:
    told = _RAISE.fullmatch(text)
    if told:
        return f"RAISE EXCEPTION {told[1]}"
    ignoring = _IGNORE.fullmatch(text)
    if ignoring:
        table, rest = ignoring.groups()
        return f"INSERT INTO {table}{rest} ON CONFLICT ({', '.join(keys(table))}) DO NOTHING"
    counting = _MORE.fullmatch(text)
    if counting:
        table, rest = counting.groups()
        target = ", ".join(keys(table))
        return f"INSERT INTO {table} {rest} ON CONFLICT ({target}) DO UPDATE SET n = {table}.n + excluded.n"
    return text


def _function(name: str, when: str, table: str, body: str) -> Iterator[str]:
    """A trigger and the function it calls; a row that is deleted goes on as it was."""
    back = "OLD" if "DELETE" in when else "NEW"
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $andu$ BEGIN {body} RETURN {back}; END $andu$"
    )
    yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
    yield f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE PROCEDURE {name}()"


def noting(table: str, key: tuple[str, ...]) -> Iterator[str]:
    """Have every touched row of a table noted, for connections that have a table to note it in."""

    def note(side: str) -> str:
        names = ", ".join(f"{side}.{name}" for name in key)
        told = f"CAST({names} AS text)" if len(key) == 1 else f"CAST(json_build_array({names}) AS text)"
        return f"INSERT INTO pg_temp.touched_rows VALUES ('{table}', {told}, TG_OP);"

    body = (
        "IF to_regclass('pg_temp.touched_rows') IS NULL THEN RETURN NULL; END IF;"
        f" IF TG_OP <> 'INSERT' THEN {note('OLD')} END IF; IF TG_OP <> 'DELETE' THEN {note('NEW')} END IF;"
    )
    yield from _function(f"touched_{table}", "AFTER INSERT OR UPDATE OR DELETE", table, body)
