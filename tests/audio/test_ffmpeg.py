"""How programs are started, watched and ended; small standard programs stand in for ffmpeg."""

import os
import resource
import signal
from pathlib import Path

import pytest

from audio.errors import Refused, ToolFailed, ToolMissing
from audio.ffmpeg import SAID_LIMIT_BYTES, Process, check_killed, source_arguments


def test_what_a_program_writes_arrives_in_order() -> None:
    with Process("printf", ["one two"]) as process:
        assert b"".join(process) == b"one two"
    assert process.code == 0


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(ToolMissing, match="no-such-program"), Process("no-such-program", []):
        pass


def test_a_program_that_says_nothing_is_given_up() -> None:
    with (
        pytest.raises(ToolFailed, match="no progress"),
        Process("sleep", ["60"], stall_s=0.1) as process,
    ):
        list(process)


def test_leaving_early_ends_the_program() -> None:
    with Process("sleep", ["60"]) as process:
        os.kill(process.pid, 0)
    assert process.code == -signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


def test_an_idle_program_still_lets_its_caller_look_around() -> None:
    with Process("sleep", ["60"]) as process:
        assert next(iter(process)) == b""


def test_only_the_end_of_what_a_program_complains_of_is_kept() -> None:
    with Process("sh", ["-c", "head -c 100000 /dev/zero | tr '\\0' x >&2; printf end >&2"]) as process:
        list(process)
    assert len(process.said) == SAID_LIMIT_BYTES
    assert process.said.endswith("end")


def test_a_program_cannot_take_all_memory() -> None:
    with Process("sleep", ["60"]) as process:
        assert resource.prlimit(process.pid, resource.RLIMIT_AS) == (2 << 30, 2 << 30)


def test_a_program_cannot_compute_for_ever() -> None:
    with Process("sleep", ["60"]) as process:
        assert resource.prlimit(process.pid, resource.RLIMIT_CPU) == (3600, 3600)


def ended(script: str) -> Process:
    with Process("sh", ["-c", script]) as process:
        list(process)
    return process


def test_a_crash_is_the_files_fault() -> None:
    with pytest.raises(Refused, match="damaged"):
        check_killed("sh", ended("kill -SEGV $$"))


def test_a_kill_is_not_the_files_fault() -> None:
    with pytest.raises(ToolFailed, match="SIGKILL"):
        check_killed("sh", ended("kill -KILL $$"))


def test_a_full_disk_is_named() -> None:
    with pytest.raises(ToolFailed, match="the disk is full"):
        check_killed("sh", ended("echo 'av_interleaved_write_frame(): No space left on device' >&2; exit 1"))


def test_a_path_is_never_taken_for_an_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert source_arguments(Path("-y"))[-1] == f"file:{tmp_path}/-y"
