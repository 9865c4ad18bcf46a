"""What SQL has no common words for, as named verbs: nobody above the store speaks the SQL of one engine.

Each verb gives a mark, ``⟦member¦data¦for_id⟧``, made of names in our own code; whoever builds a statement
puts it in, and binds every value as ever. The store that runs the statement has its own words for each mark
(``sqlite_words``, ``postgresql_words``: the same names; ``tests/store/test_verbs`` says what each must do).
Words of one engine anywhere else fail ``tests/test_house``.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from types import ModuleType
from typing import Any

IN_ORDER = ("form_version",)
"""Tables whose rows are asked for in the order they were put in."""
_NAME = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?")
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_MARK = re.compile("⟦([^⟦⟧]*)⟧")


def name_of(text: str) -> str:
    """A name of a column or table as it is; ValueError for anything else."""
    if not _NAME.fullmatch(text):
        raise ValueError(f"no name of a column or table: {text}")
    return text


def key_of(text: str) -> str:
    """A key of a JSON object of ours as it is; ValueError for anything else."""
    if not _KEY.fullmatch(text):
        raise ValueError(f"no key of a JSON object of ours: {text}")
    return text


def _mark(verb: str, *said: str) -> str:
    return f"⟦{'¦'.join((verb, *said))}⟧"


@lru_cache(maxsize=4096)
def spoken(words: ModuleType, sql: str) -> str:
    """A statement in the words of one engine."""
    while "⟦" in sql:
        sql = _MARK.sub(lambda found: _said(words, *found[1].split("¦")), sql)
    return sql


def _said(words: ModuleType, verb: str, *said: str) -> str:
    return str(getattr(words, verb)(*said))


# --- JSON texts ----------------------------------------------------------------------------------


def member(column: str, key: str) -> str:
    """The text that is this member of the JSON object in this column; NULL without it."""
    return _mark("member", name_of(column), key_of(key))


def number(column: str, key: str) -> str:
    """The whole number that is this member; NULL without it."""
    return _mark("number", name_of(column), key_of(key))


def is_true(column: str, key: str) -> str:
    """A condition: this member is true."""
    return _mark("is_true", name_of(column), key_of(key))


def element(column: str, at: int) -> str:
    """The element at this place, counted from 0, of the JSON list in this column."""
    return _mark("element", name_of(column), str(int(at)))


def elements(column: str, alias: str) -> str:
    """An item of FROM: one row for each element of the JSON list in this column, its text in ``value``."""
    return _mark("elements", name_of(column), name_of(alias))


def among(column: str) -> str:
    """A condition with one parameter, a JSON list of texts: the column holds one of them."""
    return _mark("among", name_of(column))


def every_text(column: str, alias: str) -> tuple[str, str, str]:
    """Every text anywhere within a JSON text: an item of FROM, a condition, and the text itself."""
    parts = _mark("parts", name_of(column), name_of(alias))
    return parts, _mark("part_is_text", name_of(alias)), _mark("part_text", alias)


def listed(column: str, source: str) -> str:
    """A JSON list of this column of the rows of a SELECT, in its order; of none, an empty list."""
    return _mark("listed", name_of(column), source)


# --- rows and texts ------------------------------------------------------------------------------


def row_order(table: str) -> str:
    """What the rows of a SELECT of this table (of ``IN_ORDER``) are sorted by, as they were put in."""
    if table not in IN_ORDER:
        raise ValueError(f"nobody keeps the order of {table}")
    return _mark("row_order", name_of(table))


def moment() -> str:
    """Now, by the clock of the store: whole seconds, the same within a statement."""
    return _mark("moment")


def holds(column: str) -> str:
    """A condition with one parameter: the text stands somewhere in the column, letter by letter."""
    return _mark("holds", name_of(column))


# --- the search for words ------------------------------------------------------------------------
# A table of words (``record_text``, ``ledger_text``, ``likeness_text``) has a whole number for each row and
# columns of words, cut by ``office.ledger.ledger_words``.


class Query(str):
    """What is asked of a table of words; each engine writes it in its own way when it is bound."""

    __slots__ = ()


def _query(*parts: Any) -> Query:
    return Query(json.dumps(parts, ensure_ascii=False))


def word_row(table: str) -> str:
    """The number of a row of a table of words."""
    return _mark("word_row", name_of(table))


def saying(table: str) -> str:
    """A condition with one parameter, a query: the row has the words asked for."""
    return _mark("saying", name_of(table))


def phrase(words: list[str]) -> str:
    """The query for these words side by side."""
    return _query("phrase", words)


def beginning(word: str) -> str:
    """The query for a word that begins like this."""
    return _query("beginning", word)


def all_of(queries: list[str]) -> str:
    """The query for all of these; '' for none."""
    return _query("all_of", *map(json.loads, queries)) if queries else ""


def any_of(queries: list[str]) -> str:
    """The query for any one of these; '' for none."""
    asked = [json.loads(one) for one in queries if one]
    return _query("any_of", *asked) if asked else ""


def within(column: str, query: str) -> str:
    """The query, of this column of words alone."""
    return _query("within", name_of(column), json.loads(query))


def asked(words: ModuleType, query: str) -> str:
    """A query in the way of one engine."""
    return _asked(words, json.loads(query))


def _asked(words: ModuleType, parts: list[Any]) -> str:
    verb, *said = parts
    if verb in ("all_of", "any_of"):
        return str(getattr(words, verb)([_asked(words, one) for one in said]))
    if verb == "within":
        return str(words.within(said[0], _asked(words, said[1])))
    return str(getattr(words, verb)(*said))
