"""`loa hub rekey`, `recovery-key`: new keys for a site whose keys were stolen, and the paper that vouches for
them."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from edge.wire.signing import SigningKey
from hub.arguments import Arguments
from hub.backup.restore import check_whole
from hub.command_name import command_name
from hub.config import HubSettings, load_settings
from hub.desk import Desk, check_file, only_hub_on, utc_now
from hub.errors import Conflict, Invalid, Problem, Unavailable
from hub.paper_key import PaperKey
from hub.recovery import FILE as RECOVERY
from hub.recovery import Recovery, keep, kept, next_number
from hub.rekey import check_site, finish, new_keys, put_in_place
from hub.store import audit, certificates, codes
from hub.store.database import Database, Store
from hub.store.reserve import Reserve
from hub.succession import FILE as SUCCESSION
from hub.succession import signed, succession

__all__ = ["DESK_COMMANDS", "KEY_COMMANDS"]

_AFTER_REKEY = """\
next      start the hub: systemctl start loa-hub. Then deploy every device again, or
          enrol it again by hand with --again: until then it obeys the old key only, plays the plan that it
          has, and cannot speak to the hub. Computers that trust the site import its certificate anew."""

_AFTER_SUCCESSION = """\
next      start the hub: systemctl start loa-hub. Every device that knows the recovery key takes the
          new keys by itself, within minutes, and comes back; those that do not are deployed again, or
          enrolled by hand with --again. Put the paper back into its envelope. Computers that trust the
          site import its certificate anew."""

_AFTER_UNKNOWN = """\
next      start the hub: systemctl start loa-hub. It knows no device, so it asks none to take the new keys:
          they would fall silent, and it could not take them back. They play the plan that they have; deploy
          every device, or enrol it by hand. Put the paper back into its envelope; it stays the right one.
          Computers that trust the site import its certificate anew."""

_BACK_UP = """\
          Make a backup then: those until now bring the old keys back."""

_WHO_COMES_BACK = """\
Devices that this hub knows come back by themselves: {devices}. Any other that knows the recovery key, as one
enrolled after the backup, takes the new keys too, and is silent until it is deployed."""

_OTHER_PAPER = """\
wanted the recovery key number {wanted}; found {found}, which is of another site, was replaced, or is newer \
than the backup that this hub was restored from. Nothing was changed. If devices were last deployed with \
{found}, they believe it alone: {command} rekey --recovery --other-paper"""

_LONGEST_LINE = 1000

_PAPER = """\
recovery key of {site} ({title}), made on {made:%Y-%m-%d}, number {id}

    {first}
    {second}

