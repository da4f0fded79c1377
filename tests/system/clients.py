"""mosquitto's own clients, waited for by what the broker answers them: never by how long that takes."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.system.village import run

__all__ = ["Stranger", "heard_until", "kept_for", "listening"]


@contextmanager
def listening(*options: str) -> Iterator["subprocess.Popen[str]"]:
    """A mosquitto_sub with `options`, from its subscription on. AssertionError if it is not let in."""
    command = ["stdbuf", "-oL", "mosquitto_sub", "-d", "-v", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert _lines_until(process, "SUBACK"), "mosquitto_sub was not let in"
            yield process
        finally:
            process.kill()  # asked to end, it may wait for a word of the broker


def heard_until(process: "subprocess.Popen[str]", last: str) -> list[str]:
    """The topics of what it heard, up to the one that ends with `last`."""
    lines = _lines_until(process, f"{last} ")
    assert lines, f"it never heard {last}"
    return [line.split()[0] for line in lines if line.startswith("loa/")]


def kept_for(*options: str) -> list[str] | None:
    """What the broker had kept for who subscribes with `options`, as lines of topic and text; None if it does
    not let in. It sends what it kept before it answers the next question."""
    with subprocess.Popen(
        ["stdbuf", "-oL", "mosquitto_sub", "-d", "-v", *options, "-U", "the next question"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        lines = _lines_until(process, "UNSUBACK")
        process.kill()
    return [line.rstrip() for line in lines if line.startswith("loa/")] if lines else None


def _lines_until(process: "subprocess.Popen[str]", words: str) -> list[str]:
    """What it says, up to the line with these words; nothing if they never come."""
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if words in line:
            return lines
    return []


@dataclass(frozen=True)
class Stranger:
    """An enrolled node that no process runs as; or somebody with a wrong password."""

    port: int
    user: str
    password: str

    def publish(self, topic: str, text: str) -> "subprocess.CompletedProcess[str]":
        return run("mosquitto_pub", *self._who(), "-t", topic, "-m", text, "-q", "1")

    def finds(self, topic: str) -> list[str] | None:
        """What the broker has kept for it there; None if it does not let it in."""
        return kept_for(*self._who(), "-t", topic)

    def _who(self) -> tuple[str, ...]:
        return ("-h", "127.0.0.1", "-p", str(self.port), "-u", self.user, "-P", self.password)
