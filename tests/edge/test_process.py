import sys
import time
from pathlib import Path

import pytest

from edge.process import find_program, run_briefly


def python(script: str) -> list[str]:
    return [sys.executable, "-c", script]


def test_what_a_program_says_is_returned() -> None:
    ran = run_briefly(python("import sys; print('out'); print('err', file=sys.stderr)"), timeout_s=20)
    assert (ran.code, ran.output, ran.words) == (0, b"out\n", "err\n")


def test_it_reads_what_it_is_given() -> None:
    ran = run_briefly(python("print(input()[::-1])"), given=b"secret\n", timeout_s=20)
    assert ran.output == b"terces\n"


def test_it_ends_when_its_time_is_over() -> None:
    began_s = time.monotonic()
    ran = run_briefly(["sh", "-c", "echo x; exec sleep 100"], timeout_s=2)
    assert ran.code is None
    assert ran.output == b"x\n"
    assert time.monotonic() - began_s < 100


def test_what_it_started_ends_with_it() -> None:
    ran = run_briefly(["sh", "-c", "sleep 100 & echo $!; wait"], timeout_s=2)
    assert is_gone(int(ran.output))


def is_gone(pid: int) -> bool:
    """It has no memory any more; whether somebody has collected it does not count."""
    try:
        return not Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_a_program_that_does_not_exist_is_not_found() -> None:
    assert find_program("no-such-program-here") is None


def test_one_that_fails_is_told_by_its_code() -> None:
    assert run_briefly(python("raise SystemExit(3)"), timeout_s=20).code == 3


@pytest.mark.parametrize("name", ["sh", "sleep"])
def test_a_program_that_is_installed_is_found(name: str) -> None:
    assert find_program(name)
