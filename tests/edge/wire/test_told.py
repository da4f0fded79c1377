"""What the system refused is told with its file, and with what to do."""

import errno

import pytest

from edge.wire.tls import explained
from edge.wire.told import reason, told


def test_a_missing_right_names_the_file_and_what_to_do() -> None:
    error = PermissionError(errno.EACCES, "Permission denied", "/etc/loa")
    assert told(error).startswith("/etc/loa: Permission denied; ")
    assert "sudo" in reason(error)


def test_what_is_no_question_of_rights_does_not_speak_of_them() -> None:
    error = FileNotFoundError(errno.ENOENT, "No such file or directory", "/etc/loa")
    assert told(error) == "/etc/loa: No such file or directory"


def test_an_error_without_a_file_or_a_number_is_told_as_it_is() -> None:
    assert told(OSError("it broke")) == "it broke"


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("[Errno 111] Connection refused", "nothing listens there"),
        ("[Errno 113] No route to host", "is it on"),
        ("[Errno -2] Name or service not known", "no machine is known by this name"),
        ("timed out", "no answer in time"),
    ],
)
def test_why_nobody_was_reached_is_said_in_words(said: str, means: str) -> None:
    assert means in (told_so := explained(said))
    assert told_so.endswith(f"({said})")
