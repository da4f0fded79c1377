"""Files whose recording was deleted, until they are off the disk."""

__all__ = ["STATEMENTS"]

STATEMENTS = """
CREATE TABLE files_to_remove (
    name TEXT PRIMARY KEY
) WITHOUT ROWID;
CREATE INDEX bulletins_by_origin ON bulletins (copied_from) WHERE copied_from IS NOT NULL;
CREATE INDEX bulletin_recordings_by_recording ON bulletin_recordings (recording);
"""
