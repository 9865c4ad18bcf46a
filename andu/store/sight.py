"""The shape of what is kept so that long lists are read in their order: called by ``migrations`` alone.

``record_sight`` says which unit sees which record, with what lists are sorted by: a unit's latest records and
its lines of the register are read from an index, however many records the others have. Triggers keep it, as
they do ``ledger_sight``: whoever writes a record, a number or a share need not think of it.
"""

from __future__ import annotations

SIGHT = """
    CREATE TABLE record_sight (
      unit_id TEXT NOT NULL, record_id TEXT NOT NULL, form TEXT NOT NULL, updated_at TEXT NOT NULL,
      numbered_at TEXT, seq INTEGER, PRIMARY KEY (unit_id, record_id)) STRICT, WITHOUT ROWID ;;
    INSERT INTO record_sight
      SELECT seen.unit_id, record.id, record.form, record.updated_at, register.numbered_at, register.seq
        FROM (SELECT unit_id, id AS record_id FROM record
          UNION SELECT unit_id, record_id FROM record_share) AS seen
        JOIN record ON record.id = seen.record_id LEFT JOIN register ON register.record_id = record.id ;;
    CREATE INDEX record_sight_recent ON record_sight(unit_id, updated_at, record_id) ;;
    CREATE INDEX record_sight_numbered ON record_sight(unit_id, numbered_at, seq, record_id) ;;
    CREATE INDEX record_sight_form ON record_sight(unit_id, form, numbered_at, seq, record_id) ;;
    CREATE TRIGGER record_sight_made AFTER INSERT ON record BEGIN
      INSERT OR IGNORE INTO record_sight
        VALUES (NEW.unit_id, NEW.id, NEW.form, NEW.updated_at, NULL, NULL); END ;;
    CREATE TRIGGER record_sight_changed AFTER UPDATE OF updated_at ON record BEGIN
      UPDATE record_sight SET updated_at = NEW.updated_at
        WHERE unit_id IN (SELECT id FROM unit) AND record_id = NEW.id; END ;;
    CREATE TRIGGER record_sight_moved AFTER UPDATE OF unit_id ON record
      WHEN NEW.unit_id <> OLD.unit_id BEGIN
      INSERT OR IGNORE INTO record_sight
        SELECT NEW.unit_id, NEW.id, NEW.form, NEW.updated_at, register.numbered_at, register.seq
        FROM record LEFT JOIN register ON register.record_id = record.id WHERE record.id = NEW.id ;
      DELETE FROM record_sight WHERE unit_id = OLD.unit_id AND record_id = NEW.id AND NOT EXISTS (
        SELECT 1 FROM record_share WHERE record_id = NEW.id AND unit_id = OLD.unit_id); END ;;
    CREATE TRIGGER record_sight_numbered_now AFTER INSERT ON register BEGIN
      UPDATE record_sight SET numbered_at = NEW.numbered_at, seq = NEW.seq
        WHERE unit_id IN (SELECT id FROM unit) AND record_id = NEW.record_id; END ;;
    CREATE TRIGGER record_sight_given AFTER INSERT ON record_share BEGIN
      INSERT OR IGNORE INTO record_sight
        SELECT NEW.unit_id, record.id, record.form, record.updated_at, register.numbered_at, register.seq
        FROM record LEFT JOIN register ON register.record_id = record.id
        WHERE record.id = NEW.record_id; END ;;
    CREATE TRIGGER record_sight_taken AFTER DELETE ON record_share
      WHEN NOT EXISTS (SELECT 1 FROM record WHERE id = OLD.record_id AND unit_id = OLD.unit_id)
      AND NOT EXISTS (
        SELECT 1 FROM record_share WHERE record_id = OLD.record_id AND unit_id = OLD.unit_id)
      BEGIN DELETE FROM record_sight WHERE unit_id = OLD.unit_id AND record_id = OLD.record_id; END
"""

ORDERS = """
    CREATE INDEX record_recent ON record(updated_at, id) ;;
    CREATE INDEX record_made ON record(created_at) ;;
    CREATE INDEX record_form_made ON record(form, created_at) ;;
    DROP INDEX record_form ;;
    CREATE INDEX register_order ON register(numbered_at, seq, record_id) ;;
    CREATE INDEX register_unit_order ON register(unit_id, numbered_at, seq, record_id) ;;
    CREATE INDEX register_form_order ON register(form, numbered_at, seq, record_id) ;;
    CREATE INDEX register_state_order ON register(state, numbered_at, seq, record_id) ;;
    DROP INDEX register_unit ;;
    CREATE INDEX attachment_record ON attachment(record_id) ;;
    CREATE INDEX attachment_draft ON attachment(draft_id) ;;
    CREATE INDEX draft_record ON draft(record_id) ;;
    CREATE INDEX case_closing_record ON case_closing(record_id) ;;
    CREATE INDEX outbox_lease ON outbox(lease_until) ;;
    CREATE INDEX audit_order ON audit(at, chain, seq) ;;
    DROP INDEX audit_at ;;
    ALTER TABLE deadline ADD COLUMN told TEXT NOT NULL DEFAULT '' ;;
    UPDATE deadline SET told = 'soon' WHERE EXISTS (SELECT 1 FROM reminder
      WHERE reminder.deadline_id = deadline.id AND reminder.due = deadline.due AND stage = 'soon') ;;
    UPDATE deadline SET told = 'overdue' WHERE EXISTS (SELECT 1 FROM reminder
      WHERE reminder.deadline_id = deadline.id AND reminder.due = deadline.due AND stage = 'overdue') ;;
    UPDATE deadline SET lapsed_by = record_id, lapsed_at = (
      SELECT coalesce(voided_at, numbered_at) FROM register WHERE register.record_id = deadline.record_id)
      WHERE met_at IS NULL AND lapsed_at IS NULL
      AND record_id IN (SELECT record_id FROM register WHERE state = 'voided') ;;
    CREATE INDEX deadline_open_due ON deadline(due, id) WHERE met_at IS NULL AND lapsed_at IS NULL ;;
    CREATE INDEX deadline_late ON deadline(due)
      WHERE met_at IS NULL AND lapsed_at IS NULL AND told <> 'overdue' ;;
    CREATE INDEX deadline_soon ON deadline(remind_at)
      WHERE met_at IS NULL AND lapsed_at IS NULL AND told = ''
"""
"""Indexes by which pages and the timer read what they show and nothing else; what a deadline told already."""

UNDER_WAY = """
    DROP INDEX record_state ;;
    CREATE INDEX waits_since ON waits(what, since, record_id) ;;
    CREATE INDEX record_under_way ON record(created_at, id)
      WHERE state IN ('signing', 'returned', 'complete') ;;
    CREATE INDEX record_signing ON record(updated_at, id) WHERE state = 'signing' ;;
    CREATE INDEX record_complete ON record(updated_at, id) WHERE state = 'complete' ;;
    CREATE INDEX record_counted ON record(created_at, form, unit_id, state) ;;
    DROP INDEX record_made ;;
    CREATE INDEX draft_author ON draft(author_id) ;;
    CREATE INDEX draft_sealed ON draft(created_at, id) WHERE sealed_id IS NOT NULL
"""
"""Indexes that hold only what is under way: they stay as small as the work that is open."""
