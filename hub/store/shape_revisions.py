"""Which version of a draft somebody saw, and who saved it."""

__all__ = ["STATEMENTS"]

STATEMENTS = """
ALTER TABLE bulletins ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE bulletins ADD COLUMN changed_at TEXT;
ALTER TABLE bulletins ADD COLUMN changed_by TEXT;
"""
