"""Samples whose long texts differ from each other, so that each is found where it stands and nowhere else.

The longest sample of a form fills every field with the same few words; on the page nobody could tell which of
them is missing. Called by ``rehearsal``, for papers that are printed to be looked at. Length and width of
each text stay, and its rare characters.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import Any

from andu.formtypes.kinds.text import WIDEST

_COMMON = bytes(
    byte for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF) for byte in (high, low)
).decode("gb2312")
"""The 3,666 characters that GB 2312 calls common, in the order of their sounds."""
_KEPT = 6
"""From here on the characters of ``WIDEST`` are the rare ones."""
_FILLED = re.compile(f"{WIDEST[:2]}[{WIDEST}]*")


def told_apart(context: Mapping[str, Any]) -> dict[str, Any]:
    """The context with other common characters in each of its long sample texts; always the same ones."""
    chance = random.Random(WIDEST)  # noqa: S311 - no secret
    told: dict[str, Any] = _told(dict(context), chance)
    return told


def _told(value: Any, chance: random.Random) -> Any:
    if isinstance(value, Mapping):
        return {key: _told(each, chance) for key, each in value.items()}
    if isinstance(value, list):
        return [_told(each, chance) for each in value]
    return _FILLED.sub(lambda text: _mixed(text[0], chance), value) if isinstance(value, str) else value


def _mixed(text: str, chance: random.Random) -> str:
    return "".join(
        WIDEST[at % len(WIDEST)] if at % len(WIDEST) >= _KEPT else chance.choice(_COMMON)
        for at in range(len(text))
    )
