"""Files for one reader only: encrypted in the format of age (age-encryption.org/v1), streams of any length.

The machine that makes a copy knows the public half alone (``age1…``); the secret half (``AGE-SECRET-KEY-1…``)
lies on paper. Any other tool that knows the format opens such a file too. Called by ``office.backup``.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

import pyrage
from flask_babel import gettext as _


class AgeFault(Exception):
    """A key is none, or a file does not open; the Chinese message says which."""


def new_pair() -> tuple[str, str]:
    """A secret key and the public one that belongs to it."""
    secret = pyrage.x25519.Identity.generate()
    return str(secret), str(secret.to_public())


def is_recipient(text: str) -> bool:
    """Whether this is a public key, its checksum included."""
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True


@contextmanager
def encrypting(target: BinaryIO, recipient: str) -> Iterator[BinaryIO]:
    """A stream: what is written into it stands encrypted in ``target`` when the block ends."""
    key, kept = pyrage.x25519.Recipient.from_str(recipient), _Target(target)

    def encrypt(source: BinaryIO) -> None:
        try:
            pyrage.encrypt_io(source, kept, [key])
        except pyrage.EncryptError as fault:
            raise kept.fault or fault from fault

    with _beside(encrypt, reads=True) as stream:
        yield stream


class _Target:
    """Writes on; remembers why it could not, of which pyrage tells the words alone."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self.fault: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return self._target.write(data)
        except OSError as fault:
            self.fault = fault
            raise

    def flush(self) -> None:
        self._target.flush()


@contextmanager
def decrypting(source: BinaryIO, secret: str) -> Iterator[BinaryIO]:
    """A stream of what ``source`` says; read it to its end, or a cut file is not noticed.

    Raises ``AgeFault`` for a key that is none, for another's file, and for a changed or cut one.
    """
    try:
        key = pyrage.x25519.Identity.from_str(secret.strip().upper())
    except pyrage.IdentityError as fault:
        raise AgeFault(
            _("这不是备份密钥：应当是 AGE-SECRET-KEY-1 开头的一行，请对照纸上再输一次。")
        ) from fault

    def decrypt(target: BinaryIO) -> None:
        try:
            pyrage.decrypt_io(source, target, [key])
        except (pyrage.DecryptError, OSError) as fault:
            if isinstance(fault, OSError) and fault.errno:
                raise
            raise AgeFault(_not_opened) from fault

    _not_opened = _("备份文件打不开：密钥不是这一份的，或者文件不全、被改动过。")
    with _beside(decrypt, reads=False) as stream:
        yield stream


@contextmanager
def _beside(work: Callable[[BinaryIO], object], reads: bool) -> Iterator[BinaryIO]:
    """Our end of a pipe, whose other end ``work`` reads (or writes) in a thread of its own."""
    read_end, write_end = os.pipe()
    ours = os.fdopen(write_end, "wb") if reads else os.fdopen(read_end, "rb")
    theirs = os.fdopen(read_end, "rb") if reads else os.fdopen(write_end, "wb")
    failed: list[Exception] = []

    def run() -> None:
        try:
            with theirs:
                work(theirs)
        except Exception as fault:  # told by whoever waits for this thread
            failed.append(fault)

    thread = threading.Thread(target=run, name="andu-age")
    thread.start()
    try:
        with suppress(BrokenPipeError):  # then the other end has failed, and says why
            yield ours
    finally:
        with suppress(BrokenPipeError):
            ours.close()
        thread.join()
        for fault in failed:  # rather than what we made of half a stream
            if not isinstance(fault, BrokenPipeError):
                raise fault
