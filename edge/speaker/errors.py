"""What can go wrong in a loudspeaker node.

EdgeError
└── SpeakerError
    ├── Unplayable      a recording that cannot be played as it is
    ├── DeviceMissing   no sound device of that name
    ├── DeviceBusy      it is there, but another program holds it or it refuses the format
    └── AmplifierError  the amplifier's pin cannot be had or switched
"""

from edge.errors import EdgeError

__all__ = [
    "AmplifierError",
    "DeviceBusy",
    "DeviceMissing",
    "SpeakerError",
    "Unplayable",
]


class SpeakerError(EdgeError):
    """Base of every error of this package."""


class Unplayable(SpeakerError):
    """A recording is missing, damaged, or not in the house format (48 kHz mono Ogg Opus)."""


class DeviceMissing(SpeakerError):
    """There is no sound device of that name, or no PortAudio to reach it with."""


class DeviceBusy(SpeakerError):
    """The sound device is there, but another program holds it or it refuses 48 kHz."""


class AmplifierError(SpeakerError):
    """The amplifier's pin cannot be had or switched."""
