"""The one site that these tests share; making it takes minutes and root."""

import os
import signal
from collections.abc import Iterator

import pytest

from tests.system.deploy.site_rig import Site, installed_site

__all__ = ["site"]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Hub, loudspeaker and counter, installed by the playbooks and booted."""
    if os.geteuid() != 0:
        pytest.skip("trees, mounts and containers need root")
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends us, all is put away
    try:
        with installed_site(tmp_path_factory.mktemp("site")) as made:
            yield made
    finally:
        signal.signal(signal.SIGTERM, before)
