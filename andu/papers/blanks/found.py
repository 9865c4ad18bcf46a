"""What the reader of blank forms finds: one blank a person would fill in, and the whole reading."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from andu.papers.blanks.model import Cell, Line, Row

OFFICE = "office"
SIGNATURE, SEAL, PHOTO, TABLE = "signature", "seal", "attachments", "table"


@dataclass(frozen=True)
class Spot:
    """Where an answer is written: into a stretch of lines, into a cell, or into rows under a head.

    ``start`` and ``end`` count characters over the ``lines`` joined. ``head`` are the cells over the rows.
    """

    lines: tuple[Line, ...] = ()
    start: int = 0
    end: int = 0
    cell: Cell | None = None
    head: tuple[Cell, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Blank:
    """One blank. ``label`` as a person would call it, ``kind`` of ``forms/README.md``, or signature or seal.

    ``where`` names its place in the document, ``drawn`` how it is drawn there; ``certainty`` from 0 to 1.
    ``span`` is its stretch of the line it was found in, ``spot`` where an answer goes. ``filled``: the copy
    holds somebody's answer there, which is not repeated here.
    """

    label: str
    kind: str
    where: str = ""
    section: str = ""
    by: str = ""
    drawn: str = ""
    help: str = ""
    columns: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    certainty: float = 1.0
    filled: bool = False
    span: tuple[int, int] = (0, 0)
    spot: Spot | None = None

    def but(self, **changes: Any) -> Blank:
        """The same blank with something changed."""
        return replace(self, **changes)

    def as_data(self) -> dict[str, Any]:
        """For JSON: what is empty is left out."""
        said = {
            name: getattr(self, name) for name in self.__dataclass_fields__ if name not in ("span", "spot")
        }
        said["certainty"] = round(self.certainty, 2)
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in said.items()
            if value not in ("", (), False)
        }


@dataclass
class Reading:
    """A form as it was read: its title, its blanks in the order of the page, and what is worth saying."""

    title: str = ""
    fields: list[Blank] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "title": self.title,
            "fields": [one.as_data() for one in self.fields],
            "remarks": self.remarks,
        }
