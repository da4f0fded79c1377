"""The settings of a counter: `[counter]`, and one `[[camera]]` for each camera."""

import re
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, StringConstraints, model_validator

from edge.config_section import Section
from edge.wire.base import Name

__all__ = ["CameraSettings", "CounterSettings"]

_SPAN = r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
_DEVICE = re.compile(r"/dev/video[0-9]{1,3}")


def _forward(span: str) -> str:
    start, end = span.split("-")
    if end <= start:
        raise ValueError("the end comes after the start")
    return span


def _source(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if _DEVICE.fullmatch(text):
        return secret
    parts = urlsplit(text)
    plain = text.isprintable() and not set(text) & set(" '\"\\")
    is_cut = "@" in f"{parts.path}{parts.query}{parts.fragment}"  # by a /, ? or # in a password
    if parts.scheme != "rtsp" or not parts.hostname or not plain or parts.port == 0 or is_cut:
        raise ValueError("an rtsp:// address or /dev/videoN")
    return secret


_PIN = "a BCM pin number from 0 to 27"
Pin = Annotated[int, Field(ge=0, le=27, description=_PIN)]
Span = Annotated[str, StringConstraints(pattern=_SPAN), AfterValidator(_forward)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Source = Annotated[
    SecretStr,
    AfterValidator(_source),
    Field(
        description="an rtsp:// address (blanks, quotes, / ? # @ in a password as %20, %27 …) or /dev/videoN"
    ),
]


class CounterSettings(Section):
    """`[counter]`: buttons, lamp, touch page, and when a press counts. `title` stands on the touch page.

    `button_pins` are the buttons' BCM numbers, the best level first; `lamp_pin` and `sound_pin` thank. Kept
    but not counted is a press within `interval_s` of a rating, one of more than `burst_presses` in `burst_s`,
    one of a button that had been held for `stuck_s`, one of two buttons within `together_ms`, and one outside
    `open` (local times; none: always open). `touch_port` serves the touch page at `touch_host`; 0: no page.
    """

    title: Annotated[str, Field(max_length=60, description="a text of at most 60 letters")] = ""
    levels: Annotated[Literal[3, 4, 5], Field(description="3, 4 or 5")] = 4
    labels: Annotated[
        tuple[Label, ...],
        Field(strict=False, max_length=5, description="one text for each level, the best first"),
    ] = ()
    pins: Annotated[Literal["lgpio", "mock", "none"], Field(description='"lgpio", "mock" or "none"')] = "none"
    button_pins: Annotated[
        tuple[Pin, ...],
        Field(strict=False, max_length=5, description="one BCM pin number for each level, the best first"),
    ] = (5, 6, 13, 19)
    pull_up: Annotated[bool, Field(description="true (a press connects to ground) or false")] = True
    lamp_pin: Annotated[Pin | None, Field(description=_PIN)] = None
    sound_pin: Annotated[Pin | None, Field(description=_PIN)] = None
    lamp_ms: Annotated[int, Field(ge=100, le=10_000, description="whole milliseconds, from 100 to 10000")] = (
        1_500
    )
    sound_ms: Annotated[int, Field(ge=10, le=1_000, description="whole milliseconds, from 10 to 1000")] = 120
    debounce_ms: Annotated[int, Field(ge=0, le=100, description="whole milliseconds, from 0 to 100")] = 25
    together_ms: Annotated[int, Field(ge=0, le=80, description="whole milliseconds, from 0 to 80")] = 40
    interval_s: Annotated[float, Field(ge=0, le=600, description="seconds, from 0 to 600")] = 5.0
    burst_presses: Annotated[int, Field(ge=2, le=1_000, description="a whole number from 2 to 1000")] = 6
    burst_s: Annotated[float, Field(ge=1, le=600, description="seconds, from 1 to 600")] = 30.0
    stuck_s: Annotated[float, Field(ge=1, le=600, description="seconds, from 1 to 600")] = 10.0
    open: Annotated[
        tuple[Span, ...],
        Field(strict=False, max_length=12, description='a list of spans such as "07:30-11:30"'),
    ] = ()
    touch_host: Annotated[
        str, Field(pattern=r"^[0-9A-Fa-f.:]{2,45}$", description="an address of this machine")
    ] = "127.0.0.1"
    touch_port: Annotated[int, Field(ge=0, le=65_535, description="a whole number from 0 to 65535")] = 0

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.pins != "none" and (len(self.button_pins) != self.levels or self._twice()):
            raise ValueError("in button_pins one pin for each level, and no pin twice")
        if self.labels and len(self.labels) != self.levels:
            raise ValueError("in labels one text for each level")
        return self

    def _twice(self) -> bool:
        used = [pin for pin in (*self.button_pins, self.lamp_pin, self.sound_pin) if pin is not None]
        return len(set(used)) != len(used)


class CameraSettings(Section):
    """`[[camera]]`: one camera. `source` may hold a user and password, which never leave this file."""

    name: Annotated[Name, Field(description="1 to 63 of a-z, 0-9 and -, not beginning with -")]
    source: Source
    every_s: Annotated[float, Field(ge=5, le=3_600, description="seconds, from 5 to 3600")] = 60.0
