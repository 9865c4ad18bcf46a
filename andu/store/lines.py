"""Lines that are only ever added, beside the database: the journal of numbers, the heads of the audit log.

They are what an older database is told by, so they lie elsewhere: in a folder, best on another disk, or,
where several machines work on one database, in a second one on a server (``ANDU_JOURNAL``). A line is on the
disk before ``append`` returns.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from pathlib import Path

from andu.store.database import Store


class Lines(ABC):
    """The lines under one name."""

    name: str

    @abstractmethod
    def append(self, line: bytes) -> None:
        """Add a line; it survives a power cut then."""

    @abstractmethod
    def last(self, most: int, longest: int) -> list[bytes]:
        """The last lines, at least ``most`` of them as long as none is longer than ``longest`` bytes."""

    @abstractmethod
    def whole(self) -> bytes:
        """Every line, each with its end."""

    def is_empty(self) -> bool:
        """Whether there is none."""
        return not self.last(1, 1)


class FileLines(Lines):
    """The lines of a file."""

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, path.name

    def __str__(self) -> str:
        return str(self.path)

    def append(self, line: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                line = b"\n" + line  # a power cut tore the last line: leave it, start afresh
            os.write(descriptor, line + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def last(self, most: int, longest: int) -> list[bytes]:
        try:
            with self.path.open("rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - most * (longest + 1)))
                return file.read().splitlines()
        except FileNotFoundError:
            return []

    def whole(self) -> bytes:
        return self.path.read_bytes() if self.path.exists() else b""


class StoredLines(Lines):
    """Lines in a database of their own on a server."""

    def __init__(self, store: Store, name: str) -> None:
        self._store, self.name = store, name

    def __str__(self) -> str:
        return self.name

    def append(self, line: bytes) -> None:
        self._store.add_line(self.name, line.decode())

    def last(self, most: int, longest: int) -> list[bytes]:
        rows = self._store.query(
            "SELECT said FROM line WHERE name = ? ORDER BY n DESC LIMIT ?", [self.name, most]
        )
        return [row["said"].encode() for row in reversed(rows)]

    def whole(self) -> bytes:
        rows = self._store.query("SELECT said FROM line WHERE name = ? ORDER BY n", [self.name])
        return b"".join(row["said"].encode() + b"\n" for row in rows)


def lines_of(place: Path | Lines) -> Lines:
    """Lines by themselves, or those of a file."""
    return FileLines(place) if isinstance(place, Path) else place


class Journal(ABC):
    """Where lines lie, by their names: the journal of an office."""

    @abstractmethod
    def lines(self, name: str) -> Lines:
        """The lines of this name, there or not yet."""

    @abstractmethod
    def names(self) -> list[str]:
        """Every name under which there is a line."""


class FolderJournal(Journal):
    """A folder with a file for each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __str__(self) -> str:
        return str(self._folder)

    def lines(self, name: str) -> Lines:
        return FileLines(self._folder / name)

    def names(self) -> list[str]:
        return sorted(path.name for path in self._folder.glob("*"))


class StoredJournal(Journal):
    """A database on a server that holds nothing else; its one table is made when it is first opened."""

    def __init__(self, address: str, driver: str) -> None:
        self._store = Store(Path("no file"), address, driver)
        self._store.hold_lines()

    def __str__(self) -> str:
        return "ANDU_JOURNAL"

    def lines(self, name: str) -> Lines:
        return StoredLines(self._store, name)

    def names(self) -> list[str]:
        return [row["name"] for row in self._store.query("SELECT DISTINCT name FROM line ORDER BY name")]

    def close(self) -> None:
        """Close this thread's connection."""
        self._store.close()
