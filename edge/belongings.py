"""Whose a data folder is. A card or a folder that was another node's must not speak in this one's name."""

import logging
from contextlib import suppress
from pathlib import Path

from edge.errors import LedgerError
from edge.files import move_aside, set_aside
from edge.ledger import Ledger

__all__ = ["LEDGER", "PLAYED", "open_ledger"]

log = logging.getLogger(__name__)

LEDGER, PLAYED = "ledger.db", "played"
_OWNER = "owner"


def open_ledger(data: Path, *, site: str, node: str, boot: str) -> Ledger:
    """The ledger of a node in its data folder. Raises `LedgerError`.

    One of another node or site is kept aside with the sounds that it played, and a new one begins; recordings
    stay, for they are named by what they are.
    """
    owner = f"{site}/{node}"
    ledger = Ledger.open(data / LEDGER, boot=boot)
    whose = (ledger.kept(_OWNER) or b"").decode(errors="replace")
    if whose not in ("", owner):
        ledger.close()
        _put_aside(data, whose)
        ledger = Ledger.open(data / LEDGER, boot=boot)
    if whose != owner:
        with suppress(LedgerError):  # a full disk; it is tried again at the next start
            ledger.keep(_OWNER, owner.encode())
    return ledger


def _put_aside(data: Path, whose: str) -> None:
    mark = f"of-{whose.replace('/', '-')}"
    try:
        with suppress(FileNotFoundError):  # first: while the ledger is there, this is tried again
            move_aside(data / PLAYED, mark=mark)
        aside = set_aside(data / LEDGER, mark=mark)
    except OSError as error:
        raise LedgerError(f"{data}: the ledger of {whose} cannot be put aside: {error}") from error
    log.warning("the ledger of %s is kept as %s; a new one begins", whose, aside)
