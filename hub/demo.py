"""`loa demo`: hub, broker and a virtual village on this machine; `cut` and `join` a node's network, `press` a
counter's button, change its `camera`.

Each node is its own process, the same program as on a Pi, behind its own stretch of network.
"""

import argparse
import errno
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from hub.demo_actions import ACTIONS, Actions
from hub.demo_control import Control, Question, ask
from hub.demo_run import Processes, wait_until_ready
from hub.demo_village import COUNTERS, HOST, NODES, SPEAKERS, Village
from hub.errors import HubError, Unavailable
from hub.files import held, write_private
from hub.relay import Relays

__all__ = ["main"]

_DEFAULT_DATA = Path(__file__).resolve().parent.parent / "demo-data"
_DEFAULT_PORT = 8080


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns 0, or 1 with a sentence on standard error."""
    arguments = _parse(argv)
    os.umask(0o077)
    try:
        if arguments.action is None:
            return _run(arguments.data, arguments.port)
        done, text = ask(arguments.data, Question(arguments.action, arguments.node, arguments.value or ""))
    except (HubError, OSError) as error:
        print(f"loa demo: {error}", file=sys.stderr)
        return 1
    print(f"loa demo: {text}", file=sys.stdout if done else sys.stderr)
    return 0 if done else 1


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./loa demo", description="A hub and a virtual village on this machine."
    )
    parser.add_argument(
        "action", nargs="?", choices=[*ACTIONS], help="what to do to a node of the demo that runs"
    )
    parser.add_argument("node", nargs="?", help=f"one of {', '.join(NODES)}")
    parser.add_argument("value", nargs="?", help=f"press: {ACTIONS['press']}; camera: {ACTIONS['camera']}")
    parser.add_argument(
        "--port", type=_port, default=_DEFAULT_PORT, help=f"of the pages; default: {_DEFAULT_PORT}"
    )
    parser.add_argument("--data", type=Path, default=_DEFAULT_DATA, metavar="DIR", help="default: demo-data")
    arguments = parser.parse_args(argv)
    if arguments.action is not None and arguments.node is None:
        parser.error(f"{arguments.action} needs a node: one of {', '.join(NODES)}")
    if arguments.action is not None and ACTIONS[arguments.action] and arguments.value is None:
        parser.error(f"{arguments.action} needs {ACTIONS[arguments.action]}")
    return arguments


def _port(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"wanted a port from 1 to 65535; found {text!r}")


def _run(folder: Path, port: int) -> int:
    began_s = time.monotonic()
    told = _Told()
    with ExitStack() as stack:
        stack.enter_context(_only_demo_on(folder))
        _must_be_free(port)
        published = folder / "demo.json"
        published.unlink(missing_ok=True)
        village = Village(folder, port=port)
        relays = Relays(village.lines())
        stack.callback(relays.stop)
        relays.start()
        processes = Processes(village)
        control = Control(folder, Actions(village=village, relays=relays, cameras=processes.cameras))
        stack.callback(control.stop)
        control.start()
        stack.callback(processes.stop)
        processes.start()
        if not wait_until_ready(village, give_up=told.stop):
            return 0 if told.stop.is_set() else 1
        stack.callback(lambda: published.unlink(missing_ok=True))
        processes.start_cameras()
        write_private(published, _credentials(village))
        _greet(village, seconds=time.monotonic() - began_s)
        told.stop.wait()
        print("loa demo: stopping", flush=True)
    return 0


class _Told:
    """Ctrl-C, a closed terminal or a polite kill: each asks for an end in order."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stop.set())


@contextmanager
def _only_demo_on(folder: Path) -> Iterator[None]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = f"a demo is already running on {folder}; stop it with Ctrl-C there, or choose another --data"
    with held(folder / "demo.lock", Unavailable(text)):
        yield


def _must_be_free(port: int) -> None:
    try:
        socket.create_server((HOST, port)).close()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise Unavailable(f"port {port} is taken by another program; choose another with --port") from error


def _credentials(village: Village) -> str:
    content = {
        "url": village.url,
        "user": village.user,
        "password": village.password,
        "token": village.token,
    }
    return json.dumps(content, indent=2) + "\n"


def _greet(village: Village, *, seconds: float) -> None:
    counter = next(iter(COUNTERS))
    print(
        f"""
  Loa demo is ready ({seconds:.1f} s)

    address   {village.url}
    user      {village.user}
    password  {village.password}

  Loudspeakers: {", ".join(SPEAKERS)}. {_hours(village.quiet)}
  Cut one off:  ./loa demo cut {next(iter(SPEAKERS))}       Stop: Ctrl-C

  Counter:      {counter}, touch page {village.touch_url(counter)}
  Press:        ./loa demo press {counter} 4       Its camera: ./loa demo camera {counter} dark
""",
        flush=True,
    )


def _hours(quiet: Sequence[tuple[str, str]]) -> str:
    if not quiet:
        return "This village may sound at every hour."
    return f"Quiet hours here: {', '.join(f'{start}-{end}' for start, end in quiet)}."


if __name__ == "__main__":
    sys.exit(main())
