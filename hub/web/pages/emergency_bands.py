"""The band that every page shows while an emergency runs."""

from edge.wire.emergency import Emergency
from hub.coverage import HEARD, Covered
from hub.parts import Parts
from hub.store.emergencies import KeptEmergency
from hub.web.views import EmergencyBand, Message, Silent, Term, Text

__all__ = ["band_of", "bands_of", "repeats", "why_not_heard"]


def bands_of(parts: Parts) -> tuple[EmergencyBand, ...]:
    """One for each that runs."""
    return tuple(band_of(parts, kept) for kept in parts.emergencies.running())


def band_of(parts: Parts, kept: KeptEmergency) -> EmergencyBand:
    """That of one."""
    return _band(kept, parts.coverages.of(kept))


def repeats(content: Emergency | None = None, *, every_s: int | None = None) -> Text:
    """How often it sounds."""
    seconds = content.repeat_every_s if content else every_s
    if seconds is None:
        return Message("emergency.once")
    if seconds % 60:
        return Message("emergency.every_s", {"seconds": seconds})
    if seconds == 60:
        return Message("emergency.every_minute")
    return Message("emergency.every", {"minutes": seconds // 60})


def _band(kept: KeptEmergency, covered: tuple[Covered, ...]) -> EmergencyBand:
    content = kept.content
    silent = [each for each in covered if each.state not in (*HEARD, "waiting")]
    return EmergencyBand(
        id=kept.id,
        title=content.title,
        by=content.by,
        since=content.starts_at,
        until=content.until,
        repeat=repeats(content),
        nodes=len(covered),
        heard=sum(each.state in HEARD for each in covered),
        waiting=sum(each.state == "waiting" for each in covered),
        silent=tuple(Silent(node=each.name, why=why_not_heard(each)) for each in silent),
    )


def why_not_heard(covered: Covered) -> Text:
    """Why an emergency is not heard at a loudspeaker where it is not."""
    if covered.state == "not_played":
        return Term("reason", covered.reason) if covered.reason else ""
    return Term("coverage", covered.state)
