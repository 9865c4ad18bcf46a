"""The verbs of ``verbs`` in the words of SQLite; ``postgresql_words`` has the same names."""

from __future__ import annotations


def member(column: str, key: str) -> str:
    """As ``verbs.member``; written as the indexes have it."""
    return f"json_extract({column}, '$.{key}')"


def number(column: str, key: str) -> str:
    """As ``verbs.number``."""
    return f"CAST({member(column, key)} AS INTEGER)"


def is_true(column: str, key: str) -> str:
    """As ``verbs.is_true``."""
    return f"({member(column, key)} = 1)"


def element(column: str, at: str) -> str:
    """As ``verbs.element``."""
    return f"json_extract({column}, '$[{at}]')"


def elements(column: str, alias: str) -> str:
    """As ``verbs.elements``."""
    return f"json_each({column}) AS {alias}"


def among(column: str) -> str:
    """As ``verbs.among``."""
    return f"{column} IN (SELECT value FROM json_each(?))"


def parts(column: str, alias: str) -> str:
    """What ``verbs.every_text`` goes through."""
    return f"json_tree({column}) AS {alias}"


def part_is_text(alias: str) -> str:
    """Whether a part is a text."""
    return f"{alias}.type = 'text'"


def part_text(alias: str) -> str:
    """The text of such a part."""
    return f"{alias}.atom"


def listed(column: str, source: str) -> str:
    """As ``verbs.listed``."""
    return f"(SELECT json_group_array({column}) FROM ({source}) AS listed)"


def row_order(_table: str) -> str:
    """As ``verbs.row_order``."""
    return "rowid"


def moment() -> str:
    """As ``verbs.moment``."""
    return "CAST(strftime('%s', 'now') AS INTEGER)"


def holds(column: str) -> str:
    """As ``verbs.holds``."""
    return f"instr({column}, ?) > 0"


def word_row(table: str) -> str:
    """As ``verbs.word_row``."""
    return f"{table}.rowid"


def saying(table: str) -> str:
    """As ``verbs.saying``."""
    return f"{table} MATCH ?"


def phrase(words: list[str]) -> str:
    """As ``verbs.phrase``."""
    return f'"{" ".join(words)}"'


def beginning(word: str) -> str:
    """As ``verbs.beginning``."""
    return f'"{word}"*'


def all_of(queries: list[str]) -> str:
    """As ``verbs.all_of``."""
    return " AND ".join(f"({one})" for one in queries)


def any_of(queries: list[str]) -> str:
    """As ``verbs.any_of``."""
    return " OR ".join(f"({one})" for one in queries)


def within(column: str, query: str) -> str:
    """As ``verbs.within``."""
    return f"{{{column}}} : ({query})"
