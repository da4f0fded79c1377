"""Prepare recordings for broadcast from a command line: `loa-audio FILE… -o DIR [--json]`.

Exit code: 0 all prepared, 1 some were refused or failed, 2 wrong usage, 130 interrupted.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from audio.errors import AudioError, Refused
from audio.loudness import PEAK_LIMIT_DBTP, TARGET_LUFS
from audio.prepare import Prepared, prepare
from audio.probe import LIMIT_S
from audio.progress import Progress
from audio.words import say

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Prepare each file, print a table (or one JSON object per file), return the exit code."""
    options = arguments().parse_args(argv)
    language = language_of(os.environ)
    failures = 0
    if not options.json:
        print(HEADINGS[language])
    for source in options.files:
        try:
            prepared = prepare(
                source, options.output, limit_s=options.limit_min * 60, progress=progress_for(source)
            )
        except (AudioError, OSError) as error:
            failures += 1
            clear_progress()
            report(failure(source, error, language), as_json=options.json)
        except KeyboardInterrupt:
            clear_progress()
            return INTERRUPTED
        else:
            clear_progress()
            report(success(source, prepared, language), as_json=options.json)
    return 1 if failures else 0


INTERRUPTED = 130  # what a shell reports of a program ended by Ctrl-C

HEADINGS = {
    "vi": f"{'Tệp':<32} {'Dài (s)':>9} {'LUFS':>16} {'Đỉnh (dBTP)':>12}",
    "en": f"{'File':<32} {'Length (s)':>9} {'LUFS':>16} {'Peak (dBTP)':>12}",
}


def command_name() -> str:
    """`loa-audio` where it is installed, `./loa audio` in a checkout."""
    return "loa-audio" if Path(sys.argv[0]).name == "loa-audio" else "./loa audio"


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=command_name(),
        description=f"Prepare recordings for broadcast: {TARGET_LUFS:g} LUFS, true peak at most "
        f"{PEAK_LIMIT_DBTP:g} dBTP, 48 kHz mono Opus named by its SHA-256. The originals are only read.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="anything with sound in it")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="DIR", help="folder for the recordings"
    )
    parser.add_argument(
        "--limit-min", type=positive, default=LIMIT_S / 60, help="refuse what is longer, in minutes"
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object per file instead of a table"
    )
    return parser


def positive(text: str) -> float:
    value = float(text)
    if not 0 < value < 24 * 60:
        raise argparse.ArgumentTypeError(f"wanted minutes between 0 and 1440, found {text}")
    return value


def language_of(environment: "os._Environ[str] | dict[str, str]") -> str:
    """Vietnamese where the locale says so, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "vi" if environment[name].startswith("vi") else "en"
    return "en"


def progress_for(source: Path) -> Progress | None:
    """A line on the terminal that is written over; nothing when standard error is no terminal."""
    if not sys.stderr.isatty():
        return None
    return lambda share: print(
        f"\r{source.name[:60]} {share:4.0%}\033[K\r", end="", file=sys.stderr, flush=True
    )


def clear_progress() -> None:
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def success(source: Path, prepared: Prepared, language: str) -> dict[str, Any]:
    facts = asdict(prepared)
    facts["path"] = str(prepared.path)
    facts["warnings"] = [
        {"code": each.code, "facts": each.facts, "says": say(each.code, each.facts, language)}
        for each in prepared.warnings
    ]
    return {"file": str(source), "state": "ready", **facts}


def failure(source: Path, error: Exception, language: str) -> dict[str, Any]:
    if isinstance(error, Refused):
        return {
            "file": str(source),
            "state": "refused",
            "reason": {
                "code": error.code,
                "facts": dict(error.facts),
                "says": say(error.code, error.facts, language),
            },
        }
    return {
        "file": str(source),
        "state": "failed",
        "reason": {"code": "failed", "facts": {}, "says": str(error)},
    }


def report(row: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(row, ensure_ascii=False))
        return
    name = Path(row["file"]).name
    if row["state"] != "ready":
        print(f"{name:<32} ✗ {row['reason']['says']}")
        return
    before, after = row["before"], row["after"]
    loudness = f"{before['integrated_lufs']:.1f} → {after['integrated_lufs']:.1f}"
    print(f"{name:<32} {row['duration_ms'] / 1000:>9.1f} {loudness:>16} {after['true_peak_dbtp']:>12.1f}")
    for warning in row["warnings"]:
        print(f"  ! {warning['says']}")


if __name__ == "__main__":
    sys.exit(main())
