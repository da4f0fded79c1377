"""A site to back up."""

from pathlib import Path

import pytest

from hub.config import HubSettings
from tests.factories_backup import new_site


@pytest.fixture
def site(tmp_path: Path) -> HubSettings:
    return new_site(tmp_path / "site")
