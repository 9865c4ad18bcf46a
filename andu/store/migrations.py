"""The shape of the database, step by step: small named migrations, applied in order, once each.

Called by ``Store.migrate`` alone, under its file lock. Ids are text made by the application, times
are UTC text, booleans 0/1, JSON is text: the subset another engine understands too. The first steps stand in
``first_migrations``; a new one goes to the end of this file.
"""

from __future__ import annotations

from andu.store import binding, counts, sight, verbs
from andu.store.connection import Connection
from andu.store.first_migrations import create, migrations

__all__ = ["GUARDS", "migrations"]

GUARDS = (
    "audit_is_append_only_update",
    "audit_is_append_only_delete",
    "register_is_never_deleted",
    "binding_is_append_only_update",
    "binding_is_append_only_delete",
)
"""The triggers without which no store opens."""


@migrations()
def closed_months(db: Connection) -> None:
    """Which month of which ledger a record closes: '' for the whole place; and which closing it corrects."""
    create(
        db,
        """
        CREATE TABLE closed_month (
          record_id TEXT PRIMARY KEY REFERENCES record(id), ledger TEXT NOT NULL, month TEXT NOT NULL,
          unit_id TEXT NOT NULL, replaces TEXT REFERENCES record(id)) STRICT ;;
        CREATE INDEX closed_month_of ON closed_month(ledger, month, unit_id) ;;
        CREATE INDEX closed_month_replaces ON closed_month(replaces) ;;
        INSERT OR IGNORE INTO closed_month (record_id, ledger, month, unit_id)
          SELECT record.id, answer.value ->> 'ledger', answer.value ->> 'month',
            CASE WHEN answer.value ->> 'scope' = unit.name THEN unit.id ELSE '' END
          FROM record JOIN unit ON unit.id = record.unit_id, json_each(record.data) AS answer
          WHERE answer.type = 'object' AND answer.value ->> 'ledger' IS NOT NULL
            AND answer.value ->> 'month' IS NOT NULL AND answer.value ->> 'scope' IS NOT NULL
        """,
    )


@migrations()
def handing_over(db: Connection) -> None:
    """Who took a record over, and to whom confidential answers were handed on; who signed in whose name."""
    create(
        db,
        """
        ALTER TABLE record ADD COLUMN taken_by TEXT REFERENCES account(id) ;;
        ALTER TABLE record ADD COLUMN sealed_for TEXT REFERENCES account(id) ;;
        ALTER TABLE draft ADD COLUMN sealed_for TEXT REFERENCES account(id) ;;
        DROP INDEX record_event_for ;;
        CREATE INDEX record_event_for ON record_event(json_extract(data, '$.for_id'), at)
          WHERE event = 'record_signed' ;;
        CREATE INDEX record_event_inked ON record_event(json_extract(data, '$.account_id'), at)
          WHERE event = 'record_signed'
        """,
    )


@migrations()
def what_builds_on_what(db: Connection) -> None:
    """Which earlier records a record names: by id, or by number."""
    create(
        db,
        """
        CREATE TABLE builds_on (
          record_id TEXT NOT NULL REFERENCES record(id), on_id TEXT NOT NULL REFERENCES record(id),
          PRIMARY KEY (on_id, record_id)) STRICT, WITHOUT ROWID ;;
        CREATE INDEX builds_on_record ON builds_on(record_id) ;;
        INSERT OR IGNORE INTO builds_on (record_id, on_id)
          SELECT record.id, earlier.id FROM record, json_tree(record.data) AS part
            JOIN record AS earlier ON earlier.id = part.atom
            WHERE part.type = 'text' AND earlier.id <> record.id ;;
        INSERT OR IGNORE INTO builds_on (record_id, on_id)
          SELECT record.id, register.record_id FROM record, json_tree(record.data) AS part
            JOIN register ON register.number = part.atom
            WHERE part.type = 'text' AND register.record_id <> record.id
        """,
    )


@migrations()
def sources_of_drafts(db: Connection) -> None:
    """What each draft remembers of the records its answers came from; whose a code is."""
    create(
        db,
        """
        ALTER TABLE draft ADD COLUMN carried TEXT NOT NULL DEFAULT '{}' ;;
        CREATE INDEX record_code ON record(code) WHERE code <> ''
        """,
    )


