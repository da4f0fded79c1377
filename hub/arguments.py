"""What can be asked of `loa hub` on the command line."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from hub.command_name import command_name, usual_settings
from hub.people.roles import Role

__all__ = ["Arguments", "parse"]


class Arguments(argparse.Namespace):
    """The arguments of one call; which are set depends on `command`."""

    command: str
    config: Path
    folder: Path
    site: str
    name: str
    login: str
    roles: list[str]
    id: str
    parent: str | None
    kind: Literal["speaker", "counter"]
    area: str
    out: Path | None
    request: str | None
    output: Literal["device", "file"]
    clock: Literal["chrony", "timesyncd", "assume"]
    pins: Literal["lgpio", "mock", "none"]
    again: bool
    recovery: bool
    other_paper: bool
    new_card: bool
    json: bool
    file: Path
    replace: bool
    broker_host: str | None
    broker_port: int | None
    url: str | None


def parse(argv: Sequence[str] | None = None) -> Arguments:
    """Read the command line; exits with code 2 and a sentence when it cannot be understood."""
    parser = argparse.ArgumentParser(prog=command_name(), description="The hub in the ward office.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_serve(commands)
    _add_init(commands)
    _add_user(commands)
    _add_area(commands)
    _add_nodes(commands)
    _add_backup(commands)
    return parser.parse_args(argv, namespace=Arguments())


_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _command(commands: _Commands, name: str, text: str, *, config: bool = True) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    if config:
        usual = usual_settings()
        parser.add_argument("--config", type=Path, default=usual, metavar="FILE", help=f"default: {usual}")
    return parser


def _add_serve(commands: _Commands) -> None:
    _command(commands, "serve", "Serve the pages, the API and the broker until told to stop.")


def _add_init(commands: _Commands) -> None:
    parser = _command(
        commands, "init", "Make a site: settings, signing key, first administrator.", config=False
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="a new or empty folder")
    parser.add_argument("--site", required=True, metavar="NAME", help="its name in topics: a-z, 0-9 and -")
    parser.add_argument(
        "--name", required=True, metavar="TITLE", help="its name on pages, such as 'Xã Hoà Bình'"
    )
    parser.add_argument(
        "--login", default="admin", help="the first administrator's log-in name; default: admin"
    )


def _add_user(commands: _Commands) -> None:
    users = commands.add_parser("user", help="People with accounts.").add_subparsers(
        dest="user_command", required=True, metavar="add|reset|list"
    )
    add = _command(users, "add", "Make an account; its generated password is printed once.")
    add.add_argument("login")
    add.add_argument("--name", required=True, help="the person's name")
    add.add_argument(
        "--roles",
        nargs="+",
        required=True,
        choices=[role.value for role in Role],
        metavar="ROLE",
        help=f"one or more of {', '.join(role.value for role in Role)}",
    )
    add.set_defaults(command="user add")
    reset = _command(users, "reset", "Give a new generated password, printed once.")
    reset.add_argument("login")
    reset.set_defaults(command="user reset")
    _command(users, "list", "Everyone with an account.").set_defaults(command="user list")


def _add_area(commands: _Commands) -> None:
    area = commands.add_parser("area", help="Places under the site.").add_subparsers(
        dest="area_command", required=True, metavar="add|add-all|list"
    )
    add = _command(area, "add", "Add a place.")
    add.add_argument("id", help="its name in topics: a-z, 0-9 and -")
    add.add_argument("--name", required=True, help="its name on pages, such as 'Tổ dân phố 2'")
    add.add_argument("--parent", metavar="ID", help="the area it lies in")
    add.set_defaults(command="area add")
    add_all = _command(area, "add-all", "Add those of many places that are not there yet, or none of them.")
    add_all.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="JSON: a list of id, name and perhaps parent; - for standard input",
    )
    add_all.set_defaults(command="area add-all")
    _command(area, "list", "Every area.").set_defaults(command="area list")


def _add_nodes(commands: _Commands) -> None:
    enroll = _command(
        commands,
        "enroll",
        "Add a node. Prints the papers that answer its signing request (--request), or else a one-time code "
        "to type on the node. On one machine, without [tls]: writes its settings file with its secret (-o).",
    )
    enroll.add_argument("id", metavar="NAME", help="its name in topics: a-z, 0-9 and -")
    enroll.add_argument("--kind", choices=["speaker", "counter"], required=True, help="what it is")
    enroll.add_argument("--area", required=True, metavar="ID", help="the area it hangs from")
    way = enroll.add_mutually_exclusive_group()
    way.add_argument(
        "--request", metavar="FILE", help="the node's signing request (PEM), - for standard input"
    )
    way.add_argument("-o", "--out", type=Path, metavar="FILE", help="the settings file to write")
    enroll.add_argument("--name", default="", metavar="TITLE", help="its name on pages")
    enroll.add_argument(
        "--output", choices=["device", "file"], default="device", help="where a speaker's sound goes"
    )
    enroll.add_argument(
        "--clock",
        choices=["chrony", "timesyncd", "assume"],
        default="chrony",
        help="who vouches for its time; assume: nobody does",
    )
    enroll.add_argument(
        "--pins",
        choices=["lgpio", "mock", "none"],
        default="lgpio",
        help="how its amplifier is switched, or its buttons are read",
    )
    enroll.add_argument(
        "--broker-host", metavar="HOST", help="with -o: as the node reaches it; default: the hub's setting"
    )
    enroll.add_argument("--broker-port", type=int, metavar="PORT", help="with -o: the broker's")
    enroll.add_argument("--url", help="with -o: the hub's address as the node reaches it")
    enroll.add_argument(
        "--again",
        action="store_true",
        help="replace what a node that exists proves itself by, and take one back that was removed",
    )
    enroll.add_argument(
        "--new-card", action="store_true", help="the same, with --request, but for one that was removed"
    )
    remove = _command(commands, "remove", "Take a node out of service; what it played stays in the log.")
    remove.add_argument("id", metavar="NAME")
    listing = _command(commands, "nodes", "Every node in service, and whether it is heard.")
    listing.add_argument("--json", action="store_true", help="one JSON object on each line")


def _add_backup(commands: _Commands) -> None:
    backup = _command(commands, "backup", "Put the whole site into one file, beside a running hub.")
    backup.add_argument(
        "-o",
        "--out",
        type=Path,
        metavar="FILE",
        help="a new file, or a folder to put it in; default: the folder of [backup] and its second place,"
        " where the oldest give way",
    )
    restore = _command(commands, "restore", "Put a backup back into a folder.", config=False)
    restore.add_argument("file", type=Path, metavar="FILE", help="what `backup` made")
    restore.add_argument("folder", type=Path, metavar="DIR", help="a new folder, or one without a site")
    restore.add_argument(
        "--replace", action="store_true", help="set aside, within DIR, the site that is there"
    )
    recovery = _command(
        commands, "recovery-key", "Make the key that alone may replace the site's keys; it is printed once."
    )
    recovery.add_argument(
        "--again", action="store_true", help="make another; the one before is worth nothing"
    )
    rekey = _command(
        commands, "rekey", "Give the site new keys after the old were stolen; the hub must be stopped."
    )
    rekey.add_argument(
        "--recovery",
        action="store_true",
        help="asks for the recovery key, by which nodes take them themselves",
    )
    rekey.add_argument(
        "--other-paper",
        action="store_true",
        help="with --recovery: the paper is newer than what this hub, restored from a backup, knows of it",
    )
