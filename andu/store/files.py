"""Filed bytes under their SHA-256: written once, checked at each reading.

Used by issuing (papers) and drafts (attachments). A file is kept, whole and synced, before its hash is
entered in the database; reading refuses bytes that no longer match their name. They lie in a folder
(``Files``); or, where several machines share them, in the database on a server (``stored_files``) or in a
bucket (``bucket``).
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from abc import ABC, abstractmethod
from pathlib import Path

from andu.store.sqlite import saying_unwritable

NAME = re.compile(r"[0-9a-f]{64}")


class Missing(Exception):
    """No file of that hash is here."""


class Altered(Exception):
    """The file's content no longer matches its hash."""


def name_of(sha: str) -> str:
    """A hash as it is; ``Missing`` for whatever is none."""
    if not NAME.fullmatch(sha):
        raise Missing(sha)
    return sha


class Kept(ABC):
    """Bytes by the SHA-256 of their content, wherever they lie."""

    @abstractmethod
    def read(self, sha: str) -> bytes:
        """What lies under this hash, looked at by nobody; ``Missing``."""

    @abstractmethod
    def all(self) -> list[str]:
        """The hash of every file that is here, in order."""

    @abstractmethod
    def _write(self, sha: str, data: bytes) -> None:
        """Keep them, in the place of whatever lies there."""

    def put(self, data: bytes) -> str:
        """Keep ``data`` and return its hash; it survives a power cut then.

        Writing the same bytes twice is harmless; a damaged copy is replaced by the true one.
        """
        sha = hashlib.sha256(data).hexdigest()
        if self.check(sha) is not None:
            with saying_unwritable():
                self._write(sha, data)
        return sha

    def get(self, sha: str) -> bytes:
        """The bytes of this hash; raises ``Missing`` or ``Altered``."""
        data = self.read(sha)
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

    def require_ready(self) -> None:
        """Raise what a ``put`` would, before anything that cannot be taken back hangs on one."""
        return

    def gone(self) -> Path | None:
        """The place that should hold them all and is not there."""
        return None

    def sweep(self, older_than: float) -> int:
        """Remove what was left unfinished before ``older_than`` (seconds since the epoch); how much."""
        return 0


class Files(Kept):
    """A folder of files named by the SHA-256 of their content, fanned out by two hex digits."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unfinished = folder / "unfinished"
        """All files being written, in one place: sweeping never goes through what is filed."""

    def path(self, sha: str) -> Path:
        """Where the file of this hash lies; ``Missing`` when ``sha`` is not a hash."""
        return self.folder / name_of(sha)[:2] / sha

    def _write(self, sha: str, data: bytes) -> None:
        """Temporary file, fsync, rename, fsync of the folders."""
        target = self.path(sha)
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

    def read(self, sha: str) -> bytes:
        try:
            return self.path(sha).read_bytes()
        except OSError as error:
            raise Missing(sha) from error

    def all(self) -> list[str]:
        return [path.name for path in sorted(self.folder.glob("??/*")) if NAME.fullmatch(path.name)]

    def gone(self) -> Path | None:
        return None if self.folder.is_dir() else self.folder

    def sweep(self, older_than: float) -> int:
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