@migrations()
def what_waits_for_whom(db: Connection) -> None:
    """Whose turn it is, person by person and role by role; how tables derived from others were made."""
    create(
        db,
        """
        CREATE TABLE made (id TEXT PRIMARY KEY, how TEXT NOT NULL) STRICT ;;
        CREATE TABLE waits (
          whose TEXT NOT NULL, what TEXT NOT NULL CHECK (what IN ('turn', 'lapsed')), since TEXT NOT NULL,
          record_id TEXT NOT NULL REFERENCES record(id), slot TEXT NOT NULL, roles TEXT NOT NULL,
          had TEXT NOT NULL, PRIMARY KEY (whose, what, since, record_id, slot)) STRICT, WITHOUT ROWID ;;
        CREATE INDEX waits_record ON waits(record_id) ;;
        CREATE INDEX record_state ON record(state, updated_at, id)
        """,
    )


@migrations()
def bindings(db: Connection) -> None:
    """The hashes of the rows that papers, rights and signatures stand on (andu.store.binding)."""
    create(db, binding.TABLE)


@migrations()
def words_of_records(db: Connection) -> None:
    """By what words a record is found, and by which rules of folding; filled when the service starts."""
    create(
        db,
        """
        CREATE TABLE record_word (
          id INTEGER PRIMARY KEY, record_id TEXT NOT NULL UNIQUE REFERENCES record(id),
          folding TEXT NOT NULL) STRICT ;;
        CREATE VIRTUAL TABLE record_text USING fts5(
          said, people, prefix = '1', tokenize = "unicode61 remove_diacritics 0") ;;
        ALTER TABLE likeness ADD COLUMN folding TEXT NOT NULL DEFAULT ''
        """,
    )


@migrations()
def handed_in(db: Connection) -> None:
    """What a person and a unit have handed in, in its order, whole and by state or form."""
    create(
        db,
        """
        CREATE INDEX record_author_made ON record(author_id, created_at, id) ;;
        CREATE INDEX record_taken_made ON record(taken_by, created_at, id) WHERE taken_by IS NOT NULL ;;
        CREATE INDEX record_unit_made ON record(unit_id, created_at, id) ;;
        CREATE INDEX record_unit_state_made ON record(unit_id, state, created_at, id) ;;
        CREATE INDEX record_unit_form_made ON record(unit_id, form, created_at, id)
        """,
    )


@migrations()
def tabs_of_drafts(db: Connection) -> None:
    """Which page of a browser wrote a draft last, and when that was typed."""
    create(db, "ALTER TABLE draft ADD COLUMN tab TEXT NOT NULL DEFAULT ''")


@migrations()
def lists_in_their_order(db: Connection) -> None:
    """Which unit sees which record, and indexes for every long list (andu.store.sight)."""
    create(db, sight.SIGHT)
    create(db, sight.ORDERS)


@migrations()
def marks(db: Connection) -> None:
    """What the database remembers of files beside it, so that a file that is gone or older is missed."""
    create(db, "CREATE TABLE mark (id TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT")


@migrations()
def drafts_thrown_away(db: Connection) -> None:
    """Which drafts a unit has thrown away: what is still typed into one is kept for that unit alone."""
    create(
        db,
        """
        CREATE TABLE draft_thrown_away (
          id TEXT PRIMARY KEY, unit_id TEXT NOT NULL REFERENCES unit(id)) STRICT, WITHOUT ROWID
        """,
    )


@migrations()
def only_what_is_under_way(db: Connection) -> None:
    """Indexes of what is under way alone: by its state the planner would choose most of all records."""
    create(db, sight.UNDER_WAY)


@migrations()
def texts_in_force(db: Connection) -> None:
    """The last good text of every form type, ledger, sheet of figures, and of the office's own files."""
    create(db, "CREATE TABLE in_force (id TEXT PRIMARY KEY, text TEXT NOT NULL, at TEXT NOT NULL) STRICT")


@migrations()
def paper_proofs(db: Connection) -> None:
    """Which editions were printed and looked through before they came into force, and by what."""
    create(
        db,
        """
        CREATE TABLE paper_proof (id TEXT PRIMARY KEY, by TEXT NOT NULL, at TEXT NOT NULL) STRICT
        """,
    )


@migrations()
def what_is_counted(db: Connection) -> None:
    """Records, deadlines and rows of ledgers, counted by day for whoever may see them (andu.store.counts)."""
    create(db, counts.COUNTS)


