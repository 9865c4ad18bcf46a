"""The room there is for large requests: so many for one person, one address, and all together.

Asked by ``incoming`` as soon as the headers of a large request are read, and told when it is over: a place
is held while the body arrives and while it is worked on. Small requests need no place, so whoever takes all
of them stops nobody's forms.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass

LARGE = 1024 * 1024
PERSON = 4
ADDRESS = 8
ALL = 24  # of 60 MB at most, on disk


@dataclass(frozen=True)
class UploadPlace:
    """A place taken: by the session of somebody, from an address."""

    person: str
    address: str

    @property
    def counted(self) -> tuple[tuple[str, int], ...]:
        """What it counts for, and how many each may have; somebody without a session counts by address."""
        person = ((f"person {self.person}", PERSON),) if self.person else ()
        return (*person, (f"address {self.address}", ADDRESS), ("all", ALL))


class Uploads:
    """The places of one process. Any thread may call."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()
        self._lock = threading.Lock()

    def admit(self, person: str, address: str) -> UploadPlace | None:
        """A place for one large request, to be given back with ``release``; None when there is none."""
        place = UploadPlace(person, address)
        with self._lock:
            if any(self._taken[name] >= most for name, most in place.counted):
                return None
            self._taken.update(name for name, _most in place.counted)
        return place

    def release(self, place: UploadPlace) -> None:
        """The request is over."""
        with self._lock:
            self._taken.subtract(name for name, _most in place.counted)
            self._taken += Counter()  # names that hold nothing are forgotten