It is shown once and kept nowhere. Write it on paper, or print it, and compare each group; put the paper into
an envelope, seal it, and lock it up in a safe, not beside the hub or its backups: whoever has the paper can
give the site other keys. It is needed when the hub's keys were stolen.
next      deploy every device: only then it knows this key."""


def _rekey(arguments: Arguments) -> None:
    settings = load_settings(arguments.config)
    with only_hub_on(settings.data):
        check_whole(settings.data)
        is_finished = finish(settings.data)
        if is_finished:
            print("finished  the change of keys that was cut off; the site has new ones")
        else:
            aside = _change(settings, arguments)
            print(f"set aside {aside}: the keys until now; delete it once every device obeys again")
    if succession(settings.data) is not None:
        print(_AFTER_SUCCESSION)
    else:
        print(_AFTER_UNKNOWN if arguments.recovery and not is_finished else _AFTER_REKEY)
    print(_BACK_UP)


def _change(settings: HubSettings, arguments: Arguments) -> Path:
    """Put new keys in the place of those until now; where these are kept. Codes that let devices in may be
    stolen like the keys, and count no more."""
    check_site(settings.data)
    check_file(settings)
    with _site_file(settings) as store:
        paper, devices = None, _devices(store)
        if arguments.recovery:
            paper = _typed(settings, devices=devices, may_differ=arguments.other_paper)
        made = _made(settings, paper, is_told=devices > 0)
        store.write(lambda db: _note(db, settings))
    return put_in_place(settings.data, made, now=utc_now())


@contextmanager
def _site_file(settings: HubSettings) -> Iterator[Store]:
    file = settings.data / "hub.db"
    store = Store(file, reserve=Reserve(file))
    try:
        yield store
    finally:
        store.close()


def _devices(store: Store) -> int:
    """How many have a certificate in force, by whose key they are known and come back."""
    now = utc_now()
    return sum(each.expires_at > now for each in certificates.current(store.read()).values())


def _note(db: Database, settings: HubSettings) -> None:
    codes.drop_all(db)
    audit.record(db, at=utc_now(), actor=None, action="site.rekey", what=f"site:{settings.site.id}")


def _made(settings: HubSettings, paper: SigningKey | None, *, is_told: bool) -> dict[str, str]:
    """New key files; with the succession to them only if devices are to be told of them."""
    now = utc_now()
    made = new_keys(settings, now=now)
    if paper is None:
        return made
    known = kept(settings.data)
    number = next_number(known, now=now)
    is_same = known is not None and known.public == paper.public()
    made_at = known.made_at if known is not None and is_same else now
    recovery = Recovery(public=paper.public(), id=paper.key_id, number=number, made_at=made_at)
    made[RECOVERY] = recovery.text()
    if is_told:
        made[SUCCESSION] = signed(made, by=paper, site=settings.site.id, number=number)
    return made


def _typed(settings: HubSettings, *, devices: int, may_differ: bool) -> SigningKey:
    """The recovery key, as a person types it from the paper."""
    if settings.tls is None:
        raise Invalid(Problem("tls_off"))
    known = None if may_differ else kept(settings.data)
    which = f" number {known.short_id}" if known else ""
    if devices:
        print(_WHO_COMES_BACK.format(devices=devices), file=sys.stderr)
    print(f"Type the recovery key{which} from its paper, eight groups, then Enter:", file=sys.stderr)
    try:
        key = PaperKey.read(_lines()).signing_key()
    except ValueError as error:
        raise Unavailable(f"{error}. Nothing was changed: run it again") from error
    if known is not None and known.public != key.public():
        raise Unavailable(
            _OTHER_PAPER.format(wanted=known.short_id, found=key.key_id[:8], command=command_name())
        )
    return key


def _lines() -> str:
    """What is typed, on as many lines as on the paper; an empty one ends it."""
    typed = ""
    while len(PaperKey.letters_in(typed)) < PaperKey.LETTERS and (line := sys.stdin.readline(_LONGEST_LINE)):
        if not line.strip():
            break
        typed += line
    return typed


def _recovery_key(arguments: Arguments, settings: HubSettings, desk: Desk) -> None:
    if settings.tls is None:
        raise Invalid(Problem("tls_off"))
    known, now = kept(settings.data), utc_now()
    if known is not None and not arguments.again:
        facts = {
            "id": known.short_id,
            "at": known.made_at,
            "command": f"{command_name()} recovery-key --again",
        }
        raise Conflict(Problem("recovery_key_exists", facts=facts))
    paper = PaperKey.generate()
    key = paper.signing_key()
    made = Recovery(public=key.public(), id=key.key_id, number=next_number(known, now=now), made_at=now)
    keep(settings.data, made)
    desk.store.write(
        lambda db: audit.record(
            db,
            at=now,
            actor=None,
            action="site.recovery_key",
            what=f"site:{settings.site.id} {made.short_id}",
        )
    )
    groups = str(paper).split()
    print(
        _PAPER.format(
            site=settings.site.id,
            title=settings.site.name,
            made=now.astimezone(),
            id=made.short_id,
            first="   ".join(groups[:4]),
            second="   ".join(groups[4:]),
        )
    )


KEY_COMMANDS: dict[str, Callable[[Arguments], None]] = {"rekey": _rekey}
"""These open no desk, which would make keys."""

DESK_COMMANDS: dict[str, Callable[[Arguments, HubSettings, Desk], None]] = {"recovery-key": _recovery_key}
