"""What benchmarks share: figures, the table for people, the one line for programs, and a reason to stop."""

import argparse
import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["CannotRun", "Figure", "main", "need"]


_PACKAGES = {"mosquitto_sub": "mosquitto-clients", "parec": "pulseaudio-utils"}


class CannotRun(Exception):
    """Why there are no figures."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One result; a peer's value comes from the same run. Smaller is better but for names in `_per_s`."""

    name: str
    value: float
    unit: str
    n: int
    peer: str | None = None
    peer_value: float | None = None

    def as_json(self) -> dict[str, object]:
        can_compare = self.peer_value is not None and self.peer_value > 0 and self.value >= 0  # not decibels
        ratio = round(self.value / self.peer_value, 3) if can_compare and self.peer_value else None
        plain = {"name": self.name, "value": round(self.value, 3), "unit": self.unit, "n": self.n}
        if self.peer is None:
            return plain
        return {**plain, "peer": self.peer, "peer_value": round(self.peer_value or 0, 3), "ratio": ratio}


def need(*programs: str) -> None:
    """Raises `CannotRun` naming the Debian package of the first program that is missing."""
    for program in programs:
        if shutil.which(program, path=f"{os.defpath}:/usr/sbin:/usr/local/sbin:/usr/local/bin") is None:
            raise CannotRun(f"{program} is not installed (apt-get install {_PACKAGES.get(program, program)})")


def main(
    name: str,
    parser: argparse.ArgumentParser,
    run: Callable[[argparse.Namespace], Sequence[Figure]],
) -> int:
    """Run a benchmark from its command line; 1 with the reason when it could not run or a promise broke."""
    parser.add_argument("--json", action="store_true", help="one object on the last line")
    arguments = parser.parse_args()
    try:
        figures = run(arguments)
    except (CannotRun, OSError) as error:
        print(f"bench {name}: {error}", file=sys.stderr)
        return 1
    _print_table(figures)
    if arguments.json:
        found = [figure.as_json() for figure in figures]
        print(json.dumps({"bench": name, "machine": _machine(), "figures": found}))
    return 1 if any(figure.value for figure in figures if figure.name in ("lost", "doubled")) else 0


def _print_table(figures: Sequence[Figure]) -> None:
    for figure in figures:
        peer = f"   {figure.peer}: {figure.peer_value:,.1f}" if figure.peer and figure.peer_value else ""
        print(f"{figure.name:28} {figure.value:12,.1f} {figure.unit:10} n={figure.n}{peer}")


def _machine() -> str:
    model = next(
        (line.split(":", 1)[1].strip() for line in _cpu_lines() if line.startswith("model name")),
        platform.machine(),
    )
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def _cpu_lines() -> list[str]:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123 - a file of the system
            return lines.readlines()
    except OSError:
        return []
