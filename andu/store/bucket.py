"""Filed bytes in a bucket that speaks S3, each under its SHA-256 below the prefix of the office.

Written only where nothing is (``If-None-Match``), so that of two machines none writes over the other; a
bucket that does not keep to that is refused at the start (``try_out``). Whatever keeps it from answering
raises ``FilesAway``. The keys of access come from the environment and stand in no message.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import secrets
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from andu.store.faults import FilesAway, Unreadable
from andu.store.files import NAME, Kept, Missing, name_of

SECRETS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
PATIENCE = {"connect_timeout": "2s", "timeout": "30s"}
AGAIN = {"max_retries": 2, "retry_timeout": timedelta(seconds=6)}
_PROBES = "probe"


def store_at(address: str) -> S3Store:
    """The client for ``s3://bucket/prefix?endpoint=https://…&region=…``; it lives through no fork."""
    parts = urlsplit(address)
    asked: dict[str, Any] = dict(parse_qsl(parts.query))
    client = PATIENCE | {"allow_http": asked.get("endpoint", "").startswith("http://")}
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        client_options=client,  # type: ignore[arg-type]
        retry_config=AGAIN,  # type: ignore[arg-type]
        **asked,
    )


@dataclass
class _Client:
    """What is done at the bucket, by the process that does it."""

    address: str
    _pid: int = 0
    _made: Any = field(default=None, repr=False)

    @property
    def _store(self) -> S3Store:
        if self._pid != os.getpid():
            self._made, self._pid = store_at(self.address), os.getpid()
        return self._made  # type: ignore[no-any-return]

    def read(self, name: str) -> bytes:
        with self._answering():
            return bytes(obstore.get(self._store, name).bytes())

    def write(self, name: str, data: bytes, is_new: bool) -> bool:
        """Whether it was written; ``is_new``: only where nothing is."""
        with self._answering():
            try:
                obstore.put(self._store, name, data, mode="create" if is_new else "overwrite")
            except AlreadyExistsError:
                return False
        return True

    def remove(self, name: str) -> None:
        with self._answering():
            obstore.delete(self._store, name)

    def names(self, below: str | None = None) -> list[str]:
        with self._answering():
            chunks = obstore.list(self._store, prefix=below, chunk_size=1000)
            return [str(one["path"]) for some in chunks for one in some]

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as fault:
            if "NoSuchKey" in str(fault) or "NoSuchBucket" not in str(fault):
                raise Missing("") from fault
            raise FilesAway(self.address, _plain(fault)) from None
        except (BaseError, ValueError, OSError) as fault:
            raise FilesAway(self.address, _plain(fault)) from None  # its long form holds what was sent


def _plain(fault: Exception) -> str:
    """What a client says in one line, without any key of access."""
    said = re.sub(r"<[^>]*>", " ", str(fault).partition("\n\nDebug")[0])
    for name in SECRETS:
        if secret := os.environ.get(name):
            said = said.replace(secret, "…")
    return " ".join(said.split())[:300]


class Bucket(Kept):
    """The files of an office, in a bucket."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._client = _Client(address)

    def _do(self, act: str, *words: Any) -> Any:
        if _forking == os.getpid():
            return _apart().submit(_done, self.address, act, words).result()
        return getattr(self._client, act)(*words)

    def read(self, sha: str) -> bytes:
        try:
            found: bytes = self._do("read", _under(sha))
        except Missing as fault:
            raise Missing(sha) from fault
        return found

    def all(self) -> list[str]:
        ends = (name.rpartition("/")[2] for name in self._do("names"))
        return sorted(end for end in ends if NAME.fullmatch(end))

    def _write(self, sha: str, data: bytes) -> None:
        is_there = not self._do("write", _under(sha), data, True)
        if is_there and self.check(sha) is not None:  # damaged there: the true bytes take its place
            self._do("write", _under(sha), data, False)

    def require_ready(self) -> None:
        self._do("write", f"{_PROBES}/ready", b"", False)

    def try_out(self) -> None:
        """Write, read, list and remove something of one's own, and nothing else.

        ``Unreadable`` for a bucket that will not do, ``FilesAway`` for one that does not answer.
        """
        name, first, second = f"{_PROBES}/{secrets.token_hex(16)}", secrets.token_bytes(64), b"second"
        try:
            is_kept = self._do("write", name, first, True) and self._do("read", name) == first
            is_written_over = self._do("write", name, second, True) or self._do("read", name) != first
            is_listed = name in self._do("names", _PROBES)
        except Missing:
            is_kept, is_written_over, is_listed = False, False, False
        finally:
            with suppress(Missing):
                self._do("remove", name)
        self._judge(is_kept, is_written_over, is_listed, name in self._do("names", _PROBES))

    def _judge(self, is_kept: bool, is_written_over: bool, is_listed: bool, is_left: bool) -> None:
        faults = (
            (not is_kept, "写进去的读不回来"),
            (is_written_over, "不守 If-None-Match：已有的文件会被覆盖"),
            (not is_listed, "写进去的列不出来"),
            (is_left, "删不掉"),
        )
        if wrong := [said for is_so, said in faults if is_so]:
            raise Unreadable(
                f"存储桶 {self.address} 不合用（{'；'.join(wrong)}）："
                "请换一个守 S3 条件写入的存储，或不设 ANDU_FILES。"
            )


def _under(sha: str) -> str:
    return f"{name_of(sha)[:2]}/{sha}"


# --- in a process that forks: what the client runs on would not outlive it --------------------------

_forking: int | None = None


def will_fork() -> None:
    """This process makes others of itself: until ``has_opened`` another one speaks to the bucket for it."""
    global _forking  # noqa: PLW0603 - one process, one answer
    _forking = os.getpid()


def has_opened() -> None:
    """What had to be read and written before the fork is done; the process that did it ends."""
    if _apart.cache_info().currsize:
        _apart().shutdown()
        _apart.cache_clear()


@cache
def _apart() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))


@cache
def _client_of(address: str) -> _Client:
    return _Client(address)


def _done(address: str, act: str, words: tuple[Any, ...]) -> Any:
    return getattr(_client_of(address), act)(*words)
