"""The programs of a node, as they are called."""

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge import __main__ as program
from edge.errors import LedgerError
from edge.events import Quit
from edge.loop import Loop
from tests.factories_settings import PASSWORD, alone

SETTINGS = alone()


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """A program sets signals, the log and what happens when a thread dies: put them back."""
    handlers = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    hook, logs = threading.excepthook, list(logging.getLogger().handlers)
    yield
    threading.excepthook = hook
    logging.getLogger().handlers[:] = logs
    for each, handler in handlers.items():
        signal.signal(each, handler)


@pytest.fixture
def config(tmp_path: Path) -> Callable[[str], list[str]]:
    def write(text: str) -> list[str]:
        path = tmp_path / "node.toml"
        path.write_text(text)
        path.chmod(0o600)
        return ["--config", str(path)]

    return write


@pytest.mark.parametrize("name", ["speaker", "counter", "check"])
def test_bad_settings_end_with_2_and_every_fault(
    name: str, config: Callable[[str], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = SETTINGS.replace("port = 9", 'port = "nine"').replace('"file"', '"radio"')
    assert program.main([name, *config(wrong)]) == 2
    told = capsys.readouterr().err
    assert "port" in told
    assert "output" in told


def test_a_missing_file_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["speaker", "--config", str(tmp_path / "no.toml")]) == 2
    assert "no.toml" in capsys.readouterr().err


def test_a_counters_settings_do_not_make_a_loudspeaker(
    config: Callable[[str], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    counter = SETTINGS.replace('"speaker"', '"counter"').replace('[sound]\noutput = "file"\n', "")
    assert program.main(["speaker", *config(counter)]) == 2
    assert '"speaker"' in capsys.readouterr().err


def test_a_part_that_cannot_be_had_ends_with_1_and_the_reason(
    config: Callable[[str], list[str]], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_use(*_parts: object, **_named: object) -> None:
        raise LedgerError("in use by another program")

    monkeypatch.setattr(program, "run_speaker", in_use)
    assert program.main(["speaker", *config(SETTINGS)]) == 1
    assert "in use" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_asks_the_loop_to_quit(
    number: signal.Signals, config: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def speak(_settings: object, *, loop: Loop, software: str) -> None:
        monkeypatch.setattr(loop, "post", asked.append)
        os.kill(os.getpid(), number)

    monkeypatch.setattr(program, "run_speaker", speak)
    assert program.main(["speaker", *config(SETTINGS)]) == 0
    assert asked == [Quit(number.name)]


def test_check_names_each_part_and_ends_with_1_when_one_is_wrong(
    config: Callable[[str], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(["check", *config(SETTINGS)]) == 1
    told = capsys.readouterr().out.splitlines()
    parts = {line[6:].partition(":")[0]: line[:5].strip() for line in told}
    assert parts == {
        "settings": "ok",
        "clock": "ok",
        "disk": "ok",
        "sound": "ok",
        "amplifier": "ok",
        "hub": "WRONG",
        "broker": "WRONG",
    }


def test_no_secret_is_printed(config: Callable[[str], list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    program.main(["check", *config(SETTINGS)])
    assert "made-up-for-this-test" not in "".join(capsys.readouterr())


def test_a_speaker_runs_and_stops_with_nobody_to_talk_to(
    config: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    loop = Loop()
    monkeypatch.setattr(program, "Loop", lambda **_parts: loop)
    monkeypatch.setattr(program, "_end_on_signals", lambda _loop: None)
    loop.post(Quit("enough"))
    assert program.main(["speaker", *config(SETTINGS)]) == 0
    assert (tmp_path / "data" / "ledger.db").exists()
    assert not [thread for thread in threading.enumerate() if thread.name in ("recordings", "sounds")]


def test_a_counter_runs_and_stops_with_nobody_to_talk_to(
    config: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    counter = SETTINGS.replace('"speaker"', '"counter"').replace('[sound]\noutput = "file"', "")
    pins = '[counter]\npins = "mock"\nlamp_pin = 21\ntouch_port = 0\n'
    camera = '[[camera]]\nname = "quay"\nsource = "rtsp://127.0.0.1:9/"\n'
    loop = Loop()
    monkeypatch.setattr(program, "Loop", lambda **_parts: loop)
    monkeypatch.setattr(program, "_end_on_signals", lambda _loop: None)
    loop.post(Quit("enough"))
    assert program.main(["counter", *config(counter + pins + camera)]) == 0
    assert (tmp_path / "data" / "ledger.db").exists()
    assert not (tmp_path / "data" / "control.sock").exists()


@pytest.mark.parametrize("kind", ["speaker", "counter"])
def test_a_node_with_a_certificate_keeps_it_renewed(
    kind: str, config: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []

    class Renewal:
        def __init__(self, _tls: object, *, node: str, **_named: object) -> None:
            kept.append(node)

        def step(self) -> float:
            return 60.0

    settings = SETTINGS.replace(f'password = "{PASSWORD}"', "[tls]").replace("http:", "https:")
    if kind == "counter":
        settings = settings.replace('"speaker"', '"counter"').replace('[sound]\noutput = "file"', "")
        settings += '[counter]\npins = "none"\ntouch_port = 0\n'
    loop = Loop()
    monkeypatch.setattr(program, "Loop", lambda **_: loop)
    monkeypatch.setattr(program, "_end_on_signals", lambda _loop: None)
    monkeypatch.setattr("edge.parts.Renewal", Renewal)
    loop.post(Quit("enough"))
    assert program.main([kind, *config(settings)]) == 0
    assert kept == ["to-2-loa-1"]


def test_a_loudspeakers_settings_do_not_make_a_counter(
    config: Callable[[str], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(["counter", *config(SETTINGS)]) == 2
    assert 'wanted "counter"; found "speaker"' in capsys.readouterr().err
