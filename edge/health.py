"""Readings of the machine and of this program. What a machine does not have reads as None."""

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Readings", "take_readings"]

_STATM = Path("/proc/self/statm")
_THERMAL = Path("/sys/class/thermal")


@dataclass(frozen=True, slots=True)
class Readings:
    """The readings of `edge.wire.messages.Health`, under its names: sizes in bytes, `uptime_s` the machine's,
    `memory` this program's resident size, `temperature_c` the hottest sensor's."""

    uptime_s: float
    disk_free: int | None
    memory: int | None
    load_1min: float | None
    temperature_c: float | None


def take_readings(data: Path, *, statm: Path = _STATM, thermal: Path = _THERMAL) -> Readings:
    """Read everything once; `data` is the folder whose disk counts. Never raises."""
    return Readings(
        uptime_s=time.clock_gettime(time.CLOCK_BOOTTIME),
        disk_free=_disk_free(data),
        memory=_memory(statm),
        load_1min=_load(),
        temperature_c=_temperature(thermal),
    )


def _disk_free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _memory(statm: Path) -> int | None:
    try:
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return None


def _load() -> float | None:
    try:
        return os.getloadavg()[0]
    except OSError:
        return None


def _temperature(thermal: Path) -> float | None:
    degrees = [
        reading for path in thermal.glob("thermal_zone*/temp") if (reading := _degrees(path)) is not None
    ]
    return max(degrees, default=None)


def _degrees(path: Path) -> float | None:
    try:
        return int(path.read_text()) / 1_000
    except (OSError, ValueError):
        return None
