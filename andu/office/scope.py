"""Which records exist for whom. Every reading of records goes through this one condition.

By unit, by what the office asks people to sign first (``access``), and by whom the matter names
(``conflicts``).
"""

from __future__ import annotations

from andu.office import access, conflicts
from andu.office.office import Office
from andu.security.accounts import Account
from andu.security.permissions import may


def unit_seeing(actor: Account) -> str | None:
    """The unit whose records and shares a person sees; None for all of them, '' for none."""
    if may(actor, "see_all"):
        return None
    return actor.unit_id if may(actor, "see_unit") else ""


def records_for(office: Office, actor: Account) -> tuple[str, list[str]]:
    """An SQL condition on table ``record`` and its parameters.

    ``see_all`` sees every record; ``see_unit`` those of the own unit and those shared with it;
    whoever has neither sees none. Tables ``record_sight`` and ``ledger_sight`` keep the same, unit by unit,
    for long lists and for ledgers. Nobody sees what is shut to them.
    """
    (sight, units), (is_open, forms) = _of_units(actor), access.condition(office, actor)
    return f"({sight} AND {is_open})", [*units, *forms]


def counts_for(office: Office, actor: Account) -> str | None:
    """Whose kept counts say what this person may see: a unit's, or '' for all; None for nobody's.

    ``not_counted`` says what has to be taken off them.
    """
    is_open = access.of_forms(office, actor)[0] == "1=1"
    return unit_seeing(actor) or ("" if may(actor, "see_all") else None) if is_open else None


def not_counted(office: Office, actor: Account) -> tuple[str, list[str]] | None:
    """A condition on table ``record``: counted for this person's unit and yet shut to them; None for none."""
    shut = conflicts.shut_records(office, actor)
    if shut is None:
        return None
    sight, units = _of_units(actor)
    return f"({shut[0]} AND {sight})", [*shut[1], *units]


def _of_units(actor: Account) -> tuple[str, list[str]]:
    unit_id = unit_seeing(actor)
    if unit_id is None:
        return "1=1", []
    if unit_id:
        return (
            "(record.unit_id = ? OR EXISTS (SELECT 1 FROM record_share"
            " WHERE record_share.record_id = record.id AND record_share.unit_id = ?))"
        ), [unit_id, unit_id]
    return "1=0", []
