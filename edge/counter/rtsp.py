"""What a camera tells without a log-in: whether it speaks RTSP (RFC 2326), and its time."""

import re
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["Greeting", "greet"]

PORT = 554
_LARGEST_ANSWER = 4_096
_DATE = re.compile(rb"^date:[ \t]*(.{1,60}?)\r?$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Greeting:
    """The answer to OPTIONS. `problem` is empty for a camera; `date` is its clock, where it tells."""

    problem: str = ""
    date: datetime | None = None


def greet(host: str, port: int | None, *, timeout_s: float) -> Greeting:
    """Ask for the camera's options, without user or password. Never raises for what the other side does."""
    question = f"OPTIONS rtsp://{host}:{port or PORT}/ RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: loa\r\n\r\n"
    try:
        with socket.create_connection((host, port or PORT), timeout=timeout_s) as connection:
            connection.sendall(question.encode("ascii", "replace"))
            answer = connection.recv(_LARGEST_ANSWER)
    except TimeoutError:
        return Greeting("it accepts no connection, or says nothing")
    except (OSError, UnicodeError) as error:
        return Greeting(getattr(error, "strerror", None) or str(error))
    if not answer.startswith(b"RTSP/1."):
        return Greeting("what answers there is no RTSP camera")
    return Greeting(date=_date(answer))


def _date(answer: bytes) -> datetime | None:
    found = _DATE.search(answer)
    if found is None:
        return None
    try:
        date = parsedate_to_datetime(found[1].decode("ascii", "replace"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)
