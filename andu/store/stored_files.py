"""Filed bytes in the database itself: where the store is on a server, every machine reads the same files.

Owns table ``stored_file``. A file that is put outside a write is there at once, and no writer waits for it.
"""

from __future__ import annotations

from andu.store.database import Store
from andu.store.files import Kept, Missing, name_of


class StoredFiles(Kept):
    """The files of a store, in its own table."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, sha: str) -> bytes:
        rows = self._store.query("SELECT data FROM stored_file WHERE sha = ?", [name_of(sha)])
        if not rows:
            raise Missing(sha)
        return bytes(rows[0]["data"])

    def all(self) -> list[str]:
        return [row["sha"] for row in self._store.query("SELECT sha FROM stored_file ORDER BY sha")]

    def _write(self, sha: str, data: bytes) -> None:
        self._store.keep_bytes(sha, data)
