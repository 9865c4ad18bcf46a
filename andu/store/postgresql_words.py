"""The verbs of ``verbs`` in the words of PostgreSQL 13 and newer: the same names, the same meaning.

JSON lies in columns of text there too, and is read as jsonb. A table of words has the columns ``id`` and
``words``, a tsvector made by ``word_vector``: each word with its places, so that a phrase is a phrase, and
with a weight for its column, so that one column can be asked alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

WEIGHTS = {
    "said": "A", "people": "B", "answers": "C", "about": "D", "own": "A", "taken": "B", "words": "A",
}  # fmt: skip
"""The columns of the tables of words, and the weight of each in its vector."""
FARTHEST = 16_383
"""A place beyond this is this one, and phrases end there: PostgreSQL keeps no farther ones."""
_LEXEME = re.compile(r"('(?:[^'\\\\]|''|\\\\.)*')(:\*)?")


def member(column: str, key: str) -> str:
    """As ``verbs.member``."""
    return f"({column}::jsonb ->> '{key}')"


def number(column: str, key: str) -> str:
    """As ``verbs.number``."""
    return f"CAST({member(column, key)} AS bigint)"


def is_true(column: str, key: str) -> str:
    """As ``verbs.is_true``."""
    return f"({member(column, key)} = 'true')"


def element(column: str, at: str) -> str:
    """As ``verbs.element``, always text."""
    return f"({column}::jsonb ->> {at})"


def elements(column: str, alias: str) -> str:
    """As ``verbs.elements``."""
    return f"jsonb_array_elements_text({column}::jsonb) AS {alias}(value)"


def among(column: str) -> str:
    """As ``verbs.among``."""
    return f"{column} IN (SELECT jsonb_array_elements_text(CAST(? AS jsonb)))"


def parts(column: str, alias: str) -> str:
    """What ``verbs.every_text`` goes through."""
    return f"jsonb_path_query({column}::jsonb, 'strict $.**') AS {alias}(part)"


def part_is_text(alias: str) -> str:
    """Whether a part is a text."""
    return f"jsonb_typeof({alias}.part) = 'string'"


def part_text(alias: str) -> str:
    """The text of such a part."""
    return f"({alias}.part #>> '{{}}')"


def listed(column: str, source: str) -> str:
    """As ``verbs.listed``."""
    return f"(SELECT coalesce(json_agg({column}), '[]')::text FROM ({source}) AS listed)"


def row_order(_table: str) -> str:
    """As ``verbs.row_order``: a column that is in no row that is read (``postgresql_shape``)."""
    return "row_no"


def moment() -> str:
    """As ``verbs.moment``; one value for a statement, so that an index is read up to it."""
    return "CAST(floor(extract(epoch FROM statement_timestamp())) AS bigint)"


def holds(column: str) -> str:
    """As ``verbs.holds``."""
    return f"strpos({column}, ?) > 0"


def word_row(table: str) -> str:
    """As ``verbs.word_row``."""
    return f"{table}.id"


def saying(table: str) -> str:
    """As ``verbs.saying``."""
    return f"{table}.words @@ CAST(? AS tsquery)"


def word_vector(words: Mapping[str, str]) -> str:
    """The text of the vector of a row: what each column says, one after the other with a gap between."""
    parts, at = [], 0
    for column, text in words.items():
        for word in text.split():
            at += 1
            parts.append(f"{_lexeme(word)}:{min(at, FARTHEST)}{WEIGHTS[column]}")
        at += 2
    return " ".join(parts)


def phrase(words: list[str]) -> str:
    """As ``verbs.phrase``."""
    return "(" + " <-> ".join(map(_lexeme, words)) + ")"


def beginning(word: str) -> str:
    """As ``verbs.beginning``."""
    return f"{_lexeme(word)}:*"


def all_of(queries: list[str]) -> str:
    """As ``verbs.all_of``."""
    return " & ".join(f"({one})" for one in queries)


def any_of(queries: list[str]) -> str:
    """As ``verbs.any_of``."""
    return f"({' | '.join(f'({one})' for one in queries)})"


def within(column: str, query: str) -> str:
    """As ``verbs.within``."""
    return _LEXEME.sub(lambda found: f"{found[1]}{found[2] or ':'}{WEIGHTS[column]}", query)


def _lexeme(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
