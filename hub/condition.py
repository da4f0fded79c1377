"""How the hub itself stands, for who looks after it: its disk, its backups, its doors' certificate."""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hub.authority import TlsFiles
from hub.authority_x509 import end_of
from hub.backup.make import software
from hub.backup.places import LastRun, last_run
from hub.backup.settings import BackupSettings
from hub.config import HubSettings
from hub.errors import Unavailable
from hub.recovery import Recovery, kept

__all__ = ["BackupState", "Condition", "Disk", "condition", "runs_as"]


@dataclass(frozen=True)
class Disk:
    """The disk of the data folder, in bytes."""

    free: int
    whole: int


@dataclass(frozen=True, kw_only=True)
class BackupState:
    """Where backups go, and what became of the last run; `bytes` is None where its file is not there."""

    folder: Path
    settings: BackupSettings
    last: LastRun | None = None
    bytes: int | None = None


@dataclass(frozen=True, kw_only=True)
class Condition:
    """`backup` is None where no backups were asked for; `doors_end` where there are no doors; `recovery`
    where there is no recovery key, or what is kept of it cannot be read."""

    software: str
    disk: Disk
    backup: BackupState | None
    doors_end: datetime | None
    recovery: Recovery | None


def condition(settings: HubSettings) -> Condition:
    """Look at the disk. Raises OSError for a data folder that cannot be read."""
    used = shutil.disk_usage(settings.data)
    return Condition(
        software=software(),
        disk=Disk(free=used.free, whole=used.total),
        backup=_backup(settings),
        doors_end=_doors_end(settings),
        recovery=_recovery(settings),
    )


def runs_as(report: str, hub: str) -> bool:
    """Whether what a node reports to run is of the hub's own version."""
    return report.removeprefix("loa ").strip("()") == hub


def _backup(settings: HubSettings) -> BackupState | None:
    wanted = settings.backup
    if wanted is None:
        return None
    last, bytes_ = last_run(settings.data), None
    if last is not None and last.file:
        with suppress(OSError):
            bytes_ = Path(last.file).stat().st_size
    return BackupState(folder=settings.data / wanted.folder, settings=wanted, last=last, bytes=bytes_)


def _recovery(settings: HubSettings) -> Recovery | None:
    with suppress(Unavailable, OSError):
        return kept(settings.data)
    return None


def _doors_end(settings: HubSettings) -> datetime | None:
    if settings.tls is None:
        return None
    with suppress(OSError, ValueError):
        return end_of(TlsFiles.within(settings.data / "tls").certificate.read_text(encoding="ascii"))
    return None
