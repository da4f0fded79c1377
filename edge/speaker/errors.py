"""What can go wrong in a loudspeaker node.

EdgeError
└── SpeakerError
    ├── Unplayable      a recording that cannot be played as it is
    └── AmplifierError  the amplifier's pin cannot be had or switched
"""

from edge.errors import EdgeError

__all__ = ["AmplifierError", "SpeakerError", "Unplayable"]


class SpeakerError(EdgeError):
    """Base of every error of this package."""


class Unplayable(SpeakerError):
    """A recording is missing, damaged, or not in the house format (48 kHz mono Ogg Opus)."""


class AmplifierError(SpeakerError):
    """The amplifier's pin cannot be had or switched."""
