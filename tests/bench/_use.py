"""What programs use of this machine while time passes: memory and processor, as the kernel counts them."""

import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Use", "watch"]

LOOK_S = 1.0
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_RSS = re.compile(r"^VmRSS:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Use:
    """The most resident memory seen in so many `looks`, and the share of a core over all the time."""

    rss_mib: float
    cpu_percent: float
    looks: int


def watch(pids: Mapping[str, int], seconds: float, *, let_pass: Callable[[float], None]) -> dict[str, Use]:
    """Look at the programs again and again. Raises `OSError` when one has ended."""
    begin_s, before_s = time.monotonic(), {name: _cpu_s(pid) for name, pid in pids.items()}
    looks = [{name: _rss_mib(pid) for name, pid in pids.items()}]
    while (left_s := begin_s + seconds - time.monotonic()) > 0:
        let_pass(min(LOOK_S, left_s))
        looks.append({name: _rss_mib(pid) for name, pid in pids.items()})
    took_s = time.monotonic() - begin_s
    return {
        name: Use(
            rss_mib=max(look[name] for look in looks),
            cpu_percent=100 * (_cpu_s(pid) - before_s[name]) / took_s,
            looks=len(looks),
        )
        for name, pid in pids.items()
    }


def _cpu_s(pid: int) -> float:
    """Of the program with the children that it has waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS_PER_S


def _rss_mib(pid: int) -> float:
    found = _RSS.search(Path(f"/proc/{pid}/status").read_text(encoding="utf-8"))
    if found is None:
        raise ProcessLookupError(f"program {pid} has ended")
    return int(found[1]) / 1024
