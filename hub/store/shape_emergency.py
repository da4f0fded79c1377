"""Emergencies, and at which nodes each runs."""

__all__ = ["STATEMENTS"]

STATEMENTS = """
CREATE TABLE emergencies (
    id TEXT PRIMARY KEY,
    seq INTEGER NOT NULL UNIQUE,
    bulletin TEXT NOT NULL REFERENCES bulletins (id),
    content TEXT NOT NULL,
    audiences TEXT NOT NULL,
    until TEXT NOT NULL,
    ended_at TEXT,
    ended_by TEXT,
    ended_how TEXT CHECK (ended_how IN ('cancelled', 'stopped'))
);
CREATE INDEX emergencies_by_end ON emergencies (until);

CREATE TABLE emergency_nodes (
    emergency TEXT NOT NULL REFERENCES emergencies (id),
    node TEXT NOT NULL REFERENCES nodes (id),
    stopped_seq INTEGER,
    PRIMARY KEY (emergency, node)
) WITHOUT ROWID;
"""
