"""Who vouches for the system's clock: chrony, systemd-timesyncd, or nobody (assumed).

Both daemons tell the kernel how the clock stands, and adjtimex(2) tells us, without a process or a parser.
"""

import ctypes
import os
from datetime import datetime
from pathlib import Path
from typing import Protocol

__all__ = ["AssumedTime", "ChronyTime", "TimeSource", "TimesyncdTime"]

_STA_UNSYNC = 0x0040
_TIMESYNCD_STAMP = Path("/run/systemd/timesync/synchronized")
_TIMESYNCD_SILENCE_S = 2.5 * 2_048  # it asks at least every 2,048 s; one answer may be lost
_TIMESYNCD_BOUND_MS = 100.0  # it tells the kernel an error of zero: a floor for the way to its server


class TimeSource(Protocol):
    """Says whether the system's wall clock is in step."""

    def bound_ms(self, wall: datetime) -> float | None:
        """The wall clock's greatest error when in step, else None. Raises OSError if it cannot be asked."""


class ChronyTime:
    """chrony keeps the kernel's status and greatest error (its root distance) up to date."""

    def bound_ms(self, wall: datetime) -> float | None:
        """See `TimeSource`."""
        return _kernel_bound_ms()


class TimesyncdTime:
    """systemd-timesyncd touches a file at each answer, and leaves the error's floor to us."""

    def __init__(self, stamp: Path = _TIMESYNCD_STAMP) -> None:
        self._stamp = stamp

    def bound_ms(self, wall: datetime) -> float | None:
        """See `TimeSource`."""
        try:
            heard_s = wall.timestamp() - self._stamp.stat().st_mtime
        except FileNotFoundError:
            return None
        kernel_ms = _kernel_bound_ms()
        if kernel_ms is None or heard_s > _TIMESYNCD_SILENCE_S:
            return None
        return kernel_ms + _TIMESYNCD_BOUND_MS


class AssumedTime:
    """Nobody vouches: whoever wrote the settings says that the system's clock is right."""

    def bound_ms(self, wall: datetime) -> float | None:
        """See `TimeSource`."""
        return 0.0


class _Timex(ctypes.Structure):
    """`struct timex` of adjtimex(2); its tail has room for what a kernel may add."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


def _kernel_bound_ms() -> float | None:
    answer = _Timex(modes=0)
    library = ctypes.CDLL(None, use_errno=True)
    if library.adjtimex(ctypes.byref(answer)) < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"adjtimex: {os.strerror(code)}")
    return None if answer.status & _STA_UNSYNC else answer.maxerror / 1_000
