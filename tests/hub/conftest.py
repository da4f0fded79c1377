"""Parts of a hub that need no broker: a store, a clock, people, a library, bulletins."""

import os
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from shutil import copytree

import pytest

from hub.__main__ import main
from hub.bulletins import Bulletins
from hub.events import Events
from hub.library import Library
from hub.people.people import People
from hub.store.database import Store
from tests.factories_certification import Desk
from tests.factories_hub import Village
from tests.factories_people import Clock, cheap_passwords
from tests.fakes_audio import FakePrepare


@pytest.fixture
def umask() -> Iterator[None]:
    """As a person's shell has it; a command changes it."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(scope="session")
def made_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a new site, which nobody changes."""
    folder, before = tmp_path_factory.mktemp("made") / "site", os.umask(0o022)
    with redirect_stdout(None):
        assert main(["init", str(folder), "--site", "xa-mau", "--name", "Xã mẫu"]) == 0
    os.umask(before)
    return folder


@pytest.fixture
def site(made_site: Path, tmp_path: Path) -> list[str]:
    """A new site in `site`; what every other command needs to find it."""
    copytree(made_site, tmp_path / "site")
    return ["--config", str(tmp_path / "site" / "hub.toml")]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "hub.db")
    yield store
    store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people(store: Store, clock: Clock) -> People:
    return People(store=store, passwords=cheap_passwords(), now=clock)


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture
def prepare() -> FakePrepare:
    return FakePrepare()


@pytest.fixture
def library(store: Store, tmp_path: Path, events: Events, clock: Clock, prepare: FakePrepare) -> Library:
    return Library(
        store=store,
        folder=tmp_path,
        events=events,
        now=clock,
        prepare=prepare,
        limit_bytes=1000,
        reserve_bytes=0,
    )


@pytest.fixture
def bulletins(store: Store, events: Events, clock: Clock) -> Bulletins:
    return Bulletins(store=store, events=events, now=clock)


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """Loudspeakers in two areas, and the services that plan for them and hear them."""
    village = Village(tmp_path / "village.db")
    yield village
    village.close()


@pytest.fixture
def desk(store: Store, clock: Clock) -> Desk:
    return Desk(store, clock)
