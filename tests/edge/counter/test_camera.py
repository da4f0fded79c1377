import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edge.config_counter import CameraSettings
from edge.counter import camera as module
from edge.counter.camera import Cameras, FfmpegEye, masked
from edge.counter.events import CameraLooked
from edge.counter.refusals import ALONE_S
from edge.counter.rtsp import Greeting
from edge.counter.verdicts import HEIGHT, WIDTH, Frames, Look
from edge.events import Trouble
from edge.process import Ran
from edge.wire.entries import CameraSeen, CameraVerdict
from tests.fakes import FakeClock

SOURCE = "rtsp://admin:s3cr%40t@10.0.0.9:554/stream"
OK = Look(frames=20, brightness=0.5, change=0.2, contrast=0.2)
REFUSED = Look(problem="auth_failed", detail="it refuses")


class FakeEye:
    """Sees what it is told to see, and notes where it looked."""

    def __init__(self) -> None:
        self.sees = OK
        self.looked: list[str] = []
        self.compared: list[Frames | None] = []

    def look(self, source: str, *, before: Frames | None) -> tuple[Look, Frames | None]:
        self.looked.append(source)
        self.compared.append(before)
        return self.sees, np.zeros((HEIGHT, WIDTH), np.uint8)


class Office:
    """Cameras on a clock that moves when told to."""

    def __init__(self, folder: Path, *settings: CameraSettings) -> None:
        self.clock = FakeClock()
        self.eye = FakeEye()
        self.posted: list[object] = []
        self.folder = folder
        self.begin(*settings)

    def begin(self, *settings: CameraSettings) -> None:
        self.cameras = Cameras(
            settings, eye=self.eye, folder=self.folder, post=self.posted.append, clock=self.clock
        )

    def run(self, seconds: float) -> None:
        end_s = self.clock.monotonic() + seconds
        while (left_s := end_s - self.clock.monotonic()) > 0:
            self.clock.advance(min(left_s, max(self.cameras.step(), 0.01)))

    @property
    def seen(self) -> list[CameraSeen]:
        return [event.seen for event in self.posted if isinstance(event, CameraLooked)]


def settings(name: str = "quay-1", source: str = SOURCE, **changes: Any) -> CameraSettings:
    return CameraSettings.model_validate({"name": name, "source": source} | changes)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, settings())


def test_a_verdict_is_told_with_its_numbers(office: Office) -> None:
    office.run(1)
    assert office.seen == [
        CameraSeen(camera="quay-1", verdict=CameraVerdict.OK, frames=20, brightness=0.5, change=0.2)
    ]


def test_each_camera_is_looked_at_in_its_own_time(tmp_path: Path) -> None:
    office = Office(tmp_path, settings("a", "rtsp://a/"), settings("b", "rtsp://b/", every_s=30))
    office.run(119)
    assert (office.eye.looked.count("rtsp://a/"), office.eye.looked.count("rtsp://b/")) == (2, 4)


def test_a_look_is_compared_with_the_one_before(office: Office) -> None:
    office.run(61)
    assert [before is None for before in office.eye.compared] == [True, False]


def test_a_miss_is_looked_at_again_sooner(office: Office) -> None:
    office.run(1)
    office.eye.sees = Look(problem="unreachable")
    office.run(100)
    assert [one.verdict for one in office.seen] == [CameraVerdict.OK, CameraVerdict.UNREACHABLE]


def test_after_a_refused_password_it_is_left_alone_for_an_hour(office: Office) -> None:
    office.eye.sees = REFUSED
    office.run(ALONE_S - 1)
    assert len(office.eye.looked) == 1
    office.run(2)
    assert len(office.eye.looked) == 2


def test_a_start_of_the_program_is_no_new_attempt(office: Office) -> None:
    office.eye.sees = REFUSED
    office.run(60)
    office.begin(settings())
    office.run(60)
    assert len(office.eye.looked) == 1
    assert office.seen[-1].verdict is CameraVerdict.AUTH_FAILED


def test_other_settings_are_a_new_attempt(office: Office) -> None:
    office.eye.sees = REFUSED
    office.run(60)
    office.begin(settings(source="rtsp://admin:right@10.0.0.9/stream"))
    office.run(60)
    assert len(office.eye.looked) == 2


