"""The timer of a service: papers that wait, reminders and sweeping at start and every 30 seconds, in a thread
of each worker; it also builds the ledgers that changed, while people work. In a second thread, the copy of
each day; in a third, what was just signed is numbered (``issue.soon``).

Workers of any number of machines may run it at once: who does what is settled by leases (``store.work``).
Started by gunicorn.conf.py; tests and commands call ``issuing.recover`` themselves.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from andu.office import record_words
from andu.office.backup import making
from andu.office.books import concerns, ledger_keeping, likeness
from andu.office.followup import reminders, return_reminders
from andu.office.issue import issuing, soon
from andu.office.live import Live
from andu.office.notices import telling
from andu.office.office import Office
from andu.office.writing import asked_once, drafts, moving_sealed, second_person
from andu.security import audit, checkup, denials, sessions, signin
from andu.store import Unwritable

EVERY = 30.0
log = logging.getLogger(__name__)


def start(live: Live, every: float = EVERY) -> threading.Event:
    """Start the timer; set the returned event to stop it. ``every`` in seconds."""
    stop = threading.Event()
    threading.Thread(target=_run, args=(live, every, stop), name="andu-timer", daemon=True).start()
    threading.Thread(target=_copy, args=(live, stop), name="andu-backup", daemon=True).start()
    threading.Thread(target=_tell, args=(live, stop), name="andu-notices", daemon=True).start()
    threading.Thread(target=soon.work, args=(live.now, stop), name="andu-numbers", daemon=True).start()
    return stop


def _copy(live: Live, stop: threading.Event) -> None:
    """The copy of each day, in a thread of its own: it may take minutes, and nothing else waits for it."""
    while not stop.wait(EVERY):
        try:
            making.daily(live.now())
        except Exception:  # as above
            log.exception("backup failed; trying again")


def _tell(live: Live, stop: threading.Event) -> None:
    """Notices, in a thread of their own: a server outside may not answer, and nothing else waits for it."""
    while not stop.wait(EVERY):
        try:
            telling.tell(live.now())
        except Exception:  # as above
            log.exception("notices failed; trying again")


def _run(live: Live, every: float, stop: threading.Event) -> None:
    checked: Office | None = None
    while True:
        try:
            office = live.now()
            if office is not checked:
                ledger_keeping.check(office)
            checked = office
            once(office)
        except Exception:  # the timer must outlive any single failure
            log.exception("recovery failed; trying again")
        if stop.wait(every):
            return


def once(office: Office) -> None:
    """One round: each step looks, and writes only where there is something to do."""
    for step in STEPS:
        try:
            step(office)
        except Unwritable:
            raise
        except Exception:  # the others are not to wait for it; a chore keeps what went wrong
            log.exception("a step of the timer failed; trying again")


STEPS: tuple[Callable[[Office], object], ...] = (
    issuing.recover,
    concerns.keep_up,
    record_words.keep_up,
    likeness.keep_up,
    ledger_keeping.keep_up,
    reminders.write_due,
    return_reminders.write_due,
    lambda office: audit.publish_heads(office.store, office.clock, office.heads),
    lambda office: checkup.go_on(office.store, office.clock, office.checkup),
    drafts.drop_untouched,
    moving_sealed.go_on,
    second_person.purge,
    lambda office: sessions.purge(office.store, office.clock),
    lambda office: signin.purge(office.store, office.clock),
    lambda office: denials.settle(office.store, office.clock),
    lambda office: asked_once.purge(office.store, office.clock),
)
"""What one round does, in its order."""
