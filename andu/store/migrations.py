"""The shape of the database, step by step: small named migrations, applied in order, once each.

Called by ``Store.migrate`` alone, under its file lock. Ids are text made by the application, times
are UTC text, booleans 0/1, JSON is text: the subset another engine understands too.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("andu")


def _create(db: Database, script: str) -> None:
    for statement in script.split(";;"):
        if statement.strip():
            db.execute(statement)


@migrations()
def people(db: Database) -> None:
    """Units, accounts, sessions, sign-in counters."""
    _create(
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
def audit(db: Database) -> None:
    """The chained audit log; the triggers are a guard, the chain is the proof."""
    _create(
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
def records(db: Database) -> None:
    """Form versions; records with their versions, shares and events."""
    _create(
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
def drafts(db: Database) -> None:
    """Drafts and attached files."""
    _create(
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
def numbers(db: Database) -> None:
    """Series, the register of numbers, explained gaps, and the outbox of papers still to be filed."""
    _create(
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
def cases(db: Database) -> None:
    """Records that belong together, and what is due because of them."""
    _create(
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
