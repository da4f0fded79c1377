"""Runs every benchmark and writes what they found as a page: the figures, the machine, the day, the peers.

    ./loa bench all --out docs/measured.md

Each benchmark is a program of its own and prints one JSON object on its last line. One that could not run is
named with its reason; what others found stands all the same.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench._goals import goal_of, is_missed

__all__ = ["Found", "main", "page_of"]

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
LONGEST_S = 3_600


@dataclass(frozen=True)
class Found:
    """What one benchmark said: its JSON object, or why there is none; and how it was called."""

    name: str
    options: tuple[str, ...] = ()
    said: Mapping[str, Any] | None = None
    why_not: str = ""


def main(argv: list[str] | None = None) -> int:
    """Run the benchmarks that are named (all there are), write the page; 1 if one could not run."""
    parser = argparse.ArgumentParser(prog="loa bench all", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="which; default: all, each once and `sync` also with a load")
    parser.add_argument("--out", type=Path, help="where the page goes; default: it is printed")
    parser.add_argument("--keep", type=Path, help="a folder for what each said, to write the page from again")
    parser.add_argument("--from", type=Path, dest="kept", help="such a folder: nothing is run")
    arguments = parser.parse_args(argv)
    found = _kept(arguments.kept) if arguments.kept else _run_all(arguments.names or _names())
    if arguments.keep:
        _keep(arguments.keep, found)
    page = page_of(found, at=datetime.now(UTC))
    if arguments.out:
        arguments.out.write_text(page, encoding="utf-8")
    else:
        print(page)
    return 1 if any(each.said is None for each in found) else 0


def page_of(found: Iterable[Found], *, at: datetime) -> str:
    """The page in Markdown."""
    found = list(found)
    machines = sorted({str(each.said["machine"]) for each in found if each.said})
    lines = [
        "# Measured",
        "",
        f"Written by `./loa bench all --out docs/measured.md` on {at:%Y-%m-%d}, on {'; '.join(machines)}.",
        "Peers ran on the same machine in the same run. Ratios tell more than times, which vary by machine;",
        "a ratio is ours over theirs, so smaller is better but for names that end in `_per_s`.",
    ]
    lines += ["", _missed(found)]
    for each in found:
        lines += ["", f"## {' '.join((each.name, *each.options))}", "", *_section(each)]
    return "\n".join(lines) + "\n"


def _missed(found: Iterable[Found]) -> str:
    """All missed goals in one sentence."""
    missed = [
        f"`{' '.join((each.name, *each.options))}` {figure['name']}"
        for each in found
        for figure in (each.said or {"figures": []})["figures"]
        if is_missed(goal_of(each.name, str(figure["name"])), figure)
    ]
    return f"Goals missed: {', '.join(missed)}." if missed else "No goal is missed."


def _section(found: Found) -> list[str]:
    if found.said is None:
        return [f"Could not run: {found.why_not}"]
    rows = [_row(found.name, figure) for figure in found.said["figures"]]
    return [
        "| figure | value | unit | n | goal | peer | its value | ratio |",
        "|---|---:|---|---:|---|---|---:|---:|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def _row(bench: str, figure: Mapping[str, Any]) -> tuple[str, ...]:
    peer = figure.get("peer")
    return (
        f"`{figure['name']}`",
        _number(figure["value"]),
        str(figure["unit"]),
        f"{figure['n']:,}",
        _goal(bench, figure),
        str(peer or ""),
        _number(figure.get("peer_value")) if peer else "",
        _number(figure.get("ratio")) if peer else "",
    )


def _goal(bench: str, figure: Mapping[str, Any]) -> str:
    """The goal, and plainly where it is missed."""
    goal = goal_of(bench, str(figure["name"]))
    return f"{goal} **missed**" if goal and is_missed(goal, figure) else goal


def _number(value: float | None) -> str:
    """Three digits that count, and no more."""
    if value is None:
        return ""
    size = abs(value)
    return (
        f"{value:,.0f}"
        if size >= 100 or value == int(value)
        else f"{value:.1f}"
        if size >= 10
        else f"{value:.2f}"
    )


def _names() -> list[str]:
    return sorted(each.stem for each in FOLDER.glob("[a-z]*.py") if each.stem != "all")


def _run_all(names: Iterable[str]) -> list[Found]:
    calls: list[tuple[str, tuple[str, ...]]] = [(name, ()) for name in names]
    calls += [("sync", options) for options in (("--load",), ("--drift-ppm", "100")) if ("sync", ()) in calls]
    return [_run(name, options) for name, options in sorted(calls)]


def _run(name: str, options: tuple[str, ...]) -> Found:
    print(f"bench {' '.join((name, *options))} …", file=sys.stderr, flush=True)
    command = [sys.executable, str(FOLDER / f"{name}.py"), *options, "--json"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    except subprocess.TimeoutExpired:
        return Found(name, options, why_not=f"it took more than {LONGEST_S} s")
    try:
        return Found(name, options, said=json.loads(done.stdout.splitlines()[-1]))
    except (IndexError, ValueError):
        words = done.stderr.strip().splitlines()
        return Found(name, options, why_not=words[-1] if words else f"exit code {done.returncode}")


def _keep(folder: Path, found: Iterable[Found]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for each in found:
        file = folder / f"{'_'.join((each.name, *each.options))}.json"
        file.write_text(json.dumps(vars(each), ensure_ascii=False), encoding="utf-8")


def _kept(folder: Path) -> list[Found]:
    kept = (json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json")))
    return [Found(**{**each, "options": tuple(each["options"])}) for each in kept]


if __name__ == "__main__":
    sys.exit(main())
