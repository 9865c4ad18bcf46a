"""Which page of a browser a text comes from: what the same page sent before is no second editor.

A page goes on under its name when it is loaded anew (static/js/typed.js); without its script there is none.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tab:
    """A page by the name it gave itself, and when what it sends was typed (milliseconds)."""

    name: str
    typed_at: int

    def was_before(self, kept: str) -> bool | None:
        """Whether a draft with ``kept`` holds a later text of this very page; None if another wrote it."""
        name, _colon, at = kept.partition(":")
        return self.typed_at < int(at) if name == self.name else None

    def __str__(self) -> str:
        """As the draft keeps it."""
        return f"{self.name}:{self.typed_at}"
