"""One service for one folder of data: whoever serves it holds a lock that dies with them.

Called by gunicorn.conf.py. The file ``serving.lock`` says who holds it, where, and since when, for the next
one who tries. Commands take no part: they may write while the service runs.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from andu.store.sqlite import saying_unwritable

FILE = "serving.lock"
PATIENCE = 3  # seconds
_held: dict[Path, int] = {}


def claim(folder: Path, words: str) -> str | None:
    """Hold ``folder`` until this process and its children end; else the words of whoever holds it.

    Raises ``Unwritable`` where the folder takes nothing.
    """
    if folder in _held:
        return None
    with saying_unwritable():
        descriptor = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
        if not _locked(descriptor):
            said = os.read(descriptor, 1000).decode("utf-8", "replace")
            os.close(descriptor)
            return said or "?"
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, words.encode(), 0)
    _held[folder] = descriptor
    return None


def _locked(descriptor: int) -> bool:
    """Whether the lock is ours now; the workers of a service that was just killed have a moment to end."""
    for _try in range(PATIENCE * 5):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.2)
        else:
            return True
    return False


def holder(folder: Path) -> str | None:
    """The words of whoever serves this folder now; ``None`` when nobody does."""
    path = folder / FILE
    if not path.exists():
        return None
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read(1000).decode("utf-8", "replace") or "?"
    return None
