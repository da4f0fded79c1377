"""The plan: what one loudspeaker node will play, when, and under which rules."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from edge.wire.base import (
    PROTOCOL,
    Instant,
    Key,
    Message,
    Model,
    Name,
    Ordinal,
    Percent,
    Priority,
    Sha256,
    Text,
)
from edge.wire.house_rules import HouseRules

__all__ = [
    "Misfire",
    "MisfireRule",
    "Plan",
    "PlanContent",
    "PlanHead",
    "PlannedOccurrence",
    "PlannedRecording",
    "audience_of_node",
]


class MisfireRule(StrEnum):
    """What to do with an occurrence whose instant has passed."""

    SKIP = "skip"
    LATE = "late"
    JOIN = "join"


class Misfire(Model):
    """`skip`; `late`: play whole if at most `late_s` seconds late; `join`: come in at the right place."""

    rule: MisfireRule = MisfireRule.SKIP
    late_s: Annotated[int, Field(ge=0, le=86_400)] = 0


class PlannedRecording(Model):
    """A recording that the plan needs: its name, its size in bytes, its length in milliseconds."""

    sha256: Sha256
    bytes: Ordinal
    duration_ms: Ordinal


class PlannedOccurrence(Model):
    """One bulletin at one instant: `recordings` in order, `gap_ms` of silence between them.

    `volume` is a share of the node's own volume, in percent.
    """

    id: Key
    schedule: Key
    title: Annotated[str, StringConstraints(max_length=300)]
    priority: Priority
    due_at: Instant
    recordings: Annotated[tuple[Sha256, ...], Field(min_length=1, max_length=100)]
    gap_ms: Annotated[int, Field(ge=0, le=60_000)] = 0
    duration_ms: Ordinal
    misfire: Misfire = Misfire()
    volume: Percent = 100


class PlanHead(Model):
    """Whose plan, which and from when: what differs between nodes that are to hear the same."""

    site: Name
    aud: Text
    version: Ordinal
    issued_at: Instant

    def beginning(self) -> bytes:
        """How the encoded plan begins; a content's `ending` makes it whole."""
        said = self.model_dump_json(include=set(PlanHead.model_fields))
        return b'{"v":%d,' % PROTOCOL + said.encode()[1:-1]


class PlanContent(Model):
    """What a plan says, whoever it is for."""

    until: Instant
    house_rules: HouseRules
    recordings: tuple[PlannedRecording, ...]
    occurrences: tuple[PlannedOccurrence, ...]

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        listed = {recording.sha256 for recording in self.recordings}
        needed = {sha256 for occurrence in self.occurrences for sha256 in occurrence.recordings}
        if needed - listed:
            raise ValueError(f"recordings are missing from the list: {sorted(needed - listed)[:3]}")
        if len({occurrence.id for occurrence in self.occurrences}) != len(self.occurrences):
            raise ValueError("an occurrence stands twice")
        return self

    def ending(self) -> bytes:
        """How every encoded plan that says this ends, behind its head's `beginning`."""
        return b"," + self.model_dump_json(include=set(PlanContent.model_fields)).encode()[1:]


class Plan(PlanContent, PlanHead, Message):
    """Signed as `loa-plan`. Occurrences are sorted by `due_at`; each recording they name is listed once."""


def audience_of_node(node: str) -> str:
    """How `aud` names one node."""
    return f"node:{node}"