def test_without_ffmpeg_the_fault_is_ours_and_not_the_cameras(office: Office) -> None:
    office.eye.sees = Look(problem="unknown", detail="ffmpeg is not installed")
    office.run(1)
    assert Trouble("ffmpeg", "ffmpeg is not installed") in office.posted
    office.eye.sees = OK
    office.run(61)
    assert Trouble("ffmpeg", "") in office.posted


def test_no_secret_is_told_or_logged(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    office.eye.sees = Look(problem="auth_failed", detail=f"{SOURCE}: 401 for admin with s3cr@t")
    office.run(1)
    said = f"{office.posted} {caplog.text}"
    assert "s3cr" not in said
    assert "***" in said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"open '{SOURCE}'", "open 'rtsp://***'"),
        ("rtsp://other:pass@host/x: no", "rtsp://*** no"),
        ("open 'rtsp://host/user=admin&password=pass'", "open 'rtsp://***'"),
        ("password s3cr@t is wrong", "password *** is wrong"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_user_and_password_are_masked(text: str, shown: str) -> None:
    assert masked(text, SOURCE) == shown


def test_a_look_that_fails_leaves_the_other_cameras_their_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(tmp_path, settings("a", "rtsp://a/"), settings("b", "rtsp://b/"))
    see = office.eye.look

    def fails_at_a(source: str, *, before: Frames | None) -> tuple[Look, Frames | None]:
        if source == "rtsp://a/":
            raise RuntimeError("a mistake")
        return see(source, before=before)

    monkeypatch.setattr(office.eye, "look", fails_at_a)
    with pytest.raises(RuntimeError):
        office.cameras.step()
    office.cameras.step()
    assert office.eye.looked == ["rtsp://b/"]


class FakeFfmpeg:
    """Stands for the program: leaves what it is told to, and notes how it was called."""

    def __init__(self) -> None:
        self.leaves = Ran(0, b"", "")
        self.command: list[str] = []
        self.given = b""

    def __call__(self, command: list[str], *, given: bytes = b"", timeout_s: float) -> Ran:
        self.command, self.given = command, given
        return self.leaves


@pytest.fixture
def ffmpeg(monkeypatch: pytest.MonkeyPatch) -> FakeFfmpeg:
    fake = FakeFfmpeg()
    monkeypatch.setattr(module, "run_briefly", fake)
    monkeypatch.setattr(module, "find_program", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(module, "greet", lambda host, port, *, timeout_s: Greeting())
    return fake


@pytest.fixture
def look(ffmpeg: FakeFfmpeg) -> Callable[[], Look]:
    return lambda: FfmpegEye(now=FakeClock().now).look(SOURCE, before=None)[0]


def test_the_password_is_never_on_the_command_line(look: Callable[[], Look], ffmpeg: FakeFfmpeg) -> None:
    look()
    assert "s3cr" not in " ".join(ffmpeg.command)
    assert SOURCE.encode() in ffmpeg.given


@pytest.mark.parametrize(
    ("ran", "verdict"),
    [
        (Ran(1, b"", "[rtsp] method DESCRIBE failed: 401 Unauthorized\n"), "auth_failed"),
        (Ran(1, b"", "Server returned 403 Forbidden"), "auth_failed"),
        (Ran(None, b"", ""), "degraded"),
        (Ran(1, b"", "Server returned 404 Not Found"), "degraded"),
        (Ran(1, b"", "Connection timed out"), "unreachable"),
        (Ran(1, b"", "Impossible to open 'rtsp://a:b@10.0.0.9/Streaming/Channels/401'"), "degraded"),
        (Ran(0, bytes(WIDTH * HEIGHT * 20), ""), "dark"),
        (Ran(0, bytes(WIDTH * HEIGHT * 2), ""), "degraded"),
    ],
)
def test_what_ffmpeg_leaves_is_a_verdict(
    look: Callable[[], Look], ffmpeg: FakeFfmpeg, ran: Ran, verdict: str
) -> None:
    ffmpeg.leaves = ran
    assert look().verdict == verdict


def test_a_camera_that_does_not_answer_is_not_logged_in_to(
    look: Callable[[], Look], ffmpeg: FakeFfmpeg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "greet", lambda host, port, *, timeout_s: Greeting("refused"))
    assert look().verdict is CameraVerdict.UNREACHABLE
    assert ffmpeg.command == []


def test_ffmpeg_that_is_not_installed_is_no_verdict_on_the_camera(
    look: Callable[[], Look], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "find_program", lambda name: None)
    assert look().verdict is CameraVerdict.UNKNOWN
