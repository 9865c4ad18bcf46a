"""Who is named in a record whose deadline a person says is met: it hangs on them. Owns ``deadline_named``.

Called by ``deadlines``; read by ``handover.hanging`` when somebody leaves or moves, by account, so that what
it costs does not grow with the deadlines that are open.
"""

from __future__ import annotations

import json
import re

from andu.office.office import Office
from andu.office.records import Record

_ID = re.compile(r'"([0-9a-f]{32})"')


def note(office: Office, record: Record) -> None:
    """Note the accounts that the open answers of a record name, for its deadlines met by hand.

    Within the caller's transaction, whenever its deadlines were counted.
    """
    due = office.store.rows_where("deadline", "record_id = ?", [record.id])
    due = [row for row in due if json.loads(row["terms"]).get("by_hand")]
    if not due:
        return
    ids = sorted(set(_ID.findall(json.dumps(dict(record.values)))))
    marks = ", ".join("?" * len(ids))
    named = [row["id"] for row in office.store.rows_where("account", f"id IN ({marks})", ids)] if ids else []
    for row in due:
        office.store.execute("DELETE FROM deadline_named WHERE deadline_id = ?", [row["id"]])
        for account_id in named:
            office.store.insert("deadline_named", {"account_id": account_id, "deadline_id": row["id"]})
