"""How long a log-in must wait after others have failed. Pure.

Guessing one account is slowed by its log-in name, guessing many accounts from one place by its address. The
waits grow and are the same for names that do not exist.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

__all__ = ["WINDOW", "wait_s"]

WINDOW = timedelta(minutes=15)
_FREE_PER_LOGIN = 5
_FREE_PER_ADDRESS = 20
_FIRST_WAIT_S = 15.0
_LONGEST_WAIT_S = 900.0


def wait_s(*, of_login: Sequence[datetime], of_address: Sequence[datetime], now: datetime) -> float:
    """Seconds until the next try may be made, 0 for at once; from the instants of failed tries."""
    return max(
        _wait_after(of_login, free=_FREE_PER_LOGIN, now=now),
        _wait_after(of_address, free=_FREE_PER_ADDRESS, now=now),
    )


def _wait_after(failures: Sequence[datetime], *, free: int, now: datetime) -> float:
    recent = [at for at in failures if now - WINDOW < at <= now]
    if len(recent) < free:
        return 0.0
    wait = min(_FIRST_WAIT_S * 2 ** min(len(recent) - free, 10), _LONGEST_WAIT_S)
    return max(0.0, (max(recent) + timedelta(seconds=wait) - now).total_seconds())