@migrations()
def units_merged(db: Connection) -> None:
    """Which unit goes on with the work of a unit that was merged (andu.security.units)."""
    create(
        db,
        """
        ALTER TABLE unit ADD COLUMN merged_into TEXT NOT NULL DEFAULT '' ;;
        CREATE INDEX unit_merged_into ON unit(merged_into) WHERE merged_into <> ''
        """,
    )
    create(db, counts.UNIT_MOVED)


@migrations()
def open_deadlines_are_counted(db: Connection) -> None:
    """Deadlines that are open are counted as those are that ended (andu.store.counts)."""
    create(db, counts.OPEN)


@migrations()
def proofs_and_chases_bound(db: Connection) -> None:
    """That a paper counts as proven, and which deadline a draft chases, is bound like any other row."""
    binding.take_over(db, "paper_proof", "chase")


@migrations()
def shares_by_their_reason(db: Connection) -> None:
    """Which shares a record is the reason of: handing in and voiding take them back."""
    create(db, "CREATE INDEX record_share_because ON record_share(because)")


@migrations()
def tokens_of_programs(db: Connection) -> None:
    """Tokens with which programs act for a person, by their hash; what was asked for once, by its key."""
    create(
        db,
        """
        CREATE TABLE token (
          id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, account_id TEXT NOT NULL REFERENCES account(id),
          purpose TEXT NOT NULL, uses TEXT NOT NULL, forms TEXT NOT NULL, made_at TEXT NOT NULL,
          until TEXT NOT NULL, revoked_at TEXT) STRICT ;;
        CREATE INDEX token_account ON token(account_id, made_at) ;;
        CREATE TABLE asked_once (
          id TEXT PRIMARY KEY, body TEXT NOT NULL, draft_id TEXT NOT NULL, at TEXT NOT NULL) STRICT ;;
        CREATE INDEX asked_once_at ON asked_once(at)
        """,
    )


@migrations()
def reports_received(db: Connection) -> None:
    """Which other offices are known by their key, and the papers they reported."""
    create(
        db,
        """
        CREATE TABLE report_source (id TEXT PRIMARY KEY, name TEXT NOT NULL, at TEXT NOT NULL) STRICT ;;
        CREATE TABLE received_paper (
          id TEXT PRIMARY KEY, source TEXT NOT NULL REFERENCES report_source(id), record_id TEXT NOT NULL,
          number TEXT NOT NULL, form TEXT NOT NULL, title TEXT NOT NULL, unit TEXT NOT NULL,
          numbered_at TEXT NOT NULL, state TEXT NOT NULL, void_reason TEXT NOT NULL, data TEXT NOT NULL,
          docx_sha TEXT NOT NULL, pdf_sha TEXT NOT NULL, taken_at TEXT NOT NULL,
          UNIQUE (source, record_id)) STRICT
        """,
    )


@migrations()
def branches_of_cases(db: Connection) -> None:
    """What each record opened and ended in its cases (andu.office.branches)."""
    create(
        db,
        """
        CREATE TABLE case_branch (
          seq INTEGER PRIMARY KEY, case_id TEXT NOT NULL, record_id TEXT NOT NULL REFERENCES record(id),
          branch TEXT NOT NULL, ends INTEGER NOT NULL, at TEXT NOT NULL) STRICT ;;
        CREATE INDEX case_branch_case ON case_branch(case_id) ;;
        CREATE INDEX case_branch_record ON case_branch(record_id) ;;
        INSERT INTO case_branch (case_id, record_id, branch, ends, at)
          SELECT case_id, record_id, '', 1, at FROM case_closing ORDER BY at
        """,
    )
    binding.take_over(db, "case_branch")


@migrations()
def publications(db: Connection) -> None:
    """What was published in the browser, act by act; the edition of the language a form is written in."""
    create(
        db,
        """
        CREATE TABLE publication (
          id INTEGER PRIMARY KEY, name TEXT NOT NULL,
          act TEXT NOT NULL CHECK (act IN ('publish', 'withdraw', 'restore')),
          edition TEXT REFERENCES form_version(id), text TEXT NOT NULL,
          actor_id TEXT NOT NULL REFERENCES account(id), note TEXT NOT NULL, at TEXT NOT NULL) STRICT ;;
        CREATE INDEX publication_of ON publication(name, id) ;;
        CREATE INDEX form_version_of ON form_version(slug, created_at) ;;
        ALTER TABLE form_version ADD COLUMN language INTEGER NOT NULL DEFAULT 1
        """,
    )


