"""What SQL has no common words for, as named verbs: the one place beside the store that speaks SQLite.

Each gives a piece of SQL text made of names in our own code; whoever builds a statement puts it in, and binds
every value as ever. Another engine needs this file once more, with the same names (``postgresql_words``;
``tests/store/test_verbs`` says what each must do), and nothing above it. Words of SQLite anywhere else fail
``tests/test_house``.
"""

from __future__ import annotations

import re

_NAME = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?")
_KEY = re.compile(r"[a-z][a-z0-9_]*")


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


# --- JSON texts ----------------------------------------------------------------------------------


def member(column: str, key: str) -> str:
    """The text that is this member of the JSON object in this column; NULL without it."""
    return f"json_extract({name_of(column)}, '$.{key_of(key)}')"  # as the indexes have it


def number(column: str, key: str) -> str:
    """The whole number that is this member; NULL without it."""
    return f"CAST({member(column, key)} AS INTEGER)"


def is_true(column: str, key: str) -> str:
    """A condition: this member is true."""
    return f"({member(column, key)} = 1)"


def element(column: str, at: int) -> str:
    """The element at this place, counted from 0, of the JSON list in this column."""
    return f"json_extract({name_of(column)}, '$[{int(at)}]')"


def elements(column: str, alias: str) -> str:
    """An item of FROM: one row for each element of the JSON list in this column, its text in ``value``."""
    return f"json_each({name_of(column)}) AS {name_of(alias)}"


def among(column: str) -> str:
    """A condition with one parameter, a JSON list of texts: the column holds one of them."""
    return f"{name_of(column)} IN (SELECT value FROM json_each(?))"


def every_text(column: str, alias: str) -> tuple[str, str, str]:
    """Every text anywhere within a JSON text: an item of FROM, a condition, and the text itself."""
    return (
        f"json_tree({name_of(column)}) AS {name_of(alias)}",
        f"{name_of(alias)}.type = 'text'",
        f"{alias}.atom",
    )


def listed(column: str, source: str) -> str:
    """A JSON list of this column of the rows of a SELECT, in its order; of none, an empty list."""
    return f"(SELECT json_group_array({name_of(column)}) FROM ({source}) AS listed)"


# --- rows and texts ------------------------------------------------------------------------------


def row_order(table: str) -> str:
    """What the rows of a SELECT of this table alone are sorted by, in the order they were put in."""
    return name_of(table) and "rowid"


def holds(column: str) -> str:
    """A condition with one parameter: the text stands somewhere in the column, letter by letter."""
    return f"instr({name_of(column)}, ?) > 0"


# --- the search for words ------------------------------------------------------------------------
# A table of words (``record_text``, ``ledger_text``, ``likeness_text``) has a whole number for each row and
# columns of words, cut by ``office.ledger.ledger_words``.


def word_row(table: str) -> str:
    """The number of a row of a table of words."""
    return f"{name_of(table)}.rowid"


def saying(table: str) -> str:
    """A condition with one parameter, a query: the row has the words asked for."""
    return f"{name_of(table)} MATCH ?"


def phrase(words: list[str]) -> str:
    """The query for these words side by side."""
    return f'"{" ".join(words)}"'


def beginning(word: str) -> str:
    """The query for a word that begins like this."""
    return f'"{word}"*'


def all_of(queries: list[str]) -> str:
    """The query for all of these; '' for none."""
    return " AND ".join(queries)


def any_of(queries: list[str]) -> str:
    """The query for any one of these; '' for none."""
    asked = [one for one in queries if one]
    return f"({' OR '.join(f'({one})' for one in asked)})" if asked else ""


def within(column: str, query: str) -> str:
    """The query, of this column of words alone."""
    return f"{{{name_of(column)}}} : ({query})"
