"""Which version of an account somebody saw, and who saved it."""

__all__ = ["STATEMENTS"]

STATEMENTS = """
ALTER TABLE users ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE users ADD COLUMN changed_at TEXT;
ALTER TABLE users ADD COLUMN changed_by TEXT;
"""
