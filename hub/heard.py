"""When nodes were last heard, as far as the hub's file does not say so yet. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

__all__ = ["Heard"]

_EVERY: Final = timedelta(minutes=1)


class Heard:
    """Gathers on a full disk what is written once a minute there: well within `hub.readiness.SILENCE`, and
    not with each of a thousand messages."""

    def __init__(self) -> None:
        self._times: dict[str, datetime] = {}
        self._kept_at: datetime | None = None

    @property
    def times(self) -> Mapping[str, datetime]:
        """By node, when it was last heard, of those that are not in the file."""
        return self._times

    def note(self, nodes: Iterable[str], at: datetime) -> None:
        """These nodes were heard at `at`, and that was not stored."""
        self._times.update(dict.fromkeys(nodes, at))

    def is_due(self, now: datetime) -> bool:
        """Whether what was gathered is to be stored now; a clock that was set back does not put it off."""
        if not self._times or self._kept_at is None:
            return bool(self._times)
        return not timedelta() <= now - self._kept_at < _EVERY

    def kept(self, at: datetime) -> None:
        """All that was gathered is in the file now."""
        self._times = {}
        self._kept_at = at
