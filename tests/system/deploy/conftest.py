"""The one site that these tests share; making it takes minutes and root."""

import os
import signal
from collections.abc import Iterator

import pytest

from tests.system.deploy.site_rig import Site, installed_site

__all__ = ["site"]


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Hub, loudspeaker and counter, installed by the playbooks and booted."""
    if os.geteuid() != 0:
        pytest.skip("trees, mounts and containers need root")
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends us, all is put away
    try:
        with installed_site(tmp_path_factory.mktemp("site")) as made:
            _tell_times(request.config, made)
            yield made
    finally:
        signal.signal(signal.SIGTERM, before)


def _tell_times(config: pytest.Config, site: Site) -> None:
    """How long it took from blank cards to machines that run, for whoever watches."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    assert reporter is not None
    plays = {f"  {name}": time_s for name, time_s in site.runs[0].plays_s.items() if name}
    for what, time_s in {**site.times_s, **plays}.items():
        reporter.write_line(f"site: {what}: {time_s:.0f} s")
