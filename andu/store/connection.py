"""What the store asks of an engine: one connection, used by one thread of one process.

Two there are, ``sqlite`` and ``postgresql``. Everything above speaks the same SQL, with ``verbs`` for what
the engines say differently; only the store sees a connection.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

Row = dict[str, Any]
Params = Sequence[Any]


@dataclass(frozen=True)
class Column:
    """A column of a table: what it is when nothing was entered, and its place in the key, from 1 (else 0)."""

    name: str
    default: Any
    place: int


class Connection(Protocol):
    """One connection to one database."""

    no_limit: int | None
    """What stands after LIMIT for all there are."""

    def select(self, sql: str, params: Params = ()) -> list[Row]:
        """All rows of a SELECT with ``?`` parameters."""

    def stream(self, sql: str, params: Params = ()) -> Iterator[Row]:
        """The rows of a SELECT, some at a time."""

    def change(self, sql: str, params: Params = ()) -> int:
        """Run one statement; how many rows it touched."""

    def make(self, statement: str) -> None:
        """Run one statement of a migration, as ``migrations`` writes it."""

    def put_words(self, table: str, row: int, words: dict[str, str]) -> None:
        """Keep the words of a row that has none in a table of words."""

    def writing(self) -> AbstractContextManager[None]:
        """Be the only writer meanwhile, in one transaction; undone by any exception."""

    def snapshot(self) -> AbstractContextManager[None]:
        """See the database as it is at one moment; whatever is written meanwhile is undone."""

    def upgrade(self) -> None:
        """Apply the migrations that are not yet, and see that every guard is there."""

    def table_list(self) -> list[str]:
        """The tables of the migrations, by name."""

    def references(self, table: str) -> set[str]:
        """The tables that the rows of a table refer to."""

    def applied(self) -> set[str]:
        """The names of the migrations that were applied."""

    def resting(self, tables: list[str]) -> AbstractContextManager[None]:
        """Within a transaction: no trigger acts on these tables meanwhile."""

    def columns_of(self, table: str) -> list[Column]:
        """The columns of a table; none where there is no such table."""

    def watch(self, keys: dict[str, tuple[str, ...]]) -> None:
        """Have the touched rows of these tables, told by their keys, noted for this connection."""

    def is_watched(self, table: str) -> bool:
        """Whether the rows of a table are noted."""

    def touched(self) -> list[tuple[str, str, str]]:
        """Table, key and act of every row touched since the transaction began, each once; then forgotten."""

    def leasing(self) -> AbstractContextManager[str]:
        """A short transaction that takes a lease; what then stands behind the SELECT of what is to be had."""

    def copy_to(self, path: Path) -> None:
        """Write the database, as it stands at one moment, into a new SQLite file."""

    def integrity(self) -> list[str]:
        """What the engine's own check finds wrong."""

    def described(self) -> str:
        """Engine, version and how it keeps what is committed."""

    def leave(self) -> None:
        """Close the connection."""
