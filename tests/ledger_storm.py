"""Appends to a ledger until killed, and prints each number once the ledger has taken it.

Run as `python -m tests.ledger_storm PATH`. Every third step writes two entries and a kept value together;
every tenth acknowledges and prunes.
"""

import sys
from itertools import count
from pathlib import Path

from edge.ledger import Ledger
from tests import factories as make


def storm(path: Path) -> None:
    ledger = Ledger.open(path, boot="storm")
    for step in count():
        name = f"o-{ledger.last_seq() + 1}"
        if step % 3:
            say(ledger.append(make.booted(software=name), at=make.NOW, clock=make.reading()))
        else:
            say(start_and_finish(ledger, name))
        if step % 10 == 9:
            ledger.mark_stored(ledger.id, ledger.last_seq() - 5)
            ledger.prune(keep_rows=50)


def start_and_finish(ledger: Ledger, name: str) -> int:
    with ledger.together():
        ledger.append(make.started(occurrence=name), at=make.NOW, clock=make.reading())
        seq = ledger.append(make.finished(occurrence=name), at=make.NOW, clock=make.reading())
        ledger.keep("last", str(seq).encode())
    return seq


def say(seq: int) -> None:
    sys.stdout.write(f"{seq}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    storm(Path(sys.argv[1]))
