"""What several pages show alike: occurrences, recordings, and the words for states and reasons."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from hub import words
from hub.fleet import NodeState, area_names
from hub.parts import Parts
from hub.plays import Count
from hub.readiness import NOTES, Known
from hub.schedules import OccurrenceOf
from hub.store.faults import OpenFault
from hub.store.recordings import Recording
from hub.web.views import Exempted, Fault, Message, OccurrenceRow, RecordingRow, Term, Text
from hub.web.words import WORDS
from hub.web.words_faults import FAULTS

__all__ = [
    "exempted",
    "fault_row",
    "fault_words",
    "occurrence_rows",
    "recording_row",
    "why_of",
    "why_words",
]


_REFUSED = "refused_"
_SECONDS = re.compile(r"(?P<sign>[+-])(?P<whole>\d{1,12})\.(?P<tenth>\d) s", re.ASCII)


def occurrence_rows(
    parts: Parts, found: Sequence[OccurrenceOf], known: Mapping[str, Known] | None = None
) -> tuple[OccurrenceRow, ...]:
    """Occurrences with how many loudspeakers are ready, or how many played it once it is due.

    `known` is of who has looked already.
    """
    if not found:
        return ()
    counts = parts.plays.counts([(of.occurrence, of.places) for of in found], known)
    names = {area.id: area.name for area in parts.fleet.areas()}
    now = parts.now()
    return tuple(_row(of, names, counts[of.occurrence.id], now) for of in found)


def exempted(parts: Parts, schedule: str) -> Exempted | None:
    """Who allowed a schedule to sound in quiet hours, if someone had to."""
    found = parts.schedules.exception(schedule)
    return Exempted(by=found.allowed_by, reason=found.reason) if found else None


def recording_row(recording: Recording, lang: str) -> RecordingRow:
    """One recording of a list."""
    result, reason = recording.result, recording.reason
    return RecordingRow(
        id=recording.id,
        title=recording.title,
        state=recording.state,
        language=recording.language,
        uploaded_at=recording.created_at,
        uploaded_by=recording.maker,
        duration_ms=result.duration_ms if result else None,
        progress=round(recording.progress * 100) if recording.progress > 0 else None,
        reason=words.say(reason.code, reason.facts, lang) if reason else None,
        warnings=len(result.warnings) if result else 0,
    )


def fault_words(name: str, detail: str) -> Text:
    """A fault as a sentence; one without words of its own shows its name and detail."""
    says, more = (
        _refusal(name, detail) if name.startswith(_REFUSED) else (_known(name), _detail(name, detail))
    )
    return Message("fault.with_detail", {"says": says, "detail": more}) if more else says


def _detail(name: str, detail: str) -> Text:
    """By how much a clock is off is said as people read numbers; everything else as it came."""
    off = _SECONDS.fullmatch(detail) if name == "clock_disputed" else None
    if off is None:
        return detail
    key = "fault.behind" if off["sign"] == "-" else "fault.ahead"
    return Message(key, {"whole": off["whole"], "tenth": off["tenth"]})


def _known(name: str) -> Text:
    return Message(f"fault.is.{name}") if f"fault.is.{name}" in WORDS else name


def _what_to_do(name: str) -> Text:
    name = "refused" if name.startswith(_REFUSED) else name
    return Message(f"fault.do.{name if name in FAULTS else 'other'}")


def _refusal(name: str, detail: str) -> tuple[Text, str]:
    """What a node refused and why; the reason's code is the first word of the fault's detail."""
    reason, _, rest = detail.partition(" ")
    what = Term("refused_what", name.removeprefix(_REFUSED))
    return Message("fault.is.refused", {"what": what, "reason": Term("refused_why", reason)}), rest


def fault_row(fault: OpenFault, names: dict[str, str]) -> Fault:
    """A fault of a page's list."""
    node = fault.node or ""
    return Fault(
        what=fault_words(fault.name, fault.detail),
        do=_what_to_do(fault.name),
        since=fault.since,
        node_id=node,
        node=names.get(node, node),
    )


def why_of(state: NodeState) -> Text | None:
    """Why a loudspeaker's state is not `ready`, in one sentence."""
    match state.state:
        case "fault":
            return next((fault_row(f, {}).what for f in state.faults if f.name not in NOTES), None)
        case "preparing" if state.next:
            return why_words(state.next.why_not)
        case "away" if state.report is None:
            return Term("unready", "never_heard")
        case "away" | "stopped" | "muted":
            return Term("unready", state.state)
    return None


def why_words(reasons: Iterable[str]) -> Text | None:
    """The first of the reasons for which a loudspeaker is not ready."""
    return next((Term("unready", reason) for reason in reasons), None)


def _row(of: OccurrenceOf, names: dict[str, str], count: Count, now: datetime) -> OccurrenceRow:
    occurrence = of.occurrence
    is_over = occurrence.ends_at <= now or count.over >= len(of.places) > 0
    return OccurrenceRow(
        id=occurrence.id,
        schedule_id=occurrence.schedule.id,
        title=occurrence.schedule.title,
        priority=occurrence.schedule.priority.value,
        starts_at=occurrence.starts_at,
        duration_ms=occurrence.schedule.duration_ms,
        areas=area_names(occurrence, of.places, names),
        nodes=len(of.places),
        ready=count.ready,
        playing=count.playing,
        heard=count.heard if is_over and not of.cancelled else None,
        cancelled=of.cancelled,
    )
