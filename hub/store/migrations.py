"""The shape of the hub's file, as named steps. A step that has been released is never edited.

Times are text as `hub.store.database.to_text` writes them, JSON is text, booleans are 0 or 1.
"""

from sqlite3 import complete_statement

from sqlite_utils import Database, Migrations

__all__ = ["MIGRATIONS"]

MIGRATIONS = Migrations("hub")


@MIGRATIONS(name="2026-11-20-site-and-people")
def site_and_people(db: Database) -> None:
    """Settings of the site, its areas and nodes; users, sessions, tokens; the audit log, which only grows."""
    _script(
        db,
        """
        CREATE TABLE site (key TEXT PRIMARY KEY, value TEXT NOT NULL);

        CREATE TABLE areas (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            parent TEXT REFERENCES areas (id),
            position INTEGER NOT NULL DEFAULT 0
        );

        CREATE TABLE nodes (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('speaker', 'counter')),
            name TEXT NOT NULL,
            area TEXT NOT NULL REFERENCES areas (id),
            secret_hash TEXT NOT NULL,
            broker_hash TEXT NOT NULL,
            external_id TEXT NOT NULL DEFAULT '',
            enrolled_at TEXT NOT NULL,
            removed_at TEXT
        );

        CREATE TABLE users (
            id TEXT PRIMARY KEY,
            login TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            password_hash TEXT NOT NULL,
            roles TEXT NOT NULL,
            language TEXT NOT NULL DEFAULT 'vi',
            active INTEGER NOT NULL DEFAULT 1,
            created_at TEXT NOT NULL
        );

        CREATE TABLE sessions (
            token_hash TEXT PRIMARY KEY,
            user TEXT NOT NULL REFERENCES users (id),
            csrf TEXT NOT NULL,
            created_at TEXT NOT NULL,
            seen_at TEXT NOT NULL,
            expires_at TEXT NOT NULL
        );

        CREATE TABLE tokens (
            id TEXT PRIMARY KEY,
            token_hash TEXT NOT NULL UNIQUE,
            user TEXT NOT NULL REFERENCES users (id),
            title TEXT NOT NULL,
            created_at TEXT NOT NULL,
            revoked_at TEXT
        );

        CREATE TABLE login_attempts (
            at TEXT NOT NULL, login TEXT NOT NULL, address TEXT NOT NULL, ok INTEGER NOT NULL
        );
        CREATE INDEX login_attempts_at ON login_attempts (at);

        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            who TEXT NOT NULL,
            address TEXT NOT NULL,
            action TEXT NOT NULL,
            what TEXT NOT NULL,
            detail TEXT NOT NULL,
            own_work INTEGER NOT NULL DEFAULT 0
        );
        CREATE TRIGGER audit_is_not_edited BEFORE UPDATE ON audit
            BEGIN SELECT RAISE (ABORT, 'the audit log cannot be edited'); END;
        CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit
            BEGIN SELECT RAISE (ABORT, 'the audit log cannot be cut'); END;
        """,
    )


@MIGRATIONS(name="2026-11-20-programme")
def programme(db: Database) -> None:
    """Recordings, bulletins made of them, schedules of bulletins, exceptions to the quiet hours."""
    _script(
        db,
        """
        CREATE TABLE recordings (
            id TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            language TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('preparing', 'ready', 'refused')),
            progress REAL NOT NULL DEFAULT 0,
            reason TEXT,
            reason_facts TEXT NOT NULL DEFAULT '{}',
            warnings TEXT NOT NULL DEFAULT '[]',
            file_name TEXT NOT NULL,
            original TEXT NOT NULL,
            sha256 TEXT,
            bytes INTEGER,
            duration_ms INTEGER,
            before_lufs REAL,
            before_dbtp REAL,
            integrated_lufs REAL,
            true_peak_dbtp REAL,
            peaks TEXT NOT NULL DEFAULT '[]',
            created_at TEXT NOT NULL,
            created_by TEXT NOT NULL
        );
        CREATE INDEX recordings_sha256 ON recordings (sha256);

        CREATE TABLE bulletins (
            id TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            priority TEXT NOT NULL CHECK (priority IN ('routine', 'priority', 'emergency')),
            language TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'approved')),
            external_id TEXT NOT NULL DEFAULT '',
            created_at TEXT NOT NULL,
            created_by TEXT NOT NULL,
            submitted_at TEXT,
            submitted_by TEXT,
            approved_at TEXT,
            approved_by TEXT,
            returned_at TEXT,
            returned_by TEXT,
            return_note TEXT NOT NULL DEFAULT '',
            copied_from TEXT REFERENCES bulletins (id)
        );

        CREATE TABLE bulletin_recordings (
            bulletin TEXT NOT NULL REFERENCES bulletins (id),
            position INTEGER NOT NULL,
            recording TEXT NOT NULL REFERENCES recordings (id),
            PRIMARY KEY (bulletin, position)
        );

        CREATE TABLE schedules (
            id TEXT PRIMARY KEY,
            bulletin TEXT NOT NULL REFERENCES bulletins (id),
            starts_at TEXT NOT NULL,
            rule TEXT NOT NULL CHECK (rule IN ('once', 'daily')),
            until TEXT,
            misfire_rule TEXT NOT NULL,
            late_s INTEGER NOT NULL,
            volume INTEGER NOT NULL,
            created_at TEXT NOT NULL,
            created_by TEXT NOT NULL,
            cancelled_at TEXT,
            cancelled_by TEXT
        );

        CREATE TABLE schedule_targets (
            schedule TEXT NOT NULL REFERENCES schedules (id),
            kind TEXT NOT NULL CHECK (kind IN ('area', 'node')),
            target TEXT NOT NULL,
            PRIMARY KEY (schedule, kind, target)
        );

        CREATE TABLE quiet_exceptions (
            id TEXT PRIMARY KEY,
            schedule TEXT NOT NULL REFERENCES schedules (id),
            start TEXT NOT NULL,
            "end" TEXT NOT NULL,
            allowed_by TEXT NOT NULL,
            reason TEXT NOT NULL,
            created_at TEXT NOT NULL
        );
        """,
    )


