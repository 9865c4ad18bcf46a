"""Whether the counts that figures are read from still say what records, deadlines and ledgers do.

Called by ``reconcile``; reads everything, changes nothing. What the counts are and how they are kept stands
in ``andu.store.counts``.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from andu.office.ledger import ledger_counts
from andu.office.office import Office

_PARTS = {"record": "form, unit_id, state", "deadline": "unit_id, key, kind"}


def wrong(office: Office) -> Iterator[tuple[str, str]]:
    """What is counted, and a day of which the count is another."""
    for what, label in (("record", _("材料统计")), ("deadline", _("期限统计"))):
        yield from ((label, day) for day in _wrong_days(office, what, _PARTS[what]))
    for ledger in office.ledgers:
        yield from ((ledger.slug, day) for day in ledger_counts.wrong_days(office, ledger))


def _wrong_days(office: Office, what: str, parts: str) -> list[str]:
    named = ", ".join(f"told.{part}" for part in parts.split(", "))
    due = (
        f"SELECT '' AS seen_by, day, {parts}, count(*) AS n FROM {what}_told GROUP BY day, {parts}"
        f" UNION ALL SELECT sight.unit_id, day, {named}, count(*) FROM record_sight AS sight"
        f" JOIN {what}_told AS told USING (record_id) GROUP BY sight.unit_id, day, {named}"
    )
    kept = f"SELECT * FROM {what}_count WHERE n <> 0"
    rows = office.store.query(
        f"SELECT day FROM (SELECT * FROM ({due}) AS a EXCEPT {kept}) AS missing"
        f" UNION SELECT day FROM ({kept} EXCEPT SELECT * FROM ({due}) AS b) AS extra ORDER BY day"
    )
    return [row["day"] for row in rows]
