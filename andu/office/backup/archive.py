"""What lies in a copy: a tar, and first in it a list of what follows with the SHA-256 of each part.

Filed papers and attachments are named by their hash, so the list only counts them. Nothing is unpacked
outside the folder it is unpacked into, and nothing that is no plain file.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

from flask_babel import gettext as _

from andu.store import Kept

LIST = "list.json"
FORM = "andu-backup 1"
FILED = re.compile(r"files/[0-9a-f]{2}/([0-9a-f]{64})")
_NAME = re.compile(r"[^/\\\x00]{1,200}(/[^/\\\x00]{1,200}){0,3}")
_AT_A_TIME = 1 << 20


class ArchiveFault(Exception):
    """A copy is not whole, or none of ours; the Chinese message says what is wrong."""


@dataclass(frozen=True)
class Contents:
    """What the list of a copy says: ``made_at`` as stored, ``series`` from ``key:year`` to its counter."""

    made_at: str
    series: dict[str, int]
    parts: dict[str, str]
    files: int


def write(
    stream: BinaryIO, made_at: str, series: dict[str, int], parts: dict[str, Path], files: Kept
) -> None:
    """Write a copy: ``parts`` by their names in it, the filed bytes behind them.

    A part must not change while it is written; a file that has gone meanwhile raises ``Missing``.
    """
    hashes, shas = {name: _hash(path) for name, path in parts.items()}, files.all()
    said = {"form": FORM, "made_at": made_at, "series": series, "parts": hashes, "files": len(shas)}
    with tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        _add(tar, LIST, io.BytesIO(json.dumps(said, ensure_ascii=False).encode()))
        for name, path in parts.items():
            with path.open("rb") as file:
                _add(tar, name, file)
        for sha in shas:
            _add(tar, f"files/{sha[:2]}/{sha}", io.BytesIO(files.read(sha)))


def _add(tar: tarfile.TarFile, name: str, file: IO[bytes]) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = file.seek(0, os.SEEK_END)
    entry.mode = 0o600
    file.seek(0)
    tar.addfile(entry, file)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unpack(stream: BinaryIO, folder: Path) -> Contents:
    """Unpack a copy into an empty folder and return what it says of itself; reads to its very end.

    Raises ``ArchiveFault`` where a part is missing, changed or not expected.
    """
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            members = iter(tar)
            contents = _list(tar, next(members, None))
            left, files = dict(contents.parts), 0
            for member in members:
                sha = _unpack(tar, member, folder)
                named = FILED.fullmatch(member.name)
                if sha != (named[1] if named else left.pop(member.name, None)):
                    raise ArchiveFault(_("备份里的 %(name)s 与清单不符。", name=member.name))
                files += bool(named)
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError) as fault:
        raise ArchiveFault(_("备份文件不全，或者不是本系统的备份。")) from fault
    if left or files != contents.files:
        raise ArchiveFault(_("备份文件不全：缺 %(names)s。", names="、".join(left) or _("文书")))
    while stream.read(_AT_A_TIME):  # what is cut is told at the end of the stream
        pass
    return contents


def _list(tar: tarfile.TarFile, member: tarfile.TarInfo | None) -> Contents:
    if member is None or member.name != LIST or not member.isfile():
        raise ArchiveFault(_("备份文件不全，或者不是本系统的备份。"))
    said: dict[str, Any] = json.loads(b"".join(_read(tar, member)))
    if said["form"] != FORM:
        raise ArchiveFault(_("这份备份是另一个版本的程序做的（%(form)s）。", form=said["form"]))
    return Contents(said["made_at"], said["series"], said["parts"], said["files"])


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> str:
    """Write one part below the folder; its hash."""
    is_inside = _NAME.fullmatch(member.name) and not {".", ".."} & set(member.name.split("/"))
    if not member.isfile() or not is_inside:
        raise ArchiveFault(_("备份里有不该有的东西：%(name)s。", name=member.name))
    path, digest = folder / member.name, hashlib.sha256()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for piece in _read(tar, member):
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _read(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    file = tar.extractfile(member)
    if file is None:
        raise ArchiveFault(_("备份里有不该有的东西：%(name)s。", name=member.name))
    while piece := file.read(_AT_A_TIME):
        yield piece
