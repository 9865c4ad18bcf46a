"""The line before LibreOffice: who is next, how many are ahead, and how many papers one person may ask for.

``andu.papers.pdf`` opens a line in each process; all processes of an office see each other's tickets in one
folder, an empty file for each, whose name says its place: what is being made, then papers to be filed, then
previews, each in the order they came. A ticket of a process that died does not count.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, TypeVar

from flask_babel import gettext as _

from andu.papers.pdf.soffice import PdfFault

MOST_EACH = 4
MAKING, FILING, PREVIEW = "0", "1", "2"
TICKETS = "[012]-*"
Place = TypeVar("Place")


class TooMany(PdfFault):
    """This person has as many papers under way as one may have; the message says to wait."""


class Line(Generic[Place]):
    """The line of one process before its ``places``; ``folder`` is the same for all processes."""

    def __init__(self, folder: Path, places: list[Place]) -> None:
        self._folder = folder
        self._free = places
        self._line: list[str] = []
        self._moved = threading.Condition()

    @contextmanager
    def turn(self, asked_by: str | None) -> Iterator[Place]:
        """Wait for a free place. Without ``asked_by`` it is the office's own paper, and goes first.

        Raises ``TooMany`` for the fifth paper that one person asks for at a time.
        """
        ticket = self._taken(asked_by)
        place = None
        try:
            with self._moved:
                self._line.append(ticket)
                self._moved.wait_for(lambda: self._free and min(self._line) == ticket)
                self._line.remove(ticket)
                place = self._free.pop()
            making = MAKING + ticket[1:]
            os.replace(self._folder / ticket, self._folder / making)
            ticket = making
            yield place
        finally:
            self._leave(ticket, place)

    def _taken(self, asked_by: str | None) -> str:
        rank = FILING if asked_by is None else PREVIEW
        ticket = f"{rank}-{time.time_ns():020d}-{os.getpid()}-{threading.get_ident()}-{_name(asked_by)}"
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self._folder / ticket).touch(mode=0o600)
        if asked_by is not None and len(self._of(asked_by)) > MOST_EACH:
            (self._folder / ticket).unlink()
            raise TooMany(_("您已有 %(n)s 份文书正在生成，请等它们生成好了再打开这一份。", n=MOST_EACH))
        return ticket

    def _leave(self, ticket: str, place: Place | None) -> None:
        with self._moved:
            if ticket in self._line:
                self._line.remove(ticket)
            if place is not None:
                self._free.append(place)
            self._moved.notify_all()
        (self._folder / ticket).unlink(missing_ok=True)

    def ahead(self, asked_by: str) -> int:
        """How many papers come before the newest one that this person waits for; 0 when none waits."""
        mine = [ticket for ticket in self._of(asked_by) if not ticket.startswith(MAKING)]
        if not mine:
            return 0
        return sum(one < mine[-1] and _process(one) == _process(mine[-1]) for one in self._tickets())

    def _of(self, asked_by: str) -> list[str]:
        return [ticket for ticket in self._tickets() if ticket.endswith(f"-{_name(asked_by)}")]

    def _tickets(self) -> list[str]:
        """All tickets of all living processes, in their order."""
        found = []
        for ticket in sorted(path.name for path in self._folder.glob(TICKETS)):
            if Path(f"/proc/{_process(ticket)}").exists():
                found.append(ticket)
            else:
                (self._folder / ticket).unlink(missing_ok=True)
        return found


def _name(asked_by: str | None) -> str:
    return hashlib.sha256(asked_by.encode()).hexdigest()[:16] if asked_by is not None else "office"


def _process(ticket: str) -> str:
    return ticket.split("-")[2]
