"""Whom each record concerns, entered into ``concern`` (whose owner and reader is ``office.conflicts``).

A record has the keys of its own answers. Once it has its number, and until that is voided, every record of
its cases has them as well, and every record that names it. ``consequences`` enters a record after an event
that changes any of that; ``wrong`` tells ``reconcile`` where the table says something else.

``begin`` makes what an update did not find before the first request is answered, as far as it gets in some
seconds; the timer goes on. Owns ``concern_left``, which says how far that is where keys are missing, so that
``conflicts`` shows nobody meanwhile what may be shut to them.
"""

from __future__ import annotations

import hashlib
import json
import math
import time

from andu import folding
from andu.office import conflicts, events, made, records
from andu.office.office import Office
from andu.office.records import Record
from andu.security import units
from andu.store import work

MAKING = "1"
"""Changed whenever keys come to be made in another way: all are then made anew."""
RULES = f"{MAKING}.{folding.VERSION}:"
AT_ONCE = 200
AT_START = 20.0
"""Seconds; some ten thousand records."""
WHAT = "concerns"
_FROM = (
    "SELECT other.record_id AS id FROM case_record AS one JOIN case_record AS other"
    " ON other.case_id = one.case_id WHERE one.record_id = ?"
    " UNION SELECT on_id AS id FROM builds_on WHERE record_id = ?"
)
"""The records whose keys a record has too, once they have their number."""
_TO = (
    "SELECT other.record_id AS id FROM case_record AS one JOIN case_record AS other"
    " ON other.case_id = one.case_id WHERE one.record_id = ?"
    " UNION SELECT record_id AS id FROM builds_on WHERE on_id = ?"
)
_HAS_NUMBER = "record.state IN ('numbered', 'filed')"


def enter(office: Office, record: Record) -> None:
    """Keep whom a record concerns, and who else's keys it has. Within the caller's transaction."""
    office.store.execute("DELETE FROM concern WHERE record_id = ? OR because = ?", [record.id, record.id])
    own = own_keys(office, record)
    for key in own:
        row = [record.id, key, record.id]
        office.store.execute("INSERT INTO concern (record_id, key, because) VALUES (?, ?, ?)", row)
    office.store.execute(
        "INSERT INTO concern (record_id, key, because)"
        " SELECT ?, concern.key, concern.because FROM concern JOIN record ON record.id = concern.record_id"
        f" WHERE concern.record_id = concern.because AND {_HAS_NUMBER} AND record.id <> ?"
        f" AND record.id IN ({_FROM})",
        [record.id, record.id, record.id, record.id],
    )
    if own and record.state in ("numbered", "filed"):
        office.store.execute(
            "INSERT INTO concern (record_id, key, because)"
            " SELECT record.id, concern.key, concern.because FROM concern CROSS JOIN record"
            " WHERE concern.record_id = ? AND concern.because = ? AND record.id <> ?"
            f" AND record.id IN ({_TO})",
            [record.id, record.id, record.id, record.id, record.id],
        )


def own_keys(office: Office, record: Record) -> list[str]:
    """The keys of what a record itself says, and of the unit that passed the matter on with it."""
    form_type = records.form_type_of(office, record)
    found = conflicts.keys_of(office, form_type, record.values)
    if record.state in ("numbered", "filed") and _goes_elsewhere(office, record):
        found.add(conflicts.handed_on(record.unit_id))
    if found:
        found |= {conflicts.not_meant(one) for one in _namesakes(office, record)}
    return sorted(found)


def matter_of(record: Record) -> str:
    """The record on which stands what is said of its whole case: the first of it."""
    return record.case_id or record.id


def _namesakes(office: Office, record: Record) -> set[str]:
    """The accounts of which a director said that they are not the person named in this matter."""
    noted: set[str] = set()
    for event in events.of(office, matter_of(record)):
        if event.event == "namesake_noted":
            noted.add(event.data["account_id"])
        elif event.event == "namesake_unnoted":
            noted.discard(event.data["account_id"])
    return noted


