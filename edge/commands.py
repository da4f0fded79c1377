"""What a technician, or Ansible for one, has done on a node besides running it: its papers, and silence."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from edge.command_name import where_installed
from edge.config import load_amplifier
from edge.enrolment import ask
from edge.errors import IdentityError
from edge.papers import INSTALLED, SETTINGS, Requested, install, is_installed, request
from edge.speaker.build import make_amplifier
from edge.wire.errors import BadMessage
from edge.wire.papers import Code, Papers

__all__ = ["add_commands", "add_config", "next_steps"]

_FOLDER = f"the settings' folder; an installed program knows it: {INSTALLED}"
_CONFIG = f"the node's settings; an installed program knows them: {INSTALLED / SETTINGS}"
_PAPERS = "a JSON file of papers; without it, they are read from standard input"
_LOCAL = "a TOML file of sections of this machine, which becomes local.toml in the folder, if it holds"


def add_commands(programs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands; each puts what runs it under `command`, which raises `EdgeError` or OSError."""
    folder = where_installed(INSTALLED)
    asking = _command(
        programs, "request", "make a key if there is none, and print a request to be signed", _request
    )
    installing = _command(programs, "install", "put the papers of the hub in place", _install)
    enrolling = _command(programs, "enroll", "make this machine a node, with a code of the hub", _enroll)
    enrolling.add_argument("url", help="the hub's address for nodes, such as https://192.168.50.10:8443")
    enrolling.add_argument("code", type=_code, help="the one-time code that `loa-hub enroll` printed")
    for command in (asking, installing, enrolling):
        command.add_argument("--folder", type=Path, default=folder, required=folder is None, help=_FOLDER)
    for command in (installing, enrolling):
        command.add_argument("--local", type=Path, help=_LOCAL)
    installing.add_argument("--papers", type=Path, help=_PAPERS)
    silencing = _command(programs, "off", "take the amplifier's power and end", _off)
    add_config(silencing)


def add_config(command: argparse.ArgumentParser) -> None:
    """Let a command be told, in a checkout it must be, where the node's settings are."""
    file = where_installed(INSTALLED / SETTINGS)
    command.add_argument("--config", type=Path, default=file, required=file is None, help=_CONFIG)


def _command(
    programs: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    purpose: str,
    run: Callable[[argparse.Namespace], None],
) -> argparse.ArgumentParser:
    command = programs.add_parser(name, help=purpose)
    command.set_defaults(command=run)
    return command


def _code(text: str) -> Code:
    try:
        return Code.read(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _request(arguments: argparse.Namespace) -> None:
    print(_requested(arguments.folder).request, end="")


def _install(arguments: argparse.Namespace) -> None:
    raw = sys.stdin.buffer.read() if arguments.papers is None else arguments.papers.read_bytes()
    try:
        papers = Papers.decode(raw)
    except BadMessage as error:
        raise IdentityError(f"wanted papers as `loa-hub enroll` prints them; found {error}") from error
    installed = install(arguments.folder, papers, local=arguments.local)
    print(json.dumps({"changed": installed.changed, "node": installed.node}))


def _enroll(arguments: argparse.Namespace) -> None:
    requested = _requested(arguments.folder)
    papers = ask(arguments.url, arguments.code, requested.request)
    installed = install(arguments.folder, papers, local=arguments.local)
    settings = arguments.folder / SETTINGS
    print(f"This machine is {installed.node} now. Its settings: {settings}")
    print(next_steps(settings, installed.kind))


def next_steps(settings: Path, kind: str) -> str:
    """What to type after enrolment: on an installed system, or in a checkout."""
    if is_installed(settings.parent):
        return f"Next: sudo loa-node check --config {settings}, then: sudo systemctl restart loa-{kind}"
    return f"Next: ./loa node check --config {settings}, then: ./loa node {kind} --config {settings}"


def _off(arguments: argparse.Namespace) -> None:
    make_amplifier(load_amplifier(arguments.config)).close()


def _requested(folder: Path) -> Requested:
    requested = request(folder)
    if requested.key.aside is not None:
        print(
            f"The key could not be read. It is kept as {requested.key.aside}; a new one was made.",
            file=sys.stderr,
        )
    return requested
