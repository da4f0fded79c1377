"""A site to back up."""

from pathlib import Path

import pytest

from hub.backup.make import back_up
from hub.config import HubSettings
from tests.factories_backup import NOW, new_site


@pytest.fixture
def site(tmp_path: Path) -> HubSettings:
    return new_site(tmp_path / "site")


@pytest.fixture
def backup(site: HubSettings, tmp_path: Path) -> Path:
    return back_up(site, tmp_path / "b.tar", now=NOW).file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "new"
    folder.mkdir()
    return folder
