"""The shape of what is kept counted, so that figures read days, not papers: called by ``migrations`` alone.

By day: ``record_count`` (records handed in), ``deadline_count`` (deadlines by their end: met in time, met
late, lapsed late, open) and ``ledger_count`` (rows of ledgers by what the columns say that ``ledger_counted``
names).
Each once for whoever sees all (``''``) and once for each unit, of what that unit sees. Views say what one row
counts as; triggers add it and take it away again, so that no act can forget to. Days are those of the office,
eight hours ahead of UTC.
"""

from __future__ import annotations

_TABLES = """
    CREATE TABLE record_count (
      seen_by TEXT NOT NULL, day TEXT NOT NULL, form TEXT NOT NULL, unit_id TEXT NOT NULL,
      state TEXT NOT NULL, n INTEGER NOT NULL,
      PRIMARY KEY (seen_by, day, form, unit_id, state)) STRICT, WITHOUT ROWID ;;
    CREATE TABLE deadline_count (
      seen_by TEXT NOT NULL, day TEXT NOT NULL, unit_id TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL,
      n INTEGER NOT NULL, PRIMARY KEY (seen_by, day, unit_id, key, kind)) STRICT, WITHOUT ROWID ;;
    CREATE TABLE ledger_counted (
      ledger TEXT NOT NULL REFERENCES ledger(id), at INTEGER NOT NULL, whole INTEGER NOT NULL,
      PRIMARY KEY (ledger, at)) STRICT, WITHOUT ROWID ;;
    CREATE TABLE ledger_count (
      ledger TEXT NOT NULL, at INTEGER NOT NULL, seen_by TEXT NOT NULL, day TEXT NOT NULL, text TEXT NOT NULL,
      n INTEGER NOT NULL, PRIMARY KEY (ledger, at, seen_by, day, text)) STRICT, WITHOUT ROWID ;;
    CREATE VIEW record_told AS SELECT
      id AS record_id, coalesce(date(created_at, '+8 hours'), '') AS day, form, unit_id, state FROM record ;;
    CREATE VIEW deadline_told AS SELECT
      deadline.id, record_id, date(due, '+8 hours') AS day, deadline.unit_id, key,
      CASE WHEN met_at IS NULL THEN 'open_late' WHEN met_at <= due THEN 'in_time' ELSE 'late' END AS kind
      FROM deadline CROSS JOIN record ON record.id = deadline.record_id
      WHERE record.state <> 'voided' AND (met_at IS NOT NULL OR due < lapsed_at) ;;
    CREATE VIEW ledger_told AS SELECT
      ledger_row.ledger, counted.at, ledger_row.id AS row_id, day,
      CASE WHEN counted.at < 0 THEN '' WHEN counted.whole = 1 OR (cells ->> counted.at) = ''
        THEN cells ->> counted.at ELSE '1' END AS text,
      CASE WHEN counted.at < 0 THEN NULL ELSE sources ->> counted.at END AS source
      FROM ledger_row CROSS JOIN ledger_counted AS counted ON counted.ledger = ledger_row.ledger
      WHERE is_void = 0
"""
"""A column is counted by its ``whole`` text, or else by whether it says anything; -1 is the row itself."""

_FILLED = """
    INSERT INTO record_count SELECT '', day, form, unit_id, state, count(*)
      FROM record_told GROUP BY 2, 3, 4, 5 ;;
    INSERT INTO record_count SELECT sight.unit_id, day, told.form, told.unit_id, state, count(*)
      FROM record_sight AS sight JOIN record_told AS told USING (record_id) GROUP BY 1, 2, 3, 4, 5 ;;
    INSERT INTO deadline_count SELECT '', day, unit_id, key, kind, count(*)
      FROM deadline_told GROUP BY 2, 3, 4, 5 ;;
    INSERT INTO deadline_count SELECT sight.unit_id, day, told.unit_id, key, kind, count(*)
      FROM record_sight AS sight JOIN deadline_told AS told USING (record_id) GROUP BY 1, 2, 3, 4, 5
"""

_RECORD = "record_count SELECT {seen_by}, day, form, unit_id, state, {n} FROM record_told"
_DEADLINE = "deadline_count SELECT {seen_by}, day, unit_id, key, kind, {n} FROM deadline_told"
_LEDGER = "ledger_count SELECT ledger, at, {seen_by}, day, text, {n} FROM ledger_told"
_UNITS = """
    (SELECT '' AS unit UNION ALL SELECT unit_id FROM record_sight
      WHERE unit_id IN (SELECT id FROM unit) AND record_id = {record}) AS seer
"""


def _more(what: str, seen_by: str, n: int, where: str) -> str:
    of = what.format(seen_by=seen_by, n=n)
    return f"INSERT INTO {of} WHERE {where} ON CONFLICT DO UPDATE SET n = n + excluded.n;"


def _each(what: str, record: str, n: int, where: str) -> str:
    """For whoever sees all, and for each unit that sees the record."""
    return _more(f"{what} CROSS JOIN {_UNITS.format(record=record)}", "seer.unit", n, where)


