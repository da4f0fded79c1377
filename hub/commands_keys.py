"""`loa hub rekey`, `recovery-key`: new keys for a site whose keys were stolen, and the paper that vouches for
them."""

from collections.abc import Callable

from hub.arguments import Arguments
from hub.command_name import command_name
from hub.config import HubSettings, load_settings
from hub.desk import Desk, only_hub_on, utc_now
from hub.errors import Conflict, Invalid, Problem
from hub.paper_key import PaperKey
from hub.recovery import Recovery, keep, kept, next_number
from hub.rekey import finish, new_keys, put_in_place
from hub.store import audit

__all__ = ["DESK_COMMANDS", "KEY_COMMANDS"]

_AFTER_REKEY = """\
next      start the hub: systemctl start loa-hub. Then deploy every device again, or
          enrol it again by hand with --again: until then it obeys the old key only, plays the plan that it
          has, and cannot speak to the hub. Computers that trust the site import its certificate anew."""

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
        if finish(settings.data):
            print("finished  the change of keys that was cut off; the site has new ones")
        else:
            now = utc_now()
            aside = put_in_place(settings.data, new_keys(settings, now=now), now=now)
            print(f"set aside {aside}: the keys until now; delete it once every device obeys again")
    print(_AFTER_REKEY)


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
