"""Things that can be made again, kept for a while: a folder of files by name, the oldest thrown away.

Used for pictures of papers. Losing all of it costs time and nothing else; so it never syncs to disk.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

MOST_BYTES = 256 * 1024 * 1024


class Cache:
    """A folder of at most ``most`` bytes. Names are made by the program, never by a person."""

    def __init__(self, folder: Path, most: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most = most

    def get(self, name: str) -> bytes | None:
        """What was kept under this name, or None."""
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def put(self, name: str, data: bytes) -> None:
        """Keep it; whoever reads meanwhile sees all of it or nothing."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with NamedTemporaryFile(dir=self._folder, prefix=".tmp-", delete=False) as file:
            file.write(data)
        os.replace(file.name, self._folder / name)
        self._make_room()

    def _make_room(self) -> None:
        files = sorted(
            (entry.stat().st_mtime, entry.stat().st_size, entry.path) for entry in os.scandir(self._folder)
        )
        over = sum(size for _time, size, _path in files) - self._most
        for _time, size, path in files:
            if over <= 0:
                return
            Path(path).unlink(missing_ok=True)
            over -= size
