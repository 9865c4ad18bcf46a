"""Which forms a person fills most, and which they have marked for their desk. Owns table ``marked_form``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from andu.formtypes.definition import FormType
from andu.office import offering
from andu.office.errors import NotFound
from andu.office.office import Office
from andu.security.accounts import Account
from andu.security.permissions import require

LATELY = 200
"""So many of a person's latest records say what they fill most."""
SHOWN = 6


def marked(office: Office, actor: Account) -> list[FormType]:
    """The forms this person has marked and may fill now, in the order of the catalogue."""
    rows = office.store.rows_where("marked_form", "account_id = ?", [actor.id])
    known = {row["form"] for row in rows}
    return [one for one in offering.fillable(office, actor) if one.slug in known] if known else []


def most_used(office: Office, actor: Account, among: Sequence[FormType]) -> list[FormType]:
    """Of these forms, those this person has lately handed in, the most used first."""
    rows = office.store.query(
        "SELECT form FROM record WHERE author_id = ? ORDER BY created_at DESC, id DESC LIMIT ?",
        [actor.id, LATELY],
    )
    counted = Counter(row["form"] for row in rows)
    used = [one for one in among if counted[one.slug]]
    return sorted(used, key=lambda one: -counted[one.slug])[:SHOWN]


def mark(office: Office, actor: Account, slug: str, is_wanted: bool) -> None:
    """Put a form on this person's desk, or take it off; ``NotFound`` for one they may not fill."""
    require(actor, "fill")
    if slug not in {one.slug for one in offering.fillable(office, actor)}:
        raise NotFound(slug)
    with office.store.write():
        office.store.execute("DELETE FROM marked_form WHERE account_id = ? AND form = ?", [actor.id, slug])
        if is_wanted:
            office.store.insert("marked_form", {"account_id": actor.id, "form": slug})
