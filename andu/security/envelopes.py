"""Envelopes: what one public key closes and one private key alone opens (HPKE, RFC 9180).

The suite is DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM of ``cryptography``. ``about`` says what an
envelope is for and goes into HPKE's ``info``: one that was moved to another case, column, person or
generation does not open. Private halves are 32 raw bytes and live no longer than a request. Called by
``key_pairs``, ``case_keys`` and ``vault``.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
KEY_LENGTH = 32
_NONCE = 12


class Closed(Exception):
    """The envelope was not made for this key or this purpose, or it was altered."""


def new_private() -> bytes:
    """A new private half."""
    return X25519PrivateKey.generate().private_bytes_raw()


def public_of(private: bytes) -> bytes:
    """The public half of a private one."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def fingerprint(public: bytes) -> str:
    """Six groups of five digits, for people who read a key to each other."""
    number = int.from_bytes(hashlib.sha256(public).digest()[:16], "big") % 10**30
    digits = f"{number:030d}"
    return " ".join(digits[at : at + 5] for at in range(0, 30, 5))


def seal(public: bytes, text: bytes, *about: object) -> bytes:
    """Close a text for whoever has the private half."""
    return _SUITE.encrypt(text, X25519PublicKey.from_public_bytes(public), said(*about))


def unseal(private: bytes, sealed: bytes, *about: object) -> bytes:
    """Open an envelope; raises ``Closed``."""
    try:
        return _SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(private), said(*about))
    except (InvalidTag, ValueError) as error:
        raise Closed(*about) from error


def lock(key: bytes, text: bytes, *about: object) -> bytes:
    """Close a text under a key that is known (AES-256-GCM)."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text, said(*about))


def unlock(key: bytes, locked: bytes, *about: object) -> bytes:
    """Open what ``lock`` closed; raises ``Closed``."""
    try:
        return AESGCM(key).decrypt(locked[:_NONCE], locked[_NONCE:], said(*about))
    except (InvalidTag, ValueError) as error:
        raise Closed(*about) from error


def said(*about: object) -> bytes:
    """What an envelope is for, as bytes that stand for nothing else."""
    return json.dumps(about, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class OwnKey:
    """The private halves that somebody has opened: one for each generation of their pair."""

    privates: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def fresh(cls) -> OwnKey:
        """One that nobody keeps: for an act at the machine, which reads back only what it wrote itself."""
        return cls((new_private(),))

    @classmethod
    def from_bytes(cls, held: bytes) -> OwnKey:
        """As ``held`` gave it."""
        return cls(tuple(held[at : at + KEY_LENGTH] for at in range(0, len(held), KEY_LENGTH)))

    @property
    def held(self) -> bytes:
        """All of it in one, to be closed again."""
        return b"".join(self.privates)

    def by_fingerprint(self) -> dict[str, bytes]:
        """Each private half by the fingerprint of its public one."""
        return {fingerprint(public_of(one)): one for one in self.privates}
