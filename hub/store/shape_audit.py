"""Old lines of the audit log may go, those of its last year never. Its own newest line says what is old, so
that no clock does."""

__all__ = ["STATEMENTS"]

STATEMENTS = """
DROP TRIGGER audit_is_not_cut;
CREATE TRIGGER audit_keeps_its_last_year BEFORE DELETE ON audit
    WHEN NOT coalesce(
        OLD.at <= (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', at, '-1 year') FROM audit ORDER BY id DESC LIMIT 1),
        0
    )
    BEGIN SELECT RAISE (ABORT, 'the last year of the audit log cannot be cut'); END;
"""
