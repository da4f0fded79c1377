"""What citizens pressed, what the counters' own sums said, and how the cameras stood."""

__all__ = ["STATEMENTS"]

STATEMENTS = """
CREATE TABLE presses (
    node TEXT NOT NULL REFERENCES nodes (id),
    ledger TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    written_at TEXT NOT NULL,
    clock_state TEXT NOT NULL,
    level INTEGER NOT NULL,
    levels INTEGER NOT NULL,
    source TEXT NOT NULL,
    counted INTEGER NOT NULL,
    reason TEXT,
    held_ms INTEGER,
    dossier TEXT NOT NULL,
    received_at TEXT NOT NULL,
    PRIMARY KEY (node, ledger, seq)
) WITHOUT ROWID;
CREATE INDEX presses_by_time ON presses (at, node, level, levels, counted);

CREATE TABLE press_checks (
    node TEXT NOT NULL REFERENCES nodes (id),
    ledger TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    difference TEXT NOT NULL,
    PRIMARY KEY (node, ledger)
) WITHOUT ROWID;

CREATE TABLE camera_states (
    node TEXT NOT NULL REFERENCES nodes (id),
    camera TEXT NOT NULL,
    verdict TEXT NOT NULL,
    since TEXT NOT NULL,
    at TEXT NOT NULL,
    frames INTEGER NOT NULL,
    brightness REAL,
    change REAL,
    offset_s REAL,
    detail TEXT NOT NULL,
    PRIMARY KEY (node, camera)
) WITHOUT ROWID;

CREATE TABLE camera_changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    node TEXT NOT NULL REFERENCES nodes (id),
    camera TEXT NOT NULL,
    at TEXT NOT NULL,
    verdict TEXT NOT NULL
);
CREATE INDEX camera_changes_by_time ON camera_changes (node, camera, at);

CREATE TABLE day_checks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    ready INTEGER NOT NULL,
    devices INTEGER NOT NULL,
    note TEXT NOT NULL
);
"""
