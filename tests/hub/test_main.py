"""`loa hub serve`, but for what it serves."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

import hub.__main__ as program
from tests.system.village import free_port


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many objects were out of the collector's sight, each time that a hub began to serve."""
    found: list[int] = []

    class Serving:
        def __init__(self, *_: object) -> None:
            pass

        def run(self, *, sockets: object) -> None:
            assert sockets
            found.append(gc.get_freeze_count())

    @contextmanager
    def running_hub(settings: object, *, life: object) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace()

    monkeypatch.setattr(program, "running_hub", running_hub)
    monkeypatch.setattr(program, "_server_config", lambda _parts: None)
    monkeypatch.setattr(program, "_Server", Serving)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("os.umask", lambda _: None)
    yield found
    gc.unfreeze()


def test_what_stands_for_good_is_not_searched_for_garbage(tmp_path: Path, frozen: list[int]) -> None:
    file = tmp_path / "hub.toml"
    ports = (free_port(), free_port())
    file.write_text(
        f'[site]\nid = "xa"\nname = "Xã"\n[hub]\nport = {ports[0]}\n[broker]\nport = {ports[1]}\n'
    )
    assert program.main(["serve", "--config", str(file)]) == 0
    assert frozen[0] > 10_000
