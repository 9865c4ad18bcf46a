"""The heads: the newest hash of every audit chain, one line at a time, outside the database.

Called by audit alone. Each line is JSON, ``{"at": …, "heads": {chain: [seq, hash]}}``, appended in one
write and synced; no line is ever changed, so a file of them may be made append-only by the system.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _

from andu.clock import parse_stamp, stamp
from andu.store.lines import Lines, lines_of

Heads = dict[str, tuple[int, str]]
Where = Path | Lines
_TAIL = 256 * 1024  # more than the longest line: a hundred bytes for each unit


def publish(path: Where, now: datetime, newest: Heads, at_least_apart: int) -> bool:
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
    lines_of(path).append(line.encode())
    return True


def last(path: Where) -> Heads:
    """What was published last; empty where nothing can be read."""
    found = last_line(path)
    return found[1] if found else {}


def _parse(line: str) -> tuple[datetime, Heads]:
    data = json.loads(line)
    newest = {chain: (int(seq), str(sha)) for chain, (seq, sha) in data["heads"].items()}
    return parse_stamp(data["at"]), newest


def last_line(path: Where) -> tuple[datetime, Heads] | None:
    """The moment and the heads of the last line; None when there is no file, or its end cannot be read."""
    try:
        return _parse(lines_of(path).last(1, _TAIL)[-1].decode("utf-8", "replace"))
    except (OSError, IndexError, ValueError, KeyError, TypeError):
        return None


def until(path: Where, moment: datetime) -> bytes:
    """The lines written up to this moment."""
    lines = lines_of(path).whole().splitlines(keepends=True)
    return b"".join(line for line in lines if not _is_after(line, moment))


def _is_after(line: bytes, moment: datetime) -> bool:
    try:
        return _parse(line.decode("utf-8", "replace"))[0] > moment
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def read(path: Where) -> tuple[dict[str, dict[int, str]], list[str]]:
    """What was ever published, as chain → seq → hash, and what is wrong with the file itself.

    A last line torn by a power cut does not end in ``}`` and is passed over: whoever could fake one
    could as well remove the line.
    """
    published: dict[str, dict[int, str]] = {}
    problems: list[str] = []
    text = lines_of(path).whole().decode("utf-8", "replace")
    for number, line in enumerate(text.splitlines(), start=1):
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
