"""The office of a process as it has been published up to now, without a restart.

Asked once for each request and each round of the timer: one query tells whether somebody has published since,
in this process or in another. Whoever was given an office keeps it to the end of what they do.
"""

from __future__ import annotations

import logging
import threading

from andu.formtypes.faults import FormFaults
from andu.office import published
from andu.office.config import ConfigFault
from andu.office.office import Office
from andu.office.workdays import HolidaysFault

log = logging.getLogger("andu")


def as_published(office: Office) -> Office:
    """This office, or the same with what has been published since it was read."""
    if published.generation(office.store) == office.published.generation:
        return office
    try:
        return office.read_again()
    except (ConfigFault, FormFaults, HolidaysFault):
        # a file beside the database is wrong now: people go on with what they had
        log.exception("what was published cannot be read together with the files")
        return office


class Live:
    """Gives the office as it stands; ``now`` may be called by many threads."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._reading = threading.Lock()

    def now(self) -> Office:
        """The office as it has been published up to this moment."""
        if published.generation(self._office.store) == self._office.published.generation:
            return self._office
        with self._reading:
            self._office = as_published(self._office)
            return self._office
