"""Ids made by the application, so that another database could stand in for SQLite."""

from __future__ import annotations

import secrets
import time


def new_id() -> str:
    """A new id: 12 hex digits of the time in milliseconds, then 20 random ones.

    Sorts by age and cannot be guessed (80 random bits).
    """
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


def id_ago(seconds: float) -> str:
    """What stands, in the order of ids, before every id made since so many seconds ago."""
    return f"{int((time.time() - seconds) * 1000):012x}"
