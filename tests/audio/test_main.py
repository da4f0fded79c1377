"""The command line."""

import json
import sys
from pathlib import Path

import pytest

from audio.__main__ import main
from tests.factories_sounds import Samples


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def test_a_good_file_is_a_row_and_exit_code_0(
    samples: Samples, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(samples.speech()), "-o", str(tmp_path)]) == 0
    assert "speech.wav" in capsys.readouterr().out
    assert len(list(tmp_path.glob("*.opus"))) == 1


def test_one_refused_file_does_not_stop_the_others(
    samples: Samples, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = samples.written("zero.mp3", b"")
    assert main([str(empty), str(samples.speech()), "-o", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "The file is empty." in said
    assert "→" in said


def test_the_reason_is_in_vietnamese_where_the_locale_is(
    samples: Samples, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    main([str(samples.written("zero.mp3", b"")), "-o", str(tmp_path)])
    assert "Tệp rỗng" in capsys.readouterr().out


def test_json_is_one_object_per_file(
    samples: Samples, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(samples.speech()), str(tmp_path / "none.mp3"), "-o", str(tmp_path), "--json"])
    ready, refused = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (ready["state"], refused["state"]) == ("ready", "refused")
    assert Path(ready["path"]).exists()
    assert refused["reason"]["code"] == "missing"


@pytest.mark.parametrize("arguments", [[], ["x.mp3"], ["x.mp3", "-o", "y", "--limit-min", "0"]])
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("path", "name"),
    [("/opt/loa/venv/bin/loa-audio", "loa-audio"), ("/home/lan/loa/audio/__main__.py", "./loa audio")],
)
def test_the_usage_names_the_program_as_it_was_called(
    path: str, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [path, "--help"])
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().out.startswith(f"usage: {name} ")


def test_an_output_that_is_a_file_is_named(
    samples: Samples, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("")
    assert main([str(samples.speech()), "-o", str(tmp_path / "taken")]) == 1
    assert "taken" in capsys.readouterr().out


def test_ctrl_c_ends_quietly_and_leaves_nothing_half_made(
    samples: Samples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("audio.__main__.progress_for", lambda _: interrupt)
    assert main([str(samples.speech()), "-o", str(tmp_path)]) == 130
    assert list(tmp_path.iterdir()) == []
