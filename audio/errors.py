"""What can go wrong while preparing a recording.

AudioError
├── Refused       what they sent cannot be broadcast: a reason code and its facts, for `audio.words.say`
├── ToolMissing   ffmpeg or ffprobe is not installed
└── ToolFailed    ffmpeg did not do its work though the file may be good (disk full, killed, no progress)
"""

from collections.abc import Mapping

__all__ = ["REASONS", "AudioError", "Fact", "Refused", "ToolFailed", "ToolMissing"]

Fact = str | int | float

REASONS = (
    "cut_short",
    "damaged",
    "empty",
    "missing",
    "no_sound",
    "not_audio",
    "silent",
    "too_large",
    "too_long",
    "too_short",
)


class AudioError(Exception):
    """Base of every error that `audio` raises on purpose."""


class Refused(AudioError):
    """The file cannot be broadcast; `code` is one of REASONS, `facts` fill the sentence."""

    def __init__(self, code: str, **facts: Fact) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts: Mapping[str, Fact] = facts

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({facts})" if facts else self.code


class ToolMissing(AudioError):
    """A program of the ffmpeg package was not found on PATH."""

    def __init__(self, program: str) -> None:
        super().__init__(f"{program} is not installed; on Debian: apt-get install ffmpeg")
        self.program = program


class ToolFailed(AudioError):
    """A program of the ffmpeg package failed; `said` is the end of what it wrote."""

    def __init__(self, program: str, why: str, said: str = "") -> None:
        super().__init__(f"{program}: {why}" + (f"; it said: {said}" if said else ""))
        self.program = program
        self.why = why
        self.said = said
