"""What the command line works with, and the running hub stands on: the data folder, opened."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from edge.wire.signing import SigningKey
from hub import keys
from hub.authority import load_or_make
from hub.authority_x509 import Issuer
from hub.backup import places
from hub.backup.restore import check_whole
from hub.certification import Certification
from hub.command_name import command_name
from hub.config import HubSettings
from hub.enroll import Enrolment
from hub.errors import HubError, Unavailable
from hub.files import held
from hub.new_node import Reach, Site
from hub.people.passwords import Passwords
from hub.people.people import People
from hub.recovery import kept
from hub.rekey import check_finished
from hub.store import whole
from hub.store.database import Store
from hub.store.reserve import Reserve
from hub.succession import succession

__all__ = ["AlreadyRunning", "Desk", "check_file", "make_room", "only_hub_on", "open_desk", "utc_now"]


class AlreadyRunning(HubError):
    """Another hub runs on this data folder."""


def utc_now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What the command line needs: the hub's file, its people and enrolment, without broker or threads.

    `issuer` and `certification` are there where [tls] is.
    """

    store: Store
    key: SigningKey
    people: People
    enrolment: Enrolment
    issuer: Issuer | None
    certification: Certification | None


@contextmanager
def open_desk(settings: HubSettings, *, is_new: bool = False) -> Iterator[Desk]:
    """Open the data folder, made if it is not there; beside a running hub too.

    A site key without a file beside it is a site that was lost, but for one that `is_new`. Raises
    `Unavailable` for that, for a damaged file, a site key that cannot be used, a restore or a change of keys
    that was cut off, OSError for a folder that cannot be used.
    """
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    check_whole(settings.data)
    check_finished(settings.data)
    file, key_file = settings.data / "hub.db", settings.data / "site-key.json"
    with _naming_the_way_back(settings):
        if key_file.exists() and not is_new:
            whole.check_there(file)
        store = Store(file, reserve=Reserve(file))  # before the key, so that a key is never there without it
        try:
            key = keys.load_or_make(key_file)
            issuer = _issuer(settings)
            yield Desk(
                issuer=issuer,
                certification=_certification(settings, store, key, issuer),
                store=store,
                key=key,
                people=People(store=store, passwords=Passwords(), now=utc_now),
                enrolment=Enrolment(store=store, site=settings.site.id, public_key=key.public(), now=utc_now),
            )
        finally:
            store.close()


def make_room(settings: HubSettings) -> None:
    """Let a hub begin on a full disk: it opens its file and writes its broker's with room of the reserve.

    Hold the folder.
    """
    Reserve(settings.data / "hub.db").make_room()


def check_file(settings: HubSettings) -> None:
    """Read the hub's file, if there is one, to its end; hold the folder. Raises `Unavailable`, OSError."""
    file = settings.data / "hub.db"
    with _naming_the_way_back(settings):
        if file.exists() and file.stat().st_size > 0:
            whole.check_whole(file)


@contextmanager
def only_hub_on(folder: Path) -> Iterator[None]:
    """Hold the data folder. Raises `AlreadyRunning`, OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with held(folder / "hub.lock", AlreadyRunning(f"a hub is already running on {folder}")):
        yield


@contextmanager
def _naming_the_way_back(settings: HubSettings) -> Iterator[None]:
    try:
        with whole.explaining_damage():
            yield
    except whole.Damaged as error:
        raise Unavailable(_way_back(settings, str(error))) from error


def _way_back(settings: HubSettings, damage: str) -> str:
    folder, backup = shlex.quote(str(settings.data)), places.newest(settings, now=utc_now())
    file = shlex.quote(str(backup)) if backup else "FILE"
    lines = [
        f"{settings.data / 'hub.db'} is damaged: {damage}. It was left as it is, and no hub starts on it: an"
        " empty one would send empty plans. Nodes go on playing the plans that they hold",
        "" if backup else "found no backup in the folders of [backup]; FILE is one from elsewhere",
        f"way back: {command_name()} restore {file} {folder} --replace   (what is there now is kept aside)",
    ]
    return "\n".join(line for line in lines if line)


def _issuer(settings: HubSettings) -> Issuer | None:
    tls = settings.tls
    return load_or_make(settings.data, site=settings.site.id, names=tls.names) if tls else None


def _certification(
    settings: HubSettings, store: Store, key: SigningKey, issuer: Issuer | None
) -> Certification | None:
    tls = settings.tls
    if tls is None or issuer is None:
        return None
    reach = Reach(broker_host=tls.names[0], broker_port=tls.broker_port, url=tls.node_url)
    site = Site(
        id=settings.site.id,
        public_key=key.public(),
        recovery=partial(kept, settings.data),
        succession=partial(succession, settings.data),
    )
    return Certification(store=store, issuer=issuer, site=site, reach=reach, now=utc_now)
