"""What the tests of the whole share: real servers, most of them started once for the run."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.broker_rig import broker_rig, one_broker
from tests.system.browser import browser
from tests.system.media_rig import media_server
from tests.system.sound_rig import sound_server
from tests.system.tls_rig import tls_broker
from tests.system.village import Village, running_village

__all__ = ["broker_rig", "browser", "media_server", "one_broker", "sound_server", "tls_broker", "village"]

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what runs in the village, so that it can run beside the rest."""
    for item in items:
        if item.path.is_relative_to(HERE) and "village" in getattr(item, "fixturenames", ()):
            item.add_marker("village")


@pytest.fixture(scope="session")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Village]:
    """Hub, mosquitto and three loudspeakers."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends us, all is put away
    try:
        with running_village(tmp_path_factory.mktemp("village")) as running:
            yield running
    finally:
        signal.signal(signal.SIGTERM, before)
