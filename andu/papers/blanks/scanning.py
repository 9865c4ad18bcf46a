"""One line of text on its way through the readers: what was found in it, and what is left of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from andu.papers.blanks.found import Blank
from andu.papers.blanks.model import BLANK

DONE = "\x00"
"""Stands in a line where something was found already, as long as that was."""
_BREAK = re.compile(r"[。；;，,！!？?\x00▁\t]|[ 　]{3,}")


@dataclass(frozen=True)
class Around:
    """What a line stands in: the label of its cell, the section, whether it is a cell, what comes after."""

    label: str = ""
    section: str = ""
    in_cell: bool = False
    room_below: bool = True
    by: str = ""


@dataclass
class Scan:
    """One line on its way: what is left of it, and what was found so far, by position."""

    text: str
    around: Around
    found: list[tuple[int, Blank]]

    def take(self, start: int, end: int, blank: Blank) -> None:
        """Keep a blank, and strike out what drew it."""
        self.found.append((start, blank))
        self.strike(start, end)

    def strike(self, start: int, end: int) -> None:
        """Strike out a stretch that says nothing more."""
        self.text = self.text[:start] + DONE * (end - start) + self.text[end:]

    def before(self, at: int) -> str:
        """The words that lead to a place, since whatever ended before it."""
        return _BREAK.split(self.text[:at])[-1]

    def behind(self, at: int) -> str:
        """The words right behind a place, up to the next stop."""
        return re.split(rf"[。；;，,！!？?、（(：:\x00{BLANK}\s]", self.text[at:].lstrip())[0]
