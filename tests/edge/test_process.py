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
    ran = run_briefly(python("import time; print('x', flush=True); time.sleep(60)"), timeout_s=1)
    assert ran.code is None
    assert ran.output == b"x\n"
    assert time.monotonic() - began_s < 20


def test_what_it_started_ends_with_it(tmp_path: Path) -> None:
    script = "import subprocess, time; subprocess.Popen(['sleep', '61.125']); time.sleep(60)"
    run_briefly(python(script), timeout_s=1)
    commands = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert b"sleep\x0061.125\x00" not in commands


def test_a_program_that_does_not_exist_is_not_found() -> None:
    assert find_program("no-such-program-here") is None


def test_one_that_fails_is_told_by_its_code() -> None:
    assert run_briefly(python("raise SystemExit(3)"), timeout_s=20).code == 3


@pytest.mark.parametrize("name", ["sh", "sleep"])
def test_a_program_that_is_installed_is_found(name: str) -> None:
    assert find_program(name)
