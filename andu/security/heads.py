"""The heads file: the newest hash of every audit chain, one line at a time, outside the database.

Called by audit alone. Each line is JSON, ``{"at": …, "heads": {chain: [seq, hash]}}``, appended in one
write and synced; no line is ever changed, so the file may be made append-only by the system.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _

from andu.clock import parse_stamp, stamp

Heads = dict[str, tuple[int, str]]
_TAIL = 256 * 1024  # more than the longest line: a hundred bytes for each unit


def publish(path: Path, now: datetime, newest: Heads, at_least_apart: int) -> bool:
    """Append a line unless the last one says the same or is younger than so many seconds."""
    if not newest:
        return False
    before = last_line(path)
    if before is not None:
        at, said = before
        age = (now - at).total_seconds()
        if said == newest or 0 <= age < at_least_apart:
            return False
    line = json.dumps({"at": stamp(now), "heads": newest}, ensure_ascii=False)
    _append(path, line.encode() + b"\n")
    return True


def last(path: Path) -> Heads:
    """What was published last; empty where nothing can be read."""
    found = last_line(path)
    return found[1] if found else {}


def _append(path: Path, line: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            line = b"\n" + line  # a power cut tore the last line: leave it, start afresh
        os.write(descriptor, line)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _parse(line: str) -> tuple[datetime, Heads]:
    data = json.loads(line)
    newest = {chain: (int(seq), str(sha)) for chain, (seq, sha) in data["heads"].items()}
    return parse_stamp(data["at"]), newest


def last_line(path: Path) -> tuple[datetime, Heads] | None:
    """The moment and the heads of the last line; None when there is no file, or its end cannot be read."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL))
            return _parse(file.read().decode("utf-8", "replace").splitlines()[-1])
    except (OSError, IndexError, ValueError, KeyError, TypeError):
        return None


def until(path: Path, moment: datetime) -> bytes:
    """The lines written up to this moment."""
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    return b"".join(line for line in lines if not _is_after(line, moment))


def _is_after(line: bytes, moment: datetime) -> bool:
    try:
        return _parse(line.decode("utf-8", "replace"))[0] > moment
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def read(path: Path) -> tuple[dict[str, dict[int, str]], list[str]]:
    """What was ever published, as chain → seq → hash, and what is wrong with the file itself.

    A last line torn by a power cut does not end in ``}`` and is passed over: whoever could fake one
    could as well remove the line.
    """
    published: dict[str, dict[int, str]] = {}
    problems: list[str] = []
    if not path.exists():
        return published, problems
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        try:
            said = _parse(line)[1]
        except (ValueError, KeyError, TypeError, AttributeError):
            if line.rstrip().endswith("}"):
                problems.append(_("链头文件第 %(n)s 行读不懂。", n=number))
            continue
        for chain, (seq, sha) in said.items():
            if published.setdefault(chain, {}).setdefault(seq, sha) != sha:
                problems.append(_("链头文件第 %(n)s 行与前面的行矛盾。", n=number))
    return published, problems
