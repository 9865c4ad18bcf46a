"""What is set for one person alone: their language, their e-mail address. Owns table ``person_setting``.

No right follows from any of it.
"""

from __future__ import annotations

from andu.store import Store


def get(store: Store, account_id: str, name: str) -> str:
    """What is set for this person under this name; '' for nothing."""
    rows = store.rows_where("person_setting", "account_id = ? AND name = ?", [account_id, name])
    return str(rows[0]["value"]) if rows else ""


def of_all(store: Store, name: str) -> dict[str, str]:
    """What is set under this name, by account."""
    rows = store.rows_where("person_setting", "name = ?", [name])
    return {row["account_id"]: row["value"] for row in rows}


def put(store: Store, account_id: str, name: str, value: str) -> None:
    """Set it, or with '' forget it; within the caller's ``store.write()``."""
    store.execute("DELETE FROM person_setting WHERE account_id = ? AND name = ?", [account_id, name])
    if value:
        store.insert("person_setting", {"account_id": account_id, "name": name, "value": value})
