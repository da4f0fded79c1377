"""What `loa hub` does besides serving. Each command may run beside a running hub on the same data folder.

A running hub sees new nodes and areas in its file within seconds, and lets its broker read them.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import EACCES

from edge.wire.told import told
from hub import words
from hub.areas_file import areas_in
from hub.arguments import Arguments
from hub.command_name import command_name
from hub.commands_backup import BACKUP_COMMANDS
from hub.commands_keys import DESK_COMMANDS, KEY_COMMANDS
from hub.commands_nodes import NODE_COMMANDS
from hub.config import HubSettings, WrongSettings, load_settings
from hub.desk import Desk, open_desk
from hub.enroll import write_hub_settings
from hub.errors import NotFound, Problem, Refused, Unavailable
from hub.people.roles import Role
from hub.store import areas, people
from hub.store.alive import StoreError, is_shut

__all__ = ["run_command"]


def run_command(arguments: Arguments) -> int:
    """Do what was asked; 1 and every reason on standard error when it is refused."""
    try:
        if arguments.command == "init":
            _init(arguments)
            return 0
        if alone := (BACKUP_COMMANDS | KEY_COMMANDS).get(arguments.command):
            alone(arguments)
            return 0
        settings = load_settings(arguments.config)
        with _no_right_explained(settings), open_desk(settings) as desk:
            _COMMANDS[arguments.command](arguments, settings, desk)
    except Refused as error:
        for problem in error.problems:
            print(words.say(problem.code, problem.facts, "en"), file=sys.stderr)
        return 1
    return 0


@contextmanager
def _no_right_explained(settings: HubSettings) -> Iterator[None]:
    """SQLite names neither the file nor whose it is."""
    try:
        yield
    except StoreError as error:
        if not is_shut(error):
            raise
        reason = PermissionError(EACCES, str(error).capitalize(), str(settings.data / "hub.db"))
        raise Unavailable(told(reason)) from error


def _init(arguments: Arguments) -> None:
    file = arguments.folder / "hub.toml"
    if file.exists():
        raise Unavailable(f"{file} is there already: this folder holds a site")
    arguments.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_hub_settings(file, {"site": {"id": arguments.site, "name": arguments.name}})
    try:
        settings = load_settings(file)
    except WrongSettings:
        file.unlink()
        raise
    with open_desk(settings, is_new=True) as desk:
        created = desk.people.create(
            None, login=arguments.login, name=arguments.login, roles=[Role.ADMINISTRATOR]
        )
    print(f"site      {settings.site.id} ({settings.site.name}) in {arguments.folder}")
    print(f"settings  {file}")
    print(f"key       {settings.data / 'site-key.json'}: back it up; nodes obey nothing else")
    print(f"log-in    {created.person.login}")
    print(f"password  {created.password}   (shown once)")
    print(f"next      {command_name()} serve --config {file}")


def _user_add(arguments: Arguments, _settings: HubSettings, desk: Desk) -> None:
    created = desk.people.create(None, login=arguments.login, name=arguments.name, roles=arguments.roles)
    print(f"log-in    {created.person.login}")
    print(f"password  {created.password}   (shown once)")


def _user_reset(arguments: Arguments, _settings: HubSettings, desk: Desk) -> None:
    known = people.account_of_login(desk.store.read(), arguments.login)
    if known is None:
        raise NotFound(Problem("user_unknown", facts={"id": arguments.login}))
    password = desk.people.reset_password(None, known.person.id)
    print(f"log-in    {known.person.login}")
    print(f"password  {password}   (shown once; open sessions have ended)")


def _user_list(_arguments: Arguments, _settings: HubSettings, desk: Desk) -> None:
    for account in people.accounts(desk.store.read()):
        roles = ", ".join(sorted(account.person.roles))
        state = "" if account.active else "   (closed)"
        print(f"{account.person.login:<20} {account.person.name}   {roles}{state}")


def _area_add(arguments: Arguments, _settings: HubSettings, desk: Desk) -> None:
    desk.enrolment.add_area(None, id_=arguments.id, name=arguments.name, parent=arguments.parent)
    print(f"area      {arguments.id} ({arguments.name})")


def _area_add_all(arguments: Arguments, _settings: HubSettings, desk: Desk) -> None:
    for area in desk.enrolment.add_areas(None, areas_in(arguments.file)):
        print(f"area      {area.id} ({area.name})")


def _area_list(_arguments: Arguments, _settings: HubSettings, desk: Desk) -> None:
    found = areas.areas(desk.store.read())
    if not found:
        print(f"there are no areas yet: {command_name()} area add", file=sys.stderr)
    for area in found:
        print(f"{area.id:<20} {area.name}" + (f"   in {area.parent}" if area.parent else ""))


_COMMANDS: dict[str, Callable[[Arguments, HubSettings, Desk], None]] = {
    "user add": _user_add,
    "user reset": _user_reset,
    "user list": _user_list,
    "area add": _area_add,
    "area add-all": _area_add_all,
    "area list": _area_list,
    **NODE_COMMANDS,
    **DESK_COMMANDS,
}
