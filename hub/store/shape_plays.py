"""Plays are looked up by what sounded, never by schedule alone."""

__all__ = ["STATEMENTS"]

STATEMENTS = """
DROP INDEX plays_by_schedule;
CREATE INDEX plays_by_occurrence ON plays (occurrence, node, state, outcome);
"""
