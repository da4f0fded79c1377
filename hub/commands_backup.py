"""`loa hub backup`, `restore`: the site in one file, and back from it."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from hub.arguments import Arguments
from hub.backup.make import Made, Tell, back_up
from hub.backup.places import file_name, nightly, only_one
from hub.backup.restore import Restored, restore
from hub.command_name import command_name
from hub.config import HubSettings, load_settings
from hub.desk import only_hub_on, utc_now
from hub.errors import Unavailable

__all__ = ["BACKUP_COMMANDS"]

_MB = 1_000_000
_TELL_EVERY_S = 2.0

_AFTER = """\
look at   what changed after that hour is as it was before it. Schedules cancelled since will play,
          those made since will not; stops, mutes and volumes are those of that hour; people, passwords
          and nodes removed since are back (a stolen node: loa-hub remove NAME); nodes enrolled since
          must be enrolled again, those with a new card by --again. What nodes recorded since
          they send again by themselves, as far back as they hold it.
next      start the hub again: systemctl start loa-hub; from a checkout, ./loa hub serve --config {file}"""


def _backup(arguments: Arguments) -> None:
    settings = load_settings(arguments.config)
    if not settings.data.is_dir():
        raise Unavailable(f"{settings.data}: there is no site here to back up")
    with only_one(settings.data):
        tell = _teller("backed up")
        made = (
            _once(settings, arguments.out, tell)
            if arguments.out
            else nightly(settings, now=utc_now, tell=tell)
        )
    print(f"backup    {made.file} ({made.bytes / _MB:,.1f} MB): holds the site's keys; keep it like one")
    for recording in made.damaged:
        print(f"damaged   recording {recording} is not what it was; upload it again")


def _once(settings: HubSettings, out: Path, tell: Tell) -> Made:
    now = utc_now()
    file = out / file_name(settings, now) if out.is_dir() else out
    if file.exists():
        raise Unavailable(f"{file} is there already; name another file")
    if not file.parent.is_dir():
        raise Unavailable(f"{file.parent}: there is no such folder")
    return back_up(settings, file, now=now, tell=tell)


def _restore(arguments: Arguments) -> None:
    folder: Path = arguments.folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with only_hub_on(folder):
        restored = restore(
            arguments.file, folder, now=utc_now(), replace=arguments.replace, tell=_teller("restored")
        )
    _report(restored, folder)


def _report(restored: Restored, folder: Path) -> None:
    header = restored.header
    print(f"site      {header.site} ({header.name}), as it was at {restored.made_at:%Y-%m-%d %H:%M} there")
    print(f"folder    {folder}")
    if restored.aside:
        print(f"set aside {restored.aside}: what was there before; delete it once all is well")
    for recording in restored.damaged:
        print(f"damaged   recording {recording} was damaged when the backup was made; upload it again")
    print(_AFTER.format(file=folder / "hub.toml"))


def _teller(word: str) -> Tell:
    """Says on standard error how far it is, every few seconds; nothing for what is done at once."""
    told_s = time.monotonic()

    def tell(done: int, whole: int) -> None:
        nonlocal told_s
        if time.monotonic() - told_s < _TELL_EVERY_S:
            return
        told_s = time.monotonic()
        print(f"{command_name()}: {word} {done / _MB:,.0f} of {whole / _MB:,.0f} MB", file=sys.stderr)

    return tell


BACKUP_COMMANDS: dict[str, Callable[[Arguments], None]] = {
    "backup": _backup,
    "restore": _restore,
}
"""These open no desk: a backup only reads, a restore has nothing to open yet."""
