"""What the database remembers of things beside it: of files, copies, trials. Owns table ``mark``.

One value by its name, in the caller's ``store.write()``; what must be proven stands in the audit log besides.
"""

from __future__ import annotations

import json
from typing import Any

from andu.store import Store


def get(store: Store, name: str) -> str | None:
    """What was noted last under this name."""
    row = store.get("mark", name)
    return None if row is None else str(row["value"])


def put(store: Store, name: str, value: str) -> None:
    """Note a value under this name, in the place of the one before."""
    said = "INSERT INTO mark VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value"
    store.execute(said, [name, value])


def facts(store: Store, name: str) -> dict[str, Any] | None:
    """The facts noted under this name by ``note``."""
    found = get(store, name)
    return None if found is None else dict(json.loads(found))


def note(store: Store, name: str, **facts: Any) -> None:
    """As ``put``, for several facts."""
    put(store, name, json.dumps(facts, ensure_ascii=False))
