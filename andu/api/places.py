"""Cursors: where a list goes on, as one word that a program hands back and need not understand."""

from __future__ import annotations

import base64
import json
from typing import Any

from flask_babel import gettext as _

from andu.api.problems import Wrong


def written(*parts: str | int) -> str:
    """The word for a place."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def read(word: str, *kinds: type) -> list[Any] | None:
    """The parts of a place, each of its kind; None for ''. Raises ``Wrong`` for a word of ours no more."""
    if not word:
        return None
    try:
        parts = json.loads(base64.b64decode(word + "=" * (-len(word) % 4), b"-_", validate=True))
    except (ValueError, RecursionError):
        parts = None
    if not isinstance(parts, list) or [type(part) for part in parts] != [*kinds]:
        raise Wrong(_("参数“after”不是上一次给出的位置。"))
    if any(isinstance(part, int) and abs(part) >= 2**53 for part in parts):
        raise Wrong(_("参数“after”不是上一次给出的位置。"))
    return parts
