"""How a PostgreSQL server is reached, and how both sides notice that the other is gone: for ``postgresql``.

A machine that loses its power, or a network that swallows everything, says nothing. So each side asks the
other after ``QUIET`` seconds whether it is there, and gives up after some more: the machine answers its
people that the database is away, and the server lets go of what the dead one had locked.
"""

from __future__ import annotations

import importlib
from contextlib import suppress
from typing import Any

from andu.store.faults import Unreadable

QUIET, AGAIN_AFTER, TIMES, HASTE = 5, 5, 3, 2
GIVEN_UP = 15_000
"""Milliseconds in which what was sent has to arrive."""
SETTINGS = (
    "SET client_min_messages = warning",
    "SET idle_in_transaction_session_timeout = '10min'",
    "SET jit = off",
    f"SET tcp_keepalives_idle = {QUIET}",
    f"SET tcp_keepalives_interval = {AGAIN_AFTER}",
    f"SET tcp_keepalives_count = {TIMES}",
    f"SET tcp_user_timeout = {GIVEN_UP}",
    "SET client_connection_check_interval = '10s'",
)


def imported(module: str) -> Any:
    """The DB-API module of this name; ``Unreadable`` where there is none."""
    try:
        return importlib.import_module(module)
    except ImportError as fault:
        raise Unreadable(
            f"没有安装驱动 {module}（{fault}）：请检查 ANDU_STORE_DRIVER，或按厂商的说明装上。"
        ) from fault


def connected(module: Any, address: str, in_haste: bool = False) -> Any:
    """A new connection that commits each statement by itself, with what a connection of the store has.

    ``in_haste``: the server was away a moment ago.
    """
    said: dict[str, Any] = {"connect_timeout": HASTE if in_haste else QUIET}
    said |= {"keepalives_idle": QUIET, "keepalives_count": TIMES, "keepalives_interval": AGAIN_AFTER}
    if module.__name__.startswith("psycopg"):  # a vendor's library may be older than the word
        said["tcp_user_timeout"] = GIVEN_UP
    if hasattr(module, "ClientCursor"):  # values are put in here: the server guesses no types
        said["cursor_factory"] = module.ClientCursor
    raw = module.connect(address, **said)
    raw.autocommit = True
    try:
        raw.cursor().execute("; ".join(SETTINGS))
    except module.Error:  # a kernel that has no such setting
        for setting in SETTINGS:
            with suppress(module.Error):
                raw.cursor().execute(setting)
    raw.cursor().execute(
        "CREATE TEMP TABLE touched_rows (tbl text, key text, act text) ON COMMIT DELETE ROWS"
    )
    return raw


def comes_back(said: str) -> bool:
    """Whether a server that cannot be reached is one that is being restarted, and not one that refuses."""
    refused = ("does not exist", "authentication failed", "no pg_hba.conf", "password")
    return not any(words in said for words in refused)