@migrations()
def form_designs(db: Connection) -> None:
    """Form types on their way, and every revision of each (andu.office.shelf.designs)."""
    create(
        db,
        """
        CREATE TABLE form_design (
          id TEXT PRIMARY KEY, slug TEXT NOT NULL, title TEXT NOT NULL,
          state TEXT NOT NULL CHECK (state IN ('read', 'open', 'published', 'discarded')),
          revision INTEGER NOT NULL, yaml TEXT NOT NULL, paper_sha TEXT NOT NULL,
          blank_sha TEXT NOT NULL, marked_sha TEXT NOT NULL, proposals TEXT NOT NULL, based_on TEXT NOT NULL,
          created_at TEXT NOT NULL, updated_by TEXT NOT NULL REFERENCES account(id),
          updated_at TEXT NOT NULL) STRICT ;;
        CREATE INDEX form_design_open ON form_design(updated_at) WHERE state IN ('read', 'open') ;;
        CREATE TABLE form_design_revision (
          design_id TEXT NOT NULL REFERENCES form_design(id), revision INTEGER NOT NULL,
          yaml TEXT NOT NULL, paper_sha TEXT NOT NULL, did TEXT NOT NULL,
          actor_id TEXT NOT NULL REFERENCES account(id), at TEXT NOT NULL,
          PRIMARY KEY (design_id, revision)) STRICT, WITHOUT ROWID ;;
        CREATE INDEX draft_of_form ON draft(form)
        """,
    )


@migrations()
def work_of_a_unit_in_its_order(db: Connection) -> None:
    """What a unit has to sign, to mend and to receipt is read in the order it is shown in."""
    create(
        db,
        """
        DROP INDEX record_unit ;;
        CREATE INDEX record_unit ON record(unit_id, state, updated_at, id) ;;
        DROP INDEX record_awaits ;;
        CREATE INDEX record_awaits ON record(unit_id, updated_at, id) WHERE awaits_receipt = 1
        """,
    )


@migrations()
def rights_over_the_vault(db: Connection) -> None:
    """Who may open what is sealed; those whose role did so until now go on (andu.security.vault_rights)."""
    create(
        db,
        """
        CREATE TABLE vault_right (
          account_id TEXT PRIMARY KEY REFERENCES account(id),
          state TEXT NOT NULL CHECK (state IN ('asked', 'held', 'waiting')),
          by_id TEXT, at TEXT NOT NULL, code_hash TEXT NOT NULL DEFAULT '',
          is_code_proved INTEGER NOT NULL DEFAULT 0) STRICT ;;
        INSERT INTO vault_right (account_id, state, at)
          SELECT id, CASE state WHEN 'active' THEN 'held' ELSE 'waiting' END, changed_at FROM account
          WHERE roles LIKE '%"director"%' OR roles LIKE '%"custodian"%'
        """,
    )


@migrations()
def words_within_records(db: Connection) -> None:
    """Records are found by what stands in them, too: filled after the start; titles and people stay found."""
    create(
        db,
        """
        ALTER TABLE record_text RENAME TO record_text_before ;;
        CREATE VIRTUAL TABLE record_text USING fts5(
          said, people, answers, about, prefix = '1', tokenize = "unicode61 remove_diacritics 0") ;;
        INSERT INTO record_text (rowid, said, people, answers, about)
          SELECT rowid, said, people, '', '' FROM record_text_before ;;
        DROP TABLE record_text_before
        """,
    )


@migrations()
def drafts_nobody_typed_in(db: Connection) -> None:
    """Whether anything was typed into a draft: one that was only opened is not kept."""
    create(
        db,
        """
        ALTER TABLE draft ADD COLUMN is_begun INTEGER NOT NULL DEFAULT 1 CHECK (is_begun IN (0, 1)) ;;
        CREATE INDEX draft_untouched ON draft(created_at, id) WHERE is_begun = 0
        """,
    )


@migrations()
def marked_forms(db: Connection) -> None:
    """Which forms somebody wants on their desk."""
    create(
        db,
        """
        CREATE TABLE marked_form (
          account_id TEXT NOT NULL REFERENCES account(id), form TEXT NOT NULL,
          PRIMARY KEY (account_id, form)) STRICT, WITHOUT ROWID
        """,
    )


