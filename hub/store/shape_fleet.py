"""What was told to the nodes, what they said of themselves, and every line of their ledgers."""

__all__ = ["STATEMENTS"]

STATEMENTS = """
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
"""
