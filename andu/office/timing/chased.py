"""Which deadline a draft chases, and the record made of it. Owns table ``chase``.

A record keeps the id of its first draft, so that one row says of both. ``chasing`` writes it; whatever copies
a draft passes it on, so that a text kept beside another still counts as chasing.
"""

from __future__ import annotations

from collections.abc import Sequence

from andu.office.office import Office


def note(office: Office, draft_id: str, deadline_id: str) -> None:
    """A draft chases a deadline. Within the caller's transaction."""
    office.store.bind()
    office.store.insert("chase", {"id": draft_id, "deadline_id": deadline_id})


def pass_on(office: Office, draft_id: str, copy_id: str) -> None:
    """A copy chases what its draft does, if that chases anything. Within the caller's transaction."""
    row = office.store.get("chase", draft_id)
    if row is not None:
        note(office, copy_id, row["deadline_id"])


def counts(office: Office, deadline_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Deadline id → slug → how many records have chased it; voided ones do not count."""
    marks = ", ".join("?" * len(deadline_ids))
    rows = office.store.query(
        "SELECT chase.deadline_id, record.form, COUNT(*) AS n FROM chase JOIN record ON record.id = chase.id"
        f" WHERE chase.deadline_id IN ({marks}) AND record.state <> 'voided'"
        " GROUP BY chase.deadline_id, record.form",
        list(deadline_ids),
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["deadline_id"], {})[row["form"]] = row["n"]
    return found
