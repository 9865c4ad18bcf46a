"""The key with which this office signs what it reports: made once, kept beside the others, never handed out.

Its public half, 64 hex digits, is what the office above enters as known (``receiving.trust``).
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

NAME = "report-key"


def load(folder: Path) -> Ed25519PrivateKey:
    """The key in this folder; made, readable for the service alone, if there is none."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / NAME
    if not path.exists():
        own = folder / f".{NAME}-{os.getpid()}-{secrets.token_hex(4)}"
        own.touch(mode=0o600)
        own.write_bytes(Ed25519PrivateKey.generate().private_bytes_raw())
        with contextlib.suppress(FileExistsError):
            os.link(own, path)
        own.unlink()
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def public(key: Ed25519PrivateKey) -> str:
    """Its public half."""
    return key.public_key().public_bytes_raw().hex()


def is_signed(said: bytes, signature: bytes, by: str) -> bool:
    """Whether the holder of this public key signed exactly this."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(by)).verify(signature, said)
    except (InvalidSignature, ValueError):
        return False
    return True