@migrations()
def agreed_papers(db: Connection) -> None:
    """Papers somebody has opened and agreed to, until the password signs them; phrases of each person."""
    create(
        db,
        """
        CREATE TABLE agreed (
          account_id TEXT NOT NULL REFERENCES account(id), record_id TEXT NOT NULL REFERENCES record(id),
          slot TEXT NOT NULL, version INTEGER NOT NULL, opinion TEXT NOT NULL, at TEXT NOT NULL,
          PRIMARY KEY (account_id, record_id)) STRICT, WITHOUT ROWID ;;
        CREATE TABLE phrase (
          id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account(id), text TEXT NOT NULL) STRICT ;;
        CREATE INDEX phrase_account ON phrase(account_id, id)
        """,
    )


@migrations()
def deadlines_by_hand(db: Connection) -> None:
    """The open deadlines that somebody has to say are met: looked through when a person leaves."""
    create(
        db,
        """
        CREATE INDEX deadline_by_hand ON deadline(due)
          WHERE met_at IS NULL AND lapsed_at IS NULL AND json_extract(terms, '$.by_hand') = 1
        """,
    )


@migrations()
def second_factors(db: Connection) -> None:
    """Codes besides the password: the secret, the last step that was used, what is left on paper."""
    create(
        db,
        """
        CREATE TABLE second_factor (
          account_id TEXT PRIMARY KEY REFERENCES account(id), secret TEXT NOT NULL,
          last_step INTEGER NOT NULL, drift INTEGER NOT NULL, codes TEXT NOT NULL,
          is_on INTEGER NOT NULL) STRICT ;;
        INSERT OR IGNORE INTO mark SELECT 'vault right once held', min(at) FROM vault_right
          WHERE state = 'held' HAVING count(*) > 0
        """,
    )


@migrations()
def keys_of_people_and_cases(db: Connection) -> None:
    """Pairs of people, keys of cases in envelopes, what writers still read (andu.security.vault).

    Everybody signs in anew: a key is opened with the password, which no running session has. Codes on paper
    of before gave back a right and opened no key: they are made anew.
    """
    create(
        db,
        """
        CREATE TABLE key_pair (
          id TEXT PRIMARY KEY, owner TEXT NOT NULL, generation INTEGER NOT NULL, public BLOB NOT NULL,
          fingerprint TEXT NOT NULL, is_pinned INTEGER NOT NULL, by_password TEXT NOT NULL,
          by_code TEXT NOT NULL DEFAULT '', is_code_proved INTEGER NOT NULL DEFAULT 0, made_at TEXT NOT NULL)
          STRICT ;;
        CREATE INDEX key_pair_owner ON key_pair(owner, generation) ;;
        CREATE TABLE case_key (
          id TEXT PRIMARY KEY, case_id TEXT NOT NULL, generation INTEGER NOT NULL, public BLOB NOT NULL,
          fingerprint TEXT NOT NULL, audit_id TEXT NOT NULL, made_at TEXT NOT NULL,
          is_open INTEGER NOT NULL DEFAULT 1, rotation INTEGER NOT NULL DEFAULT 0) STRICT ;;
        CREATE INDEX case_key_case ON case_key(case_id, generation) ;;
        CREATE TABLE case_envelope (
          id TEXT PRIMARY KEY, case_id TEXT NOT NULL, generation INTEGER NOT NULL, holder TEXT NOT NULL,
          fingerprint TEXT NOT NULL, sealed BLOB NOT NULL) STRICT ;;
        CREATE INDEX case_envelope_case ON case_envelope(case_id, generation, fingerprint) ;;
        CREATE INDEX case_envelope_of ON case_envelope(fingerprint, case_id, generation) ;;
        CREATE INDEX case_envelope_holder ON case_envelope(holder) ;;
        CREATE TABLE sealed_box (
          id TEXT PRIMARY KEY, sealed_id TEXT NOT NULL, holder TEXT NOT NULL, fingerprint TEXT NOT NULL,
          box BLOB NOT NULL) STRICT ;;
        CREATE INDEX sealed_box_sealed ON sealed_box(sealed_id) ;;
        CREATE INDEX sealed_box_holder ON sealed_box(holder) ;;
        ALTER TABLE sealed ADD COLUMN case_id TEXT NOT NULL DEFAULT '' ;;
        ALTER TABLE sealed ADD COLUMN generation INTEGER NOT NULL DEFAULT 0 ;;
        ALTER TABLE sealed ADD COLUMN box BLOB NOT NULL DEFAULT x'' ;;
        CREATE INDEX sealed_of_before ON sealed(key_id) WHERE key_id <> '' ;;
        CREATE INDEX audit_pins ON audit(seq) WHERE event = 'key_pair_pinned' ;;
        CREATE INDEX audit_refusals ON audit(seq) WHERE event = 'key_refused' ;;
        UPDATE vault_right SET code_hash = '', is_code_proved = 0 ;;
        ALTER TABLE vault_right DROP COLUMN code_hash ;;
        ALTER TABLE vault_right DROP COLUMN is_code_proved ;;
        ALTER TABLE session ADD COLUMN held BLOB NOT NULL DEFAULT x'' ;;
        DELETE FROM session
        """,
    )