def _of_deadline(row: str, n: int) -> str:
    return _each(_DEADLINE, f"{row}.record_id", n, f"id = {row}.id")


def _of_sight(row: str, n: int) -> list[str]:
    return [_more(what, f"{row}.unit_id", n, f"record_id = {row}.record_id") for what in (_RECORD, _DEADLINE)]


def _of_row(row: str, n: int) -> str:
    """For a unit: what a cell has from another record is not counted."""
    return _more(_LEDGER, f"{row}.unit_id", n, f"row_id = {row}.row_id AND source IS NULL")


def _trigger(name: str, when: str, *acts: str) -> str:
    return f"CREATE TRIGGER {name} {when} BEGIN {' '.join(acts)} END"


_DUE = "UPDATE OF due, met_at, lapsed_at, unit_id, key ON deadline"
_STATE = "UPDATE OF state ON record WHEN OLD.state <> NEW.state"
_VOIDED = f"{_STATE} AND 'voided' IN (OLD.state, NEW.state)"
_TRIGGERS = (
    _trigger("record_count_made", "AFTER INSERT ON record", _more(_RECORD, "''", 1, "record_id = NEW.id")),
    _trigger("record_count_was", f"BEFORE {_STATE}", _each(_RECORD, "OLD.id", -1, "record_id = OLD.id")),
    _trigger("record_count_is", f"AFTER {_STATE}", _each(_RECORD, "NEW.id", 1, "record_id = NEW.id")),
    _trigger("ended_count_was", f"BEFORE {_VOIDED}", _each(_DEADLINE, "OLD.id", -1, "record_id = OLD.id")),
    _trigger("ended_count_is", f"AFTER {_VOIDED}", _each(_DEADLINE, "NEW.id", 1, "record_id = NEW.id")),
    _trigger("due_count_made", "AFTER INSERT ON deadline", _of_deadline("NEW", 1)),
    _trigger("due_count_was", f"BEFORE {_DUE}", _of_deadline("OLD", -1)),
    _trigger("due_count_is", f"AFTER {_DUE}", _of_deadline("NEW", 1)),
    _trigger("due_count_gone", "BEFORE DELETE ON deadline", _of_deadline("OLD", -1)),
    _trigger("count_seen", "AFTER INSERT ON record_sight", *_of_sight("NEW", 1)),
    _trigger("count_unseen", "BEFORE DELETE ON record_sight", *_of_sight("OLD", -1)),
    _trigger("ledger_count_put", "AFTER INSERT ON ledger_row", _more(_LEDGER, "''", 1, "row_id = NEW.id")),
    _trigger("ledger_count_out", "BEFORE DELETE ON ledger_row", _more(_LEDGER, "''", -1, "row_id = OLD.id")),
    _trigger("ledger_count_seen", "AFTER INSERT ON ledger_sight", _of_row("NEW", 1)),
    _trigger("ledger_count_unseen", "BEFORE DELETE ON ledger_sight", _of_row("OLD", -1)),
)

COUNTS = " ;;".join((_TABLES, _FILLED, *_TRIGGERS))

_MOVED = "UPDATE OF unit_id ON record WHEN OLD.unit_id <> NEW.unit_id"
UNIT_MOVED = " ;;".join(
    (
        _trigger("unit_count_was", f"BEFORE {_MOVED}", _each(_RECORD, "OLD.id", -1, "record_id = OLD.id")),
        _trigger("unit_count_is", f"AFTER {_MOVED}", _each(_RECORD, "NEW.id", 1, "record_id = NEW.id")),
    )
)
"""A record goes to another unit. Both must see it before and after, so that no sight changes meanwhile."""

OPEN = """
    DROP VIEW deadline_told ;;
    CREATE VIEW deadline_told AS SELECT
      deadline.id, record_id, date(due, '+8 hours') AS day, deadline.unit_id, key,
      CASE WHEN met_at <= due THEN 'in_time' WHEN met_at > due THEN 'late'
        WHEN lapsed_at IS NULL THEN 'open' ELSE 'open_late' END AS kind
      FROM deadline CROSS JOIN record ON record.id = deadline.record_id
      WHERE record.state <> 'voided' AND (met_at IS NOT NULL OR lapsed_at IS NULL OR due < lapsed_at) ;;
    INSERT INTO deadline_count SELECT '', day, unit_id, key, kind, count(*)
      FROM deadline_told WHERE kind = 'open' GROUP BY 2, 3, 4, 5 ;;
    INSERT INTO deadline_count SELECT sight.unit_id, day, told.unit_id, key, kind, count(*)
      FROM record_sight AS sight JOIN deadline_told AS told USING (record_id)
      WHERE kind = 'open' GROUP BY 1, 2, 3, 4, 5 ;;
    CREATE INDEX record_sealed_taken ON record(created_at, id)
      WHERE sealed_id IS NOT NULL AND taken_by IS NOT NULL AND state IN ('signing', 'returned', 'complete')
"""
"""Deadlines that are open count as well, as that; records with a sealed part, under way, taken over."""
