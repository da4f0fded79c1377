"""`loa hub serve`, but for what it serves."""

import gc
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

import hub.__main__ as program
from hub import serving
from tests.system.village import free_port

ROOT = Path(__file__).resolve().parents[2]


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

    monkeypatch.setattr(serving, "running_hub", running_hub)
    monkeypatch.setattr(serving, "_server_config", lambda _parts: None)
    monkeypatch.setattr(serving, "_Server", Serving)
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


def test_a_command_does_not_wait_for_the_pages_to_be_imported() -> None:
    code = "import sys, hub.__main__; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not {"fastapi", "uvicorn", "openpyxl", "jinja2"} & {*done.stdout.split()}