@migrations()
def halves_of_the_office_key(db: Connection) -> None:
    """The office's own private key, in halves sealed to two officers (andu.security.office_halves)."""
    create(
        db,
        """
        CREATE TABLE office_half (
          id TEXT PRIMARY KEY, generation INTEGER NOT NULL, holder TEXT NOT NULL REFERENCES account(id),
          sealed BLOB NOT NULL) STRICT
        """,
    )


@migrations()
def notices_and_own_settings(db: Connection) -> None:
    """By what ways notices go out, and what was told last; what is set for one person alone."""
    create(
        db,
        """
        CREATE TABLE notice_way (
          id TEXT PRIMARY KEY, kind TEXT NOT NULL, said TEXT NOT NULL, is_on INTEGER NOT NULL,
          tried_at TEXT NOT NULL, fault TEXT NOT NULL) STRICT ;;
        CREATE TABLE notice_told (
          id TEXT PRIMARY KEY, day TEXT NOT NULL, at TEXT NOT NULL, waiting TEXT NOT NULL) STRICT ;;
        CREATE TABLE person_setting (
          account_id TEXT NOT NULL REFERENCES account(id), name TEXT NOT NULL, value TEXT NOT NULL,
          PRIMARY KEY (account_id, name)) STRICT, WITHOUT ROWID
        """,
    )


@migrations()
def audit_by_person_act_and_record(db: Connection) -> None:
    """The audit log read by who did it, by what was done, and by the record it was about."""
    create(
        db,
        """
        CREATE INDEX audit_actor ON audit(actor_id, at) ;;
        CREATE INDEX audit_event ON audit(event, at) ;;
        CREATE INDEX audit_record ON audit(json_extract(data, '$.record'), at)
          WHERE json_extract(data, '$.record') IS NOT NULL ;;
        CREATE INDEX audit_register ON audit(json_extract(data, '$.register'), at)
          WHERE json_extract(data, '$.register') IS NOT NULL
        """,
    )


@migrations()
def second_persons(db: Connection) -> None:
    """What two persons open together (andu.security.pair_boxes), and who asked whom to look."""
    create(
        db,
        """
        ALTER TABLE sealed ADD COLUMN cipher_two BLOB NOT NULL DEFAULT x'' ;;
        ALTER TABLE sealed_box ADD COLUMN box_two BLOB NOT NULL DEFAULT x'' ;;
        CREATE TABLE pair_box (
          id TEXT PRIMARY KEY, sealed_id TEXT NOT NULL, asker TEXT NOT NULL, other TEXT NOT NULL,
          fingerprint TEXT NOT NULL, box BLOB NOT NULL) STRICT ;;
        CREATE INDEX pair_box_sealed ON pair_box(sealed_id, asker, other) ;;
        CREATE TABLE second_look (
          id TEXT PRIMARY KEY, record_id TEXT NOT NULL REFERENCES record(id), sealed_id TEXT NOT NULL,
          asked_by TEXT NOT NULL REFERENCES account(id), reason TEXT NOT NULL, asked_at TEXT NOT NULL,
          approved_by TEXT REFERENCES account(id), until TEXT, inner_box BLOB NOT NULL DEFAULT x'') STRICT ;;
        CREATE INDEX second_look_record ON second_look(record_id)
        """,
    )


@migrations()
def files_in_the_store(db: Connection) -> None:
    """Filed bytes by their hash, for a store that several machines share (andu.store.stored_files)."""
    create(db, "CREATE TABLE stored_file (sha TEXT PRIMARY KEY, data BLOB NOT NULL) STRICT")


