"""Settings of the site, its areas and nodes; users, sessions, tokens; the audit log, which only grows."""

__all__ = ["STATEMENTS"]

STATEMENTS = """
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
"""
