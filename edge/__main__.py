"""The programs of a node: `speaker` and `counter` run one, `check` says what is wrong with it, `request`,
`install`, `enroll` and `off` are in `edge.commands`."""

import argparse
import logging
import signal
import sys
import threading
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import FrameType

from edge.check import check_node
from edge.command_name import command_name
from edge.commands import add_commands, add_config
from edge.config import ConfigError, NodeSettings, load_settings
from edge.counter.build import run_counter
from edge.errors import EdgeError
from edge.events import Quit
from edge.files import finish_writing
from edge.loop import GaveUp, Loop
from edge.service import Service
from edge.speaker.build import run_speaker
from edge.wire.told import told

__all__ = ["main"]

OK, WRONG, BAD_SETTINGS = 0, 1, 2


def main(argv: list[str] | None = None) -> int:
    """Run the program that `argv` names; returns 0, 1 (something is wrong) or 2 (bad settings)."""
    arguments = _parser().parse_args(argv)
    try:
        if "command" in arguments:
            arguments.command(arguments)
            return OK
        finish_writing(arguments.config.parent)
        settings = load_settings(arguments.config)
    except ConfigError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        return BAD_SETTINGS
    except (EdgeError, OSError) as error:
        print(f"{command_name()}: {_told(error)}", file=sys.stderr)
        return WRONG
    if arguments.program == "check":
        return OK if check_node(settings, say=print) else WRONG
    return _run(arguments.program, settings, arguments.config, verbose=arguments.verbose)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=command_name(), description="A node of Loa.")
    programs = parser.add_subparsers(dest="program", required=True)
    for name, purpose in (
        ("speaker", "run a loudspeaker"),
        ("counter", "run a counter's buttons, touch page and cameras"),
        ("check", "say what works and what does not"),
    ):
        program = programs.add_parser(name, help=purpose)
        add_config(program)
        program.add_argument("--verbose", action="store_true", help="log more")
    add_commands(programs)
    return parser


def _run(program: str, settings: NodeSettings, path: Path, *, verbose: bool) -> int:
    if settings.node.kind != program:
        print(f'{path}: [node] kind: wanted "{program}"; found "{settings.node.kind}"', file=sys.stderr)
        return BAD_SETTINGS
    _log_to_stderr(verbose=verbose)
    loop = Loop(service=Service())
    _end_on_signals(loop)
    try:
        run = run_speaker if program == "speaker" else run_counter
        run(settings, loop=loop, software=_software())
    except (EdgeError, GaveUp, OSError) as error:
        print(f"{command_name()}: {_told(error)}", file=sys.stderr)
        return WRONG
    return OK


def _told(error: Exception) -> str:
    return told(error) if isinstance(error, OSError) else str(error)


def _end_on_signals(loop: Loop) -> None:
    def end(number: int, _frame: FrameType | None) -> None:
        loop.post(Quit(signal.Signals(number).name))

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)


def _log_to_stderr(*, verbose: bool) -> None:
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.DEBUG if verbose else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    for chatty in ("httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    threading.excepthook = _log_death


def _log_death(death: threading.ExceptHookArgs) -> None:
    name = death.thread.name if death.thread is not None else "a thread"
    error = death.exc_value
    logging.getLogger("edge").critical(
        "%s died", name, exc_info=(death.exc_type, error, death.exc_traceback) if error else None
    )


def _software() -> str:
    try:
        return f"loa {version('loa')}"
    except PackageNotFoundError:
        return "loa (checkout)"


if __name__ == "__main__":
    sys.exit(main())
