"""Which order ended an emergency, so that who has not confirmed it can be named."""

__all__ = ["STATEMENTS"]

STATEMENTS = """
ALTER TABLE emergencies ADD COLUMN ended_seq INTEGER;
"""