def _goes_elsewhere(office: Office, record: Record) -> bool:
    """Whether it goes to another unit that it names; what names one in each row of a table stays here too."""
    today = units.today(office.store)
    places = [one.place for one in records.form_type_of(office, record).share_with if one.place]
    went_to = {str(record.values.get(place) or "") for place in places if "." not in place}
    return any(today[one] != today[record.unit_id] for one in went_to if one in today)


def begin(office: Office) -> None:
    """Make the keys that an update did not find, for some seconds; the timer makes those that are left."""
    keep_up(office, AT_START)


def keep_up(office: Office, seconds: float = math.inf) -> None:
    """Make all keys anew where forms, units or the rules have changed; looks only then.

    Goes on where it was stopped, also by another process; ends after so many seconds.
    """
    how = _making(office)
    if made.is_as(office, WHAT, how):
        return
    began = time.monotonic()
    with work.chore(office.store, WHAT) as is_mine:
        while is_mine and _make_some(office, how):
            if time.monotonic() - began > seconds:
                return


def _make_some(office: Office, how: str) -> bool:
    """Make the next keys; whether there are more. Keys made by other rules are as good as none."""
    with office.store.write():
        if made.is_as(office, WHAT, how):
            return False
        last, until = _left(office, how)
        rows = office.store.query(
            "SELECT * FROM record WHERE id > ? AND id <= ? ORDER BY id LIMIT ?", [last, until, AT_ONCE]
        )
        for row in rows:
            enter(office, records.record_of(row))
        if len(rows) == AT_ONCE:
            office.store.update("concern_left", how, {"last": rows[-1]["id"]})
            return True
        office.store.delete("concern_left", how)
        made.note(office, WHAT, how)
        return False


def _left(office: Office, how: str) -> tuple[str, str]:
    """From where on, and up to which record, keys are to be made; noted where nobody has begun."""
    row = office.store.get("concern_left", how)
    if row is None:
        until = office.store.query("SELECT max(id) AS id FROM record")[0]["id"] or ""
        known = office.store.get("made", WHAT)
        is_shut = known is None or not known["how"].startswith(RULES)
        row = {"id": how, "last": "", "until": until, "is_shut": int(is_shut)}
        for other in office.store.rows_where("concern_left"):
            row["is_shut"] |= other["is_shut"]
            office.store.delete("concern_left", other["id"])
        office.store.insert("concern_left", row)
    return row["last"], row["until"]


def _making(office: Office) -> str:
    named = [(one.id, one.name, one.full_name, one.merged_into) for one in units.all(office.store)]
    asked = [
        (one.slug, one.signatures.recuse, one.signatures.recuse_places)
        for one in office.catalogue
        if one.signatures.recuse
    ]
    said = json.dumps([sorted(named, key=str), sorted(asked)], ensure_ascii=False)
    return RULES + hashlib.sha256(said.encode()).hexdigest()


def wrong(office: Office) -> list[str]:
    """The records whose keys are not as they should be; none while all are still to be made anew.

    Reads everything.
    """
    if not made.is_as(office, WHAT, _making(office)):
        return []
    due: dict[str, set[tuple[str, str]]] = {}
    own: dict[str, list[str]] = {}
    numbered: set[str] = set()
    for row in office.store.query("SELECT * FROM record"):
        record = records.record_of(row)
        own[record.id] = own_keys(office, record)
        due[record.id] = {(key, record.id) for key in own[record.id]}
        numbered |= {record.id} if record.state in ("numbered", "filed") else set()
    for row in office.store.query(_PAIRS):
        if row["source"] in numbered:
            due[row["id"]] |= {(key, row["source"]) for key in own[row["source"]]}
    found: dict[str, set[tuple[str, str]]] = {}
    for row in office.store.query("SELECT * FROM concern"):
        found.setdefault(row["record_id"], set()).add((row["key"], row["because"]))
    return sorted(one for one in {*due, *found} if due.get(one, set()) != found.get(one, set()))


_PAIRS = (
    "SELECT one.record_id AS id, other.record_id AS source FROM case_record AS one JOIN case_record AS other"
    " ON other.case_id = one.case_id UNION SELECT record_id AS id, on_id AS source FROM builds_on"
)
"""Each record with those whose keys it has too, itself among them."""