@MIGRATIONS(name="2026-11-20-fleet-and-ledger")
def fleet_and_ledger(db: Database) -> None:
    """What was told to the nodes, what they said of themselves, and every line of their ledgers."""
    _script(
        db,
        """
        CREATE TABLE plans (
            node TEXT PRIMARY KEY REFERENCES nodes (id),
            version INTEGER NOT NULL,
            content_hash TEXT NOT NULL,
            token BLOB NOT NULL,
            issued_at TEXT NOT NULL
        );

        CREATE TABLE standings (
            node TEXT PRIMARY KEY REFERENCES nodes (id),
            version INTEGER NOT NULL,
            stopped_seq INTEGER,
            stopped_at TEXT,
            stopped_by TEXT,
            muted INTEGER NOT NULL DEFAULT 0,
            volume INTEGER NOT NULL DEFAULT 100,
            issued_at TEXT NOT NULL
        );

        CREATE TABLE orders (
            seq INTEGER PRIMARY KEY,
            audiences TEXT NOT NULL,
            kind TEXT NOT NULL,
            value INTEGER,
            by TEXT NOT NULL,
            issued_at TEXT NOT NULL,
            not_after TEXT NOT NULL,
            nodes TEXT NOT NULL
        );

        CREATE TABLE node_reports (
            node TEXT PRIMARY KEY REFERENCES nodes (id),
            session TEXT NOT NULL,
            here INTEGER NOT NULL,
            heard_at TEXT NOT NULL,
            since TEXT NOT NULL,
            clock_state TEXT NOT NULL,
            clock_bound_ms REAL,
            software TEXT NOT NULL,
            output TEXT NOT NULL,
            ledger TEXT NOT NULL,
            plan INTEGER NOT NULL,
            standing INTEGER NOT NULL,
            "order" INTEGER NOT NULL,
            health TEXT NOT NULL DEFAULT '{}'
        );

        CREATE TABLE holdings (
            node TEXT NOT NULL REFERENCES nodes (id),
            sha256 TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (node, sha256)
        );

        CREATE TABLE ledgers (
            node TEXT NOT NULL REFERENCES nodes (id),
            ledger TEXT NOT NULL,
            stored_seq INTEGER NOT NULL,
            lost INTEGER NOT NULL DEFAULT 0,
            first_seen TEXT NOT NULL,
            PRIMARY KEY (node, ledger)
        );

        CREATE TABLE entries (
            node TEXT NOT NULL,
            ledger TEXT NOT NULL,
            seq INTEGER NOT NULL,
            at TEXT NOT NULL,
            clock_state TEXT NOT NULL,
            clock_bound_ms REAL,
            boot TEXT NOT NULL,
            kind TEXT NOT NULL,
            body TEXT NOT NULL,
            received_at TEXT NOT NULL,
            PRIMARY KEY (node, ledger, seq)
        ) WITHOUT ROWID;
        CREATE INDEX entries_by_time ON entries (node, received_at);

        CREATE TABLE unreadable (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            topic TEXT NOT NULL,
            reason TEXT NOT NULL,
            detail TEXT NOT NULL,
            raw BLOB NOT NULL
        );

        CREATE TABLE plays (
            id TEXT PRIMARY KEY,
            node TEXT NOT NULL REFERENCES nodes (id),
            occurrence TEXT NOT NULL,
            schedule TEXT NOT NULL,
            due_at TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('armed', 'playing', 'finished')),
            started_at TEXT,
            start_error_ms REAL,
            clock_bound_ms REAL,
            finished_at TEXT,
            outcome TEXT,
            reason TEXT,
            played_ms INTEGER,
            sound TEXT,
            first_sample_at TEXT,
            UNIQUE (node, occurrence)
        );
        CREATE INDEX plays_by_schedule ON plays (schedule);
        CREATE INDEX plays_by_time ON plays (due_at);

        CREATE TABLE faults (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            node TEXT,
            name TEXT NOT NULL,
            detail TEXT NOT NULL,
            since TEXT NOT NULL,
            mended_at TEXT
        );
        CREATE UNIQUE INDEX faults_open ON faults (coalesce(node, ''), name) WHERE mended_at IS NULL;
        """,
    )


def _script(db: Database, statements: str) -> None:
    # executescript would commit the migration's transaction; each statement runs inside it instead.
    statement = ""
    for line in statements.splitlines():
        statement += line + "\n"
        if complete_statement(statement):
            db.execute(statement)
            statement = ""
