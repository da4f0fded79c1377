"""What can go wrong in a loudspeaker node.

SpeakerError
├── Unplayable      a recording that cannot be played as it is
└── AmplifierError  the amplifier's pin cannot be had or switched
"""

__all__ = ["AmplifierError", "SpeakerError", "Unplayable"]


class SpeakerError(Exception):
    """Base of every error of this package."""


class Unplayable(SpeakerError):
    """A recording is missing, damaged, or not in the house format (48 kHz mono Ogg Opus)."""


class AmplifierError(SpeakerError):
    """The amplifier's pin cannot be had or switched."""
