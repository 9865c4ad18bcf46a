"""The office of a process as it has been published up to now, without a restart.

Asked once for each request and each round of the timer: one query tells whether somebody has published since,
in this process or in another. Whoever was given an office keeps it to the end of what they do.
"""

from __future__ import annotations

import threading

from andu.office import published
from andu.office.office import Office


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
            if published.generation(self._office.store) != self._office.published.generation:
                self._office = self._office.read_again()
            return self._office
