"""The timer of a service: recovery, reminders and sweeping at start and every 30 seconds, in a thread of
each worker; at start, and after a publication, it also builds the ledgers that changed, while people work.
In a second thread, the copy of each day; in a third, what was just signed is numbered (``issue.soon``).

Several workers may run it at once: each outbox row is taken by compare-and-set, each reminder written once.
Started by gunicorn.conf.py; tests and commands call ``issuing.recover`` themselves.
"""

from __future__ import annotations

import logging
import threading

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
    kept_up: Office | None = None
    while True:
        try:
            office = live.now()
            kept_up = office if once(office, office is kept_up) else None
        except Exception:  # the timer must outlive any single failure
            log.exception("recovery failed; trying again")
        if stop.wait(every):
            return


def once(office: Office, is_kept_up: bool = False) -> bool:
    """One round; whether the ledgers are kept up now. ``is_kept_up``: they were before."""
    issuing.recover(office)
    concerns.keep_up(office)
    if not is_kept_up:
        record_words.keep_up(office)
        likeness.keep_up(office)
        is_kept_up = ledger_keeping.keep_up(office)
    ledger_keeping.follow_names(office)
    reminders.write_due(office)
    return_reminders.write_due(office)
    audit.publish_heads(office.store, office.clock, office.heads)
    checkup.go_on(office.store, office.clock, office.checkup)
    drafts.drop_untouched(office)
    moving_sealed.go_on(office)
    second_person.purge(office)
    sessions.purge(office.store, office.clock)
    signin.purge(office.store, office.clock)
    denials.settle(office.store, office.clock)
    asked_once.purge(office.store, office.clock)
    return is_kept_up
