"""Passwords: the rule they must meet, their Argon2id hashes, and the keys that they give.

Called by ``accounts``, and by ``key_pairs``, which closes a private key under a key from a password.

At most two hashes are computed at once in a process, since each takes 64 MiB and a tenth of a second:
a burst of sign-ins queues instead of exhausting the machine. Checking against no hash at all costs the
same time as checking against one, so that an answer's delay does not tell which user names exist.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Mapping
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import hash_secret_raw
from flask_babel import gettext as _

MIN_LENGTH = 10
MAX_LENGTH = 128
AT_ONCE = 2

# RFC 9106's second recommended set, which is also argon2-cffi's default.
STRONG = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4, type=Type.ID)
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.ID)

_hasher = STRONG
_turns = threading.BoundedSemaphore(AT_ONCE)


class PasswordRefused(ValueError):
    """The password does not meet the rule; the Chinese message says which."""


def choose(hasher: PasswordHasher) -> None:
    """Hash with ``hasher`` from now on in this process; only tests choose anything but ``STRONG``."""
    global _hasher
    _hasher = hasher


def _plain(password: str) -> bytes:
    # Full-width letters and digits, typed through an input method, are the same password.
    # What is far too long to be one is cut first: normalizing could make it 18 times as long.
    return unicodedata.normalize("NFKC", password[: MAX_LENGTH * 8]).encode("utf-8", "surrogatepass")


def require_good(password: str, username: str) -> None:
    """Raise ``PasswordRefused`` unless the password is long enough, varied, and not the user name."""
    plain = unicodedata.normalize("NFKC", password[: MAX_LENGTH * 8])
    if len(plain) < MIN_LENGTH:
        raise PasswordRefused(_("密码至少要 %(n)s 个字符。", n=MIN_LENGTH))
    if len(plain) > MAX_LENGTH:
        raise PasswordRefused(_("密码最多 %(n)s 个字符。", n=MAX_LENGTH))
    if plain.casefold() == username.casefold():
        raise PasswordRefused(_("密码不能与用户名相同。"))
    if len(set(plain)) < 4:
        raise PasswordRefused(_("密码太简单，请不要重复使用同一个字符。"))


def hash_of(password: str) -> str:
    """The Argon2id hash of a password, with its own salt."""
    with _turns:
        return _hasher.hash(_plain(password))


@cache
def _nobody(hasher: PasswordHasher) -> str:
    return hasher.hash(b"nobody's password")


def fits(password: str, stored: str | None) -> bool:
    """Whether the password belongs to the stored hash; for ``None`` it takes as long and says no."""
    with _turns:
        nobody = _nobody(_hasher)  # made in either case: the first unknown name must not take longer
        try:
            _hasher.verify(stored or nobody, _plain(password))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def cost() -> dict[str, int]:
    """What a key from a password costs now; kept beside what is closed under it."""
    return {"time": _hasher.time_cost, "memory": _hasher.memory_cost, "lanes": _hasher.parallelism}


def key_of(password: str, salt: bytes, cost: Mapping[str, int]) -> bytes:
    """A key of 32 bytes from a password (Argon2id); a cost beyond today's strongest is never paid."""
    with _turns:
        return hash_secret_raw(
            _plain(password),
            salt,
            time_cost=min(cost["time"], STRONG.time_cost),
            memory_cost=min(cost["memory"], STRONG.memory_cost),
            parallelism=min(cost["lanes"], STRONG.parallelism),
            hash_len=32,
            type=Type.ID,
        )
