"""The first steps of the database, up to the receipts: see ``andu.store.migrations`` for those since.

Never changed any more: an office that has them applied would not hear of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from sqlite_utils import Migrations

from andu.store.connection import Connection

Step = Callable[[Connection], None]


class Steps(Migrations):
    """The steps as sqlite-utils applies them; another engine asks for them by name."""

    def __call__(self, **said: Any) -> Any:
        """Name a step; it gets a ``Connection`` of the store."""
        return super().__call__(**said)

    def all(self) -> list[tuple[str, Step]]:
        """Every step by its name, in order."""
        return [(one.name, cast(Step, one.fn)) for one in self._migrations]


migrations = Steps("andu")


def create(db: Connection, script: str) -> None:
    """Run the statements of a script; they are parted by two semicolons."""
    for statement in script.split(";;"):
        if statement.strip():
            db.make(statement)


@migrations()
def people(db: Connection) -> None:
    """Units, accounts, sessions, sign-in counters."""
    create(
        db,
        """
        CREATE TABLE unit (
          id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, full_name TEXT NOT NULL,
          state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'closed')),
          position INTEGER NOT NULL DEFAULT 0) STRICT ;;
        CREATE TABLE account (
          id TEXT PRIMARY KEY, username TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
          unit_id TEXT NOT NULL REFERENCES unit(id), post TEXT NOT NULL DEFAULT '',
          roles TEXT NOT NULL, phone TEXT NOT NULL DEFAULT '', password_hash TEXT NOT NULL,
          state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'disabled')),
          must_change INTEGER NOT NULL DEFAULT 1,
          created_at TEXT NOT NULL, changed_at TEXT NOT NULL) STRICT ;;
        CREATE TABLE session (
          id TEXT PRIMARY KEY, account_id TEXT REFERENCES account(id), data TEXT NOT NULL,
          created_at TEXT NOT NULL, seen_at TEXT NOT NULL) STRICT ;;
        CREATE INDEX session_account ON session(account_id) ;;
        CREATE TABLE throttle (
          id TEXT PRIMARY KEY, fails INTEGER NOT NULL, first_at TEXT NOT NULL, locked_until TEXT) STRICT
        """,
    )


@migrations()
def audit(db: Connection) -> None:
    """The chained audit log; the triggers are a guard, the chain is the proof."""
    create(
        db,
        """
        CREATE TABLE audit (
          id TEXT PRIMARY KEY, chain TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL,
          actor_id TEXT, event TEXT NOT NULL, data TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL,
          UNIQUE (chain, seq)) STRICT ;;
        CREATE INDEX audit_at ON audit(at) ;;
        CREATE TRIGGER audit_is_append_only_update BEFORE UPDATE ON audit
          BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END ;;
        CREATE TRIGGER audit_is_append_only_delete BEFORE DELETE ON audit
          BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END ;;
        CREATE TABLE sealed (
          id TEXT PRIMARY KEY, owner TEXT NOT NULL, cipher BLOB NOT NULL, key_id TEXT NOT NULL) STRICT
        """,
    )


@migrations()
def records(db: Connection) -> None:
    """Form versions; records with their versions, shares and events."""
    create(
        db,
        """
        CREATE TABLE form_version (
          id TEXT PRIMARY KEY, slug TEXT NOT NULL, yaml TEXT NOT NULL, template_sha TEXT NOT NULL,
          created_at TEXT NOT NULL) STRICT ;;
        CREATE TABLE record (
          id TEXT PRIMARY KEY, form TEXT NOT NULL, form_version TEXT NOT NULL REFERENCES form_version(id),
          unit_id TEXT NOT NULL REFERENCES unit(id), author_id TEXT NOT NULL REFERENCES account(id),
          title TEXT NOT NULL,
          state TEXT NOT NULL
            CHECK (state IN ('signing', 'returned', 'complete', 'numbered', 'filed', 'voided')),
          version INTEGER NOT NULL, data TEXT NOT NULL, sealed_id TEXT, code TEXT NOT NULL,
          idempotency_key TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL, updated_at TEXT NOT NULL) STRICT ;;
        CREATE INDEX record_unit ON record(unit_id, state) ;;
        CREATE INDEX record_author ON record(author_id, updated_at) ;;
        CREATE TABLE record_version (
          id TEXT PRIMARY KEY, record_id TEXT NOT NULL REFERENCES record(id), version INTEGER NOT NULL,
          data TEXT NOT NULL, sealed_id TEXT, data_hash TEXT NOT NULL, created_by TEXT NOT NULL,
          created_at TEXT NOT NULL, UNIQUE (record_id, version)) STRICT ;;
        CREATE TABLE record_share (
          record_id TEXT NOT NULL REFERENCES record(id), unit_id TEXT NOT NULL REFERENCES unit(id),
          because TEXT NOT NULL REFERENCES record(id),
          PRIMARY KEY (record_id, unit_id, because)) STRICT ;;
        CREATE TABLE record_event (
          id TEXT PRIMARY KEY, record_id TEXT NOT NULL REFERENCES record(id), seq INTEGER NOT NULL,
          at TEXT NOT NULL, actor_id TEXT, event TEXT NOT NULL, data TEXT NOT NULL,
          UNIQUE (record_id, seq)) STRICT
        """,
    )


@migrations()
def drafts(db: Connection) -> None:
    """Drafts and attached files."""
    create(
        db,
        """
        CREATE TABLE draft (
          id TEXT PRIMARY KEY, form TEXT NOT NULL, form_version TEXT NOT NULL REFERENCES form_version(id),
          unit_id TEXT NOT NULL REFERENCES unit(id), author_id TEXT NOT NULL REFERENCES account(id),
          record_id TEXT REFERENCES record(id), copy_of TEXT, raw TEXT NOT NULL, sealed_id TEXT,
          revision INTEGER NOT NULL, updated_by TEXT NOT NULL, created_at TEXT NOT NULL,
          updated_at TEXT NOT NULL) STRICT ;;
        CREATE INDEX draft_unit ON draft(unit_id, updated_at) ;;
        CREATE TABLE attachment (
          id TEXT PRIMARY KEY, draft_id TEXT, record_id TEXT, name TEXT NOT NULL, media_type TEXT NOT NULL,
          size INTEGER NOT NULL, sha TEXT NOT NULL, uploaded_by TEXT NOT NULL,
          uploaded_at TEXT NOT NULL) STRICT
        """,
    )


@migrations()
def numbers(db: Connection) -> None:
    """Series, the register of numbers, explained gaps, and the outbox of papers still to be filed."""
    create(
        db,
        """
        CREATE TABLE series (
          id TEXT PRIMARY KEY, key TEXT NOT NULL, year INTEGER NOT NULL, counter INTEGER NOT NULL,
          UNIQUE (key, year)) STRICT ;;
        CREATE TABLE register (
          id TEXT PRIMARY KEY, series TEXT NOT NULL, year INTEGER NOT NULL, seq INTEGER NOT NULL,
          number TEXT NOT NULL UNIQUE, record_id TEXT NOT NULL UNIQUE REFERENCES record(id),
          form TEXT NOT NULL, title TEXT NOT NULL, unit_id TEXT NOT NULL, author_id TEXT NOT NULL,
          signer TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('numbered', 'filed', 'voided')),
          snapshot TEXT NOT NULL, template_sha TEXT NOT NULL, docx_sha TEXT, pdf_sha TEXT,
          void_reason TEXT, voided_by TEXT, voided_at TEXT, numbered_at TEXT NOT NULL, filed_at TEXT,
          idempotency_key TEXT NOT NULL UNIQUE, UNIQUE (series, year, seq)) STRICT ;;
        CREATE INDEX register_unit ON register(unit_id, numbered_at) ;;
        CREATE TABLE gap (
          id TEXT PRIMARY KEY, series TEXT NOT NULL, year INTEGER NOT NULL, first INTEGER NOT NULL,
          last INTEGER NOT NULL, reason TEXT NOT NULL, confirmed_by TEXT NOT NULL, at TEXT NOT NULL) STRICT ;;
        CREATE TABLE outbox (
          id TEXT PRIMARY KEY REFERENCES register(id), lease_until TEXT NOT NULL,
          attempts INTEGER NOT NULL, last_error TEXT) STRICT ;;
        CREATE TRIGGER register_is_never_deleted BEFORE DELETE ON register
          BEGIN SELECT RAISE(ABORT, 'a number is never deleted'); END
        """,
    )


@migrations()
def cases(db: Connection) -> None:
    """Records that belong together, and what is due because of them."""
    create(
        db,
        """
        ALTER TABLE record ADD COLUMN case_id TEXT ;;
        CREATE INDEX record_case ON record(case_id) ;;
        CREATE TABLE deadline (
          id TEXT PRIMARY KEY, record_id TEXT NOT NULL REFERENCES record(id), key TEXT NOT NULL,
          unit_id TEXT NOT NULL, start TEXT NOT NULL, due TEXT NOT NULL, terms TEXT NOT NULL,
          met_at TEXT, met_by TEXT REFERENCES record(id), UNIQUE (record_id, key)) STRICT ;;
        CREATE INDEX deadline_open ON deadline(unit_id, due) WHERE met_at IS NULL
        """,
    )


@migrations()
def ledgers(db: Connection) -> None:
    """Ledgers: their rows, what these are sorted, chosen and searched by, and which units see them."""
    create(
        db,
        """
        CREATE TABLE ledger (
          id TEXT PRIMARY KEY, no INTEGER NOT NULL UNIQUE, hash TEXT NOT NULL) STRICT ;;
        CREATE TABLE ledger_row (
          id INTEGER PRIMARY KEY, ledger TEXT NOT NULL REFERENCES ledger(id),
          record_id TEXT NOT NULL REFERENCES record(id), day TEXT NOT NULL, is_void INTEGER NOT NULL,
          cells TEXT NOT NULL, keys TEXT NOT NULL, UNIQUE (ledger, record_id)) STRICT ;;
        CREATE INDEX ledger_row_record ON ledger_row(record_id) ;;
        CREATE INDEX ledger_row_day ON ledger_row(ledger, day) ;;
        CREATE TABLE ledger_key (
          place INTEGER NOT NULL, key TEXT NOT NULL, row_id INTEGER NOT NULL, amount REAL,
          PRIMARY KEY (place, key, row_id)) STRICT, WITHOUT ROWID ;;
        CREATE VIRTUAL TABLE ledger_text USING fts5(
          words, prefix = '1', tokenize = "unicode61 remove_diacritics 0") ;;
        CREATE TABLE ledger_sight (
          unit_id TEXT NOT NULL, row_id INTEGER NOT NULL,
          PRIMARY KEY (unit_id, row_id)) STRICT, WITHOUT ROWID ;;
        CREATE TRIGGER ledger_sight_given AFTER INSERT ON record_share BEGIN
          INSERT OR IGNORE INTO ledger_sight
            SELECT NEW.unit_id, id FROM ledger_row WHERE record_id = NEW.record_id; END ;;
        CREATE TRIGGER ledger_sight_taken AFTER DELETE ON record_share
          WHEN NOT EXISTS (SELECT 1 FROM record WHERE id = OLD.record_id AND unit_id = OLD.unit_id)
          AND NOT EXISTS (
            SELECT 1 FROM record_share WHERE record_id = OLD.record_id AND unit_id = OLD.unit_id)
          BEGIN DELETE FROM ledger_sight WHERE unit_id = OLD.unit_id
            AND row_id IN (SELECT id FROM ledger_row WHERE record_id = OLD.record_id); END ;;
        CREATE INDEX record_form ON record(form)
        """,
    )


@migrations()
def being_in_time(db: Connection) -> None:
    """Deadlines for each row of a table and done by hand; extensions, reminders, and what chases them."""
    create(
        db,
        """
        CREATE TABLE deadline_now (
          id TEXT PRIMARY KEY, record_id TEXT NOT NULL REFERENCES record(id), key TEXT NOT NULL,
          row INTEGER NOT NULL DEFAULT 0, unit_id TEXT NOT NULL, start TEXT NOT NULL,
          first_due TEXT NOT NULL, due TEXT NOT NULL, remind_at TEXT, terms TEXT NOT NULL,
          met_at TEXT, met_by TEXT REFERENCES record(id), met_hand TEXT REFERENCES account(id),
          met_words TEXT, lapsed_at TEXT, lapsed_by TEXT REFERENCES record(id),
          UNIQUE (record_id, key, row)) STRICT ;;
        INSERT INTO deadline_now
          (id, record_id, key, unit_id, start, first_due, due, terms, met_at, met_by)
          SELECT id, record_id, key, unit_id, start, due, due, terms, met_at, met_by FROM deadline ;;
        DROP TABLE deadline ;;
        ALTER TABLE deadline_now RENAME TO deadline ;;
        CREATE INDEX deadline_open ON deadline(unit_id, due) WHERE met_at IS NULL AND lapsed_at IS NULL ;;
        CREATE INDEX deadline_due ON deadline(due) ;;
        CREATE INDEX deadline_met_by ON deadline(met_by) ;;
        CREATE INDEX deadline_lapsed_by ON deadline(lapsed_by) ;;
        CREATE TABLE extension (
          id TEXT PRIMARY KEY, deadline_id TEXT NOT NULL REFERENCES deadline(id) ON DELETE CASCADE,
          state TEXT NOT NULL CHECK (state IN ('waiting', 'granted', 'refused')),
          was TEXT NOT NULL, until TEXT NOT NULL, reason TEXT NOT NULL,
          asked_by TEXT NOT NULL REFERENCES account(id), asked_at TEXT NOT NULL,
          decided_by TEXT REFERENCES account(id), decided_at TEXT, answer TEXT) STRICT ;;
        CREATE INDEX extension_deadline ON extension(deadline_id) ;;
        CREATE UNIQUE INDEX extension_waiting ON extension(deadline_id) WHERE state = 'waiting' ;;
        CREATE TABLE reminder (
          id TEXT PRIMARY KEY, deadline_id TEXT NOT NULL REFERENCES deadline(id) ON DELETE CASCADE,
          due TEXT NOT NULL, stage TEXT NOT NULL CHECK (stage IN ('soon', 'overdue')),
          at TEXT NOT NULL, UNIQUE (deadline_id, due, stage)) STRICT ;;
        CREATE TABLE reminder_away (
          reminder_id TEXT NOT NULL REFERENCES reminder(id) ON DELETE CASCADE,
          account_id TEXT NOT NULL REFERENCES account(id), at TEXT NOT NULL,
          PRIMARY KEY (reminder_id, account_id)) STRICT ;;
        CREATE TABLE chase (
          id TEXT PRIMARY KEY, deadline_id TEXT NOT NULL REFERENCES deadline(id) ON DELETE CASCADE) STRICT ;;
        CREATE INDEX chase_deadline ON chase(deadline_id)
        """,
    )


@migrations()
def closed_cases(db: Connection) -> None:
    """Records in several cases, what closed a case, and the words by which likely duplicates are found."""
    create(
        db,
        """
        CREATE TABLE case_record (
          case_id TEXT NOT NULL, record_id TEXT NOT NULL REFERENCES record(id),
          PRIMARY KEY (case_id, record_id)) STRICT, WITHOUT ROWID ;;
        CREATE INDEX case_record_record ON case_record(record_id) ;;
        INSERT INTO case_record SELECT case_id, id FROM record WHERE case_id IS NOT NULL ;;
        CREATE TABLE case_closing (
          case_id TEXT NOT NULL, record_id TEXT NOT NULL REFERENCES record(id), at TEXT NOT NULL,
          PRIMARY KEY (case_id, record_id)) STRICT, WITHOUT ROWID ;;
        CREATE TABLE likeness (
          id INTEGER PRIMARY KEY, record_id TEXT NOT NULL UNIQUE REFERENCES record(id)) STRICT ;;
        CREATE VIRTUAL TABLE likeness_text USING fts5(words, tokenize = "unicode61 remove_diacritics 0")
        """,
    )


@migrations()
def deputies(db: Connection) -> None:
    """Who signs for whom while they are absent; ``since`` and ``until`` are days of the office."""
    create(
        db,
        """
        CREATE TABLE deputy (
          id TEXT PRIMARY KEY, principal_id TEXT NOT NULL REFERENCES account(id),
          deputy_id TEXT NOT NULL REFERENCES account(id), since TEXT NOT NULL, until TEXT NOT NULL,
          reason TEXT NOT NULL, made_by TEXT NOT NULL REFERENCES account(id), made_at TEXT NOT NULL,
          ended_at TEXT) STRICT ;;
        CREATE INDEX deputy_until ON deputy(until) ;;
        CREATE INDEX record_event_for ON record_event(json_extract(data, '$.for_id'))
          WHERE event = 'record_signed'
        """,
    )


@migrations()
def scans(db: Connection) -> None:
    """Scans of papers signed or sealed by hand."""
    create(
        db,
        """
        CREATE TABLE scan (
          id TEXT PRIMARY KEY, record_id TEXT NOT NULL REFERENCES record(id), version INTEGER NOT NULL,
          kind TEXT NOT NULL CHECK (kind IN ('signatures', 'sealed')), code TEXT NOT NULL,
          read_by TEXT NOT NULL CHECK (read_by IN ('machine', 'person')), sha TEXT NOT NULL,
          media_type TEXT NOT NULL, size INTEGER NOT NULL, pages INTEGER NOT NULL,
          uploaded_by TEXT NOT NULL REFERENCES account(id), uploaded_at TEXT NOT NULL,
          UNIQUE (record_id, version, sha)) STRICT
        """,
    )


@migrations()
def kinds_of_units(db: Connection) -> None:
    """What kind of unit a unit is, and since when: units of a category owe returns; reminders of those."""
    create(
        db,
        """
        ALTER TABLE unit ADD COLUMN category TEXT NOT NULL DEFAULT '' ;;
        ALTER TABLE unit ADD COLUMN category_since TEXT NOT NULL DEFAULT '' ;;
        CREATE TABLE return_reminder (
          id TEXT PRIMARY KEY, form TEXT NOT NULL, unit_id TEXT NOT NULL REFERENCES unit(id),
          period TEXT NOT NULL, stage TEXT NOT NULL CHECK (stage IN ('soon', 'overdue')), at TEXT NOT NULL,
          UNIQUE (form, unit_id, period, stage)) STRICT
        """,
    )


@migrations()
def sources_of_cells(db: Connection) -> None:
    """Ledger cells say which other record they are from; words from there are kept apart. All built anew."""
    create(
        db,
        """
        DELETE FROM ledger_key ;;
        DELETE FROM ledger_sight ;;
        DELETE FROM ledger_row ;;
        UPDATE ledger SET hash = '' ;;
        ALTER TABLE ledger_row ADD COLUMN sources TEXT NOT NULL DEFAULT '[]' ;;
        DROP TABLE ledger_text ;;
        CREATE VIRTUAL TABLE ledger_text USING fts5(
          own, taken, prefix = '1', tokenize = "unicode61 remove_diacritics 0")
        """,
    )


@migrations()
def receipts(db: Connection) -> None:
    """Whether a filed paper still waits for a receipt (签收)."""
    create(
        db,
        """
        ALTER TABLE record ADD COLUMN awaits_receipt INTEGER NOT NULL DEFAULT 0 ;;
        CREATE INDEX record_awaits ON record(awaits_receipt) WHERE awaits_receipt = 1
        """,
    )
