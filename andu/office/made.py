"""How each table derived from others was made, so that it is made anew when that changes. Owns ``made``.

Called at the start by whoever keeps such a table. A look costs one row, however much the table holds.
"""

from __future__ import annotations

from andu.office.office import Office


def is_as(office: Office, what: str, how: str) -> bool:
    """Whether this was made like that."""
    row = office.store.get("made", what)
    return row is not None and row["how"] == how


def note(office: Office, what: str, how: str) -> None:
    """It is now made like that. Within the caller's transaction."""
    office.store.delete("made", what)
    office.store.insert("made", {"id": what, "how": how})
