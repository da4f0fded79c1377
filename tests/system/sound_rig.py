"""The fixtures of the sound rig."""

from collections.abc import Iterator

import pytest

from tests.system.rig import SoundServer


@pytest.fixture(scope="session")
def sound_server() -> Iterator[SoundServer]:
    """One sound server for the whole run."""
    server = SoundServer()
    server.start()
    yield server
    server.stop()
