"""What plans say, kept once for all that say it; plans are signed anew, to the same bytes, to be sent."""

__all__ = ["STATEMENTS"]

STATEMENTS = """
CREATE TABLE plan_contents (
    name TEXT PRIMARY KEY,
    ending BLOB NOT NULL
);

CREATE TABLE new_plans (
    node TEXT PRIMARY KEY REFERENCES nodes (id),
    version INTEGER NOT NULL,
    content TEXT NOT NULL,
    issued_at TEXT NOT NULL
);
INSERT INTO new_plans SELECT node, version, '', issued_at FROM plans;
DROP TABLE plans;
ALTER TABLE new_plans RENAME TO plans;
"""