@migrations()
def whom_records_concern(db: Connection) -> None:
    """Whom each record is about, by keys (andu.office.conflicts); filled by ``books.concerns``."""
    create(
        db,
        """
        CREATE TABLE concern (
          record_id TEXT NOT NULL REFERENCES record(id), key TEXT NOT NULL,
          because TEXT NOT NULL REFERENCES record(id), PRIMARY KEY (record_id, key, because))
          STRICT, WITHOUT ROWID ;;
        CREATE INDEX concern_meant ON concern(key, record_id) ;;
        CREATE INDEX concern_because ON concern(because)
        """,
    )


@migrations()
def ledgers_of_designs(db: Connection) -> None:
    """What a form type on its way wants of ledgers (andu.office.shelf.ledger_columns)."""
    create(
        db,
        """
        ALTER TABLE form_design ADD COLUMN ledgers TEXT NOT NULL DEFAULT '{}' ;;
        ALTER TABLE form_design_revision ADD COLUMN ledgers TEXT NOT NULL DEFAULT '{}'
        """,
    )


@migrations()
def whom_records_concern_so_far(db: Connection) -> None:
    """How far ``concern`` has been filled, while it has to be for all (andu.office.books.concerns)."""
    create(
        db,
        """
        CREATE TABLE concern_left (
          id TEXT PRIMARY KEY, last TEXT NOT NULL, until TEXT NOT NULL, is_shut INTEGER NOT NULL) STRICT
        """,
    )


@migrations()
def who_is_named_in_deadlines(db: Connection) -> None:
    """Which accounts a record names whose deadline somebody says is met (andu.office.timing.named)."""
    create(
        db,
        """
        CREATE TABLE deadline_named (
          account_id TEXT NOT NULL REFERENCES account(id),
          deadline_id TEXT NOT NULL REFERENCES deadline(id) ON DELETE CASCADE,
          PRIMARY KEY (account_id, deadline_id)) STRICT, WITHOUT ROWID ;;
        CREATE INDEX deadline_named_in ON deadline_named(deadline_id) ;;
        DROP INDEX deadline_by_hand
        """,
    )
    for account in db.select("SELECT id FROM account"):
        db.change(
            "INSERT INTO deadline_named (account_id, deadline_id) SELECT ?, deadline.id"
            " FROM deadline JOIN record ON record.id = deadline.record_id"
            f" WHERE {verbs.is_true('deadline.terms', 'by_hand')} AND {verbs.holds('record.data')}",
            [account["id"], account["id"]],
        )


@migrations()
def what_will_wait_for_whom(db: Connection) -> None:
    """What waits for somebody once others have signed is kept too; all rows are made anew at the start."""
    create(
        db,
        """
        DROP TABLE waits ;;
        CREATE TABLE waits (
          whose TEXT NOT NULL, what TEXT NOT NULL CHECK (what IN ('turn', 'later', 'lapsed')),
          since TEXT NOT NULL, record_id TEXT NOT NULL REFERENCES record(id), slot TEXT NOT NULL,
          roles TEXT NOT NULL, had TEXT NOT NULL,
          PRIMARY KEY (whose, what, since, record_id, slot)) STRICT, WITHOUT ROWID ;;
        CREATE INDEX waits_record ON waits(record_id) ;;
        CREATE INDEX waits_since ON waits(what, since, record_id)
        """,
    )


@migrations()
def work_that_waits(db: Connection) -> None:
    """One table of what is still to be done, each row with its lease (andu.store.work), for the outbox."""
    create(
        db,
        """
        CREATE TABLE work (
          kind TEXT NOT NULL, key TEXT NOT NULL, owner TEXT NOT NULL, until INTEGER NOT NULL,
          attempts INTEGER NOT NULL, fault TEXT NOT NULL, made INTEGER NOT NULL,
          PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID ;;
        CREATE INDEX work_open ON work(kind, until) WHERE attempts < 10 ;;
        CREATE INDEX work_stuck ON work(made) WHERE attempts >= 10 ;;
        INSERT INTO work (kind, key, owner, until, attempts, fault, made)
          SELECT 'paper', register.record_id, '', 0, 0, coalesce(outbox.last_error, ''), 0
          FROM outbox JOIN register ON register.id = outbox.id ;;
        INSERT INTO work (kind, key, owner, until, attempts, fault, made)
          SELECT 'paper', id, '', 0, 0, '', 0 FROM record WHERE state = 'complete' ;;
        DROP TABLE outbox
        """,
    )
