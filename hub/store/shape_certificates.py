"""Certificates of nodes, each kept as long as its node; one-time codes, each with what it lets in."""

__all__ = ["STATEMENTS"]

STATEMENTS = """
CREATE TABLE certificates (
    serial TEXT PRIMARY KEY,
    node TEXT NOT NULL REFERENCES nodes (id),
    key TEXT NOT NULL,
    pem TEXT NOT NULL,
    issued_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    revoked_at TEXT,
    reason TEXT
);
CREATE INDEX certificates_by_node ON certificates (node);
CREATE INDEX certificates_by_key ON certificates (key);

CREATE TABLE codes (
    id TEXT PRIMARY KEY,
    secret TEXT NOT NULL,
    node TEXT NOT NULL,
    wanted TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    wrong INTEGER NOT NULL DEFAULT 0,
    key TEXT
);
"""
