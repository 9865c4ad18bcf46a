"""The number and the paper of a record that was just signed to the end, while its last signer goes on.

A service starts ``work`` in each of its processes: what is complete is numbered one after the other in a
thread of its own, and whoever signed is answered at once. Commands and tests start none: there the number is
given before they go on. Nothing hangs on the thread or on what it still has before it: that a record is
complete stands in the database, and ``issuing.recover`` comes to what was left. What refuses a number (the
paper is tried out first) is kept with the record; it stands on its page and on the desk of who can mend it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

from andu.office.issue import issuing
from andu.office.office import Office

PAUSE = 1.0
log = logging.getLogger(__name__)
_line: SimpleQueue[str] = SimpleQueue()
_is_at_work = threading.Event()


def number(office: Office, record_id: str) -> None:
    """Number and file a record if its signatures are all there: soon where a service is at work, else now."""
    if _is_at_work.is_set():
        _line.put(record_id)
    else:
        issuing.issue_when_complete(office, record_id)


def work(now: Callable[[], Office], stop: threading.Event) -> None:
    """Number what comes, with the office as ``now`` gives it, until ``stop``; what is left is not lost."""
    _is_at_work.set()
    while not stop.is_set():
        try:
            record_id = _line.get(timeout=PAUSE)
            issuing.issue_when_complete(now(), record_id)
        except Empty:
            continue
        except Exception:  # the next one waits: this one is tried again by the timer
            log.exception("a record was not numbered; trying again")
    _is_at_work.clear()
