"""Filed bytes under their SHA-256: written once, checked at each reading.

Used by issuing (papers) and drafts (attachments). A file is on disk, whole and synced, before its
hash is entered in the database; reading refuses bytes that no longer match their name.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from andu.store.sqlite import saying_unwritable

_NAME = re.compile(r"[0-9a-f]{64}")


class Missing(Exception):
    """No file of that hash is here."""


class Altered(Exception):
    """The file's content no longer matches its hash."""


class Files:
    """A folder of files named by the SHA-256 of their content, fanned out by two hex digits."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unfinished = folder / "unfinished"
        """All files being written, in one place: sweeping never goes through what is filed."""

    def path(self, sha: str) -> Path:
        """Where the file of this hash lies; ``Missing`` when ``sha`` is not a hash."""
        if not _NAME.fullmatch(sha):
            raise Missing(sha)
        return self.folder / sha[:2] / sha

    def put(self, data: bytes) -> str:
        """Write ``data`` and return its hash: temporary file, fsync, rename, fsync of the folders.

        Writing the same bytes twice is harmless; a damaged copy is replaced by the true one.
        """
        sha = hashlib.sha256(data).hexdigest()
        if self.check(sha) is None:
            return sha
        with saying_unwritable():
            self._write(data, self.path(sha))
        return sha

    def _write(self, data: bytes, target: Path) -> None:
        for folder in (target.parent, self._unfinished):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=self._unfinished)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        for folder in (target.parent, self.folder):
            sync_folder(folder)

    def get(self, sha: str) -> bytes:
        """The bytes of this hash; raises ``Missing`` or ``Altered``."""
        try:
            data = self.path(sha).read_bytes()
        except OSError as error:
            raise Missing(sha) from error
        if hashlib.sha256(data).hexdigest() != sha:
            raise Altered(sha)
        return data

    def check(self, sha: str) -> str | None:
        """``None`` when the file is here and whole, else ``missing`` or ``altered``."""
        try:
            self.get(sha)
        except Missing:
            return "missing"
        except Altered:
            return "altered"
        return None

    def all(self) -> list[Path]:
        """Every file that is whole, in the order of their hashes."""
        return [path for path in sorted(self.folder.glob("??/*")) if _NAME.fullmatch(path.name)]

    def sweep(self, older_than: float) -> int:
        """Remove temporary files last written before ``older_than`` (seconds since the epoch)."""
        stale = [path for path in self._unfinished.glob("*") if path.stat().st_mtime < older_than]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
