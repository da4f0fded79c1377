"""Recordings, bulletins made of them, schedules of bulletins, exceptions to the quiet hours."""

__all__ = ["STATEMENTS"]

STATEMENTS = """
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
"""
