"""The secret that signs the tokens of our pages: made once, kept beside the keys, shared by all workers.

Called once per process by ``andu.views.register``. It outlives a restart, so that a page opened before
one can still be sent after it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

NAME = "page-secret"


def load(folder: Path) -> bytes:
    """The secret in this folder; made, readable for the service alone, if there is none."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / NAME
    if not path.exists():
        own = folder / f".{NAME}-{os.getpid()}-{secrets.token_hex(4)}"
        own.touch(mode=0o600)
        own.write_bytes(secrets.token_bytes(32))
        # Two workers may start at once: whoever links first gives the secret to both.
        with contextlib.suppress(FileExistsError):
            os.link(own, path)
        own.unlink()
    return path.read_bytes()
