"""Who answers for a deadline: the people of the unit that is to do it, and who may say that it is done."""

from __future__ import annotations

from andu.office.timing.deadlines import Running
from andu.security.accounts import Account
from andu.security.permissions import may


def may_finish(actor: Account, running: Running) -> bool:
    """Whether this person may say that it is done: the unit's people, or whoever sees all and signs."""
    if not running.by_hand or not running.is_due:
        return False
    return answers_for(actor, running) or (may(actor, "see_all") and may(actor, "sign"))


def answers_for(actor: Account, running: Running) -> bool:
    """Whether it is this person's unit that is to do it, and this person fills or signs there."""
    return answers_in(actor, running.unit_id)


def answers_in(actor: Account, unit_id: str) -> bool:
    """Whether this person fills or signs in that unit."""
    return actor.is_of(unit_id) and (may(actor, "fill") or may(actor, "sign"))
