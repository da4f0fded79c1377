"""How the hub and every device stand, for who looks after them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.web.views.fleet import Fault

__all__ = ["BackupView", "DeviceRow", "SystemFragment", "SystemPage"]


@dataclass(frozen=True, kw_only=True)
class BackupView:
    """`done_at` is None before the first backup; `bytes` is None where its `file` is not there any more.

    `failed_at` is when a later run failed; `second` a second place, or empty, and `second_ok` that the last
    backup is there too.
    """

    folder: str
    keep: int
    done_at: datetime | None = None
    failed_at: datetime | None = None
    file: str = ""
    bytes: int | None = None
    second: str = ""
    second_ok: bool = False


@dataclass(frozen=True, kw_only=True)
class DeviceRow:
    """`state` as in `NodeRow`; `current` says that it runs the hub's version, None that it never reported.

    `certificate_ends` is None without one; `ends_soon` that it should have been renewed.
    """

    id: str
    name: str
    where: str
    state: str
    software: str = ""
    current: bool | None = None
    disk_free_bytes: float | None = None
    temperature_c: float | None = None
    certificate_ends: datetime | None = None
    ends_soon: bool = False


@dataclass(frozen=True, kw_only=True)
class SystemFragment:
    """GET /system/live, on the events `nodes` and `faults`.

    `file_bytes` are those of the hub's file, of which raw lines and audit log are kept for so many years.
    `backup` is None where none are asked for, `backup_command` makes one now; `certified` false where
    nodes have no certificates; `doors_end` is when that of the hub's doors ends. `recovery_made` is None
    without a recovery key, which `recovery_command` makes; `recovery_id` tells its paper. `current`, `other`
    and `silent` count the devices that run the hub's version, run another, never reported.
    """

    template: ClassVar[str] = "fragments/system.html"
    linked: bool = False
    software: str = ""
    disk_free_bytes: int = 0
    disk_bytes: int = 0
    disk_full: bool = False
    file_bytes: int = 0
    entries_years: int = 0
    audit_years: int = 0
    backup: BackupView | None = None
    backup_command: str = ""
    certified: bool = False
    doors_end: datetime | None = None
    recovery_made: datetime | None = None
    recovery_id: str = ""
    recovery_command: str = ""
    faults: tuple[Fault, ...] = ()
    devices: tuple[DeviceRow, ...] = ()
    current: int = 0
    other: int = 0
    silent: int = 0


@dataclass(frozen=True, kw_only=True)
class SystemPage:
    """GET /system."""

    template: ClassVar[str] = "system.html"
    live: SystemFragment = SystemFragment()
