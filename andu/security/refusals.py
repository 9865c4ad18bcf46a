"""How an act is refused: not possible now, or not for this person. Each message is Chinese and made for them.

Raised by the acts of ``office`` and by those of ``security`` itself; the views have a page for each.
"""

from __future__ import annotations


class Refused(Exception):
    """The act is not possible now; ``message`` says why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAllowed(Refused):
    """The person may not do this."""
