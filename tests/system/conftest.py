"""What the tests of the whole share: real servers, most of them started once for the run."""

from collections.abc import Iterator

import pytest

from tests.system.broker_rig import broker_rig, one_broker
from tests.system.browser import browser
from tests.system.media_rig import media_server
from tests.system.sound_rig import sound_server
from tests.system.tls_rig import tls_broker
from tests.system.village import Village, running_village

__all__ = ["broker_rig", "browser", "media_server", "one_broker", "sound_server", "tls_broker", "village"]


@pytest.fixture(scope="session")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Village]:
    """Hub, mosquitto and three loudspeakers."""
    with running_village(tmp_path_factory.mktemp("village")) as running:
        yield running
