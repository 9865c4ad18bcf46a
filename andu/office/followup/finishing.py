"""Finishing: a person says that what was due is done, where no paper can say it. Called by views."""

from __future__ import annotations

from flask_babel import gettext as _

from andu.office import events, reasons
from andu.office.books import consequences
from andu.office.errors import NotAllowed, Refused
from andu.office.office import Office
from andu.office.timing import answering, deadlines
from andu.security.accounts import Account


def finish(office: Office, actor: Account, deadline_id: str, words: str) -> None:
    """Say that it is done, with a few words; a second click changes nothing.

    Raises ``NotFound``, ``NotAllowed``, and ``Refused`` without words or when it is met already.
    """
    words = reasons.require(words, _("请用几句话写明办理结果。"))
    with office.store.write():
        running = deadlines.get(office, actor, deadline_id)
        if running.met_hand == actor.id:
            return
        if not running.is_due:
            raise Refused(_("这项期限已经办结。"))
        if not answering.may_finish(actor, running):
            raise NotAllowed(_("这项期限不由您注明办结。"))
        deadlines.meet_by_word(office, deadline_id, actor, words)
        said = {"label": running.label, "words": words}
        events.append(office, running.record_id, actor, "deadline_met", **said)
        office.note(running.unit_id, actor.id, "deadline_met", deadline=deadline_id)
        consequences.follow(office, running.record_id, "deadline_met", actor)
