"""The site's key is made once, kept from others, and never replaced by a new one."""

import stat
from pathlib import Path

import pytest

from hub.errors import Unavailable
from hub.keys import load_or_make


def test_the_key_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "site.key"
    assert load_or_make(path).public() == load_or_make(path).public()


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    load_or_make(tmp_path / "site.key")
    assert stat.S_IMODE((tmp_path / "site.key").stat().st_mode) == 0o600


def test_nothing_but_the_key_is_left_beside_it(tmp_path: Path) -> None:
    load_or_make(tmp_path / "site.key")
    assert [path.name for path in tmp_path.iterdir()] == ["site.key"]


@pytest.mark.parametrize("content", ["", "{}", '{"kty":"oct","k":"AA"}', "\x00"])
def test_a_damaged_key_is_reported_and_left_as_it_is(tmp_path: Path, content: str) -> None:
    path = tmp_path / "site.key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(Unavailable, match="backup"):
        load_or_make(path)
    assert path.read_text() == content


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "site.key"
    load_or_make(path)
    path.chmod(0o640)
    with pytest.raises(Unavailable, match="chmod 600"):
        load_or_make(path)
